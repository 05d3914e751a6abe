"""Fits of cost models: coefficients that are known come back, points left out are predicted, expressions mean what they mean
in sim/config/expression.h, and a technology file says what was fitted."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "scripts"))

try:
    import yaml

    import cost_fit
    import technology_file
    from cost_expression import ExpressionError, evaluate, in_order, with_names
except ImportError as missing:
    print(f"skipped: {missing}; scripts/install-dependencies installs it")
    sys.exit(0)

MODEL = {
    "names": {"Width": "Lanes * Bits", "Bits": "4 + 0"},
    "components": {
        "lanes": {"instances": r"gen_lane\[\d+\]", "area": ["Width", "Lanes"], "clock": ["Width"],
                  "events": {"fire": ["Width", "Lanes"], "out": ["1"]}},
        "rest": {"instances": "u_control|", "area": ["1", "Depth"], "clock": ["1"], "events": {"cycle": ["1"], "fire": ["1"]}},
    },
}


def measured(lanes, depth, fires=(5, 0, 9, 4), outs=(0, 2, 2, 8)):
    """As `lutetia switching` would say of a unit with these laws: lanes cost 3 Width + 2 Lanes um2, and so on."""
    width = 4 * lanes
    windows = []
    for fire, out in zip(fires, outs):
        lane = 8 * fire * width / lanes + out * 10 / lanes
        windows.append({"events": [16, fire, out], "combinational_fj": [16 * 2 + fire * 5, 0] + [lane] * lanes,
                        "register_fj": [fire * 1, 0] + [fire * 4 * width / lanes] * lanes,
                        "clock_fj": [16 * 7, 0] + [16 * 1.5 * width / lanes] * lanes, "wire_fj": [0, 0] + [fire * 0.5 * 4] * lanes})
    return {"unit": "toy", "parameters": {"Lanes": lanes, "Depth": depth}, "components": ["u_control", ""] +
            [f"gen_lane[{n}]" for n in range(lanes)], "area_um2": [50 + 6 * depth, 0] + [3 * 4 + 2] * lanes,
            "leakage_nw": [5 + depth, 0] + [1] * lanes, "flops": [3, 0] + [4] * lanes, "events": ["cycle", "fire", "out"],
            "windows": windows}


def points(*sizes):
    return [cost_fit.point_of(MODEL, measured(*size)) for size in sizes]


SIZES = ((2, 1), (3, 4), (5, 2), (8, 3), (9, 7))


class Expressions(unittest.TestCase):
    def test_they_are_whole_numbers_as_in_the_simulator(self):
        for text, value in (("7 / 2", 3), ("0 - 7 / 2", -3), ("ceil(7, 2)", 4), ("exact(8, 2)", 4), ("pow2(5)", 32), ("bits(0)", 0),
                            ("bits(5)", 3), ("max(1, a, 3) * min(a, 2)", 8), ("2 + 3 * a", 14)):
            self.assertEqual(evaluate(text, {"a": 4}), value, text)

    def test_what_is_no_expression_is_refused(self):
        for text in ("1.5 * a", "a ** 2", "__import__('os')", "a.b", "a[0]", "exact(7, 2)", "b", "a +"):
            with self.assertRaises(ExpressionError, msg=text):
                evaluate(text, {"a": 4})

    def test_names_are_put_in_order(self):
        self.assertEqual(list(in_order(MODEL["names"], {"Lanes": 1})), ["Bits", "Width"])
        with self.assertRaises(ExpressionError):
            in_order({"a": "b", "b": "a"}, {})
        self.assertEqual(with_names({"Planes": "9"}, {"Planes": 2}), {"Planes": 2})


class Fits(unittest.TestCase):
    def test_known_coefficients_come_back(self):
        fitted = cost_fit.fit(MODEL, points(*SIZES))
        for point in points((4, 9), (64, 1)):
            self.assertAlmostEqual(cost_fit.area_error(fitted, point), 0, places=4)
            self.assertAlmostEqual(cost_fit.energy_error(fitted, point), 0, places=4)
        self.assertAlmostEqual(fitted["rest"]["area_um2"]["Depth"], 6, places=3)
        self.assertAlmostEqual(fitted["rest"]["combinational_fj"]["fire"]["1"], 5, places=3)

    def test_a_left_out_point_is_predicted_from_the_others(self):
        odd = measured(6, 2)
        odd["area_um2"] = [value * 1.25 for value in odd["area_um2"]]
        everything = points(*SIZES) + [cost_fit.point_of(MODEL, odd)]
        errors = cost_fit.leave_one_out(MODEL, everything)
        self.assertAlmostEqual(errors[-1][0], 1 / 1.25 - 1, places=3)
        self.assertAlmostEqual(errors[-1][1], 0, places=3)

    def test_no_coefficient_is_negative(self):
        falling = points(*SIZES)
        for point in falling:
            point.area["rest"] = 100.0 - point.parameters["Depth"]
        fitted = cost_fit.fit(MODEL, falling)
        self.assertNotIn("Depth", fitted["rest"]["area_um2"])

    def test_wires_are_energy_of_their_drivers(self):
        point = points((2, 1))[0]
        self.assertAlmostEqual(point.wires, sum((5, 0, 9, 4)) * 0.5 * 4 * 2)
        self.assertAlmostEqual(sum(point.energy["lanes", "combinational"]), 18 * 8 * 8 + 12 * 10 + point.wires)

    def test_an_instance_without_component_is_told(self):
        stranger = measured(2, 1)
        stranger["components"][0] = "u_stranger"
        with self.assertRaisesRegex(cost_fit.FitError, "u_stranger"):
            cost_fit.point_of(MODEL, stranger)


class Files(unittest.TestCase):
    def test_a_file_says_what_was_fitted(self):
        fitted = cost_fit.fit(MODEL, points(*SIZES))
        block = {"points": 5, "min_period_ps": {"least": 1, "most": 2}, "residuals": {"area": {"mean": 0.0, "worst": 0.0}},
                 "range": {"Lanes": [2, 9]}, "fixed": {}, "names": cost_fit.used_names(MODEL, fitted, {"Lanes": 1, "Depth": 1}),
                 "components": fitted}
        text = technology_file.text_of({"name": "toy", "source": "made up"}, {"toy": block}, {})
        read = yaml.safe_load(text)["units"]["toy"]
        self.assertEqual(read["components"], fitted)
        self.assertEqual(list(read["names"]), ["Bits", "Width"])
        self.assertLessEqual(max(map(len, text.splitlines())), 140)

    def test_models_name_what_exists(self):
        from synthesis import grid
        for unit, model in cost_fit.models().items():
            for role, parameters in grid.points(unit):
                values = with_names(model["names"], parameters)
                terms = {term for c in model["components"].values() for term in [*c["area"], *c["clock"]] +
                         [t for terms in c["events"].values() for t in terms]}
                for term in terms:
                    self.assertGreaterEqual(evaluate(term, values), 0, f"{unit} {role}: {term}")


if __name__ == "__main__":
    unittest.main()
