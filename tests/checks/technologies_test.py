#!/usr/bin/env python3
"""The technology files of the repository: the README's table is theirs and keeps its bounds; interpolated nodes are the script's."""
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

try:
    import yaml

    import calibrate
    import interpolate
except ImportError as missing:
    print(f"skipped: {missing}; scripts/install-dependencies installs it")
    sys.exit(0)

FOLDER = ROOT / "configs/technology"


class Technologies(unittest.TestCase):
    def test_the_readme_has_their_table(self):
        block = re.search(r"<!-- calibration -->\n```\n(.*?)\n```\n<!-- end of calibration -->", (ROOT / "README.md").read_text(), re.S)
        self.assertEqual(block[1], calibrate.committed_tables(), "scripts/calibrate --table prints what belongs there")

    def test_no_fit_breaks_a_bound(self):
        for file in sorted(FOLDER.glob("*.yaml")):
            units = yaml.safe_load(file.read_text(encoding="utf-8")).get("units", {})
            _, broken = calibrate.table(units)
            self.assertEqual(broken, [], file.name)

    def test_an_interpolated_file_is_what_the_script_writes(self):
        for file in sorted(FOLDER.glob("interpolated*.yaml")):
            undated = [re.sub(r"^date: .*$", "", text, flags=re.M)
                       for text in (file.read_text(encoding="utf-8"), interpolate.text_of(int(file.stem[len("interpolated"):])))]
            self.assertEqual(*undated)
            technology = yaml.safe_load(undated[0])
            for quantity, value in technology["spread"].items():
                self.assertGreaterEqual(technology["sram"]["spread"][quantity], value)

    def test_interpolation_meets_both_ends(self):
        near, far = interpolate.factors(interpolate.BASE_NM), interpolate.factors(interpolate.FAR_NM)
        for name, value in interpolate.MEASURED.items():
            self.assertAlmostEqual(near[name], 1, places=2)
            self.assertAlmostEqual(far[name] * value, 1, places=2)
        self.assertAlmostEqual(interpolate.factors(22)["area"] * interpolate.MEASURED["area"], interpolate.AREA_22, places=2)
        for name in near:
            ladder = [interpolate.factors(node)[name] for node in range(interpolate.BASE_NM, interpolate.FAR_NM + 1)]
            self.assertEqual(ladder, sorted(ladder), name)
        supplies = [interpolate.voltage(node) for node in range(interpolate.BASE_NM, interpolate.FAR_NM + 1)]
        self.assertEqual(supplies, sorted(supplies))


if __name__ == "__main__":
    unittest.main()
