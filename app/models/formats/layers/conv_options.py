"""Checks the options that a file gives for a convolution."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ....core.ops.layer_options import CONV_OPTIONS
from ....core.texts import make_text
from ..entries import UnreadableWeights, is_whole_number, quote

VALUE_COUNTS = {"stride": 2, "padding": 4, "dilation": 2}
"""The number of values of each option."""
_ROWS = {row.name: row for row in CONV_OPTIONS}


def check_conv_options(options: Iterable[tuple[str, list[Any]]]) -> None:
    """Raises UnreadableWeights for a value that a link cannot contain, KeyError for an unknown option."""
    for name, values in options:
        row, count = _ROWS[name], VALUE_COUNTS[name]
        if len(values) != count or not all(is_whole_number(value, row.most) and value >= row.least for value in values):
            raise UnreadableWeights(
                make_text(
                    "wrong_conv_option",
                    option=name,
                    value=quote(" × ".join(map(str, values))),
                    count=count,
                    least=row.least,
                    most=row.most,
                )
            )
