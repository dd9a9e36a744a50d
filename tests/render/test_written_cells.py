"""Which cells of the stages are written while one stage is explained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.render.figure_content.written_cells import count_behind, count_written
from app.render.map_image import hatch_thumbnail
from app.render.view_position import fit_view
from tests.figures import answer, stages

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "written.json").read_text(encoding="utf-8"))


def counts(query: str) -> list[int]:
    trace = answer(query).trace
    assert trace is not None
    view = parse_link(query, Limits()).view
    return count_written(trace, fit_view(trace, view), view.beat)


@pytest.mark.parametrize("case", GOLDEN[::3], ids=range(len(GOLDEN[::3])))
def test_a_stage_is_written_up_to_the_first_cell_that_reads_one_to_come(case: dict[str, Any]):
    (height, width), (rows, columns), (top, bottom), (left, right) = case["size"], case["kernel"], *case["padding"]
    options = "".join(f",{name}={case[name][0]}x{case[name][1]}" for name in ("stride", "dilation"))
    filters = "(" + ";".join([",".join(["1"] * columns)] * rows) + ")"
    before, stage = stages(
        f"size={height}x{width}&layers=conv:{filters}{options},padding=({top},{bottom},{left},{right}),"
        f"padding_mode={case['mode']}"
    )
    assert [[written, count_behind(stage, before, written)] for written, _ in case["counts"]] == case["counts"]


CHAIN = "size=8&layers=conv:sobel-x~relu~maxpool:2~globalavgpool~softmax"


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("stage=1&at=2,3&beat=sum", [64, 15, 15, 3, 0, 0]),
        ("stage=1&at=2,3&beat=write", [64, 16, 16, 3, 0, 0]),
        ("stage=1&at=5,5&beat=write", [64, 36, 36, 9, 1, 1]),
        ("stage=2&at=1,1&beat=write", [64, 36, 8, 1, 0, 0]),
        ("stage=4&beat=window", [64, 36, 36, 9, 1, 1]),
        ("stage=0", [64, 0, 0, 0, 0, 0]),
        ("stage=1&at=0,0&ghost=1", [64, 36, 36, 9, 1, 1]),
    ],
)
def test_stages_before_the_one_in_focus_are_written_and_those_behind_it_as_far_as_they_can_be(view, expected):
    assert counts(f"{CHAIN}&{view}") == expected


def test_a_thumbnail_has_no_color_of_a_cell_to_come():
    colors = np.full((6, 5, 3), 200, np.uint8)
    thumbnail = hatch_thumbnail(colors, 12, 40)
    assert (thumbnail[:2] == (200, 200, 200, 255)).all()
    assert (thumbnail[2, :2] == (200, 200, 200, 255)).all()
    assert {tuple(pixel) for pixel in thumbnail[3:].reshape(-1, 4).tolist()} == {(0, 0, 0, 0), (128, 128, 128, 128)}
    assert hatch_thumbnail(colors, 30, 40).shape == (6, 5, 3)
