// A first-in first-out queue in one block of memory that grows when needed and is then reused: unlike std::deque it
// allocates nothing once it has reached its working size, so it may be used on the simulator's event path.
#pragma once
#include <cassert>
#include <cstddef>
#include <utility>
#include <vector>

namespace lutetia {

template <class T>
class Ring {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  T& front() { return (*this)[0]; }
  const T& front() const { return (*this)[0]; }
  /// Element number `i` from the front.
  T& operator[](std::size_t i) { return items_[place(i)]; }
  const T& operator[](std::size_t i) const { return items_[place(i)]; }

  void push_back(T value) {
    if (size_ == items_.size()) grow();
    items_[place(size_++)] = std::move(value);
  }
  void pop_front() {
    assert(size_ > 0);
    head_ = place(1);
    --size_;
  }

 private:
  /// The size of items_ is a power of two.
  std::size_t place(std::size_t i) const { return (head_ + i) & (items_.size() - 1); }
  void grow() {
    std::vector<T> bigger(items_.empty() ? 4 : 2 * items_.size());
    for (std::size_t i = 0; i < size_; ++i) bigger[i] = std::move((*this)[i]);
    items_ = std::move(bigger);
    head_ = 0;
  }

  std::vector<T> items_;
  std::size_t head_ = 0;
  std::size_t size_ = 0;
};

}  // namespace lutetia
