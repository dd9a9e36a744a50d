"""Figures side by side before any script has run: their maps on one scale, at one place, and what differs in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...core.compare.difference import (
    ComparedScene,
    PictureNames,
    find_shift,
    has_same_but_picture,
    name_difference,
)
from ...core.compare.moved_back import MovedBack, count_unlike, read_moved_back
from ...core.explain import explain_step
from ...core.scene import Pair, Scene, View
from ...core.texts import Text, make_text, write_message
from ...core.trace.color_scale import Colors, Scale, color_values, merge_scales
from ...core.trace.trace import Trace, get_read
from ..figure_content.figure_texts import write_figure_text
from ..figure_content.next_use import describe_place
from ..figure_content.shown_map import ShownMap, reads_outside, show_input, show_output
from ..figure_content.step_numbers import show_step
from ..map_image import subsample
from ..png import make_data_urls
from ..stage_texts import make_map_heading, make_map_size, make_title
from ..view_position import ViewPosition, fit_view

MAX_SIDE = 128
"""Larger maps show every n-th cell until the script of the page draws them."""
LAST_BEAT = "write"
UNLIKE = (213, 94, 0, 255)
"""The color of cells that are not what they were, opaque: their values are in the map beside."""


@dataclass(frozen=True, slots=True)
class SharedPlace:
    """The place and the beat that all figures show. `is_whole`: all cells are written, since no link names a place."""

    at: Pair
    beat: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class PaintedMap:
    """One map: its picture as a `data:` URL, its size in cells, and the block that is outlined, None for none.

    `around` are the cells of padding at the top and the left, and `extent` the rows and columns with all padding.
    `ahead` is the count of cells in reading order that are written, None where all are.
    """

    name: str
    png: str
    rows: int
    columns: int
    title: str
    size: str
    is_signed: bool
    around: Pair
    extent: Pair
    block: tuple[int, int, int, int] | None
    ahead: int | None = None


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """One figure: its letter, its name, its stage's family, its maps, and the result of the step in one line."""

    letter: str
    name: str
    family: str
    maps: tuple[PaintedMap, ...]
    line: str


@dataclass(frozen=True, slots=True)
class PaintedMovedBack:
    """The map after a shift, moved back: its title, its sentences, its picture, and the marks above that.

    Unlike cells are orange in the marks, and those that moved out of the map are hatched. `cells` is None where only a
    sentence says why there is none.
    """

    title: str
    sentences: tuple[str, ...]
    cells: PaintedMap | None = None
    marks_png: str = ""


@dataclass(frozen=True, slots=True)
class ComparedPaint:
    """All figures side by side, with the title that names their difference and what is moved back, if anything is.

    `grid` holds the rows and columns of all places of any of them; `note` says so where all show the same numbers.
    """

    title: str
    figures: tuple[ComparedFigure, ...]
    place: SharedPlace
    grid: Pair
    note: str = ""
    moved_back: PaintedMovedBack | None = None


def make_compared_paint(
    traces: Mapping[str, Trace], scenes: Mapping[str, Scene], views: Mapping[str, View], pictures: PictureNames
) -> ComparedPaint:
    """Make the first paint of figures by their letters; the views are those of the links, with what overrides them."""
    letters = list(traces)
    found, place = find_positions(traces, views)
    positions = list(found.values())
    compared = [
        ComparedScene(scenes[one], position.linked_stage, position.linked_view.map)
        for one, position in zip(letters, positions, strict=True)
    ]
    difference = name_difference(compared, pictures)
    names = [write_message(name) for name in difference.names] or [make_title(traces[one]) for one in letters]
    figures = _paint_figures([traces[one] for one in letters], positions, place)
    shapes = [position.stage.output.shape for position in positions]
    return ComparedPaint(
        begin_with_capital(write_message(difference.title)),
        tuple(
            ComparedFigure(letter, begin_with_capital(name), position.stage.info.family, *painted)
            for letter, name, position, painted in zip(letters, names, positions, figures, strict=True)
        ),
        place,
        (max(shape[1] for shape in shapes), max(shape[2] for shape in shapes)),
        _write_note(list(scenes.values()), positions),
        _paint_moved_back([traces[one] for one in letters], [scenes[one] for one in letters], positions),
    )


def find_positions(
    traces: Mapping[str, Trace], views: Mapping[str, View]
) -> tuple[dict[str, ViewPosition], SharedPlace]:
    """Find the place that all figures open at, and the position of each figure there, by their letters."""
    letters = list(traces)
    bare = {one: replace(views[one], at=None, pin=None, stops=(), notes=(), story=None, predict="") for one in letters}
    first = [fit_view(traces[one], bare[one]) for one in letters]
    place = choose_place([views[one] for one in letters], first)
    positions = {
        one: fit_view(traces[one], replace(bare[one], at=place.at)) if has_place(position, place.at) else position
        for one, position in zip(letters, first, strict=True)
    }
    return positions, place


def share_scales(
    traces: Sequence[Trace], positions: Sequence[ViewPosition]
) -> tuple[list[ShownMap | None], list[ShownMap]]:
    """The inputs and the outputs of all figures, all of a side on one scale; None for a figure without an input."""
    befores = [get_read(trace, position.stage, position.map) for trace, position in zip(traces, positions, strict=True)]
    inputs = [
        None if position.stage is before else show_input(position, before)
        for position, before in zip(positions, befores, strict=True)
    ]
    outputs = [show_output(position) for position in positions]
    of_inputs = [one.scale for one in inputs if one]
    shared = merge_scales(of_inputs) if of_inputs else None
    merged = merge_scales([one.scale for one in outputs])
    return (
        [put_on_scale(one, shared) if one and shared else None for one in inputs],
        [put_on_scale(one, merged) for one in outputs],
    )


def put_on_scale(shown: ShownMap, scale: Scale) -> ShownMap:
    """A map on a scale that it shares; on one that is not gray a color picture shows one of its channels."""
    return replace(shown, fixed_scale=scale, is_picture=shown.is_picture and scale.kind == "gray")


def choose_place(views: Sequence[View], positions: Sequence[ViewPosition]) -> SharedPlace:
    """The place that figures open at: the one that a link names; else the first salient cell of one that all have.

    If none has such a cell, that of the first figure. Without a place all cells are written, and the beat is the last.
    """
    named = next((view for view in views if view.at), None)
    if named and named.at:
        return SharedPlace(named.at, named.beat, False)
    salient = [position.cell for position in positions]
    shared = [cell for cell in salient if all(has_place(position, cell) for position in positions)]
    return SharedPlace((shared or salient)[0], LAST_BEAT, True)


def has_place(position: ViewPosition, cell: Pair) -> bool:
    """Whether the map that a figure shows has this cell."""
    _, rows, columns = position.stage.output.shape
    return bool(cell[0] < rows and cell[1] < columns)


def have_same_numbers(positions: Sequence[ViewPosition]) -> bool:
    """Whether all figures show maps of one size with the same numbers."""
    first, *others = (position.stage.output[position.map] for position in positions)
    return all(np.array_equal(first, other) for other in others)


def begin_with_capital(text: str) -> str:
    """The text with a capital as its first letter."""
    return text[:1].upper() + text[1:]


def _write_note(scenes: Sequence[Scene], positions: Sequence[ViewPosition]) -> str:
    """Write that all figures show the same numbers, or of a changed picture how many cells have others; "" else."""
    if len(positions) < 2:
        return ""
    if have_same_numbers(positions):
        return write_message(make_text("compare_equal"))
    one, *others = positions
    is_changed = len(scenes) == 2 and (find_shift(scenes) is not None or has_same_but_picture(scenes))
    if not is_changed or one.stage.output.shape != others[0].stage.output.shape or one.stage.output[0].size == 1:
        return ""
    shown = show_output(one)
    unlike = count_unlike(one.stage, others[0].stage, None if shown.is_picture else one.map)
    code = "compare_one_changed" if unlike == 1 else "compare_changed"
    count = shown.stage.output[0].size
    return write_message(make_text(code, unlike=unlike, count=count))


def _paint_figures(
    traces: Sequence[Trace], positions: Sequence[ViewPosition], place: SharedPlace
) -> list[tuple[tuple[PaintedMap, ...], str]]:
    """The maps of each figure, all inputs on one scale and all outputs on one, and its line."""
    inputs, outputs = share_scales(traces, positions)
    painted = []
    for trace, position, input_map, output in zip(traces, positions, inputs, outputs, strict=True):
        is_here = has_place(position, place.at)
        step = explain_step(trace, position.stage.info.index, position.map, *position.cell)
        rows, columns = step["rows"], step["columns"]
        block = None
        if is_here and rows and columns and not reads_outside(step):
            block = rows[0], columns[0], rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
        maps = []
        if input_map:
            maps.append(_paint_map("input", input_map, block, trace, position))
        cell = (*place.at, 1, 1) if is_here else None
        ahead = None if place.is_whole else count_written_cells(place, output.stage.output.shape)
        maps.append(_paint_map("output", output, cell, trace, position, ahead))
        painted.append((tuple(maps), _write_line(trace, position, step, place)))
    return painted


def _write_line(trace: Trace, position: ViewPosition, step: Mapping[str, Any], place: SharedPlace) -> str:
    """The step in one line, as the scripts write it; a figure without the place says so."""
    row, column = place.at
    if not has_place(position, place.at):
        _, rows, columns = position.stage.output.shape
        return write_figure_text("compared_no_cell", row=row, column=column, rows=rows, columns=columns)
    result = show_step(trace, step, place.beat).result
    value = result.value.replace("+", "")
    is_equal = result.is_known and not value.startswith("≈") and not result.before.endswith("=")
    joined = " ".join(filter(None, (result.before, "=" if is_equal and result.before else "", value)))
    return ", ".join(filter(None, (describe_place(row, column), joined, result.after)))


def count_written_cells(place: SharedPlace, shape: Sequence[int]) -> int | None:
    """How many cells of a map, in reading order, are written when the shared place is reached; None for all.

    The cell of the place itself counts from the last beat on.
    """
    _, rows, columns = shape
    row, column = place.at
    count = row * columns + min(column + (place.beat == LAST_BEAT), columns)
    return int(count) if count < rows * columns else None


def _paint_map(
    name: str,
    shown: ShownMap,
    block: tuple[int, int, int, int] | None,
    trace: Trace,
    position: ViewPosition,
    ahead: int | None = None,
) -> PaintedMap:
    _, rows, columns = shown.stage.output.shape
    top, _, left, _ = shown.padding
    return PaintedMap(
        name,
        make_data_urls([subsample(shown.to_colors(), MAX_SIDE)])[0],
        rows,
        columns,
        make_map_heading(trace, shown.stage),
        make_map_size(shown.stage, position.map if name == "output" else None),
        shown.scale.kind != "gray",
        (top, left),
        (shown.rows, shown.columns),
        block,
        ahead,
    )


def find_moved_back(
    traces: Sequence[Trace], scenes: Sequence[Scene], positions: Sequence[ViewPosition]
) -> MovedBack | Text | None:
    """What of a shift between two figures remains when it is moved back; a sentence where it moved by part of a cell.

    None where the figures differ in anything but a shift.
    """
    shift = find_shift(scenes)
    if shift is None:
        return None
    stages = [position.stage.info.index for position in positions]
    return read_moved_back((traces[0], traces[1]), shift, (stages[0], stages[1]), positions[shift.before].map)


def _paint_moved_back(
    traces: Sequence[Trace], scenes: Sequence[Scene], positions: Sequence[ViewPosition]
) -> PaintedMovedBack | None:
    found = find_moved_back(traces, scenes, positions)
    if isinstance(found, Text):
        return PaintedMovedBack("", (write_message(found),))
    return _paint_cells(found, [show_output(position) for position in positions]) if found else None


def _paint_cells(moved: MovedBack, outputs: Sequence[ShownMap]) -> PaintedMovedBack:
    scale = merge_scales([output.scale for output in outputs])
    rows, columns = moved.values.shape
    title = write_message(moved.title)
    colors = color_values(moved.values, scale)
    return PaintedMovedBack(
        title,
        tuple(map(write_message, moved.sentences)),
        PaintedMap(
            "moved",
            make_data_urls([colors])[0],
            rows,
            columns,
            title,
            f"{rows} × {columns}",
            scale.kind != "gray",
            (0, 0),
            (rows, columns),
            None,
        ),
        make_data_urls([mark_cells(moved)])[0],
    )


def mark_cells(moved: MovedBack) -> Colors:
    """The marks above the map, (H, W, 4): unlike cells orange, those that moved out of the map hatched in gray."""
    marks = np.zeros((*moved.values.shape, 4), np.uint8)
    rows, columns = np.indices(moved.values.shape)
    marks[~moved.is_known] = (255, 255, 255, 230)
    marks[~moved.is_known & ((rows + columns) % 3 == 0)] = (128, 128, 128, 255)
    marks[moved.is_unlike] = UNLIKE
    return marks
