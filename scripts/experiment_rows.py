"""Rows of experiments, and how they are printed."""
import dataclasses
import textwrap


@dataclasses.dataclass
class Row:
    case: str
    ours: str
    other: str = "-"
    ratio: float = None
    cycles: str = ""  # the reason: what the cycles went to, or the area
    variant: bool = False  # of the row above


def ratio_text(row):
    return "" if row.ratio is None else f"{row.ratio:.2f}"


def print_text(title, heading, rows, _):
    print(f"{title}\n")
    cases = [("  " if row.variant else "") + row.case for row in rows]
    width = max(len(case) for case in cases + ["case"])
    print(f"  {'case':<{width}}  {'ours':>10}  {heading:>16}  ours/{heading}")
    for case, row in zip(cases, rows):
        print(f"  {case:<{width}}  {row.ours:>10}  {row.other:>16}  {ratio_text(row):>5}".replace("\u00a0", " ").rstrip())
        for line in textwrap.wrap(row.cycles, 110):
            print(f"        {line}".replace("\u00a0", " "))
    print()


def print_markdown(title, heading, rows, reason):
    print(f"**{title}**\n\n| case | ours | {heading} | ours/{heading} | {reason} |\n|---|---|---|---|---|")
    for row in rows:
        cells = [("... " if row.variant else "") + row.case, row.ours, row.other, ratio_text(row), row.cycles]
        print("| " + " | ".join(cells).replace("\u00a0", " ") + " |")
    print()
