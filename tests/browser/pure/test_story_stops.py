"""The stops of code to paste: the first positions, and the one that tells most."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.pure_page import Run

SCRIPT = """
  const {storyStops} = await import("convoscope/pure/frame/story-stops.js");
  return storyStops(given.stage, given.map, given.at);
"""


def stops(run: Run, shape: list[int], at: list[int] | None = None, map_: int = 0, **stage: Any) -> list[list[int]]:
    found: list[list[int]] = run(SCRIPT, {"stage": {"index": 1, "shape": shape, **stage}, "map": map_, "at": at})
    return found


def test_the_window_makes_three_steps_and_then_goes_to_what_the_author_sees(run: Run) -> None:
    assert stops(run, [1, 30, 30], at=[12, 19]) == [[0, 0], [0, 1], [0, 2], [12, 19]]


def test_without_a_place_the_salient_cell_of_the_map_is_the_last(run: Run) -> None:
    telling = [[4, 4], [7, 2]]
    assert stops(run, [2, 9, 9], map_=1, telling=telling) == [[0, 0], [0, 1], [0, 2], [7, 2]]
    assert stops(run, [1, 9, 9]) == [[0, 0], [0, 1], [0, 2], [8, 8]], "or the last one, where none is known"


@pytest.mark.parametrize("at", [[0, 0], [0, 2]])
def test_a_place_among_the_first_gives_way_to_the_last_position(run: Run, at: list[int]) -> None:
    assert stops(run, [1, 5, 6], at=at) == [[0, 0], [0, 1], [0, 2], [4, 5]]


def test_a_place_outside_the_map_becomes_the_nearest_one(run: Run) -> None:
    assert stops(run, [1, 4, 5], at=[90, 3])[-1] == [3, 3]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ([1, 1, 2], [[0, 0], [0, 1]]),
        ([1, 3, 1], [[0, 0], [1, 0], [2, 0]]),
        ([4, 2, 2], [[0, 0], [0, 1], [1, 0], [1, 1]]),
    ],
)
def test_a_small_map_has_each_position_once(run: Run, shape: list[int], expected: list[list[int]]) -> None:
    assert stops(run, shape) == expected


def test_no_stops_where_no_window_moves(run: Run) -> None:
    assert stops(run, [10, 1, 1]) == [], "a vector"
    assert stops(run, [3, 32, 32], index=0) == [], "the input"
