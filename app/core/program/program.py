"""The program of a stage, or of the whole chain up to its end, as `static/pure/tabs/code/program.js` writes it.

An array of few numbers is written out; a longer one is read from the Trace, a safetensors file. In the program of a
chain each stage has names of its own: `x` is the input, `y3` the output of stage 3, `weight3` and `bias3` its arrays.
Of a stack of pictures every array of maps has them all, in its first axis; each is read from a Trace of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Maps
from ..code.beat_lines import find_beat_lines
from ..code.dialects import Dialect
from ..code.stage_code import name_inputs, write_code
from ..number_text import MINUS, format_number, is_text_full
from ..texts import write_message
from ..trace.trace import Stage, Trace
from .batched import write_batched
from .imports import list_imports
from .number_list import write_numbers

MOST_WRITTEN = 64
"""An array of more numbers is read from the Trace."""
_NAMES = re.compile(r"""".*?"|'.*?'|#.*|\.?[A-Za-z_]\w*(?:=(?!=))?""", re.ASCII)
"""Texts and comments, or a name: of an attribute with its point, of an argument with its sign."""
_CHANGES_INPUT = re.compile(r"^\s*x(\[.*\])? ([-+*/]|\*\*)?= ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Program:
    """The lines of a program, the numbers of those that a beat lights, and whether it reads arrays from the Trace."""

    lines: tuple[str, ...]
    lit: tuple[int, ...]
    reads: bool

    @property
    def text(self) -> str:
        """The whole program."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class ProgramPlace:
    """The cell that a program prints, and the beat that lights lines; `value` is None before the figure shows it."""

    stage: int
    map: int
    row: int
    column: int
    beat: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class _NamedArray:
    """An array of a program; `entry` is its name in the Trace, `axes` the names of its axes, "" for no comment."""

    name: str
    values: Maps
    shape: tuple[int, ...]
    entry: str
    axes: str = ""
    is_turned: bool = False


def find_missing(trace: Trace, stage: int, library: str, is_chain: bool) -> int | None:
    """The first stage that a library cannot write in the program of a stage or of the chain, None where it can."""
    stages = trace.stages[1:] if is_chain else [trace.stages[stage]] if stage else []
    return next((one.info.index for one in stages if library not in write_code(one).to_json()), None)


def write_program(
    trace: Trace,
    place: ProgramPlace,
    dialect: Dialect,
    source: str,
    is_chain: bool = False,
    pictures: Sequence[str] = (),
) -> Program:
    """The program of a stage, or of the chain, that prints a cell; `source` opens the bytes of the Trace in Python.

    `pictures` open those of all pictures of a stack, which the program computes together. Raises KeyError where the
    library has no code for a stage (see `find_missing`).
    """
    writer = _Writer(trace, place, dialect, pictures)
    if is_chain:
        writer.write_chain()
    else:
        writer.write_stage()
    imports = list(list_imports("\n".join(writer.lines)))
    if not writer.reads:
        head = [*imports, ""]
    else:
        opened = ["from urllib.request import urlopen"] if source.startswith("urlopen(") else []
        loaded = [f"from {dialect.loader} import load", ""]
        if writer.reads_figure or not pictures:
            loaded.append(f"figure = load({source}.read())")
        if pictures:
            loaded += ["pictures = [", *(f"    load({picture}.read())," for picture in pictures), "]"]
        head = [*opened, *imports, *loaded]
    return Program((*head, *writer.lines), tuple(len(head) + index for index in writer.lit), writer.reads)


class _Writer:
    """Writes the lines behind the imports."""

    def __init__(self, trace: Trace, place: ProgramPlace, dialect: Dialect, pictures: Sequence[str]) -> None:
        self.trace, self.place, self.dialect, self.count = trace, place, dialect, len(pictures)
        self.lines: list[str] = []
        self.lit: list[int] = []
        self.reads = False
        self.reads_figure = False

    def write_stage(self) -> None:
        """The program of the stage of the place: its arrays, its code, the cell."""
        stage = self.trace.stages[self.place.stage]
        sources = [self.trace.stages[read] for read in stage.info.reads] or [stage]
        for name, read in zip(name_inputs(len(sources)), sources, strict=True):
            self._write_map(name, read)
        self._write_weights(stage, "")
        if stage.info.index:
            self.lines.append("")
            self._write_code(stage, write_code(stage).to_json()[self.dialect.name])
        self._write_cell("y" if stage.info.index else "x")

    def write_chain(self) -> None:
        """The program of all stages, in their order, each with names of its own."""
        first, *stages = self.trace.stages
        self._write_map("x", first)
        for stage in stages:
            index = stage.info.index
            title = " ".join(write_message(stage.info.title).split())
            self.lines += ["", f"# {index} {title}: {self._write_shape(stage.info.shape)}"]
            self._write_weights(stage, str(index))
            self._write_code(stage, write_code(stage).to_json()[self.dialect.name], is_chain=True)
        self.lines.append("")
        self._write_cell(_name_output(self.place.stage))

    def _write_code(self, stage: Stage, text: str, is_chain: bool = False) -> None:
        """The lines of a stage; those of the beat are lit where it is the stage in focus."""
        if self.count:
            before, lines = self._write_batched(stage, text, is_chain)
        else:
            before, (copied, renamed) = 0, _rename(stage, text) if is_chain else ([], text)
            self.lines += copied
            lines = renamed.split("\n")
        if stage.info.index == self.place.stage:
            beat = "products" if self.place.beat.startswith("channel-") else self.place.beat
            of_one = text.count("\n")
            at = find_beat_lines(text).get(beat, (of_one,))
            self.lit += [len(self.lines) + index + before for index in at]
        self.lines += lines

    def _write_batched(self, stage: Stage, text: str, is_chain: bool) -> tuple[int, list[str]]:
        """(how many lines stand before those of one picture, the lines of a stage for a stack)."""
        index, inputs = stage.info.index, name_inputs(len(stage.info.reads))
        name, shape = f"layer{index}" if is_chain else "layer", self._write_shape(stage.info.shape)
        code = write_batched(text, name, inputs, self.dialect.module, shape)
        if not is_chain:
            return code.before, list(code.lines)
        whole = _list_names(stage)
        inner = {key: name for key, name in whole.items() if key in ("weight", "bias")}
        last = len(code.lines) - 1
        return code.before, [
            _replace_names(line, whole if number == last else inner) for number, line in enumerate(code.lines)
        ]

    def _write_shape(self, shape: tuple[int, ...]) -> str:
        return " × ".join(map(str, [*([self.count] if self.count else []), *shape]))

    def _write_map(self, name: str, stage: Stage) -> None:
        start = len(self.lines)
        if self.count:
            self.reads = True
            entry, shape = f"{stage.info.index}.output", self._write_shape(stage.info.shape)
            stacked = f'{self.dialect.module}.stack([one["{entry}"] for one in pictures])'
            self.lines.append(f"{name} = {stacked}  # {shape}: pictures, channels, rows, columns")
        else:
            words = ", ".join(map(write_message, stage.info.words))
            axes = f"channels, rows ({words}), columns" if words else "channels, rows, columns"
            self._write_array(_NamedArray(name, stage.output, stage.info.shape, f"{stage.info.index}.output", axes))
        if self.place.stage == stage.info.index == 0:
            self.lit += range(start, len(self.lines))

    def _write_weights(self, stage: Stage, suffix: str) -> None:
        """The weights and biases of a stage, if it has them."""
        weight, bias, geometry, info = stage.weight, stage.bias, stage.geometry, stage.info
        if weight is None or bias is None:
            return
        groups, is_turned = (info.filters.groups, info.filters.flip) if info.filters else (1, False)
        shape: tuple[int, ...] = (info.shape[0], weight.size // info.shape[0])
        axes = "outputs, inputs"
        if geometry:
            depth = self.trace.stages[info.reads[0]].info.shape[0] // groups
            shape = (info.shape[0], depth, geometry.rows.kernel, geometry.columns.kernel)
            axes = f"filters, channels{' of a group' if groups > 1 else ''}, rows, columns"
        index = info.index
        self._write_array(_NamedArray(f"weight{suffix}", weight, shape, f"{index}.weight", axes, is_turned))
        self._write_array(_NamedArray(f"bias{suffix}", bias, (bias.size,), f"{index}.bias"))

    def _write_array(self, array: _NamedArray) -> None:
        turned = "; turned by 180°" if array.is_turned else ""
        comment = f"  # {' × '.join(map(str, array.shape))}: {array.axes}{turned}" if array.axes else ""
        if array.values.size > MOST_WRITTEN:
            self.reads = self.reads_figure = True
            self.lines.append(f'{array.name} = figure["{array.entry}"]{comment}')
            return
        start = f"{array.name} = {self.dialect.array}("
        values = array.values.reshape(array.shape)
        drawn = values[:, :, ::-1, ::-1] if array.is_turned else values
        written = write_numbers(drawn, array.shape, len(start))
        turn = self.dialect.turned if array.is_turned else ""
        self.lines += f"{start}{written}){turn}{comment}".split("\n")

    def _write_cell(self, name: str) -> None:
        """The line that prints the cell in focus, with its number once the figure shows it."""
        place = self.place
        number = "" if place.value is None else f"  # {_write_about(place.value)}"
        item = f"{self.trace.scene.item}, " if self.count else ""
        self.lines.append(f"print({name}[{item}{place.map}, {place.row}, {place.column}]){number}")


def _rename(stage: Stage, text: str) -> tuple[list[str], str]:
    """(a copy of the input where the code changes it, the code with the names that its arrays have in the chain)."""
    index, names = stage.info.index, _list_names(stage)
    copied: list[str] = []
    if _CHANGES_INPUT.search(text):
        copied = [f"x{index} = {names['x']}"]
        names["x"] = f"x{index}"
    return copied, _replace_names(text, names)


def _list_names(stage: Stage) -> dict[str, str]:
    """The names that the arrays of a stage's code have in the chain."""
    index, reads = stage.info.index, [_name_output(read) for read in stage.info.reads]
    names = dict(zip(name_inputs(len(reads)), reads, strict=True)) | {"y": _name_output(index)}
    if stage.weight is not None and stage.bias is not None:
        names |= {"weight": f"weight{index}", "bias": f"bias{index}"}
    return names


def _replace_names(text: str, names: Mapping[str, str]) -> str:
    return _NAMES.sub(lambda found: names.get(found[0], found[0]), text)


def _name_output(index: int) -> str:
    return f"y{index}" if index else "x"


def _write_about(value: float) -> str:
    text = format_number(value).replace(MINUS, "-")
    is_exact = is_text_full(value) or np.float32(float(text)) == np.float32(value)
    return text if is_exact else f"≈ {text}"
