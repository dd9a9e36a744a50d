"""The law of each kind of layer as lines of text, each sum with its index and its range.

The page writes the same laws as mathematics in `static/pure/tabs/equation/`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ...core.layers.centering import Centering
from ...core.layers.dropout import Dropout
from ...core.layers.local_response import LocalResponse
from ...core.layers.padding import Border
from ...core.layers.upsampling import Upsampling
from ...core.number_text import format_number
from ...core.ops.geometry import Axis
from ...core.ops.transposed import TransposedAxis
from ...core.trace.stage_info import FilterInfo
from ...core.trace.trace import Stage
from ..view_position import ViewPosition

Place = tuple[int, int, int] | None
"""Map, row and column of a cell; None for the law in letters."""
NORM = "(x − μ)/√(σ² + ε)·γ + β"


def write_law(stage: Stage, place: Place = None) -> tuple[str, ...]:
    """The law of a stage, then the ranges of its sums; at a place its indices are numbers."""
    kind = str(stage.info.operation.kind)
    return _LAWS.get(kind, _write_copy)(stage, place)


def name_cell(stage: Stage, place: Place) -> str:
    """The cell of the output with its indices, without those that have one value: y[2, 0, 3]."""
    maps, rows, columns = stage.output.shape
    is_plane = rows * columns > 1
    letters = ("k", "r", "c") if place is None else place
    shown = [str(one) for one, is_shown in zip(letters, (maps > 1, is_plane, is_plane), strict=True) if is_shown]
    return f"y[{', '.join(shown)}]" if shown else "y"


def describe_position(position: ViewPosition) -> Place:
    """The place that a View shows."""
    return (position.map, *position.cell)


def _minus(value: int) -> str:
    return str(value).replace("-", "−")


def index_of(axis: Axis, letter: str, tap: str, at: int | None, is_turned: bool = False) -> str:
    """The input row or column that a tap reads: r·2 − 1 + i, at a place 3 + i; turned r + (2 − i)."""
    step = f"·{axis.dilation}" if axis.dilation > 1 else ""
    if isinstance(axis, TransposedAxis):
        start = f"{letter}{f' + {axis.crop}' if axis.crop else ''}" if at is None else _minus(at + axis.crop)
        cell = f"{start} − {tap}{step}" if axis.kernel > 1 else start
        return f"({cell})/{axis.stride}" if axis.stride > 1 else cell
    if at is None:
        start = f"{letter}{f'·{axis.stride}' if axis.stride > 1 else ''}{f' − {axis.before}' if axis.before else ''}"
    else:
        start = _minus(at * axis.stride - axis.before)
    if axis.kernel == 1:
        return start
    return f"{start} + {f'({axis.kernel - 1} − {tap})' if is_turned else tap}{step}"


def _write_convolution(stage: Stage, place: Place) -> tuple[str, ...]:
    if stage.geometry is None or stage.weight is None:
        return _write_linear(stage, place)
    maps, filters = len(stage.output), stage.info.filters or FilterInfo()
    own = stage.weight.shape[1]
    rows, columns = stage.geometry.rows, stage.geometry.columns
    k, r, c = (None, None, None) if place is None else place
    map = "" if maps == 1 else "k" if k is None else str(k)
    ranges = [
        f"{letter} = 0…{count - 1}"
        for letter, count in (("ch", own), ("i", rows.kernel), ("j", columns.kernel))
        if count > 1
    ]
    read = [
        _name_channel(stage, k, filters.groups, own),
        index_of(rows, "r", "i", r, filters.flip),
        index_of(columns, "c", "j", c, filters.flip),
    ]
    weight = [map, *(name for name, count in (("ch", own), ("i", rows.kernel), ("j", columns.kernel)) if count > 1)]
    product = f"{'g' if filters.flip else 'w'}{_bracket(weight)} · x{_bracket(read)}"
    law = f"{name_cell(stage, place)} = b{_bracket([map])} + {'Σ ' if ranges else ''}{product}"
    return (law, f"Σ: {', '.join(ranges)}") if ranges else (law,)


def _name_channel(stage: Stage, map: int | None, groups: int, own: int) -> str:
    """The input channel that a channel of the filter reads: that of its group."""
    if (stage.info.input_shape or (1,))[0] == 1:
        return ""
    if groups == 1:
        return "ch"
    each = len(stage.output) // groups
    if map is not None:
        first = map // each * own
        return str(first) if own == 1 else f"{first} + ch" if first else "ch"
    group = "k" if each == 1 else f"⌊k/{each}⌋"
    return group if own == 1 else f"{group}·{own} + ch"


def _bracket(indices: list[str]) -> str:
    shown = [index for index in indices if index]
    return f"[{', '.join(shown)}]" if shown else ""


def _write_linear(stage: Stage, place: Place) -> tuple[str, ...]:
    maps, rows, columns = stage.info.input_shape or (1, 1, 1)
    map = "" if len(stage.output) == 1 else "k" if place is None else str(place[0])
    law = f"{name_cell(stage, place)} = b{_bracket([map])} + Σ w{_bracket([map, 'n'])} · x[n]"
    return law, f"Σ: n = 0…{maps * rows * columns - 1}"


def _write_pool(stage: Stage, place: Place) -> tuple[str, ...]:
    if stage.geometry is None or stage.info.pool is None:
        return (name_cell(stage, place),)
    rows, columns = stage.geometry.rows, stage.geometry.columns
    k, r, c = (None, None, None) if place is None else place
    map = "" if len(stage.output) == 1 else "k" if k is None else str(k)
    cell = f"x{_bracket([map, index_of(rows, 'r', 'i', r), index_of(columns, 'c', 'j', c)])}"
    kind = stage.info.pool.kind
    made = {"max": f"max {cell}", "min": f"min {cell}", "avg": f"1/n · Σ {cell}", "l2": f"√(Σ {cell}²)"}[kind]
    ranges = [f"{letter} = 0…{axis.kernel - 1}" for letter, axis in (("i", rows), ("j", columns)) if axis.kernel > 1]
    return f"{name_cell(stage, place)} = {made}", ", ".join(ranges)


def _write_activation(stage: Stage, place: Place) -> tuple[str, ...]:
    formula = stage.info.operation.formula or f"{stage.info.op}(x)"
    return (f"y = {formula}",) if place is None else (f"y = {formula}, x = {_read_same(stage, place)}",)


def _read_same(stage: Stage, place: Place) -> str:
    return f"x{name_cell(stage, place)[1:]}"


def _write_softmax(stage: Stage, place: Place) -> tuple[str, ...]:
    x = _read_same(stage, place)
    maps, rows, columns = stage.output.shape
    if stage.info.operation.kind == "softmax" and stage.plan is not None and stage.plan.law is not None:
        rest = name_cell(stage, place)[2:-1].split(", ")[1:] if maps > 1 else []
        return f"{name_cell(stage, place)} = e^({x} − m) / Σ e^(x{_bracket(['n', *rest])} − m)", f"Σ: n = 0…{maps - 1}"
    return f"{name_cell(stage, place)} = e^({x} − m) / Σ e^(x[n] − m)", f"Σ: n = 0…{maps * rows * columns - 1}"


def _write_join(stage: Stage, place: Place) -> tuple[str, ...]:
    indices = name_cell(stage, place)[1:]
    if stage.info.op == "concat":
        return _write_concatenation(stage, place)
    sign = " · " if stage.info.op == "mul" else " + "
    return (f"{name_cell(stage, place)} = {sign.join(f'x({read}){indices}' for read in stage.info.reads)}",)


def _write_concatenation(stage: Stage, place: Place) -> tuple[str, ...]:
    """Which stage each map is copied from; at a place the one cell."""
    reads, starts = stage.info.reads, stage.info.starts
    if place is not None:
        part = stage.info.find_part(place[0])
        cell = f"{place[0] - starts[part]}, {place[1]}, {place[2]}"
        return (f"{name_cell(stage, place)} = x({reads[part]})[{cell}]",)
    lines = []
    for read, start, end in zip(reads, starts, (*starts[1:], len(stage.output)), strict=True):
        index = f"k − {start}" if start else "k"
        lines.append(f"y[k, r, c] = x({read})[{index}, r, c], k = {start}…{end - 1}")
    return tuple(lines)


def _write_norm(stage: Stage, place: Place) -> tuple[str, ...]:
    return (f"{name_cell(stage, place)} = {NORM.replace('x', _read_same(stage, place))}",)


def _write_response(stage: Stage, place: Place) -> tuple[str, ...]:
    law = stage.plan.law if stage.plan else None
    if not isinstance(law, LocalResponse):
        return (name_cell(stage, place),)
    rest = name_cell(stage, place)[2:-1].split(", ")[1:] if law.channels > 1 else []
    squares = f"Σ x{_bracket(['n', *rest])}²"
    k, alpha, beta = (format_number(value) for value in (law.k, law.alpha, law.beta))
    below, above = law.size // 2, (law.size - 1) // 2
    first, last = f"max(0, k − {below})", f"min({law.channels - 1}, k + {above})"
    if place is not None:
        first, last = str(max(0, place[0] - below)), str(min(law.channels - 1, place[0] + above))
    formula = f"{name_cell(stage, place)} = {_read_same(stage, place)} / ({k} + {alpha}/{law.size} · {squares})^{beta}"
    return formula, f"Σ: n = {first}…{last}"


def _write_mean(stage: Stage, place: Place) -> tuple[str, ...]:
    count = (stage.info.input_shape or (1,))[0]
    indices = name_cell(stage, place)[2:-1]
    return f"{name_cell(stage, place)} = 1/{count} · Σ x{_bracket(['k', indices])}", f"Σ: k = 0…{count - 1}"


def _write_dropout(stage: Stage, place: Place) -> tuple[str, ...]:
    law = stage.plan.law if stage.plan else None
    x = _read_same(stage, place)
    if isinstance(law, Dropout) and law.is_training:
        return (f"{name_cell(stage, place)} = {x} / (1 − {format_number(law.p)}) · kept",)
    return (f"{name_cell(stage, place)} = {x}",)


def _write_prepared(stage: Stage, place: Place) -> tuple[str, ...]:
    x, info = _read_same(stage, place), stage.info.preprocessing
    if info is None:
        return (f"{name_cell(stage, place)} = {x}",)
    white = format_number(info.white)
    read = f"({white} − {x})" if info.inverted else x
    return (f"{name_cell(stage, place)} = ({read if info.white == 1 else f'{read} / {white}'} − μ) / σ",)


def _write_copy(stage: Stage, place: Place) -> tuple[str, ...]:
    """A layer that moves or copies cells."""
    law = stage.plan.law if stage.plan else None
    map = "" if len(stage.output) == 1 else "k" if place is None else str(place[0])
    r, c = ("r", "c") if place is None else (str(place[1]), str(place[2]))

    def less(letter: str, count: int) -> str:
        if letter.isdigit():
            return _minus(int(letter) - count)
        return f"{letter} − {count}" if count > 0 else f"{letter} + {-count}" if count < 0 else letter

    if stage.info.by is not None:
        cell = [map, less(r, stage.info.by[0]), less(c, stage.info.by[1])]
    elif isinstance(law, Border):
        cell = [map, less(r, law.geometry.rows.before), less(c, law.geometry.columns.before)]
    elif isinstance(law, Upsampling):
        cell = [map, f"⌊{r}/{law.rows.factor}⌋", f"⌊{c}/{law.columns.factor}⌋"]
        if law.rows.is_linear:
            return (f"{name_cell(stage, place)} = Σ a[i] · b[j] · x{_bracket([map, 'i', 'j'])}",)
    elif isinstance(law, Centering):
        return _write_centered(stage, law, place)
    elif stage.info.op == "flatten":
        return (_write_flattened(stage, place),)
    elif stage.info.index == 0:
        return (_read_same(stage, place),)
    else:
        return (f"{name_cell(stage, place)} = x",)
    return (f"{name_cell(stage, place)} = x{_bracket(cell)}",)


def _write_centered(stage: Stage, law: Centering, place: Place) -> tuple[str, ...]:
    """Shares of the cells below a square, and where it begins."""
    map = "" if len(stage.output) == 1 else "k" if place is None else str(place[0])
    size = format_number(law.rows.length / law.box)
    lines = [f"{name_cell(stage, place)} = Σ a[i] · b[j] · x{_bracket([map, 'i', 'j'])}"]
    for name, letter, index, axis in (("r₀", "r", 1, law.rows), ("c₀", "c", 2, law.columns)):
        at = letter if place is None else str(place[index])
        start = f"− {-axis.start}" if axis.start < 0 else f"+ {axis.start}"
        lines.append(f"{name} = ({axis.length} · {at} {start}) / {law.box}")
    sums = f"Σ: i = ⌊r₀⌋…⌈r₀ + {size}⌉ − 1, j = ⌊c₀⌋…⌈c₀ + {size}⌉ − 1"
    return (*lines, sums)


def _write_flattened(stage: Stage, place: Place) -> str:
    """Map by map, row by row."""
    maps, rows, columns = stage.info.input_shape or (1, 1, 1)
    if place is not None:
        channel, rest = divmod(place[0], rows * columns)
        cell = [str(channel) if maps > 1 else "", *map(str, divmod(rest, columns))]
    else:
        line = f"⌊k/{columns}⌋" if columns > 1 else "k"
        cell = [f"⌊k/{rows * columns}⌋" if maps > 1 else "", f"{line} mod {rows}", f"k mod {columns}"]
    return f"{name_cell(stage, place)} = x{_bracket(cell)}"


_LAWS: Mapping[str, Callable[[Stage, Place], tuple[str, ...]]] = MappingProxyType(
    {
        "conv": _write_convolution,
        "linear": _write_linear,
        "pool": _write_pool,
        "pointwise": _write_activation,
        "softmax": _write_softmax,
        "join": _write_join,
        "batchnorm": _write_norm,
        "lrn": _write_response,
        "mean": _write_mean,
        "dropout": _write_dropout,
        "prepare": _write_prepared,
    }
)
