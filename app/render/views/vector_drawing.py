"""A weighted sum as the product of two vectors, w and x: the window and the filter, each read row by row.

`static/pure/tabs/equation/vector-equation.js` writes the same on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ...core.explain.step import explain_step
from ...core.number_text import bracket_negative
from ...core.trace.trace import Trace
from ...core.writing import StepTexts
from ...core.writing.step_writer import write_step
from ..figure.primitives import Box, Primitive, TextLine
from ..figure.theme import Style
from ..figure_content.step_sentences import UNKNOWN
from ..view_position import ViewPosition
from .equation_drawing import (
    END,
    LAW,
    LINE,
    RANGES,
    Step,
    TermCell,
    TermTable,
    draw_tables,
    fit_tables,
    is_known,
    write_bias_term,
    write_sum,
)
from .equation_law import describe_position, name_cell
from .view_texts import write_view_text

MOST_ENTRIES, FIRST_ENTRIES = 12, 4
"""Up to so many entries a vector is written whole; of a longer one the first and the last."""
CHARACTER, BETWEEN, SHARE, USUAL = 0.7, 1.2, 0.7, 16.0
"""How wide a character of an entry is and the space between two, in parts of the font; the part of the width that a row
may fill, and the font that this is measured in."""
Entry = tuple[str, str, bool, bool]
"""Weight and value as texts, whether their product is 0, and whether the value lies outside of the input."""
TRANSPOSED, PRODUCT, DOTS = "ᵀ", "wᵀx", "…"
RAISED, SMALL = 0.42, 0.62
"""How far a power is raised, and its size, in fonts of its line."""


def lay_out_vectors(style: Style, trace: Trace, position: ViewPosition, room: Box) -> Iterator[Primitive]:
    """Lay out the weighted sum of the cell in focus as wᵀx + b."""
    for one in _lay_out(style, trace, position, room):
        yield from _raise_power(style, one) if isinstance(one, TextLine) and TRANSPOSED in one.text else (one,)


def _raise_power(style: Style, line: TextLine) -> Iterator[TextLine]:
    """Write a line with each ᵀ as a small T that is raised: the fonts have no such letter."""
    x = line.x
    for n, part in enumerate(line.text.split(TRANSPOSED)):
        if n:
            at, size = (x, line.y - line.size * RAISED), line.size * SMALL
            yield (power := style.write(line.part, at, "T", line.color, line.face, size, valign=line.valign))
            x += power.width
        if part:
            yield (
                text := style.write(line.part, (x, line.y), part, line.color, line.face, line.size, valign=line.valign)
            )
            x += text.width


def _lay_out(style: Style, trace: Trace, position: ViewPosition, room: Box) -> Iterator[Primitive]:
    stage, theme, beat = position.stage, style.theme, position.view.beat
    step = explain_step(trace, stage.info.index, position.map, *position.cell)
    texts = write_step(trace, step)
    name = name_cell(stage, describe_position(position))
    divided = f"{PRODUCT} ÷ {texts.divisor}" if texts.divisor else PRODUCT
    yield style.write("view", (room.left, room.top + LAW), f"{name} = {divided} + b", theme.text, "bold", LAW)
    entries = _list_entries(step, texts)
    count = len(entries) or (stage.weight[position.map].size if stage.weight is not None else 0)
    said = write_view_text("equation_vector") if count == 1 else write_view_text("equation_vectors", count=count)
    top = room.top + LAW + RANGES * LINE
    yield style.write("view-ranges", (room.left, top), said, theme.muted, "sans", RANGES)
    top += 20
    if entries:
        tables = _make_tables(style, entries, room.width)
        area = Box(room.left, top, room.width, room.bottom - top - 2 * END)
        size, high = fit_tables(style, tables, area)
        yield from draw_tables(style, tables, area, size)
        top += high
    else:
        long = write_view_text("equation_too_long")
        yield style.write("view-ranges", (room.left, top + RANGES), long, theme.muted, "sans", RANGES)
        top += RANGES * LINE
    is_shown, bias = is_known(beat), write_bias_term(texts) or "0"
    total = texts.sum if is_shown else UNKNOWN
    line = f"{PRODUCT} {'=' if texts.is_sum_exact else '≈'} {total}"
    yield style.write("view-sum", (room.left, top + END - 10), line, theme.text, "mono", 20)
    open_end = f"{name} = {divided} + {bracket_negative(bias)} = {UNKNOWN}"
    end = write_sum(name, texts, [texts.sum], bias) if is_shown else open_end
    text, size = style.fit(end, "mono-bold", (26, 22, 20, 18, 16, 14, 12), room.width)
    yield style.write("view-end", (room.left, top + 2 * END - 14), text, theme.output, "mono-bold", size)


def _list_entries(step: Step, texts: StepTexts) -> list[Entry]:
    """The entries of both vectors in the order channel, row, column; none where they are too many to be listed."""
    return [
        (weight, value, product == 0, bool(is_outside))
        for written, numbers in zip(texts.channels, step["channels"], strict=False)
        for lines in zip(written.weights, written.values, numbers["products"], numbers["padded"], strict=True)
        for weight, value, product, is_outside in zip(*lines, strict=True)
    ]


def _make_tables(style: Style, entries: Sequence[Entry], width: float) -> list[TermTable]:
    """The weights, as a row where that fits, and the values as a column."""
    shown: list[Entry | None] = list(entries)
    if len(entries) > MOST_ENTRIES:
        shown = [*entries[:FIRST_ENTRIES], None, entries[-1]]
    longest = max(len(one[0]) for one in shown if one)
    is_row = len(shown) * (longest * CHARACTER + BETWEEN) * USUAL * 1.2 < SHARE * width
    weights = _make_cells(shown, lambda one: one[0], style.theme.filter, style)
    values = _make_cells(shown, lambda one: one[1], style.theme.input, style)
    first = TermTable("wᵀ =", (tuple(weights),) if is_row else tuple((one,) for one in weights), "" if is_row else "ᵀ")
    return [first, TermTable("x =", tuple((one,) for one in values), "")]


def _make_cells(
    shown: Sequence[Entry | None], write: Callable[[Entry], str], color: str, style: Style
) -> list[TermCell]:
    return [
        TermCell(((write(one), style.theme.muted if one[2] else color),), one[2], one[3])
        if one
        else TermCell(((DOTS, style.theme.text),))
        for one in shown
    ]
