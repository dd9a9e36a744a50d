"""Figures to be exported, as a link says them."""

from __future__ import annotations

from app.export.export_options import ExportOptions
from app.export.exported_figure import ExportedFigure
from app.export.option_reader import read_options
from app.lab import Lab
from app.render.views.response_data import measure_response
from tests.golden.make_figures import make_lab

LAB = make_lab()
GRID = "image=(1,1,1,0,0;0,1,1,1,0;0,0,1,1,1;0,0,1,1,0;0,1,1,0,0)&layers=conv:(1,0,1;0,1,0;1,0,1)&at=0,1"
FACE = "image=face&layers=conv:sobel-x,padding=1~relu&stage=1&at=3,4"
COLORS = "image=coffee&channels=rgb&size=16&layers=conv:random*2@3x3,groups=1,bias=(2,-3)&at=3,4"


def make_figure(link: str, base: str = "", lab: Lab = LAB) -> ExportedFigure:
    answer, view = lab.compute_link(link)
    assert answer.trace is not None, link
    response = measure_response(answer, view, lambda scene: lab.compute(scene).trace)  # type: ignore[arg-type, return-value]
    return ExportedFigure.from_answer(answer, view, base, response.curve)


def choose(kind: str, **given: str) -> ExportOptions:
    options, problems = read_options(kind, given)
    assert not problems, [problem.message for problem in problems]
    return options
