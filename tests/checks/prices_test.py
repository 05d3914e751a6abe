#!/usr/bin/env python3
"""What a report says of area and energy, computed again from the technology file by the scripts that wrote it: expressions, names,
counts times prices. Designs are points of the calibration's grid, so that all parameters are known."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
LUTETIA = pathlib.Path(os.environ.get("LUTETIA", ROOT / "build/release/lutetia"))

try:
    import json

    import yaml

    import cost_cores
    import operands
    from cost_expression import with_names
    from cost_fit import sum_of
    from synthesis import grid
except ImportError as missing:
    print(f"skipped: {missing}; scripts/install-dependencies installs it")
    sys.exit(0)

UNITS = operands.UNITS
KINDS = {"combinational": "combinational_fj", "register": "register_fj", "clock": "clock_fj", "static": "leakage_nw"}


def technologies():
    for file in sorted((ROOT / "configs/technology").glob("*.yaml")):
        yield file.stem, yaml.safe_load(file.read_text(encoding="utf-8"))


def design(folder, unit, parameters, variation):
    """A design with the unit and its workload."""
    numbers = parameters if unit == "weight_decoder" else operands.settings(unit, parameters, LUTETIA)[1]
    trace, buffers = operands.workload(unit, numbers, variation)
    text = operands.design_text(unit, parameters, LUTETIA, buffers)[0]
    (folder / "design.yaml").write_text(text, encoding="utf-8")
    (folder / "trace.jsonl").write_text(trace, encoding="utf-8")


def result(folder, technology):
    out = folder / technology
    done = subprocess.run([LUTETIA, "run", folder / "design.yaml", folder / "trace.jsonl", "--set", f"technology={technology}",
                           "--out", out], capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return json.loads((out / "result.json").read_text(encoding="utf-8"))


@unittest.skipUnless(LUTETIA.exists(), f"{LUTETIA} is not built")
class Prices(unittest.TestCase):
    def check_areas(self, tree, unit, components, factors, values, instances=1):
        self.assertEqual(set(tree), set(components))
        for name, component in components.items():
            expected = sum_of(component["area_um2"], values) * factors.get("area", 1) * instances
            self.assertAlmostEqual(tree[name], expected, delta=1e-9 * expected + 1e-9, msg=f"{unit}.{name}")

    def check_energies(self, all_parts, unit, components, factors, values, instances=1):
        """Returns the events."""
        parts = [part for part in all_parts if part["unit"] == unit]
        self.assertEqual({part["kind"] for part in parts}, set(KINDS))
        for part in parts:
            terms = components[part["component"]][KINDS[part["kind"]]]
            if part["kind"] in ("combinational", "register"):
                terms = terms[part["event"]]
            # fJ to pJ; nW times s to pJ.
            scale = factors.get("leakage", 1) * 1e3 if part["kind"] == "static" else factors.get("energy", 1) * 1e-3
            expected = part["count"] * sum_of(terms, values) * scale * instances
            self.assertAlmostEqual(part["pj"], expected, delta=1e-9 * abs(expected) + 1e-9, msg=f"{unit}: {part}")
        return {part["event"] for part in parts}

    def check_sources(self, energy):
        """Every figure has one, and an interval around it; what has none is not in it, and why is said."""
        for part in energy["parts"]:
            self.assertTrue(part["source"], part)
            self.assertTrue(part["low"] <= part["pj"] <= part["high"], part)
        self.assertEqual(set(energy["excluded"]), set(energy["excluded_reasons"]))
        self.assertTrue(all(energy["excluded_reasons"].values()))
        counted = {part["unit"] for part in energy["parts"]}
        self.assertFalse(counted & set(energy["excluded"]))
        total = sum(part["pj"] for part in energy["parts"])
        self.assertAlmostEqual(energy["total"]["pj"], total, delta=1e-9 * total)

    def test_reports_say_what_the_files_say(self):
        all_technologies = dict(technologies())
        self.assertGreaterEqual(len(all_technologies), 3)
        for unit in UNITS:
            with tempfile.TemporaryDirectory() as holder:
                folder = pathlib.Path(holder)
                parameters = grid.points(unit)[0][1]
                design(folder, unit, parameters, "mixed")
                for name, technology in all_technologies.items():
                    base, factors = technology, technology.get("factors", {})
                    if "base" in technology:
                        base = all_technologies[technology["base"]]
                    block = base["units"].get(unit)
                    if block is None:
                        continue
                    with self.subTest(unit=unit, technology=name):
                        found = result(folder, name)
                        values = with_names(block["names"], parameters)
                        area, energy, components = found["area_um2"], found["energy_pj"], block["components"]
                        self.check_areas(area["tree"][unit], unit, components, factors, values)
                        self.assertLess({"cycle", "time"}, self.check_energies(energy["parts"], unit, components, factors, values))
                        if "fp32_fma" in base["units"]:
                            lane = base["units"]["fp32_fma"]["components"]
                            lanes = yaml.safe_load((folder / name / "config.yaml").read_text(encoding="utf-8"))["vector"]["lanes"]
                            self.check_areas(area["estimates"]["vector"], "vector", lane, factors, {}, lanes)
                            self.check_energies(energy["estimates"], "vector", lane, factors, {}, lanes)
                        self.check_sources(found["energy_pj"])

    def test_the_product_of_the_experiments_has_the_events_of_a_run(self):
        for unit in operands.MATRIX_CORES:
            parameters, bits = dict(grid.points(unit)[0][1], PsumBlocks=1), 4 if unit == "mac_core" else 2
            with tempfile.TemporaryDirectory() as holder:
                folder = pathlib.Path(holder)
                design(folder, unit, parameters, cost_cores.variation_of(unit, bits))
                parts = [part for part in result(folder, "osu018")["energy_pj"]["parts"] if part["unit"] == unit]
            counted = {part["event"]: part["count"] for part in parts if part["event"] not in ("cycle", "time")}
            expected = cost_cores.counts_of(unit, parameters, bits)
            self.assertLess({"fire", "act", "weight", "out", "word_switch"}, set(counted), unit)
            self.assertEqual(counted, {event: expected.get(event, 0) for event in counted}, unit)


if __name__ == "__main__":
    unittest.main()
