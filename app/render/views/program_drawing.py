"""The program of a stage or of the whole chain as a picture: its lines, those of the beat lit, the cell at its end.

`static/pure/tabs/code-tab.js` shows the same on the page. What does not fit is cut off with "…": lines at their ends, a
long program around the lines of the beat.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.code.dialects import DIALECTS, Dialect
from ...core.code.stage_code import write_code
from ...core.explain.beats import list_beats
from ...core.program.program import Program, ProgramPlace, find_missing, write_program
from ...core.texts import write_message
from ...core.trace.trace import Trace
from ..figure.primitives import Box, Face, Primitive, Rect
from ..figure.theme import Style
from ..figure_content.beat_chips import name_beat
from ..view_position import ViewPosition
from .program_texts import write_program_text

SOURCE = 'open("figure.safetensors", "rb")'
"""Where a picture says that arrays come from, as a page without a server does."""
SIZES = (20.0, 18.0, 16.0, 14.5, 13.0)
"""Sizes of the letters, the first at which all fits."""
LINE, HEAD, PAD = 1.42, 30.0, 12.0
CUT = "…"


def lay_out_program(style: Style, trace: Trace, position: ViewPosition, room: Box) -> Iterator[Primitive]:
    """Lay out the program in the library that the View names, or why there is none."""
    is_chain = position.view.program == "chain"
    dialect = next(one for one in DIALECTS if one.name == position.view.library)
    lacking = find_missing(trace, position.stage.info.index, dialect.name, is_chain)
    name = write_program_text("program_chain" if is_chain else "program_stage", library=dialect.title)
    yield style.write("view", (room.left, room.top + 15), name, style.theme.text, "bold", 17)
    if lacking is not None:
        for index, line in enumerate(write_reasons(trace, dialect, lacking, is_chain)):
            text, size = style.fit(line, "sans", (16, 14, 12), room.width)
            yield style.write(
                "view-says", (room.left, room.top + 48 + 26 * index), text, style.theme.text, "sans", size
            )
        return
    program = _write_program(trace, position, dialect, is_chain)
    said = _write_lit(program, position)
    yield style.write("view-says", (room.right, room.top + 15), said, style.theme.muted, "sans", 15, "end")
    yield from _draw_lines(style, program, Box(room.left, room.top + HEAD, room.width, room.height - HEAD))


def write_reasons(trace: Trace, dialect: Dialect, lacking: int, is_chain: bool) -> list[str]:
    """Write why a library has no program: the stage of a chain that it lacks, and what the stage says of it."""
    info = trace.stages[lacking].info
    said = []
    if is_chain:
        title = write_message(info.title)
        said.append(write_program_text("program_chain_lacks", library=dialect.title, stage=str(lacking), title=title))
    others = [one.title for one in DIALECTS if one != dialect]
    for text in write_code(trace.stages[lacking]).missing:
        note = write_message(text)
        if dialect.title in note or not any(title in note for title in others):
            said.append(note)
    return said


def _write_program(trace: Trace, position: ViewPosition, dialect: Dialect, is_chain: bool) -> Program:
    stage, (row, column) = position.stage, position.cell
    beats, beat = list_beats(stage), _find_beat(position)
    value = float(stage.output[position.map, row, column]) if beat in beats[-2:] else None
    place = ProgramPlace(stage.info.index, position.map, row, column, beat, value)
    scene = trace.scene
    pictures = [f'open("figure-{item}.safetensors", "rb")' for item in range(len(scene.stack))] if scene.batch else []
    return write_program(trace, place, dialect, SOURCE, is_chain, pictures)


def _find_beat(position: ViewPosition) -> str:
    """The beat of the View, or the one that is shown where the step does not have it."""
    beats = list_beats(position.stage)
    if position.view.beat in beats:
        return position.view.beat
    return "sum" if "sum" in beats else beats[-1]


def _write_lit(program: Program, position: ViewPosition) -> str:
    """Write the beat, and the numbers of the lines that it lights."""
    stretches: list[list[int]] = []
    for line in program.lit:
        if stretches and line == stretches[-1][-1] + 1:
            stretches[-1].append(line)
        else:
            stretches.append([line])
    lines = ", ".join(str(one[0] + 1) if len(one) == 1 else f"{one[0] + 1}–{one[-1] + 1}" for one in stretches)
    name = name_beat(_find_beat(position), position.stage.info.operation.kind)
    return write_program_text("program_line" if len(program.lit) == 1 else "program_lines", beat=name, lines=lines)


def choose_lines(count: int, lit: Sequence[int], most: int) -> list[int | None]:
    """Choose which lines of a program are drawn, at most so many, None for "…" in the place of others.

    The lines of the beat stand in the middle, as far as there are lines around them; the last line is always there.
    """
    if count <= most:
        return list(range(count))
    room = most - 1
    middle = (lit[0] + min(lit[-1], lit[0] + room - 3)) // 2
    start = min(max(0, middle - room // 2), count - 1 - room)
    chosen: list[int | None] = list(range(start, start + room))
    if start > 0:
        chosen[0] = None
    if start + room < count - 1:
        chosen[-1] = None
    return [*chosen, count - 1]


def _draw_lines(style: Style, program: Program, area: Box) -> Iterator[Primitive]:
    theme, lines = style.theme, program.lines
    widest = max(lines, key=len)
    size = next((size for size in SIZES if _fits(style, widest, len(lines), size, area)), SIZES[-1])
    high = size * LINE
    shown = choose_lines(len(lines), program.lit, int((area.height - 2 * PAD) // high))
    yield Rect("view-program", Box(area.left, area.top, area.width, len(shown) * high + 2 * PAD), theme.sunken)
    for place, index in enumerate(shown):
        box = Box(area.left, area.top + PAD + place * high, area.width, high)
        if index in program.lit:
            yield Rect("view-lit", box, theme.surface)
            yield Rect("view-lit", Box(box.left, box.top, 4, box.height), theme.output)
        is_cell = index == len(lines) - 1
        whole = CUT if index is None else lines[index]
        text = style.metrics.shorten(whole, "mono", size, area.width - 2 * PAD)
        face: Face = "mono-bold" if is_cell else "mono"
        if text:
            color, at = theme.output if is_cell else theme.text, (box.left + PAD, box.center[1])
            yield style.write("view-line", at, text, color, face, size, "start", "middle")


def _fits(style: Style, widest: str, count: int, size: float, area: Box) -> bool:
    is_low = count * size * LINE + 2 * PAD <= area.height
    return is_low and style.metrics.measure(widest, "mono", size) <= area.width - 2 * PAD
