"""The equation of a cell in one line, in numbers: all products of a small window, else the sums of the figure."""

from __future__ import annotations

from ..core.explain import explain_step
from ..core.number_text import bracket_negative
from ..core.scene import Pair
from ..core.trace.trace import Trace
from ..core.writing.step_texts import StepTexts
from ..core.writing.step_writer import write_step
from ..render.figure_content.step_numbers import show_step
from ..render.figure_content.step_sentences import add_up

MOST_PRODUCTS = 9


def write_step_line(trace: Trace, stage: int, map: int, cell: Pair) -> str:
    """The equation: "1·1 + 1·0 + 0·1 + 2·1 + 0 = 3". The bias stays in it when it is 0."""
    step = explain_step(trace, stage, map, *cell)
    texts = write_step(trace, step)
    products = _write_products(texts) if step["kind"] == "conv" and not texts.bias_written else ""
    result = show_step(trace, step, "write").result
    value = result.value.replace("+", "")
    if products:
        terms = filter(None, (products, texts.bias, texts.rounding.removeprefix("+")))
        return _equate(add_up(tuple(terms)), value)
    return _equate(result.before.removesuffix(" ="), value)


def _equate(sum: str, value: str) -> str:
    """The sum and its value, which begins with ≈ where it is rounded."""
    return f"{sum} {value}" if value.startswith("≈") else f"{sum} = {value}" if sum else value


def _write_products(texts: StepTexts) -> str:
    """The sum of the products of a window on one channel; "" for a larger one."""
    if len(texts.channels) != 1:
        return ""
    (channel,) = texts.channels
    values = [value for row in channel.values for value in row]
    weights = [weight for row in channel.weights for weight in row]
    if len(values) > MOST_PRODUCTS or len(weights) != len(values):
        return ""
    terms = " + ".join(f"{value}·{bracket_negative(weight)}" for value, weight in zip(values, weights, strict=True))
    return f"({terms}) ÷ {texts.divisor}" if texts.divisor else terms
