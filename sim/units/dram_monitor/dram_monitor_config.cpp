#include "units/dram_monitor/dram_monitor_config.h"

namespace lutetia {

void describe(Schema& s, DramMonitorConfig& c) {
  s.field("bank_bits", c.bank_bits, "width of the number of a bank in its channel")
      .range(1, 15)
      .unit(Unit::kBits)
      .rtl("BankBits");
  s.field("row_bits", c.row_bits, "width of the number of a row").range(1, 32).unit(Unit::kBits).rtl("RowBits");
  s.field("time_bits", c.time_bits, "width of a cycle stamp").range(25, 64).unit(Unit::kBits).rtl("TimeBits");
  s.field("rules", c.rules, "constraint rules that can be loaded").range(1, 256).rtl("Rules");
  s.field("window", c.window, "longest window of a rule, in commands").range(1, 8).rtl("Window");
}

}  // namespace lutetia
