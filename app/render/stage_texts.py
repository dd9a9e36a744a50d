"""Texts about a stage for pages and PNGs: heading, shape, numbers, size formula, description."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..core.trace.trace import Stage, Trace

MINUS = "−"


def get_stage_index(stage: Stage) -> int:
    """Return the index of a stage in its trace."""
    index: Any = stage.meta["index"]
    return int(index)


def make_map_heading(trace: Trace, stage: Stage) -> str:
    """Make the heading of a stage's map, the same as in the browser."""
    family, title = stage.meta["family"], str(stage.meta["title"])
    following = trace.stages[get_stage_index(stage) + 1 :]
    if family == "convolution":
        next_meta = following[0].meta if following else {}
        return "Feature map" + (f", before {next_meta['title']}" if next_meta.get("family") == "activation" else "")
    return {"input": "Input", "pooling": "Pooled map", "activation": f"After {title}"}.get(str(family), title)


def format_shape(shape: Sequence[int]) -> str:
    """Format a shape: 1 × 32 × 32."""
    return " × ".join(map(str, shape))


def format_four_digits(value: float | int | None) -> str:
    """Format a whole number in full, any other with four significant digits, with the minus sign U+2212."""
    if value is None:
        return ""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("∞" if value > 0 else f"{MINUS}∞")
    text = f"{value:.0f}" if value == int(value) and abs(value) < 2**53 else f"{value:.4g}"
    return text.replace("-", MINUS) if text != "-0" else "0"


def format_size_letters(axis: Mapping[str, Any]) -> str:
    """Format the formula of the output size in letters."""
    reach = "F" if axis["dilation"] == 1 else "(D·(F − 1) + 1)"
    padding = "2P" if axis["before"] == axis["after"] else "P₁ + P₂"
    return f"(N + {padding} − {reach})/S + 1"


def format_size_numbers(axis: Mapping[str, Any]) -> str:
    """Format the output size with the numbers of this layer; the arrow shows where it is rounded down."""
    kernel, dilation = axis["kernel"], axis["dilation"]
    reach = str(kernel) if dilation == 1 else f"({dilation}·({kernel} − 1) + 1)"
    before, after = axis["before"], axis["after"]
    padding = f"2·{before}" if before == after else f"{before} + {after}"
    formula = f"({axis['size']} + {padding} − {reach})/{axis['stride']} + 1"
    if axis["fits"]:
        return f"{formula} = {axis['positions']}"
    top, _, bottom = str(axis["quotient"]).partition("/")
    return f"{formula} = {int(top) / int(bottom or 1):.2f} → {axis['positions']}"


def format_parameters(stage: Stage) -> str:
    """Format how the number of parameters is computed; "" for a stage without weights."""
    if stage.weight is None:
        return ""
    maps, *sides = stage.weight.shape
    cells = "·".join(map(str, (*sides[1:], sides[0])))
    return f"{maps}·({cells} + 1) = {stage.meta['parameters']}"


def describe_stage(stage: Stage) -> str:
    """Describe what a stage does in one line, for screen readers, search engines and the PNG."""
    shape = format_shape(stage.output.shape)
    if stage.meta["op"] == "input":
        return f"The input: {shape} values."
    before: Any = stage.meta["input_shape"]
    return f"{stage.meta['title']} turns {format_shape(before)} into {shape}."


def make_title(trace: Trace) -> str:
    """Make a title for the figure: its image, then its first layers."""
    source: Any = trace.stages[0].meta["image"]
    parts = [str(source["title"]), *(str(stage.meta["title"]) for stage in trace.stages[1:])]
    return " → ".join(parts[:5])
