"""Which lines of the code of a stage belong to which beat of a step: a rule on the text, for every library."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

BEATS = ("window", "products", "sum", "bias", "write")
"""The beats that lines belong to; the channels of a step, one by one, are its products."""
_RULES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "window": (
            r"^\s*(padded|windows?|column|count|counted|ones|top, left|r, q) = ",
            r"^\s*for [ijn] in ",
            r"^\s*if 0 <= r ",
            r"^x = x\[",
        ),
        "products": (r"^(?!\s*(kernel|turned|spread)\b).*=.*\b(weight|kernel|turned|spread)\b",),
        "powers": (r"^\s*e = ",),
        "sum": (
            r"^\s*\w+(\[.*\])? \+= ",
            r"^\s*(total|sums|maps|means|largest|least) = (?!0$)",
            r"^x = (?!x\[)",
        ),
        "bias": (r"=.*\bbias\b",),
    }
)
"""What the lines of a beat look like; what makes the result is written by the last line."""


@lru_cache(1024)
def find_beat_lines(text: str) -> Mapping[str, tuple[int, ...]]:
    """The lines of each beat, counted from 0, where these are not the last line alone, which makes `y`.

    What makes the window ready or runs over its cells is its beat; a line with a weight the products; what adds up the
    sum. One call of a library does all that no other line does.
    """
    lines = [re.sub(r"\s*#.*", "", line) for line in text.splitlines()]
    last = len(lines) - 1
    found = {
        beat: tuple(index for index, line in enumerate(lines) if any(re.search(rule, line) for rule in rules))
        for beat, rules in _RULES.items()
    }
    found["sum"] = found["sum"] or found["products"]
    found["products"] = found["products"] or found.pop("powers") or found["sum"]
    found["window"] = found["window"] or found["products"]
    return {beat: found[beat] for beat in BEATS if found.get(beat, ()) not in ((), (last,))}
