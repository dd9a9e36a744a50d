"""Makes steps.json: small traces, and what their steps must say.

Every expected number comes from loops over one cell at a time and a picture that goes on forever, as in
tests/oracle.py; nothing is shared with app/core/explain/ or static/pure/frame/frame.js. The weights are those after
a turn by 180°. Run from the checkout: `python -m tests.golden.make_steps`.
"""

from __future__ import annotations

import json
import math
import random
import struct
from pathlib import Path

from app.core.ops.geometry import Axis
from tests import oracle

FILE = Path(__file__).with_name("steps.json")
AXIS = ("size", "kernel", "stride", "dilation", "before", "after", "ceil", "positions", "fits", "leftover", "overhang")


def f32(value: float) -> float:
    """Rounded to float32, as a Trace holds it."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def rounded(maps):
    return [[[f32(value) for value in row] for row in plane] for plane in maps]


def whole_numbers(draw, *shape, low=0, high=9):
    if len(shape) > 1:
        return [whole_numbers(draw, *shape[1:], low=low, high=high) for _ in range(shape[0])]
    return [draw.randint(low, high) for _ in range(shape[0])]


def shape_of(maps):
    return [len(maps), len(maps[0]), len(maps[0][0])]


def axis_meta(axis: Axis):
    meta = {name: getattr(axis, name) for name in AXIS}
    return meta | {
        "unread": list(axis.unread),
        "quotient": str(axis.quotient),
        "fitting_padding": axis.fitting_padding,
    }


def stage(index, op, output, before=None, **meta):
    """A stage as the browser gets it; only what a step needs is correct."""
    flat = [[value for row in plane for value in row] for plane in output]
    base = {
        "index": index, "op": op, "title": op, "family": "input" if op == "input" else "other",
        "layer": index - 1 if index else None, "shape": shape_of(output),
        "input_shape": shape_of(before) if before else None, "rows": None, "columns": None,
        "parameters": 0, "multiply_adds": 0, "receptive_field": [1, 1], "jump": [1, 1],
        "colors": "signed", "scale": None, "ranges": [[min(plane), max(plane)] for plane in flat],
        "telling": [[0, 0] for _ in output], "notes": [], "weight": None, "bias": None,
    }  # fmt: skip
    terms = numbers_in([before or output, meta.get("weight") or []])
    exact = op not in ("leaky_relu", "sigmoid", "tanh", "softmax", "prepare", "gelu", "silu") and all(
        value == round(value) for value in terms
    )
    return base | {"exact": exact} | meta | {"output": output}


def numbers_in(nested):
    """All numbers of nested lists."""
    return [n for part in nested for n in numbers_in(part)] if isinstance(nested, list) else [nested]


def trace_of(image, *stages):
    """A trace of an image and what makes each next stage from (index, the maps so far)."""
    made = [stage(0, "input", rounded(image))]
    for make in stages:
        made.append(make(len(made), made[-1]["output"]))
    return {
        "version": 1,
        "scene": {
            "version": 1,
            "image": {"sample": "chelsea"},
            "size": [32, 32],
            "crop": None,
            "channels": "gray",
            "range": "byte",
            "layers": [],
        },
        "link": "",
        "problems": [],
        "stages": made,
    }


def conv(
    weight, bias=None, divisors=None, scales=None, stride=(1, 1), padding=(0, 0, 0, 0), dilation=(1, 1), **options
):
    bias = bias or [0] * len(weight)
    divisors, scales = divisors or [1] * len(weight), scales or [1] * len(weight)
    texts, bias = [str(value) for value in bias], [f32(value) for value in bias]

    def make(index, x):
        sums = oracle.conv2d(x, weight, None, stride=stride, padding=padding, dilation=dilation, **options)
        y = [
            [[value / (d * s) + b for value in row] for row in plane]
            for plane, d, s, b in zip(sums, divisors, scales, bias, strict=True)
        ]
        sides = zip(shape_of(x)[1:], (len(weight[0][0]), len(weight[0][0][0])), stride, dilation, strict=True)
        ends = (padding[:2], padding[2:])
        rows, columns = (axis_meta(Axis(*side, *end)) for side, end in zip(sides, ends, strict=True))
        return stage(
            index, "conv", rounded(y), x, rows=rows, columns=columns, weight=weight, bias=bias, divisors=divisors,
            scales=scales, bias_text=texts, labels=["custom"] * len(weight), flip=False,
            groups=options.get("groups", 1), padding_mode=options.get("padding_mode", "zeros"),
        )  # fmt: skip

    return make


def pool(kind, kernel_size, stride, padding=(0, 0, 0, 0), ceil_mode=False, count_include_pad=True, op=None):
    def make(index, x):
        size = kernel_size or tuple(shape_of(x)[1:])
        y = oracle.pool2d(
            x, kind, size, stride or size, padding, ceil_mode=ceil_mode, count_include_pad=count_include_pad
        )
        sides = zip(shape_of(x)[1:], size, stride or size, (padding[:2], padding[2:]), strict=True)
        rows, columns = (axis_meta(Axis(n, k, s, 1, *ends, ceil_mode)) for n, k, s, ends in sides)
        return stage(
            index, op or f"{kind}pool", rounded(y), x, rows=rows, columns=columns, pool=kind,
            count_include_pad=count_include_pad,
        )  # fmt: skip

    return make


FUNCTIONS = {
    "relu": lambda x: max(x, 0),
    "leaky_relu": lambda x: x if x > 0 else 0.1 * x,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "tanh": math.tanh,
    "abs": abs,
    "relu6": lambda x: min(max(x, 0), 6),
    "gelu": lambda x: x / 2 * math.erfc(-x / math.sqrt(2)),
    "silu": lambda x: x / (1 + math.exp(-x)),
    "step": lambda x: 1 if x > 0 else 0,
}


def pointwise(op):
    def make(index, x):
        y = [[[FUNCTIONS[op](value) for value in row] for row in plane] for plane in x]
        return stage(index, op, rounded(y), x, slope=0.1 if op == "leaky_relu" else None)

    return make


def softmax(index, x):
    powers = [[[math.exp(value) for value in row] for row in plane] for plane in x]
    total = sum(value for plane in powers for row in plane for value in row)
    return stage(index, "softmax", rounded([[[v / total for v in row] for row in plane] for plane in powers]), x)


def shift(by):
    def make(index, x):
        _, height, width = shape_of(x)
        y = [[[oracle.at(p, r - by[0], c - by[1]) for c in range(width)] for r in range(height)] for p in x]
        return stage(index, "shift", rounded(y), x, by=list(by))

    return make


def flatten(index, x):
    return stage(index, "flatten", [[[value]] for plane in x for row in plane for value in row], x)


def linear(weight, bias):
    def make(index, x):
        values = [value for plane in x for row in plane for value in row]
        y = [
            [[sum(v * w for v, w in zip(values, line, strict=True)) + b]] for line, b in zip(weight, bias, strict=True)
        ]
        return stage(index, "linear", rounded(y), x, weight=weight, bias=[f32(b) for b in bias])

    return make


def stretched(start, length, parts, index):
    """Cell → share of one of `parts` equal parts: every cell is divided into `parts` slices, `length` slices each."""
    shares = {}
    for piece in range(index * length, (index + 1) * length):
        shares[start + piece // parts] = shares.get(start + piece // parts, 0) + 1
    return {cell: count / length for cell, count in shares.items()}


def prepare(mix, mean, std, rows, columns, inverted=False, white=255):
    """`rows` and `columns` are (first, length, parts)."""

    def make(index, x):
        y = []
        for k, line in enumerate(mix):
            y.append([[0] * columns[2] for _ in range(rows[2])])
            for r in range(rows[2]):
                for c in range(columns[2]):
                    value = 0
                    for channel, part in enumerate(line):
                        for i, high in stretched(*rows, r).items():
                            for j, wide in stretched(*columns, c).items():
                                value += part * high * wide * x[channel][i][j]
                    share = (white - value if inverted else value) / white
                    y[k][r][c] = (share - mean[k]) / std[k]
        axes = (dict(zip(("first", "length", "parts"), axis, strict=True)) for axis in (rows, columns))
        sides = [{"size": size, **axis} for size, axis in zip(shape_of(x)[1:], axes, strict=True)]
        law = {"model": "some", "white": white, "inverted": inverted, "mean": mean, "std": std, "mix": mix}
        law |= {"rows": sides[0], "columns": sides[1]}
        return stage(index, "prepare", rounded(y), x, prepare=law)

    return make


# --- what a step must say ------------------------------------------------------------------------------------


def numbered(height, width):
    """A picture whose values are the places of their cells."""
    return [[r * 1000 + c for c in range(width)] for r in range(height)]


def look(x, channel, rows, columns, mode="zeros"):
    """Values, padded and sources of a window, cell by cell on the continued picture."""
    plane, (_, height, width) = x[channel], shape_of(x)
    addresses = numbered(height, width)
    values, padded, sources = [], [], []
    for row in rows:
        values.append([oracle.at(plane, row, col, mode) for col in columns])
        padded.append([not (0 <= row < height and 0 <= col < width) for col in columns])
        line = []
        for col in columns:
            outside = mode == "zeros" and padded[-1][len(line)]
            line.append(None if outside else list(divmod(oracle.at(addresses, row, col, mode), 1000)))
        sources.append(line)
    return {
        "channel": channel,
        "values": values,
        "weights": None,
        "products": None,
        "padded": padded,
        "sources": sources,
    }


def step_of(trace, place):
    index, k, row, col = place
    here = trace["stages"][index]
    x = trace["stages"][max(0, index - 1)]["output"]
    base = {"stage": index, "map": k, "row": row, "col": col, "divisor": 1, "scale": 1, "bias": 0, "chosen": None}
    base |= {"count": None, "strongest": [], "rest": None, "largest": None}
    if here["op"] == "conv":
        return base | conv_step(here, x, k, row, col)
    if here["op"].endswith("pool"):
        return base | pool_step(here, x, k, row, col)
    if here["op"] == "linear":
        before = index - 1
        while trace["stages"][before]["op"] == "flatten":
            before -= 1
        return base | linear_step(here, x, k, shape_of(trace["stages"][before]["output"]))
    if here["op"] == "prepare":
        return base | prepare_step(here["prepare"], x, k, row, col)
    if here["op"] == "softmax":
        return base | softmax_step(x, k, row, col)
    return base | single_step(here, x, k, row, col)


def steps_along(axis, position):
    first = position * axis["stride"] - axis["before"]
    return list(range(first, first + axis["dilation"] * axis["kernel"], axis["dilation"]))


def conv_step(here, x, k, row, col):
    rows, columns = steps_along(here["rows"], row), steps_along(here["columns"], col)
    filters = here["weight"]
    group = k // (len(filters) // here["groups"])
    channels, grand = [], 0
    for c, kernel in enumerate(filters[k]):
        seen = look(x, group * len(filters[k]) + c, rows, columns, here["padding_mode"])
        products = [[0] * len(columns) for _ in rows]
        part = 0
        for i in range(len(rows)):
            for j in range(len(columns)):
                products[i][j] = seen["values"][i][j] * kernel[i][j]
                part += products[i][j]
        channels.append(seen | {"weights": kernel, "products": products, "sum": part})
        grand += part
    divisor, scale, bias = here["divisors"][k], here["scales"][k], here["bias"][k]
    ends = {"sum": grand, "divisor": divisor, "scale": scale, "bias": bias, "result": grand / (divisor * scale) + bias}
    return {"kind": "conv", "rows": rows, "columns": columns, "channels": channels} | ends


def pool_step(here, x, k, row, col):
    kind, down, across = here["pool"], here["rows"], here["columns"]
    rows, columns = steps_along(down, row), steps_along(across, col)
    seen = look(x, k, rows, columns)
    inside, counted = [], 0
    for i, r in enumerate(rows):
        for j, c in enumerate(columns):
            in_padding = -down["before"] <= r < down["size"] + down["after"]
            in_padding = in_padding and -across["before"] <= c < across["size"] + across["after"]
            if not seen["padded"][i][j]:
                inside.append((seen["values"][i][j], [k, r, c]))
                counted += 1
            elif in_padding and (kind == "l2" or (kind == "avg" and here["count_include_pad"])):
                counted += 1
            else:
                seen["values"][i][j] = None
    values = [value for value, _ in inside]
    chosen = None
    if kind in ("max", "min"):
        total = result = max(values) if kind == "max" else min(values)
        chosen = next(place for value, place in inside if value == total)
    elif kind == "avg":
        total = sum(values)
        result = total / counted
    else:
        total = sum(value**2 for value in values)
        result = total**0.5
        seen["products"] = [[(value or 0) ** 2 for value in line] for line in seen["values"]]
    listed = len(rows) * len(columns) <= 256
    return {
        "kind": "pool", "rows": rows, "columns": columns, "channels": [seen | {"sum": total}] if listed else [],
        "sum": total, "result": result, "chosen": chosen, "count": counted if kind == "avg" else None,
    }  # fmt: skip


def linear_step(here, x, k, unflattened):
    rows, columns = list(range(len(x[0]))), list(range(len(x[0][0])))
    channels, n = [], 0
    for c in range(len(x)):
        seen = look(x, c, rows, columns)
        weights = [[0] * len(columns) for _ in rows]
        products = [[0] * len(columns) for _ in rows]
        for i in rows:
            for j in columns:
                weights[i][j] = here["weight"][k][n]
                products[i][j] = weights[i][j] * x[c][i][j]
                n += 1
        channels.append(seen | {"weights": weights, "products": products, "sum": sum(sum(p) for p in products)})
    total = sum(channel["sum"] for channel in channels)
    ends = {"sum": total, "bias": here["bias"][k], "result": total + here["bias"][k]}
    if len(x) * len(rows) * len(columns) > 256:
        channels = []
    terms = strongest_terms(x, here["weight"][k], unflattened)
    return {"kind": "linear", "rows": rows, "columns": columns, "channels": channels} | terms | ends


def strongest_terms(x, weights, unflattened):
    """One at a time: the largest product of those that are left, the first of equal ones."""
    places = [[c, i, j] for c in range(unflattened[0]) for i in range(unflattened[1]) for j in range(unflattened[2])]
    values = [value for plane in x for line in plane for value in line]
    left = [
        {"source": place, "value": value, "weight": weight, "product": value * weight}
        for place, value, weight in zip(places, values, weights, strict=True)
    ]
    strongest = []
    while left and len(strongest) < 6:
        most = max(abs(term["product"]) for term in left)
        strongest.append(left.pop(next(n for n, term in enumerate(left) if abs(term["product"]) == most)))
    return {"strongest": strongest, "rest": {"count": len(left), "sum": sum(term["product"] for term in left)}}


def prepare_step(law, x, k, row, col):
    axes = [[law[name][key] for key in ("first", "length", "parts")] for name in ("rows", "columns")]
    down, across = stretched(*axes[0], row), stretched(*axes[1], col)
    rows, columns = list(down), list(across)
    channels = []
    for c, part in enumerate(law["mix"][k]):
        if not part:
            continue
        seen = look(x, c, rows, columns)
        shares = [[part * down[i] * across[j] for j in columns] for i in rows]
        products = [[seen["values"][i][j] * shares[i][j] for j in range(len(columns))] for i in range(len(rows))]
        total = sum(sum(line) for line in products)
        whole = shares == [[1]]
        channels.append(
            seen | {"sum": total} if whole else seen | {"weights": shares, "products": products, "sum": total}
        )
    total = sum(channel["sum"] for channel in channels)
    sign = -1 if law["inverted"] else 1
    bias = ((1 if law["inverted"] else 0) - law["mean"][k]) / law["std"][k]
    divisor = sign * law["white"] * law["std"][k]
    ends = {"sum": total, "divisor": divisor, "bias": bias, "result": total / divisor + bias}
    return {"kind": "prepare", "rows": rows, "columns": columns, "channels": channels} | ends


def softmax_step(x, k, row, col):
    rows, columns = list(range(len(x[0]))), list(range(len(x[0][0])))
    largest = max(value for plane in x for line in plane for value in line)
    channels, total = [], 0
    for c in range(len(x)):
        powers = [[math.exp(value - largest) for value in line] for line in x[c]]
        part = sum(sum(line) for line in powers)
        channels.append(look(x, c, rows, columns) | {"products": powers, "sum": part})
        total += part
    result = math.exp(x[k][row][col] - largest) / total
    ends = {"sum": total, "result": result, "largest": largest}
    return {"kind": "softmax", "rows": rows, "columns": columns, "channels": channels} | ends


def single_step(here, x, k, row, col):
    kind, channel = here["op"], k
    if here["op"] == "shift":
        row, col = row - here["by"][0], col - here["by"][1]
    elif here["op"] == "flatten":
        order = [(c, i, j) for c in range(len(x)) for i in range(len(x[0])) for j in range(len(x[0][0]))]
        channel, row, col = order[k]
    elif here["op"] in FUNCTIONS:
        kind = "pointwise"
    seen = look(x, channel, [row], [col])
    value = seen["values"][0][0]
    result = FUNCTIONS[here["op"]](value) if kind == "pointwise" else value
    return {
        "kind": kind, "rows": [row], "columns": [col], "channels": [seen | {"sum": value}], "sum": value,
        "result": result,
    }  # fmt: skip


# --- the cases -----------------------------------------------------------------------------------------------

ONE = ["window", "products", "sum", "write"]
PLAIN = ["window", "sum", "write"]


def channel_beats(count):
    return ["window", *(f"channel-{i}" for i in range(count)), "sum", "bias", "write"]


def cases():
    draw = random.Random(20)
    sobel = [[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]]
    box = [[[[1, 1, 1], [1, 1, 1], [1, 1, 1]]]]
    photo = whole_numbers(draw, 1, 8, 9, high=255)
    color = whole_numbers(draw, 3, 6, 5, high=255)
    signed = whole_numbers(draw, 1, 5, 7, low=-9, high=9)
    corners = [(1, 0, 0, 0), (1, 0, 2, 3)]

    yield "Sobel, ReLU, max pool", trace_of(photo, conv(sobel), pointwise("relu"), pool("max", (2, 2), (2, 2))), [
        ((0, 0, 7, 8), ["write"]), ((1, 0, 2, 3), ONE), ((2, 0, 2, 3), PLAIN),
        ((3, 0, 1, 2), PLAIN), ((3, 0, 2, 2), PLAIN),
    ]  # fmt: skip
    yield "box blur with a divisor and a bias", trace_of(photo, conv(box, [0.5], [9])), [(p, ONE) for p in corners]
    yield (
        "decimals: a common denominator beside the divisor",
        trace_of(photo, conv(sobel, [-3], [2], [10])),
        [((1, 0, 4, 4), ONE)],
    )
    for mode in ("zeros", "reflect", "replicate", "circular"):
        trace = trace_of(photo, conv(sobel, padding=(2, 1, 1, 2), padding_mode=mode))
        yield (
            f"padding more above than below, {mode}",
            trace,
            [((1, 0, r, c), ONE) for r, c in ((0, 0), (8, 9), (3, 3))],
        )
    yield (
        "dilation and a stride that does not fit",
        trace_of(
            photo,
            conv(whole_numbers(draw, 1, 1, 2, 3, low=-3, high=3), stride=(3, 2), dilation=(2, 3), padding=(1, 1, 0, 2)),
        ),
        [((1, 0, 0, 0), ONE), ((1, 0, 2, 2), ONE)],
    )
    yield (
        "two filters on three channels",
        trace_of(color, conv(whole_numbers(draw, 2, 3, 3, 3, low=-2, high=2), [1, -2], padding=(1, 1, 1, 1))),
        [((1, 1, 0, 4), channel_beats(3)), ((1, 0, 3, 2), channel_beats(3))],
    )
    yield "three groups", trace_of(color, conv(sobel * 3, [0, 1, 2], groups=3)), [((1, k, 2, 1), ONE) for k in range(3)]
    yield (
        "ten channels go in one beat",
        trace_of(whole_numbers(draw, 10, 4, 4), conv(whole_numbers(draw, 1, 10, 2, 2, low=-2, high=2))),
        [((1, 0, 1, 1), ["window", "products", "sum", "bias", "write"])],
    )
    yield (
        "learned weights, no whole numbers",
        trace_of(
            [[[f32(v / 255) for v in row] for row in plane] for plane in color],
            conv([[[[f32(draw.uniform(-1, 1)) for _ in range(5)] for _ in range(5)] for _ in range(3)]], [0.1]),
        ),
        [((1, 0, 1, 0), channel_beats(3))],
    )
    for kind in ("max", "min", "avg", "l2"):
        trace = trace_of(signed, pool(kind, (3, 2), (2, 2), (1, 1, 1, 1), ceil_mode=True))
        yield (
            f"{kind} pool over padding and over the edge",
            trace,
            [((1, 0, r, c), PLAIN) for r, c in ((0, 0), (2, 3), (1, 1))],
        )
    yield (
        "average that leaves the padding out",
        trace_of(signed, pool("avg", (3, 3), (2, 2), (1, 1, 1, 1), count_include_pad=False)),
        [((1, 0, 0, 0), PLAIN), ((1, 0, 1, 1), PLAIN)],
    )
    yield (
        "the first of equal values wins",
        trace_of([[[1, 7, 7], [7, 0, 0]]], pool("max", (2, 3), (2, 3))),
        [((1, 0, 0, 0), PLAIN)],
    )
    for op in ("leaky_relu", "sigmoid", "tanh", "abs", "relu6", "gelu", "silu", "step"):
        yield op, trace_of(signed, pointwise(op)), [((1, 0, 1, 2), PLAIN), ((1, 0, 4, 6), PLAIN)]
    yield (
        "softmax of ten scores",
        trace_of([[[v]] for v in whole_numbers(draw, 10, low=-3, high=6)], softmax),
        [((1, 3, 0, 0), ONE)],
    )
    yield "shift down and left", trace_of(signed, shift((1, -2))), [((1, 0, 0, 0), PLAIN), ((1, 0, 3, 4), PLAIN)]
    yield (
        "flatten, then fully connected",
        trace_of(whole_numbers(draw, 2, 2, 3), flatten, linear(whole_numbers(draw, 3, 12, low=-2, high=2), [1, 0, -1])),
        [((1, 8, 0, 0), PLAIN), ((2, 2, 0, 0), ["window", "products", "sum", "bias", "write"])],
    )
    yield (
        "fully connected without flattening",
        trace_of(whole_numbers(draw, 2, 2, 3), linear(whole_numbers(draw, 3, 12, low=-2, high=2), [1, 0, -1])),
        [((1, 1, 0, 0), ["window", "products", "sum", "bias", "write"])],
    )
    yield (
        "prepared for a model: colors as they are",
        trace_of(
            color,
            prepare(
                [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
                [0.4914, 0.4822, 0.4465],
                [0.247, 0.2435, 0.2616],
                (0, 6, 6),
                (0, 5, 5),
            ),
        ),
        [((1, k, 2, 3), PLAIN) for k in range(3)],
    )
    yield (
        "prepared for a model: the middle of a color picture, averaged, gray, and white on black",
        trace_of(color, prepare([[0.299, 0.587, 0.114]], [0.1307], [0.3081], (0, 5, 3), (0, 5, 3), inverted=True)),
        [((1, 0, r, c), PLAIN) for r, c in ((0, 0), (1, 1), (2, 2))],
    )
    yield (
        "prepared for a model: enlarged, one gray map for three",
        trace_of(photo, prepare([[1]] * 3, [0.5, 0.4, 0.3], [0.25, 0.2, 0.1], (0, 8, 12), (0, 8, 12))),
        [((1, 2, 4, 7), PLAIN), ((1, 0, 0, 11), PLAIN)],
    )
    yield "global pools", trace_of(color, pool("avg", None, None, op="globalavgpool")), [((1, 2, 0, 0), PLAIN)]
    yield (
        "a global maximum too large to list",
        trace_of(whole_numbers(draw, 1, 17, 16, high=255), pool("max", None, None, op="globalmaxpool")),
        [((1, 0, 0, 0), PLAIN)],
    )
    wide = linear([[f32(draw.uniform(-1, 1)) for _ in range(3 * 10 * 9)] for _ in range(2)], [0.25, -0.5])
    yield (
        "fully connected, with more inputs than are listed",
        trace_of(whole_numbers(draw, 3, 10, 9, low=-9, high=9), flatten, wide),
        [((2, k, 0, 0), ["window", "products", "sum", "bias", "write"]) for k in range(2)],
    )


def main() -> None:
    made = [
        {
            "name": name,
            "trace": trace,
            "steps": [{"expected": step_of(trace, place), "beats": beats} for place, beats in places],
        }
        for name, trace, places in cases()
    ]
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in made)
    FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
