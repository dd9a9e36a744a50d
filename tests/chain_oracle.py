"""A whole layer as the textbooks write it: from its link and plain numbers to plain numbers.

Knows nothing of plans, banks or arrays: filters are read as fractions, everything is added up in whole Python numbers
where the input has them, and divided last.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.core.scene import Layer, NamedFilter, Planes, RandomFilters, ShapeFilters, parse_number
from app.core.weights.kernels import KERNELS
from tests import oracle

Grid = list[list[list[float]]]
KERNEL_PLANES = {row.name: row.planes for row in KERNELS}


@dataclass(frozen=True)
class Filter:
    """Whole numbers over a divisor: planes, rows, cells."""

    cells: Grid
    divisor: int


def apply(layer: Layer, x: Grid, drawn: Grid | None = None, joined: list[Grid] = ()) -> Grid:
    """The layer's output maps. `drawn` holds the random filters, used unchanged, `joined` what a join reads besides."""
    if layer.op in ("add", "concat", "mul"):
        return join(layer.op, [x, *joined])
    if layer.op in ("conv", "convtranspose"):
        return convolve(layer, x, drawn or [])
    if layer.op == "linear":
        return connect(layer, x, drawn or [])
    if layer.op.endswith("pool"):
        return pool(layer, x)
    if layer.op in ("batchnorm", "lrn", "dropout", "mean", "pad", "upsample", "center"):
        return with_own_numbers(layer, x)
    return plain(layer, x)


def read_filter(planes: Planes) -> Filter:
    values = [[[parse_number(text) / planes.divisor for text in row] for row in plane] for plane in planes.planes]
    whole = math.lcm(*(value.denominator for plane in values for row in plane for value in row))
    return Filter([[[int(value * whole) for value in row] for row in plane] for plane in values], whole)


def filters_of(layer: Layer, depth: int, drawn: list) -> list[Filter]:
    left, filters = iter(drawn), []
    for one in layer.filters:
        if isinstance(one, RandomFilters | ShapeFilters):
            filters += [Filter(next(left), 1) for _ in range(one.count)]
        else:
            filters.append(read_filter(KERNEL_PLANES[one.name] if isinstance(one, NamedFilter) else one))
            if len(filters[-1].cells) == 1:
                filters[-1] = Filter(filters[-1].cells * depth, filters[-1].divisor)
            next(left)
    return filters


def connect(layer: Layer, x: Grid, drawn: list) -> Grid:
    """Every output is a sum over all numbers, with a row of weights of its own."""
    numbers = [value for plane in x for row in plane for value in row]
    if isinstance(layer.head, Planes):
        read = [read_filter(Planes(((row,),), layer.head.divisor)) for row in layer.head.planes[0]]
        rows = [(one.cells[0][0], one.divisor) for one in read]
    else:
        rows = [([weight for plane in planes for line in plane for weight in line], 1) for planes in drawn]
    bias = layer.get("bias") or "0"
    biases = [parse_number(text) for text in ((bias,) * len(rows) if isinstance(bias, str) else bias)]
    return [
        [[finished(sum(w * value for w, value in zip(row, numbers, strict=True)), divisor, more)]]
        for (row, divisor), more in zip(rows, biases, strict=True)
    ]


def centered(plane: list, rows: int, columns: int) -> list:
    top, left = (rows - len(plane)) // 2, (columns - len(plane[0])) // 2
    grid = [[0] * columns for _ in range(rows)]
    for r, row in enumerate(plane):
        for c, value in enumerate(row):
            grid[top + r][left + c] = value
    return grid


def convolve(layer: Layer, x: Grid, drawn: list) -> Grid:
    groups = layer.get("groups") or 1
    filters = filters_of(layer, len(x) // groups, drawn)
    rows, columns = (
        max(len(one.cells[0]) for one in filters),
        max(len(one.cells[0][0]) for one in filters),
    )
    repeats = 1 if len(layer.filters) == 1 and isinstance(layer.filters[0], ShapeFilters) else groups
    filters = [
        Filter([centered(plane, rows, columns) for plane in one.cells], one.divisor) for one in filters
    ] * repeats
    dilation = layer.get("dilation") or (1, 1)
    bias = layer.get("bias") or "0"
    biases = [parse_number(text) for text in ((bias,) * len(filters) if isinstance(bias, str) else bias)]
    if layer.op == "convtranspose":
        options = {name: layer.get(name) or (0, 0) for name in ("padding", "output_padding")}
        sums = oracle.conv_transpose2d(
            x, [one.cells for one in filters], stride=layer.get("stride") or (1, 1), dilation=dilation,
            groups=groups, **options,
        )  # fmt: skip
    else:
        sums = oracle.conv2d(
            x, [one.cells for one in filters], stride=layer.get("stride") or (1, 1),
            padding=sides(layer, (rows, columns), dilation), dilation=dilation, groups=groups,
            padding_mode=layer.get("padding_mode") or "zeros", flip=bool(layer.get("flip")),
        )  # fmt: skip
    return [
        [[finished(total, one.divisor, bias) for total in row] for row in plane]
        for plane, one, bias in zip(sums, filters, biases, strict=True)
    ]


def finished(total: float, divisor: int, bias: Fraction) -> float:
    if isinstance(total, int):
        return float(Fraction(total, divisor) + bias)
    return total / divisor + float(bias)


def sides(layer: Layer, kernel: tuple[int, int], dilation: tuple[int, int] = (1, 1)) -> tuple[int, int, int, int]:
    said = layer.get("padding") or "valid"
    if isinstance(said, tuple):
        return said
    if said == "valid":
        return (0, 0, 0, 0)
    down, right = (step * (cells - 1) for step, cells in zip(dilation, kernel, strict=True))
    return (down, down, right, right) if said == "full" else (down // 2, -(-down // 2), right // 2, -(-right // 2))


def pool(layer: Layer, x: Grid) -> Grid:
    if layer.op.startswith("global"):
        size = (len(x[0]), len(x[0][0]))
        return oracle.pool2d(x, layer.op[6:9], size, (1, 1))
    window = layer.head or (2, 2)
    counted, dilation = layer.get("count_include_pad"), layer.get("dilation") or (1, 1)
    return oracle.pool2d(
        x, layer.op.removesuffix("pool"), window, layer.get("stride") or window, sides(layer, window, dilation),
        ceil_mode=bool(layer.get("ceil_mode")), count_include_pad=counted is None or counted, dilation=dilation,
        divisor_override=layer.get("divisor_override"),
    )  # fmt: skip


def with_own_numbers(layer: Layer, x: Grid) -> Grid:
    """A layer with numbers of its own."""
    depth, rows, columns = len(x), len(x[0]), len(x[0][0])

    def said(name: str, otherwise: str) -> float:
        return float(parse_number(layer.get(name) or otherwise))

    if layer.op == "batchnorm":
        return [normalized(layer, plane, c, depth) for c, plane in enumerate(x)]
    if layer.op == "lrn":
        size = layer.head or 5
        first = [range(max(0, c - size // 2), min(depth, c - size // 2 + size)) for c in range(depth)]
        alpha, beta, k = said("alpha", "0.0001"), said("beta", "0.75"), said("k", "1")
        return each_cell(
            x, lambda c, i, j: x[c][i][j] / (k + alpha / size * sum(x[d][i][j] ** 2 for d in first[c])) ** beta
        )
    if layer.op == "dropout":
        if not layer.get("train"):
            return x
        p = float(parse_number(layer.head or "0.5"))
        drawn = np.random.default_rng(layer.get("seed") or 0).random((depth, rows, columns))
        return each_cell(x, lambda c, i, j: x[c][i][j] / (1 - p) if drawn[c, i, j] >= p else 0)
    if layer.op == "mean":
        return [[[sum(plane[i][j] for plane in x) / depth for j in range(columns)] for i in range(rows)]]
    if layer.op == "pad":
        return [padded(layer, plane) for plane in x]
    if layer.op == "center":
        return with_drawing_centered(layer, x)
    return [upsampled(layer, plane) for plane in x]


def each_cell(x: Grid, function) -> Grid:
    return [[[function(c, i, j) for j in range(len(x[0][0]))] for i in range(len(x[0]))] for c in range(len(x))]


def normalized(layer: Layer, plane: list, channel: int, depth: int) -> list:
    cells = [value for row in plane for value in row]

    def said(name: str, otherwise: str) -> float:
        given = layer.get(name) or otherwise
        return float(parse_number(given[channel] if isinstance(given, tuple) else given))

    mean, var = said("mean", "0"), said("var", "1")
    if layer.get("train"):
        mean = math.fsum(cells) / len(cells)
        var = math.fsum((value - mean) ** 2 for value in cells) / len(cells)
    root = math.sqrt(var + float(parse_number(layer.get("eps") or "0.00001")))
    return [[(value - mean) / root * said("weight", "1") + said("bias", "0") for value in row] for row in plane]


def padded(layer: Layer, plane: list) -> list:
    head = (1, 1, 1, 1) if layer.head is None else (0, 0, 0, 0) if layer.head == "valid" else layer.head
    (top, bottom, left, right), mode = head, layer.get("mode") or "zeros"
    value = float(parse_number(layer.get("value") or "0"))
    height, width = len(plane), len(plane[0])

    def cell(row: int, column: int) -> float:
        is_inside = 0 <= row < height and 0 <= column < width
        return value if mode == "zeros" and not is_inside else oracle.at(plane, row, column, mode)

    return [[cell(r, c) for c in range(-left, width + right)] for r in range(-top, height + bottom)]


def with_drawing_centered(layer: Layer, x: Grid) -> Grid:
    """A drawing in a box, its center of mass in the middle, with fractions: mean of all that a new cell covers."""
    box, (high, wide) = layer.head or 20, layer.get("size") or (28, 28)
    rows, columns = len(x[0]), len(x[0][0])
    papers = []
    for plane in x:
        edge = sorted([*plane[0], *plane[-1], *(line[0] for line in plane), *(line[-1] for line in plane)])
        papers.append(edge[(len(edge) - 1) // 2])
    inks = [
        [max(abs(p[r][c] - b) for p, b in zip(x, papers, strict=True)) for c in range(columns)] for r in range(rows)
    ]
    most = max(map(max, inks))
    if most == 0:
        return [[[paper] * wide for _ in range(high)] for paper in papers]
    drawn = [(r, c) for r in range(rows) for c in range(columns) if inks[r][c] >= most / 4]
    (top, bottom), (left, right) = ((min(side), max(side)) for side in zip(*drawn, strict=True))
    part = Fraction(max(bottom - top, right - left) + 1, box)

    def starts(first: int, last: int, mass: list[float], count: int) -> list[Fraction]:
        center = sum(Fraction(mass[i]) * (2 * (first + i) + 1) for i in range(last - first + 1)) / sum(
            map(Fraction, mass)
        )
        begin = Fraction(math.floor((center / 2 - count * part / 2) * box + Fraction(1, 2)), box)
        return [begin + i * part for i in range(count)]

    down = starts(top, bottom, [sum(inks[r][left : right + 1]) for r in range(top, bottom + 1)], high)
    across = starts(
        left, right, [sum(inks[r][c] for r in range(top, bottom + 1)) for c in range(left, right + 1)], wide
    )

    def mean(plane: list, paper: float, row: Fraction, column: Fraction) -> float:
        total = 0.0
        for r in range(math.floor(row), math.ceil(row + part)):
            for c in range(math.floor(column), math.ceil(column + part)):
                share = (min(r + 1, row + part) - max(r, row)) * (min(c + 1, column + part) - max(c, column)) / part**2
                total += float(share) * (plane[r][c] if 0 <= r < rows and 0 <= c < columns else paper)
        return total

    return [[[mean(plane, paper, r, c) for c in across] for r in down] for plane, paper in zip(x, papers, strict=True)]


def upsampled(layer: Layer, plane: list) -> list:
    down, across = layer.head or (2, 2)
    height, width = len(plane), len(plane[0])
    if layer.get("mode") != "bilinear":
        return [[plane[r // down][c // across] for c in range(width * across)] for r in range(height * down)]

    def between(place: int, factor: int, size: int) -> list[tuple[int, float]]:
        at = max(0.0, (place + 0.5) / factor - 0.5)
        first = math.floor(at)
        return [(first, 1 - (at - first)), (min(first + 1, size - 1), at - first)]

    return [
        [
            math.fsum(
                plane[r][c] * high * wide
                for r, high in between(row, down, height)
                for c, wide in between(column, across, width)
            )
            for column in range(width * across)
        ]
        for row in range(height * down)
    ]


def join(op: str, stacks: list[Grid]) -> Grid:
    if op == "concat":
        return [plane for stack in stacks for plane in stack]
    maps, rows, columns = (
        max(sizes) for sizes in zip(*((len(s), len(s[0]), len(s[0][0])) for s in stacks), strict=True)
    )

    def cell(stack: Grid, m: int, r: int, c: int) -> float:
        return stack[m][min(r, len(stack[m]) - 1)][min(c, len(stack[m][0]) - 1)]

    combine = sum if op == "add" else math.prod
    return [
        [[combine(cell(stack, m, r, c) for stack in stacks) for c in range(columns)] for r in range(rows)]
        for m in range(maps)
    ]


def plain(layer: Layer, x: Grid) -> Grid:
    if layer.op == "flatten":
        return [[[value]] for plane in x for row in plane for value in row]
    if layer.op == "shift":
        down, right = layer.head or (0, 1)
        return [
            [[oracle.at(plane, r - down, c - right) for c in range(len(plane[0]))] for r in range(len(plane))]
            for plane in x
        ]
    if layer.op == "softmax" and layer.head == "channels":
        largest = [[max(plane[i][j] for plane in x) for j in range(len(x[0][0]))] for i in range(len(x[0]))]
        powers = each_cell(x, lambda c, i, j: math.exp(x[c][i][j] - largest[i][j]))
        return each_cell(x, lambda c, i, j: powers[c][i][j] / math.fsum(plane[i][j] for plane in powers))
    if layer.op == "softmax":
        largest = max(value for plane in x for row in plane for value in row)
        total = math.fsum(math.exp(value - largest) for plane in x for row in plane for value in row)
        return [[[math.exp(value - largest) / total for value in row] for row in plane] for plane in x]
    slope = float(parse_number(layer.head or "0.01")) if layer.op == "leaky_relu" else 0
    function = {
        "relu": lambda v: max(v, 0),
        "leaky_relu": lambda v: v if v > 0 else v * slope,
        "abs": abs,
        "relu6": lambda v: min(max(v, 0), 6),
        "gelu": lambda v: v / 2 * math.erfc(-v / math.sqrt(2)),
        "silu": lambda v: v / (1 + math.exp(-v)) if v >= 0 else v * math.exp(v) / (1 + math.exp(v)),
        "hardswish": lambda v: v * min(max(v + 3, 0), 6) / 6,
        "step": lambda v: 1 if v > 0 else 0,
        "tanh": math.tanh,
        "sigmoid": lambda v: 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v)),
    }[layer.op]
    return [[[function(value) for value in row] for row in plane] for plane in x]
