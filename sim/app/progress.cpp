#include "app/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "report/human.h"

namespace lutetia {

Progress::Progress(std::size_t operators, InstructionObserver* next)
    : operators_(operators),
      next_(next),
      terminal_(isatty(STDERR_FILENO) == 1),
      last_(std::chrono::steady_clock::now()) {}

void Progress::completed(Engine engine, std::uint32_t operator_index, Cycle issued, Cycle completed) {
  if (next_ != nullptr) next_->completed(engine, operator_index, issued, completed);
  operator_index_ = std::max(operator_index_, operator_index);
  cycle_ = completed;
  if (!terminal_ || ++heard_ % 256 != 0) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < std::chrono::milliseconds(200)) return;
  last_ = now;
  print();
}

void Progress::print() {
  std::cerr << fmt::format("\r\033[K{} of {} operators ({:.0f} %), {} cycles", operator_index_, operators_,
                           operators_ == 0 ? 100.0 : 100.0 * operator_index_ / static_cast<double>(operators_),
                           human_count(static_cast<double>(cycle_)))
            << std::flush;
  shown_ = true;
}

void Progress::clear() {
  if (shown_) std::cerr << "\r\033[K" << std::flush;
  shown_ = false;
}

}  // namespace lutetia
