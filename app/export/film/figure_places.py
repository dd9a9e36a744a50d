"""Where the numbers of a step rest in the display list of its figure, and which primitives lie there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...core.motion.motion_tracks import Color, MotionSpot
from ...core.motion.moving_places import StepPlaces, TablePlaces
from ...core.motion.transitions import MovingStep
from ...render.figure.number_grid import FRAME
from ...render.figure.primitives import Box, CellImage, DisplayList, Line, Primitive, Rect, TextLine
from ...render.figure.theme import choose_text_color

NAMED_PARTS = {"sum": "result", "terms": "result-before", "remark": "result-after"}
"""The parts of the figure at the resting places that `Track.hides` names."""
WINDOW_PARTS = ("input-window", "input-taps", "input-chosen")
CELL_PARTS = ("output-cell",)
DIGITS = 0.5
"""The size of the digits of a cell of a map, in parts of its side."""


@dataclass(frozen=True, slots=True)
class FigurePlaces:
    """The places of a step in its figure. `at` lists what lies at a resting place."""

    figure: DisplayList
    places: StepPlaces
    grids: Sequence[tuple[str, Sequence[Box]]] = ()

    def at(self, name: str) -> tuple[Primitive, ...]:
        """List the primitives at a resting place, such as "sum" or "window 0 4"."""
        if part := NAMED_PARTS.get(name):
            return tuple(one for one in self.figure.primitives if one.part == part)
        kind, table, *cell = name.split(" ")
        if kind == "subtotal":
            return tuple(self.figure.select(TextLine, "sums")[int(table) : int(table) + 1])
        boxes = [boxes for part, boxes in self.grids if part == kind]
        if int(table) >= len(boxes):
            return ()
        box = boxes[int(table)][int(cell[0])]
        return tuple(one for one in self.figure.primitives if one.part.startswith(kind) and _is_in(one, box))


def find_places(figure: DisplayList, step: MovingStep) -> FigurePlaces:
    """Find the places of a step in its figure; those that it does not show are empty."""
    grids = list(_list_grids(figure, step))
    tables = tuple(_list_tables(figure, grids))
    total, terms = (_find_text(figure, NAMED_PARTS[name]) for name in ("sum", "terms"))
    window, cell = (_find_outline(figure, part) for part in ("input-window", "output-cell"))
    numbers = step.numbers
    value = _find_cell(figure, "output", (numbers["row"], numbers["col"]), cell)
    sources = _list_sources(figure, step, window) if window and tables else ()
    has_lines = any(one.part == "hairlines" for one in figure.primitives)
    table = _bound([box for part, boxes in grids if part == "window" for box in boxes]) if has_lines else None
    linked = _to_spot(table.grow(FRAME)) if table else None
    places = StepPlaces(window, cell, value, sources, tables, total, terms, linked)
    return FigurePlaces(figure, places, grids)


def _list_grids(figure: DisplayList, step: MovingStep) -> Iterator[tuple[str, list[Box]]]:
    """The grids of window, filter and products with the boxes of their cells, row by row."""
    for part in ("window", "filter", "products"):
        for frame, channel in zip(figure.select(Rect, f"{part}-frame"), step.channels, strict=False):
            rows, columns = len(channel["values"]), len(channel["values"][0])
            inner = frame.box.grow(-FRAME)
            width, height = inner.width / columns, inner.height / rows
            yield (
                part,
                [
                    Box(inner.left + column * width, inner.top + row * height, width, height)
                    for row in range(rows)
                    for column in range(columns)
                ],
            )


def _list_tables(figure: DisplayList, grids: Sequence[tuple[str, list[Box]]]) -> Iterator[TablePlaces]:
    named = {part: [boxes for own, boxes in grids if own == part] for part in ("window", "filter", "products")}
    sums = figure.select(TextLine, "sums")
    for index in range(len(named["window"])):
        window, filter, products = (
            tuple(_read_cell(figure, part, box) for box in boxes[index]) if index < len(boxes) else ()
            for part, boxes in named.items()
        )
        yield TablePlaces(window, filter, products, _read_text(sums[index]) if index < len(sums) else None)


def _read_cell(figure: DisplayList, part: str, box: Box) -> MotionSpot:
    """A cell of a grid: its color, and its number if it has one."""
    fills = [one for one in figure.select(Rect, part) if _is_in(one, box) and one.fill]
    texts = [one for one in figure.select(TextLine, part) if _is_in(one, box)]
    inner = fills[0].box if fills else box
    text = texts[0] if texts else None
    return MotionSpot(
        *(inner.left, inner.top, inner.width, inner.height),
        text=text.text if text else "",
        fill=_to_color(fills[0].fill) if fills else None,
        ink=_to_color(text.color) if text else None,
        size=text.size if text else 0,
        face=text.face if text else "",
    )


def _find_text(figure: DisplayList, part: str) -> MotionSpot | None:
    texts = figure.select(TextLine, part)
    return _read_text(texts[0]) if texts and texts[0].text else None


def _read_text(line: TextLine) -> MotionSpot:
    box = line.box
    return MotionSpot(
        box.left, box.top, box.width, box.height, line.text, None, _to_color(line.color), line.size, line.face
    )


def _find_outline(figure: DisplayList, part: str) -> MotionSpot | None:
    """The place that an outline surrounds: its innermost frame."""
    frames = [one.box for one in figure.select(Rect, part) if one.stroke]
    return _to_spot(min(frames, key=lambda box: box.width)) if frames else None


def _find_cell(figure: DisplayList, side: str, cell: tuple[int, int], place: MotionSpot | None) -> MotionSpot | None:
    """A cell as it looks when it is written; None where its map is not shown."""
    maps = figure.select(CellImage, side)
    if not maps or place is None:
        return None
    row, column = cell
    rows, columns, _ = maps[0].colors.shape
    if not (0 <= row < rows and 0 <= column < columns):
        return place
    color = maps[0].colors[row, column]
    red, green, blue = (int(part) for part in color)
    ink = _to_color(choose_text_color(color))
    size = place.height * DIGITS
    return MotionSpot(place.x, place.y, place.width, place.height, fill=(red, green, blue), ink=ink, size=size)


def _list_sources(figure: DisplayList, step: MovingStep, window: MotionSpot) -> tuple[MotionSpot | None, ...]:
    """The cells of the window in the input, row by row."""
    rows, columns = step.numbers["rows"], step.numbers["columns"]
    high, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    width, height = window.width / wide, window.height / high
    return tuple(
        _find_cell(
            figure,
            "input",
            (row, column),
            MotionSpot(window.x + (column - columns[0]) * width, window.y + (row - rows[0]) * height, width, height),
        )
        for row in rows
        for column in columns
    )


def _is_in(one: Primitive, box: Box) -> bool:
    """Whether the middle of a primitive lies in a box."""
    match one:
        case TextLine() if one.valign == "middle":
            x, y = one.box.center[0], one.y
        case Line():
            x, y = (one.x + one.to_x) / 2, (one.y + one.to_y) / 2
        case _:
            x, y = one.box.center
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def _bound(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    return Box(left, top, max(box.right for box in boxes) - left, max(box.bottom for box in boxes) - top)


def _to_spot(box: Box) -> MotionSpot:
    return MotionSpot(box.left, box.top, box.width, box.height)


def _to_color(text: str) -> Color:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
