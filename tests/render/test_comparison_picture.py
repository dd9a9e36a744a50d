"""The picture of figures side by side: all maps on one scale, one place, the difference, and nothing over anything."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from app.core.compare.difference import PictureNames
from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.images.samples import load_samples
from app.lab import Lab
from app.render.comparison.comparison_sheet import HEIGHT, WIDTH, lay_out_comparison
from app.render.figure.primitives import CellImage, DisplayList, Rect
from app.resources import find_resource

LAB = Lab(load_samples(find_resource("sample_images")), None, Limits())
NAMES = PictureNames({}, frozenset({"chelsea"}))
SOBELS = ("layers=conv:sobel-x", "layers=conv:sobel-y")
SHIFTED = ("layers=conv:sobel-x,padding=1", "layers=shift:-2x4~conv:sobel-x,padding=1&stage=2")
FOUR = (*SOBELS, "layers=conv:sharpen", "layers=maxpool:2")
PADDINGS = tuple(
    f"image=checkerboard&size=8&layers=conv:sobel-x,padding={padding},stride=2"
    for padding in ("same", "1", "(0,1,0,1)")
)


def lay_out(*links: str, view: str = "") -> DisplayList:
    traces, scenes, views = {}, {}, {}
    for letter, link in zip("abcd", links, strict=False):
        read = parse_link(f"{link}{view}", Limits())
        assert not read.problems
        answer = LAB.compute(read.scene)
        assert answer.trace
        traces[letter], scenes[letter], views[letter] = answer.trace, answer.scene, read.view
    return lay_out_comparison(traces, scenes, views, NAMES)


def test_the_title_says_the_difference_and_each_figure_its_name_and_its_line():
    made = lay_out(*SOBELS, view="&at=3,4&beat=write")
    assert made.texts("title") == ["Sobel x and Sobel y, on the same photo"]
    assert made.texts("letter") == ["a", "b"]
    assert made.texts("name") == ["Sobel x", "Sobel y"]
    lines = made.texts("line")
    assert len(lines) == 2
    assert all(line.startswith("row 3, column 4, their sum + bias 0 = ") for line in lines)


def test_all_results_have_one_scale_whose_ends_are_written_once():
    made = lay_out(*SOBELS)
    peaks = []
    for link in SOBELS:
        trace = LAB.compute(parse_link(link, Limits()).scene).trace
        assert trace
        peaks.append(float(np.abs(trace.stages[1].output).max()))
    label, low, high = made.texts("output-legend")
    assert (label, float(low.replace("−", "-")), float(high)) == ("all results", -max(peaks), max(peaks))
    weaker = made.select(CellImage, "output")[peaks.index(min(peaks))].colors
    stronger = made.select(CellImage, "output")[peaks.index(max(peaks))].colors
    paleness = [int(colors.min(axis=2).min()) for colors in (weaker, stronger)]
    assert paleness[0] > paleness[1]


def test_cells_of_all_figures_have_one_size():
    made = lay_out(*FOUR)
    sides = {round(one.box.width / one.colors.shape[1], 6) for one in made.select(CellImage, "input", "output")}
    assert len(sides) == 1


def test_a_shift_is_moved_back_in_the_picture_and_its_unlike_cells_are_orange():
    made = lay_out(*SHIFTED)
    (moved,) = made.select(CellImage, "moved")
    orange = (moved.colors == (213, 94, 0)).all(axis=2)
    before, after = (LAB.compute(parse_link(link, Limits()).scene).trace for link in SHIFTED)
    assert before
    assert after
    one, other = before.stages[1].output[0], after.stages[2].output[0]
    unlike = sum(bool(other[row - 2, column + 4] != one[row, column]) for row in range(2, 32) for column in range(28))
    assert int(orange.sum()) == unlike
    assert f"{unlike} of 840 cells" in " ".join(made.texts("line"))


def test_a_figure_without_the_place_says_so_and_has_no_mark():
    made = lay_out("layers=conv:sobel-x", "layers=maxpool:8", view="&at=10,10&beat=write")
    assert "There is no row 10, column 10 in this map, which is 4 × 4." in " ".join(made.texts("line"))
    assert len(made.select(Rect, "output-cell")) == 3  # of one figure: three lines of one frame


@pytest.mark.parametrize("links", [SOBELS, SHIFTED, FOUR, PADDINGS, (*SOBELS, "layers=relu")])
@pytest.mark.parametrize("view", ["", "&at=1,1&beat=sum&theme=dark", "&fit=1"])
def test_nothing_lies_outside_or_over_anything_else(links: tuple[str, ...], view: str):
    made = lay_out(*links, view=view)
    images = [one.box for one in made.select(CellImage, "input", "output", "moved")]
    parts = ("title", "note", "letter", "name", "input-title", "output-title", "line", "sign")
    texts = [one.box for part in parts for one in made.primitives if getattr(one, "text", "") and one.part == part]
    for box in (*images, *texts):
        assert box.left >= -0.5
        assert box.top >= 0
        assert box.right <= WIDTH + 0.5
        assert box.bottom <= HEIGHT
    for one, other in combinations([*images, *texts], 2):
        across = min(one.right, other.right) - max(one.left, other.left)
        down = min(one.bottom, other.bottom) - max(one.top, other.top)
        assert across <= 0.5 or down <= 0.5, (one, other)
