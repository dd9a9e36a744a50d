"""The picture of the table of filters: its numbers, its maps, its words, and that all of it lies in its cards."""

from __future__ import annotations

import numpy as np
import pytest

from app.lab import Lab
from app.render.figure import lay_out_figure
from app.render.figure.png_backend import draw_picture
from app.render.figure.primitives import CellImage, DisplayList, Rect, TextLine
from app.render.figure.thumbnail_layout import lay_out_thumbnail
from tests.golden.make_figures import make_lab, open_figure

SEVEN = "image=chelsea&size=64&layers=conv:identity;edges-diagonal;laplacian;edges;sharpen;box-blur;gaussian&table=1"
NUMBERS = [
    *("0 0 0 0 1 0 0 0 0", "1 0 −1 0 0 0 −1 0 1", "0 1 0 1 −4 1 0 1 0", "−1 −1 −1 −1 8 −1 −1 −1 −1"),
    *("0 −1 0 −1 5 −1 0 −1 0", "1 1 1 1 1 1 1 1 1", "1 2 1 2 4 2 1 2 1"),
]


@pytest.fixture(scope="module")
def lab() -> Lab:
    return make_lab()


def lay_out(lab: Lab, link: str) -> DisplayList:
    return lay_out_figure(*open_figure(lab, link))


def test_it_has_the_names_the_numbers_and_the_factors_of_the_lectures(lab: Lab):
    figure = lay_out(lab, SEVEN)
    assert figure.texts("view-digits") == [number for row in NUMBERS for number in row.split()]
    assert figure.texts("view-factor") == ["1/9 ×", "1/16 ×"]
    names = ["Input", "Identity", "Diagonal edges", "Laplacian", "Edges, all directions", "Sharpen", "Box blur"]
    assert figure.texts("view-card-name") == [*names, "Gaussian blur"]
    assert "The mean of nine cells: everything finer" in " ".join(figure.texts("view-says"))
    assert figure.texts("input-title", "window", "result") == []


def test_pictures_that_keep_the_brightness_are_gray_and_edges_are_not(lab: Lab):
    pictures = [one.colors for one in lay_out(lab, SEVEN).select(CellImage, "view-map")]
    is_gray = [bool(np.all(colors[..., :1] == colors)) for colors in pictures]
    assert is_gray == [True, True, False, False, False, True, True, True]
    assert np.array_equal(pictures[1], pictures[0][1:-1, 1:-1]), "identity copies the picture"


@pytest.mark.parametrize(
    "link",
    [
        SEVEN,
        f"{SEVEN}&theme=dark&at=20,20",
        "image=cameraman&size=64&layers=conv:gabor-0;gabor-45;gabor-90;gabor-135&table=1",
        "image=coffee&size=24&channels=rgb&layers=conv:sharpen;sobel-x,groups=3&table=1",
        "image=coffee&size=24&channels=rgb&layers=conv:random*40@5x5,seed=1&table=1",
        "image=(1,2;3,4)&layers=conv:(1/3)&table=1",
        "image=coffee&size=24x6&layers=conv:random*3@15x1,seed=1&table=1",
    ],
)
def test_nothing_leaves_the_cards_and_no_card_leaves_the_sheet(lab: Lab, link: str):
    figure = lay_out(lab, link)
    cards = [one.box for one in figure.select(Rect, "view-card")]
    assert cards
    assert all(box.left >= 0 and box.top >= 90 and box.right <= figure.width and box.bottom <= 590 for box in cards)
    parts = [one for one in figure.primitives if isinstance(one, CellImage | TextLine) and one.part.startswith("view-")]
    for one in parts:
        inside = any(
            card.left - 0.5 <= one.box.left
            and one.box.right <= card.right + 0.5
            and card.top - 0.5 <= one.box.top
            and one.box.bottom <= card.bottom + 0.5
            for card in cards
        )
        assert inside or one.part == "view-says", one
    assert draw_picture(figure, 1200).size[0] == 1200


def test_cells_to_come_are_empty_and_without_a_place_there_are_none(lab: Lab):
    def covered(link: str) -> int:
        return sum(one.part == "view-map-ahead" for one in lay_out(lab, link).primitives)

    assert covered(SEVEN) == 0
    assert covered(f"{SEVEN}&at=30,30") > 0
    assert covered(f"{SEVEN}&at=61,61&beat=write") == 0


def test_a_picture_of_many_filters_says_how_many_it_shows(lab: Lab):
    figure = lay_out(lab, "image=coffee&size=24&channels=rgb&layers=conv:random*64@5x5,seed=1&table=1")
    shown = len(figure.select(Rect, "view-card")) - 1
    assert figure.texts("view-says") == [f"{shown} of 64 filters drawn."]


def test_the_thumbnail_has_the_filters_in_colors_and_readable_names(lab: Lab):
    thumbnail = lay_out_thumbnail(*open_figure(lab, SEVEN))
    assert len(thumbnail.select(CellImage, "view-weights")) == 7
    assert len(thumbnail.select(CellImage, "view-map")) == 8
    names = thumbnail.select(TextLine, "view-card-name")
    assert [one.text for one in names][:2] == ["Input", "Identity"]
    assert min(one.size for one in names) >= 7.5


def test_a_layer_without_filters_keeps_its_maps(lab: Lab):
    figure = lay_out(lab, "image=chelsea&layers=conv:sobel-x~maxpool:2&stage=2&table=1")
    assert figure.select(Rect, "view-card") == []
    assert figure.texts("input-title") != []
