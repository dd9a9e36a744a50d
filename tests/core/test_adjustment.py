"""The picture changed on purpose: the laws against their definitions, and what it does to a figure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.limits import Limits
from app.core.link.adjust_reader import format_adjustments
from app.core.link.query_string import format_link, parse_link
from app.core.ops.adjustment import adjust_maps
from app.core.scene import Adjustments
from app.local_lab import compute_figure
from app.notebook.user_arrays import read_replacements
from tests import adjust_oracle as oracle


def expected(planes: list, how: Adjustments, is_picture: bool = True, parts: int = 1) -> list:
    """The adjustments without noise, one after the other, rounded once at the end."""
    planes = oracle.brightness(planes, float(how.brightness))
    planes = oracle.contrast(planes, float(how.contrast), is_picture)
    planes = oracle.turn(planes, float(how.turn)) if how.turn != "0" else planes
    planes = oracle.flip(planes, how.flip)
    planes = oracle.shift(planes, *how.shift)
    planes = oracle.cover(planes, how.cover) if how.cover else planes
    planes = oracle.rounded(planes, parts)
    return oracle.clipped(planes) if is_picture else planes


def picture(channels: int, rows: int, columns: int, seed: int = 1) -> np.ndarray:
    drawn = np.random.default_rng(seed).integers(0, 256, (channels, rows, columns))
    return drawn.astype(np.float32)


def input_of(query: str) -> np.ndarray:
    return compute_figure(query).trace.stages[0].output


def notes_of(query: str) -> list[str]:
    return [str(note) for note in compute_figure(query).trace.stages[0].info.notes]


adjusted = st.builds(
    Adjustments,
    brightness=st.sampled_from(["1", "0", "0.5", "1.25", "2", "4"]),
    contrast=st.sampled_from(["1", "0", "0.5", "1.5", "3"]),
    turn=st.sampled_from(["0", "15", "-15", "45", "90", "-90", "180", "-180", "7.5", "133"]),
    flip=st.sampled_from(["", "h", "v", "hv"]),
    shift=st.tuples(st.integers(-9, 9), st.integers(-9, 9)),
    cover=st.none() | st.tuples(*[st.integers(0, 7)] * 2, *[st.integers(1, 9)] * 2),
)


@settings(max_examples=60, deadline=None)
@given(adjusted, st.sampled_from([(1, 5, 5), (3, 4, 6), (1, 1, 7), (1, 8, 1), (3, 5, 5)]))
def test_every_adjustment_follows_its_definition(how: Adjustments, shape: tuple[int, int, int]):
    x = picture(*shape)
    wanted = np.array(expected(x.tolist(), how))
    found = adjust_maps(x, how, 255.0).values
    assert found.dtype == np.float32
    assert np.abs(found - wanted).max() <= (0 if float(how.turn) % 90 == 0 and how.contrast == "1" else 1)
    assert np.mean(found != wanted) < 0.02, "only numbers that lie on a half may be rounded otherwise"


@settings(max_examples=30, deadline=None)
@given(adjusted)
def test_unit_numbers_are_those_from_0_to_255_divided_by_255(how: Adjustments):
    x = picture(3, 5, 6)
    byte = adjust_maps(x, how, 255.0).values
    assert np.array_equal(adjust_maps(x / np.float32(255), how, 1.0).values, byte / np.float32(255))


def test_numbers_that_are_no_picture_have_no_ends_and_are_rounded_to_hundredths():
    x = np.array([[[-3.0, 2.0, 1 / 3], [400.0, 0.125, -7.5]]], np.float32)
    how = Adjustments(brightness="1.5", turn="10")
    found = adjust_maps(x, how, None)
    assert found.values == pytest.approx(np.array(expected(x.tolist(), how, False, 100)), abs=0.0101)
    assert found.values.max() > 255
    assert found.values.min() < 0
    assert found.clipped == 0


@pytest.mark.parametrize("adjust", ["flip:h", "shift:1x-1", "turn:180", "turn:90", "cover:(0,0,1,2)"])
def test_numbers_that_only_move_stay_what_they_are(adjust: str):
    found = input_of(f"image=(1/3,2,3;4,5,-6.125;7,8,9)&adjust={adjust}&layers=")
    assert set(found.flatten().tolist()) <= {np.float32(1 / 3), 2, 3, 4, 5, -6.125, 7, 8, 9, 0}


@pytest.mark.parametrize(("degrees", "rows"), [("90", "3,6,9;2,5,8;1,4,7"), ("-90", "7,4,1;8,5,2;9,6,3")])
def test_a_turn_is_counterclockwise(degrees: str, rows: str):
    turned = [[float(cell) for cell in row.split(",")] for row in rows.split(";")]
    assert input_of(f"image=(1,2,3;4,5,6;7,8,9)&adjust=turn:{degrees}&layers=")[0].tolist() == turned


def test_noise_has_its_deviation_and_is_the_same_each_time():
    plain, one, again, other = (
        input_of(f"image=gradient&size=64&layers=&{query}")
        for query in ("", "adjust=noise:10", "adjust=noise:10", "adjust=noise:10,seed:1")
    )
    inside = (plain > 60) & (plain < 195)  # nothing is clipped there
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert (one - plain)[inside].std() == pytest.approx(10, abs=0.6)
    assert (one - plain)[inside].mean() == pytest.approx(0, abs=0.6)
    assert abs(np.corrcoef((one - plain)[inside], (other - plain)[inside])[0, 1]) < 0.1


def test_noise_comes_before_the_cover():
    assert not input_of("image=coffee&layers=&adjust=noise:60,cover:(3,4,5,6)")[0, 3:8, 4:10].any()


def test_adjustments_are_applied_in_one_order_however_they_are_written():
    named = ("brightness:1.5", "turn:20", "flip:h", "shift:2x3", "noise:5", "cover:(1,1,4,4)")
    link, turned = (parse_link(f"adjust={','.join(parts)}", Limits()) for parts in (named, named[::-1]))
    assert link.scene == turned.scene
    assert format_link(turned.scene) == f"adjust={','.join(named)}"


@pytest.mark.parametrize("channels", ["gray", "rgb"])
@pytest.mark.parametrize("range_", ["byte", "unit"])
def test_it_fits_gray_and_color_crops_and_both_ranges(channels: str, range_: str):
    query = f"image=coffee&size=6x9&crop=10,20,60,90&channels={channels}&layers="
    how = Adjustments(brightness="1.25", turn="25", shift=(1, -2))
    wanted = np.array(expected(input_of(query).tolist(), how))
    found = input_of(f"{query}&range={range_}&adjust={format_adjustments(how)}") * (255 if range_ == "unit" else 1)
    assert np.abs(found - wanted).max() <= 1
    assert np.mean(np.abs(found - wanted) > 0.01) < 0.02


def test_stage_0_changes_and_no_stage_moves():
    plain, changed = (compute_figure(f"image=coffee&layers=conv:sobel-x~relu{more}") for more in ("", "&adjust=flip:h"))
    assert [stage.info.shape for stage in changed.trace.stages] == [stage.info.shape for stage in plain.trace.stages]
    assert np.array_equal(changed.trace.stages[0].output, plain.trace.stages[0].output[:, :, ::-1])


def test_the_input_says_how_it_was_changed_and_what_was_clipped():
    changed, clipped = notes_of("image=coffee&adjust=brightness:3,turn:15&layers=")
    assert changed == "The picture was changed on purpose, in this order: brightness:3, turn:15."
    shown = input_of("image=coffee&adjust=brightness:3,turn:15&layers=")
    turned = np.array(oracle.turn(oracle.brightness(input_of("image=coffee&layers=").tolist(), 3), 15))
    count = np.count_nonzero(turned >= 255.5)
    assert clipped == f"{count} of its 1,024 numbers would lie beyond black or white; they are clipped."
    assert shown.max() == 255


@pytest.mark.parametrize(
    ("adjust", "used", "sentence"),
    [
        (
            "brightness:5",
            "brightness:4",
            "brightness is 5; it can be a number from 0 to 4. The nearest valid value is 4.",
        ),
        ("turn:-200", "turn:-180", "turn is -200; it can be a number from -180 to 180."),
        ("flip:x", "", "flip is x; it can be h, v or hv."),
        ("shift:0x900", "shift:0x512", "shift is 0x900; it can be rows x columns such as 0x1"),
        ("noise:-1", "", "noise is -1; it can be a number from 0 to 128."),
        ("cover:(1,2)", "", "cover is (1,2); it can be top,left,height,width in whole numbers"),
        ("tilt:3", "", "tilt is not a key here; the keys are brightness, contrast, turn,"),
        ("turn", "", "turn has no value; write turn:value."),
        ("turn:5,turn:6", "turn:6", "turn appears more than once; the last one is used."),
    ],
)
def test_what_is_invalid_is_said_and_the_nearest_is_used(adjust: str, used: str, sentence: str):
    link = parse_link(f"adjust={adjust}", Limits())
    assert format_link(link.scene) == (f"adjust={used}" if used else "")
    assert link.problems[0].message.startswith(sentence)


@pytest.mark.parametrize("adjust", ["", "brightness:1.0", "turn:0,shift:0x0", "noise:0,seed:7", "contrast:2/2"])
def test_what_changes_nothing_is_not_in_the_link(adjust: str):
    link = parse_link(f"adjust={adjust}", Limits())
    assert link.scene.adjust is None
    assert not link.problems


@pytest.mark.parametrize(
    ("box", "sentence"),
    [
        ("(30,0,4,4)", "Part of the covered box lies outside the 32 × 32 cells; only the rest is covered."),
        ("(40,0,4,4)", "The covered box lies outside the 32 × 32 cells; nothing is covered."),
    ],
)
def test_a_covered_box_outside_the_input_is_said(box: str, sentence: str):
    assert notes_of(f"image=coffee&adjust=cover:{box}&layers=")[-1] == sentence


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (np.array([[0.5, -300.0], [2.0, 8.125]]), [[0.25, -150.0], [1.0, 4.06]]),  # no picture: hundredths, no ends
        (np.array([[0.0, 1.0], [0.2, 0.6]]), [[0.0, 128 / 255], [26 / 255, 77 / 255]]),  # from 0 to 1: 256 steps
        (np.array([[0, 255], [51, 153]]), [[0, 128], [26, 77]]),  # from 0 to 255: whole numbers
    ],
)
def test_arrays_of_a_notebook_are_changed_too(values: np.ndarray, wanted: list):
    found = compute_figure("adjust=brightness:0.5&layers=", read_replacements(values, None, frozenset({"adjust"})))
    assert found.trace.stages[0].output[0] == pytest.approx(np.array(wanted), abs=1e-6)
