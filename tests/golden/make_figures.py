"""Describes ten figures as they are laid out: `python -m tests.golden.make_figures` rewrites figures.json.

The page and the picture of a figure are made by two programs; this file is what both have to show: texts, channel, the
cells of window and focus relative to their maps, colors of sample cells, and the order in which parts are drawn.
Positions on the page are no part of it. Look at what has changed before it is written anew: the numbers themselves are
held to other oracles, in steps.json and number_text.json.
"""

from __future__ import annotations

import json
from operator import contains
from pathlib import Path
from typing import Any

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.trace.trace import Trace
from app.lab import Lab
from app.models.library import Models, load_models
from app.render.figure import lay_out_figure
from app.render.figure.primitives import Box, CellImage, DisplayList, Rect
from app.render.figure_content.shown_map import ShownMap, show_input, show_output
from app.render.view_position import ViewPosition, fit_view
from app.resources import find_resource
from tests.figures import Store, samples

FILE = Path(__file__).parent / "figures.json"
SCENES = {
    "one channel": "image=coffee&layers=conv:sobel-x~relu&at=10,12",
    "three channels together": "image=coffee&channels=rgb&layers=conv:random*2@3x3,groups=1,seed=7&map=1&at=9,4",
    "each channel alone": "image=coffee&channels=rgb&layers=conv:sobel-x,groups=3&map=2&at=9,9",
    "depthwise with a divisor": "image=coffee&channels=rgb&layers=relu~conv:gaussian;box-blur,groups=3&stage=2&map=3",
    "a turned filter": "image=coffee&channels=rgb&layers=conv:sobel-x,groups=1,flip=1,bias=1/9&at=4,4&beat=write",
    "the largest of a window": "image=face&layers=conv:sobel-x~relu~maxpool:2&stage=3&at=3,2",
    "a mean over padding": "image=face&layers=avgpool:3,padding=1&at=0,0&beat=write",
    "an activation": "image=face&layers=conv:laplacian~relu&stage=2&at=5,5",
    "full padding": "image=face&layers=conv:(1,2,1;0,0,0;-1,-2,-1),padding=full,bias=-3&at=0,4&beat=products",
    "values from 0 to 1": "image=chelsea&range=unit&layers=conv:sobel-x&at=5,0&beat=write",
    "a fully connected layer": "image=digit-3&size=28&layers=model:lenet5&stage=9&map=3",
    "a filter of a whole picture": "image=cat&channels=rgb&layers=prepare:linear10~conv:linear10/fc1&stage=2&map=3",
    "softmax": "image=digit-3&size=28&layers=model:lenet5&stage=14&map=3",
    "softmax of a row": "image=(1,2,3,4,5,6,7,8,9)&layers=conv:(1,1,1)/3~softmax&stage=2",
    "typed decimals": "image=(0.5,-1.25,0.00003;100000,0.1,2;7.25,-3.5,1)&layers=conv:(1,-1;0.5,0.25)&at=1,1",
}
TEXT_PARTS = (
    *("input-title", "input-legend", "output-title", "output-legend", "window", "window-caption", "filter"),
    *(
        "filter-caption",
        "filter-note",
        "products",
        "products-caption",
        "sums",
        "result-before",
        "result",
        "result-after",
    ),
)


def make_lab() -> Lab:
    """A Lab with the samples and the shipped models."""
    return Lab(samples(), Store(), Limits(), Models(load_models(find_resource("models/data"))))


def open_figure(lab: Lab, link: str) -> tuple[Trace, ViewPosition]:
    """The trace of a link, and the position of its View."""
    parsed = parse_link(link, Limits())
    answer = lab.compute(parsed.scene)
    if parsed.problems or answer.trace is None:
        raise ValueError([str(problem.message) for problem in (*parsed.problems, *answer.problems)])
    return answer.trace, fit_view(answer.trace, parsed.view)


def describe_figure(trace: Trace, position: ViewPosition) -> dict[str, Any]:
    """What a figure shows, without positions on the page."""
    figure = lay_out_figure(trace, position)
    before = trace.stages[position.stage.info.index - 1]
    return {
        "texts": {part: figure.texts(part) for part in TEXT_PARTS},
        "input": _describe_map(figure, "input", show_input(position, before), "input-window"),
        "output": _describe_map(figure, "output", show_output(position), "output-cell"),
        "order": list(dict.fromkeys(one.part for one in figure.primitives)),
    }


def _describe_map(figure: DisplayList, side: str, shown: ShownMap, mark: str) -> dict[str, Any] | None:
    """Which map it is, some of its colors, and the outlined block of cells (row, column, rows, columns)."""
    images = figure.select(CellImage, side)
    if not images:
        return None
    box, colors = images[0].box, images[0].colors
    rows, columns = colors.shape[:2]
    places = {(0, 0), (rows - 1, columns - 1), (rows // 2, columns // 3), (rows // 3, columns - 1)}
    read = [place for place in sorted(places) if not any(map(contains, shown.unread, place))]
    return {
        "channel": None if shown.is_picture else shown.channel,
        "shape": [rows, columns],
        "padding": list(shown.padding),
        "colors": {f"{row},{column}": colors[row, column].tolist() for row, column in read},
        "marked": _find_block([one.box for one in figure.select(Rect, mark) if one.stroke], box, columns),
    }


def _find_block(frames: list[Box], cells: Box, columns: int) -> list[int]:
    """The cells within a frame, which is drawn two points outside of them."""
    side, inner = cells.width / columns, frames[-1].grow(-2)
    left, top = (inner.left - cells.left) / side, (inner.top - cells.top) / side
    return [round(top), round(left), round(inner.height / side), round(inner.width / side)]


def main() -> None:
    """Write all figures."""
    lab = make_lab()
    cases = [{"name": name, "link": link, **describe_figure(*open_figure(lab, link))} for name, link in SCENES.items()]
    lines = ",\n  ".join(json.dumps(case, ensure_ascii=False) for case in cases)
    FILE.write_text(f"[\n  {lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
