"""A liberty file of a few cells with made-up delays, so that tests need no library: in nanoseconds, or, with the same numbers
times a thousand, in picoseconds."""


def table(kind, value):
    return f"""        {kind} (two) {{ index_1 ("0.001, 0.1"); index_2 ("0.01, 1.0");
          values ("{value}, {value}", "{2 * value}, {2 * value}"); }}\n"""


def arc(related, delay, more):
    tables = "".join(table(kind, delay if kind.startswith("cell") else 0.02 * delay / abs(delay))
                     for kind in ("cell_rise", "rise_transition", "cell_fall", "fall_transition"))
    return f'      timing () {{ related_pin : "{related}"; {more}\n{tables}      }}\n'


def pin(name, direction, more=""):
    capacitance = "capacitance : 0.001;" if direction == "input" else ""
    return f"    pin ({name}) {{ direction : {direction}; {capacitance}\n{more}    }}\n"


def gate(name, area, inputs, output, function, delay):
    sense = "timing_sense : non_unate;"
    return f"  cell ({name}) {{ area : {area};\n" + "".join(pin(i, "input") for i in inputs) + pin(
        output, "output", f'      function : "{function}";\n' + "".join(arc(i, delay, sense) for i in inputs)) + "  }\n"


def library(unit="ns", late=""):
    scale = {"ns": 1, "ps": 1000}[unit]
    setup = "".join(f"        {kind} (two) {{ index_1 (\"0.001, 0.1\"); index_2 (\"0.01, 1.0\"); values (\"{0.1 * scale}, "
                    f"{0.1 * scale}\", \"{0.1 * scale}, {0.1 * scale}\"); }}\n" for kind in ("rise_constraint", "fall_constraint"))
    return f"""library (tiny) {{
  delay_model : table_lookup;
  time_unit : "1{unit}";
  voltage_unit : "1V"; current_unit : "1uA"; leakage_power_unit : "1nW"; pulling_resistance_unit : "1kohm";
  capacitive_load_unit (1, pf);
  nom_voltage : 1.0; nom_process : 1; nom_temperature : 25;
  slew_lower_threshold_pct_rise : 20; slew_upper_threshold_pct_rise : 80;
  slew_lower_threshold_pct_fall : 20; slew_upper_threshold_pct_fall : 80;
  input_threshold_pct_rise : 50; input_threshold_pct_fall : 50;
  output_threshold_pct_rise : 50; output_threshold_pct_fall : 50;
  lu_table_template (two) {{ variable_1 : total_output_net_capacitance; variable_2 : input_net_transition;
    index_1 ("0.001, 0.1"); index_2 ("0.01, 1.0"); }}
{gate("BUF", 2, "A", "Y", "A", 0.2 * scale)}{gate("INV", 1, "A", "Y", "!A", 0.1 * scale)}\
{gate("NAND2", 2, "AB", "Y", "!(A B)", 0.1 * scale)}{gate("NOR2", 2, "AB", "Y", "!(A+B)", 0.1 * scale)}\
{gate("XOR2", 4, "AB", "Y", "A^B", 0.2 * scale)}{late}\
  cell (DFF) {{ area : 6;
    ff (IQ, IQN) {{ clocked_on : "CLK"; next_state : "D"; }}
{pin("CLK", "input", "      clock : true;" + chr(10))}\
{pin("D", "input", f'''      timing () {{ related_pin : "CLK"; timing_type : setup_rising;{chr(10)}{setup}      }}{chr(10)}''')}\
{pin("Q", "output", '      function : "IQ";' + chr(10) + arc("CLK", 0.3 * scale, "timing_type : rising_edge;"))}  }}
}}
"""
