"""The display list of a figure: what it shows, that nothing in it overlaps, and that a backend can draw it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.scene import View
from app.lab import Lab
from app.render.figure import lay_out_figure
from app.render.figure.png_backend import draw_picture
from app.render.figure.primitives import Box, CellImage, DisplayList, Line, Rect, TextLine
from app.render.view_position import fit_view
from tests.figures import small_scenes
from tests.golden.make_figures import SCENES, describe_figure, make_lab, open_figure

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "figures.json").read_text(encoding="utf-8"))
CROWDED = {
    "a whole-picture filter": "image=cat&channels=rgb&size=32&layers=prepare:linear10~conv:linear10/fc1&stage=2&map=3",
    "64 maps": "image=coffee&channels=rgb&size=32&layers=conv:random*64@3x3,seed=3&map=40",
    "64 channels": "size=16&layers=conv:random*64@3x3,seed=3~conv:random*2@3x3,groups=1,seed=1&stage=2&map=1",
    "a filter of 9 by 9": "image=coffee&size=24&layers=conv:random*1@9x9,seed=1",
    "a filter of 15 by 15": "image=face&layers=conv:random*1@15x15,seed=1,padding=full",
    "one row": f"image=({','.join(str(n % 9) for n in range(40))})&layers=conv:(1,1,-1),padding=(0,0,1,1)",
    "one column": f"image=({';'.join(str(n % 9) for n in range(40))})&layers=conv:(1;1;-1)",
    "a large picture": "size=512&layers=conv:log~avgpool:2&stage=2",
    "one number": "image=(7)&layers=conv:(2)",
    "the input alone": "stage=0&channels=rgb",
    "three large channels": "image=coffee&channels=rgb&layers=conv:random*1@7x7,groups=1,seed=2,bias=0.123456",
    "a long title": f"title={'W' * 120}&image=digit-3&size=28&layers=model:lenet5&stage=3",
    "400 maps": "image=digit-3&size=28&layers=model:lenet5&stage=8&map=399",
    "weights in the window": "image=(1,2,3;4,5,6;7,8,9)&layers=conv:(1,-2;3,4),padding=1&at=0,0&weights=1",
    "a dilated window": "image=face&layers=conv:sobel-x,stride=3,dilation=2,padding=(0,1,2,3)&fit=1",
}
ON_CELLS = ("-digits", "-cell", "-padding", "-to-come")
"""Texts of these parts, and those in the grids of numbers, stand on cells."""
GRIDS = ("window", "filter", "products")


@pytest.fixture(scope="module")
def lab() -> Lab:
    return make_lab()


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
def test_a_figure_shows_what_the_page_shows(lab: Lab, case):
    """The browser tests hold the page to the same file."""
    shown = describe_figure(*open_figure(lab, case["link"]))
    assert json.loads(json.dumps(shown)) == {part: case[part] for part in shown}


@pytest.mark.parametrize("link", [*SCENES.values(), *CROWDED.values()], ids=[*SCENES, *CROWDED])
def test_no_figure_overlaps_itself(lab: Lab, link: str):
    assert list(find_overlaps(lay_out_figure(*open_figure(lab, link)))) == []


@pytest.mark.parametrize("examples", [10, pytest.param(300, marks=pytest.mark.long)])
def test_no_figure_of_any_scene_overlaps_itself(lab: Lab, examples: int):
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(small_scenes(), st.sampled_from(["window", "products", "sum", "write"]), st.booleans())
    def check(scene, beat, fit):
        trace = lab.compute(scene, (), True).trace
        for stage in range(len(trace.stages)):
            figure = lay_out_figure(trace, fit_view(trace, View(stage=stage, beat=beat, fit=fit)))
            assert list(find_overlaps(figure)) == []

    check()


def find_overlaps(figure: DisplayList) -> Iterator[str]:
    """Every text that leaves the sheet, and every pair of a text with another text or with the cells of a map."""
    sheet = Box(0, 0, figure.width, figure.height)
    free = [one for one in figure.select(TextLine) if one.text and not stands_on_cells(one.part)]
    for one in free:
        if not lies_in(one.box, sheet):
            yield f"{one.text} leaves the sheet"
    for one, other in combinations(free, 2):
        if overlap(one.box, other.box):
            yield f"{one.part} {one.text} lies on {other.part} {other.text}"
    solid = [(image.part, image.box) for image in figure.select(CellImage)]
    solid += [(rect.part, rect.box) for rect in figure.select(Rect, *(f"{part}-frame" for part in GRIDS))]
    for text in free:
        for part, box in solid:
            if overlap(text.box, box):
                yield f"{text.part} {text.text} lies on {part}"
    for (part, box), (other_part, other) in combinations(solid, 2):
        if overlap(box, other):
            yield f"{part} lies on {other_part}"
        if not lies_in(box, sheet):
            yield f"{part} leaves the sheet"


def stands_on_cells(part: str) -> bool:
    return part.endswith(ON_CELLS) or part in GRIDS


def lies_in(inner: Box, outer: Box) -> bool:
    return (
        inner.left >= outer.left
        and inner.top >= outer.top
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )


def overlap(one: Box, other: Box) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return wide > 0.01 and high > 0.01


def test_a_backend_draws_primitives_in_their_order_at_any_size():
    figure = DisplayList(
        20,
        10,
        "#ffffff",
        (
            Rect("input", Box(0, 0, 10, 10), "#ff0000"),
            CellImage("input", Box(0, 0, 4, 2), np.array([[[0, 0, 255], [0, 255, 0]]], np.uint8)),
            Rect("input", Box(10, 0, 10, 10), stroke="#000000", stroke_width=2),
            Rect("input", Box(4, 4, 2, 2), "#000000", opacity=0.5),
            Line("input", 12, 5, 18, 5, "#0000ff", 2),
        ),
    )
    for width in (20, 60):
        scale = width // 20
        picture = np.asarray(draw_picture(figure, width))
        colors = {
            at: picture[at[1] * scale, at[0] * scale].tolist() for at in [(1, 1), (3, 1), (8, 8), (10, 3), (15, 7)]
        }
        assert colors == {
            (1, 1): [0, 0, 255],
            (3, 1): [0, 255, 0],
            (8, 8): [255, 0, 0],
            (10, 3): [0, 0, 0],
            (15, 7): [255] * 3,
        }
        assert picture[5 * scale, 5 * scale].tolist() in ([127, 0, 0], [128, 0, 0])
        assert picture[5 * scale, 15 * scale].tolist() == [0, 0, 255]


def test_the_primitives_of_a_part_can_be_selected_by_kind():
    words = (TextLine("title", 0, 0, "a", "#000000", "sans", 9), TextLine("credit", 0, 0, "b", "#000000", "sans", 9))
    figure = DisplayList(10, 10, "#ffffff", (*words, Rect("title", Box(0, 0, 1, 1), "#000000")))
    assert figure.texts() == ["a", "b"]
    assert figure.texts("credit") == ["b"]
    assert len(figure.select(Rect, "title")) == 1
