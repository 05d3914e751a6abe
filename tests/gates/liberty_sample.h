// A small hand-written library that has everything the reader knows, and helpers to read texts.
#pragma once
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "gates/liberty_reader.h"

namespace lutetia::liberty_sample {

inline const std::string kText = R"LIB(/* Everything at once. */
library (sample) {
  time_unit : "1ns";
  voltage_unit : "1V";
  leakage_power_unit : "1pW";
  capacitive_load_unit (1, pf);
  voltage_map (VDD, 1.2);
  voltage_map (VSS, 0);
  nom_voltage : 1.2;
  default_input_pin_cap : 0.006;
  lu_table_template (load_slew) {
    variable_1 : total_output_net_capacitance;
    variable_2 : input_net_transition;
    index_1 ("1, 2");
    index_2 ("1, 2, 3");
  }
  power_lut_template (slew_load) {
    variable_1 : input_transition_time;
    variable_2 : total_output_net_capacitance;
    index_1 ("0.1, 0.2");
    index_2 ("0.01, 0.02");
  }
  power_lut_template (slew) { variable_1 : input_transition_time; index_1 ("0.1, 0.3"); }
  cell (NAND) {
    area : 4.5
    leakage_power () { value : 10; when : "A B"; related_pg_pin : VDD; }
    leakage_power () { value : 30; when : "!(A B)"; related_pg_pin : VDD; }
    leakage_power () { value : 999; related_pg_pin : VDD; }
    leakage_power () { value : 0; when : "A B"; related_pg_pin : VSS; }
    pg_pin (VDD) { pg_type : primary_power; }
    pg_pin (VSS) { pg_type : primary_ground; }
    pin (A, B) {
      direction : input;
      capacitance : 0.9;
      rise_capacitance : 0.002;
      fall_capacitance : 0.004;
      internal_power () { when : "!B"; rise_power (slew) { values ("0.5, 0.7"); } fall_power (scalar) { values ("-0.25"); } }
    }
    pin (Y) {
      direction : "output";
      function : "(A B)'";
      internal_power () {
        related_pin : "A B";
        related_pg_pin : VDD;
        rise_power (slew_load) { values ("1, 2", "3, 5"); }
        power (slew_load) { index_1 ("0.4, 0.8"); values ("1, 1, 1, 1"); }
      }
      internal_power () { related_pin : "A"; related_pg_pin : VSS; rise_power (scalar) { values ("77"); } }
      timing () {
        related_pin : "A";
        timing_sense : negative_unate;
        cell_rise (load_slew) { index_1 ("0.01, 0.02"); index_2 ("0.1, 0.2, 0.4"); \
          values ("1, 2, 4", \
                  "11, 12, 14"); }
        rise_transition (scalar) { values ("0.05"); }
      }
    }
  }
  cell (ADDER) {
    area : 20; cell_leakage_power : 2500;
    pin (X) { direction : input; }
    pin (Y) { direction : input; capacitance : 0.001; }
    pin (Z) { direction : input; capacitance : 0.001; }
    pin (CN) { direction : output; function : "!(X*Y + Y&Z | Z X)"; }
    pin (S) { direction : output; function : "X^Y^Z"; }
  }
  cell (FLOP) {
    area : 30;
    pin (Q) { direction : output; function : "IQ"; timing () { related_pin : "CK"; timing_type : falling_edge; cell_rise (scalar) { values ("0.3"); } } }
    pin (QN) { direction : output; function : "IQN"; }
    pin (CK) { direction : input; clock : true; }
    pin (D) { direction : input; timing () { related_pin : "CK"; timing_type : setup_falling; rise_constraint (scalar) { values ("1"); } } }
    pin (E) { direction : input; }
    pin (RN) { direction : input; }
    pin (SN) { direction : input; }
    ff ("IQ", "IQN") {
      clocked_on : "CK'";
      next_state : "(D E) + (IQ !E)";
      clear : "!RN";
      preset : "!SN";
      clear_preset_var1 : L;
      clear_preset_var2 : H;
    }
  }
  cell (LATCH) {
    area : 15; latch (IQ, IQN) { enable : "G"; data_in : "D"; }
    pin (G) { direction : input; } pin (D) { direction : input; } pin (Q) { direction : output; function : "IQ"; }
  }
  cell (TRI) {
    area : 12;
    pin (A) { direction : input; } pin (EN) { direction : input; }
    pin (Y) { direction : output; function : "A"; three_state : "!EN"; }
  }
  cell (FILL) { area : 1; dont_use : true; }
}
)LIB";

/// `from` replaced once; it must be there.
inline std::string changed(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

struct Reading {
  CellLibrary library;
  bool ok = false;
  std::string problems;  ///< as printed
};

inline Reading read(const std::string& text) {
  Reading reading;
  LibertyTree tree;
  Problems problems;
  reading.ok = tree.parse(text, "x.lib", problems) && read_liberty_tree(tree, reading.library, problems);
  std::ostringstream out;
  problems.print(out);
  reading.problems = out.str();
  EXPECT_EQ(reading.ok, problems.empty());
  return reading;
}

}  // namespace lutetia::liberty_sample
