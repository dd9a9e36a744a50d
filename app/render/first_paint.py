"""The first paint: what a page shows before any script has run, as pictures and texts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.explain import explain_step
from ..core.trace.trace import Stage, Trace
from .map_image import fewer, pixels_of
from .png import data_uri
from .view_position import Standpoint

Table = tuple[tuple[str, ...], ...]
MINUS = "−"
THUMBNAIL = 40
PAINTED = 128
"""Larger maps are painted with every n-th cell, until the page's script draws them all."""


@dataclass(frozen=True, slots=True)
class Card:
    """One stage in the strip."""

    index: int
    title: str
    shape: str
    family: str
    thumbnail: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Paint:
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
    strip: tuple[Card, ...]


def paint(trace: Trace, standpoint: Standpoint) -> Paint:
    """What the page shows at a standpoint."""
    stage = standpoint.stage
    before = trace.stages[max(0, stage_index(stage) - 1)]
    row, column = standpoint.at
    found = explain_step(trace, stage_index(stage), standpoint.view.map, row, column)
    values: dict[str, Any] = {
        **_maps(trace, before, standpoint),
        **_field(stage, before),
        **_place(stage, found, standpoint),
        **_arithmetic(found, stage, standpoint),
        **_size(stage),
        "strip": strip(trace, stage_index(stage)),
    }
    return Paint(**values)


def stage_index(stage: Stage) -> int:
    """Which stage of its trace it is."""
    index: Any = stage.meta["index"]
    return int(index)


def strip(trace: Trace, selected: int) -> tuple[Card, ...]:
    """All stages in small."""
    return tuple(
        Card(
            index,
            str(stage.meta["title"]),
            shape_text(stage.output.shape),
            str(stage.meta["family"]),
            data_uri(fewer(pixels_of(stage), THUMBNAIL)),
            index == selected,
        )
        for index, stage in enumerate(trace.stages)
    )


def heading(trace: Trace, stage: Stage) -> str:
    """What a stage's map is called, as the browser calls it."""
    family, title = stage.meta["family"], str(stage.meta["title"])
    after = trace.stages[stage_index(stage) + 1 :]
    if family == "convolution":
        next_up = after[0].meta if after else {}
        return "Feature map" + (f", before {next_up['title']}" if next_up.get("family") == "activation" else "")
    return {"input": "Input", "pooling": "Pooled map", "activation": f"After {title}"}.get(str(family), title)


def shape_text(shape: Sequence[int]) -> str:
    """A shape as it is read: 1 × 32 × 32."""
    return " × ".join(map(str, shape))


def number_text(value: float | int | None) -> str:
    """A number as it is read: whole ones in full, others to four digits, with a true minus sign."""
    if value is None:
        return ""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("∞" if value > 0 else f"{MINUS}∞")
    text = f"{value:.0f}" if value == int(value) and abs(value) < 2**53 else f"{value:.4g}"
    return text.replace("-", MINUS) if text != "-0" else "0"


def _maps(trace: Trace, before: Stage, standpoint: Standpoint) -> dict[str, object]:
    stage, view = standpoint.stage, standpoint.view
    source: Any = trace.stages[0].meta["image"]
    colored = None if before.meta["colors"] == "photo" else _input_map(before, stage, view.map)
    own = None if stage.meta["op"] == "input" and view.map == 0 else view.map
    return {
        "input_png": data_uri(fewer(pixels_of(before, colored), PAINTED)),
        "input_rows": before.output.shape[1],
        "input_columns": before.output.shape[2],
        "input_title": heading(trace, before),
        "input_shape": shape_text(before.output.shape),
        "input_alt": str(source["alt"]),
        "output_png": data_uri(fewer(pixels_of(stage, own, view.colors, view.scope), PAINTED)),
        "output_rows": stage.output.shape[1],
        "output_columns": stage.output.shape[2],
        "output_title": heading(trace, stage),
        "output_shape": shape_text(stage.output.shape),
        "family": str(stage.meta["family"]),
    }


def _field(stage: Stage, before: Stage) -> dict[str, int]:
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


def _input_map(before: Stage, stage: Stage, map: int) -> int:
    """The input map that is shown beside an output map: its own, where each map is worked on alone."""
    return map if len(before.output) == len(stage.output) and stage.meta["family"] != "convolution" else 0


def _place(stage: Stage, found: Mapping[str, Any], standpoint: Standpoint) -> dict[str, object]:
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


def _arithmetic(found: Mapping[str, Any], stage: Stage, standpoint: Standpoint) -> dict[str, object]:
    channels = found["channels"] if stage.meta["op"] != "input" else []
    shown = channels[0] if channels else {}
    divisor = (found.get("divisor") or 1) * (found.get("scale") or 1)
    row, column = standpoint.at
    return {
        "channel": shown.get("channel", 0),
        "channels": len(channels),
        "window": _table(shown.get("values")),
        "padded": tuple(map(tuple, shown.get("padded") or ())),
        "weights": _table(shown.get("weights")),
        "products": _table(shown.get("products")),
        "sum": number_text(found.get("sum")),
        "divisor": "" if divisor == 1 else number_text(divisor),
        "bias": number_text(found.get("bias")),
        "result": number_text(float(stage.output[standpoint.view.map, row, column])),
        "exact": bool(stage.meta["exact"]),
    }


def _table(rows: Sequence[Sequence[float]] | None) -> Table:
    return tuple(tuple(number_text(value) for value in row) for row in rows or ())


def _size(stage: Stage) -> dict[str, object]:
    axis: Any = stage.meta.get("rows")
    return {
        "size_letters": _letters(axis) if axis else "",
        "size_numbers": _numbers(axis) if axis else "",
        "parameters": _parameters(stage),
        "sentence": sentence(stage),
    }


def _letters(axis: Mapping[str, Any]) -> str:
    reach = "F" if axis["dilation"] == 1 else "(D·(F − 1) + 1)"
    padding = "2P" if axis["before"] == axis["after"] else "P₁ + P₂"
    return f"(N + {padding} − {reach})/S + 1"


def _numbers(axis: Mapping[str, Any]) -> str:
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


def _parameters(stage: Stage) -> str:
    if stage.weight is None:
        return ""
    maps, *sides = stage.weight.shape
    cells = "·".join(map(str, (*sides[1:], sides[0])))
    return f"{maps}·({cells} + 1) = {stage.meta['parameters']}"


def sentence(stage: Stage) -> str:
    """The stage in one line, for whoever hears the page or finds it by searching."""
    shape = shape_text(stage.output.shape)
    if stage.meta["op"] == "input":
        return f"The input: {shape} values."
    before: Any = stage.meta["input_shape"]
    return f"{stage.meta['title']} turns {shape_text(before)} into {shape}."


def title(trace: Trace) -> str:
    """The figure in a few words: its picture, then its first layers."""
    source: Any = trace.stages[0].meta["image"]
    parts = [str(source["title"]), *(str(stage.meta["title"]) for stage in trace.stages[1:])]
    return " → ".join(parts[:5])
