"""The first paint: the images and texts that a page shows before any script has run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.explain import explain_step
from ..core.messages import write_message
from ..core.trace.trace import Stage, Trace, get_image
from .map_image import color_map, subsample
from .png import make_data_url
from .stage_texts import (
    describe_stage,
    format_four_digits,
    format_parameters,
    format_shape,
    format_size_letters,
    format_size_numbers,
    get_stage_index,
    make_map_heading,
)
from .view_position import ViewPosition

Table = tuple[tuple[str, ...], ...]
THUMBNAIL_SIDE = 40
MAX_SIDE = 128
"""Larger maps show every n-th cell until the script of the page draws them."""


@dataclass(frozen=True, slots=True)
class StageCard:
    """One stage in the strip of all stages."""

    index: int
    title: str
    shape: str
    family: str
    thumbnail: str
    is_selected: bool


@dataclass(frozen=True, slots=True)
class FirstPaint:
    """The figure without animation: input map, arithmetic of one step, output map.

    Images are `data:` URLs of PNGs with one pixel per cell, or fewer for large maps. Numbers are formatted texts.
    `window`, `weights` and `products` are rows of texts of input channel `channel`; they are empty at the input and
    for very large windows. `result` is the value of the output map at (`row`, `column`). Both maps are drawn in areas
    of `extent_rows` × `extent_columns` cells: the input below `padding_top` and right of `padding_left` cells, the
    output in the upper left corner.
    """

    input_png: str
    input_rows: int
    input_columns: int
    input_title: str
    input_shape: str
    input_alt: str
    padding_top: int
    padding_left: int
    extent_rows: int
    extent_columns: int
    output_png: str
    output_rows: int
    output_columns: int
    output_title: str
    output_shape: str
    family: str
    row: int
    column: int
    window_top: int
    window_left: int
    window_height: int
    window_width: int
    channel: int
    channels: int
    window: Table
    padded: tuple[tuple[bool, ...], ...]
    weights: Table
    products: Table
    sum: str
    divisor: str
    bias: str
    result: str
    exact: bool
    positions: int
    position: int
    size_letters: str
    size_numbers: str
    parameters: str
    sentence: str
    strip: tuple[StageCard, ...]


def make_first_paint(trace: Trace, position: ViewPosition) -> FirstPaint:
    """Make the first paint of a page at a position of its View."""
    stage = position.stage
    before = trace.stages[max(0, get_stage_index(stage) - 1)]
    row, column = position.cell
    explanation = explain_step(trace, get_stage_index(stage), position.view.map, row, column)
    values: dict[str, Any] = {
        **_make_map_fields(trace, before, position),
        **_make_extent_fields(stage, before),
        **_make_position_fields(stage, explanation, position),
        **_make_arithmetic_fields(explanation, stage, position),
        **_make_formula_fields(stage),
        "strip": make_strip(trace, get_stage_index(stage)),
    }
    return FirstPaint(**values)


def make_strip(trace: Trace, selected: int) -> tuple[StageCard, ...]:
    """Make the strip: a card for each stage."""
    return tuple(
        StageCard(
            index,
            write_message(stage.info.title),
            format_shape(stage.output.shape),
            stage.info.family,
            make_data_url(subsample(color_map(stage), THUMBNAIL_SIDE)),
            index == selected,
        )
        for index, stage in enumerate(trace.stages)
    )


def _make_map_fields(trace: Trace, before: Stage, position: ViewPosition) -> dict[str, object]:
    stage, view = position.stage, position.view
    input_map = None if before.info.colors == "photo" else _choose_input_map(before, stage, view.map)
    output_map = None if stage.info.op == "input" and view.map == 0 else view.map
    return {
        "input_png": make_data_url(subsample(color_map(before, input_map), MAX_SIDE)),
        "input_rows": before.output.shape[1],
        "input_columns": before.output.shape[2],
        "input_title": make_map_heading(trace, before),
        "input_shape": format_shape(before.output.shape),
        "input_alt": write_message(get_image(trace).alt),
        "output_png": make_data_url(subsample(color_map(stage, output_map, view.colors, view.scope), MAX_SIDE)),
        "output_rows": stage.output.shape[1],
        "output_columns": stage.output.shape[2],
        "output_title": make_map_heading(trace, stage),
        "output_shape": format_shape(stage.output.shape),
        "family": stage.info.family,
    }


def _make_extent_fields(stage: Stage, before: Stage) -> dict[str, int]:
    _, height, width = before.output.shape
    axes = (stage.geometry.rows, stage.geometry.columns) if stage.geometry else ()
    padding = [cells for axis in axes for cells in (axis.before, axis.after)] or [0] * 4
    return {
        "padding_top": padding[0],
        "padding_left": padding[2],
        "extent_rows": max(padding[0] + height + padding[1], stage.output.shape[1]),
        "extent_columns": max(padding[2] + width + padding[3], stage.output.shape[2]),
    }


def _choose_input_map(before: Stage, stage: Stage, map: int) -> int:
    """Choose the input map beside an output map: the same one where each map is computed from one map, else 0."""
    return map if len(before.output) == len(stage.output) and stage.info.family != "convolution" else 0


def _make_position_fields(stage: Stage, explanation: Mapping[str, Any], position: ViewPosition) -> dict[str, object]:
    row, column = position.cell
    rows, columns = explanation["rows"], explanation["columns"]
    return {
        "row": row,
        "column": column,
        "window_top": rows[0] if rows else row,
        "window_left": columns[0] if columns else column,
        "window_height": rows[-1] - rows[0] + 1 if rows else 1,
        "window_width": columns[-1] - columns[0] + 1 if columns else 1,
        "positions": stage.output.shape[1] * stage.output.shape[2],
        "position": row * stage.output.shape[2] + column + 1,
    }


def _make_arithmetic_fields(explanation: Mapping[str, Any], stage: Stage, position: ViewPosition) -> dict[str, object]:
    channels = explanation["channels"] if stage.info.op != "input" else []
    channel = channels[0] if channels else {}
    divisor = (explanation.get("divisor") or 1) * (explanation.get("scale") or 1)
    row, column = position.cell
    return {
        "channel": channel.get("channel", 0),
        "channels": len(channels),
        "window": _format_table(channel.get("values")),
        "padded": tuple(map(tuple, channel.get("padded") or ())),
        "weights": _format_table(channel.get("weights")),
        "products": _format_table(channel.get("products")),
        "sum": format_four_digits(explanation.get("sum")),
        "divisor": "" if divisor == 1 else format_four_digits(divisor),
        "bias": format_four_digits(explanation.get("bias")),
        "result": format_four_digits(float(stage.output[position.view.map, row, column])),
        "exact": stage.info.exact,
    }


def _format_table(rows: Sequence[Sequence[float]] | None) -> Table:
    return tuple(tuple(format_four_digits(value) for value in row) for row in rows or ())


def _make_formula_fields(stage: Stage) -> dict[str, object]:
    axis = stage.geometry.rows if stage.geometry else None
    return {
        "size_letters": format_size_letters(axis) if axis else "",
        "size_numbers": format_size_numbers(axis) if axis else "",
        "parameters": format_parameters(stage),
        "sentence": describe_stage(stage),
    }
