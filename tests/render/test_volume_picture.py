"""The picture of a figure with `volume=1`: its numbers against loops, what is drawn of many filters, and its words."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from app.lab import Lab
from app.render.figure import lay_out_figure
from app.render.figure.png_backend import draw_picture
from app.render.figure.primitives import CellImage, DisplayList, Line, Rect, TextLine
from app.render.figure.thumbnail_layout import lay_out_thumbnail
from app.render.views.volume.volume_texts import VOLUME_TEXTS
from tests import oracle
from tests.golden.make_figures import make_lab, open_figure

STRINGS = json.loads((Path(__file__).parents[1] / "golden" / "strings.json").read_text(encoding="utf-8"))
RNG = np.random.default_rng(15)
IMAGE = RNG.integers(0, 3, (3, 5, 5)).tolist()
FILTERS = RNG.integers(-1, 2, (2, 3, 3, 3)).tolist()
BIASES = [1, -2]
MAPS = oracle.conv2d(IMAGE, FILTERS, BIASES, stride=(2, 2), padding=(1, 1, 1, 1))
SIX = "image=coffee&channels=rgb&layers=conv:random*{count}@5x5,groups=1,bias={bias}&at=10,10&beat=write&volume=1"
SAME_IN_A_VOLUME = {
    "volume_filter": ("VOLUME.filterName(3)", {"map": 3}),
    "volume_map": ("VOLUME.mapName(3)", {"map": 3}),
    "volume_bias": ('VOLUME.bias(3, "‹bias›")', {"map": 3, "bias": "‹bias›"}),
    "volume_result": ('VOLUME.result("‹result›")', {"result": "‹result›"}),
    "volume_channel_sum": ('VOLUME.channelSum("‹sum›")', {"sum": "‹sum›"}),
    "volume_place": ("VOLUME.column(1, 3)", {"row": 1, "column": 3}),
    "volume_column": ("VOLUME.columnIs(3)", {"count": 3}),
    "volume_column_of_place": ("VOLUME.placeIs(3)", {"count": 3}),
    "volume_pixel": ("VOLUME.pixelIs", {}),
    "volume_drawn": ("VOLUME.drawn(1, 3)", {"shown": 1, "count": 3}),
    "volume_slices_drawn": ("VOLUME.slicesDrawn(1, 3)", {"shown": 1, "count": 3}),
    "volume_maps_drawn": ("VOLUME.mapsDrawn(1, 3)", {"shown": 1, "count": 3}),
    "volume_all_filters": ("VOLUME.filtersDrawn(3, 3)", {"count": 3}),
    "volume_some_filters": ("VOLUME.filtersDrawn(1, 3)", {"shown": 1, "count": 3}),
    "volume_one_open": ("VOLUME.oneOpen(3)", {"map": 3}),
    "volume_box": ("VOLUME.box(3, 1, 3)", {"slices": 3, "shape": "3 × 1 × 3", "count": 9}),
    "volume_counts": (
        'VOLUME.counts(3, 1, "‹size›")',
        {"filters": 3, "size": "‹size›", "weights": 1, "count": 6},
    ),
    "volume_counts_of_one": ('VOLUME.counts(1, 3, "‹size›")', {"size": "‹size›", "weights": 3, "count": 4}),
    "volume_one_by_one": ("VOLUME.oneByOne", {}),
    "volume_products": ('VOLUME.products(3, "‹sum›")', {"count": 3, "sum": "‹sum›"}),
    "volume_becomes": ('VOLUME.becomes("‹title›", "‹value›")', {"title": "‹title›", "value": "‹value›"}),
    "volume_other": ("VOLUME.others(1)", {}),
    "volume_others": ("VOLUME.others(3)", {"count": 3}),
    "volume_shape": ("VOLUME.shape(1, 3, 3)", {"maps": 1, "rows": 3, "columns": 3}),
    "volume_column_shape": ("VOLUME.columnOf(3)", {"count": 3}),
    "volume_stretched": ('VOLUME.stretched("‹shape›", 3)', {"shape": "‹shape›", "count": 3}),
    "volume_this_pixel": ("VOLUME.pixel", {}),
    "volume_right": ("VOLUME.toTheRight", {}),
    "volume_below": ("VOLUME.below", {}),
    "volume_next_channel": ("VOLUME.nextChannel", {}),
    "volume_neighbor": (
        'VOLUME.neighbor("‹name›", 3, "‹value›")',
        {"index": 3, "name": "‹name›", "value": "‹value›"},
    ),
    "volume_by": ('VOLUME.by("‹name›", 3)', {"name": "‹name›", "by": 3}),
    "volume_went": ('VOLUME.went(["‹one›","‹two›"])', {"neighbors": "‹one›, ‹two›"}),
}


@pytest.fixture(scope="module")
def lab() -> Lab:
    return make_lab()


def lay_out(lab: Lab, link: str) -> DisplayList:
    return lay_out_figure(*open_figure(lab, link))


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def demo(place: tuple[int, int], map: int, beat: str) -> str:
    planes = ["".join(write_grid(plane) for plane in one) for one in (IMAGE, *FILTERS)]
    at = f"{place[0]},{place[1]}"
    layer = f"conv:{planes[1]};{planes[2]},stride=2,padding=1,bias=(1,-2)"
    return f"image={planes[0]}&layers={layer}&at={at}&map={map}&beat={beat}&volume=1"


def write_grid(rows: list[list[int]]) -> str:
    return f"({';'.join(','.join(map(str, row)) for row in rows)})"


def test_every_number_of_the_demo_is_in_its_picture(lab: Lab):
    """Padded slices, both filters with sums and biases, the written outputs, and the depth column."""
    for place, map in product(range(9), range(2)):
        row, column = divmod(place, 3)
        figure = lay_out(lab, demo((row, column), map, "write"))
        padded = [[oracle.at(plane, r - 1, c - 1) for r in range(7) for c in range(7)] for plane in IMAGE]
        digits = [number(one) for one in figure.texts("volume-input-digits")]
        assert digits == [value for plane in padded for value in plane]
        weights = [number(one) for one in figure.texts("volume-filter-digits")]
        assert weights == np.array(FILTERS).ravel().tolist()
        known = [place + 1, place + (map == 1)]
        outputs = [v for k in range(2) for v in np.array(MAPS[k]).ravel().tolist()[: known[k]]]
        assert [number(one) for one in figure.texts("volume-output-digits")] == outputs
        finished = range(map + 1)
        assert [number(one) for one in figure.texts("volume-number")] == [MAPS[k][row][column] for k in finished]
        assert figure.texts("volume-result") == [f"= {text}" for text in figure.texts("volume-number")]
        assert figure.texts("volume-bias") == ["+ b0 = 1", "+ b1 = −2"]
        sums = [
            sum(
                FILTERS[k][c][i][j] * oracle.at(IMAGE[c], 2 * row - 1 + i, 2 * column - 1 + j)
                for i in range(3)
                for j in range(3)
            )
            for k in finished
            for c in range(3)
        ]
        assert [number(one.removeprefix("Σ ")) for one in figure.texts("volume-sum")] == sums


def test_each_beat_adds_one_thing_and_answers_nothing_before(lab: Lab):
    shown = {}
    for beat in ("window", "channel-0", "channel-2", "sum", "bias", "write"):
        figure = lay_out(lab, demo((1, 1), 0, beat))
        shown[beat] = (
            len(figure.texts("volume-sum")),
            len(figure.texts("volume-result")),
            len(figure.texts("volume-output-digits")),
            len(figure.texts("volume-number")),
        )
    assert shown == {
        "window": (0, 0, 8, 0),
        "channel-0": (1, 0, 8, 0),
        "channel-2": (3, 0, 8, 0),
        "sum": (3, 0, 8, 0),
        "bias": (3, 1, 8, 1),
        "write": (3, 1, 9, 1),
    }


def test_the_window_is_a_box_through_all_slices(lab: Lab):
    figure = lay_out(lab, SIX.format(count=1, bias=0))
    windows = [one.box for one in figure.select(Rect, "volume-window")]
    assert len(windows) == 3
    edges = figure.select(Line, "volume-box")
    for left, right in ((windows[0], windows[1]), (windows[1], windows[2])):
        between = [one for one in edges if left.right - 2.1 <= min(one.x, one.to_x) <= right.left]
        assert {round(one.y, 3) for one in between} == {round(left.top + 1, 3), round(left.bottom - 1, 3)}
    said = " ".join(figure.texts("view-says"))
    assert "a box through 3 slices, 3 × 5 × 5: 75 products + b make one number" in said


@pytest.mark.parametrize(("count", "heading"), [(5, "All 5 filters"), (6, "All 6 filters"), (16, "All 16 filters")])
def test_all_filters_are_small_pictures_in_their_colors(lab: Lab, count: int, heading: str):
    biases = [3 * k - 4 for k in range(count)]
    link = SIX.format(count=count, bias=f"({','.join(map(str, biases))})")
    trace, position = open_figure(lab, link)
    figure = lay_out_figure(trace, position)
    assert figure.texts("volume-heading") == [heading]
    pictures = figure.select(CellImage, "volume-small")
    assert len(pictures) == 3 * count
    weight = trace.stages[1].weight
    assert weight is not None
    for picture, (k, c) in zip(pictures, product(range(count), range(3)), strict=True):
        red, blue = picture.colors[..., 0].astype(int), picture.colors[..., 2].astype(int)
        assert np.array_equal(np.sign(red - blue), np.sign(weight[k, c]))
    open_bias, *small = figure.texts("volume-bias")
    assert open_bias == f"+ b0 = {str(biases[0]).replace('-', '−')}"
    assert small == [f"+ b{k} = {str(bias).replace('-', '−')}" for k, bias in enumerate(biases)]


def test_of_64_filters_16_are_drawn_around_the_chosen_one_and_the_picture_says_so(lab: Lab):
    figure = lay_out(lab, f"{SIX.format(count=64, bias=1)}&map=40")
    assert figure.texts("volume-heading") == ["16 of 64 filters"]
    names = [one for one in figure.texts("volume-name") if re.fullmatch(r"W\d+", one)]
    assert names == ["W40", *(f"W{k}" for k in range(32, 48))]
    assert len(figure.select(Rect, "volume-open")) == 1
    assert "Filter 40 is open" in " ".join(figure.texts("view-says"))


def test_a_relu_behind_two_filters_stands_beside_their_sums(lab: Lab):
    picture, filters = [[1, -2, 3], [4, 5, -6], [7, 8, 9]], [[[[1, 0], [0, -1]]], [[[2, 1], [-1, 0]]]]
    sums = oracle.conv2d([picture], filters, [-1, 4])
    layers = f"conv:{write_grid(filters[0][0])};{write_grid(filters[1][0])},bias=(-1,4)~relu"
    link = f"image={write_grid(picture)}&layers={layers}&stage=1&at=1,0&volume=1"
    written = lay_out(lab, f"{link}&map=1&beat=write")
    pairs = [number(one) for one in written.texts("volume-number")]
    assert pairs == [v for k in range(2) for v in (sums[k][1][0], max(0, sums[k][1][0]))]
    said = written.texts("view-says")
    for k in range(2):
        value = str(max(0, sums[k][1][0]))
        assert any(one == f" → ReLU: {value}" for one in said)
    before = lay_out(lab, f"{link}&map=1&beat=bias")
    assert [number(one) for one in before.texts("volume-number")] == [*pairs[:3]]


def test_red_green_and_blue_of_one_place_stand_together_with_their_color(lab: Lab):
    trace, position = open_figure(lab, "image=coffee&channels=rgb&layers=&stage=0&at=10,12&volume=1")
    figure = lay_out_figure(trace, position)
    rgb = [round(float(value)) for value in trace.stages[0].output[:, 10, 12]]
    assert [number(one) for one in figure.texts("volume-number")] == rgb
    assert [one.fill for one in figure.select(Rect, "volume-pixel")] == ["#{:02x}{:02x}{:02x}".format(*rgb)]


def test_a_picture_of_3072_numbers_is_one_column_that_has_lost_its_structure(lab: Lab):
    figure = lay_out(lab, "image=cat&channels=rgb&layers=model:linear10&stage=2&map=1300&volume=1")
    (column,) = figure.select(CellImage, "volume-column")
    assert column.colors.shape == (3072, 1, 3)
    starts = [one.split(":")[0] for one in figure.texts("volume-neighbor")]
    assert starts == ["1,300", "1,301", "1,332", "2,324"]
    said = " ".join(figure.texts("view-says"))
    assert "The spatial structure is lost" in said
    assert "to the right 1, below 32, next channel 1,024" in said


@pytest.mark.parametrize(
    "link",
    [
        demo((0, 1), 1, "write"),
        SIX.format(count=6, bias=1),
        SIX.format(count=64, bias=0.0625),
        "image=coffee&channels=rgb&size=56&layers=conv:random*64@1x1,groups=1~conv:random*32@1x1,groups=1&stage=2"
        "&at=20,20&volume=1",
        "image=coffee&channels=rgb&layers=conv:random*2@3x3,groups=1,seed=3,bias=(10,-20)~relu&stage=1&map=1&volume=1",
        "image=cat&channels=rgb&layers=model:linear10&stage=2&map=1300&volume=1",
        "image=digit-3&size=28&layers=model:lenet5&stage=5&map=4&volume=1",
    ],
)
def test_nothing_leaves_the_sheet_or_is_too_small_to_read(lab: Lab, link: str):
    figure = lay_out(lab, link)
    for one in figure.select(TextLine):
        assert one.box.left >= 0
        assert one.box.right <= figure.width, one.text
        assert one.box.bottom <= figure.height, one.text
        assert one.size >= 11.5, one.text
    assert draw_picture(figure, 1200).size == (1200, 630)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_thumbnail_of_a_volume_has_its_slices_and_filters(lab: Lab, theme: str):
    trace, position = open_figure(lab, f"{SIX.format(count=6, bias=1)}&theme={theme}")
    thumbnail = lay_out_thumbnail(trace, position)
    assert len(thumbnail.select(CellImage, "volume-input")) == 3
    assert len(thumbnail.select(CellImage, "volume-small")) == 18
    for one in thumbnail.select(CellImage):
        assert one.box.left >= 0
        assert one.box.right <= thumbnail.width
        assert one.box.bottom <= thumbnail.height


def test_an_open_view_and_single_numbers_have_no_volume(lab: Lab):
    view = lay_out(lab, f"{SIX.format(count=6, bias=1)}&tab=equation")
    assert view.texts("view-law") or view.texts("view")
    assert view.texts("volume-name") == []
    scores = lay_out(lab, "image=(1,2,3)&layers=flatten~softmax&stage=2&volume=1")
    assert scores.texts("volume-name") == []


def test_the_picture_of_a_volume_says_what_the_page_says():
    assert VOLUME_TEXTS.keys() == SAME_IN_A_VOLUME.keys()
    said = {code: VOLUME_TEXTS[code].format(**params) for code, (_, params) in SAME_IN_A_VOLUME.items()}
    assert said == {code: STRINGS[key] for code, (key, _) in SAME_IN_A_VOLUME.items()}


@pytest.mark.parametrize("map", [0, 1])
def test_a_cell_that_is_asked_for_is_to_come_and_so_are_those_of_other_filters(lab: Lab, map: int):
    figure = lay_out(lab, f"{demo((1, 1), map, 'window')}&predict=cell")
    known = np.array(MAPS[map]).ravel().tolist()[:4]
    assert [number(one) for one in figure.texts("volume-output-digits")] == known
