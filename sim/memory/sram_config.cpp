#include "memory/sram_config.h"

namespace lutetia {

void describe(Schema& s, SramConfig& c) {
  s.field("capacity", c.capacity, "bytes of all banks together").range(Bytes(64), Bytes(1u << 30));
  s.field("banks", c.banks, "banks that work at the same time, a power of two").range(1, 256);
  s.field("bank_width", c.bank_width, "bytes of a word, which a bank serves in one access")
      .range(Bytes(1), Bytes(4096));
  s.choice("ports", c.ports,
           {{"one_rw", SramPorts::kOneReadWrite},
            {"one_read_one_write", SramPorts::kOneReadOneWrite},
            {"two_rw", SramPorts::kTwoReadWrite}},
           "accesses of a bank per cycle: one of any kind, a read beside a write, or two of any kind");
  s.field("latency", c.latency, "cycles from the access of a word to its arrival; pipelined").range(1, 64);
  s.choice("interleave", c.interleave, {{"word", SramInterleave::kWord}, {"none", SramInterleave::kNone}},
           "neighbouring words in neighbouring banks, or each bank a range of addresses");
  s.field("double_buffer", c.double_buffer,
          "two halves of the capacity with half of the banks each, so that filling one never disturbs the other");
  s.field("clock", c.clock, "clock of the banks").range(Hertz(1'000'000), Hertz(10'000'000'000));
  s.rule([&c] { return (c.banks & (c.banks - 1)) == 0; }, {"banks"}, "banks must be a power of two");
  s.rule([&c] { return c.capacity.value % (c.banks * c.bank_width.value) == 0; }, {"capacity", "banks", "bank_width"},
         "banks * bank_width must divide capacity");
  s.rule([&c] { return !c.double_buffer || c.banks >= 2; }, {"double_buffer", "banks"},
         "double_buffer needs at least two banks");
}

}  // namespace lutetia
