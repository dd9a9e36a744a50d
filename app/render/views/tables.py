"""Tables of a view: rows of spots, each with a text, in columns as wide as their longest one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..figure.primitives import Anchor, Box, Face, Primitive, Rect
from ..figure.theme import Style
from .blocks import Block, Run, join_runs, measure_runs, mix, write_runs

ROW, PAD = 1.75, 0.5
"""Height of a row, and the space at each side of a text, in parts of the size of the texts."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of a table: its text in one or more colors, on a `fill`.

    `is_bare`: without a border. `is_to_come`: hatched and empty. `span` columns are one cell. `under` is a second line
    below the first.
    """

    part: str
    runs: tuple[Run, ...] = ()
    fill: str = ""
    face: Face = "mono"
    anchor: Anchor = "end"
    is_bare: bool = False
    is_to_come: bool = False
    span: int = 1
    under: tuple[Run, ...] = ()


Rows = Sequence[Sequence[Spot]]


@dataclass(frozen=True, slots=True)
class SpotTable:
    """A table that is measured: the widths of its columns and the height of its rows at a size of its texts."""

    rows: Rows
    size: float
    widths: tuple[float, ...]
    row_height: float

    @property
    def width(self) -> float:
        """The width of all columns."""
        return sum(self.widths)

    @property
    def height(self) -> float:
        """The height of all rows."""
        return len(self.rows) * self.row_height

    def find_row(self, index: int) -> Box:
        """The box of a row."""
        return Box(0, index * self.row_height, self.width, self.row_height)

    def find_column(self, index: int) -> Box:
        """The box of a column."""
        return Box(sum(self.widths[:index]), 0, self.widths[index], self.height)

    def find_spot(self, row: int, column: int) -> Box:
        """The box of a cell of one column."""
        return Box(sum(self.widths[:column]), row * self.row_height, self.widths[column], self.row_height)


def measure_table(style: Style, rows: Rows, size: float, least: float = 0, row: float = ROW) -> SpotTable:
    """Measure a table: each column as wide as its widest text, at least `least`.

    `row` is the height of a row in parts of the size.
    """
    columns = max(sum(spot.span for spot in line) for line in rows)
    widths = [least] * columns
    spans: list[tuple[int, int, float]] = []
    for line in rows:
        at = 0
        for spot in line:
            wide = max(measure_runs(style, runs, spot.face, size) for runs in (spot.runs, spot.under))
            wide += 2 * PAD * size if wide else 0
            if spot.span == 1:
                widths[at] = max(widths[at], wide)
            else:
                spans.append((at, spot.span, wide))
            at += spot.span
    for at, span, wide in spans:
        lacking = wide - sum(widths[at : at + span])
        if lacking > 0:
            widths[at : at + span] = [one + lacking / span for one in widths[at : at + span]]
    return SpotTable(rows, size, tuple(widths), row * size)


def draw_table(style: Style, table: SpotTable) -> Block:
    """Draw a table from (0, 0) on."""
    return Block(tuple(_draw_spots(style, table)), table.width, table.height)


def _draw_spots(style: Style, table: SpotTable) -> Iterator[Primitive]:
    border = mix(style.theme.edge, style.theme.surface, 0.4)
    for index, line in enumerate(table.rows):
        at = 0
        for spot in line:
            left, wide = sum(table.widths[:at]), sum(table.widths[at : at + spot.span])
            box = Box(left, index * table.row_height, wide, table.row_height)
            if spot.is_to_come:
                yield from style.cover(spot.part, box)
            if not spot.is_bare:
                yield Rect(spot.part, box, spot.fill, border, 0.75)
            elif spot.fill:
                yield Rect(spot.part, box, spot.fill)
            yield from _write_spot(style, spot, box, table.size)
            at += spot.span


def _write_spot(style: Style, spot: Spot, box: Box, size: float) -> Iterator[Primitive]:
    x = {"start": box.left + PAD * size, "middle": box.center[0], "end": box.right - PAD * size}[spot.anchor]
    lines = [join_runs(runs) for runs in (spot.runs, spot.under) if runs]
    for index, runs in enumerate(lines):
        y = box.center[1] + (index - (len(lines) - 1) / 2) * size * 1.3
        yield from write_runs(style, spot.part, (x, y), runs, spot.face, size, spot.anchor, "middle")
