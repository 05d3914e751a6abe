// Moves Payload words to and from a verilated data pin of any width. Verilator makes a pin of up to 8, 16, 32 or 64
// bits an integer and a wider one an array of 32-bit words, and expects the bits above the width to be zero.
#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "kernel/payload.h"
#include "verilated.h"

namespace lutetia {

/// A data pin without its C++ type. The pin must outlive it.
class VerilatedPin {
 public:
  VerilatedPin(CData& pin, std::uint32_t bits) : VerilatedPin(&pin, Kind::k8, bits, 1, 8) {}
  VerilatedPin(SData& pin, std::uint32_t bits) : VerilatedPin(&pin, Kind::k16, bits, 9, 16) {}
  VerilatedPin(IData& pin, std::uint32_t bits) : VerilatedPin(&pin, Kind::k32, bits, 17, 32) {}
  VerilatedPin(QData& pin, std::uint32_t bits) : VerilatedPin(&pin, Kind::k64, bits, 33, 64) {}
  template <std::size_t kWords>
  VerilatedPin(VlWide<kWords>& pin, std::uint32_t bits)
      : VerilatedPin(pin.data(), Kind::kWide, bits, 32 * (kWords - 1) + 1, 32 * kWords) {}

  std::uint32_t bits() const { return bits_; }

  void write(const Payload& payload) const {
    if (payload.bits() != bits_)
      throw std::logic_error("payload of " + std::to_string(payload.bits()) + " bits for a pin of " +
                             std::to_string(bits_));
    const std::uint32_t* words = payload.words().data();
    const std::size_t last = (bits_ - 1) / 32;
    const std::uint32_t last_word = words[last] & last_mask_;
    switch (kind_) {
      case Kind::k8: *static_cast<CData*>(pin_) = static_cast<CData>(last_word); break;
      case Kind::k16: *static_cast<SData*>(pin_) = static_cast<SData>(last_word); break;
      case Kind::k32: *static_cast<IData*>(pin_) = last_word; break;
      case Kind::k64: *static_cast<QData*>(pin_) = QData{last_word} << 32 | words[0]; break;
      case Kind::kWide: {
        auto* wide = static_cast<EData*>(pin_);
        for (std::size_t i = 0; i < last; ++i) wide[i] = words[i];
        wide[last] = last_word;
      }
    }
  }

  /// `payload` must have the pin's width.
  void read(Payload& payload) const {
    std::uint32_t* words = payload.words().data();
    const std::size_t last = (bits_ - 1) / 32;
    switch (kind_) {
      case Kind::k8: words[0] = *static_cast<const CData*>(pin_); break;
      case Kind::k16: words[0] = *static_cast<const SData*>(pin_); break;
      case Kind::k32: words[0] = *static_cast<const IData*>(pin_); break;
      case Kind::k64:
        words[0] = static_cast<std::uint32_t>(*static_cast<const QData*>(pin_));
        words[1] = static_cast<std::uint32_t>(*static_cast<const QData*>(pin_) >> 32);
        break;
      case Kind::kWide:
        for (std::size_t i = 0; i <= last; ++i) words[i] = static_cast<const EData*>(pin_)[i];
    }
    words[last] &= last_mask_;
  }

 private:
  enum class Kind { k8, k16, k32, k64, kWide };
  /// `least` and `most` bits a pin of this C++ type can have: a width that does not fit is a wrong port table.
  VerilatedPin(void* pin, Kind kind, std::uint32_t bits, std::uint32_t least, std::uint32_t most)
      : pin_(pin), kind_(kind), bits_(bits), last_mask_(bits % 32 == 0 ? ~0u : (1u << bits % 32) - 1) {
    if (bits < least || bits > most)
      throw std::logic_error("a port of " + std::to_string(bits) + " bits has a pin of " + std::to_string(least) +
                             ".." + std::to_string(most) + " bits");
  }

  void* pin_;
  Kind kind_;
  std::uint32_t bits_;
  std::uint32_t last_mask_;
};

}  // namespace lutetia
