"""The PNG of a whole figure: its size, its colors and its contents, for every kind of layer."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.number_text import add_plus_sign, format_number
from app.core.scene import View
from app.lab import Lab, LabResult
from app.local_lab import compute_figure
from app.models.library import Models, load_models
from app.render.figure import lay_out_figure, render_figure_png
from app.render.figure.fonts import BUNDLED, FONT_FILES
from app.render.figure.png_backend import draw_picture
from app.render.figure.primitives import CellImage, DisplayList, Line, Rect, TextLine
from app.render.figure.theme import DARK, LIGHT
from app.render.figure_content.step_sentences import write_formula
from app.render.view_position import fit_view
from app.resources import find_resource
from tests.carried import read_link_data
from tests.figures import Store, samples, small_scenes
from tests.web_client import Client, running

EVERYTHING = "−×=÷≈→·…±∞?+0123456789.e éüßñ αλΣ ÅŁő Жя"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.fixture(scope="module")
def lab() -> Lab:
    return Lab(samples(), Store(), Limits(), Models(load_models(find_resource("models/data"))))


def drawn(lab: Lab, query: str, width: int = 1200) -> np.ndarray:
    """Return the PNG as an array (height, width, 3)."""
    link = parse_link(query, Limits())
    assert link.problems == ()
    answer = lab.compute(link.scene)
    assert answer.trace is not None, answer.problems
    return pixels(answer, link.view, width)


def laid_out(lab: Lab, query: str) -> DisplayList:
    """The display list of the figure of a link."""
    link = parse_link(query, Limits())
    answer = lab.compute(link.scene)
    assert answer.trace is not None, answer.problems
    return lay_out_figure(answer.trace, fit_view(answer.trace, link.view))


def pixels(answer: LabResult, view: View, width: int = 1200) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(render_figure_png(answer.trace, view, width))).convert("RGB"))


def has(picture: np.ndarray, color: str, least: int = 1) -> bool:
    """Whether at least `least` pixels have exactly this color."""
    return counts(picture).get(int(color[1:], 16), 0) >= least


def counts(picture: np.ndarray) -> dict[int, int]:
    """How many pixels have each color."""
    values = picture.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    return dict(zip(*(part.tolist() for part in np.unique(values, return_counts=True)), strict=True))


@pytest.mark.parametrize("width", [320, 1200, 2400])
def test_a_picture_has_the_width_that_was_asked_for_and_the_shape_that_links_are_shown_with(client: Client, width: int):
    answer = client.get(f"/api/figure.png?width={width}")
    assert answer.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (width, round(width * 630 / 1200))


def test_without_a_width_it_is_1200_by_630(client: Client):
    assert Image.open(io.BytesIO(client.get("/api/figure.png").content)).size == (1200, 630)


def test_every_cell_is_there_as_a_square_of_its_own_gray(lab: Lab):
    """A picture whose cells all differ."""
    rows = ";".join(",".join(str(12 * row + column) for column in range(12)) for row in range(20))
    picture = counts(drawn(lab, f"image=({rows})&layers=&stage=0"))
    shades = {round(value / 239 * 255) for value in range(240)}
    missing = [shade for shade in shades if picture.get(shade * 0x010101, 0) < 100]
    assert len(missing) < 24  # digits stand on the others, and rounding may go either way


def test_window_filter_and_output_have_their_identity_colors(lab: Lab):
    picture = drawn(lab, "image=face&layers=conv:sobel-x&at=4,3")
    assert picture[0, 0].tolist() == [255, 255, 255]
    for color in ("#0072b2", "#006ba7", "#b34f00", "#00765a", "#008060"):
        assert has(picture, color, 40), color


def test_a_pooling_layer_is_purple_and_its_chosen_cell_is_marked(lab: Lab):
    assert has(drawn(lab, "image=face&layers=maxpool:2&at=3,2"), "#9a4c95", 100)


def test_dark_is_dark_and_auto_is_light(lab: Lab):
    assert has(drawn(lab, "theme=dark"), DARK.surface, 200_000)
    assert has(drawn(lab, ""), LIGHT.surface, 200_000)


def test_later_cells_are_faint_and_the_last_position_shows_all(lab: Lab):
    query = "image=face&layers=conv:sobel-x&beat=write"
    strong = "#b2182b"
    assert not has(drawn(lab, f"{query}&at=0,0"), strong, 3_000)
    assert drawn(lab, f"{query}&at=0,0").mean() > drawn(lab, f"{query}&at=13,9").mean()


@pytest.mark.parametrize(
    "query",
    [
        "stage=0&channels=rgb",
        "image=coffee&channels=rgb&layers=conv:random*4@3x3,groups=1,seed=7~relu~maxpool:2&map=3",
        "image=coffee&channels=rgb&layers=conv:gaussian,groups=3&colors=photo",
        "size=16&layers=conv:random*16@5x5,seed=2~conv:random*2@3x3,groups=1,seed=1&stage=2",
        "size=128&channels=rgb&layers=prepare:photos~conv:photos/conv1&stage=2&map=3",
        "size=64&channels=rgb&layers=prepare:photos~conv:photos/conv1",
        "image=digit-3&size=28&layers=model:lenet5&stage=14",
        "image=digit-3&size=28&layers=model:lenet5&stage=9",
        "image=digit-3&size=28&layers=model:lenet5&stage=8&map=399",
        "image=face&layers=conv:random*1@15x15,seed=1,padding=full",
        "size=512&layers=conv:log~avgpool:2&stage=2",
        "image=(7)&layers=conv:(2)",
        "image=(1,2,3,4,5,6,7,8,9)&layers=conv:(1,1,1)/3,padding=same,padding_mode=reflect~softmax&stage=2",
        "image=face&layers=conv:sobel-x,stride=3,dilation=2,padding=(0,1,2,3)&fit=1&theme=projector",
        "image=face&layers=shift:3x-4~globalavgpool~flatten&stage=3",
        "image=face&layers=shift:3x-4&stage=1&at=0,11",
        f"title={'W' * 120}",
    ],
)
def test_every_kind_of_figure_can_be_drawn_large_and_small(lab: Lab, query: str):
    for width in (320, 900):
        picture = drawn(lab, query, width)
        assert picture.shape == (round(width * 630 / 1200), width, 3)
        assert len(counts(picture)) > 20
        edges = (picture[:2], picture[-2:], picture[:, :2], picture[:, -2:])
        assert all((edge == picture[0, 0]).all() for edge in edges), "something runs over the edge"


@pytest.mark.parametrize("examples", [10, pytest.param(500, marks=pytest.mark.long)])
def test_any_figure_at_all_can_be_drawn_at_every_stage(lab: Lab, examples: int):
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(small_scenes())
    def draw(scene):
        answer = lab.compute(scene, (), True)
        for stage in range(len(answer.trace.stages)):
            pixels(answer, View(stage=stage, beat="products" if stage % 2 else "write"), 400)

    draw()


def test_the_fonts_have_every_character_of_a_figure():
    """A font draws every missing character as the same box."""
    for face in FONT_FILES:
        missing = _drawn_sign("\ue123", face)
        assert [sign for sign in EVERYTHING if sign != " " and _drawn_sign(sign, face) == missing] == []
    assert BUNDLED.measure("0", "mono", 20) == BUNDLED.measure("−", "mono", 20)


def _drawn_sign(sign: str, face) -> bytes:
    line = TextLine("title", 4, 30, sign, "#000000", face, 24)
    return draw_picture(DisplayList(40, 40, LIGHT.surface, (line,)), 40).tobytes()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-405.0, "−405"),
        (7.99996, "8.0"),
        (0.5, "0.5"),
        (-0.33333, "−0.3333"),
        (1e-7, "1e−7"),
        (1e6, "1000000"),
    ],
)
def test_numbers_are_formatted_as_in_the_lab(value: float, text: str):
    assert format_number(value) == text


@pytest.mark.parametrize(
    ("formula", "x", "text"),
    [
        ("max(0, x)", "−5", "max(0, −5)"),
        ("min(max(0, x), 6)", "7", "min(max(0, 7), 6)"),
        ("1 / (1 + e^−x)", "2", "1/(1 + e^(−2))"),
        ("x / (1 + e^−x)", "−2", "−2/(1 + e^(2))"),
        ("x · ½(1 + erf(x/√2))", "−3", "(−3)·½(1 + erf(−3/√2))"),
        ("step(x): 1 if x > 0, else 0", "4", "step(4)"),
        ("|x|", "−0.5", "|−0.5|"),
        ("x if x > 0, else slope · x", "−3", "0.2·(−3)"),
        ("x if x > 0, else slope · x", "3", "3"),
    ],
)
def test_the_law_of_an_activation_is_written_with_its_number(formula: str, x: str, text: str):
    assert write_formula(formula, x, 0.2) == text


def test_a_positive_number_gets_a_plus_sign():
    assert [add_plus_sign(text) for text in ("3", "−3", "0", "0.5")] == ["+3", "−3", "0", "+0.5"]


def test_the_picture_of_a_figure_carries_its_link(client: Client):
    link = "image=face&layers=conv:vertical-edge&at=4,3&beat=products&theme=dark"
    assert read_link_data(client.get(f"/api/figure.png?{link}&width=320").content) == {"version": 2, "link": link}


def test_a_repeated_request_with_the_etag_gets_304(client: Client):
    first = client.get("/api/figure.png?image=face&width=320")
    assert client.get("/api/figure.png?image=face&width=320", if_none_match=first.headers["etag"]).status_code == 304


@pytest.mark.parametrize("query", ["width=10", "width=99999", "width=wide", "image=nobody", "what=ever"])
def test_an_invalid_value_is_refused_with_its_field(client: Client, query: str):
    answer = client.get(f"/api/figure.png?{query}")
    assert answer.status_code == 422
    assert answer.json()["field"] == query.split("=")[0]


def test_a_photo_marks_cells_out_of_range_in_a_corner_and_keeps_its_colors(lab: Lab):
    found = counts(drawn(lab, "image=coffee&channels=rgb&size=24&layers=conv:sharpen,groups=3&at=21,21&beat=write"))
    inside = counts(drawn(lab, "image=coffee&channels=rgb&size=24&layers=conv:gaussian,groups=3&at=21,21&beat=write"))
    assert 500 < found[0x2166AC] < 20_000
    assert 500 < found[0xB2182B] < 40_000
    assert inside.get(0x2166AC, 0) == 0


def test_a_long_sum_shows_its_largest_products_and_the_sum_of_the_rest(lab: Lab):
    written = laid_out(lab, "image=digit-3&size=28&layers=model:lenet5&stage=9&map=3").texts()
    assert "394 more" in written
    assert sum(" × " in text and "(" in text for text in written) >= 1
    assert "their sum" in written
    written = laid_out(lab, "image=digit-3&size=28&layers=model:lenet5&stage=14&map=3").texts()
    assert any(" ÷ " in text and text.endswith("its share of the whole") for text in written)


def test_a_shift_that_reads_nothing_marks_nothing_beside_the_map(lab: Lab):
    link = "image=chelsea&size=2x9&layers=shift:-3x1&at="
    assert [one.part for one in laid_out(lab, link + "1,3").primitives].count("input-window") == 0
    inside = laid_out(lab, "image=chelsea&size=9x9&layers=shift:-3x1&at=1,3")
    assert "input-window" in [one.part for one in inside.primitives]


def test_a_long_line_above_the_result_is_broken_and_not_cut(lab: Lab):
    link = "image=(0.7,0.4;0.3,1/3;8,9.25)&layers=conv:gaussian,padding=1,bias=0.123456&at=1,1&beat=bias"
    lines = laid_out(lab, link).texts("result-before")
    assert len(lines) == 2
    assert re.fullmatch(r"their sum \S+ ÷ 16 \+ bias 0.123456, rounded: .0.\d+", " ".join(lines)), lines


def test_cells_to_come_are_covered_and_said_once_and_ghost_shows_them_faintly(lab: Lab):
    empty = laid_out(lab, "image=face&layers=conv:sobel-x&at=3,2")
    covers = empty.select(Rect, "output-ahead")
    assert covers
    assert all(cover.opacity == 1 for cover in covers)
    assert empty.texts("output-to-come") == ["not computed yet"]
    ghost = laid_out(lab, "image=face&layers=conv:sobel-x&at=3,2&ghost=1")
    assert all(cover.opacity < 1 for cover in ghost.select(Rect, "output-ahead"))
    assert ghost.texts("output-to-come") == []
    assert laid_out(lab, "image=face&layers=conv:sobel-x&at=13,9").select(Rect, "output-ahead") == []


def test_zero_of_a_signed_map_is_dark_in_a_dark_picture(lab: Lab):
    link = "image=(0,0,9,0,0)&layers=conv:(1,0,-1)&at=0,2&beat=write&theme="
    light, dark = (
        laid_out(lab, link + theme).select(CellImage, "output")[0].colors.tolist() for theme in ("light", "dark")
    )
    assert light == [[[0x21, 0x66, 0xAC], [0xF7, 0xF7, 0xF7], [0xB2, 0x18, 0x2B]]]
    assert dark == [[[0x5A, 0xA9, 0xF5], [0x2A, 0x2F, 0x34], [0xF2, 0x71, 0x6B]]]


def test_a_filter_without_a_weight_below_0_has_shades_of_gray(lab: Lab):
    fills = {cell.fill for cell in laid_out(lab, "image=face&layers=conv:gaussian").select(Rect, "filter")}
    assert fills
    assert all(max(parts(fill)) - min(parts(fill)) <= 16 for fill in fills)


def parts(color: str) -> list[int]:
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


@pytest.mark.parametrize("place", ["0,0", "9,4", "13,9", "12,0"])
def test_window_filter_products_and_sum_stand_in_one_column_and_the_line_of_the_sum_crosses_no_written_cell(
    lab: Lab, place: str
):
    figure = laid_out(lab, f"image=face&layers=conv:sobel-x&at={place}&beat=write")
    frames = [figure.select(Rect, f"{part}-frame")[0].box for part in ("window", "filter", "products")]
    result = figure.select(TextLine, "result")[0].box
    middles = [box.center[0] for box in (*frames, result)]
    assert max(middles) - min(middles) < 1
    assert sorted(frames, key=lambda box: box.top) == frames
    assert result.top > frames[-1].bottom
    cells, (row, column) = figure.select(CellImage, "output")[0].box, map(int, place.split(","))
    side = cells.width / 10
    lines = [line for line in figure.select(Line, "hairlines") if line.color == LIGHT.output]
    assert lines
    for line in lines:
        inside = cells.left < max(line.x, line.to_x) and min(line.x, line.to_x) < cells.right
        assert not inside or min(line.y, line.to_y) >= cells.top + (row + 1) * side
    last = lines[-1]
    assert abs(last.to_x - (cells.left + (column + 0.5) * side)) < 1
    assert 0 < last.to_y - (cells.top + (row + 1) * side) < 6


def test_a_large_filter_is_a_picture_with_its_largest_products_in_numbers(lab: Lab):
    figure = laid_out(lab, "image=circle&layers=conv:random*1@9x9,seed=1&at=5,5")
    assert figure.texts("products") == []
    assert "78 more" in figure.texts("bars")


def test_the_weights_stand_in_the_cells_of_the_window(lab: Lab):
    """Each within its cell, in the order of the filter as it is applied, and only where the link asks for them."""
    link = "image=(1,2,3;4,5,6;7,8,9)&layers=conv:(1,-2;3,4),flip=1&at=1,1&beat=write"
    assert laid_out(lab, link).texts("weight-digits") == []
    figure = laid_out(lab, f"{link}&weights=1")
    labels = figure.select(TextLine, "weight-digits")
    assert [one.text for one in labels] == ["×4", "×3", "×−2", "×1"]
    assert min(one.size for one in labels) >= 12
    cells = next(one.box for one in figure.select(CellImage, "input"))
    side = cells.width / 3
    for label, (row, column) in zip(labels, [(1, 1), (1, 2), (2, 1), (2, 2)], strict=True):
        assert cells.left + column * side <= label.box.left < label.box.right <= cells.left + (column + 1) * side
        assert cells.top + (row + 0.5) * side < label.box.top < label.box.bottom <= cells.top + (row + 1) * side
    assert laid_out(lab, "image=coffee&layers=conv:sobel-x&at=3,3&weights=1").texts("weight-digits") == []


def test_the_lines_of_a_sentence_about_a_tie_have_one_size() -> None:
    figure = compute_figure("image=(1,1,1;1,1,1;1,1,1)&layers=conv:(1,0;0,1)~maxpool:2&stage=1&at=0,1&beat=write")
    assert figure.answer.trace is not None
    shown = lay_out_figure(figure.answer.trace, fit_view(figure.answer.trace, figure.view))
    lines = [one for one in shown.primitives if isinstance(one, TextLine) and one.part == "result-after"]
    assert len(lines) == 2
    assert len({one.size for one in lines}) == 1


def test_a_picture_says_that_it_has_no_covered_picture():
    figure = compute_figure("image=cat&channels=rgb&layers=model:cifar10&tab=occlusion")
    assert figure.answer.trace
    drawn = lay_out_figure(figure.answer.trace, fit_view(figure.answer.trace, figure.view))
    said = "The covered picture is not drawn here: open the link to drag the gray square."
    assert drawn.texts("sentence") == [said]
