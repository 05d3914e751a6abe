// Assertions shared by all units. They are live under Verilator (which needs --assert; 5.006 drops them silently
// without it) and expand to nothing elsewhere.
// Default clock and reset: clk_i, rst_ni of the module that uses the macro. They are immediate assertions in a clocked
// process and not `assert property ... disable iff`, because that reads the asynchronous reset synchronously, which
// -Wall (SYNCASYNCNET) refuses for a good reason.

`ifndef LUTETIA_ASSERTIONS_SVH
`define LUTETIA_ASSERTIONS_SVH

`ifdef VERILATOR

// Holds at every clock edge out of reset.
`define ASSERT(__name, __expr) \
  always_ff @(posedge clk_i or negedge rst_ni) begin \
    if (!rst_ni) begin \
    end else begin \
      __name : assert (__expr) else $error("%m: violated"); \
    end \
  end

// The law of a valid/ready stream: once offered, a payload stays offered and unchanged until it is taken. The copy has no
// reset: it is read only while waiting (and Verilator dislikes zeros of more than 8192 bits).
`define ASSERT_STREAM_STABLE(__name, __valid, __ready, __data) \
  logic __name``_waiting_q; \
  logic [$bits(__data)-1:0] __name``_data_q; \
  always_ff @(posedge clk_i or negedge rst_ni) begin \
    if (!rst_ni) begin \
      __name``_waiting_q <= 1'b0; \
    end else begin \
      __name : assert (!__name``_waiting_q || ((__valid) && (__data) == __name``_data_q)) \
        else $error("%m: valid dropped or payload changed before ready"); \
      __name``_waiting_q <= (__valid) && !(__ready); \
    end \
  end \
  always_ff @(posedge clk_i) begin \
    if ((__valid) && !(__ready)) __name``_data_q <= (__data); \
  end

// A relation between parameters, checked once at the start.
`define ASSERT_PARAMETER(__name, __expr) \
  initial begin : __name \
    if (!(__expr)) $fatal(1, "%m: illegal parameters"); \
  end

`else

`define ASSERT(__name, __expr)
`define ASSERT_STREAM_STABLE(__name, __valid, __ready, __data)
`define ASSERT_PARAMETER(__name, __expr)

`endif

`endif
