"""Every text in the picture of a figure, and numbers as the Lab writes them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

MINUS = "−"
WINDOW, FILTER, PRODUCTS, SHARES = "window", "filter", "products", "share of each"
FILTER_DIVIDED = "filter ÷ {divisor}"
PRODUCTS_OF = "{count} products"
COUNT_WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
CHANNEL = "channel {index}"
COLORS_OF_LIGHT = ("red", "green", "blue")
MORE = "{count} more"
TERM = "{value} × {weight}"
MAPS = "{count} maps"
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
    """Small counts as words."""
    return COUNT_WORDS[count] if count < len(COUNT_WORDS) else str(count)


def format_number(value: float | None, telling: int = 4) -> str:
    """A whole number in full, another with `telling` digits that tell something: it never reads as a whole one."""
    if value is None:
        return ""
    if math.isnan(value):
        return "?"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    return _format_digits(value, telling).replace("-", MINUS)


def add_plus_sign(text: str) -> str:
    """With a plus where it is positive."""
    return text if text.startswith(MINUS) or not text.strip("0.?") else f"+{text}"


def is_text_exact(value: float) -> bool:
    """Whether `format_number` is the value itself, as float32 holds it."""
    if value == int(value):
        return True
    return bool(np.float32(_format_digits(value, 4)) == np.float32(value))


def describe_result(stage: Any, step: Mapping[str, Any], terms: int) -> str:
    """What the result of a step is, in words: "their sum ÷ 9 + bias 0"."""
    meta, kind = stage.meta, step["kind"]
    match kind:
        case "conv" | "linear" | "prepare":
            return _describe_weighted_sum(meta, step, terms)
        case "pool":
            return _describe_pooling(meta, step)
        case "pointwise":
            return FUNCTION_OF.format(title=meta["title"], value=format_number(step["sum"]))
        case "softmax":
            return _describe_softmax(step)
        case "shift" | "flatten":
            padded = step["channels"] and step["channels"][0]["padded"][0][0]
            return FROM_OUTSIDE if padded else FROM_CELL.format(row=step["rows"][0], col=step["columns"][0])
    return ""


def describe_activation(following: Any, value: float, after: float | None) -> str:
    """What an activation that follows does with the value."""
    if following is None or after is None or following.meta["family"] != "activation":
        return ""
    title = following.meta["title"]
    return KEEPS.format(title=title) if after == value else MAKES.format(title=title, value=format_number(after))


def _describe_weighted_sum(meta: Mapping[str, Any], step: Mapping[str, Any], terms: int) -> str:
    channels = len(step["channels"])
    divisor = step["divisor"] * step.get("scale", 1)
    what = SUM if channels == 1 else CHANNEL_SUM.format(count=channels)
    if step["strongest"] or not channels:
        what = PRODUCT_SUM.format(count=terms)
    divided = "" if divisor == 1 else f" {format_number(step['sum'])} ÷ {format_number(divisor)}"
    texts = meta.get("bias_text")
    bias = str(texts[step["map"]]).replace("-", MINUS) if texts else format_number(step["bias"])
    less = bias.startswith(MINUS)
    return what + divided + (MINUS_BIAS.format(bias=bias[1:]) if less else PLUS_BIAS.format(bias=bias))


def _describe_softmax(step: Mapping[str, Any]) -> str:
    """Softmax: all scores are counted down from the largest."""
    own = next((one["values"][0][0] for one in step["channels"] if one["channel"] == step["map"]), None)
    if own is None:
        return SHARE
    largest = format_number(step["largest"])
    shown = f"({largest})" if largest.startswith(MINUS) else largest
    return SHARE_OF_WHOLE.format(value=format_number(own), largest=shown, sum=format_number(step["sum"]))


def _describe_pooling(meta: Mapping[str, Any], step: Mapping[str, Any]) -> str:
    pool = str(meta["pool"])
    if pool == "avg":
        return MEAN_OF.format(sum=format_number(step["sum"]), count=step["count"])
    down, across = meta["rows"]["size"], meta["columns"]["size"]
    cells = sum(0 <= row < down for row in step["rows"]) * sum(0 <= col < across for col in step["columns"])
    return POOL_TEXTS[pool].format(cells=cells)


def _format_digits(value: float, telling: int) -> str:
    if value == int(value):
        return f"{value:.0f}" if value else "0"
    size = abs(value)
    if size < 1e-4:
        digits, _, power = f"{value:.{telling - 1}e}".partition("e")
        return f"{digits.rstrip('0').rstrip('.')}e{int(power)}"
    decimals = max(1, telling - 1 - math.floor(math.log10(size)))
    whole, _, part = f"{value:.{min(decimals, 20)}f}".partition(".")
    return f"{whole}.{part.rstrip('0') or '0'}"
