"""The picture of a layer on a signal: its numbers against NumPy, its equations, names and wires, and where they lie."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from app.lab import Lab
from app.render.figure import lay_out_figure
from app.render.figure.primitives import DisplayList, Line, Rect, TextLine
from app.render.figure.thumbnail_layout import lay_out_thumbnail
from app.render.views.signal.signal_texts import SIGNAL_TEXTS
from tests.golden.make_figures import make_lab, open_figure

STRINGS = json.loads((Path(__file__).parents[1] / "golden" / "strings.json").read_text(encoding="utf-8"))
LINE = "image=(3,1,4,1,5,9)&layers=conv:(1,-1),stride=2,bias=1&signal=1&index=1"
OWNERS = {
    "signal_full": "kinds.full",
    "signal_own": "kinds.own",
    "signal_shared": "kinds.shared",
    "signal_full_is": "kindIs.full",
    "signal_own_is": "kindIs.own",
    "signal_shared_is": "kindIs.shared",
    "signal_numbers": 'numbers(3, "‹text›")',
    "signal_one_number": 'numbers(1, "‹text›")',
    "signal_part_drawn": "partDrawn(1, 3)",
    "signal_equations_drawn": "equationsDrawn(1, 3)",
    "signal_as_it_stands": 'asItStands("‹letter›")',
    "signal_turned": 'turned("‹letter›")',
    "signal_here": 'here("‹numbers›", "‹cell›")',
    "signal_rounded": 'rounded("‹rest›")',
}


@pytest.fixture(scope="module")
def lab() -> Lab:
    return make_lab()


def lay_out(lab: Lab, link: str) -> DisplayList:
    return lay_out_figure(*open_figure(lab, link))


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def test_each_text_is_that_of_the_page():
    assert set(OWNERS) == set(SIGNAL_TEXTS)
    for code, owner in OWNERS.items():
        params = {"count": "‹text›", "drawn": 1, "all": 3, "letter": "‹letter›", "numbers": "‹numbers›"}
        written = SIGNAL_TEXTS[code].format(**params, cell="‹cell›", rest="‹rest›")
        assert written == STRINGS[f"SIGNAL.{owner}"], code


def test_one_neuron_has_its_window_its_wires_and_its_equation(lab: Lab):
    figure = lay_out(lab, f"{LINE}&at=0,1&beat=write")
    assert [number(text) for text in figure.texts("view-number")] == [3, 1, 4, 1, 5, 9, 3, 4]
    assert figure.texts("view-sum") == ["h₂ = w₁·x₃ + w₂·x₄ + b = 1·4 + (−1)·1 + 1 = 4"]
    assert figure.texts("view-cell-name") == ["x₁", "x₂", "x₃", "x₄", "x₅", "x₆", "h₁", "h₂", "h₃"]
    assert figure.texts("view-label") == ["w₁", "w₂"]
    assert figure.texts("view-identity") == ["w₁ = 1", "w₂ = −1", "b = 1"]
    assert figure.texts("view-legend") == ["Color: which weight, not its value."]
    assert figure.texts("input-title", "window") == []
    assert len(figure.select(Line, "view-wire")) == 3  # two weights, and the bias
    assert len(figure.select(Line, "view-output-hatch")) == 3


@pytest.mark.parametrize("beat", ["window", "products", "sum", "write"])
def test_nothing_is_written_before_its_beat(lab: Lab, beat: str):
    figure = lay_out(lab, f"{LINE}&at=0,1&beat={beat}")
    (line,) = figure.texts("view-sum")
    assert ("1·4" in line) == (beat != "window")
    assert line.endswith("= 4") == (beat in ("sum", "write"))
    assert len(figure.texts("view-number")) == 6 + 1 + (beat == "write")


def test_all_neurons_have_their_equations_and_those_to_come_their_law(lab: Lab):
    figure = lay_out(lab, f"{LINE}&at=0,2&beat=write&neuron=map")
    assert [line.split(" = ")[-1] for line in figure.texts("view-sum")] == ["3", "4", "−3"]
    assert len(figure.select(Line, "view-wire")) == 9
    figure = lay_out(lab, f"{LINE}&at=0,0&beat=window&neuron=map")
    assert figure.texts("view-sum") == [f"h{n} = w₁·x{a} + w₂·x{b} + b" for n, a, b in ("₁₁₂", "₂₃₄", "₃₅₆")]


def test_the_three_wirings_have_their_counts(lab: Lab):
    figure = lay_out(lab, f"{LINE}&neuron=full")
    assert figure.texts("view-kind") == ["fully connected", "local", "shared"]
    assert figure.texts("view-count") == [
        "3 · (6 + 1) = 21 numbers",
        "3 · (2 + 1) = 9 numbers",
        "2 + 1 = 3 numbers",
    ]
    wires = {kind: figure.select(Line, f"view-wire-{kind}") for kind in ("full", "own", "shared")}
    assert {kind: len(lines) for kind, lines in wires.items()} == {"full": 18, "own": 6, "shared": 6}
    assert [len({line.color for line in lines}) for lines in wires.values()] == [1, 6, 2]


def test_two_filters_are_two_rows_and_padding_is_0_outside(lab: Lab):
    x = [1, 2, 3, 4, 5]
    right = [np.correlate(x, [1, 2]) + 1, np.correlate(x, [2, -1])]
    link = "image=(1,2,3,4,5)&layers=conv:(1,2);(2,-1),bias=(1,0)&map=1&at=0,2&beat=write&signal=1"
    figure = lay_out(lab, link)
    assert [number(text) for text in figure.texts("view-number")[5:]] == [*right[0][:3], *right[1][:3]]
    figure = lay_out(lab, "image=(1,2,3,4,5)&layers=conv:(1,2,1),padding=0x1&at=0,0&beat=write&signal=1")
    assert figure.texts("view-number")[:7] == ["0", "1", "2", "3", "4", "5", "0"]
    assert figure.texts("view-sum")[0].startswith("h₀ = w₀·0 + w₁·x₀ + w₂·x₁ + b")


def test_two_signals_are_convolved_with_the_turned_filter_under_the_window(lab: Lab):
    link = "image=(1,2,3)&layers=conv:(0,1,0.5),flip=1,padding=full&signal=1&beat=write&at=0,"
    right = np.convolve([1, 2, 3], [0, 1, 0.5])
    starts = []
    for n in range(5):
        figure = lay_out(lab, f"{link}{n}")
        assert number(figure.texts("view-sum")[0].split("= ")[-1]) == right[n]
        assert "y[n] = b + Σ g[i]·x[n·S − P + (F − 1 − i)·D]" in figure.texts("view-law")[0]
        assert figure.texts("view-law")[-1] == "here F = 3, S = 1, P = 2, D = 1: x[n − i]"
        names = [one for one in figure.select(TextLine, "view-cell-name") if one.text.startswith("g")]
        assert [one.text for one in names] == ["g₂", "g₁", "g₀", "g₀", "g₁", "g₂"]
        starts.append((names[0].x, names[3].x))
    assert [one for one, _ in starts] == sorted(one for one, _ in starts)
    assert len({one for one, _ in starts}) == 5
    assert len({one for _, one in starts}) == 1


LINKS = [
    f"{LINE}&at=0,1&beat=write",
    f"{LINE}&at=0,2&beat=write&neuron=map",
    f"{LINE}&neuron=full&theme=dark",
    "image=(1,2,3,4,5)&layers=conv:(1,2);(2,-1);(1,1);(0,1),bias=1&map=3&at=0,2&beat=write&signal=1",
    "image=random*1@1x256,seed=3&layers=conv:(1,2,4,2,1)/10,padding=0x2&signal=1&at=0,100&beat=write",
    "image=random*1@1x512,seed=3&layers=conv:random*1@1x15,padding=causal&signal=1&at=0,500&beat=write&neuron=map",
    "image=(3,1,4,1,5,9)&layers=conv:(1,-1)~relu~maxpool:1x2&stage=3&signal=1&beat=write",
    "image=(3,1,4,1,5,9)&layers=globalavgpool&signal=1&beat=write",
    "image=(1,2)&layers=convtranspose:(1,2,3),stride=2&at=0,2&beat=write&signal=1",
    "image=(1,2,3)&layers=linear:random*4,seed=1&map=1&beat=write&signal=1",
    "image=(-1,-2,-3)&layers=&signal=1",
]


@pytest.mark.parametrize("link", LINKS)
def test_everything_lies_on_the_sheet_and_no_text_on_another(lab: Lab, link: str):
    figure = lay_out(lab, link)
    texts = [one for one in figure.select(TextLine) if one.text]
    for one in texts:
        box = one.box
        assert box.left >= 0, one
        assert box.right <= figure.width, one
        assert box.top >= 0
        assert box.bottom <= figure.height, one
    says = [one.box for one in texts if one.part in ("view-sum", "view-legend", "view-law")]
    circles = [one.box for one in figure.select(Rect, "view-input", "view-output", "view-filter")]
    for box in says:
        assert not any(
            box.left < other.right and other.left < box.right and box.top < other.bottom and other.top < box.bottom
            for other in circles
        )


@pytest.mark.parametrize("link", LINKS[:7])
def test_a_thumbnail_shows_the_signal(lab: Lab, link: str):
    figure = lay_out_thumbnail(*open_figure(lab, link))
    assert figure.select(Rect, "view-input")
    assert all(one.size >= 7.5 for one in figure.select(TextLine, "view-number"))


def test_maps_of_several_rows_and_questions_keep_their_maps(lab: Lab):
    for link in ("image=face&layers=conv:sobel-x&signal=1", f"{LINE}&predict=cell&at=0,1"):
        assert not lay_out(lab, link).select(Rect, "view-input")


def test_names_of_many_digits_are_apart(lab: Lab):
    figure = lay_out(lab, LINKS[4])
    names = sorted((one.x, one.width) for one in figure.select(TextLine, "view-cell-name") if one.text[0] == "x")
    assert all(a[0] + a[1] / 2 < b[0] - b[1] / 2 for a, b in pairwise(names))
    assert all(re.fullmatch("[xh][₀-₉]+", one) for one in figure.texts("view-cell-name"))
