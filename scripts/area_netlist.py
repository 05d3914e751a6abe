"""A synthesized design as its modules: how many cells of which type, and which instances of other modules."""
import re


class ParseError(Exception):
    pass


def parse_stat(text):
    """Cells of each module in the output of Yosys's `stat`: {module: {type: count}}; instances of modules are cells too."""
    modules, cells, listing = {}, None, False
    for line in text.splitlines():
        heading = re.match(r"=== (.+) ===$", line)
        if heading:
            cells, listing = modules.setdefault(heading.group(1), {}), False
            if heading.group(1) == "design hierarchy":  # what follows are sums over the modules before
                modules.pop("design hierarchy")
                break
        elif cells is not None and re.match(r"\s+Number of cells:", line):
            listing = True
        elif listing:
            counted = re.match(r"     (\S.*?)\s+(\d+)$", line)
            if counted:
                cells[counted.group(1)] = int(counted.group(2))
            else:
                listing = False
    if not modules:
        raise ParseError("no module in the statistics of Yosys")
    return modules


def parse_instances(text):
    """Instances of modules in the output of Yosys's `dump -m` of such cells: {module: {instance: module}}."""
    found, module = {}, None
    for line in text.splitlines():
        words = line.split()
        if line.startswith("module "):
            module = found.setdefault(words[1].lstrip("\\"), {})
        elif len(words) == 3 and words[0] == "cell":
            module[words[2].lstrip("\\")] = words[1].lstrip("\\")
    return found


class Netlist:
    """Counts and areas of any part. A path names instances from the top, e.g. u_frame/u_epilogue; "" is all of it."""

    def __init__(self, record):
        self.record = record  # as stored: see area.py
        self.modules, self.cells_of = record["modules"], record["library_cells"]
        self.sums = {}

    @staticmethod
    def modules_of(stat, dump, library_cells):
        """The part of a record that comes from the synthesis; a cell that is neither module nor library cell is an error."""
        counts, instances, modules = parse_stat(stat), parse_instances(dump), {}
        for module, cells in counts.items():
            inside = instances.get(module, {})
            for name, count in cells.items():
                if name not in counts and name not in library_cells:
                    raise ParseError(f"{module}: {count} cells {name} are not in the library")
                if name in counts and count != sum(1 for other in inside.values() if other == name):
                    raise ParseError(f"{module}: {count} instances of {name}, but not as many in the dump")
            modules[module] = {"cells": {name: count for name, count in cells.items() if name not in counts},
                               "instances": inside}
        return modules

    def module_of(self, path):
        module = self.record["top"]
        for name in path.split("/") if path else []:
            if name not in self.modules[module]["instances"]:
                raise KeyError(f"{self.record['top']} has no instance {path}; there are "
                               f"{', '.join(self.modules[module]['instances'])}")
            module = self.modules[module]["instances"][name]
        return module

    def sum_of(self, module):
        """(area, flip-flop area, cells, flip-flops) of a module with everything inside."""
        if module not in self.sums:
            area = flop_area = cells = flops = 0
            for name, count in self.modules[module]["cells"].items():
                cell = self.cells_of[name]
                area, cells = area + count * cell["area"], cells + count
                if cell["flop"]:
                    flop_area, flops = flop_area + count * cell["area"], flops + count
            inside = [self.sum_of(other) for other in self.modules[module]["instances"].values()]
            self.sums[module] = tuple(map(sum, zip((area, flop_area, cells, flops), *inside)))
        return self.sums[module]

    def area(self, path=""):
        return self.sum_of(self.module_of(path))[0]

    def flop_area(self, path=""):
        return self.sum_of(self.module_of(path))[1]

    def cells(self, path=""):
        return self.sum_of(self.module_of(path))[2]

    def flops(self, path=""):
        return self.sum_of(self.module_of(path))[3]

    def matching(self, pattern):
        """Area of the top's instances whose names match; e.g. all rows: u_row$."""
        return sum(self.area(name) for name in self.modules[self.record["top"]]["instances"] if re.search(pattern, name))

    def paths(self, depth, path=""):
        yield path
        if depth:
            for name in self.modules[self.module_of(path)]["instances"]:
                yield from self.paths(depth - 1, f"{path}/{name}" if path else name)
