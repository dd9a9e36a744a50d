"""The equation of a step as a picture: its law, then the terms of the cell as they lie in the filter, and their sum.

`static/pure/tabs/equation/` writes the same on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...core.explain.beats import KNOWN_BEATS
from ...core.explain.step import explain_step
from ...core.number_text import bracket_negative
from ...core.ops.transposed import NO_TAP
from ...core.scene import Pair
from ...core.trace.stage_info import FilterInfo
from ...core.trace.trace import Stage, Trace
from ...core.views.equation_form import find_form
from ...core.writing import ChannelTexts, StepTexts
from ...core.writing.step_writer import write_step
from ...core.writing.written_sum import order_channels
from ..figure.primitives import Box, Line, Primitive, Rect
from ..figure.theme import Style
from ..figure_content.step_sentences import UNKNOWN, name_channels, write_result
from ..view_position import ViewPosition
from .equation_law import describe_position, name_cell, write_law
from .view_texts import write_view_text

Step = Mapping[str, Any]
Run = tuple[str, str]
"""A piece of a line: its text and its color."""
SIZES = (32.0, 28.0, 25.0, 22.0, 20.0, 18.0, 16.0, 14.0, 12.0, 11.0)
LAW, RANGES, LINE = 20.0, 16.0, 1.5
"""Sizes of the law and of its ranges; the height of a line, in parts of its size."""
MOST_WHOLE, MOST_FOLDED, PER_ROW = 75, 4, 8
"""Up to so many terms are all written; of longer sums the corners, where a side has more than `MOST_FOLDED`. A list of
inputs is broken into rows of `PER_ROW`."""
GAP = -1
MOST_PRODUCTS, PER_PLACE = 30, 4
"""At one of two places, so many products that are not 0 are written, and so many in a row."""
BETWEEN, FENCE, SLICES, END = 14.0, 12.0, 34.0, 44.0
"""Between two terms, at a parenthesis, and between two channels, and the height of the last line, in points."""


@dataclass(frozen=True, slots=True)
class TermCell:
    """A term in its table: its runs, whether it adds nothing, lies outside of the input, or was chosen."""

    runs: tuple[Run, ...]
    is_zero: bool = False
    is_outside: bool = False
    is_chosen: bool = False

    def measure(self, style: Style, size: float) -> float:
        """The width of its text."""
        return sum(style.metrics.measure(text, "mono", size) for text, _ in self.runs)


@dataclass(frozen=True, slots=True)
class TermTable:
    """The terms of a channel: what stands before it, its rows of cells, and what stands behind it."""

    before: str
    rows: tuple[tuple[TermCell, ...], ...]
    after: str
    is_fenced: bool = True

    def measure(self, style: Style, size: float) -> tuple[list[float], float, float]:
        """The widths of the columns, the whole width and the height."""
        columns = [max(row[i].measure(style, size) for row in self.rows) for i in range(len(self.rows[0]))]
        ends = [style.metrics.measure(text, "mono", size) + (10 if text else 0) for text in (self.before, self.after)]
        fences = 2 * FENCE if self.is_fenced else 0
        width = sum(columns) + BETWEEN * (len(columns) - 1) + fences + sum(ends)
        return columns, width, len(self.rows) * size * LINE


def lay_out_equation(style: Style, trace: Trace, position: ViewPosition, room: Box) -> Iterator[Primitive]:
    """Lay out the equation of the cell in focus, in the form that the View names."""
    stage, view = position.stage, position.view
    form = find_form(view.press, view.detail, str(stage.info.operation.kind))
    top = room.top + LAW
    law, *ranges = write_law(stage)
    text, size = style.fit(law, "bold", (LAW, 18, 16, 14, 12), room.width)
    yield style.write("view", (room.left, top), text, style.theme.text, "bold", size)
    for line in ranges:
        top += RANGES * LINE
        yield style.write("view-ranges", (room.left, top), line, style.theme.muted, "sans", RANGES)
    top += 20
    if form == "law":
        return
    places = find_places(position) if form == "numbers" else ()
    if places:
        area = Box(room.left, top, room.width, room.bottom - top)
        yield from lay_out_places(style, trace, position, places, area)
        return
    step = explain_step(trace, stage.info.index, position.map, *position.cell)
    texts = write_step(trace, step)
    if form == "indices":
        here, *_ = write_law(stage, describe_position(position))
        text, size = style.fit(here, "mono", (LAW, 18, 16, 14, 12, 11), room.width)
        yield style.write("view-indices", (room.left, top + size), text, style.theme.text, "mono", size)
        top += size * LINE + 8
    tables = _list_tables(style, trace, stage, step, texts, view.beat, form == "indices")
    end = 0 if form == "indices" else END
    if tables:
        area = Box(room.left, top, room.width, room.bottom - top - end)
        size, high = fit_tables(style, tables, area)
        yield from draw_tables(style, tables, area, size)
        top += high
    if form != "indices":
        line = _write_end(trace, stage, step, texts, position)
        text, size = style.fit(line, "mono-bold", (26, 22, 20, 18, 16, 14, 12), room.width)
        yield style.write("view-end", (room.left, top + END - 10), text, style.theme.output, "mono-bold", size)


def find_places(position: ViewPosition) -> tuple[Pair, ...]:
    """Find the cell in focus and the second place of the View in reading order; () where it has none."""
    second, (_, rows, columns) = position.view.second, position.stage.output.shape
    if second is None or str(position.stage.info.operation.kind) != "conv" or rows * columns < 2:
        return ()
    return tuple(sorted((position.cell, second)))


def lay_out_places(
    style: Style, trace: Trace, position: ViewPosition, places: Sequence[Pair], room: Box
) -> Iterator[Primitive]:
    """Lay out one filter at two places side by side: the products that are not 0, and their sum.

    Of a place whose cell is not computed yet nothing is known but its name.
    """
    width = (room.width - SLICES) / 2
    last = (int(position.stage.output.shape[1]), 0) if position.is_whole or position.view.ghost else position.cell
    for n, cell in enumerate(places):
        beat = position.view.beat if cell == position.cell else "write" if cell < last else "window"
        here = replace(position, cell=cell, view=replace(position.view, beat=beat))
        yield from _lay_out_place(
            style, trace, here, "AB"[n], Box(room.left + n * (width + SLICES), room.top, width, room.height)
        )


def _lay_out_place(style: Style, trace: Trace, position: ViewPosition, letter: str, room: Box) -> Iterator[Primitive]:
    stage, beat = position.stage, position.view.beat
    step = explain_step(trace, stage.info.index, position.map, *position.cell)
    texts = write_step(trace, step)
    row, column = position.cell
    name = write_view_text("equation_place", letter=letter, row=row, column=column)
    yield style.write("view-place", (room.left, room.top + LAW), name, style.theme.text, "bold", LAW)
    top = room.top + LAW + 20
    products = [
        (written, i, j)
        for written, channel in zip(texts.channels, step["channels"], strict=True)
        for i, line in enumerate(channel["products"])
        for j, product in enumerate(line)
        if product != 0
    ]
    count = sum(len(line) for written in texts.channels for line in written.values)
    if beat != "window":
        if len(products) > MOST_PRODUCTS:
            text = write_view_text("equation_many", count=len(products))
            text, size = style.fit(text, "sans", (RANGES, 14, 12), room.width)
            yield style.write("view-products", (room.left, top + size), text, style.theme.text, "sans", size)
            top += size * LINE
        elif products:
            table = _list_products(style, products)
            area = Box(room.left, top, room.width, room.bottom - top - 3 * END)
            size, high = fit_tables(style, [table], area)
            yield from draw_tables(style, [table], area, size)
            top += high
        text = _say_zeros(len(products), count)
        text, size = style.fit(text, "sans", (RANGES, 14, 12), room.width)
        top += 10 + size
        yield style.write("view-zeros", (room.left, top), text, style.theme.muted, "sans", size)
    line = _write_end(trace, stage, step, texts, position)
    text, size = style.fit(line, "mono-bold", (26, 22, 20, 18, 16, 14, 12), room.width)
    yield style.write("view-end", (room.left, top + END - 10), text, style.theme.output, "mono-bold", size)


def _say_zeros(written: int, count: int) -> str:
    """Say how many of the products are 0, where `written` are not."""
    if written in (0, count):
        codes = (
            ("equation_only_zero", "equation_all_zero")
            if written == 0
            else ("equation_only_not_zero", "equation_none_zero")
        )
        return write_view_text(codes[0]) if count == 1 else write_view_text(codes[1], all=count)
    if count - written == 1:
        return write_view_text("equation_one_zero", all=count)
    return write_view_text("equation_zeros", zeros=count - written, all=count)


def _list_products(style: Style, products: Sequence[tuple[ChannelTexts, int, int]]) -> TermTable:
    """Products in rows of `PER_PLACE`."""
    cells = [
        TermCell(tuple(_write_product(style, "  " if n == 0 else "+ ", written, i, j)))
        for n, (written, i, j) in enumerate(products)
    ]
    across = min(PER_PLACE, len(cells))
    cells += [TermCell((("", style.theme.text),))] * (-len(cells) % across)
    return TermTable("", tuple(tuple(cells[at : at + across]) for at in range(0, len(cells), across)), "", False)


def is_known(beat: str, channel: int | None = None) -> bool:
    """Whether the sum is known at a beat, or that of one of its channels."""
    if channel is not None and beat.startswith("channel-"):
        return channel <= int(beat.removeprefix("channel-"))
    return beat in KNOWN_BEATS


def _list_tables(
    style: Style, trace: Trace, stage: Stage, step: Step, texts: StepTexts, beat: str, has_indices: bool
) -> list[TermTable]:
    kind = str(stage.info.operation.kind)
    if kind == "pool" and texts.channels:
        return [_make_pool_table(style, stage, step, texts, beat, has_indices)]
    if kind not in ("conv", "linear") or (has_indices and kind == "linear"):
        return []
    if not texts.channels:
        return [_make_strongest_table(style, step, texts, beat)]
    if kind == "linear" and stage.info.input_shape and stage.info.input_shape[1:] == (1, 1):
        return [_make_list_table(style, step, texts, beat)]
    names = name_channels(trace, step) if len(texts.channels) > 1 else [""]
    is_long = sum(len(line) for channel in texts.channels for line in channel.values) > MOST_WHOLE
    shown = _shorten(len(texts.channels)) if is_long else list(range(len(texts.channels)))
    return [
        table
        for channel in shown
        if channel != GAP
        for table in _make_channel_tables(
            style, stage, step, texts, channel, names[channel], is_long, beat, has_indices
        )
    ]


def _shorten(count: int) -> list[int]:
    return list(range(count)) if count <= MOST_FOLDED else [0, 1, GAP, count - 1]


def _make_channel_tables(
    style: Style,
    stage: Stage,
    step: Step,
    texts: StepTexts,
    channel: int,
    name: str,
    is_long: bool,
    beat: str,
    has_indices: bool,
) -> list[TermTable]:
    """The products of a channel as weights times inputs; where they are rounded, as numbers, too."""
    written, numbers = texts.channels[channel], step["channels"][channel]
    rows, columns = len(written.values), len(written.values[0])
    down, across = (_shorten(rows), _shorten(columns)) if is_long else (list(range(rows)), list(range(columns)))

    def make(at: tuple[int, int], has_products: bool) -> TermCell:
        i, j = at
        if GAP in at:
            return TermCell((("…", style.theme.text),))
        is_zero = not has_indices and numbers["products"][i][j] == 0
        sign = "  " if at == (0, 0) else "+ "
        if has_indices:
            w, x = _name_indices(stage, step, channel, i, j)
            runs = [(sign, style.theme.text), (w, style.theme.filter), ("·", style.theme.text), (x, style.theme.input)]
        elif has_products:
            runs = [(sign + bracket_negative(written.products[i][j].replace("+", "")), style.theme.text)]
        else:
            runs = _write_product(style, sign, written, i, j)
        if is_zero:
            runs = [(text, style.theme.muted) for text, _ in runs]
        return TermCell(tuple(runs), is_zero, bool(numbers["padded"][i][j]))

    def table(before: str, after: str, has_products: bool = False) -> TermTable:
        return TermTable(before, tuple(tuple(make((i, j), has_products) for j in across) for i in down), after)

    total = written.sum.replace("+", "") if is_known(beat, channel) else UNKNOWN
    if has_indices:
        return [table(name, "")]
    if texts.is_sum_exact or beat == "window":
        return [table(name, f"= {total}")]
    return [table(name, ""), table("≈", f"= {total}", True)]


def _write_product(style: Style, sign: str, written: ChannelTexts, i: int, j: int) -> list[Run]:
    weight, value = bracket_negative(written.weights[i][j]), bracket_negative(written.values[i][j])
    theme = style.theme
    return [(sign, theme.text), (weight, theme.filter), ("·", theme.text), (value, theme.input)]


def _name_indices(stage: Stage, step: Step, channel: int, i: int, j: int) -> tuple[str, str]:
    """A weight and the input cell that it meets, with their indices."""
    if stage.geometry is None or stage.weight is None:
        return "w", "x"
    filters, axes = stage.info.filters or FilterInfo(), (stage.geometry.rows, stage.geometry.columns)
    taps = [axis.list_taps(place)[n] for axis, place, n in zip(axes, (step["row"], step["col"]), (i, j), strict=True)]
    weight = [axis.kernel - 1 - tap if filters.flip else tap for axis, (_, tap) in zip(axes, taps, strict=True)]
    one = step["channels"][channel]
    source = one["sources"][i][j]
    place = source if one["padded"][i][j] and source else [cell for cell, _ in taps]
    w = [
        *([step["map"]] if len(stage.output) > 1 else []),
        *([channel] if stage.weight.shape[1] > 1 else []),
        *(at for at, axis in zip(weight, axes, strict=True) if axis.kernel > 1),
    ]
    x = [*([one["channel"]] if (stage.info.input_shape or (1,))[0] > 1 else []), *place]
    if NO_TAP in weight:
        return "0", _bracket("x", x)
    return _bracket("g" if filters.flip else "w", w), _bracket("x", x)


def _bracket(name: str, indices: Sequence[int]) -> str:
    return f"{name}[{','.join(str(index).replace('-', '−') for index in indices)}]" if indices else name


def _make_list_table(style: Style, step: Step, texts: StepTexts, beat: str) -> TermTable:
    """A long list of inputs in rows; of more than are written the strongest terms."""
    if len(texts.channels) > MOST_WHOLE:
        return _make_strongest_table(style, step, texts, beat)
    count = len(texts.channels)
    across = min(PER_ROW, count)
    cells = []
    for n, written in enumerate(texts.channels):
        is_zero = step["channels"][n]["products"][0][0] == 0
        runs = _write_product(style, "  " if n == 0 else "+ ", written, 0, 0)
        cells.append(TermCell(tuple((text, style.theme.muted if is_zero else color) for text, color in runs), is_zero))
    cells += [TermCell((("", style.theme.text),))] * (-count % across)
    rows = tuple(tuple(cells[start : start + across]) for start in range(0, len(cells), across))
    sign = "=" if texts.is_sum_exact else "≈"
    return TermTable("", rows, f"{sign} {texts.sum if is_known(beat) else UNKNOWN}")


def _make_strongest_table(style: Style, step: Step, texts: StepTexts, beat: str) -> TermTable:
    """The strongest terms of a long sum, one below the other, and the sum of the others."""
    theme = style.theme
    rows = []
    for term in texts.strongest:
        factors = [
            (bracket_negative(term.weight), theme.filter),
            ("·", theme.text),
            (bracket_negative(term.value), theme.input),
        ]
        result = f" {'=' if term.is_exact else '≈'} {term.product.replace('+', '')}"
        rows.append((TermCell((*factors, (result, theme.text))),))
    others = write_view_text("equation_others", count=step["rest"]["count"])
    rest = texts.rests[len(texts.strongest)].replace("+", "") if is_known(beat) else UNKNOWN
    rows.append((TermCell(((f"{others} = {rest}", theme.text),)),))
    return TermTable("", tuple(rows), "", is_fenced=False)


def _make_pool_table(
    style: Style, stage: Stage, step: Step, texts: StepTexts, beat: str, has_indices: bool
) -> TermTable:
    """The cells of a window; those outside of the input take no part."""
    theme, pool = style.theme, stage.info.pool
    kind = pool.kind if pool else "max"
    written, numbers = texts.channels[0].values, step["channels"][0]
    is_long = len(written) * len(written[0]) > MOST_WHOLE
    down, across = (
        (_shorten(len(written)), _shorten(len(written[0])))
        if is_long
        else (range(len(written)), range(len(written[0])))
    )
    many = (stage.info.input_shape or (1,))[0] > 1
    chosen = step["chosen"] if is_known(beat) else None

    def make(i: int, j: int) -> TermCell:
        if GAP in (i, j):
            return TermCell((("…", theme.text),))
        row, column = step["rows"][i], step["columns"][j]
        sign = ("  " if (i, j) == (0, 0) else "+ ") if kind in ("avg", "l2") else ""
        indices = [*([step["map"]] if many else []), row, column]
        text = _bracket("x", indices) if has_indices else bracket_negative(written[i][j]) if written[i][j] else "–"
        if kind == "l2" and text != "–":
            text += "²"
        is_chosen = chosen is not None and [row, column] == list(chosen)[1:]
        return TermCell(((sign, theme.text), (text, theme.input)), False, bool(numbers["padded"][i][j]), is_chosen)

    rows = tuple(tuple(make(i, j) for j in across) for i in down)
    before = {"max": "max", "min": "min", "avg": f"1/{step['count'] or 'n'} ·", "l2": "√"}[kind]
    return TermTable(before, rows, "")


def _write_end(trace: Trace, stage: Stage, step: Step, texts: StepTexts, position: ViewPosition) -> str:
    """The line of the result: y[3, 4] = 679 − 334 + 97 + 0 = 442."""
    beat, kind = position.view.beat, str(stage.info.operation.kind)
    name = name_cell(stage, describe_position(position))
    if kind not in ("conv", "linear"):
        said = write_result(trace, step, texts, beat)
        value = said.value.removeprefix("+").removeprefix("≈ ").removeprefix("+")
        sign = "" if value[:1] in "<>" else "≈ " if said.value.startswith("≈") else "= "
        if stage.info.index == 0:
            return f"x{name[1:]} {sign}{value}"
        return f"{name} = {said.before} {sign}{value}" if said.before else f"{name} {sign}{value}"
    bias = write_bias_term(texts)
    channels = texts.channels if kind == "conv" else ()
    if not is_known(beat):
        return f"{name} = Σ + {bracket_negative(bias or '0')} = {UNKNOWN}"
    terms = [texts.sum]
    if 1 < len(channels) <= 8:
        terms = [channel.sum.replace("+", "") for channel in channels]
    elif len(channels) > 8:
        largest = order_channels([channel["sum"] for channel in step["channels"]])[:3]
        rest = len(channels) - len(largest)
        shown = [channels[index].sum.replace("+", "") for index in largest]
        terms = [*shown, write_view_text("equation_others", count=rest)]
    return write_sum(name, texts, terms, bias or "0")


def write_sum(name: str, texts: StepTexts, terms: Sequence[str], bias: str) -> str:
    """Write how terms make the result of a weighted sum: y[3, 4] = (679 − 334) ÷ 9 + 1 = 39.33."""
    total = " + ".join(terms).replace("+ −", "− ")
    total = f"({total}) ÷ {texts.divisor}" if texts.divisor and len(terms) > 1 else total
    total = f"{total} ÷ {texts.divisor}" if texts.divisor and len(terms) == 1 else total
    sign = (
        "=" if texts.is_result_exact or (not texts.is_sum_exact and not texts.rounding and not texts.divisor) else "≈"
    )
    rounding = ""
    if texts.rounding and not (texts.is_sum_exact and texts.bias_written):
        rounding = f" ({write_view_text('equation_rounded', missing=texts.rounding)})"
    return f"{name} = {total} + {bracket_negative(bias)} {sign} {texts.result}{rounding}"


def write_bias_term(texts: StepTexts) -> str:
    """Write the bias as the sum has it: as it was typed, or in the decimals of a rounded sum; "" for none."""
    return texts.bias if not texts.is_sum_exact else texts.bias_written or texts.bias


def draw_tables(style: Style, tables: Sequence[TermTable], room: Box, size: float) -> Iterator[Primitive]:
    """Draw tables side by side and below each other; those that do not fit are left out."""
    places, _ = measure_rows(style, tables, size, room.width)
    for table, (left, top) in zip(tables, places, strict=True):
        if room.top + top + table.measure(style, size)[2] <= room.bottom + 1:
            yield from _draw_table(style, table, (room.left + left, room.top + top), size)


def fit_tables(style: Style, tables: Sequence[TermTable], room: Box) -> tuple[float, float]:
    """The largest size at which tables fit, or the smallest one, and the height that they then take."""
    for size in SIZES:
        _, high = measure_rows(style, tables, size, room.width)
        if high <= room.height:
            return size, high
    return SIZES[-1], room.height


def measure_rows(
    style: Style, tables: Sequence[TermTable], size: float, width: float
) -> tuple[list[tuple[float, float]], float]:
    """The places of tables in rows, and the height of all; infinite where one is wider than the room."""
    places, left, top, high = [], 0.0, 0.0, 0.0
    for table in tables:
        _, wide, tall = table.measure(style, size)
        if wide > width:
            high = float("inf")
        if left and left + wide > width:
            left, top, high = 0.0, top + high + size * 0.7, 0.0
        places.append((left, top))
        left, high = left + wide + SLICES, max(high, tall)
    return places, top + high


def _draw_table(style: Style, table: TermTable, at: tuple[float, float], size: float) -> Iterator[Primitive]:
    columns, _, high = table.measure(style, size)
    left, top = at
    theme, middle = style.theme, top + high / 2
    if table.before:
        yield style.write(
            "view-channel", (left, middle), table.before, theme.text, "mono-bold", size, "start", "middle"
        )
        left += style.metrics.measure(table.before, "mono", size) + 10
    if table.is_fenced:
        yield from _draw_fence(style, left + 3, top, high, 5)
        left += FENCE
    for r, row in enumerate(table.rows):
        x = left
        for cell, wide in zip(row, columns, strict=True):
            y = top + (r + 0.5) * size * LINE
            yield from _draw_cell(style, cell, Box(x - 4, top + r * size * LINE, wide + 8, size * LINE), size)
            run = x
            for text, color in cell.runs:
                if text:
                    yield style.write("view-term", (run, y), text, color, "mono", size, "start", "middle")
                    run += style.metrics.measure(text, "mono", size)
            x += wide + BETWEEN
    right = left + sum(columns) + BETWEEN * (len(columns) - 1)
    if table.is_fenced:
        yield from _draw_fence(style, right + FENCE - 3, top, high, -5)
        right += FENCE
    if table.after:
        yield style.write("view-sum", (right + 10, middle), table.after, theme.text, "mono", size, "start", "middle")


def _draw_cell(style: Style, cell: TermCell, box: Box, size: float) -> Iterator[Primitive]:
    """The outline of a cell that was chosen, or the hatching of one outside of the input."""
    if cell.is_outside:
        yield from style.hatch("view-outside", box.grow(-1))
    if cell.is_chosen:
        yield Rect("view-chosen", box.grow(-1), "", style.theme.output, max(1.5, size / 11))


def _draw_fence(style: Style, x: float, top: float, high: float, turn: float) -> Iterator[Primitive]:
    """A parenthesis as three lines; `turn` is how far its ends lie towards the terms."""
    end = min(8.0, high / 4)
    bottom = top + high
    yield Line("view-fence", x + turn, top, x, top + end, style.theme.text, 1.5)
    yield Line("view-fence", x, top + end, x, bottom - end, style.theme.text, 1.5)
    yield Line("view-fence", x, bottom - end, x + turn, bottom, style.theme.text, 1.5)
