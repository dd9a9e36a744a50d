"""The story of a stage: what each press of a clicker shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.core.explain.story import list_story
from tests.figures import answer

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "stories.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", GOLDEN, ids=[case["why"][:40] for case in GOLDEN])
def test_each_press_shows_what_the_story_of_its_layer_says(case: dict[str, Any]):
    trace = answer(case["figure"]).trace
    assert trace is not None
    steps = list_story(trace, case["stage"])
    assert [[one.line, one.map, list(one.cell), one.beat, one.is_whole] for one in steps] == case["steps"]


def test_the_opening_figure_is_told_in_12_presses_then_3_then_4():
    trace = answer("").trace
    assert trace is not None
    assert [len(list_story(trace, index)) for index in range(4)] == [1, 12, 3, 4]
