#!/usr/bin/env python3
"""The SRAM figures of the technology files: fits of what the foundry's liberty files say."""
import math
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

try:
    import sram_model
except ImportError as missing:
    print(f"skipped: {missing}; scripts/install-dependencies installs it")
    sys.exit(0)

LIBERTY = """
library(M) {
  /* a comment { */
  default_cell_leakage_power : 0.0 ;
  cell(M) {
    area : 1234.5 ;
    bus(A_ADDR) { pin(A_ADDR[5:0]) {
      internal_power() { when : "!A_MEN"; rise_power("scalar"){ values (9); } fall_power("scalar"){ values (9); } }
      internal_power() { when : "A_MEN"; rise_power("scalar"){ values (0.4); } fall_power("scalar"){ values (0.2); } }
    } }
    bus(A_DIN) { pin(A_DIN[7:0]) {
      internal_power() { when : "A_MEN"; rise_power("scalar"){ values (0.6); } fall_power("scalar"){ values (0.4); } }
    } }
    pin(A_CLK) {
      internal_power() { when : "A_MEN  & A_WEN  & !A_REN"; rise_power("scalar"){ values (30); } fall_power("scalar"){ values (0); } }
      internal_power() { when : "!A_MEN & !A_WEN & A_REN"; rise_power("scalar"){ values (1); } fall_power("scalar"){ values (0); } }
      internal_power() { when : "A_MEN  & !A_WEN & A_REN"; rise_power("scalar"){ values (20); } fall_power("scalar"){ values (0); } }
    }
cell_leakage_power : 77.5;
  }
}
"""


class SramModel(unittest.TestCase):
    def test_a_macro_is_read_by_its_states(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "RM_64x8_typ.lib"
            path.write_text(LIBERTY)
            macro = sram_model.read_macro(path)
        self.assertEqual((macro["words"], macro["width"]), (64, 8))
        self.assertEqual((macro["area"], macro["leakage"]), (1234.5, 77.5))
        self.assertAlmostEqual(macro["read"], 20 + 0.5 * 6 * 0.3)
        self.assertAlmostEqual(macro["write"], 30 + 0.5 * 6 * 0.3 + 0.5 * 8 * 0.5)

    def test_a_file_that_says_too_little_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "RM_64x8_typ.lib"
            path.write_text(LIBERTY.replace("A_MEN  & !A_WEN & A_REN", "A_MEN & A_WEN & A_REN"))
            with self.assertRaises(sram_model.SramError):
                sram_model.read_macro(path)

    def test_the_figures_in_the_script_are_those_of_the_files(self):
        files = sorted(sram_model.FOLDER.glob("*.lib"))
        if not files:
            self.skipTest("no liberty files of the macros here")
        self.assertEqual(len(files), len(sram_model.MACROS))
        by_size = {row[:2]: row[2:] for row in sram_model.MACROS}
        for file in files:
            macro = sram_model.read_macro(file)
            for value, kept in zip((macro["area"], macro["read"], macro["write"], macro["leakage"]),
                                   by_size[macro["words"], macro["width"]]):
                self.assertAlmostEqual(value / kept, 1, places=3)

    def test_a_fit_finds_what_the_points_are_made_of(self):
        points = [{"words": w, "width": b} for w in (64, 256, 1024) for b in (8, 32)]
        for p in points:
            p["area"] = 100 + 3 * p["words"] * p["width"] + 7 * p["width"]
        coefficients, (mean, worst) = sram_model.model(points, ("1", "bits", "width"), lambda p: p["area"])
        self.assertAlmostEqual(coefficients["1"], 100, places=6)
        self.assertAlmostEqual(coefficients["width"], 7, places=6)
        self.assertLess(worst, 1e-9)
        self.assertLessEqual(mean, worst)

    def test_the_foundry_block_is_the_published_fit(self):
        block = sram_model.block("sg13g2")
        self.assertEqual(block["kind"], "macros")
        for term, value in {"1": 13850, "bits": 3.383, "width": 344.5, "words": 4.64}.items():
            self.assertAlmostEqual(block["area_um2"][term] / value, 1, places=2)
        self.assertAlmostEqual(block["read_fj"]["width"] / 502, 1, delta=0.02)
        self.assertLess(block["area_error"], 0.02)
        self.assertLess(block["error"], 0.08)

    def test_other_nodes_are_scaled_and_say_so(self):
        self.assertEqual(sram_model.block("x", 22)["kind"], "CACTI")
        self.assertEqual(sram_model.block("x", 28)["kind"], "CACTI, interpolated")
        for name in ("osu018", "nangate45", "asap7"):
            block = sram_model.block(name)
            self.assertEqual(block["kind"], "scaled")
            self.assertGreater(block["spread"]["energy"], 1)
        ratio = sram_model.block("osu018")["read_fj"]["width"] / sram_model.block("sg13g2")["read_fj"]["width"]
        self.assertAlmostEqual(ratio, 180 / 130 * 1.5 ** 2)
        with self.assertRaises(sram_model.SramError):
            sram_model.block("nowhere")

    def test_cacti_is_met_at_its_own_points(self):
        block = sram_model.block("x", 32)
        for row in sram_model.CACTI:
            bits = row[0] * 8192
            area = block["area_um2"]["width"] * 256 + block["area_um2"]["bits"] * bits
            self.assertLess(abs(area / (row[1] * 1e6) - 1), 0.1)

    def test_a_technology_file_gets_both_blocks(self):
        found = sram_model.blocks("mine", {"node_nm": 65, "voltage": 1.0})
        self.assertEqual(found["sram"]["kind"], "scaled")
        for row in found["dram"].values():
            self.assertLess(row["low"], row["pj_per_bit"])
            self.assertLess(row["pj_per_bit"], row["high"])

    def test_the_block_is_yaml(self):
        text = sram_model.text(sram_model.block("osu018"))
        self.assertTrue(text.startswith("sram:\n  source: \""))
        self.assertIn('  area_um2: {"1": ', text)
        self.assertFalse(math.isnan(sram_model.block("asap7")["error"]))


if __name__ == "__main__":
    unittest.main()
