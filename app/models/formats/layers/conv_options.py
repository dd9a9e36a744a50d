"""What a file may say of its first layer beside the filters: the options that a convolution can have here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ....core.operation_table import CONV_OPTIONS
from ..entries import UnreadableWeights, is_whole, quoted

SIDES = {"stride": 2, "padding": 4, "dilation": 2}
"""The options, and how many whole numbers each is."""
_ROWS = {row.name: row for row in CONV_OPTIONS}


def must_be_possible(options: Iterable[tuple[str, list[Any]]]) -> None:
    """Raises UnreadableWeights for a value that no link could say, KeyError for an option that is not in `SIDES`."""
    for name, sides in options:
        row, count = _ROWS[name], SIDES[name]
        if len(sides) != count or not all(is_whole(side, row.most) and side >= row.least for side in sides):
            raise UnreadableWeights(
                f"The {name} of this convolution is {quoted(' × '.join(map(str, sides)))}; it can be {count} whole "
                f"numbers from {row.least} to {row.most}."
            )
