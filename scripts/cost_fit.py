"""Fits cost models (scripts/calibration/*.yaml) to synthesized and simulated points: few coefficients, never negative, by
relative least squares; the error of a fit is that of points left out of it.

A point is what `lutetia switching` measured of a netlist: per component area, leakage, flip-flops, and energies by window
with the events of the window."""
import dataclasses
import pathlib
import re

import numpy
import yaml
from scipy.optimize import nnls

from cost_expression import evaluate, in_order, names_of, with_names

MODELS = pathlib.Path(__file__).resolve().parent / "calibration"
KINDS = ("combinational", "register")
WIRE_KIND = "combinational"  # energy of wires is counted with the nets' drivers
SMALL = 0.03  # of a unit: below that, a component's error is judged against the unit


class FitError(Exception):
    pass


def models():
    """{unit: model} of all files."""
    found = {}
    for file in sorted(MODELS.glob("*.yaml")):
        found.update(yaml.safe_load(file.read_text(encoding="utf-8"))["units"])
    return found


@dataclasses.dataclass
class Point:
    """One parameterisation; quantities by component of the model."""
    parameters: dict
    values: dict            # parameters and names
    area: dict
    leakage: dict
    flops: dict
    events: list            # windows of {event: count}
    energy: dict            # {(component, kind): [per window]}, kind also "clock"; wires are in `combinational`
    wires: float            # energy of wires
    name: str = ""

    def total_energy(self, kinds=(*KINDS, "clock")):
        return sum(sum(windows) for (_, kind), windows in self.energy.items() if kind in kinds)

    def total_area(self):
        return sum(self.area.values())

    def counts(self):
        return {event: sum(window.get(event, 0) for window in self.events) for event in {e for w in self.events for e in w}}


def point_of(model, measured, name=""):
    """A point from the output of `lutetia switching`, its instances summed into the components of the model."""
    parameters = measured["parameters"]
    component_of = {}
    for index, instance in enumerate(measured["components"]):
        owners = [name for name, component in model["components"].items() if re.fullmatch(component["instances"], instance)]
        if len(owners) != 1:
            raise FitError(f"{measured['unit']}: instance {instance!r} belongs to {owners or 'no component'}")
        component_of[index] = owners[0]

    def summed(values):
        sums = dict.fromkeys(model["components"], 0.0)
        for index, value in enumerate(values):
            sums[component_of[index]] += value
        return sums

    windows = [dict(zip(measured["events"], window["events"])) for window in measured["windows"]]
    energy, wires = {}, 0.0
    for window in measured["windows"]:
        sums = {kind: summed(window[f"{kind}_fj"]) for kind in (*KINDS, "clock", "wire")}
        wires += sum(sums["wire"].values())
        for component in model["components"]:
            sums[WIRE_KIND][component] += sums["wire"][component]
            for kind in (*KINDS, "clock"):
                energy.setdefault((component, kind), []).append(sums[kind][component])
    return Point(parameters, with_names(model["names"], parameters), summed(measured["area_um2"]), summed(measured["leakage_nw"]),
                 summed(measured["flops"]), windows, energy, wires, name)


def solve(rows, targets, weights):
    """Non-negative coefficients; columns are scaled, so that large terms do not drown small ones."""
    matrix, right = numpy.asarray(rows, float), numpy.asarray(targets, float)
    weighted = matrix * numpy.asarray(weights, float)[:, None]
    scale = numpy.sqrt((weighted**2).sum(axis=0))
    scale[scale == 0] = 1.0
    found, _ = nnls(weighted / scale, right * weights, maxiter=100 * len(scale) + 300)
    return found / scale


def significant(value, digits=5):
    return float(f"{value:.{digits}g}")


def terms_of(found, terms):
    return {str(term): significant(value) for term, value in zip(terms, found) if value > 0}


def fit_static(points, terms, quantity, total):
    """Coefficients of a quantity that does not hang on time."""
    rows = [[evaluate(term, point.values) for term in terms] for point in points]
    targets = [quantity(point) for point in points]
    weights = [1.0 / max(value, SMALL * total(point), 1e-12) for value, point in zip(targets, points)]
    return terms_of(solve(rows, targets, weights), terms)


def columns_of(events):
    return [(event, term) for event, terms in events.items() for term in terms]


def fit_energy(points, component, kind, events):
    """Coefficients per event. Every window of a point is an equation, and the whole run a heavy one; every point weighs as
    much as another, whatever its length."""
    columns = columns_of(events)
    rows, targets, weights = [], [], []
    for point in points:
        sizes = [evaluate(term, point.values) for _, term in columns]
        windows = point.energy[component, kind]
        counts = [[window.get(event, 0) for event, _ in columns] for window in point.events]
        whole = max(sum(windows), SMALL * point.total_energy(), 1e-12)
        for window, energy in zip(counts, windows):
            rows.append([n * size for n, size in zip(window, sizes)])
            targets.append(energy)
            weights.append(numpy.sqrt(len(windows)) / whole)
        rows.append([n * size for n, size in zip(numpy.sum(counts, axis=0), sizes)])
        targets.append(sum(windows))
        weights.append(3.0 / whole)
    fitted = {}
    for (event, term), value in zip(columns, solve(rows, targets, weights)):
        if value > 0:
            fitted.setdefault(event, {})[str(term)] = significant(value)
    return fitted


def fit(model, points):
    """{component: {area_um2, leakage_nw, clock_fj, combinational_fj, register_fj}}, as technology files have it."""
    fitted = {}
    for component, described in model["components"].items():
        area, clock = described["area"], described["clock"]
        cycles = {id(point): sum(window["cycle"] for window in point.events) for point in points}
        fitted[component] = {
            "area_um2": fit_static(points, area, lambda p: p.area[component], Point.total_area),
            "leakage_nw": fit_static(points, area, lambda p: p.leakage[component], lambda p: sum(p.leakage.values())),
            "clock_fj": fit_static(points, clock, lambda p: sum(p.energy[component, "clock"]) / cycles[id(p)],
                                   lambda p: p.total_energy(("clock",)) / cycles[id(p)]),
            **{f"{kind}_fj": fit_energy(points, component, kind, described["events"]) for kind in KINDS},
        }
    return fitted


def sum_of(terms, values):
    return sum(coefficient * evaluate(term, values) for term, coefficient in terms.items())


def predicted_area(fitted, values):
    return sum(sum_of(component["area_um2"], values) for component in fitted.values())


def predicted_energy(fitted, values, counts):
    """Of all events, fJ."""
    energy = 0.0
    for component in fitted.values():
        energy += counts["cycle"] * sum_of(component["clock_fj"], values)
        for kind in KINDS:
            energy += sum(counts.get(event, 0) * sum_of(terms, values) for event, terms in component[f"{kind}_fj"].items())
    return energy


def area_error(fitted, point):
    return predicted_area(fitted, point.values) / point.total_area() - 1


def energy_error(fitted, point):
    return predicted_energy(fitted, point.values, point.counts()) / point.total_energy() - 1


def leave_one_out(model, points):
    """[(area error, energy error)] of each point, predicted from the others."""
    errors = []
    for index, point in enumerate(points):
        fitted = fit(model, points[:index] + points[index + 1:])
        errors.append((area_error(fitted, point), energy_error(fitted, point)))
    return errors


def used_names(model, fitted, parameters):
    """The names that coefficients hang on, in order of evaluation."""
    terms = set()
    for component in fitted.values():
        for kind in ("area_um2", "leakage_nw", "clock_fj"):
            terms |= set(component[kind])
        for kind in KINDS:
            for by_term in component[f"{kind}_fj"].values():
                terms |= set(by_term)
    needed = {name for term in terms for name in names_of(term)} - set(parameters)
    names = {n: t for n, t in model["names"].items() if n not in parameters}
    while True:
        more = {name for used in needed for name in names_of(names[used])} - set(parameters) - needed
        if not more:
            break
        needed |= more
    ordered = in_order(names, parameters)
    return {name: str(text) for name, text in ordered.items() if name in needed}
