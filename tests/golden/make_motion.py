"""Makes motion.json: the times of what moves, which transition leads from a step to another, and totals that count.

Written from what a step is, with decimals of Python; nothing is shared with the program. Run from the checkout:
`python -m tests.golden.make_motion`.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("motion.json")
TIMINGS = {
    "slide": 180,
    "lift": 200,
    "nextChannel": 60,
    "merge": 160,
    "each": 40,
    "stagger": 400,
    "subtotal": 120,
    "gather": 180,
    "hold": 80,
    "bias": 220,
    "arc": 230,
    "pulse": 250,
    "stage": 450,
    "share": 0.8,
    "fastest": 4,
    "shortest": 80,
    "full": 2,
}
BEATS = {
    "conv": ["window", "products", "sum", "write"],
    "colors": ["window", "channel-0", "channel-1", "channel-2", "sum", "bias", "write"],
    "pool": ["window", "sum", "write"],
    "average": ["window", "sum", "write"],
    "pointwise": ["window", "sum", "write"],
    "linear": ["window", "products", "sum", "bias", "write"],
    "softmax": ["window", "products", "sum", "write"],
    "input": ["write"],
}
NEVER_IN_NUMBERS = ("linear", "softmax", "input")


def name_transition(kind: str, before: tuple[str, int], after: tuple[str, int], brief: bool) -> str | None:
    """What moves between two beats, each with the number of its position; None where nothing does."""
    beats, numbers = BEATS[kind], not brief and kind not in NEVER_IN_NUMBERS
    (old, here), (new, there) = before, after
    if here != there:
        return "window" if numbers and new == "window" else "slide"
    if not numbers or beats.index(new) <= beats.index(old):
        return None
    if new == "sum" and kind in ("pool", "pointwise"):
        return "pick"
    return "channel" if new.startswith("channel") else new


def plans() -> list[dict[str, Any]]:
    cases = []
    for kind, beats in BEATS.items():
        pairs = [((old, 0), (new, 0)) for old in beats for new in beats if old != new]
        pairs += [((old, 0), (new, 1)) for old in (beats[0], beats[-1]) for new in (beats[0], beats[-1])]
        for before, after in pairs:
            for brief in (False, True):
                name = name_transition(kind, before, after, brief)
                cases.append({"kind": kind, "before": before, "after": after, "brief": brief, "name": name})
    return cases


def times() -> list[dict[str, float]]:
    """At most 80 % of the beat, nothing above 4×, nothing that is too quick to be seen."""
    cases = []
    for own in (180, 380, 480, 720):
        for tempo in (0.25, 0.5, 1, 2, 4, 5, 8):
            for seconds in (0.6, 0.35, 0.22, 0.02):
                beat = seconds * 1000 / tempo
                time = min(own, 0.8 * beat)
                moves = tempo <= 4 and time >= 80
                cases.append({"own": own, "beat": beat, "tempo": tempo, "time": time if moves else 0})
    return cases


def totals() -> list[dict[str, Any]]:
    cases = []
    for terms, signed in (
        (["−27", "0", "+138", "−44", "0", "+282", "−26", "0", "+137"], True),
        (["0.25", "−0.5", "+1", "−0.75"], True),
        (["679", "−334", "97"], False),
        (["73", "26", "51", "7"], False),
        (["1.5e−7", "3"], False),
        (["", "3"], False),
    ):
        plain = [term.replace("−", "-") for term in terms]
        known = all(term and "e" not in term for term in plain)
        places = max((len(term.partition(".")[2]) for term in plain), default=0)
        total, texts = Decimal(0), []
        for term in plain if known else []:
            total += Decimal(term)
            sign = "+" if signed and total > 0 else "−" if total < 0 else ""
            texts.append(f"{sign}{abs(total):.{places}f}")
        cases.append({"terms": terms, "signed": signed, "totals": texts})
    return cases


if __name__ == "__main__":
    parts = {"plans": plans(), "times": times(), "totals": totals()}
    rows = {
        name: ",\n".join(json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in cases)
        for name, cases in parts.items()
    }
    made = ",\n".join(f'"{name}":[\n{lines}\n]' for name, lines in rows.items())
    FILE.write_text(f'{{"timings":{json.dumps(TIMINGS)},\n{made}}}\n', encoding="utf-8")
