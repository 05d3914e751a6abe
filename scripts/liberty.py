"""What synthesis needs to know of a liberty file: areas, which cells are flip-flops, which must not be used, and a copy
without the latter (Yosys 0.23 passes all cells to ABC)."""
import gzip
import hashlib
import json
import lzma
import pathlib
import re
import subprocess
import tempfile

from liberty_cells import find_full_adder, full_adder_map, parse_cells

# Where a library may lie, the first one that exists is the default: Debian's package qflow-tech-osu018, the same package
# unpacked by scripts/install-dependencies --liberty, and IHP's open 130 nm library where a folder with liberty files lies
# beside the repository.
PLACES = (
    "/usr/share/qflow/tech/osu018/osu018_stdcells.lib",
    "build/osu018/usr/share/qflow/tech/osu018/osu018_stdcells.lib",
    "../shared/data/liberty/sg13g2_stdcell_typ_1p20V_25C.lib.xz",
)

# Buffer that drives the inputs, load of the outputs in fF, and the delay ABC aims at in ps. The delay hardly changes the
# area (a multiply-add in a 45 nm library: 1502 um2 at 100 ps, 1465 um2 at 10 ns), but it has to be fixed to compare.
DRIVES = {
    "BUFX2": (30, 4000),               # OSU 180 nm
    "sg13g2_buf_2": (5, 3000),         # IHP SG13G2, 130 nm
    "sky130_fd_sc_hd__buf_1": (5, 3000),
    "BUF_X1": (4, 1000),               # Nangate, 45 nm
    "BUFx2_ASAP7_75t_R": (1, 500),     # ASAP7
}


class LibertyError(Exception):
    pass


def default_file(root):
    for place in PLACES:
        if (root / place).is_file():
            return root / place
    raise LibertyError("no liberty file: neither Debian's qflow-tech-osu018 nor ../shared/data/liberty is there; "
                       "scripts/install-dependencies --liberty gets one, or name one with --liberty FILE")


def unpack(file, data):
    opener = {".xz": lzma.decompress, ".gz": gzip.decompress}.get(file.suffix, bytes)
    try:
        return opener(data)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise LibertyError(f"{file}: cannot be unpacked: {error}") from error


def check(file, program):
    """Mistakes in a liberty file, with their places, as `lutetia liberty` tells them; nothing if there is no such program."""
    file = pathlib.Path(file)
    if not file.is_file() or not program.exists() or run_quietly(program, "liberty", "--help").returncode != 0:
        return
    with tempfile.TemporaryDirectory() as folder:
        plain = file
        if file.suffix in (".xz", ".gz"):
            plain = pathlib.Path(folder) / file.stem
            plain.write_bytes(unpack(file, file.read_bytes()))
        said = run_quietly(program, "liberty", plain)
        if said.returncode != 0:
            raise LibertyError(said.stderr.strip().replace(str(plain), str(file)))


def run_quietly(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def cell_texts(text):
    """(name or None, text) of the pieces of a library: its cells, and what lies between them."""
    depth, piece, name = 0, [], None
    for line in text.splitlines(keepends=True):
        begins = re.match(r'\s*cell\s*\(\s*"?([^")\s]+)"?\s*\)', line) if depth == 1 else None
        if begins:
            yield None, "".join(piece)
            piece, name = [], begins.group(1)
        piece.append(line)
        depth += line.count("{") - line.count("}")
        if name and depth == 1 and "".join(piece).count("{"):
            yield name, "".join(piece)
            piece, name = [], None
    yield None, "".join(piece)


def describe(text):
    area = re.search(r"(?:^|[{;])\s*area\s*:\s*\"?([0-9.eE+-]+)", text, re.M)
    return {"area": float(area.group(1)) if area else 0.0,
            "flop": bool(re.search(r"(?:^|[{;])\s*(ff|ff_bank|latch|latch_bank)\s*\(", text, re.M)),
            "reset": bool(re.search(r"(?:^|[{;])\s*(clear|preset)\s*:", text, re.M)),
            "dont_use": bool(re.search(r"(?:^|[{;])\s*dont_use\s*:\s*\"?true", text, re.M))}


def without_groups(text, names):
    """The library without groups of these names, whose braces stand at the ends of lines."""
    begins = re.compile(rf"\s*(?:{'|'.join(names)})\s*\([^)]*\)\s*{{\s*$")
    kept, depth = [], 0
    for line in text.splitlines(keepends=True):
        if depth == 0 and not begins.match(line):
            kept.append(line)
        else:
            depth += line.count("{") - line.count("}")
    return "".join(kept)


def time_unit_ps(text):
    unit = re.search(r'\btime_unit\s*:\s*"?\s*(\d+)\s*(ns|ps|fs)', text)
    return int(unit.group(1)) * {"ns": 1000, "ps": 1, "fs": 0.001}[unit.group(2)] if unit else 1000


class Liberty:
    """A liberty file, plain, .gz or .xz. The usable copy and the list of cells are kept in the cache folder."""

    def __init__(self, file, cache, driver=None, load_ff=None, delay_ps=None):
        self.file = pathlib.Path(file)
        if not self.file.is_file():
            raise LibertyError(f"{file}: no such liberty file")
        data = self.file.read_bytes()
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.usable = (cache / f"liberty-{self.sha256[:16]}.lib").resolve()
        self.mapping = self.usable.with_suffix(".mapping.lib")
        listed = self.usable.with_suffix(".library.json")
        if self.usable.exists() and self.mapping.exists() and listed.exists():
            found = json.loads(listed.read_text())
        else:
            found = self.prepare(data)
            listed.write_text(json.dumps(found))
        self.cells = found["cells"]  # areas, and which are flip-flops
        self.pins = found["pins"]  # as liberty_cells.parse_cells() found them
        self.full_adder_map = found["full_adder_map"]  # Verilog for Yosys's techmap; empty if there is no full adder
        self.time_unit_ps = found["time_unit_ps"]
        self.name, self.voltage = found["name"], found["voltage"]  # of the library; V
        self.set_drive(driver, load_ff, delay_ps)

    def prepare(self, data):
        text = unpack(self.file, data).decode("utf-8", "replace")
        cells, kept = {}, []
        for name, piece in cell_texts(text):
            described = describe(piece) if name else None
            if name and not described["dont_use"]:
                cells[name] = described
            if not name or not described["dont_use"]:
                kept.append(piece)
        if not cells or not any(cell["flop"] for cell in cells.values()):
            raise LibertyError(f"{self.file}: not a liberty file with standard cells and flip-flops ({len(cells)} cells)")
        self.usable.parent.mkdir(parents=True, exist_ok=True)
        self.usable.write_text("".join(kept))
        # Yosys and ABC read it once per module, and power is nothing to them: two thirds of the text of ASAP7.
        self.mapping.write_text(without_groups("".join(kept), ("internal_power", "leakage_power", "ccsn_first_stage",
                                                               "ccsn_last_stage")))
        pins = {name: cell for name, cell in parse_cells("".join(kept)).items() if name in cells}
        adder = find_full_adder(pins, {name: cell["area"] for name, cell in cells.items()})
        name = re.search(r'^\s*library\s*\(\s*"?([^")\s]+)', text, re.M)
        voltage = re.search(r"\bnom_voltage\s*:\s*\"?([0-9.]+)", text)
        return {"cells": cells, "pins": pins, "full_adder_map": full_adder_map(adder) if adder else "",
                "time_unit_ps": time_unit_ps(text), "name": name.group(1) if name else self.file.name,
                "voltage": float(voltage.group(1)) if voltage else 0.0}

    def set_drive(self, driver, load_ff, delay_ps):
        known = next((cell for cell in DRIVES if cell in self.cells), None)
        buffers = sorted((cell for cell in self.cells if re.search("buf", cell, re.I)), key=lambda c: self.cells[c]["area"])
        self.driver = driver or known or (buffers[0] if buffers else None)
        if self.driver not in self.cells:
            raise LibertyError(f"{self.file}: no cell {self.driver or 'that looks like a buffer'} to drive the inputs")
        load, delay = DRIVES.get(known, (5, 3000))
        self.load_ff, self.delay_ps = load_ff or load, delay_ps or delay

    def has_resets(self):
        return any(cell["flop"] and cell["reset"] for cell in self.cells.values())

    def nand2_area(self):
        """The smallest 2-input NAND: what areas are counted in to compare libraries roughly."""
        found = [cell["area"] for name, cell in self.cells.items() if re.search(r"nand2(?!b)", name, re.I)]
        return min(found) if found else None
