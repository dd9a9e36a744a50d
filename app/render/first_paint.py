"""The first paint: what a page shows before any script has run, as pictures and texts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.explain import step
from ..core.trace.trace import Stage, Trace
from .map_image import color_map, subsample
from .png import make_data_url
from .view_position import ViewPosition

Table = tuple[tuple[str, ...], ...]
MINUS = "−"
THUMBNAIL_SIDE = 40
MAX_SIDE = 128
"""Larger maps are painted with every n-th cell, until the page's script draws them all."""


@dataclass(frozen=True, slots=True)
class StageCard:
    """One stage in the strip."""

    index: int
    title: str
    shape: str
    family: str
    thumbnail: str
    selected: bool


@dataclass(frozen=True, slots=True)
class FirstPaint:
    """The figure at rest: two maps, the window between them, and its arithmetic.

    Pictures are `data:` addresses of PNGs with one pixel a cell, fewer for large maps. Numbers are texts with a true
    minus sign. `window`,
    `weights` and `products` are rows of texts of the channel that `channel` names; they are empty at the input and
    where a window is too large to be read. `result` is the value in the output map at (`row`, `column`).
    Both maps are drawn in a field of `extent_rows` × `extent_columns` cells of one size: the input `ring_top` cells
    down and `ring_left` to the right, which is where its padding is, the output in the corner.
    """

    input_png: str
    input_rows: int
    input_columns: int
    input_title: str
    input_shape: str
    input_alt: str
    ring_top: int
    ring_left: int
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


def make_first_paint(trace: Trace, standpoint: ViewPosition) -> FirstPaint:
    """What the page shows at a standpoint."""
    stage = standpoint.stage
    before = trace.stages[max(0, get_stage_index(stage) - 1)]
    row, column = standpoint.at
    found = step(trace, get_stage_index(stage), standpoint.view.map, row, column)
    values: dict[str, Any] = {
        **_make_map_fields(trace, before, standpoint),
        **_make_extent_fields(stage, before),
        **_make_position_fields(stage, found, standpoint),
        **_make_arithmetic_fields(found, stage, standpoint),
        **_make_formula_fields(stage),
        "strip": make_strip(trace, get_stage_index(stage)),
    }
    return FirstPaint(**values)


def get_stage_index(stage: Stage) -> int:
    """Which stage of its trace it is."""
    index: Any = stage.meta["index"]
    return int(index)


def make_strip(trace: Trace, selected: int) -> tuple[StageCard, ...]:
    """All stages in small."""
    return tuple(
        StageCard(
            index,
            str(stage.meta["title"]),
            format_shape(stage.output.shape),
            str(stage.meta["family"]),
            make_data_url(subsample(color_map(stage), THUMBNAIL_SIDE)),
            index == selected,
        )
        for index, stage in enumerate(trace.stages)
    )


def make_map_heading(trace: Trace, stage: Stage) -> str:
    """What a stage's map is called, as the browser calls it."""
    family, title = stage.meta["family"], str(stage.meta["title"])
    after = trace.stages[get_stage_index(stage) + 1 :]
    if family == "convolution":
        next_up = after[0].meta if after else {}
        return "Feature map" + (f", before {next_up['title']}" if next_up.get("family") == "activation" else "")
    return {"input": "Input", "pooling": "Pooled map", "activation": f"After {title}"}.get(str(family), title)


def format_shape(shape: Sequence[int]) -> str:
    """A shape as it is read: 1 × 32 × 32."""
    return " × ".join(map(str, shape))


def format_four_digits(value: float | int | None) -> str:
    """A number as it is read: whole ones in full, others to four digits, with a true minus sign."""
    if value is None:
        return ""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("∞" if value > 0 else f"{MINUS}∞")
    text = f"{value:.0f}" if value == int(value) and abs(value) < 2**53 else f"{value:.4g}"
    return text.replace("-", MINUS) if text != "-0" else "0"


def _make_map_fields(trace: Trace, before: Stage, standpoint: ViewPosition) -> dict[str, object]:
    stage, view = standpoint.stage, standpoint.view
    source: Any = trace.stages[0].meta["image"]
    colored = None if before.meta["colors"] == "photo" else _choose_input_map(before, stage, view.map)
    own = None if stage.meta["op"] == "input" and view.map == 0 else view.map
    return {
        "input_png": make_data_url(subsample(color_map(before, colored), MAX_SIDE)),
        "input_rows": before.output.shape[1],
        "input_columns": before.output.shape[2],
        "input_title": make_map_heading(trace, before),
        "input_shape": format_shape(before.output.shape),
        "input_alt": str(source["alt"]),
        "output_png": make_data_url(subsample(color_map(stage, own, view.colors, view.scope), MAX_SIDE)),
        "output_rows": stage.output.shape[1],
        "output_columns": stage.output.shape[2],
        "output_title": make_map_heading(trace, stage),
        "output_shape": format_shape(stage.output.shape),
        "family": str(stage.meta["family"]),
    }


def _make_extent_fields(stage: Stage, before: Stage) -> dict[str, int]:
    rows: Any = stage.meta.get("rows") or {}
    columns: Any = stage.meta.get("columns") or {}
    _, height, width = before.output.shape
    ring = [axis.get(side, 0) for axis in (rows, columns) for side in ("before", "after")]
    return {
        "ring_top": ring[0],
        "ring_left": ring[2],
        "extent_rows": max(ring[0] + height + ring[1], stage.output.shape[1]),
        "extent_columns": max(ring[2] + width + ring[3], stage.output.shape[2]),
    }


def _choose_input_map(before: Stage, stage: Stage, map: int) -> int:
    """The input map that is shown beside an output map: its own, where each map is worked on alone."""
    return map if len(before.output) == len(stage.output) and stage.meta["family"] != "convolution" else 0


def _make_position_fields(stage: Stage, found: Mapping[str, Any], standpoint: ViewPosition) -> dict[str, object]:
    row, column = standpoint.at
    rows, columns = found["rows"], found["columns"]
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


def _make_arithmetic_fields(found: Mapping[str, Any], stage: Stage, standpoint: ViewPosition) -> dict[str, object]:
    channels = found["channels"] if stage.meta["op"] != "input" else []
    shown = channels[0] if channels else {}
    divisor = (found.get("divisor") or 1) * (found.get("scale") or 1)
    row, column = standpoint.at
    return {
        "channel": shown.get("channel", 0),
        "channels": len(channels),
        "window": _format_table(shown.get("values")),
        "padded": tuple(map(tuple, shown.get("padded") or ())),
        "weights": _format_table(shown.get("weights")),
        "products": _format_table(shown.get("products")),
        "sum": format_four_digits(found.get("sum")),
        "divisor": "" if divisor == 1 else format_four_digits(divisor),
        "bias": format_four_digits(found.get("bias")),
        "result": format_four_digits(float(stage.output[standpoint.view.map, row, column])),
        "exact": bool(stage.meta["exact"]),
    }


def _format_table(rows: Sequence[Sequence[float]] | None) -> Table:
    return tuple(tuple(format_four_digits(value) for value in row) for row in rows or ())


def _make_formula_fields(stage: Stage) -> dict[str, object]:
    axis: Any = stage.meta.get("rows")
    return {
        "size_letters": format_size_letters(axis) if axis else "",
        "size_numbers": format_size_numbers(axis) if axis else "",
        "parameters": format_parameters(stage),
        "sentence": describe_stage(stage),
    }


def format_size_letters(axis: Mapping[str, Any]) -> str:
    reach = "F" if axis["dilation"] == 1 else "(D·(F − 1) + 1)"
    padding = "2P" if axis["before"] == axis["after"] else "P₁ + P₂"
    return f"(N + {padding} − {reach})/S + 1"


def format_size_numbers(axis: Mapping[str, Any]) -> str:
    """The same with this figure's numbers; what is not whole is said to be rounded."""
    kernel, dilation = axis["kernel"], axis["dilation"]
    reach = str(kernel) if dilation == 1 else f"({dilation}·({kernel} − 1) + 1)"
    before, after = axis["before"], axis["after"]
    padding = f"2·{before}" if before == after else f"{before} + {after}"
    law = f"({axis['size']} + {padding} − {reach})/{axis['stride']} + 1"
    if axis["fits"]:
        return f"{law} = {axis['positions']}"
    top, _, bottom = str(axis["quotient"]).partition("/")
    return f"{law} = {int(top) / int(bottom or 1):.2f} → {axis['positions']}"


def format_parameters(stage: Stage) -> str:
    if stage.weight is None:
        return ""
    maps, *sides = stage.weight.shape
    cells = "·".join(map(str, (*sides[1:], sides[0])))
    return f"{maps}·({cells} + 1) = {stage.meta['parameters']}"


def describe_stage(stage: Stage) -> str:
    """The stage in one line, for whoever hears the page or finds it by searching."""
    shape = format_shape(stage.output.shape)
    if stage.meta["op"] == "input":
        return f"The input: {shape} values."
    before: Any = stage.meta["input_shape"]
    return f"{stage.meta['title']} turns {format_shape(before)} into {shape}."


def make_title(trace: Trace) -> str:
    """The figure in a few words: its picture, then its first layers."""
    source: Any = trace.stages[0].meta["image"]
    parts = [str(source["title"]), *(str(stage.meta["title"]) for stage in trace.stages[1:])]
    return " → ".join(parts[:5])
