"""One point of calibration: a unit's netlist, run on operands of a workload, and what it switched. Results are kept in
build/calibration under names made of everything that they depend on."""
import functools
import hashlib
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = ROOT / "build/calibration"


class MeasureError(Exception):
    pass


def digest(*parts):
    sums = hashlib.sha256()
    for part in parts:
        sums.update(part if isinstance(part, bytes) else json.dumps(part, sort_keys=True).encode())
        sums.update(b"\0")
    return sums.hexdigest()[:16]


def lutetia():
    binary = pathlib.Path(os.environ.get("LUTETIA", ROOT / "build/release/lutetia"))
    if not binary.exists():
        raise MeasureError(f"{binary} is not there; scripts/build release lutetia makes it")
    return binary


@functools.lru_cache(maxsize=None)
def program_digest():
    """Of the program itself: its sources may be newer, and every change in it may change a result."""
    return digest(lutetia().read_bytes())


def run(*words):
    result = subprocess.run([str(word) for word in words], cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        tail = "\n".join((result.stdout + result.stderr).strip().splitlines()[-8:])
        raise MeasureError(f"{' '.join(str(word) for word in words)}\nfailed with status {result.returncode}:\n{tail}")
    return result.stdout


def switching(netlist, liberty, operands, wire_ff_per_um, nets=None, vectors=None):
    """What `lutetia switching` says of a netlist under recorded operands, or driven by a .hex file; nets, vectors: files to
    write as well."""
    CACHE.mkdir(parents=True, exist_ok=True)
    key = digest(netlist.read_bytes(), operands.read_bytes(), liberty.sha256, wire_ff_per_um, program_digest())
    file = CACHE / f"switching-{key}.json"
    if not file.exists() or (nets and not nets.exists()) or (vectors and not vectors.exists()):
        more = [word for option, path in (("--nets", nets), ("--vectors", vectors)) if path for word in (option, path)]
        unfinished = CACHE / f"switching-{key}.{os.getpid()}.json"
        try:
            driven = ["--drive"] if operands.suffix == ".hex" else []
            run(lutetia(), "switching", *driven, operands, "--netlist", netlist, "--liberty", liberty.usable, "--wire-ff-per-um",
                wire_ff_per_um, "--out", unfinished, *more)
            unfinished.rename(file)
        finally:
            unfinished.unlink(missing_ok=True)
    return json.loads(file.read_text())
