"""One step of a Trace explained: which cells are read, what each contributes, what comes out.

A Trace holds arrays; a step is made from them when somebody asks for it. The browser's `frame.js` says the same of
the same step: tests/golden/steps.json holds both to numbers that neither of them made.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .preparation import Span

LISTED = 16 * 16
"""Windows with more cells than this are not listed cell by cell."""

STRONGEST = 6
"""So many terms of a fully connected layer's sum are written out, the largest ones; the others are added up."""

Maps = NDArray[np.float32]
Meta = Mapping[str, Any]
Step = dict[str, Any]
Grid = list[list[Any]]
Cell = tuple[int, int]
Empty = Callable[[int, int], float | None]


class StageLike(Protocol):
    """What a step needs of a stage: its meta as the browser gets it, and its arrays."""

    @property
    def meta(self) -> Meta: ...
    @property
    def output(self) -> Maps: ...
    @property
    def weight(self) -> Maps | None: ...
    @property
    def bias(self) -> Maps | None: ...


class TraceLike(Protocol):
    """What a step needs of a Trace."""

    @property
    def stages(self) -> Sequence[StageLike]: ...


@dataclass(frozen=True, slots=True)
class _Asked:
    """The cell to explain: a stage's meta and arrays, the maps that it reads, and the place.

    `unflattened` is the shape of those maps before they became one long column.
    """

    stage: StageLike
    input: Maps
    unflattened: tuple[int, int, int]
    map: int
    row: int
    col: int


def step(trace: TraceLike, stage: int, map: int, row: int, col: int) -> Step:
    """How the value at (map, row, col) of a stage comes about, as a dict ready for JSON.

    Law: `result` = sum / (divisor · scale) + bias agrees with the Trace's value within float32's rounding, and each
    channel's products add up to its sum. `values` hold None for padding that does not count, `sources` None for a
    zero of the padding; a window of more than 16 × 16 cells has no `channels`. A fully connected layer names the
    `strongest` terms of its sum, and `rest` counts and adds up the others: both together are the sum. Softmax counts
    all scores down from the `largest`, which leaves the shares as they are and keeps e^x from growing out of hand.
    Raises ValueError for a place that the Trace does not have.
    """
    _within("stage", stage, len(trace.stages))
    here = trace.stages[stage]
    for name, index, size in zip(("map", "row", "col"), (map, row, col), here.output.shape, strict=True):
        _within(name, index, size)
    kind = _KINDS.get(str(here.meta["op"]), "input")
    asked = _Asked(here, trace.stages[max(0, stage - 1)].output, _unflattened(trace, stage), map, row, col)
    base = {"stage": stage, "map": map, "row": row, "col": col, "kind": kind}
    plain = {"channels": [], "divisor": 1, "scale": 1, "bias": 0.0, "chosen": None, "count": None}
    plain |= {"strongest": [], "rest": None, "largest": None}
    return base | plain | _EXPLAIN[kind](asked)


def _convolved(asked: _Asked) -> Step:
    meta, weight = asked.stage.meta, _given(asked.stage.weight)
    rows, columns = _window(asked)
    depth = weight.shape[1]
    first = asked.map // (len(weight) // meta.get("groups", 1)) * depth
    mode = str(meta.get("padding_mode", "zeros"))
    channels = [
        _weighted(_look(asked.input, first + c, rows, columns, mode), weight[asked.map, c].tolist())
        for c in range(depth)
    ]
    return {"rows": rows, "columns": columns, "channels": channels} | _finished(asked, sum(c["sum"] for c in channels))


def _joined(asked: _Asked) -> Step:
    """A fully connected layer: every value of the input is read."""
    maps, height, width = asked.input.shape
    weight = _given(asked.stage.weight).reshape(len(asked.stage.output), maps, height, width)[asked.map]
    rows, columns = list(range(height)), list(range(width))
    channels = []
    if asked.input.size <= LISTED:
        channels = [_weighted(_look(asked.input, c, rows, columns), weight[c].tolist()) for c in range(maps)]
    products = (weight.astype(np.float64) * asked.input).ravel()
    terms = _strongest(asked, weight.ravel(), products)
    return {"rows": rows, "columns": columns, "channels": channels} | terms | _finished(asked, float(products.sum()))


def _strongest(asked: _Asked, weights: Maps, products: NDArray[np.float64]) -> Step:
    """The terms that move a sum most, the largest first and of equal ones the first; and what all others come to."""
    _, height, width = asked.unflattened
    order = np.argsort(-np.abs(products), kind="stable")
    values = asked.input.ravel()
    strongest = [
        {
            "source": [n // (height * width), *divmod(n % (height * width), width)],
            "value": float(values[n]),
            "weight": float(weights[n]),
            "product": float(products[n]) + 0.0,
        }
        for n in order[:STRONGEST].tolist()
    ]
    others = products[order[STRONGEST:]]
    return {"strongest": strongest, "rest": {"count": len(others), "sum": float(others.sum())}}


def _unflattened(trace: TraceLike, stage: int) -> tuple[int, int, int]:
    """The shape of the maps that a stage reads, or of those that were flattened before it."""
    index = max(0, stage - 1)
    while index > 0 and trace.stages[index].meta["op"] == "flatten":
        index -= 1
    channels, height, width = trace.stages[index].output.shape
    return channels, height, width


def _prepared(asked: _Asked) -> Step:
    """Preparation for a model: shares of cells and channels added up, then (sum / white − mean) / std.

    Turned from black on white, white − sum stands for the sum: the divisor is negative and the bias larger. A cell that
    is taken as it is has no weights.
    """
    law = asked.stage.meta["prepare"]
    top, down = Span(**law["rows"]).share(asked.row)
    left, across = Span(**law["columns"]).share(asked.col)
    rows, columns = list(range(top, top + len(down))), list(range(left, left + len(across)))
    channels = []
    for c, part in enumerate(law["mix"][asked.map]):
        if part:
            seen, shares = (
                _look(asked.input, c, rows, columns),
                [[part * high * wide for wide in across] for high in down],
            )
            whole = shares == [[1.0]]
            channels.append(seen | {"sum": seen["values"][0][0]} if whole else _weighted(seen, shares))
    total = float(sum(channel["sum"] for channel in channels))
    white, mean, std = law["white"], law["mean"][asked.map], law["std"][asked.map]
    divisor, bias = (-white * std, (1 - mean) / std) if law["inverted"] else (white * std, -mean / std)
    listed = channels if len(rows) * len(columns) <= LISTED else []
    ends = {"sum": total, "divisor": divisor, "bias": bias, "result": total / divisor + bias}
    return {"rows": rows, "columns": columns, "channels": listed} | ends


def _finished(asked: _Asked, total: float) -> Step:
    """Divided last, then the bias."""
    meta, k = asked.stage.meta, asked.map
    divisor, scale = _of(meta.get("divisors"), k, 1), _of(meta.get("scales"), k, 1)
    bias = float(asked.stage.bias[k]) if asked.stage.bias is not None else 0.0
    result = total / (divisor * scale) + bias
    return {"sum": total, "divisor": divisor, "scale": scale, "bias": bias, "result": result}


def _pooled(asked: _Asked) -> Step:
    meta = asked.stage.meta
    pool, counts = str(meta["pool"]), bool(meta.get("count_include_pad", True))
    rows, columns = _window(asked)
    down, across = meta["rows"], meta["columns"]
    inner = asked.input[asked.map][np.ix_(_inside(rows, down["size"]), _inside(columns, across["size"]))]
    divided = sum(_framed(down, r, counts) for r in rows) * sum(_framed(across, c, counts) for c in columns)
    total, result, chosen = _fold(inner.astype(np.float64), pool, divided)

    def empty(r: int, c: int) -> float | None:
        counted = pool == "l2" or (pool == "avg" and counts)
        return 0.0 if counted and _framed(down, r) and _framed(across, c) else None

    channels = []
    if len(rows) * len(columns) <= LISTED:
        seen = _look(asked.input, asked.map, rows, columns, empty=empty)
        squares = [[(value or 0.0) ** 2 for value in line] for line in seen["values"]] if pool == "l2" else None
        channels = [seen | {"products": squares, "sum": total}]
    place = None
    if chosen is not None:
        place = [asked.map, max(rows[0], 0) + chosen[0], max(columns[0], 0) + chosen[1]]
    ends = {"sum": total, "result": result, "chosen": place, "count": divided if pool == "avg" else None}
    return {"rows": rows, "columns": columns, "channels": channels} | ends


def _fold(cells: NDArray[np.float64], pool: str, count: int) -> tuple[float, float, Cell | None]:
    """Sum, result, and the first winner in reading order."""
    if pool == "avg":
        total = float(cells.sum())
        return total, total / count, None
    if pool == "l2":
        total = float(np.square(cells).sum())
        return total, math.sqrt(total), None
    place = int(cells.argmin() if pool == "min" else cells.argmax())
    value = float(cells.flat[place])
    return value, value, divmod(place, cells.shape[1])


def _shared(asked: _Asked) -> Step:
    """Softmax: e to this cell, over the sum of e to every cell, all counted down from the largest."""
    maps, height, width = asked.input.shape
    rows, columns = list(range(height)), list(range(width))
    largest = float(asked.input.max())
    powers = np.exp(asked.input.astype(np.float64) - largest)
    total = float(powers.sum())
    channels = []
    if asked.input.size <= LISTED:
        channels = [
            _look(asked.input, c, rows, columns) | {"products": powers[c].tolist(), "sum": float(powers[c].sum())}
            for c in range(maps)
        ]
    result = float(powers[asked.map, asked.row, asked.col]) / total
    ends = {"sum": total, "result": result, "largest": largest}
    return {"rows": rows, "columns": columns, "channels": channels} | ends


def _pointwise(asked: _Asked) -> Step:
    seen = _single(asked.input, asked.map, asked.row, asked.col)
    slope = asked.stage.meta.get("slope")
    function = _FUNCTIONS[str(asked.stage.meta["op"])]
    return seen | {"result": function(seen["sum"], 0.01 if slope is None else float(slope))}


def _shifted(asked: _Asked) -> Step:
    down, right = asked.stage.meta.get("by") or (0, 0)
    return _single(asked.input, asked.map, asked.row - down, asked.col - right)


def _flattened(asked: _Asked) -> Step:
    _, height, width = asked.input.shape
    channel, place = divmod(asked.map, height * width)
    return _single(asked.input, channel, *divmod(place, width))


def _itself(asked: _Asked) -> Step:
    return _single(asked.stage.output, asked.map, asked.row, asked.col)


def _single(maps: Maps, channel: int, row: int, col: int) -> Step:
    """The value of one cell as it is."""
    seen = _look(maps, channel, [row], [col])
    value = seen["values"][0][0]
    return {"rows": [row], "columns": [col], "channels": [seen | {"sum": value}], "sum": value, "result": value}


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


_FUNCTIONS: Mapping[str, Callable[[float, float], float]] = {
    "relu": lambda x, _: max(x, 0.0),
    "leaky_relu": lambda x, slope: x if x > 0 else x * slope,
    "sigmoid": lambda x, _: _sigmoid(x),
    "tanh": lambda x, _: math.tanh(x),
    "abs": lambda x, _: abs(x),
}
_POOLS = ("maxpool", "avgpool", "minpool", "l2pool", "globalavgpool", "globalmaxpool")
_KINDS: Mapping[str, str] = {
    **dict.fromkeys(_POOLS, "pool"),
    **dict.fromkeys(_FUNCTIONS, "pointwise"),
    **{name: name for name in ("conv", "softmax", "shift", "flatten", "linear", "prepare")},
}
_EXPLAIN: Mapping[str, Callable[[_Asked], Step]] = {
    "conv": _convolved,
    "pool": _pooled,
    "pointwise": _pointwise,
    "softmax": _shared,
    "shift": _shifted,
    "flatten": _flattened,
    "linear": _joined,
    "prepare": _prepared,
    "input": _itself,
}


def _window(asked: _Asked) -> tuple[list[int], list[int]]:
    """The input rows and columns that the window over the asked cell covers."""
    meta = asked.stage.meta
    return _reads(meta["rows"], asked.row), _reads(meta["columns"], asked.col)


def _reads(axis: Meta, position: int) -> list[int]:
    first = position * axis["stride"] - axis["before"]
    return [first + tap * axis["dilation"] for tap in range(axis["kernel"])]


def _look(
    maps: Maps,
    channel: int,
    rows: list[int],
    columns: list[int],
    mode: str = "zeros",
    empty: Empty = lambda row, col: 0.0,
) -> Step:
    """What a window sees of one channel; `empty` gives the value of a cell without a source."""
    plane = maps[channel]
    height, width = plane.shape
    sources: Grid = [[_source(r, c, (height, width), mode) for c in columns] for r in rows]
    values = [
        [float(plane[tuple(source)]) if source else empty(r, c) for c, source in zip(columns, line, strict=True)]
        for r, line in zip(rows, sources, strict=True)
    ]
    padded = [[not (0 <= r < height and 0 <= c < width) for c in columns] for r in rows]
    nothing: Step = {"weights": None, "products": None, "sum": 0.0}
    return {"channel": channel, "values": values, "padded": padded, "sources": sources} | nothing


def _weighted(seen: Step, weights: Grid) -> Step:
    # Adding 0 turns −0 into 0: a product of nothing has no sign.
    products = [
        [v * w + 0.0 for v, w in zip(*lines, strict=True)] for lines in zip(seen["values"], weights, strict=True)
    ]
    return seen | {"weights": weights, "products": products, "sum": float(sum(sum(line) for line in products))}


def _source(row: int, col: int, size: Cell, mode: str) -> list[int] | None:
    """The cell that stands in for one outside the picture, None where there is none."""
    places = [_stand_in(index, length, mode) for index, length in zip((row, col), size, strict=True)]
    return None if None in places else [place for place in places if place is not None]


def _stand_in(index: int, size: int, mode: str) -> int | None:
    if 0 <= index < size:
        return index
    match mode:
        case "replicate":
            return min(max(index, 0), size - 1)
        case "circular":
            return index % size
        case "reflect" if size > 1:
            place = index % (2 * (size - 1))
            return min(place, 2 * (size - 1) - place)
    return None


def _framed(axis: Meta, index: int, padding: bool = True) -> bool:
    """Whether a cell lies in the input, with its padding where that counts."""
    before, after = (axis["before"], axis["after"]) if padding else (0, 0)
    return bool(-before <= index < axis["size"] + after)


def _inside(cells: Iterable[int], size: int) -> list[int]:
    return [cell for cell in cells if 0 <= cell < size]


def _of(values: Sequence[int] | None, index: int, default: int) -> int:
    return values[index] if values else default


def _given(weight: Maps | None) -> Maps:
    if weight is None:
        raise ValueError("the stage has no weights; its operation needs them")
    return weight


def _within(name: str, index: int, size: int) -> None:
    if not 0 <= index < size:
        raise ValueError(f"{name} is {index}; it can be 0 to {size - 1}")
