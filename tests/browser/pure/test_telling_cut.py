"""Which cut of a picture "Zoom to numbers" shows, against a search through all cuts in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.browser.pure_page import Run

CUT = 'const T = await import("convoscope/pure/maps/telling-cut.js");'


def strongest_block(planes: np.ndarray, high: int, wide: int) -> tuple[int, int, float]:
    """The first block with the largest sum of variances, found by computing all of them."""
    _, rows, columns = planes.shape
    best = (-1, -1, -1.0)
    for row in range(rows - high + 1):
        for col in range(columns - wide + 1):
            block = planes[:, row : row + high, col : col + wide].astype(np.float64)
            contrast = float(block.var(axis=(1, 2)).sum())
            if contrast > best[2] * (1 + 1e-9):
                best = (row, col, contrast)
    return best


@pytest.mark.parametrize(("seed", "channels", "rows", "columns"), [(1, 1, 20, 31), (2, 3, 16, 12), (3, 1, 9, 40)])
def test_the_block_with_most_contrast_is_found(run: Run, seed: int, channels: int, rows: int, columns: int):
    planes = np.random.default_rng(seed).integers(0, 256, (channels, rows, columns)).astype(np.float32)
    found = run(
        f"""{CUT} const planes = given.map((plane) => Float32Array.from(plane.flat()));
        return T.mostContrastyBlock(planes, {rows}, {columns}, 8, 7);""",
        planes.tolist(),
    )
    row, col, _ = strongest_block(planes, 8, 7)
    assert (found["row"], found["col"]) == (row, col)


def test_a_picture_of_one_color_is_cut_in_its_middle(run: Run):
    found = run(f"{CUT} return T.mostContrastyBlock([new Float32Array(20 * 30).fill(7.25)], 20, 30, 8, 8);")
    assert found == {"row": 6, "col": 11}


def axis(size: int, kernel: int = 3, stride: int = 1, around: int = 0) -> dict[str, Any]:
    positions = (size + 2 * around - kernel) // stride + 1
    return {"kernel": kernel, "stride": stride, "dilation": 1, "before": around, "after": around} | {
        "positions": positions,
        "size": size,
    }


def trace_of(picture: np.ndarray, output: np.ndarray, window: dict[str, Any]) -> dict[str, Any]:
    """What the search reads of a trace with one convolution."""
    side, after = picture.shape[0], output.shape[0]
    shared = {"preview": None, "bytes": None, "values": {}, "exact": True}
    image = {"cut": [10, 20, 4 * side, 4 * side], "stored": [300, 300]}
    return {
        "scene": {"layers": [{"op": "conv"}]},
        "stages": [
            {
                "index": 0,
                "reads": [],
                "op": "input",
                "kind": "input",
                "capabilities": [],
                "shape": [1, side, side],
                "image": image,
            }
            | {"rows": None, "columns": None, "output": picture.tolist()}
            | shared,
            {
                "index": 1,
                "reads": [0],
                "op": "conv",
                "kind": "conv",
                "capabilities": ["filters"],
                "shape": [1, after, after],
            }
            | {"rows": window, "columns": window, "output": output.tolist()}
            | shared,
        ],
    }


SEARCH = f"""{CUT}
  const trace = {{...given.trace, stages: given.trace.stages.map((stage) => (
    {{...stage, output: Float32Array.from(stage.output.flat())}}))}};
  const cut = T.findTellingCut(trace, {{stage: 1, map: 0}}, (input) => given.room / input);
  return typeof cut === "string" ? cut : [cut, T.cropOfBlock(trace.stages[0], cut.input)];"""


def test_the_cut_is_where_the_filter_finds_most_and_as_large_as_digits_can_be_read(run: Run):
    picture = np.zeros((30, 30), np.float32)
    output = np.zeros((28, 28), np.float32)
    output[17:21, 5:9] = [[100, -100, 90, 80]] * 4
    trace = trace_of(picture, output, axis(30))
    for room, side in ((320, 8), (400, 10), (600, 12)):
        cut, crop = run(SEARCH, {"trace": trace, "room": room})
        block = cut["input"]
        assert (block["rows"], block["columns"]) == (side, side)
        assert block["row"] <= 17, "the strong cells lie inside"
        assert block["row"] + side - 2 >= 21
        assert block["col"] <= 5
        assert block["col"] + side - 2 >= 9
        assert crop == [10 + 4 * block["row"], 20 + 4 * block["col"], 4 * side, 4 * side], "a cell keeps its size"
        assert cut["output"] == {"row": block["row"], "col": block["col"]}


def test_long_numbers_make_a_cut_of_fewer_cells(run: Run):
    picture, output = np.zeros((30, 30), np.float32), np.full((28, 28), -1020, np.float32)
    cut, _ = run(SEARCH, {"trace": trace_of(picture, output, axis(30)), "room": 500})
    assert cut["input"]["rows"] == 10


def test_a_cut_has_room_for_a_large_filter_and_a_filter_of_a_whole_picture_has_none(run: Run):
    picture = np.zeros((30, 30), np.float32)
    cut, _ = run(SEARCH, {"trace": trace_of(picture, np.zeros((20, 20)), axis(30, kernel=11)), "room": 200})
    assert cut["input"]["rows"] == 12
    refused = run(SEARCH, {"trace": trace_of(picture, np.zeros((3, 3)), axis(30, kernel=28)), "room": 900})
    assert refused == "large-filters"


def test_networks_small_pictures_and_numbers_have_no_cut(run: Run):
    said = run(
        f"""{CUT} const image = {{cut: [0, 0, 9, 9], stored: [90, 90]}};
        const trace = (op, side, image) =>
          ({{scene: {{layers: [{{op}}]}}, stages: [{{shape: [1, side, side], image}}]}});
        return [trace("model", 32, image), trace("conv", 12, image), trace("conv", 30, {{kind: "numbers"}}),
          trace("conv", 13, image)].map(T.whyNoCut);"""
    )
    assert said == ["network", "small", "fixed", None]
