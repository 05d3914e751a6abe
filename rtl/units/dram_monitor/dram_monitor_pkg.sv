// Constants and records of the DRAM command monitor. Source of all of them: sim/units/dram_monitor/README.md.

package dram_monitor_pkg;

  localparam int unsigned Commands = 9;
  localparam int unsigned Levels = 5;       // channel, pseudo channel, rank, bank group, bank
  localparam int unsigned LatencyBits = 24;
  localparam int unsigned CyclesBits = 8;   // of the command bus
  localparam int unsigned CountBits = 24;   // commands of a run
  localparam int unsigned SlotBits = 8;     // at most 256 rules
  localparam int unsigned ShiftBits = 4;    // at most 2^15 banks

  // Commands, in the order in which DRAM standards of the simulator number them.
  localparam logic [3:0] Activate = 4'd0;
  localparam logic [3:0] Precharge = 4'd1;
  localparam logic [3:0] PrechargeAll = 4'd2;
  localparam logic [3:0] Read = 4'd3;
  localparam logic [3:0] ReadPrecharge = 4'd4;
  localparam logic [3:0] Write = 4'd5;
  localparam logic [3:0] WritePrecharge = 4'd6;
  localparam logic [3:0] Refresh = 4'd7;
  localparam logic [3:0] RefreshBank = 4'd8;

  // What a config word says.
  localparam logic [1:0] SetRule = 2'd0;
  localparam logic [1:0] SetCommand = 2'd1;
  localparam logic [1:0] SetChannel = 2'd2;
  localparam logic [1:0] Run = 2'd3;

  // Config word, from bit 58 down to bit 0.
  typedef struct packed {
    logic                   sibling;
    logic [2:0]             window;  // less one
    logic [2:0]             level;
    logic [Commands-1:0]    to;
    logic [Commands-1:0]    from;
    logic [LatencyBits-1:0] value;   // latency; bus cycles; shifts_t and split; commands of the run
    logic [SlotBits-1:0]    index;   // of the rule or the command
    logic [1:0]             what;
  } config_t;
  localparam int unsigned ConfigBits = 59;

  // The upper 49 bits of a SetRule word.
  typedef struct packed {
    logic                   sibling;
    logic [2:0]             window;
    logic [2:0]             level;
    logic [Commands-1:0]    to;
    logic [Commands-1:0]    from;
    logic [LatencyBits-1:0] latency;
  } rule_t;
  localparam int unsigned RuleBits = 49;

  // The value of a SetChannel word: in its lower 12 bits how far to shift the number of a bank to the right to have the
  // number of the node that it belongs to; above, whether column commands have a bus of their own.
  typedef struct packed {
    logic [ShiftBits-1:0] pseudo_channel;
    logic [ShiftBits-1:0] rank;
    logic [ShiftBits-1:0] bank_group;
  } shifts_t;
  localparam int unsigned ShiftsBits = 12;

  // What is wrong with a command; the first that applies, in this order.
  localparam logic [3:0] Legal = 4'd0;
  localparam logic [3:0] UnknownCommand = 4'd1;
  localparam logic [3:0] TimeWentBack = 4'd2;
  localparam logic [3:0] BankOpen = 4'd3;       // ACT
  localparam logic [3:0] BankClosed = 4'd4;     // column command
  localparam logic [3:0] OtherRow = 4'd5;       // column command
  localparam logic [3:0] NotPrecharged = 4'd6;  // refresh
  localparam logic [3:0] BusBusy = 4'd7;
  localparam logic [3:0] TooEarly = 4'd8;       // a rule

  // Bits of an index below n, at least one.
  function automatic int unsigned index_bits(int unsigned n);
    index_bits = n > 1 ? $clog2(n) : 1;
  endfunction

endpackage
