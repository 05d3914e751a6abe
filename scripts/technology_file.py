"""Writes configs/technology/NAME.yaml: what sim/cost reads. Provenance first, then a block per unit."""
import datetime

import yaml

# What a liberty file does not say of itself. Wires: fF per um of routed metal (ORFS setRC; osu018 assumed), sources in
# scripts/calibration/README.md.
KNOWN = {
    "osu018_stdcells": {"name": "osu018", "node_nm": 180, "wire_ff_per_um": 0.15, "corner": "typical, 1.8 V, 25 C",
                        "source": "OSU standard cells (2004), Debian's qflow-tech-osu018: ratios hold, absolute figures do not"},
    "sg13g2_stdcell_typ_1p20V_25C": {"name": "sg13g2", "node_nm": 130, "wire_ff_per_um": 0.173, "corner": "typical, 1.2 V, 25 C",
                                     "source": "IHP SG13G2 open PDK, standard cells (Apache-2.0)"},
    "asap7sc7p5t_AO_RVT_TT_nldm_211120": {"name": "asap7", "node_nm": 7, "wire_ff_per_um": 0.166, "corner": "TT, RVT, 0.7 V, 25 C",
                                          "source": "ASAP7 predictive PDK, 7.5 tracks (Arizona State University, BSD-3): no foundry's figures"},
}
DEFAULT_WIRE_FF_PER_UM = 0.15
LAYOUT = {"cell_growth": 1.2, "utilization": 0.6,
          "source": "OpenROAD-flow-scripts: final over synthesis cell area 1.19 to 1.36 (median), utilization 0.33 to 0.61 of "
                    "macro-free designs"}


def facts_of(library, name=None, node_nm=None):
    """What is known of a library by its name in the liberty file; a user's own needs a name and may have a node."""
    known = dict(KNOWN.get(library, {"name": library.lower(), "node_nm": node_nm or 0, "wire_ff_per_um": DEFAULT_WIRE_FF_PER_UM,
                                     "corner": "as the liberty file", "source": f"liberty file {library}"}))
    if name:
        known["name"] = name
    if node_nm:
        known["node_nm"] = node_nm
    return known


class Flow(dict):
    """A map on one line."""


class Quoted(str):
    """A key that is an expression."""


class Dumper(yaml.SafeDumper):
    pass


Dumper.add_representer(Flow, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True))
Dumper.add_representer(Quoted, lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:str", str(data), style='"'))


def terms(found):
    return Flow({Quoted(term): value for term, value in found.items()})


def component_block(fitted):
    block = {kind: terms(fitted[kind]) for kind in ("area_um2", "leakage_nw", "clock_fj")}
    for kind in ("combinational_fj", "register_fj"):
        block[kind] = {event: terms(by_term) for event, by_term in fitted[kind].items()}
    return block


def text_of(header, units, extra):
    """header: provenance in order; units: {unit: {..., components: fitted}}; extra: sram, dram."""
    document = {key: Flow(value) if key in ("liberty", "tools") else value for key, value in header.items()}
    document["layout"] = LAYOUT
    document["units"] = {}
    for unit, block in units.items():
        out = {key: value for key, value in block.items() if key != "components"}
        for key in ("min_period_ps", "range", "fixed", "names"):
            if key in out:
                out[key] = Flow({k: Flow(v) if isinstance(v, dict) else v for k, v in out[key].items()})
        out["residuals"] = Flow({k: Flow(v) if isinstance(v, dict) else v for k, v in out["residuals"].items()})
        out["components"] = {name: component_block(fitted) for name, fitted in block["components"].items()}
        document["units"][unit] = out
    document.update(extra)
    return (f"# Area and energy of the units of rtl/units with {header['source'].split(';')[0].split(',')[0]}.\n"
            "# Written by scripts/calibrate; configs/technology/README.md says what the figures mean. Do not edit: run the command.\n"
            + yaml.dump(document, Dumper=Dumper, sort_keys=False, width=128, allow_unicode=True))


def today():
    return datetime.date.today().isoformat()
