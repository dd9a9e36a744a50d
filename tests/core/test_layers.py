"""Layers with numbers of their own, dilated pools and softmax over channels: equal to PyTorch, explained, as code."""

from __future__ import annotations

import base64
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.core.code.stage_code import write_code
from app.core.explain import explain_step
from app.core.explain.receptive_box import find_receptive_box
from app.core.limits import Limits
from app.core.link.query_string import format_link, parse_link
from app.core.operation_table import find_operation
from app.core.texts import write_message
from app.core.trace.stage_info import ImageInfo
from app.core.trace.stage_json import stage_to_json
from app.core.trace.trace import Trace, TraceInput, compute_trace
from app.core.weights.pretrained import NoTrainedModels
from app.core.writing import write_step
from app.lab.chain import Planner, cache_plans
from tests.figures import answer, only_message
from tests.stage_code import list_dialects, run_code, skip_without

FILE = Path(__file__).parents[1] / "golden" / "layers.json"
CASES = json.loads(FILE.read_text(encoding="utf-8"))["cases"]
ROOM = {"rtol": 1e-5, "atol": 2e-5}
NINE = "image=(1,2,3;4,5,6;7,8,9)"


def layers_on(text: str, x: np.ndarray) -> Trace:
    """The Trace of layers, as a link writes them, on maps that are no picture."""
    link = parse_link(f"layers={text}", Limits())
    assert link.problems == ()
    chain = Planner(64, cache_plans(NoTrainedModels()), repair=False).plan(link.scene.layers, x.shape)
    assert chain.problems == (), [problem.message for problem in chain.problems]
    return compute_trace(link.scene, TraceInput(x, ImageInfo("numbers"), None), chain.plans)


def array(values) -> np.ndarray:
    return np.array(values, np.float32)


def notes_of(query: str) -> list[str]:
    return [write_message(note) for note in answer(query).trace.stages[-1].info.notes]


def described(query: str, *place: int, beat: bool = True) -> str:
    """What stands before the result of a step of the last stage."""
    trace = answer(query).trace
    step = explain_step(trace, len(trace.stages) - 1, *place)
    plan = trace.stages[-1].plan
    return write_message(plan.law.describe(step, write_step(trace, step), beat))


# --- equal to PyTorch ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["layer"])
def test_a_layer_of_a_link_equals_that_of_pytorch(case):
    y, expected = layers_on(case["layer"], array(case["x"])).stages[1].output, array(case["output"])
    assert y.dtype == np.float32
    assert y.shape == expected.shape
    assert np.allclose(y, expected, **ROOM)


@st.composite
def layer_links(draw: st.DrawFn) -> tuple[str, np.ndarray]:
    """A layer with any of its options, and maps that it fits."""
    shape = draw(st.tuples(st.integers(1, 6), st.integers(3, 7), st.integers(3, 7)))
    x = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).normal(scale=3, size=shape).astype(np.float32)
    op = draw(st.sampled_from(sorted(LINKS)))
    return LINKS[op](draw, *shape), x


def number(draw, least=-9.0, most=9.0) -> str:
    return f"{draw(st.floats(least, most)):.4f}"


def each(draw, channels: int, least=-9.0) -> str:
    if draw(st.booleans()):
        return number(draw, least)
    return f"({','.join(number(draw, least) for _ in range(channels))})"


def batch_norm_link(draw, channels, *_):
    options = f"batchnorm,mean={each(draw, channels)},var={each(draw, channels, 0.01)}"
    options += f",weight={each(draw, channels)},bias={each(draw, channels)},eps={number(draw, 0.001, 1)}"
    return options + draw(st.sampled_from(["", ",train=1"]))


def response_link(draw, *_):
    numbers = f"alpha={number(draw, 0, 2)},beta={number(draw, 0, 2)},k={number(draw, 0.1, 3)}"
    return f"lrn:{draw(st.integers(1, 9))},{numbers}"


def dropout_link(draw, *_):
    return f"dropout:{number(draw, 0, 0.95)},seed={draw(st.integers(0, 999))},train={draw(st.integers(0, 1))}"


def upsample_link(draw, *_):
    factor = f"{draw(st.integers(1, 4))}x{draw(st.integers(1, 4))}"
    return f"upsample:{factor},mode={draw(st.sampled_from(['nearest', 'bilinear']))}"


def pad_link(draw, *_):
    sides = ",".join(str(draw(st.integers(0, 2))) for _ in range(4))
    mode = draw(st.sampled_from(["reflect", "replicate", "circular", "zeros"]))
    return f"pad:({sides}),mode={mode}" + (f",value={number(draw)}" if mode == "zeros" else "")


def pool_link(draw, _, height, width):
    kind = draw(st.sampled_from(["max", "min", "avg", "l2"]))
    dilation = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    window = [
        draw(st.integers(1, (size - 1) // step + 1)) for size, step in zip((height, width), dilation, strict=True)
    ]
    text = f"{kind}pool:{window[0]}x{window[1]},stride={draw(st.integers(1, 3))}x{draw(st.integers(1, 3))}"
    plain = dilation == (1, 1)
    if not plain:
        text += f",dilation={dilation[0]}x{dilation[1]}"
    if kind in ("max", "min") or (plain and kind == "avg"):
        text += f",ceil_mode={draw(st.integers(0, 1))}"
    padding = [draw(st.integers(0, side // 2)) for side in window]
    if kind != "l2":
        text += f",padding={padding[0]}x{padding[1]}"
    if kind == "avg" and plain and draw(st.booleans()):
        return text + f",divisor_override={draw(st.integers(1, 9))}"
    return text + (",count_include_pad=0" if kind == "avg" and draw(st.booleans()) else "")


LINKS = {
    "batchnorm": batch_norm_link,
    "lrn": response_link,
    "dropout": dropout_link,
    "upsample": upsample_link,
    "pad": pad_link,
    "pool": pool_link,
    "mean": lambda draw, *_: "mean",
    "softmax": lambda draw, *_: "softmax:channels",
    "hardswish": lambda draw, *_: "hardswish",
}


def agrees_with_pytorch(case):
    torch = pytest.importorskip("torch")
    from tests.golden.make_layers import answer as torch_answer
    from tests.golden.make_layers import read_layer

    text, x = case
    expected = torch_answer(*read_layer(text), torch.from_numpy(x)).numpy()
    y = layers_on(text, x).stages[1].output
    assert y.shape == expected.shape, text
    assert np.allclose(y, expected, rtol=1e-5, atol=1e-5 * max(1.0, float(np.abs(expected).max()))), text


@given(layer_links())
@settings(max_examples=200, deadline=None)
def test_layers_agree_with_pytorch_over_a_random_sweep(case):
    agrees_with_pytorch(case)


@pytest.mark.long
@given(layer_links())
@settings(max_examples=5000, deadline=None)
def test_layers_agree_with_pytorch_over_a_wide_random_sweep(case):
    agrees_with_pytorch(case)


# --- each step explained, each layer as code ----------------------------------------------------------------------


@given(layer_links())
@settings(max_examples=150, deadline=None)
def test_each_step_gives_the_number_of_the_map_from_cells_that_the_input_has(case):
    text, x = case
    trace = layers_on(text, x)
    stage = trace.stages[1]
    maps, rows, columns = stage.output.shape
    places = {(0, 0, 0), (maps - 1, rows - 1, columns - 1), (maps // 2, rows // 2, columns // 2)}
    for place in places:
        step = explain_step(trace, 1, *place)
        value = float(stage.output[place])
        assert abs(step["result"] - value) <= 1e-5 * max(1, abs(value)), (text, place)
        for channel in step["channels"]:
            for line, sources in zip(channel["values"], channel["sources"], strict=True):
                for read, source in zip(line, sources, strict=True):
                    assert source is None or read == x[channel["channel"]][tuple(source)]


@pytest.mark.parametrize("dialect", list_dialects())
@given(case=layer_links())
@settings(max_examples=100, deadline=None)
def test_the_code_of_a_layer_computes_its_map(dialect, case):
    skip_without(dialect)
    text, x = case
    trace = layers_on(text, x)
    assume(dialect in write_code(trace.stages[1]).to_json())
    y = run_code(dialect, trace.stages[1], trace)
    size = max(1.0, float(np.abs(trace.stages[1].output).max()), float(np.abs(x).max()))
    assert y.shape == trace.stages[1].output.shape
    assert np.allclose(y, trace.stages[1].output, rtol=1e-4, atol=1e-5 * size), text


@pytest.mark.parametrize(
    ("layers", "place", "text"),
    [
        ("batchnorm,mean=2,var=4,weight=3,bias=-1", (0, 1, 1), "(5 − 2) ÷ √(4 + 1e−5) · 3 + (−1)"),
        ("lrn:3,alpha=0.5", (0, 0, 1), "2 ÷ (1 + 0.5/3 · (2²))^0.75"),
        ("dropout", (0, 1, 1), "5, unchanged"),
        ("upsample:2", (0, 3, 1), "copied from row 1, column 0"),
        ("upsample:2,mode=bilinear", (0, 3, 1), "shares of 4 cells"),
        ("center:3,size=3", (0, 1, 1), "shares of 2 cells"),
        ("pad", (0, 0, 1), "padding"),
        ("pad", (0, 1, 1), "copied from row 0, column 0"),
        ("pad,mode=circular", (0, 0, 1), "padding, copied from row 2, column 0"),
        ("mean", (0, 1, 1), "the mean of the channels: 5 ÷ 1"),
    ],
)
def test_the_line_before_a_result_has_its_numbers(layers, place, text):
    assert described(f"{NINE}&layers={layers}", *place) == text


def test_a_mean_says_its_sum_once_it_is_known():
    query = "image=(1)(2)(6)&layers=mean"
    assert described(query, 0, 0, 0, beat=False) == "the mean of 3 channels"
    assert described(query, 0, 0, 0) == "the mean of the channels: 9 ÷ 3"


def test_the_shares_of_an_upsampled_cell_add_up_in_its_table():
    trace = answer(f"{NINE}&layers=upsample:2,mode=bilinear").trace
    step = explain_step(trace, 1, 0, 3, 1)
    texts = write_step(trace, step)
    (channel,) = texts.channels
    assert channel.values == (("4", "5"), ("7", "8"))
    assert channel.weights == (("0.5625", "0.1875"), ("0.1875", "0.0625"))
    products = [Fraction(text.replace("−", "-")) for line in channel.products for text in line]
    assert sum(products) == Fraction(texts.result) == Fraction(5)


# --- batch norm ---------------------------------------------------------------------------------------------------


def test_a_batch_norm_says_which_numbers_it_takes_from_a_fresh_layer():
    assert notes_of(f"{NINE}&layers=batchnorm,mean=2") == [
        "Not given, and so as in PyTorch's fresh layer: var 1, weight 1, bias 0."
    ]
    assert notes_of(f"{NINE}&layers=batchnorm,mean=2,var=1,weight=1,bias=1") != []
    assert notes_of(f"{NINE}&layers=batchnorm,mean=2,var=2,weight=2,bias=2") == []


def test_in_training_each_channel_has_mean_0_and_variance_1():
    query = "image=(1,2;3,6)(5,5;9,1)&layers=batchnorm,train=1"
    stage = answer(query).trace.stages[1]
    assert np.allclose(stage.output.mean(axis=(1, 2)), 0, atol=1e-6)
    assert np.allclose(stage.output.var(axis=(1, 2)), 1, atol=1e-4)
    assert notes_of(query) == [
        "Mean and variance are those of each channel of this picture: mean 3, 5; variance 3.5, 8."
    ]
    assert notes_of(f"{query},mean=7")[0] == "train=1 uses the numbers of this picture, in place of mean."


def test_a_batch_norm_learns_two_numbers_for_each_channel_and_multiplies_nothing_that_is_counted():
    info = answer("image=coffee&channels=rgb&size=8&layers=batchnorm").trace.stages[1].info
    assert (info.parameters, info.multiply_adds) == (6, 0)


@pytest.mark.parametrize("written", ["0.00001", "1e-5", "1E-05"])
def test_epsilon_can_be_written_with_an_exponent(written):
    link = parse_link(f"{NINE}&layers=batchnorm,eps={written}", Limits())
    assert link.problems == ()
    assert format_link(link.scene) == f"{NINE}&layers=batchnorm"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            f"{NINE}&layers=batchnorm,mean=(1,2)",
            "Batch norm (layer 1): mean has 2 numbers, and the number of channels is 1; there can be one number.",
        ),
        (
            "image=(1,2)(3,4)(5,6)&layers=batchnorm,mean=(1,2)",
            "Batch norm (layer 1): mean has 2 numbers, and the number of channels is 3; there can be one number for "
            "all channels, or 3.",
        ),
        (
            f"{NINE}&layers=batchnorm,var=-2",
            "Batch norm (layer 1): var is -2; a variance can be 0 or more.",
        ),
        (
            "image=(5)&layers=batchnorm,train=1",
            "Batch norm (layer 1): train is 1, but each channel is a single number, whose variance is 0; train can be "
            "0.",
        ),
        (
            f"{NINE}&layers=center:9,size=8x12",
            "Center a drawing (layer 1): box is 9; it can be at most 8, the shorter side of the result.",
        ),
        (
            f"{NINE}&layers=pad:3,mode=reflect",
            "Pad (layer 1): padding is 3; with mode=reflect and 3 rows it can be at most 2.",
        ),
        (
            f"{NINE}&layers=pad:1,mode=replicate,value=2",
            "Pad (layer 1): value is 2, and mode=replicate copies cells of the picture; value needs mode=zeros.",
        ),
        (
            "image=(1;2)&layers=maxpool:2x1,dilation=3x1,padding=2x0,stride=1",
            "Max pool (layer 1): padding is 2; with a window of 2 rows that lie 3 apart a window would lie in the "
            "padding alone. It can be 0.",
        ),
    ],
)
def test_a_layer_that_does_not_fit_says_why(query, message):
    assert only_message(query) == message


@pytest.mark.parametrize(
    "layers",
    [
        "batchnorm,eps=0",
        "dropout:1.5",
        "lrn:0",
        "upsample:0",
        "upsample:2,mode=cubic",
        "pad:-1",
        "center:0",
    ],
)
def test_a_number_that_a_layer_cannot_have_is_refused(layers):
    link = parse_link(f"{NINE}&layers={layers}", Limits())
    assert [problem.code for problem in link.problems] == ["invalid_value"]


# --- dropout ------------------------------------------------------------------------------------------------------


def test_a_dropout_drops_in_training_alone_and_says_so():
    assert np.array_equal(answer(f"{NINE}&layers=dropout").trace.stages[1].output[0], np.arange(1, 10).reshape(3, 3))
    assert notes_of(f"{NINE}&layers=dropout:0.9") == [
        "In prediction, as here, dropout changes nothing; train=1 shows what it does in training."
    ]
    query = f"{NINE}&layers=dropout:0.5,seed=1,train=1"
    stage = answer(query).trace.stages[1]
    kept = np.random.default_rng(1).random((1, 3, 3)) >= 0.5
    assert np.array_equal(stage.output[0], np.where(kept[0], 2 * np.arange(1, 10).reshape(3, 3), 0))
    assert notes_of(query)[0].startswith(f"{int((~kept).sum())} of 9 values are dropped")
    row, column = (int(part) for part in np.argwhere(kept[0])[0])
    assert described(query, 0, row, column).endswith(" ÷ (1 − 0.5), kept")
    row, column = (int(part) for part in np.argwhere(~kept[0])[0])
    assert described(query, 0, row, column).endswith(" · 0, dropped")


def test_the_browser_gets_a_bit_for_each_value_of_a_dropout():
    stage = answer(f"{NINE}&layers=dropout:0.5,seed=1,train=1").trace.stages[1]
    bits = np.unpackbits(np.frombuffer(base64.b64decode(stage_to_json(stage)["law"]["kept"]), np.uint8), count=9)
    assert np.array_equal(bits.reshape(1, 3, 3) == 1, stage.output != 0)
    assert stage_to_json(answer(f"{NINE}&layers=dropout").trace.stages[1])["law"]["kept"] is None


# --- what is known of the values, the fields, the sizes -------------------------------------------------------------


@pytest.mark.parametrize(
    ("layers", "is_exact", "denominator"),
    [
        ("dropout", True, 1),
        ("dropout:0.5,train=1", True, 1),
        ("dropout:0.3,train=1", False, None),
        ("pad", True, 1),
        ("pad,value=7", True, 1),
        ("pad,value=0.25", False, 4),
        ("center:3,size=3", False, 9),
        ("upsample", True, 1),
        ("upsample:2,mode=bilinear", False, 16),
        ("upsample:2x1,mode=bilinear", False, 4),
        ("mean", False, 1),
        ("batchnorm", False, None),
        ("lrn", False, None),
        ("hardswish", False, 6),
        ("avgpool:2,divisor_override=5", True, 5),
    ],
)
def test_exact_numbers_are_known_where_they_are(layers, is_exact, denominator):
    info = answer(f"{NINE}&layers={layers}").trace.stages[1].info
    assert (info.exact, info.denominator) == (is_exact, denominator)


def test_a_picture_stays_one_where_values_are_copied_or_averaged_alone():
    def look(layers):
        info = answer(f"image=coffee&channels=rgb&size=8&layers={layers}").trace.stages[1].info
        return info.colors, info.scale

    for layers in ("dropout", "upsample", "upsample:2,mode=bilinear", "pad", "pad:1,mode=reflect", "center:6,size=9"):
        assert look(layers) == ("photo", (0, 255)), layers
    assert look("mean") == ("gray", (0, 255))
    for layers in ("batchnorm", "lrn", "dropout:0.5,train=1", "avgpool:2,divisor_override=1", "hardswish"):
        assert look(layers) == ("signed", None), layers


@pytest.mark.parametrize("layers", ["lrn", "mean", "softmax:channels", "batchnorm", "dropout:0.5,train=1", "hardswish"])
def test_what_looks_at_one_place_has_a_field_of_one_cell(layers):
    info = answer(f"image=coffee&channels=rgb&size=6&layers={layers}").trace.stages[1].info
    assert (info.receptive_field.size, info.sees_whole_input) == ((1, 1), False)


@pytest.mark.parametrize(
    "layers",
    [
        "upsample:2",
        "upsample:3,mode=bilinear",
        "upsample:2,mode=bilinear~conv:box-blur",
        "upsample:3~conv:box-blur~maxpool:2",
        "pad:2,mode=reflect~conv:box-blur",
        "pad:2,mode=circular~maxpool:2",
        "pad:(1,0,2,0)~conv:box-blur,stride=2",
        "maxpool:2,dilation=2,stride=1~lrn",
        "softmax:channels~conv:box-blur",
    ],
)
def test_the_field_of_a_cell_holds_every_cell_of_the_input_that_changes_it(layers):
    x = np.random.default_rng(3).uniform(1, 9, (2, 7, 6)).astype(np.float32)
    trace = layers_on(layers, x)
    output, last = trace.stages[-1].output, len(trace.stages) - 1
    boxes = {}
    for row in range(7):
        for column in range(6):
            other = x.copy()
            other[:, row, column] *= np.array([1.5, -2.0], np.float32)
            for place in np.argwhere(layers_on(layers, other).stages[-1].output != output).tolist():
                boxes.setdefault(tuple(place), []).append((row, column))
    size = trace.stages[-1].info.receptive_field.size
    for place, cells in boxes.items():
        top, left, height, width = find_receptive_box(trace, last, *place)
        rows, columns = zip(*cells, strict=True)
        assert top <= min(rows) <= max(rows) < top + height, (place, cells)
        assert left <= min(columns) <= max(columns) < left + width, (place, cells)
        if "circular" not in layers and "reflect" not in layers:
            assert max(rows) - min(rows) < size[0]
            assert max(columns) - min(columns) < size[1]


def test_the_jump_of_an_upsampled_map_is_a_part_of_a_cell():
    entry = stage_to_json(answer("size=8&layers=upsample:2,mode=bilinear~conv:box-blur").trace.stages[2])
    assert entry["jump"] == [0.5, 0.5]
    assert entry["receptive_field"] == [3, 3]
    assert stage_to_json(answer("size=8&layers=upsample:2~maxpool:2").trace.stages[2])["jump"] == [1, 1]


def test_a_softmax_over_the_channels_shares_1_at_each_place():
    stage = answer("image=(1,2;3,4)(0,0;9,1)&layers=softmax:channels").trace.stages[1]
    assert np.allclose(stage.output.sum(axis=0), 1)
    assert stage.salient_map is not None
    assert "reads_all" not in stage_to_json(stage)["capabilities"]
    assert "reads_all" in stage_to_json(answer(f"{NINE}&layers=softmax").trace.stages[1])["capabilities"]
    assert np.allclose(answer(f"{NINE}&layers=softmax").trace.stages[1].output.sum(), 1)


def test_an_l2_pool_in_ceil_mode_says_where_pytorch_differs():
    note = "The windows at the end reach over the edge."
    assert notes_of(f"{NINE}&layers=l2pool:2,ceil_mode=1")[0].startswith(note)
    for layers in ("l2pool:2", "l2pool:3,ceil_mode=1", "avgpool:2,ceil_mode=1"):
        assert notes_of(f"{NINE}&layers={layers}") == []


def test_pytorch_differs_from_an_l2_pool_in_the_windows_over_the_edge_alone():
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(8).normal(size=(2, 7, 8)).astype(np.float32)
    ours = layers_on("l2pool:3x2,stride=2x3,ceil_mode=1", x).stages[1].output
    theirs = torch.nn.LPPool2d(2, (3, 2), (2, 3), ceil_mode=True)(torch.from_numpy(x)[None])[0].numpy()
    geometry = layers_on("l2pool:3x2,stride=2x3,ceil_mode=1", x).stages[1].geometry
    over = [
        [axis.window_cells(place)[-1] >= axis.size for place in range(axis.positions)]
        for axis in (geometry.rows, geometry.columns)
    ]
    is_over = np.logical_or.outer(*over)
    assert np.array_equal(np.isclose(ours, theirs, rtol=1e-5).all(axis=0), ~is_over)
    cells = np.outer(
        *[
            [sum(c < a.size for c in a.window_cells(p)) for p in range(a.positions)]
            for a in (geometry.rows, geometry.columns)
        ]
    )
    assert np.allclose(theirs, ours * np.sqrt(6 / cells), rtol=1e-5)


@pytest.mark.parametrize("name", ["batchnorm", "lrn", "dropout", "mean", "upsample", "pad", "center", "hardswish"])
def test_a_layer_is_in_the_menu_with_a_sentence(name):
    row = find_operation(name)
    assert row is not None
    assert row.sentence.endswith((".", "6."))
    assert not row.is_trained
