"""Prices of patterns, against counts by hand and against a chain that is counted cell by cell."""

from __future__ import annotations

import csv
import io
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.architecture.architecture import Architecture, price_net
from app.core.architecture.architecture_error import ArchitectureError
from app.core.architecture.architecture_tables import architecture_to_csv, architecture_to_json
from app.core.weights.pretrained import NoTrainedModels
from app.models.library import load_models
from app.resources import find_resource


def priced(net: str, shape: str = "") -> Architecture:
    return price_net(net, shape, NoTrainedModels())


def refusal(net: str, shape: str = "") -> str:
    with pytest.raises(ArchitectureError) as caught:
        priced(net, shape)
    return str(caught.value)


def test_sharing_a_filter_saves_parameters():
    """A 3×3 filter on 32×32 cells: shared, one for each place, all cells with all."""
    stage = priced("conv:1@3x3", "1x32x32").stages[1]
    assert (stage.parameters, stage.unshared, stage.dense) == (10, 9_000, 922_500)
    assert priced("linear:900", "1x32x32").totals.parameters == 922_500


@pytest.mark.parametrize(
    ("net", "weights", "biases", "multiply_adds"),
    [
        ("conv:64@3x3,padding=1", 64 * 27, 64, 64 * 27 * 100),
        ("conv:64@3x3,padding=1,bias=none", 64 * 27, 0, 64 * 27 * 100),
        ("conv:64@3x3,padding=1,bias=0", 64 * 27, 64, 64 * 27 * 100),
        ("conv:6@3x3,groups=3", 6 * 9, 6, 6 * 9 * 64),
        ("conv:sobel-x", 27, 1, 27 * 64),
        ("conv:5@1x7,stride=2", 5 * 21, 5, 5 * 21 * 5 * 2),
        ("linear:10", 3_000, 10, 3_000),
        ("linear:10,bias=none", 3_000, 0, 3_000),
        ("flatten~linear:10", 3_000, 10, 3_000),
        ("batchnorm", 3, 3, 0),
        ("maxpool:2", 0, 0, 0),
        ("relu~softmax~globalavgpool", 0, 0, 0),
    ],
)
def test_parameters_and_multiply_adds_are_those_of_the_rules(net, weights, biases, multiply_adds):
    totals = priced(net, "3x10x10").totals
    assert (totals.weights, totals.biases, totals.multiply_adds) == (weights, biases, multiply_adds)


def test_an_activation_works_in_place_and_may_be_copied():
    found = priced("conv:4@3x3,padding=1~relu~maxpool:2~relu~flatten~linear:10~softmax", "2x8x8")
    kept = [stage.kept for stage in found.stages]
    assert kept == [128, 256, 0, 64, 0, 0, 10, 0]
    assert [stage.copied for stage in found.stages] == [0, 0, 256, 0, 64, 0, 0, 0]
    assert [stage.pair for stage in found.stages] == [128, 384, 0, 320, 0, 0, 74, 0]
    assert found.totals.pair == 384


def test_a_join_adds_in_place_and_holds_all_that_it_reads():
    found = priced("[conv:4@3x3,padding=1~relu~conv:4@3x3,padding=1~add:-4~relu]*2", "4x8x8")
    assert [stage.reads for stage in found.stages[1:]] == [
        *((0,), (1,), (2,), (3, 0), (4,)),
        *((5,), (6,), (7,), (8, 5), (9,)),
    ]
    assert [stage.kept for stage in found.stages] == [256, 256, 0, 256, 0, 0, 256, 0, 256, 0, 0]
    assert [stage.pair for stage in found.stages] == [256, 512, 0, 512, 512, 0, 512, 0, 512, 512, 0]


def test_stacks_behind_each_other_are_read_together():
    found = priced("conv:2@1x1~conv:3@1x1,from=-2~concat:-2~conv:1@1x1", "1x4x4")
    assert found.stages[3].shape == (5, 4, 4)
    assert [stage.kept for stage in found.stages] == [16, 32, 48, 0, 16]
    assert [stage.pair for stage in found.stages] == [16, 48, 64, 80, 96]


def test_a_normalization_is_folded_only_into_a_layer_that_it_alone_reads():
    assert priced("conv:4@3x3,bias=none~batchnorm", "1x8x8").totals.folded == 36 + 4
    assert priced("conv:4@3x3~batchnorm", "1x8x8").totals.folded == 36 + 4
    assert priced("batchnorm~conv:4@3x3", "1x8x8").totals.folded == 2 + 40
    assert priced("conv:4@3x3,padding=1~batchnorm~add:-2", "1x8x8").totals.folded == 40 + 8


def test_paths_that_differ_in_jump_make_the_field_a_bound():
    found = priced("conv:1@3x3,padding=1~add:0", "1x9x9")
    stage = found.stages[-1]
    assert (stage.receptive_field, stage.start, stage.is_bound) == ((3, 3), (-1, -1), False)
    shifted = priced("conv:1@3x3,padding=(0,2,0,2)~add:0", "1x9x9").stages[-1]
    assert shifted.is_bound


# --- a chain, counted cell by cell ----------------------------------------------------------------------------------

layers = st.one_of(
    st.tuples(st.just("conv"), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2)),
    st.tuples(st.just("maxpool"), st.just(0), st.integers(2, 3), st.integers(1, 3), st.integers(0, 1)),
    st.just(("relu", 0, 1, 1, 0)),
)


@given(st.lists(layers, min_size=1, max_size=6), st.integers(1, 3), st.integers(8, 20))
def test_a_chain_is_counted_as_cell_by_cell(chain, channels, side):
    text, expected = [], []
    maps, cells = channels, [[place] for place in range(side)]  # the cells of the input that a cell is made from
    for op, count, kernel, stride, padding in chain:
        if op == "relu":
            text.append("relu")
            expected.append((0, 0, 0, 0))
        else:
            padding = min(padding, kernel // 2)
            first = min(cells[0]) - (cells[1][0] - cells[0][0] if len(cells) > 1 else 1) * padding
            step = cells[1][0] - cells[0][0] if len(cells) > 1 else 1
            width = len(cells[0])
            starts = [first + place * step for place in range(len(cells) + 2 * padding)]
            padded = [list(range(start, start + width)) for start in starts]
            windows = [padded[at : at + kernel] for at in range(0, len(padded) - kernel + 1, stride)]
            if len(windows) < 2:  # the field of a single cell may be the whole picture
                break
            cells = [list(range(min(window[0]), max(window[-1]) + 1)) for window in windows]
            weights = count * kernel * kernel * maps
            maps = count or maps
            head = f"conv:{count}@{kernel}x{kernel}" if op == "conv" else f"maxpool:{kernel}"
            text.append(f"{head},stride={stride},padding={padding}")
            biases = count
            expected.append((weights, biases, weights * len(cells) ** 2, maps * len(cells) ** 2))
        if text:
            found = priced("~".join(text), f"{channels}x{side}x{side}").stages
            stage = found[-1]
            assert stage.shape == (maps, len(cells), len(cells))
            assert (stage.weights, stage.biases, stage.multiply_adds, stage.kept) == expected[-1]
            assert stage.receptive_field == (len(cells[0]),) * 2
            assert stage.start == (cells[0][0],) * 2
            assert stage.jump == (cells[1][0] - cells[0][0],) * 2


# --- inputs, names, errors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("", (3, 224, 224)),
        ("32", (3, 32, 32)),
        ("24x32", (3, 24, 32)),
        ("1x28x28", (1, 28, 28)),
        (" 1 x 28 X 28 ", (1, 28, 28)),
        ("1×28×28", (1, 28, 28)),
        ("65536x1x1", (65_536, 1, 1)),
        ("1000000", (3, 1_000_000, 1_000_000)),
    ],
)
def test_the_input_can_be_a_side_or_a_shape(text, shape):
    assert priced("relu", text).input == shape


@pytest.mark.parametrize(
    "text", ["0", "-1", "x", "3x", "1x2x3x4", "2.5", "a", "1000001", "65537x1x1", "1e3", "9" * 400]
)
def test_an_input_that_is_no_shape_is_refused(text):
    assert "; it can be one side such as 224, rows x columns such as 224x192" in refusal("relu", text)


def test_a_name_that_is_no_network_is_refused_with_the_nearest():
    with pytest.raises(ArchitectureError) as caught:
        priced("resnet50")
    assert caught.value.is_unknown
    assert str(caught.value).startswith("There is no network called resnet50 here; there are lenet-5,")
    assert str(caught.value).endswith("Did you mean resnet-50?")
    assert priced("ResNet-50").name == "resnet-50"
    assert priced("relu").name == ""


@pytest.mark.parametrize(
    ("net", "sentence"),
    [
        ("[conv:64@3x3~relux]*2", "Layer 2: relux is unknown; layers can be"),
        ("conv:64@3x3,stride=0", "Convolution (layer 1): stride is 0; it can be a whole number from 1 to 64"),
        (
            "[maxpool:2]*9",
            "Max pool (layer 8): The window spans 2 rows, but its input has only 1 row. It is at character 2 of",
        ),
        ("relu*2", "Layer 1: relu*2 is unknown"),
        ("conv:4@3x3~add:0", "Add (layer 2): Add cannot join stage"),
        ("conv:4@3x3,groups=2", "Convolution (layer 1): The number of channels is 3, which cannot be split into 2"),
        ("[concat:-1]*60", "Concatenate (layer"),
        ("model:nobody", "Model (layer 1): There is no trained model called nobody here"),
    ],
)
def test_a_layer_that_does_not_fit_is_refused_with_its_place(net, sentence):
    said = refusal(net)
    assert said.startswith(sentence)
    assert "of the pattern." in said


@pytest.mark.parametrize("net", ["alexnet", "vgg-16", "googlenet"])
def test_a_known_network_that_does_not_fit_is_refused_without_a_place_in_a_pattern(net: str):
    said = refusal(net, "3x10x10")
    assert "spans" in said
    assert "pattern" not in said
    assert said.endswith((" rows.", " row."))


@pytest.mark.parametrize(
    ("net", "shape", "sentence"),
    [
        (
            "[concat:-1]*99",
            "1x8x8",
            "Concatenate (layer 54): This layer would make 1,152,921,504,606,846,976 numbers; it",
        ),
        (
            "[upsample:16]*99",
            "1x8x8",
            "Upsample (layer 7): This layer would make 4,611,686,018,427,387,904 numbers; it",
        ),
        (
            "conv:8@1x1~flatten~batchnorm",
            "3x900x900",
            "Batch norm (layer 3): This layer would normalize 6,480,000 chann",
        ),
        ("[conv:1@1x1,stride=64,padding=64]*99", "1x8x8", "Convolution (layer 10): The receptive field would span"),
        (
            "upsample:3~[conv:1@1x1,stride=64,padding=64]*1999",
            "1x8x8",
            "Convolution (layer 12): The receptive field would",
        ),
    ],
)
def test_numbers_that_no_picture_has_are_refused(net, shape, sentence):
    assert refusal(net, shape).startswith(sentence)


def test_behind_an_upsampling_neighbors_are_closer_than_a_cell():
    stage = priced("upsample:2~conv:1@3x3", "1x8x8").stages[-1]
    assert stage.jump == (0.5, 0.5)
    assert stage.is_bound
    assert stage.kept == 14 * 14


def test_a_repeated_layer_is_told_to_take_brackets():
    assert refusal("relu~relu*2").endswith("To repeat a layer put it into brackets: [relu]*2.")


def test_numbers_of_any_size_are_counted():
    found = priced("conv:65536@15x15,padding=7~relu", "4096x1000000x1000000")
    assert found.totals.multiply_adds == 65_536 * 4_096 * 225 * 10**12
    assert found.totals.kept == (65_536 + 4_096) * 10**12


def test_a_network_that_is_trained_can_be_priced():
    models = load_models(find_resource("models/data"))
    found = price_net("model:cifar10", "3x32x32", models)
    assert [stage.part for stage in found.stages[2:5]] == ["conv1", "relu1", "pool1"]
    assert found.totals.parameters == priced("cifar10").totals.parameters == 166_410
    assert found.layers == ("model:cifar10",)
    behind = price_net("model:cifar10~add:-1", "3x32x32", models)
    assert behind.stages[-1].reads == (len(behind.stages) - 2, len(behind.stages) - 2)


# --- tables ---------------------------------------------------------------------------------------------------------


def test_the_tables_hold_the_same_numbers():
    found = priced("[conv:4@3x3,padding=(0,2,2,0)~relu]*2~concat:(0,-1)~linear:10", "1x8x6")
    data = architecture_to_json(found)
    rows = list(csv.DictReader(io.StringIO(architecture_to_csv(found))))
    assert len(rows) == len(data["stages"]) + 1
    for row, stage in zip(rows, data["stages"], strict=False):
        assert [int(row[name]) for name in ("channels", "rows", "columns")] == stage["shape"]
        assert [int(row[name]) for name in ("field_rows", "field_columns")] == stage["receptive_field"]
        assert row["reads"] == " ".join(map(str, stage["reads"]))
        for name in ("layer", "op", "title"):
            assert row[name] == stage[name]
        for name in ("weights", "biases", "parameters", "activations", "pair", "multiply_adds"):
            assert int(row[name]) == stage[name]
    assert rows[-1]["stage"] == "total"
    for name in ("parameters", "activations", "activation_bytes", "pair", "multiply_adds"):
        assert int(rows[-1][name]) == data["totals"][name]
    assert data["layers"] == "~".join(stage["layer"] for stage in data["stages"][1:])


def test_the_bytes_are_four_for_each_number():
    found = priced("conv:4@3x3", "1x8x6")
    assert found.totals.bytes == 4 * (prod((1, 8, 6)) + prod((4, 6, 4)))
    assert found.stages[1].bytes == 4 * 4 * 6 * 4
