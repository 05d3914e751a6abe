#include "memory/dram/dram_config.h"

namespace lutetia {

void describe(Schema& s, ControllerConfig& c) {
  s.field("read_queue", c.read_queue, "read bursts that a channel schedules among").range(1, 256);
  s.field("write_queue", c.write_queue, "write bursts that a channel holds back").range(1, 256);
  s.field("write_high", c.write_high, "share of the write queue from which writes are drained").range(0.0, 1.0);
  s.field("write_low", c.write_low, "share of the write queue down to which they are drained").range(0.0, 1.0);
  s.choice("scheduler", c.scheduler, {{"fcfs", Scheduler::kFcfs}, {"fr_fcfs", Scheduler::kFrFcfs}},
           "first come first served, or column commands to open rows first");
  s.field("row_hit_cap", c.row_hit_cap,
          "fr_fcfs: column commands to a row while an older request waits for another row of the bank; 0: no cap")
      .range(0, 1u << 20);
  s.choice("page_policy", c.page_policy,
           {{"open", PagePolicy::kOpen},
            {"open_adaptive", PagePolicy::kOpenAdaptive},
            {"closed", PagePolicy::kClosed},
            {"closed_adaptive", PagePolicy::kClosedAdaptive}},
           "when a column command closes its row: never, if another row is asked for, always, if no queued burst hits");
  s.choice("refresh", c.refresh,
           {{"none", RefreshMode::kNone}, {"all_bank", RefreshMode::kAllBank}, {"per_bank", RefreshMode::kPerBank}},
           "refresh commands");
  s.field("postponed_refreshes", c.postponed_refreshes,
          "refreshes that wait while requests are queued; 7 keeps the longest pause below 9 tREFI")
      .range(0, 7);
  s.field("response_latency", c.response_latency, "added to every response: controller and PHY")
      .range(Picoseconds(0), Picoseconds(1'000'000'000));
  s.field("mapping", c.mapping,
          "address fields from the most significant: row, rank, bank, bank_group, column, pseudo_channel, channel; "
          "name:bits takes only so many of its bits")
      .count(1, 32);
  s.field("permute", c.permute, "fields XORed with the next low bits of the row, in this order").count(0, 8);
  s.rule([&c] { return c.write_low <= c.write_high; }, {"write_low", "write_high"},
         "write_low must not be above write_high");
}

void describe(Schema& s, DramConfig& c) {
  s.group("standard", c.standard, "tables of a standard; a text names a file in configs/dram").folder("dram");
  s.field("device", c.device, "organisation: a name among standard.devices").required();
  s.field("speed", c.speed, "speed grade: a name among standard.speeds").required();
  s.field("channels", c.channels, "independent channels, each with a controller").range(1, 256);
  s.field("ranks", c.ranks, "ranks per channel (times those within the device)").range(1, 16);
  s.map("cycles", c.cycles, "timings to replace, in cycles of the command clock").range(0, 1u << 24);
  s.group("controller", c.controller, "memory controller of each channel");
}

}  // namespace lutetia
