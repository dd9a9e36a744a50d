"""What an exercise of each kind may have, and what its seed draws where an option is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ..core.scene import Pair

MOST_POINTS = 20
MOST_SPECS, MOST_VARIANTS, MOST_TRIES = 20, 200, 10
MOST_SEED = 999_999
MOST_QUESTIONS = 400
"""Exercises in one file: each is computed, and has a picture."""
MOST_MAP_SIDE = 4
LARGEST_ANSWER = 20
"""The numbers of a map lie from −20 to 20."""
LEAST_WRONG = 3
"""So many different wrong answers has every exercise."""


@dataclass(frozen=True, slots=True)
class OptionRange:
    """The least and the most that one may choose, and the values that a seed draws from."""

    least: int
    most: int
    drawn: tuple[int, ...]

    @property
    def ends(self) -> Pair:
        """The least and the most."""
        return self.least, self.most


_WINDOW = {"stride": OptionRange(1, 3, (1,)), "padding": OptionRange(0, 2, (0,))}
_MAP = {
    "size": OptionRange(2, 8, (3, 4, 5)),
    "filter": OptionRange(2, 5, (2, 3)),
    **_WINDOW,
    "channels": OptionRange(1, 3, (1,)),
}
KIND_OPTIONS: Mapping[str, Mapping[str, OptionRange]] = MappingProxyType(
    {
        "cell": {**_MAP, "size": OptionRange(2, 8, (4, 5)), "filter": OptionRange(1, 5, (2, 3))},
        "map": _MAP,
        "size": {
            "size": OptionRange(3, 12, (6, 7, 8, 9, 10)),
            "filter": OptionRange(1, 7, (2, 3, 4, 5)),
            "stride": OptionRange(1, 3, (1, 2, 3)),
            "padding": OptionRange(0, 3, (0, 1, 2)),
        },
        "parameters": {
            "size": OptionRange(3, 8, (4, 5, 6)),
            "filter": OptionRange(1, 7, (2, 3, 4, 5)),
            "channels": OptionRange(1, 3, (1, 2, 3)),
        },
        "field": {"filter": OptionRange(2, 5, (2, 3, 4, 5)), "stride": OptionRange(1, 3, (1, 2, 3))},
        "filter": {key: row for key, row in _MAP.items() if key != "channels"},
        "mistake": _MAP,
    }
)
"""The options of each kind; all have points."""
POINTS = OptionRange(1, MOST_POINTS, (1,))
