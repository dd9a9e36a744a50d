"""Texts about a stage for pages and PNGs: heading, shape, numbers, size formula, description."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..core.messages import write_message
from ..core.ops.geometry import Axis
from ..core.trace.trace import Stage, Trace, get_image

MINUS = "−"


def get_stage_index(stage: Stage) -> int:
    """Return the index of a stage in its trace."""
    return stage.info.index


def make_map_heading(trace: Trace, stage: Stage) -> str:
    """Make the heading of a stage's map, the same as in the browser."""
    family, title = stage.info.family, write_message(stage.info.title)
    following = trace.stages[get_stage_index(stage) + 1 :]
    if family == "convolution":
        is_activated = bool(following) and following[0].info.family == "activation"
        return "Feature map" + (f", before {write_message(following[0].info.title)}" if is_activated else "")
    return {"input": "Input", "pooling": "Pooled map", "activation": f"After {title}"}.get(family, title)


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


def format_size_letters(axis: Axis) -> str:
    """Format the formula of the output size in letters."""
    reach = "F" if axis.dilation == 1 else "(D·(F − 1) + 1)"
    padding = "2P" if axis.before == axis.after else "P₁ + P₂"
    return f"(N + {padding} − {reach})/S + 1"


def format_size_numbers(axis: Axis) -> str:
    """Format the output size with the numbers of this layer; the arrow shows where it is rounded down."""
    kernel, dilation = axis.kernel, axis.dilation
    reach = str(kernel) if dilation == 1 else f"({dilation}·({kernel} − 1) + 1)"
    before, after = axis.before, axis.after
    padding = f"2·{before}" if before == after else f"{before} + {after}"
    formula = f"({axis.size} + {padding} − {reach})/{axis.stride} + 1"
    if axis.fits:
        return f"{formula} = {axis.positions}"
    return f"{formula} = {float(axis.quotient):.2f} → {axis.positions}"


def format_parameters(stage: Stage) -> str:
    """Format how the number of parameters is computed; "" for a stage without weights."""
    if stage.weight is None:
        return ""
    maps, *sides = stage.weight.shape
    cells = "·".join(map(str, (*sides[1:], sides[0])))
    return f"{maps}·({cells} + 1) = {stage.info.parameters}"


def describe_stage(stage: Stage) -> str:
    """Describe what a stage does in one line, for screen readers, search engines and the PNG."""
    shape = format_shape(stage.output.shape)
    before = stage.info.input_shape
    if before is None:
        return f"The input: {shape} values."
    return f"{write_message(stage.info.title)} turns {format_shape(before)} into {shape}."


def make_title(trace: Trace) -> str:
    """Make a title for the figure: its image, then its first layers."""
    parts = [get_image(trace).title, *(stage.info.title for stage in trace.stages[1:])]
    return " → ".join(map(write_message, parts[:5]))
