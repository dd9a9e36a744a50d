"""The pictures of sharing: wires, the big matrix, counts and letters, held to loops over one cell at a time."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.trace.stage_json import stage_to_json
from tests.browser.pure_page import CASES, Run
from tests.number_scenes import make_trace

WIRED = [case for case in CASES if any(stage["weight"] is not None for stage in case["trace"]["stages"])]
LAYER = """
  const G = await import("convoscope/pure/tabs/sharing/wires.js");
  const layersOf = (trace) => trace.stages.filter((stage) => G.hasWires(stage));
"""


def one_layer(rows: int, columns: int, kernel: tuple[int, int], **facts: Any) -> dict[str, Any]:
    """A convolution of one channel as a stage says it: its shapes and its axes."""
    stride, padding, dilation = facts.get("stride", 1), facts.get("padding", 0), facts.get("dilation", 1)
    channels, maps = facts.get("channels", 1), facts.get("maps", 1)

    def axis(size: int, cells: int) -> dict[str, int]:
        positions = (size + 2 * padding - dilation * (cells - 1) - 1) // stride + 1
        return {"size": size, "kernel": cells, "stride": stride, "dilation": dilation, "before": padding,
                "after": padding, "positions": positions}  # fmt: skip

    down, across = axis(rows, kernel[0]), axis(columns, kernel[1])
    weights = maps * channels * kernel[0] * kernel[1]
    return {
        "kind": "conv", "index": 1, "input_shape": [channels, rows, columns], "rows": down, "columns": across,
        "shape": [maps, down["positions"], across["positions"]], "groups": 1, "padding_mode": "zeros",
        "weight": list(range(1, weights + 1)),
    }  # fmt: skip


@pytest.mark.parametrize("case", WIRED, ids=[case["name"] for case in WIRED])
def test_each_row_of_the_matrix_times_the_input_plus_the_bias_is_the_cell_of_the_trace(run: Run, case):
    """Stride, padding of all kinds, dilation, groups, turned filters, fully connected layers."""
    wrong = run(
        LAYER
        + """const trace = traceOf(given), wrong = [];
        for (const stage of layersOf(trace)) {
          const input = trace.stages[stage.index - 1].output, count = G.countWeights(stage);
          const [maps, rows, columns] = stage.shape;
          for (let map = 0; map < maps; map++) for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) {
            let sum = 0;
            for (const [cell, weights] of G.matrixRow(stage, map, r, c))
              for (const n of weights) sum += stage.weight[map * count + n] * input[cell];
            const divisor = (stage.divisors?.[map] ?? 1) * (stage.scales?.[map] ?? 1);
            const made = sum / divisor + (stage.bias?.[map] ?? 0), value = stage.output[(map * rows + r) * columns + c];
            if (Math.abs(made - value) > 1e-4 * Math.max(1, Math.abs(value))) wrong.push([map, r, c, made, value]);
          }
        }
        return [layersOf(trace).length > 0, wrong];""",
        case["trace"],
    )
    assert wrong == [True, []]


def test_the_counts_of_the_textbook_are_those_of_a_picture_of_32_by_32(run: Run):
    said = run(
        """const {countSharing, grouped} = await import("convoscope/pure/tabs/sharing/weight-counts.js");
        return countSharing(given).map(({sharing, count, product}) => [sharing, grouped(count), product]);""",
        one_layer(32, 32, (3, 3)),
    )
    assert said == [
        ["shared", "10", "9 + 1"],
        ["own", "9,000", "900 · (9 + 1)"],
        ["full", "922,500", "900 · (1,024 + 1)"],
    ]


@pytest.mark.parametrize(
    ("layer", "weights", "neurons", "inputs", "maps"),
    [
        (one_layer(28, 28, (5, 5), channels=3, maps=6), 75, 576, 2352, 6),
        (one_layer(1, 6, (1, 2), stride=2), 2, 3, 6, 1),
        (one_layer(7, 7, (1, 1), channels=64, maps=32), 64, 49, 3136, 32),
        (one_layer(9, 7, (3, 3), padding=1, dilation=2), 9, 35, 63, 1),
    ],
)
def test_a_layer_is_counted_three_ways_for_all_its_maps(run: Run, layer, weights, neurons, inputs, maps):
    said = run(
        """const {countSharing} = await import("convoscope/pure/tabs/sharing/weight-counts.js");
        return countSharing(given).map(({count, product}) => [count, product]);""",
        layer,
    )
    counts = [maps * (weights + 1), maps * neurons * (weights + 1), maps * neurons * (inputs + 1)]
    assert [count for count, _ in said] == counts
    for count, product in said:  # the product that is written is the number beside it
        assert eval(product.replace("·", "*").replace(",", "")) == count


def names_of(run: Run, layer: dict[str, Any]) -> dict[str, Any]:
    return run(
        """const {namesOf} = await import("convoscope/pure/tabs/sharing/letter-names.js");
        const names = namesOf(given), [rows, columns] = given.shape.slice(1);
        const list = (count, write) => Array.from({length: count}, (_, n) => write(n));
        const [channels, high, wide] = given.input_shape;
        return {areLetters: names.areLetters, inputs: list(channels * high * wide, names.input),
          weights: list(given.weight.length / given.shape[0], names.weight),
          outputs: list(rows * columns, names.output)};""",
        layer,
    )


def test_a_small_layer_has_letters_without_those_that_look_like_digits(run: Run):
    names = names_of(run, one_layer(3, 3, (2, 2)))
    assert names == {
        "areLetters": True,
        "inputs": list("ABCDEFGHJ"),
        "weights": list("αβγδ"),
        "outputs": list("PQRS"),
    }
    largest = names_of(run, one_layer(3, 4, (3, 3), padding=1, stride=2))
    assert largest["areLetters"]
    assert (largest["inputs"][-1], largest["weights"]) == ("M", list("αβγδεζηθκ"))


@pytest.mark.parametrize(
    "layer",
    [
        one_layer(2, 7, (1, 2)),  # 14 inputs
        one_layer(2, 5, (1, 1)),  # 10 results
        one_layer(1, 12, (1, 10)),  # 10 weights
        one_layer(2, 2, (1, 1), channels=2),
    ],
)
def test_above_the_limits_values_have_the_index_of_their_place(run: Run, layer):
    names = names_of(run, layer)
    assert not names["areLetters"]
    prefix = "x₀" if layer["input_shape"][0] > 1 else "x"
    assert names["inputs"][0] == f"{prefix}₀₀"
    assert names["outputs"][0] == "y₀₀"
    assert len({*names["inputs"], *names["weights"], *names["outputs"]}) == sum(
        len(names[part]) for part in ("inputs", "weights", "outputs")
    )


def test_an_index_of_two_digits_is_told_apart_by_a_comma(run: Run):
    assert names_of(run, one_layer(1, 12, (1, 2)))["inputs"][11] == "x₀,₁₁"
    assert names_of(run, one_layer(12, 12, (2, 2)))["inputs"][143] == "x₁₁,₁₁"


@pytest.mark.parametrize(("stride", "crop", "dilation"), [(1, 0, 1), (2, 1, 1), (3, 0, 2)])
def test_the_matrix_of_a_transposed_convolution_is_that_of_the_convolution_with_rows_and_columns_changed(
    run: Run, stride: int, crop: int, dilation: int
):
    """The convolution reads 9 × 8 cells; the transposed one makes them again of what it makes."""
    layer = one_layer(9, 8, (3, 2), stride=stride, padding=crop, dilation=dilation)
    _, rows, columns = layer["shape"]
    back = {**layer, "input_shape": layer["shape"], "shape": [1, 9, 8]}
    for name, size, positions in (("rows", rows, 9), ("columns", columns, 8)):
        back[name] = {**layer[name], "size": size, "positions": positions, "before": 0, "transposed": {"crop": crop}}
    both = run(
        LAYER
        + """return given.map((stage) => {
          const [, height, width] = stage.shape;
          return Array.from({length: height * width}, (_, at) =>
            [...G.matrixRow(stage, 0, Math.floor(at / width), at % width)]
              .map(([cell, weights]) => [cell, ...weights]));
        });""",
        [layer, back],
    )
    forward = {(row, cell, n) for row, entries in enumerate(both[0]) for cell, *weights in entries for n in weights}
    backward = {(cell, row, n) for row, entries in enumerate(both[1]) for cell, *weights in entries for n in weights}
    assert backward == forward
    assert len(forward) > 10


def test_the_activation_in_a_neuron_is_the_one_that_reads_it(run: Run):
    """The stage behind a neuron reads another one: the neuron before it."""
    trace = make_trace("size=5&layers=conv:sobel-x~conv:sobel-y,from=0~relu,from=1")
    stages = [
        {
            **stage_to_json(stage),
            "output": stage.output.tolist(),
            "weight": stage.weight if stage.weight is None else stage.weight.tolist(),
            "bias": stage.bias if stage.bias is None else stage.bias.tolist(),
        }
        for stage in trace.stages
    ]
    drawn = run(
        """const {neuronWires} = await import("convoscope/pure/tabs/sharing/neuron-wires.js");
        const trace = traceOf(given);
        return [1, 2].map((stage) => JSON.stringify(
          neuronWires(trace, F.frameAt(trace, {stage, map: 0, at: [1, 1], beat: "write"}), {})));""",
        {"stages": stages},
    )
    assert ["ReLU" in one for one in drawn] == [True, False]
