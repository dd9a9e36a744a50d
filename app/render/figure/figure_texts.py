"""Every text in the PNG of a figure, and numbers as the Lab formats them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...core.messages import write_message
from ...core.trace.stage_info import StageInfo
from ...core.trace.trace import Stage

MINUS = "−"
WINDOW, FILTER, PRODUCTS, SHARES = "window", "filter", "products", "share of each"
FILTER_DIVIDED = "filter ÷ {divisor}"
PRODUCTS_OF = "{count} products"
COUNT_WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
CHANNEL = "channel {index}"
MORE = "{count} more"
TERM = "{value} × {weight}"
SUM, CHANNEL_SUM, PRODUCT_SUM = "their sum", "sum of {count} channels", "sum of {count} products"
PLUS_BIAS, MINUS_BIAS = " + bias {bias}", f" {MINUS} bias {{bias}}"
POOL_TEXTS = {
    "max": "the largest of {cells}",
    "min": "the smallest of {cells}",
    "avg": "the mean",
    "l2": "root of the sum of squares",
}
MEAN_OF = "the mean: {sum} ÷ {count}"
FUNCTION_OF = "{title} of {value}"
SHARE_OF_WHOLE = "e^({value} − {largest}) ÷ {sum}"
SHARE = "its share of the whole"
FROM_CELL = "moved from row {row}, column {col}"
FROM_OUTSIDE = "moved in from outside"
KEEPS, MAKES = "{title} keeps it", "{title} makes it {value}"
UNKNOWN = "?"
CREDIT = "Picture: {credit}"
NAME = "Convoscope"


def format_count(count: int) -> str:
    """Format a count: as a word up to twelve, else in digits."""
    return COUNT_WORDS[count] if count < len(COUNT_WORDS) else str(count)


def format_number(value: float | None, digits: int = 4) -> str:
    """Format a whole number in full, any other with `digits` significant digits and always with a decimal point."""
    if value is None:
        return ""
    if math.isnan(value):
        return "?"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    return _format_digits(value, digits).replace("-", MINUS)


def add_plus_sign(text: str) -> str:
    """Add a plus sign to the text of a positive number."""
    return text if text.startswith(MINUS) or not text.strip("0.?") else f"+{text}"


def is_text_exact(value: float) -> bool:
    """Whether the text of `format_number` is exactly the float32 value."""
    if value == int(value):
        return True
    return bool(np.float32(_format_digits(value, 4)) == np.float32(value))


def describe_result(stage: Stage, step: Mapping[str, Any], terms: int) -> str:
    """Describe how a step computes its result: "their sum ÷ 9 + bias 0"."""
    info, kind = stage.info, step["kind"]
    match kind:
        case "conv" | "linear" | "prepare":
            return _describe_weighted_sum(info, step, terms)
        case "pool":
            return _describe_pooling(info, step)
        case "pointwise":
            return FUNCTION_OF.format(title=write_message(info.title), value=format_number(step["sum"]))
        case "softmax":
            return _describe_softmax(step)
        case "shift" | "flatten":
            padded = step["channels"] and step["channels"][0]["padded"][0][0]
            return FROM_OUTSIDE if padded else FROM_CELL.format(row=step["rows"][0], col=step["columns"][0])
    return ""


def describe_activation(following: Stage | None, value: float, after: float | None) -> str:
    """Describe what the activation of the next stage does with the value."""
    if following is None or after is None or following.info.family != "activation":
        return ""
    title = write_message(following.info.title)
    return KEEPS.format(title=title) if after == value else MAKES.format(title=title, value=format_number(after))


def _describe_weighted_sum(info: StageInfo, step: Mapping[str, Any], terms: int) -> str:
    channels = len(step["channels"])
    divisor = step["divisor"] * step.get("scale", 1)
    what = SUM if channels == 1 else CHANNEL_SUM.format(count=channels)
    if step["strongest"] or not channels:
        what = PRODUCT_SUM.format(count=terms)
    divided = "" if divisor == 1 else f" {format_number(step['sum'])} ÷ {format_number(divisor)}"
    texts = info.filters.bias_text if info.filters else ()
    bias = str(texts[step["map"]]).replace("-", MINUS) if texts else format_number(step["bias"])
    less = bias.startswith(MINUS)
    return what + divided + (MINUS_BIAS.format(bias=bias[1:]) if less else PLUS_BIAS.format(bias=bias))


def _describe_softmax(step: Mapping[str, Any]) -> str:
    """Describe a softmax, which subtracts the largest score from all scores."""
    own = next((one["values"][0][0] for one in step["channels"] if one["channel"] == step["map"]), None)
    if own is None:
        return SHARE
    largest = format_number(step["largest"])
    shown = f"({largest})" if largest.startswith(MINUS) else largest
    return SHARE_OF_WHOLE.format(value=format_number(own), largest=shown, sum=format_number(step["sum"]))


def _describe_pooling(info: StageInfo, step: Mapping[str, Any]) -> str:
    pool = info.pool.kind if info.pool else "max"
    if pool == "avg":
        return MEAN_OF.format(sum=format_number(step["sum"]), count=step["count"])
    _, down, across = info.input_shape or info.shape
    cells = sum(0 <= row < down for row in step["rows"]) * sum(0 <= col < across for col in step["columns"])
    return POOL_TEXTS[pool].format(cells=cells)


def _format_digits(value: float, digits: int) -> str:
    if value == int(value):
        return f"{value:.0f}" if value else "0"
    size = abs(value)
    if size < 1e-4:
        mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
        return f"{mantissa.rstrip('0').rstrip('.')}e{int(power)}"
    decimals = max(1, digits - 1 - math.floor(math.log10(size)))
    whole, _, part = f"{value:.{min(decimals, 20)}f}".partition(".")
    return f"{whole}.{part.rstrip('0') or '0'}"
