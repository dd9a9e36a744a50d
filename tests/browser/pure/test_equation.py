"""The equation of a step: each of its forms is evaluated as it is written, and gives what an oracle computes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from tests import oracle
from tests.browser.pure.test_layer_laws import sent
from tests.browser.pure_page import Run
from tests.number_scenes import list_places, make_random_query, make_trace, read_text

Node = Any
"""An element of a description, or a text."""
SCRIPT = """
  const {attachLaws} = await import("convoscope/pure/frame/laws/layer-laws.js");
  const {equationOf} = await import("convoscope/pure/tabs/equation/equation-view.js");
  const trace = W.readTrace(buffer(given.trace));
  attachLaws(trace);
  const size = {width: 1200, height: 600, text: 12};
  const isOpen = given.isOpen === null ? undefined : (given.isOpen ?? true);
  return given.places.map(([stage, map, row, col]) => {
    const frame = F.frameAt(trace, {stage, map, at: [row, col], beat: given.beat ?? "write"});
    return given.forms.map((form) => equationOf(trace, frame, form, {size, isOpen}));
  });
"""


def ask(run: Run, query: str, places: list[Any], forms: list[str], **more: Any) -> list[list[Node]]:
    trace = make_trace(query)
    assert trace is not None
    shown: list[list[Node]] = run(SCRIPT, {"trace": sent(trace, query), "places": places, "forms": forms, **more})
    return shown


# --- reading a description ---


def find(node: Node, tag: str = "", of: str = "") -> Iterator[Node]:
    """Every element with that tag and that class, in reading order."""
    if not isinstance(node, list):
        return
    if (not tag or node[0] == tag) and (not of or of in str(attributes(node).get("class") or "").split()):
        yield node
    for part in node[1:]:
        yield from find(part, tag, of)


def attributes(node: Node) -> dict[str, Any]:
    return next((part for part in node[1:] if isinstance(part, dict)), {})


def parts(node: Node) -> list[Node]:
    return [part for part in node[1:] if isinstance(part, (list, str)) and part]


def write(node: Node) -> str:
    """A formula as Python reads it."""
    if isinstance(node, str):
        return node
    inner = [write(part) for part in parts(node)]
    match node[0]:
        case "mfrac":
            return f"(({inner[0]})/({inner[1]}))"
        case "msup":
            return f"(({inner[0]})**({inner[1]}))"
        case "msqrt":
            return f"(({''.join(inner)})**0.5)"
        case "mtext":
            return ""
    return "".join(inner)


def calculate(text: str, **names: Any) -> Any:
    """What a formula is worth, exactly."""
    text = text.replace("−", "-").replace("·", "*").replace("mod", "%")
    text = re.sub(r"⌊([^⌋]*)⌋", lambda found: f"floor({found[1]})", text)
    text = re.sub(r"(?<![\w.])(\d+(?:\.\d+)?(?:e-?\d+)?)", r"Fraction('\1')", text)
    return eval(text, {"Fraction": Fraction, "floor": math.floor, **names})


def sides(line: Node) -> list[str]:
    """The sides of an equation in one line, without its tables."""
    text = "".join(write(formula) for formula in find(line, "math"))
    return re.split("[=≈]", text)


# --- the numbers ---

PICTURE = [[1, 2, 0, 4, -3], [5, -6, 7, 8, 1], [9, 1, 2, 3, 0], [4, 0, 6, -7, 2]]
FILTER = [[1, 0, -2], [2, 3, 0], [0, -1, 1]]


def grid(rows: list[list[int]]) -> str:
    return f"({';'.join(','.join(str(value) for value in row) for row in rows)})"


OPTIONS: list[tuple[str, dict[str, Any]]] = [
    ("", {}),
    (",stride=2x1,padding=1", {"stride": (2, 1), "padding": (1, 1, 1, 1)}),
    (",padding=2,dilation=2", {"padding": (2, 2, 2, 2), "dilation": (2, 2)}),
    (",padding=(1,0,0,2),flip=1", {"padding": (1, 0, 0, 2), "flip": True}),
    (",padding=2,flip=1", {"padding": (2, 2, 2, 2), "flip": True}),
    (",padding=2,dilation=1x2,stride=1x2,flip=1", {
        "padding": (2, 2, 2, 2), "dilation": (1, 2), "stride": (1, 2), "flip": True,
    }),
    (",padding=1,padding_mode=reflect", {"padding": (1, 1, 1, 1), "padding_mode": "reflect"}),
    (",padding=1,padding_mode=replicate", {"padding": (1, 1, 1, 1), "padding_mode": "replicate"}),
    (",padding=1,padding_mode=circular", {"padding": (1, 1, 1, 1), "padding_mode": "circular"}),
]  # fmt: skip


@dataclass(frozen=True)
class Layer:
    """A convolution: its link, its numbers, and what the oracle makes of them."""

    query: str
    x: list[Any]
    weight: list[Any]
    bias: list[int]
    expected: list[Any]
    mode: str


def make_layer(said: str, options: dict[str, Any], maps: int = 1, channels: int = 1, groups: int = 1) -> Layer:
    random = Random(f"{said} {maps} {channels} {groups}")
    x = [[[random.randint(-9, 9) for _ in range(5)] for _ in range(4)] for _ in range(channels)]
    own = channels // groups
    made = [
        [[[random.randint(-3, 3) for _ in range(3)] for _ in range(2)] for _ in range(own)]
        for _ in range(maps // groups)
    ]
    weight = made * groups
    bias = [random.randint(-5, 5) for _ in range(maps)]
    filters = ";".join("".join(grid(plane) for plane in planes) for planes in made)
    query = f"image={''.join(grid(plane) for plane in x)}&layers=conv:{filters},bias=({','.join(map(str, bias))}){said}"
    query += f",groups={groups}" if groups > 1 else ""
    expected = oracle.conv2d(x, weight, bias, groups=groups, **options)
    return Layer(query, x, weight, bias, expected, options.get("padding_mode", "zeros"))


LAYERS = [
    *(make_layer(said, options) for said, options in OPTIONS),
    *(make_layer(said, options, 2, 3) for said, options in OPTIONS[:6]),
    make_layer("", {}, 4, 4, 2),
    make_layer(",padding=1,flip=1", {"padding": (1, 1, 1, 1), "flip": True}, 3, 3, 3),
    make_layer(",stride=2", {"stride": (2, 2)}, 4, 2, 2),
]


def places_of(layer: Layer) -> list[list[int]]:
    maps, rows, columns = len(layer.expected), len(layer.expected[0]), len(layer.expected[0][0])
    return [[1, k, r, c] for k, r, c in product(range(maps), range(rows), range(columns))]


@pytest.mark.parametrize("layer", LAYERS, ids=[layer.query.split("layers=")[1] for layer in LAYERS])
def test_the_products_that_stand_as_the_filter_does_add_up_to_the_cell(run: Run, layer: Layer):
    for (_, k, r, c), (shown,) in zip(
        places := places_of(layer), ask(run, layer.query, places, ["numbers"]), strict=True
    ):
        total = 0
        slices = list(find(shown, "div", "slice"))
        assert len(slices) == len(layer.weight[0])
        for part in slices:
            (table,) = find(part, "mtable", "sum-table")
            rows = list(find(table, "mtr"))
            assert [len(list(find(row, "mtd"))) for row in rows] == [len(line) for line in layer.weight[0][0]]
            added = sum(calculate(write(cell)) for cell in find(table, "mtd"))
            assert calculate(sides(part)[-1]) == added
            total += added
        end = [line for line in find(shown, "div", "math-line") if write(line).startswith("y")][-1]
        _, sums, result = sides(end)
        assert calculate(sums) == calculate(result) == total + layer.bias[k] == layer.expected[k][r][c]
        assert "+" in sums


def test_products_of_zero_are_muted_and_no_others(run: Run):
    query = f"image={grid(PICTURE)}&layers=conv:{grid(FILTER)},bias=0"
    ((shown,),) = ask(run, query, [[1, 0, 0, 0]], ["numbers"])
    for cell in find(shown, "mtd"):
        assert ("zero" in str(attributes(cell).get("class"))) == (calculate(write(cell)) == 0)
    end = next(line for line in find(shown, "div", "math-line") if write(line).startswith("y"))
    assert write(end).split("=")[1].endswith("+0")


# --- indices and law ---


def read_sum(formulas: list[Node]) -> tuple[list[tuple[str, int, int]], str, Node]:
    """The sums of a law with their ranges, the name of the weight, and its product."""
    sums = []
    for formula in formulas:
        for one in find(formula, "munderover"):
            _, under, last = parts(one)
            index, _, first = (write(part) for part in parts(under))
            sums.append((index, int(calculate(first)), int(calculate(write(last)))))
    product_of = next(f for f in reversed(formulas) if any(write(sub).startswith("x") for sub in find(f, "msub")))
    weight = next(sub for sub in find(product_of) if sub[0] in ("msub", "mi") and write(sub)[0] in "wg")
    return sums, write(weight)[0], product_of


def indices_of(node: Node) -> list[str]:
    """The texts of the indices of a letter, split at its commas."""
    if node[0] != "msub":
        return []
    texts, depth = [""], 0
    for part in parts(parts(node)[1]):
        text = write(part)
        depth += text.count("(") + text.count("⌊") - text.count(")") - text.count("⌋")
        if text == "," and depth == 0:
            texts.append("")
        else:
            texts[-1] += text
    return texts


def evaluate(formulas: list[Node], layer: Layer, place: tuple[int, int, int]) -> int:
    """What a law gives at a place: its sums, over the weights as they are typed and the picture with its padding."""
    sums, name, product_of = read_sum(formulas)
    subs = [sub for sub in find(product_of) if sub[0] == "msub" or (sub[0] == "mi" and write(sub) in "wgx")]
    weight = next(sub for sub in subs if write(sub)[0] == name)
    value = next(sub for sub in subs if write(sub)[0] == "x")
    k, r, c = place
    total = 0
    ranges = [range(first, last + 1) for _, first, last in sums]
    for indices in product(*ranges):
        names = {"k": k, "r": r, "c": c} | dict(zip((index for index, _, _ in sums), indices, strict=True))
        w = [int(calculate(text, **names)) for text in indices_of(weight)]
        x = [int(calculate(text, **names)) for text in indices_of(value)]
        total += weight_at(layer, w, k) * value_at(layer, x)
    return total + layer.bias[k]


def weight_at(layer: Layer, indices: list[int], k: int) -> int:
    """A weight: indices that can have one value alone are left out."""
    weight = layer.weight
    sizes = [len(weight), len(weight[0]), len(weight[0][0]), len(weight[0][0][0])]
    given = iter(indices)
    full = [next(given) if size > 1 else 0 for size in sizes]
    found: int = weight[full[0]][full[1]][full[2]][full[3]]
    assert full[0] == k
    return found


def value_at(layer: Layer, indices: list[int]) -> float:
    full = indices if len(layer.x) > 1 else [0, *indices]
    return oracle.at(layer.x[full[0]], full[1], full[2], layer.mode)


@pytest.mark.parametrize("layer", LAYERS, ids=[layer.query.split("layers=")[1] for layer in LAYERS])
def test_law_and_indices_give_every_cell(run: Run, layer: Layer):
    places = places_of(layer)
    for (_, k, r, c), (law, indices) in zip(places, ask(run, layer.query, places, ["law", "indices"]), strict=True):
        lines = [list(find(line, "math")) for line in find(law, "div", "math-line")]
        with_numbers = [line for line in lines if any(True for formula in line for _ in find(formula, "munderover"))]
        for line in with_numbers[1:]:  # the first has letters for its options
            assert evaluate(line, layer, (k, r, c)) == layer.expected[k][r][c]
        head = next(find(indices, "div", "math-line"))
        assert evaluate(list(find(head, "math")), layer, (k, r, c)) == layer.expected[k][r][c]
        total = layer.bias[k]
        for cell in find(indices, "mtd"):
            w, x = list(find(cell, "msub"))
            total += weight_at(layer, [int(calculate(text)) for text in indices_of(w)], k) * value_at(
                layer, [int(calculate(text)) for text in indices_of(x)]
            )
        assert total == layer.expected[k][r][c]


def test_every_sum_has_an_index_and_a_range(run: Run):
    query = "image=coffee&channels=rgb&size=8&layers=conv:random*4@3x2,stride=2x1,padding=1,groups=1~avgpool:2~softmax"
    places = [[1, 1, 0, 0], [2, 0, 0, 0], [3, 0, 0, 0]]
    for forms in ask(run, query, places, ["law", "indices"]):
        for shown in forms:
            signs = [mo for mo in find(shown, "mo") if write(mo) in "∑Σ"]
            assert len(signs) == len(list(find(shown, "munderover")))
            assert signs
            for one in find(shown, "munderover"):
                _, under, last = parts(one)
                assert re.fullmatch(r"\w+=\S+", write(under))
                assert write(last)


def test_a_transposed_convolution_reads_the_cells_that_reach_it(run: Run):
    weight, picture = [[1, 2, 0], [3, 4, -1]], [[1, 2], [3, 4]]
    (expected,) = oracle.conv_transpose2d([picture], [[weight]], [5], stride=(2, 2))
    query = f"image={grid(picture)}&layers=convtranspose:{grid(weight)},stride=2,bias=5"
    places = [[1, 0, r, c] for r, c in product(range(len(expected)), range(len(expected[0])))]
    shown = ask(run, query, places, ["indices", "numbers", "law"])
    for (_, _, r, c), (indices, numbers, law) in zip(places, shown, strict=True):
        total = 5
        for cell in find(indices, "mtd"):
            w, x = ([int(calculate(text)) for text in indices_of(sub)] for sub in find(cell, "msub"))
            total += weight[w[0]][w[1]] * picture[x[0]][x[1]] if min(w) >= 0 else 0
        assert total == expected[r][c]
        end = [line for line in find(numbers, "div", "math-line") if write(line).startswith("y")][-1]
        assert calculate(sides(end)[-1]) == expected[r][c]
        line = [one for one in find(law, "div", "math-line") if list(find(one, "munderover"))][-1]
        sums, _, product_of = read_sum(list(find(line, "math")))
        value = next(sub for sub in find(product_of, "msub") if write(sub)[0] == "x")
        total = 5
        for i, j in product(*(range(first, last + 1) for _, first, last in sums)):
            at = [calculate(text, r=r, c=c, i=i, j=j) for text in indices_of(value)]
            if all(one.denominator == 1 for one in map(Fraction, at)) and 0 <= at[0] < 2 and 0 <= at[1] < 2:
                total += weight[i][j] * picture[int(at[0])][int(at[1])]
        assert total == expected[r][c]


# --- other layers ---


@pytest.mark.parametrize("kind", ["max", "min", "avg", "l2"])
@pytest.mark.parametrize(
    ("said", "options"),
    [
        (":2", {"kernel_size": (2, 2), "stride": (2, 2)}),
        (":3,stride=2,padding=1", {"kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1, 1, 1)}),
        (":2x3,stride=1,dilation=2x1", {"kernel_size": (2, 3), "stride": (1, 1), "dilation": (2, 1)}),
    ],
)
def test_a_pool_takes_the_cells_of_its_window(run: Run, kind: str, said: str, options: dict[str, Any]):
    (expected,) = oracle.pool2d([PICTURE], kind, **options)
    query = f"image={grid(PICTURE)}&layers={kind}pool{said}"
    places = [[1, 0, r, c] for r, c in product(range(len(expected)), range(len(expected[0])))]
    for (_, _, r, c), (numbers, indices) in zip(places, ask(run, query, places, ["numbers", "indices"]), strict=True):
        values = []
        for cell in find(indices, "mtd"):
            (sub,) = find(cell, "msub")
            row, column = (int(calculate(text)) for text in indices_of(sub))
            inside = 0 <= row < len(PICTURE) and 0 <= column < len(PICTURE[0])
            assert inside == ("outside" not in str(attributes(cell).get("class")))
            values.append(PICTURE[row][column] if inside else None)
        inside_values = [value for value in values if value is not None]
        cells = [write(cell).strip("+,") for cell in find(numbers, "mtd")]
        written = [calculate(text) for text in cells if text]
        power = 2 if kind == "l2" else 1
        assert sum(written) == sum(value**power for value in inside_values)
        result = read_text(sides(numbers)[-1])
        assert float(result) == pytest.approx(expected[r][c], rel=1e-3)


@pytest.mark.parametrize("query", [make_random_query(seed) for seed in range(36)])
def test_the_written_sums_of_random_figures_end_in_the_number_of_the_trace(run: Run, query: str):
    trace = make_trace(query)
    if trace is None:
        return
    places = [list(place) for place in list_places(trace, 7, 3)]
    for (stage, map, row, column), (numbers, law, indices) in zip(
        places, ask(run, query, places, ["numbers", "law", "indices"]), strict=True
    ):
        here = trace.stages[stage]
        value = float(here.output[map, row, column])
        assert list(find(law, "math"))
        assert list(find(indices, "math"))
        results = [write(node) for node in find(numbers, "mn", "is-output")]
        if stage == 0:
            results = [write(node) for node in find(numbers, "mn", "is-input")]
        assert results, here.info.op
        text = results[-1]
        if "%" in text or text[0] in "<>":
            assert float(re.sub(r"[^\d.]", "", text)) == pytest.approx(value * 100, abs=0.1)
            continue
        assert float(read_text(text)) == pytest.approx(value, rel=6e-3, abs=1e-3 * max(1.0, abs(value)))
        for part in find(numbers, "div", "slice"):
            tables = list(find(part, "mtable", "sum-table"))
            if "⋯" in write(tables[-1]):
                continue
            added = sum(calculate(write(cell) or "0") for cell in find(tables[-1], "mtd"))
            last = sides(part)[-1]
            if len(tables) > 1 or "≈" not in "".join(write(formula) for formula in find(part, "math")):
                assert added == calculate(last), (query, stage, map, row, column)


ACTIVATIONS = ["relu", "leaky_relu:0.1", "relu6", "gelu", "silu", "hardswish", "step", "sigmoid", "tanh", "abs"]
OTHERS = [
    *("softmax", "softmax:channels", "batchnorm,train=1", "lrn:3", "dropout:0.5,train=1,seed=2", "dropout:0.5", "mean"),
    *(
        "upsample:2",
        "upsample:2,mode=bilinear",
        "pad:1,mode=reflect",
        "center:3,size=4",
        "shift:0x1",
        "flatten",
        "linear:random*2",
        "add:0",
    ),
    *("concat:0", "mul:0", "globalavgpool", "l2pool:2", "convtranspose:random*2@2x2"),
]


@pytest.mark.parametrize("name", [*ACTIVATIONS, *OTHERS])
def test_every_layer_has_law_indices_and_numbers(run: Run, name: str):
    query = f"image=(1,-2;3,4)(5,6;-7,8)&layers={name}"
    for numbers, law, indices in ask(run, query, [[1, 0, 0, 0]], ["numbers", "law", "indices"]):
        for shown in (numbers, law, indices):
            assert list(find(shown, "math"))
            assert attributes(next(find(shown, "math")))["aria-hidden"] == "true"
            (said,) = find(shown, "p", "unseen")
            assert len(write(said)) > 3


# --- folding, beats, vectors ---


def test_a_long_sum_is_folded_until_somebody_unfolds_it(run: Run):
    query = "image=coffee&channels=rgb&size=16&layers=conv:random*2@11x11,seed=1"
    for is_open, cells in ((None, 3 * 16), (False, 3 * 16), (True, 3 * 121)):
        ((shown,),) = ask(run, query, [[1, 0, 1, 1]], ["numbers"], isOpen=is_open)
        assert len(list(find(shown, "mtd"))) == cells
        (button,) = find(shown, "button")
        assert attributes(button)["aria-expanded"] == str(is_open is True).lower()
        assert write(button) == ("Fold the sum" if is_open else "Write out all 363 terms")


@pytest.mark.parametrize("side", [1, 3])
def test_a_short_sum_has_no_button(run: Run, side: int):
    query = f"image=coffee&size=16&layers=conv:random*2@{side}x{side},seed=1"
    ((shown,),) = ask(run, query, [[1, 0, 1, 1]], ["numbers"], isOpen=None)
    assert list(find(shown, "button")) == []
    assert len(list(find(shown, "mtd"))) == side * side


@pytest.mark.parametrize("beat", ["window", "products"])
def test_before_its_sum_a_cell_has_a_question_mark(run: Run, beat: str):
    query = f"image={grid(PICTURE)}&layers=conv:{grid(FILTER)},bias=3"
    for form in ("numbers", "vectors"):
        ((shown,),) = ask(run, query, [[1, 0, 0, 0]], [form], beat=beat)
        assert list(find(shown, "mn", "is-output")) == []
        texts = [write(node[-1]) for node in find(shown, "mtext")]
        assert "?" in texts


def test_as_vectors_it_is_w_times_x_plus_b(run: Run):
    query = f"image={grid(PICTURE)}&layers=conv:{grid(FILTER)},bias=3"
    ((shown,),) = ask(run, query, [[1, 0, 1, 1]], ["vectors"])
    w, x = ([calculate(write(cell)) for cell in find(table, "mtd")] for table in find(shown, "mtable", "vector-table"))
    assert w == [value for row in FILTER for value in row]
    assert x == [PICTURE[r][c] for r in range(1, 4) for c in range(1, 4)]
    (expected,) = oracle.conv2d([PICTURE], [[FILTER]], [3])
    last = list(find(shown, "div", "math-line"))[-1]
    _, left, result = sides(last)
    assert calculate(left) == calculate(result) == expected[1][1] == sum(map(lambda a, b: a * b, w, x)) + 3
