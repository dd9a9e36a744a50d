"""The picture of a figure with the view Code: the lines of the program, those of the beat, and what is cut off."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.core.code.dialects import DIALECTS
from app.core.program.program import ProgramPlace, write_program
from app.lab import Lab
from app.render.figure import lay_out_figure
from app.render.figure.png_backend import draw_picture
from app.render.figure.primitives import DisplayList, Rect
from app.render.views.program_drawing import SOURCE, choose_lines
from app.render.views.program_texts import PROGRAM_TEXTS
from tests.golden.make_figures import make_lab, open_figure

SMALL = "image=(1,2,3;4,5,6;7,8,9)&layers=conv:(1,2;3,4),padding=1,bias=2~relu&at=1,2&tab=code"
DEEP = "image=coffee&size=56&channels=rgb&layers=prepare:lenet5~conv:lenet5/conv1.0~relu~maxpool:2&tab=code"
CLIPPED = f"image=(1000000,1)&layers={'~'.join(['conv:(1000000)'] * 7)}&tab=code"
STRINGS = json.loads((Path(__file__).parents[1] / "golden" / "strings.json").read_text(encoding="utf-8"))
OWNERS = {
    "program_stage": 'TABS.programName("‹library›", false)',
    "program_chain": 'TABS.programName("‹library›", true)',
    "program_line": 'TABS.litLines("‹beat›", ["‹one›","‹two›"], true)',
    "program_lines": 'TABS.litLines("‹beat›", ["‹one›","‹two›"], false)',
    "program_chain_lacks": 'TABS.chainLacks("‹library›", 3, "‹title›")',
}


@pytest.fixture(scope="module")
def lab() -> Lab:
    return make_lab()


def lay_out(lab: Lab, link: str) -> DisplayList:
    return lay_out_figure(*open_figure(lab, link))


@pytest.mark.parametrize("library", [one.name for one in DIALECTS])
@pytest.mark.parametrize("program", ["stage", "chain"])
def test_the_program_stands_in_the_place_of_the_maps_as_the_page_writes_it(lab: Lab, library: str, program: str):
    trace, position = open_figure(lab, f"{SMALL}&beat=write&library={library}&program={program}")
    figure = lay_out_figure(trace, position)
    (dialect,) = [one for one in DIALECTS if one.name == library]
    place = ProgramPlace(1, 0, 1, 2, "write", float(trace.stages[1].output[0, 1, 2]))
    written = write_program(trace, place, dialect, SOURCE, program == "chain")
    shown = figure.texts("view-line")
    assert shown[-1] == written.lines[-1]
    assert shown[-1].endswith(f"# {trace.stages[1].output[0, 1, 2]:.0f}")
    if "…" not in shown:
        assert shown == [line for line in written.lines if line]
    else:
        assert set(shown) - {"…"} <= set(written.lines)
    assert figure.texts("input-title", "window", "result") == []
    assert figure.texts("view") == [f"{'The whole chain' if program == 'chain' else 'This stage'} in {dialect.title}"]


@pytest.mark.parametrize(
    ("beat", "lines", "said"),
    [("window", 4, "window: lines 14–17"), ("products", 1, "products: line 18"), ("write", 1, "write: line 19")],
)
def test_the_lines_of_the_beat_are_lit_and_named(lab: Lab, beat: str, lines: int, said: str):
    figure = lay_out(lab, f"{SMALL}&library=numpy&beat={beat}")
    bands = [one.box for one in figure.select(Rect, "view-lit") if one.box.width > 10]
    assert len(bands) == lines
    assert figure.texts("view-says") == [said]
    text = {one.text: one for one in figure.primitives if getattr(one, "part", "") == "view-line"}
    first = "        for i in range(2):" if beat == "window" else "total" if beat == "products" else "        y[0"
    (lit,) = [one for line, one in text.items() if line.strip().startswith(first.strip()) and "= 0" not in line]
    assert bands[0].top <= lit.y <= bands[0].bottom


def test_no_number_is_told_before_the_figure_shows_it(lab: Lab):
    assert lay_out(lab, f"{SMALL}&beat=products").texts("view-line")[-1] == "print(y[0, 1, 2])"


def test_a_long_program_is_cut_around_its_lit_lines_and_says_so(lab: Lab):
    figure = lay_out(lab, f"{DEEP}&library=numpy&program=chain&stage=4&at=0,0&beat=sum")
    shown = figure.texts("view-line")
    assert shown[0] == "…"
    assert any("window.max()" in line for line in shown)
    assert shown[-1].startswith("print(y4[0, 0, 0])")
    lit = [one.box for one in figure.select(Rect, "view-lit")]
    (room,) = [one.box for one in figure.select(Rect, "view-program")]
    assert lit
    assert all(room.top <= box.top and box.bottom <= room.bottom for box in lit)
    assert room.bottom <= 590


def test_long_lines_end_in_dots_inside_the_picture(lab: Lab):
    figure = lay_out(lab, f"{DEEP}&library=numpy&program=chain&stage=2&at=0,0&beat=sum")
    lines = [one for one in figure.primitives if getattr(one, "part", "") == "view-line"]
    assert all(one.box.right <= 1200 - 44 for one in lines)


@pytest.mark.parametrize("most", [5, 8, 30])
@pytest.mark.parametrize("lit", [(0,), (9, 10), (50,), (97, 98), (10, 11, 12, 13, 40)])
def test_the_chosen_lines_hold_the_beat_and_the_last_line(most: int, lit: tuple[int, ...]):
    chosen = choose_lines(100, lit, most)
    assert len(chosen) == most
    assert chosen[-1] == 99
    assert lit[0] in chosen
    kept = [line for line in chosen if line is not None]
    assert kept == sorted(set(kept))
    gaps = [(a, b) for a, b in zip([-1, *chosen], chosen, strict=False) if a is not None and b is not None]
    assert all(b == a + 1 for a, b in gaps)
    assert choose_lines(3, lit, most) == [0, 1, 2]


def test_a_library_without_the_program_says_which_stage_it_lacks(lab: Lab):
    figure = lay_out(lab, f"{CLIPPED}&stage=1&program=chain")
    assert figure.texts("view-says") == [
        "The whole chain is not offered in PyTorch: stage 6, “Convolution”, has no code there.",
        "There is no code for this stage: its values are clipped at ±1e+38, which no library does.",
    ]
    assert figure.texts("view-line") == []
    figure = lay_out(lab, "image=face&size=6&channels=rgb&layers=batchnorm&tab=code&library=scipy")
    assert len(figure.texts("view-says")) == 1
    assert "SciPy" in figure.texts("view-says")[0]


def test_the_picture_says_what_the_page_says():
    given = {"library": "‹library›", "beat": "‹beat›", "lines": "‹one›, ‹two›", "stage": "3", "title": "‹title›"}
    assert {code: text.format(**given) for code, text in PROGRAM_TEXTS.items()} == {
        code: STRINGS[owner] for code, owner in OWNERS.items()
    }


def test_it_can_be_drawn_in_every_theme(lab: Lab):
    for theme in ("light", "dark", "projector"):
        assert draw_picture(lay_out(lab, f"{SMALL}&theme={theme}&library=jax"), 600)
