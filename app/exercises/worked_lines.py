"""How a cell is worked out, in one line of numbers, from the texts of its step."""

from __future__ import annotations

from ..core.explain import explain_step
from ..core.number_text import bracket_negative
from ..core.trace.trace import Trace
from ..core.writing import StepTexts
from ..core.writing.step_writer import write_step

MOST_TERMS = 9
"""Of more products those that are 0 are left out."""


def write_cell_line(trace: Trace, row: int, column: int) -> str:
    """The line of a cell of the map of stage 1: "2·1 + 0·(−1) + 1 = 3", the bias last, also where it is 0."""
    texts = write_step(trace, explain_step(trace, 1, 0, row, column))
    terms = [f"{value}·{bracket_negative(weight)}" for value, weight in _list_terms(texts)]
    return f"{' + '.join([*terms, texts.bias or '0'])} = {texts.result}"


def _list_terms(texts: StepTexts) -> list[tuple[str, str]]:
    terms = [
        (value, weight)
        for channel in texts.channels
        for values, weights in zip(channel.values, channel.weights, strict=True)
        for value, weight in zip(values, weights, strict=True)
        if value
    ]
    if len(terms) <= MOST_TERMS:
        return terms
    return [(value, weight) for value, weight in terms if "0" not in (value, weight)]
