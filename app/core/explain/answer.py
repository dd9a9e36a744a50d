"""The answer of a chain that ends in shares or scores of classes, and the stage and the view that a link opens on.

`static/pure/frame/answer.js` is the same in JavaScript, and `tests/golden/answers.json` holds both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..scene import View
from ..trace.trace import Stage, Trace

MOST_NAMED = 3
"""So many classes an answer names."""
FIRST_LAYER = 1
NETWORK = "network"
"""The name of the view of a whole network."""
FIGURE_KEYS = (
    *("stage", "map", "at", "beat", "story", "pin", "second", "stops"),
    *("tab", "letters", "volume", "table", "weights", "signal", "sweep", "predict"),
)
"""The keys of a link that name a place in the figure, or a view or a picture of it."""


@dataclass(frozen=True, slots=True)
class ClassValue:
    """The share or the score of one class: its map, its name, "" where it has none, and the value."""

    map: int
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The highest classes of a chain's last stage, the highest first.

    `is_share`: the values are shares of 1, made by softmax; else they are scores.
    """

    stage: int
    is_share: bool
    classes: tuple[ClassValue, ...]


def find_answer(trace: Trace) -> Answer | None:
    """Find the answer of a chain: of softmax over single numbers, or of scores whose classes are named; else None."""
    stage = trace.stages[-1]
    is_share = stage.info.operation.kind == "softmax"
    maps, rows, columns = stage.output.shape
    if maps < 2 or rows * columns > 1 or not (is_share or stage.info.classes):
        return None
    values = stage.output[:, 0, 0]
    highest = np.argsort(-values, kind="stable")[:MOST_NAMED]
    named = tuple(ClassValue(int(map), _name_class(stage, int(map)), float(values[map])) for map in highest)
    return Answer(stage.info.index, is_share, named)


def find_opening_stage(trace: Trace) -> int:
    """The stage that a link without `stage` opens on: the answer of a trained network, else the first layer."""
    answer = find_answer(trace) if has_network(trace) else None
    return answer.stage if answer else min(FIRST_LAYER, len(trace.stages) - 1)


def find_opening_tab(trace: Trace, view: View) -> str:
    """The view that a link opens: the one that it names; the whole network where a chain has a `model` layer and the
    link says none of FIGURE_KEYS; else "", the figure.
    """
    start = View()
    says_nothing = all(getattr(view, key) == getattr(start, key) for key in FIGURE_KEYS)
    return NETWORK if says_nothing and has_network(trace) else view.tab


def has_network(trace: Trace) -> bool:
    """Whether a chain has a whole trained network as a layer."""
    return any(layer.op == "model" for layer in trace.scene.layers)


def _name_class(stage: Stage, map: int) -> str:
    classes = stage.info.classes
    return classes[map] if map < len(classes) else ""
