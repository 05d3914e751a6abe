import unittest

from tree import CheckTest

TREE = {
    "sim/base/quantity.h": "#include <cstdint>\n",
    "sim/config/help.cpp": '#include <boost/program_options.hpp>\n#include <yaml-cpp/yaml.h>\n#include "base/quantity.h"\n',
    "sim/kernel/channel.h": '#include "config/schema.h"\n#include "stats/stats.h"\n',
    "sim/kernel/clocked_module.h": '#include <systemc>\n#include "kernel/channel.h"\n',
    "sim/stats/stats.h": "#include <fmt/format.h>\n",
    "sim/numeric/fp32.h": '#include "base/quantity.h"\n',
    "sim/memory/memory_port.h": '#include "kernel/channel.h"\n',
    "sim/dataflow/graph.h": '#include "kernel/channel.h"\n#include "numeric/fp32.h"\n',
    "sim/units/compute_unit.h": '#include "kernel/channel.h"\n#include "dataflow/graph.h"\n',
    "sim/units/tile_command.h": '#include "numeric/fp32.h"\n',
    "sim/mapping/tile_program.h": '#include "units/tile_command.h"\n',
    "sim/units/adder/adder.h": '#include "units/compute_unit.h"\n#include "units/adder/adder_config.h"\n'
                               '#include "memory/memory_port.h"\n#include "numeric/fp32.h"\n',
    "sim/units/matrix_core/matrix_core_cycle.h": '#include "units/compute_unit.h"\n',
    "sim/units/adder/adder_array.h": '#include "units/matrix_core/matrix_core_cycle.h"\n',
    "sim/units/adder/adder_module.h": '#include <tlm>\n#include "units/adder/adder.h"\n',
    "sim/cosim/adder_dut.h": '#include "Vadder.h"\n#include "verilated_fst_c.h"\n#include "units/adder/adder.h"\n',
    "sim/app/main.cpp": '#include <systemc>\n#include "cosim/adder_dut.h"\n#include "config/help.h"\n',
}


class Layers(CheckTest):
    check = "check-layers"

    def setUp(self):
        super().setUp()
        self.put(TREE)

    def test_a_tree_that_keeps_the_rules_is_accepted(self):
        self.accepts()

    def test_each_forbidden_include_is_found_with_file_and_line(self):
        for path, include in [
            ("base/x.h", '"config/schema.h"'),
            ("config/x.h", '"stats/stats.h"'),
            ("stats/x.h", '"kernel/channel.h"'),
            ("kernel/x.h", '"numeric/fp32.h"'),
            ("numeric/x.h", '"kernel/channel.h"'),
            ("cost/x.h", '"kernel/channel.h"'),
            ("memory/x.h", '"numeric/fp32.h"'),
            ("dataflow/x.h", '"memory/memory_port.h"'),
            ("dataflow/x.h", '"units/compute_unit.h"'),
            ("workload/x.h", '"kernel/channel.h"'),
            ("mapping/x.h", '"memory/memory_port.h"'),
            ("mapping/x.h", '"units/compute_unit.h"'),
            ("workload/x.h", '"units/tile_command.h"'),
            ("units/adder/x.h", '"units/multiplier/y.h"'),
            ("units/x.h", '"units/adder/adder.h"'),
            ("units/matrix_core/x.h", '"units/adder/adder.h"'),
            ("units/adder/x.h", '"memory/dma.h"'),
            ("units/adder/x.h", '"workload/operator.h"'),
            ("units/adder/x.h", '"cosim/adder_dut.h"'),
            ("cosim/x.h", '"mapping/tile_program.h"'),
            ("accelerator/x.h", '"report/table.h"'),
            ("report/x.h", '"app/run.h"'),
            ("numeric/x.h", "<systemc>"),
            ("units/adder/x.h", "<systemc.h>"),
            ("memory/x.h", "<tlm_utils/simple_initiator_socket.h>"),
            ("app/x.cpp", "<yaml-cpp/yaml.h>"),
            ("config/x.cpp", "<boost/program_options.hpp>"),
            ("accelerator/x.cpp", '"Vadder.h"'),
            ("units/adder/x.cpp", '"verilated.h"'),
            ("cosim/x.cpp", "<gtest/gtest.h>"),
            ("numeric/x.cpp", "<mpfr.h>"),
            ("base/x.h", '"quantity.h"'),
            ("base/x.h", '"../base/quantity.h"'),
            ("base/x.h", '"nowhere/quantity.h"'),
        ]:
            with self.subTest(path=path, include=include):
                for folder in ("cost", "workload", "mapping", "accelerator", "report"):
                    self.put({f"sim/{folder}/empty.h": "\n"})
                self.put({f"sim/{path}": f"#pragma once\n#  include {include}\n"})
                self.refuses(f"sim/{path}:2: error: {include[1:-1]}: ")
                (self.root / "sim" / path).unlink()

    def test_a_folder_without_a_row_in_the_table_is_refused(self):
        self.put({"sim/magic/wand.h": "\n"})
        self.refuses("magic is no layer")


if __name__ == "__main__":
    unittest.main()
