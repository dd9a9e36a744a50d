"""The first paint: the images and texts that a page shows before any script has run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..core.explain import explain_step
from ..core.explain.beats import list_beats
from ..core.trace.stage_json import write_texts
from ..core.trace.trace import Stage, Trace, get_read
from .figure_content.beat_chips import BeatChip, make_beat_chips
from .figure_content.column_tables import ColumnTables, measure_tables
from .figure_content.shown_map import reads_outside, show_input, show_output
from .figure_content.size_lines import SizeLine, list_size_lines
from .figure_content.stage_cards import Strip, make_strip
from .figure_content.step_numbers import StepNumbers, show_step
from .figure_content.written_cells import count_written
from .map_image import choose_scale, color_map, hatch_thumbnail, subsample
from .png import make_data_urls
from .stage_texts import StackRow, choose_shape_order, make_map_size, make_picture_heading
from .view_position import ViewPosition
from .words.word_paint import WordPaint, paint_words
from .words.word_rows import list_input_words, list_output_words, name_window

THUMBNAIL_SIDE = 40
HEIGHT_AROUND_MAPS, HEIGHT_OF_SMALL_MAPS = 47, 62
"""Pixels of title and legend, and of a line of small maps below."""
MAX_TABLE_CELLS, MAX_TABLE_SIDE = 7 * 7, 15
"""Filters with more weights a channel, or more in a row or column, have no tables on the page."""
MAX_SIDE = 128
"""Larger maps show every n-th cell until the script of the page draws them."""


@dataclass(frozen=True, slots=True)
class FirstPaint:
    """The figure without animation: input map, arithmetic of one step, output map.

    Images are `data:` URLs of PNGs with one pixel per cell, or fewer for large maps. Both maps are drawn in areas of
    `extent_rows` rows and `input_extent` or `output_extent` columns: the input below `padding_top` and right of
    `padding_left` cells, the output in the upper left corner. `numbers` are those of the step at (`row`, `column`);
    `is_several` says whether the arithmetic needs the room of several channels, and `grid_size` how large the cells of
    its tables can be: "" as they are, "half" or, without digits, "tiny". `tables` and `around`, the pixels above and
    below the maps, give a wide page the sizes that the scripts choose. `notes` stand below the maps, `line` holds an
    author's words at a stop, `input_words` and `output_words` stand beside the rows;
    `window_name` names the window by the words that it reads.
    """

    input_png: str
    input_rows: int
    input_columns: int
    input_title: str
    input_maps: int
    input_size: str
    input_is_signed: bool
    padding_top: int
    padding_left: int
    extent_rows: int
    input_extent: int
    output_extent: int
    output_png: str
    output_rows: int
    output_columns: int
    output_title: str
    output_maps: int
    output_size: str
    output_is_signed: bool
    family: str
    row: int
    column: int
    window_top: int
    window_left: int
    window_height: int
    window_width: int
    is_several: bool
    grid_size: str
    input_words: WordPaint
    output_words: WordPaint
    window_name: str
    numbers: StepNumbers
    tables: ColumnTables
    around: int
    positions: int
    position: int
    size_lines: tuple[SizeLine, ...]
    notes: tuple[str, ...]
    line: str
    strip: Strip
    beats: tuple[BeatChip, ...]
    stack: StackRow | None = None


def make_first_paint(trace: Trace, position: ViewPosition, stack: StackRow | None = None) -> FirstPaint:
    """Make the first paint of a page at a position of its View, with the row of a `stack` of pictures above it."""
    stage = position.stage
    before = get_read(trace, stage, position.map)
    row, column = position.cell
    explanation = explain_step(trace, stage.info.index, position.map, row, column)
    numbers = _choose_numbers(show_step(trace, explanation, position.view.beat))
    values: dict[str, Any] = {
        **_make_image_fields(trace, before, position, numbers.beat),
        **_make_map_fields(trace, before, position),
        **_make_extent_fields(stage, before),
        **_make_position_fields(stage, explanation, position),
        "input_words": paint_words(list_input_words(before, stage, explanation)),
        "output_words": paint_words(() if stage.info.winners else list_output_words(stage, position.map, row)),
        "window_name": name_window(stage, explanation),
        "is_several": _is_several(stage),
        "grid_size": _choose_grid_size(numbers),
        "numbers": numbers,
        "tables": measure_tables(trace, numbers),
        "around": HEIGHT_AROUND_MAPS + (HEIGHT_OF_SMALL_MAPS if max(len(stage.output), len(before.output)) > 1 else 0),
        "size_lines": list_size_lines(stage),
        "notes": tuple(write_texts(stage.info.notes)),
        "line": position.line,
        "stack": stack,
        "beats": make_beat_chips(list_beats(stage), explanation, numbers),
    }
    return FirstPaint(**values)


def _choose_numbers(numbers: StepNumbers) -> StepNumbers:
    """Leave out the numbers of a filter that is too large for tables: the scripts show its largest terms."""
    rows, columns = len(numbers.step["rows"]), len(numbers.step["columns"])
    is_large = rows * columns > MAX_TABLE_CELLS or max(rows, columns) > MAX_TABLE_SIDE
    if numbers.step["kind"] != "conv" or not numbers.channels or not is_large:
        return numbers
    return replace(numbers, kind="strongest", channels=())


def _make_image_fields(trace: Trace, before: Stage, position: ViewPosition, beat: str) -> dict[str, object]:
    """Make the images of both maps and the strip, a card for each stage; equal images are encoded once.

    They have the colors of a light page. The cards show what is written; each hatches what is not.
    """
    stage, output = position.stage, show_output(position)
    both = [output if stage is before else show_input(position, before), output]
    counts = count_written(trace, position, beat)
    cards = [
        hatch_thumbnail(color_map(one, one.salient_map), count, THUMBNAIL_SIDE)
        for one, count in zip(trace.stages, counts, strict=True)
    ]
    input_png, output_png, *thumbnails = make_data_urls([subsample(one.to_colors(), MAX_SIDE) for one in both] + cards)
    are_signed = [choose_scale(one, one.salient_map or 0).kind != "gray" for one in trace.stages]
    strip = make_strip(trace, position, thumbnails, are_signed)
    signed = [not one.is_picture and one.scale.kind != "gray" for one in both]
    images = {"input_png": input_png, "output_png": output_png, "strip": strip}
    return {**images, "input_is_signed": signed[0], "output_is_signed": signed[1]}


def _make_map_fields(trace: Trace, before: Stage, position: ViewPosition) -> dict[str, object]:
    stage, order = position.stage, choose_shape_order(trace, position.view)
    return {
        "input_rows": before.output.shape[1],
        "input_columns": before.output.shape[2],
        "input_title": make_picture_heading(trace, before),
        "input_maps": len(before.output),
        "input_size": make_map_size(before, order=order),
        "output_rows": stage.output.shape[1],
        "output_columns": stage.output.shape[2],
        "output_title": make_picture_heading(trace, stage),
        "output_maps": len(stage.output),
        "output_size": make_map_size(stage, position.map, order),
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
        "input_extent": padding[2] + width + padding[3],
        "output_extent": stage.output.shape[2],
    }


def _make_position_fields(stage: Stage, explanation: Mapping[str, Any], position: ViewPosition) -> dict[str, object]:
    row, column = position.cell
    rows, columns = explanation["rows"], explanation["columns"]
    wide = columns[-1] - columns[0] + 1 if columns else 1
    return {
        "row": row,
        "column": column,
        "window_top": rows[0] if rows else row,
        "window_left": columns[0] if columns else column,
        "window_height": rows[-1] - rows[0] + 1 if rows else 1,
        "window_width": 0 if reads_outside(explanation) else wide,
        "positions": stage.output.shape[1] * stage.output.shape[2],
        "position": row * stage.output.shape[2] + column + 1,
    }


def _is_several(stage: Stage) -> bool:
    """Whether a convolution reads several channels, or a layer makes one number of all numbers."""
    channels = stage.info.input_shape[0] if stage.info.input_shape else 1
    kind = stage.info.operation.kind
    is_vector = kind in ("linear", "softmax") and stage.output[0].size == 1
    return is_vector or (kind == "conv" and channels > 1)


def _choose_grid_size(numbers: StepNumbers) -> str:
    """Choose the size of cells by the number of columns side by side."""
    columns = len(numbers.channels[0].texts.values[0]) if numbers.channels else 0
    across = columns * {"alone": 2, "lines": 3}.get(numbers.kind, 1)
    return "" if across <= 6 else "half" if across <= 10 else "tiny"
