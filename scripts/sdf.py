"""What Icarus 11 can read of OpenSTA's SDF: no conditions (the slowest of them holds), no wires, no checks."""
import re

CELL = re.compile(r'\(CELLTYPE "([^"]*)"\)|\(INSTANCE (\S+)\)|\(IOPATH (\(\w+ [^()]+\)|\S+) (\S+)((?: \([^()]*\))+)\)')


def slowest(triple):
    """Of (minimum:typical:maximum), each of which may be missing, the largest; None of ()."""
    numbers = [float(number) for number in triple.strip("() ").split(":") if number]
    return max(numbers) if numbers else None


def read_delays(text):
    """(unit of time, {instance: (cell type, {(from, to): [rise, fall]})})."""
    unit = re.search(r"\(TIMESCALE\s+(\w+)\)", text)
    cells, kind, paths = {}, None, None
    for found in CELL.finditer(text):
        if found[1] is not None:
            kind = found[1]
        elif found[2] is not None:
            paths = cells.setdefault(found[2], (kind, {}))[1]
        elif paths is not None:
            delays = [slowest(triple) for triple in re.findall(r"\([^()]*\)", found[5])]
            held = paths.setdefault((found[3], found[4]), [None, None])
            for edge, delay in enumerate((delays + delays)[:2]):
                if delay is not None:
                    held[edge] = delay if held[edge] is None else max(delay, held[edge])
    return (unit[1] if unit else "1ns"), cells


def write_delays(design, unit, cells):
    lines = [f'(DELAYFILE (SDFVERSION "3.0") (DESIGN "{design}") (DIVIDER /) (TIMESCALE {unit})']
    for name, (kind, paths) in cells.items():
        lines.append(f' (CELL (CELLTYPE "{kind}") (INSTANCE {name}) (DELAY (ABSOLUTE')
        for (start, end), (rise, fall) in paths.items():
            rise, fall = (next((d for d in (one, other) if d is not None), 0.0) for one, other in ((rise, fall), (fall, rise)))
            lines.append(f"  (IOPATH {start} {end} ({rise}:{rise}:{rise}) ({fall}:{fall}:{fall}))")
        lines.append(" )))")
    return "\n".join([*lines, ")", ""])
