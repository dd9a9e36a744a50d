"""Texts about a stage for pages and PNGs: heading, shape, description."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.texts import write_message
from ..core.trace.trace import Stage, Trace, find_readers, get_image
from .figure_content.figure_texts import write_figure_text


def make_map_heading(trace: Trace, stage: Stage) -> str:
    """Make the heading of a stage's map, the same as in the browser."""
    title = write_message(stage.info.title)
    following = find_readers(trace, stage.info.index)
    match stage.info.family:
        case "input":
            return write_figure_text("map_input")
        case "convolution" if following and following[0].info.family == "activation":
            return write_figure_text("map_features_before", title=write_message(following[0].info.title))
        case "convolution":
            return write_figure_text("map_features")
        case "pooling":
            return write_figure_text("map_pooled")
        case "activation":
            return write_figure_text("map_after", title=title)
    return title


def make_map_size(stage: Stage, map: int | None = None) -> str:
    """Make the text beside a heading: the size of a map, with the class whose scores they are; of a vector the class of
    `map`, or how many values it has.
    """
    maps, rows, columns = stage.output.shape
    classes, size = stage.info.classes, f"{rows} × {columns}"
    name = classes[map] if map is not None and map < len(classes) else ""
    if maps < 2 or rows * columns > 1:
        return f"{name}, {size}" if name else size
    return name or write_figure_text("map_values", count=maps)


def format_shape(shape: Sequence[int]) -> str:
    """Format a shape: 1 × 32 × 32."""
    return " × ".join(map(str, shape))


def describe_stage(stage: Stage) -> str:
    """Describe what a stage does in one line, for screen readers, search engines and the PNG."""
    shape = format_shape(stage.output.shape)
    before = stage.info.input_shape
    if before is None:
        return write_figure_text("figure_input", shape=shape)
    title = write_message(stage.info.title)
    return write_figure_text("figure_stage", title=title, before=format_shape(before), after=shape)


def make_title(trace: Trace) -> str:
    """Make a title for the figure: its image, then its first layers."""
    parts = [get_image(trace).title, *(stage.info.title for stage in trace.stages[1:])]
    return " → ".join(map(write_message, parts[:5]))
