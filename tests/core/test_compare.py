"""Figures side by side: the name of their difference, and what is left of a shift when it is moved back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.compare.difference import ComparedScene, NamedDifference, PictureNames, find_shift, name_difference
from app.core.compare.moved_back import MovedBack, count_unlike, move_back, read_moved_back
from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.scene import Layer, SampleName, Scene, UploadId
from app.core.texts import Text, write_message
from app.core.trace.color_scale import Scale, merge_scales
from app.core.trace.trace import Trace
from app.images.samples import load_samples
from app.lab import Lab
from app.resources import find_resource
from tests.strategies import scenes

PICTURES = PictureNames({"chelsea": "Cat", "coffee": "Coffee"}, frozenset({"chelsea", "coffee", "dandelion"}))
SAME_PHOTO = ", on the same photo"
LAB = Lab(load_samples(find_resource("sample_images")), None, Limits())


def scene(link: str) -> Scene:
    read = parse_link(link, Limits())
    assert not read.problems, link
    return read.scene


def compare(*links: str) -> NamedDifference:
    figures = [parse_link(link, Limits()) for link in links]
    assert not any(one.problems for one in figures), links
    return name_difference([ComparedScene(one.scene, one.view.stage, one.view.map) for one in figures], PICTURES)


def title(*links: str) -> str:
    return write_message(compare(*links).title)


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (("layers=maxpool:9", "layers=avgpool:9"), "max pool and average pool, 9 × 9"),
        (("layers=maxpool:2", "layers=avgpool:2", "layers=minpool:2"), "max pool, average pool and min pool, 2 × 2"),
        (("layers=conv:sobel-x", "layers=conv:sobel-x,stride=2"), "stride 1 and stride 2"),
        (("layers=conv:sobel-x,stride=2x1", "layers=conv:sobel-x"), "stride 2 × 1 and stride 1"),
        (("layers=conv:sobel-x", "layers=conv:sobel-y"), "Sobel x and Sobel y"),
        (("layers=conv:(1,0;0,-1)", "layers=conv:sobel-y"), "the filter (1,0;0,−1) and Sobel y"),
        (("layers=conv:sobel-x", "layers=conv:sobel-x,flip=1"), "correlation and convolution"),
        (("layers=relu", "layers=shift:0x4~relu"), "before and after a shift by 4 columns to the right"),
        (("layers=relu", "layers=shift:0x-1~relu"), "before and after a shift by 1 column to the left"),
        (
            ("layers=relu", "layers=shift:-2x3~relu"),
            "before and after a shift by 2 rows up and 3 columns to the right",
        ),
        (
            ("layers=conv:sobel-x~relu~maxpool:2", "layers=conv:sobel-x~maxpool:2~relu"),
            "ReLU before and after max pool 2 × 2",
        ),
        (("layers=conv:sobel-x", "layers=conv:sobel-x~relu"), "without and with ReLU"),
        (("layers=conv:sobel-x~relu", "layers=conv:sobel-x"), "with and without ReLU"),
        (("layers=conv:sobel-x~relu", "layers=conv:sobel-x~sigmoid"), "ReLU and sigmoid"),
        (("layers=leaky_relu:0.1", "layers=leaky_relu:0.2"), "leaky ReLU 0.1 and leaky ReLU 0.2"),
        (("layers=maxpool:2", "layers=maxpool:3"), "max pool 2 × 2 and max pool 3 × 3"),
        (
            (
                "layers=conv:sobel-x,padding=same,stride=2",
                "layers=conv:sobel-x,padding=1,stride=2",
                "layers=conv:sobel-x,padding=(0,1,0,1),stride=2",
            ),
            "padding same, padding 1 and padding 0 above, 1 below, 0 left, 1 right",
        ),
        (
            ("layers=conv:1@3x3,padding=1", "layers=conv:1@5x5,padding=2", "layers=conv:1@7x7,padding=same"),
            "filter size 3, 5 and 7 with padding 1, 2 and 3",
        ),
        (
            ("layers=conv:box-blur,padding=same", f"layers=conv:({';'.join(['1,1,1,1,1'] * 5)})/25,padding=(2,2,2,2)"),
            "filter size 3 and 5 with padding 1 and 2",
        ),
        (("layers=conv:random*2@3x3", "layers=conv:random*2@5x5"), "filter size 3 and 5"),
        (("layers=conv:1@3x3,padding=1", "layers=conv:1@1x1"), "filter size 3 and 1 with padding 1 and 0"),
        (
            ("layers=conv:1@3x3,padding=1", "layers=conv:1@5x5,padding=1"),
            "filter size 3 and 5",
        ),
        (
            ("layers=conv:1@3x3,padding=1", "layers=conv:1@5x5,padding=2,stride=2"),
            "two differences: filter size 3 and 5 with padding 1 and 2; stride 1 and stride 2",
        ),
        (
            ("layers=conv:sobel-x~conv:sobel-y", "layers=conv:sobel-x~conv:sobel-y,stride=2"),
            "stride 1 and stride 2, in layer 2",
        ),
        (("stage=1", "stage=2"), "stage 1 and stage 2"),
        (
            ("layers=conv:sobel-x,bias=1", "layers=conv:sobel-y,bias=-2"),
            "two differences: Sobel x and Sobel y; bias 1 and bias −2",
        ),
        (("layers=conv:sobel-x", "layers=maxpool:2~relu~maxpool:2"), "different figures"),
    ],
)
def test_the_title_names_the_one_difference(links: tuple[str, ...], expected: str):
    assert title(*links) == expected + SAME_PHOTO


@pytest.mark.parametrize(
    ("adjust", "expected"),
    [
        ("brightness:1.2", "brightness 1 and brightness 1.2"),
        ("turn:-15", "turned by 0° and turned by −15°"),
        ("flip:h", "not mirrored and left and right mirrored"),
        ("shift:0x4", "moved by 0 cells and moved by 4 columns to the right"),
        ("cover:(2,4,8,6)", "nothing covered and 8 × 6 cells covered from row 2, column 4 on"),
        ("noise:10", "noise 0 and noise 10"),
    ],
)
def test_what_changes_the_picture_is_named(adjust: str, expected: str):
    assert title("layers=relu", f"adjust={adjust}&layers=relu") == expected


def test_the_picture_is_named_where_it_is_the_difference_and_else_only_that_it_is_the_same():
    assert title("layers=relu", "image=coffee&layers=relu") == "Cat and Coffee"
    assert title("image=coffee&size=16", "image=coffee&size=64") == "16 × 16 cells and 64 × 64 cells"
    assert title("channels=rgb&layers=maxpool:2", "layers=maxpool:2") == "color and gray"
    numbers = "image=(1,2;3,4)&layers=conv:(1)"
    assert title(numbers, f"{numbers},bias=1") == "bias 0 and bias 1, on the same numbers"
    assert title("image=face&layers=maxpool:2", "image=face&layers=avgpool:2").endswith("on the same picture")
    assert title("layers=relu", "layers=relu") == "the same figure"


def test_figures_of_several_filter_sizes_say_how_they_are_padded():
    sizes = compare(*(f"layers=conv:1@{size}x{size},padding=same" for size in (3, 5, 7)))
    assert [write_message(name) for name in sizes.names] == [
        "F = 3, P = (F − 1)/2 = 1",
        "F = 5, P = (F − 1)/2 = 2",
        "F = 7, P = (F − 1)/2 = 3",
    ]


def test_each_figure_has_a_name_that_says_what_is_special_about_it():
    pools = compare("layers=maxpool:9", "layers=avgpool:9")
    assert [write_message(name) for name in pools.names] == ["max pool", "average pool"]
    shifts = compare("layers=shift:0x4~relu", "layers=relu")
    assert [write_message(name) for name in shifts.names] == ["after the shift", "before the shift"]
    assert compare("layers=conv:sobel-x", "layers=maxpool:2~relu~maxpool:2").names == ()


def shown(scene: Scene) -> Scene:
    """The Scene without what its figure does not show: other pictures of a stack, size and cut of numbers."""
    alone = replace(scene, image=scene.shown_image, batch=(), item=0)
    if isinstance(alone.image, SampleName | UploadId):
        return alone
    return replace(alone, size=(32, 32), crop=None, channels="gray", range="byte")


@settings(max_examples=60)
@given(st.lists(scenes(), min_size=2, max_size=4))
def test_any_figures_have_a_title_and_only_equal_ones_are_called_the_same(drawn: list[Scene]):
    difference = name_difference([ComparedScene(one) for one in drawn])
    text = write_message(difference.title)
    assert text
    assert (text == "the same figure") == (len(set(map(shown, drawn))) == 1)
    assert len(difference.names) in (0, len(drawn))


@settings(max_examples=60)
@given(scenes(), st.integers(0, 16), st.tuples(st.integers(-9, 9), st.integers(-9, 9)))
def test_a_shift_is_found_wherever_it_was_put_in(drawn: Scene, place: int, by: tuple[int, int]):
    plain = replace(drawn, layers=tuple(layer for layer in drawn.layers if layer.op != "shift"))
    index = min(place, len(plain.layers))
    shifted = replace(plain, layers=(*plain.layers[:index], Layer("shift", head=by), *plain.layers[index:]))
    found = find_shift([plain, shifted])
    assert found is not None
    assert (found.before, found.after, found.layer, found.by) == (0, 1, index, by)
    turned = find_shift([shifted, plain])
    assert turned is not None
    assert (turned.before, turned.after) == (1, 0)
    assert find_shift([plain, plain]) is None


def compute(link: str) -> Trace:
    trace = LAB.compute(scene(link)).trace
    assert trace is not None
    return trace


def moved(before: str, after: str, stages: tuple[int, int]) -> MovedBack | Text | None:
    shift = find_shift([scene(before), scene(after)])
    assert shift is not None
    return read_moved_back((compute(before), compute(after)), shift, stages, 0)


@pytest.mark.parametrize("layers", ["conv:sobel-x", "conv:sobel-x,padding=1", "maxpool:3,stride=1", "relu"])
@pytest.mark.parametrize("by", [(0, 4), (2, 0), (-3, 1)])
def test_unlike_cells_are_counted_one_by_one(layers: str, by: tuple[int, int]):
    before, after = (
        f"image=coffee&size=16&layers={layers}",
        f"image=coffee&size=16&layers=shift:{by[0]}x{by[1]}~{layers}",
    )
    found = moved(before, after, (1, 2))
    assert isinstance(found, MovedBack)
    one, other = compute(before).stages[1].output[0], compute(after).stages[2].output[0]
    height, width = one.shape
    compared = unlike = 0
    for row in range(height):
        for column in range(width):
            at = row + by[0], column + by[1]
            if 0 <= at[0] < height and 0 <= at[1] < width:
                compared += 1
                unlike += bool(other[at] != one[row, column])
    assert (found.compared, found.unlike) == (compared, unlike)


def test_a_strided_layer_moves_by_whole_cells_or_cannot_be_moved_back():
    link = "image=coffee&size=16&layers="
    whole = moved(f"{link}maxpool:2", f"{link}shift:0x4~maxpool:2", (1, 2))
    assert isinstance(whole, MovedBack)
    assert whole.by == (0, 2)
    assert whole.unlike == 0
    assert "moved back by 2 columns to the left" in write_message(whole.title)
    half = moved(f"{link}maxpool:2", f"{link}shift:0x1~maxpool:2", (1, 2))
    assert isinstance(half, Text)
    assert "0 × 0.5 cells" in write_message(half)
    assert moved(f"{link}maxpool:2", f"{link}shift:0x1~maxpool:2", (1, 1)) is None


def test_sentences_count_in_words_that_fit():
    plane = np.arange(12, dtype=np.float32).reshape(1, 3, 4)
    before = compute("image=(0,1,2,3;4,5,6,7;8,9,10,11)&layers=").stages[0]
    assert np.array_equal(before.output, plane)
    same = move_back(before, before, 0, (0, 0))
    assert [write_message(one) for one in same.sentences] == ["All 12 cells that are in both maps are alike."]
    other = move_back(before, before, 0, (0, 1))
    assert [write_message(one) for one in other.sentences] == [
        "9 of 9 cells that are in both maps are unlike.",
        "3 more moved out of the map.",
    ]


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0.001, 1e6)), min_size=1, max_size=4))
def test_a_shared_scale_holds_all_scales(ends: list[tuple[float, float]]):
    grays = [Scale(low, low + size, "gray") for low, size in ends]
    merged = merge_scales(grays)
    assert merged.kind == "gray"
    assert merged.low == min(one.low for one in grays)
    mixed = [*grays, Scale(-1.0, 1.0, "signed")]
    shared = merge_scales(mixed)
    assert shared.kind == "signed"
    assert shared.high == max(max(abs(one.low), abs(one.high)) for one in mixed)
    assert shared.low == -shared.high
    assert merge_scales([Scale(0, 3, "gray"), Scale(0, 2, "positive")]) == Scale(0, 3, "positive")


@pytest.mark.parametrize("layers", ["", "conv:sobel-x", "maxpool:2"])
@pytest.mark.parametrize("by", [(0, 4), (-2, 2), (2, 0)])
def test_a_picture_that_is_shifted_on_purpose_is_moved_back_as_a_layer_is(layers: str, by: tuple[int, int]):
    before, after = (
        f"image=coffee&size=16&adjust=brightness:1.1&layers={layers}",
        f"image=coffee&size=16&adjust=brightness:1.1,shift:{by[0]}x{by[1]}&layers={layers}",
    )
    shift = find_shift([scene(before), scene(after)])
    assert shift is not None
    assert (shift.layer, shift.by) == (None, by)
    stage = 1 if layers else 0
    found = moved(before, after, (stage, stage))
    assert isinstance(found, MovedBack)
    step = 2 if layers == "maxpool:2" else 1
    one, other = (compute(link).stages[stage].output[0] for link in (before, after))
    height, width = one.shape
    pairs = [
        (one[row, column], other[row + by[0] // step, column + by[1] // step])
        for row in range(height)
        for column in range(width)
        if 0 <= row + by[0] // step < height and 0 <= column + by[1] // step < width
    ]
    assert (found.compared, found.unlike) == (len(pairs), sum(bool(a != b) for a, b in pairs))


def test_other_changes_of_a_picture_are_no_shift_and_their_cells_are_counted_in_place():
    still, bright = "image=coffee&size=16&layers=relu", "image=coffee&size=16&adjust=cover:(2,3,4,5)&layers=relu"
    assert find_shift([scene(still), scene(bright)]) is None
    both = "image=coffee&size=16&adjust=cover:(2,3,4,5),shift:0x4&layers=relu"
    assert find_shift([scene(still), scene(both)]) is None
    one, other = compute(still).stages[1], compute(bright).stages[1]
    changed = [(r, c) for r in range(16) for c in range(16) if one.output[0, r, c] != other.output[0, r, c]]
    assert count_unlike(one, other, 0) == len(changed) == 20
