from __future__ import annotations

import json
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.problems import Problem
from app.core.scene import Planes, Scene, ShapeFilters, View
from app.core.trace.stage_json import stage_to_json
from tests import chain_oracle
from tests.figures import lab, small_scenes, stages
from tests.strategies import scenes

FIGURES = json.loads((Path(__file__).parents[1] / "golden" / "worked-figures.json").read_text(encoding="utf-8"))
WORKED = [name for name, figure in FIGURES.items() if isinstance(figure, dict)]


def numbers(planes) -> str:
    return "".join(f"({';'.join(','.join(map(str, row)) for row in plane)})" for plane in planes)


def worked_link(figure) -> str:
    image = f"image={numbers(figure['image'])}"
    stride = figure.get("stride", 1)
    if "pool" in figure:
        return f"{image}&layers={figure['pool']}pool:{figure['kernel_size']},stride={stride}"
    filters = ";".join(map(numbers, figure["weight"]))
    bias = f",bias=({','.join(map(str, figure['bias']))})" if "bias" in figure else ""
    return f"{image}&layers=conv:{filters},stride={stride},padding={figure.get('padding', 0)}{bias}"


@pytest.mark.parametrize("name", WORKED)
def test_a_worked_figure_of_the_lectures_comes_out_as_it_is_printed(name):
    stage = stages(worked_link(FIGURES[name]))[1]
    assert stage.output.tolist() == FIGURES[name]["output"]
    assert stage.info.exact


@pytest.mark.parametrize("shape", [row for row in FIGURES["shapes"] if row["input"][1] <= 64])
def test_sizes_and_parameters_are_those_of_the_lectures(shape):
    channels, height, width = shape["input"]
    image = numbers([[["0"] * width] * height] * channels)
    k, f = shape["filters"], shape["kernel"]
    layer = f"conv:random*{k}@{f}x{f},stride={shape['stride']},padding={shape['padding']}"
    many = lab(filters=96)
    trace = many.compute(Scene(image=planes_of(image), layers=layers_of(layer))).trace
    meta = stage_to_json(trace.stages[1])
    assert meta["shape"] == shape["output"]
    assert meta["parameters"] == shape.get("parameters", k * (f * f * channels + 1))
    assert meta["multiply_adds"] == k * f * f * channels * shape["output"][1] * shape["output"][2]
    assert meta["rows"]["fits"] == shape.get("fits", True)


def planes_of(text: str) -> Planes:
    return Planes(tuple(tuple(tuple(row.split(",")) for row in plane.split(";")) for plane in text[1:-1].split(")(")))


def layers_of(text: str):
    return parse_link(f"layers={text}", Limits(filters=96)).scene.layers


@pytest.mark.parametrize("row", FIGURES["receptive_field"])
def test_receptive_fields_are_those_of_the_lectures(row):
    k = row["kernel"]
    chain = "~".join([f"conv:random*1@{k}x{k}"] * row["layers"])
    assert stage_to_json(stages(f"size=16&layers={chain}")[-1])["receptive_field"] == [row["size"]] * 2


def test_receptive_field_and_jump_grow_through_strides_and_not_through_activations():
    chain = stages("size=32&layers=conv:random*1@5x3,stride=2~relu~maxpool:2~conv:random*1@3x3,dilation=2")
    assert [stage_to_json(stage)["receptive_field"] for stage in chain] == [[1, 1], [5, 3], [5, 3], [7, 5], [23, 21]]
    assert [stage_to_json(stage)["jump"] for stage in chain] == [[1, 1], [2, 2], [2, 2], [4, 4], [4, 4]]


@pytest.mark.parametrize("last", ["softmax", "flatten~conv:1x1", "globalavgpool", "maxpool:2~flatten~softmax"])
def test_what_reads_all_cells_sees_the_whole_picture(last):
    assert stage_to_json(stages(f"size=6x8&layers={last}")[-1])["receptive_field"] == [6, 8]


@pytest.mark.parametrize(
    ("chain", "seen", "whole"),
    [
        ("conv:random*2@5x5,padding=full~softmax~conv:box-blur", [6, 8], True),  # no more than there is
        ("conv:random*1@3x3~flatten~softmax~relu", [6, 8], True),
        ("conv:random*1@6x8", [6, 8], True),
        ("conv:random*1@3x3,stride=4~globalavgpool", [3, 7], False),  # the last rows are not read
        ("shift:2x-3~globalmaxpool", [4, 5], False),  # what is moved out is not read
        ("conv:random*1@3x3,padding_mode=circular,padding=1,stride=9~relu", [6, 8], True),
        ("conv:random*1@2x2,padding_mode=reflect,padding=(1,0,1,0),stride=9", [2, 2], False),
        ("flatten~relu", [1, 1], False),
    ],
)
def test_the_receptive_field_of_what_reads_everything_is_the_input_that_exists(chain, seen, whole):
    info = stages(f"size=6x8&layers={chain}")[-1].info
    assert (list(info.receptive_field.size), info.sees_whole_input) == (seen, whole)


@settings(max_examples=60, deadline=None)
@given(small_scenes())
def test_where_each_cell_reads_everything_the_receptive_field_lies_in_the_input(scene):
    trace = lab(multiply_adds=500_000, trace_bytes=500_000).compute(scene, (), repair=True).trace
    _, height, width = trace.stages[0].output.shape
    for stage in trace.stages:
        rows, columns = stage.info.receptive_field.size
        if "reads_all" in stage.info.operation.capabilities or stage.info.operation.pools_whole_maps:
            assert 1 <= rows <= height
            assert 1 <= columns <= width
        if stage.info.sees_whole_input:
            assert (rows, columns) == (height, width)


# --- every stage against loops ------------------------------------------------------------------------------------


def computed(scene: Scene):
    """The nearest figure that nested loops compute quickly."""
    return lab(multiply_adds=20_000, trace_bytes=20_000).compute(scene, (), repair=True).trace


def filters_drawn(stage, layer, groups):
    """The numerators of one group's list, not turned, cropped to the size that each filter was drawn in."""
    back = slice(None, None, -1) if layer.get("flip") else slice(None)
    is_shape = [isinstance(one, ShapeFilters) for one in layer.filters]
    own = len(stage.weight) // (1 if is_shape == [True] else groups)
    weight = stage.weight[:own, :, back, back].tolist()
    if not any(is_shape):
        weight = stage.weight[:own, :, back, back].astype(int).tolist()
    sizes = []
    for one in layer.filters:
        size = (one.height, one.width) if hasattr(one, "height") else None
        sizes += [size] * getattr(one, "count", 1)
    return [[crop(plane, size) for plane in one] if size else None for one, size in zip(weight, sizes, strict=True)]


def crop(plane, size):
    top, left = (len(plane) - size[0]) // 2, (len(plane[0]) - size[1]) // 2
    return [row[left : left + size[1]] for row in plane[top : top + size[0]]]


def plain_numbers(output):
    """The values as Python's own numbers, whole ones as int."""
    is_whole = output.size and np.all(output == np.rint(output))
    return np.vectorize(int, otypes=[object])(output).tolist() if is_whole else output.tolist()


def assert_stage_is_the_oracle(stage, layer, trace):
    before, *joined = (trace.stages[index] for index in stage.info.reads)
    x, others = plain_numbers(before.output), [plain_numbers(one.output) for one in joined]
    drawn = filters_drawn(stage, layer, stage_to_json(stage)["groups"]) if layer.filters else None
    if layer.op == "linear" and not isinstance(layer.head, Planes):
        drawn = plain_numbers(stage.weight.reshape(len(stage.weight), 1, 1, -1))
    expected = np.array(chain_oracle.apply(layer, x, drawn, others), np.float64)
    assert stage.output.dtype == np.float32
    assert list(stage.output.shape) == stage_to_json(stage)["shape"]
    assert stage.output.shape == expected.shape
    if stage.info.exact:
        assert np.array_equal(stage.output, expected.astype(np.float32))
        return
    sizes = [np.abs(one.output.astype(np.float64)).max() for one in (before, *joined)]
    size = sum(sizes) + np.prod(sizes) if joined else sizes[0]
    if stage.plan.law:
        size = max(size, np.abs(expected).max())
    if stage.weight is not None:
        size = largest_sum(stage, size)
    assert np.abs(stage.output - expected).max() <= 1e-5 * size + 1e-6


def largest_sum(stage, largest: float) -> float:
    """The largest that a weighted sum of values up to `largest` can be, with its bias."""
    divisors = np.array(stage_to_json(stage)["divisors"], float) * stage_to_json(stage)["scales"]
    return float(
        (
            np.abs(stage.weight).reshape(len(stage.weight), -1).sum(axis=1) / divisors * largest + np.abs(stage.bias)
        ).max()
    )


@settings(max_examples=150)
@given(small_scenes())
def test_every_stage_is_what_nested_loops_make_of_the_stage_before(scene):
    trace = computed(scene)
    assert len(trace.stages) == len(trace.scene.layers) + 1
    for stage, layer in zip(trace.stages[1:], trace.scene.layers, strict=True):
        if not any("cut off" in note for note in stage_to_json(stage)["notes"]):
            assert_stage_is_the_oracle(stage, layer, trace)


@pytest.mark.long
@settings(max_examples=1500)
@given(small_scenes())
def test_thousands_of_chains_are_what_nested_loops_make_of_them(scene):
    trace = computed(scene)
    for stage, layer in zip(trace.stages[1:], trace.scene.layers, strict=True):
        if not any("cut off" in note for note in stage_to_json(stage)["notes"]):
            assert_stage_is_the_oracle(stage, layer, trace)


# --- what is exact ------------------------------------------------------------------------------------------------


def exact(query: str) -> list[bool]:
    return [stage.info.exact for stage in stages(query)]


def test_whole_numbers_stay_exact_through_a_whole_lecture():
    assert exact("size=16&layers=conv:sobel-x~relu~maxpool:2~conv:laplacian~abs~globalavgpool") == [True] * 7


@pytest.mark.parametrize(
    ("layer", "is_exact"),
    [
        ("conv:box-blur,padding=same", True),  # summed first, divided last
        ("conv:(0.5,0.25)", True),  # 2 and 1 over 4
        ("conv:(1/3,-1/7)/5,bias=0.1", True),
        ("conv:(0.000001,999999)", False),  # no float32 holds such numerators
        ("conv:(999999.99999999)", False),  # rounds to a whole number, but is none
        ("conv:(60000)", True),
        ("conv:(70000)", False),  # 255 · 70000 is beyond 2^24
        ("conv:(65000),bias=900000", False),
        ("avgpool:2", True),
        ("l2pool:2", True),
        ("leaky_relu", False),
        ("sigmoid", False),
        ("softmax", False),
        ("shift:1x1", True),
        ("flatten", True),
    ],
)
def test_a_stage_is_exact_only_where_float32_holds_every_sum(layer, is_exact):
    assert exact(f"image=(255,3;40,255)&layers={layer}") == [True, is_exact]


def test_what_follows_a_division_or_a_fraction_is_no_longer_exact():
    assert exact("size=8&layers=conv:box-blur~conv:sobel-x") == [True, True, False]
    assert exact("size=8&layers=conv:sobel-x,bias=0.5~conv:sobel-x") == [True, True, False]
    assert exact("size=8&layers=avgpool:2~maxpool:2") == [True, True, False]
    assert exact("size=8&range=unit&layers=conv:sobel-x") == [False, False]
    assert exact("image=(0.5,1)&layers=relu") == [False, False]
    assert exact("image=(4,8)/4&layers=relu") == [True, True]


def test_a_division_rounds_once():
    (value,) = stages("image=(999999)&layers=conv:(16)/999983,bias=0.1")[1].output.flat
    assert value == np.float32(16 * 999999 / 999983 + 0.1)


def test_values_beyond_float32_are_clipped_with_a_note_and_never_infinite():
    chain = "~".join(["conv:(1000000)"] * 9 + ["conv:(1);(-1)", "conv:(-1000000)", "l2pool:1", "softmax"])
    made = stages(f"image=(1000000)&layers={chain}")
    assert all(np.isfinite(stage.output).all() for stage in made)
    noted = [stage.info.index for stage in made if stage_to_json(stage)["notes"]]
    assert noted
    assert stage_to_json(made[noted[0]])["notes"] == [
        "Some values exceed the range of float32; they are clipped at ±1e+38."
    ]
    assert not made[noted[0]].info.exact
    json.dumps([stage_to_json(stage) for stage in made], allow_nan=False)


# --- colors, ranges and telling places ----------------------------------------------------------------------------


def colors(query: str) -> list[str]:
    return [stage.info.colors for stage in stages(query)]


def test_filters_that_keep_the_brightness_show_a_picture_and_all_others_a_sign():
    assert colors("size=8&layers=conv:sharpen~maxpool:2~conv:sobel-x~relu") == ["gray", "gray", "gray"] + ["signed"] * 2
    assert colors("size=8&channels=rgb&layers=conv:box-blur,groups=3~flatten") == ["photo", "photo", "gray"]
    assert colors("size=8&channels=rgb&layers=conv:box-blur") == ["photo", "signed"]
    assert colors("size=8&channels=rgb&layers=conv:(299)(587)(114)/1000") == ["photo", "gray"]
    assert colors("size=8&channels=rgb&layers=conv:box-blur;identity,groups=3") == ["photo", "gray"]
    assert colors("size=8&layers=conv:box-blur,bias=1") == ["gray", "signed"]
    assert colors("image=(0,-1)&layers=relu") == ["signed", "signed"]
    assert colors("size=8&layers=sigmoid") == ["gray", "signed"]


def test_the_maps_of_a_color_picture_are_named_and_others_numbered():
    assert stage_to_json(stages("size=8&channels=rgb&layers=conv:sobel-x,groups=3")[1])["labels"] == [
        "sobel-x, red",
        "sobel-x, green",
        "sobel-x, blue",
    ]
    again = stages("size=8&channels=rgb&layers=conv:sobel-x,groups=3~relu~conv:(1)")
    assert stage_to_json(again[3])["labels"] == ["typed"]
    assert stage_to_json(stages("size=8&channels=rgb&layers=conv:sobel-x")[1])["labels"] == ["sobel-x"]
    other = stages("size=8&layers=conv:random*3@3x3~conv:sobel-x,groups=3")
    assert stage_to_json(other[2])["labels"] == ["sobel-x, group 1", "sobel-x, group 2", "sobel-x, group 3"]


def depends_on_padding(stage, before, reached):
    """Whether a cell depends on padding: its window lies partly outside, or covers a cell that depends on it."""
    if not stage_to_json(stage)["rows"]:
        return reached if stage.output.shape == before.output.shape else np.zeros(stage.output.shape[1:], bool)
    result = np.zeros(stage.output.shape[1:], bool)
    for row, column in product(*map(range, result.shape)):
        cells = product(reads(stage_to_json(stage)["rows"], row), reads(stage_to_json(stage)["columns"], column))
        result[row, column] = any(
            not (0 <= r < reached.shape[0] and 0 <= c < reached.shape[1]) or reached[r, c] for r, c in cells
        )
    return result


def reads(axis, position):
    first = position * axis["stride"] - axis["before"]
    return range(first, first + axis["dilation"] * axis["kernel"], axis["dilation"])


@pytest.mark.parametrize(
    "layers",
    [
        "conv:sobel-x,padding=same~relu~maxpool:2",
        "conv:(1,2,1;1,5,1),padding=full,stride=2~conv:sobel-y,padding=1",
        "conv:laplacian,padding=(0,3,1,2),padding_mode=reflect~avgpool:3,padding=1,stride=2,ceil_mode=1~abs",
        "maxpool:3x2,padding=1,stride=1~conv:gaussian,dilation=2,padding=same",
    ],
)
def test_salient_places_leave_out_every_cell_that_depends_on_padding_and_ranges_none(layers):
    made = stages(f"size=13x16&layers={layers}")
    reached = np.zeros(made[0].output.shape[1:], bool)
    for before, stage in pairwise(made):
        reached = depends_on_padding(stage, before, reached)
        assert not reached.all()
        ends = [stage.output.min((1, 2)), stage.output.max((1, 2))]
        assert stage_to_json(stage)["ranges"] == np.stack(ends, 1).tolist()
        assert not any(reached[row, column] for row, column in stage_to_json(stage)["telling"])


def test_the_range_is_that_of_all_cells_where_every_cell_depends_on_padding():
    stage = stages("image=(1,2;3,4)&layers=conv:box-blur,padding=same")[1]
    assert stage_to_json(stage)["ranges"] == [[float(stage.output.min()), float(stage.output.max())]]


def test_cells_that_a_shift_moves_in_count_for_the_range_and_are_not_salient():
    stage = stages("image=(5,6;7,8)&layers=shift:0x1")[1]
    assert stage_to_json(stage)["ranges"] == [[0, 7]]
    assert stage_to_json(stage)["telling"] == [[1, 1]]


def test_a_salient_place_is_kept_by_relu_and_max_pooling():
    conv, relu, pool = stages("")[1:]
    (row, column), (pooled_row, pooled_column) = stage_to_json(conv)["telling"][0], stage_to_json(pool)["telling"][0]
    value = relu.output[0, row, column]
    assert value > 0
    assert value == pool.output[0, row // 2, column // 2]
    assert (pooled_row, pooled_column) == (row // 2, column // 2)


def test_a_salient_place_is_near_the_middle_unless_something_much_stronger_lies_outside():
    near = "(9,0,0,0;0,0,0,0;0,0,6,0;0,0,0,0)"
    far = "(20,0,0,0;0,0,0,0;0,0,6,0;0,0,0,0)"
    dark = "(-1,0,0,0;0,0,-5,0;0,0,0,0;0,0,0,-7)"
    assert stage_to_json(stages(f"image={near}{far}{dark}&layers=")[0])["telling"] == [[2, 2], [0, 0], [3, 3]]


def test_salient_places_of_many_maps_lie_inside_them():
    for stage in stages("size=9x5&channels=rgb&layers=conv:random*4@3x2~flatten~softmax"):
        _, height, width = stage.output.shape
        assert len(stage_to_json(stage)["telling"]) == len(stage_to_json(stage)["ranges"]) == len(stage.output)
        assert all(0 <= row < height and 0 <= column < width for row, column in stage_to_json(stage)["telling"])


# --- as a whole ---------------------------------------------------------------------------------------------------


def test_weights_are_stored_as_they_are_applied():
    turned = stages("image=(1,2;3,4)&layers=conv:(1,2;3,4)/10,flip=1")[1]
    assert turned.weight.tolist() == [[[[4, 3], [2, 1]]]]
    assert (stage_to_json(turned)["divisors"], stage_to_json(turned)["scales"]) == ([10], [1])
    assert turned.output.item() == np.float32(2.0)


def test_no_key_of_a_view_changes_the_scene_that_is_computed():
    said = {"at": "3,4", "pin": "1,1", "beat": "window", "tab": "code", "hide": "strip", "tempo": "2", "mode": "row"}
    said |= {"clicker": "story", "predict": "size", "notes": "a&stops=0,0", "matrix": "windows", "neuron": "map"}
    said |= {"library": "numpy", "program": "chain", "detail": "law", "sweep": "turn", "shapes": "hwc"}
    said["second"] = "1,1"
    words = {"colors": "photo", "scope": "layer", "theme": "dark", "ui": "min", "lock": "strip"}
    for name in View.__slots__:
        link = parse_link(f"size=8&layers=relu&{name}={(said | words).get(name, '1')}", Limits())
        assert link.problems == ()
        assert link.view != View() or name in ("stage",)
        assert link.scene == parse_link("size=8&layers=relu", Limits()).scene
    assert not set(View.__slots__) & set(Scene.__slots__)


def test_the_same_scene_gives_the_same_trace():
    first, second = stages("layers=conv:random*3@3x3,seed=4~relu"), stages("layers=conv:random*3@3x3,seed=4~relu")
    assert all(
        np.array_equal(a.output, b.output) and stage_to_json(a) == stage_to_json(b)
        for a, b in zip(first, second, strict=True)
    )


@settings(max_examples=60)
@given(scenes())
def test_the_metadata_of_a_stage_is_json_and_fits_its_values(scene):
    said = lab(multiply_adds=500_000, trace_bytes=500_000).compute(scene, (), repair=True)
    json.dumps(said.header(), allow_nan=False)
    for stage in said.trace.stages:
        entry = json.loads(json.dumps(stage_to_json(stage), allow_nan=False))
        assert entry["shape"] == list(stage.output.shape)
        if stage.weight is not None:
            assert stage.weight.shape[0] == len(entry["labels"]) == len(entry["bias_text"]) == len(entry["divisors"])
            assert stage.bias.shape == (len(stage.weight),)
    assert all(isinstance(problem, Problem) for problem in said.problems)
