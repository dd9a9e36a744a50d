"""Colors of maps: scales, bytes, and what cannot be negative, held to golden cases and to random scenes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.core.operation_table import OPERATIONS
from app.core.trace.color_scale import (
    MapColoring,
    Scale,
    choose_map_scale,
    color_values,
    find_beyond,
    make_weight_scale,
    read_coloring,
)
from tests.figures import stages

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "colors.json").read_text(encoding="utf-8"))


def coloring_of(stage) -> MapColoring:
    picture = tuple(stage["picture_scale"])
    single = stage["shape"][1:] == [1, 1]
    return MapColoring(
        stage["colors"], stage["never_negative"], picture, stage["ranges"], single, stage.get("photo_maps", ())
    )


@pytest.mark.parametrize("case", GOLDEN["colors"], ids=lambda case: f"{case['kind']} to {case['high']:g}")
def test_each_value_has_the_golden_bytes(case):
    values, scale = np.array(case["values"], np.float32), Scale(case["low"], case["high"], case["kind"])
    assert color_values(values, scale).tolist() == case["colors"]
    assert color_values(values, scale, is_dark=True).tolist() == case["dark"]


@pytest.mark.parametrize(
    ("weights", "kind", "low"),
    [([[1, 1], [1, 1]], "neutral", 0), ([[0, 0.25]], "neutral", 0), ([[-1, 1]], "signed", -1), ([[0]], "neutral", 0)],
)
def test_a_filter_without_a_weight_below_0_has_a_scale_from_0(weights, kind, low):
    scale = make_weight_scale(weights)
    assert (scale.kind, scale.low) == (kind, low)


@pytest.mark.parametrize("case", GOLDEN["scales"], ids=lambda case: case["stage"]["name"])
def test_each_map_has_the_golden_scale(case):
    coloring = coloring_of(case["stage"])
    for index, colors, scope, (kind, low, high) in case["answers"]:
        assert choose_map_scale(coloring, index, colors, scope) == Scale(low, high, kind)


def never_negative(query: str) -> list[bool]:
    return [stage.info.values.is_never_negative for stage in stages(query)][1:]


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ("conv:sobel-x~relu~conv:sobel-y~leaky_relu", [False, True, False, False]),
        ("conv:sobel-x~relu~maxpool:2~avgpool:2~shift:1x0~flatten~softmax", [False] + [True] * 6),
        ("conv:sobel-x~relu~leaky_relu~tanh~minpool:2~globalavgpool", [False] + [True] * 5),
        ("conv:sobel-x~relu6~step~gelu~silu", [False] + [True] * 4),
        ("conv:sobel-x~gelu~silu~step", [False, False, False, True]),
        ("conv:sobel-x~sigmoid~l2pool:2~globalmaxpool", [False] + [True] * 3),
        ("conv:sobel-x~abs~conv:box-blur,bias=1", [False, True, True]),
        ("conv:sobel-x~abs~conv:box-blur,bias=-1", [False, True, False]),
        ("conv:sobel-x~maxpool:2~avgpool:2~tanh", [False] * 4),
        ("conv:box-blur~conv:sharpen", [True, False]),
    ],
)
def test_a_stage_cannot_be_negative_where_its_layers_say_so(layers, expected):
    assert never_negative(f"size=12&layers={layers}") == expected


def test_numbers_below_0_stay_signed_until_a_layer_removes_them():
    assert never_negative("image=(0,-1;2,3)&layers=maxpool:2~relu") == [False, True]
    assert never_negative("image=(0,1;2,3)&layers=maxpool:2~relu") == [True, True]


@pytest.mark.parametrize("seed", range(40))
def test_no_two_values_of_a_padded_map_share_the_color_of_an_end(seed):
    """Random pictures, filters and padding: the ends of the legend are values of cells, and no cell lies beyond."""
    draw = np.random.default_rng(seed)
    rows, columns = draw.integers(2, 9, 2)
    planes = "".join(
        "(" + ";".join(",".join(map(str, draw.integers(-5, 20, columns))) for _ in range(rows)) + ")"
        for _ in range(draw.integers(1, 4))
    )
    padding, size = draw.choice(["same", "full", "1"]), int(draw.choice([1, 3]))
    following = draw.choice(["", "~relu", "~maxpool:2,padding=1", "~abs~conv:laplacian,padding=1", "~tanh"])
    query = f"image={planes}&layers=conv:random*3@{size}x{size},seed={seed},padding={padding},groups=1{following}"
    for stage in stages(query)[1:]:
        coloring = read_coloring(stage)
        for scope in ("map", "layer"):
            for index, plane in enumerate(stage.output):
                scale = choose_map_scale(coloring, index, "auto", scope)
                shown = stage.output if scope == "layer" or plane.size == 1 else plane
                assert not any(cells.any() for cells in find_beyond(plane, scale))
                assert scale.kind == ("positive" if stage.info.values.is_never_negative else "signed")
                assert scale.high == (np.abs(shown).max() or 1)
                assert scale.low == (0 if scale.kind == "positive" else -scale.high)


def test_each_value_of_a_padded_map_of_nine_cells_has_its_own_color():
    stage = stages("image=(0,1,2;3,4,5;6,7,8)&layers=conv:sobel-x,padding=same")[1]
    values = stage.output.ravel()
    colors = color_values(values, choose_map_scale(read_coloring(stage), 0)).tolist()
    assert sorted(set(values.tolist())) == [-18, -16, -6, 6, 8, 16, 18]
    assert len(set(map(tuple, colors))) == 7


def test_values_beyond_black_and_white_are_found_and_float32_rounding_is_not():
    below, above = find_beyond([-3, 0, 255, 255.00001, 300, 12], Scale(0, 255, "gray"))
    assert below.tolist() == [True, False, False, False, False, False]
    assert above.tolist() == [False, False, False, False, True, False]


def test_a_value_that_is_no_number_has_the_color_of_0():
    assert color_values([float("nan")], Scale(-1, 1)).tolist() == color_values([0.0], Scale(-1, 1)).tolist()


@pytest.mark.parametrize(
    "operation", [row for row in OPERATIONS if row.function and not row.head], ids=lambda row: row.name
)
def test_an_operation_makes_no_negative_values_where_its_row_says_so(operation):
    behavior = operation.values
    draw = np.random.default_rng(3)
    signed = draw.normal(0, 3, (2, 4, 5)).astype(np.float32)
    if behavior.least is not None and behavior.least >= 0:
        assert operation.function(signed).min() >= 0
    if behavior.keeps_sign:
        assert operation.function(np.abs(signed)).min() >= 0


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid")
@pytest.mark.parametrize("kind", ["signed", "positive", "gray"])
@pytest.mark.parametrize("end", [float("inf"), float("nan")])
def test_scales_beyond_all_numbers_have_colors(kind, end):
    assert color_values([-float("inf"), -1.0, 0.0, 1.0, float("inf")], Scale(-end, end, kind)).shape == (5, 3)
