"""The largest terms of a filter as large as a picture, which no table of numbers can show.

`strongest-terms.js` makes the same choice on the live page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

from ...core.number_text import MINUS, add_plus_sign
from ...core.writing import StepTexts
from ...core.writing.step_texts import TermTexts

MOST_TABLE_CELLS = 15 * 15
"""Filters with more weights a channel are shown by their largest terms."""
MOST_LISTED_TERMS = 6
Step = Mapping[str, Any]


def has_large_filter(step: Step) -> bool:
    """Whether a step is a convolution whose window has too many cells for tables."""
    return bool(step["kind"] == "conv" and step["channels"] and count_cells(step) > MOST_TABLE_CELLS)


def list_largest_terms(step: Step, texts: StepTexts, most: int = MOST_LISTED_TERMS) -> tuple[Step, StepTexts]:
    """The step of a large filter and its texts with their largest terms, and the sum of all others."""
    places = product(range(len(step["channels"])), range(len(step["rows"])), range(len(step["columns"])))
    values = {place: _read_cell(step, "products", place) for place in places}
    largest = sorted(values, key=lambda place: -abs(values[place]))[:most]
    strongest = [
        {
            "source": [step["channels"][c]["channel"], step["rows"][row], step["columns"][col]],
            "value": _read_cell(step, "values", (c, row, col)),
            "weight": _read_cell(step, "weights", (c, row, col)),
            "product": values[c, row, col],
        }
        for c, row, col in largest
    ]
    rest = {"count": len(values) - len(largest), "sum": step["sum"] - sum(values[place] for place in largest)}
    terms = tuple(
        TermTexts(
            texts.channels[c].values[row][col],
            texts.channels[c].weights[row][col],
            texts.channels[c].products[row][col],
            texts.is_sum_exact,
        )
        for c, row, col in largest
    )
    rests = ("",) * len(terms) + (subtract_texts(texts.sum, [term.product for term in terms]),)
    return {**step, "strongest": strongest, "rest": rest}, replace(texts, strongest=terms, rests=rests)


def subtract_texts(total: str, terms: list[str]) -> str:
    """What is left of a written sum without some of its terms, with a sign, in the decimals and power of the terms."""
    power = next((text[text.index("e") :] for text in [total, *terms] if "e" in text), "")
    left, *others = (Decimal(text.split("e")[0].replace(MINUS, "-")) for text in [total, *terms])
    rest = left - sum(others)
    return add_plus_sign(f"{rest:f}".replace("-", MINUS) + power) if rest else "0"


def _read_cell(step: Step, name: str, place: tuple[int, int, int]) -> float:
    channel, row, column = place
    return float(step["channels"][channel][name][row][column])


def count_cells(step: Step) -> int:
    """Return the number of cells of a step's window in one channel."""
    return len(step["rows"]) * len(step["columns"])
