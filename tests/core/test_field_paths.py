"""The paths from the picture to a cell: as an oracle counts them, and as a filter of ones adds them up."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from app.core.views.field import find_field
from app.core.views.field_paths import count_paths
from tests.number_scenes import make_trace

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "fields.json").read_text(encoding="utf-8"))


def test_paths_are_those_of_the_golden_file() -> None:
    for case in GOLDEN:
        trace = make_trace(case["link"])
        for one in case["cells"]:
            counts = count_paths(trace, find_field(trace, len(trace.stages) - 1, 0, *one["cell"]))
            assert counts.ravel().tolist() == [down * across for down, across in product(*one["paths"])], case["link"]


@pytest.mark.parametrize(
    "layers",
    [
        "conv:(1,1,1;1,1,1;1,1,1)~conv:(1,1;1,1)",
        "conv:(1,1,1;1,1,1;1,1,1),stride=2,padding=1~conv:(1,1,1;1,1,1;1,1,1)",
        "conv:(1,1;1,1),dilation=2~conv:(1,1,1;1,1,1;1,1,1)",
        "conv:(1,1,1;1,1,1;1,1,1),padding=1~add:0",
        "conv:(1,1;1,1)~upsample:2~conv:(1,1,1;1,1,1;1,1,1)",
        "conv:(1,1;1,1)~convtranspose:(1,1,1;1,1,1;1,1,1),stride=2",
    ],
)
def test_a_filter_of_ones_adds_up_as_many_ones_as_there_are_paths(layers: str) -> None:
    """The value of the cell for a picture with a single 1 is the number of paths from there."""
    blank = np.zeros((9, 9), int)
    trace = make_trace(f"image={write(blank)}&layers={layers}")
    last = len(trace.stages) - 1
    row, column = (size // 2 for size in trace.stages[last].output.shape[1:])
    field = find_field(trace, last, 0, row, column)
    counts = count_paths(trace, field)
    box = field[-1]
    for r, c in product(range(0, 9, 2), range(1, 9, 3)):
        blank[r, c] = 1
        lit = make_trace(f"image={write(blank)}&layers={layers}").stages[last].output[0, row, column]
        blank[r, c] = 0
        is_inside = box.rows[0] <= r <= box.rows[1] and box.columns[0] <= c <= box.columns[1]
        assert (counts[r - box.rows[0], c - box.columns[0]] if is_inside else 0) == round(float(lit)), (r, c)


def write(picture: np.ndarray) -> str:
    return f"({';'.join(','.join(map(str, line)) for line in picture.tolist())})"
