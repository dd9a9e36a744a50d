"""How the size of an output and the count of parameters follow from the options: formulas in letters and in numbers.

The live page writes the same in `sizeLines` of `static/pure/text/output-size.js`, and adds notes on what does not fit;
tests/browser/pages/test_one_figure.py compares them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...core.number_text import MINUS, format_number, round_half_up
from ...core.ops.geometry import Axis
from ...core.ops.transposed import TransposedAxis
from ...core.trace.trace import Stage
from .figure_texts import write_figure_text


@dataclass(frozen=True, slots=True)
class SizeLine:
    """A line; one that `needs_room` is left out where a page is small."""

    text: str
    needs_room: bool = False


def list_size_lines(stage: Stage) -> tuple[SizeLine, ...]:
    """List the lines on a stage's size and parameters; rows and columns share theirs where they are alike."""
    return (*map(SizeLine, _list_axis_lines(stage)), *_list_parameter_lines(stage))


def write_size(axis: Axis) -> tuple[str, str]:
    """Write the size of the output along an axis: the formula in letters, and in numbers."""
    return _write_letters(axis), _write_numbers(axis)


def _list_axis_lines(stage: Stage) -> tuple[str, ...]:
    if stage.geometry is None:
        return ()
    rows, columns = stage.geometry.rows, stage.geometry.columns
    if rows == columns:
        return _write_letters(rows), _write_numbers(rows)
    down, across = write_figure_text("size_rows"), write_figure_text("size_columns")
    letters = _write_letters(rows), _write_letters(columns)
    alike = letters[0] == letters[1]
    return (
        *(letters[:1] if alike else (_write_along(down, letters[0]), _write_along(across, letters[1]))),
        _write_along(down, _write_numbers(rows)),
        _write_along(across, _write_numbers(columns)),
    )


def _write_along(axis: str, formula: str) -> str:
    return write_figure_text("size_along", axis=axis, sentence=formula)


def _write_letters(axis: Axis) -> str:
    if isinstance(axis, TransposedAxis):
        return _write_transposed(axis, ("N", "S", "2P", "D", "F", "OP"))
    reach = "F" if axis.dilation == 1 else f"D·(F {MINUS} 1) {MINUS} 1"
    padding = "2P" if axis.before == axis.after else "P₁ + P₂"
    return f"(N + {padding} {MINUS} {reach})/S + 1"


def _write_numbers(axis: Axis) -> str:
    """The formula with the numbers of this layer; a size that is not whole says how it is rounded."""
    if isinstance(axis, TransposedAxis):
        numbers = (axis.size, axis.stride, f"2·{axis.crop}", axis.dilation, axis.kernel, axis.output_padding)
        return f"{_write_transposed(axis, numbers)} = {axis.positions}"
    reach = str(axis.kernel) if axis.dilation == 1 else f"{axis.dilation}·({axis.kernel} {MINUS} 1) {MINUS} 1"
    padding = f"2·{axis.before}" if axis.before == axis.after else f"{axis.before} + {axis.after}"
    formula = f"({axis.size} + {padding} {MINUS} {reach})/{axis.stride} + 1"
    if axis.fits:
        return f"{formula} = {axis.positions}"
    quotient = round_half_up(float(axis.quotient), 2).rstrip("0").rstrip(".").replace("-", MINUS)
    rounded = write_figure_text("size_up" if axis.positions > axis.quotient else "size_down", size=axis.positions)
    return f"{formula} = {quotient}{rounded}"


def _write_transposed(axis: TransposedAxis, names: Sequence[object]) -> str:
    """(N − 1)·S − 2P + F; with dilation D·(F − 1) + 1 in place of F."""
    n, s, p, d, f, more = names
    reach = f"{f}" if axis.dilation == 1 else f"{d}·({f} {MINUS} 1) + 1"
    end = f" + {more}" if axis.output_padding else ""
    return f"({n} {MINUS} 1)·{s} {MINUS} {p} + {reach}{end}"


def _list_parameter_lines(stage: Stage) -> tuple[SizeLine, ...]:
    count = stage.info.parameters
    if stage.info.family == "pooling":
        return (SizeLine(write_figure_text("size_parameters", count="0")),)
    if not count or stage.weight is None:
        return ()
    maps, *sides = stage.weight.shape
    groups = stage.info.filters.groups if stage.info.filters else 1
    each = stage.weight[0].size
    bias = " + 1" if count == maps * (each + 1) else ""
    letters, cells = "N", str(each)
    if len(sides) > 1:
        letters = "F·F·C" if groups == 1 else "F·F·C/G"
        channels = str(sides[0]) if groups == 1 else f"{sides[0] * groups}/{groups}"
        cells = f"{sides[1]}·{sides[2]}·{channels}"
    code = "size_one_parameter" if count == 1 else "size_parameters"
    return (
        SizeLine(f"K·({letters}{bias})", needs_room=True),
        SizeLine(f"{maps}·({cells}{bias}) = {write_figure_text(code, count=format_number(count))}"),
    )
