"""Weights files as training programs save them: layers, computed weights and notes."""

from __future__ import annotations

import argparse
import collections
import datetime
import enum
import io
import json
import pathlib
import pickle
from dataclasses import replace

import numpy as np
import pytest

from app.models.custom_model import encode_model_file, read_uploaded_model
from app.models.formats import Candidate, FirstLayer, MemorySource, UnreadableWeights, list_layers, read_layer
from tests import mutations as files

CHANCE = np.random.default_rng(7)


def weights(*shape: int) -> np.ndarray:
    return CHANCE.normal(size=shape).astype(np.float32)


def as_keras(filters: np.ndarray) -> np.ndarray:
    """(K, C, h, w) as (h, w, C, K)."""
    return np.ascontiguousarray(filters.transpose(2, 3, 1, 0))


def as_mlx(filters: np.ndarray) -> np.ndarray:
    """(K, C, h, w) as (K, h, w, C)."""
    return np.ascontiguousarray(filters.transpose(0, 2, 3, 1))


FIRST, SECOND = weights(8, 3, 5, 5), weights(16, 8, 3, 3)
BIAS = weights(8)


def safetensors(arrays: dict[str, np.ndarray], metadata: dict[str, str] | None = None) -> bytes:
    header: dict[str, object] = {"__metadata__": metadata} if metadata else {}
    body = b""
    for name, array in arrays.items():
        kind = {"float32": "F32", "bool": "BOOL", "uint8": "U8"}[array.dtype.name]
        data = array.tobytes()
        header[name] = {"dtype": kind, "shape": array.shape, "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


def npz(*arrays: np.ndarray, **named: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, *arrays, **named)
    return file.getvalue()


def pt(arrays: dict[str, np.ndarray]) -> bytes:
    return files.pt(files.state(arrays), arrays)


def read(data: bytes, layer: str | None = None) -> FirstLayer:
    """The layer, its notes in English."""
    found = read_layer(MemorySource(data), layer=layer)
    return replace(found, notes=tuple(map(str, found.notes)))


def layers(data: bytes) -> tuple[Candidate, ...]:
    """The layers, their remarks in English."""
    return tuple(replace(one, remark=str(one.remark)) for one in list_layers(MemorySource(data)))


def names(data: bytes) -> list[str]:
    return [layer.name for layer in layers(data)]


def refused(data: bytes, layer: str | None = None) -> str:
    with pytest.raises(UnreadableWeights) as refusal:
        read(data, layer)
    with pytest.raises(UnreadableWeights):
        layers(data) if layer is None else read(data, layer)
    said = str(refusal.value)
    assert said.isprintable()
    assert len(said) < 400
    return said


def both_ways(state: object) -> list[bytes]:
    """A state as PyTorch saves it, in its zip format and in that before 1.6."""
    torch = pytest.importorskip("torch")
    made = []
    for new in (True, False):
        file = io.BytesIO()
        torch.save(state, file, _use_new_zipfile_serialization=new)
        made.append(file.getvalue())
    return made


# --- which layer -------------------------------------------------------------------------------------------------


def test_all_layers_are_listed_with_remarks_and_parts():
    data = pt({"features.0.weight": FIRST, "features.0.bias": BIAS, "features.3.weight": SECOND})
    assert layers(data) == (
        Candidate("features-0", (8, 3, 5, 5), "features.0.weight", "", ("archive/data/0", "archive/data/1")),
        Candidate("features-3", (16, 8, 3, 3), "features.3.weight", "", ("archive/data/2",)),
    )
    assert [layer.parts for layer in layers(npz(conv1=FIRST, conv2=SECOND))] == [("conv1.npy",), ("conv2.npy",)]


@pytest.mark.parametrize("asked", ["features-3", "features.3", "features.3.weight"])
def test_a_layer_is_read_by_its_name_in_links_or_in_its_file(asked: str):
    found = read(pt({"features.0.weight": FIRST, "features.3.weight": SECOND}), asked)
    assert found.name == "features-3"
    assert np.array_equal(found.weight, SECOND)


def test_an_unknown_layer_is_rejected_with_the_names_of_others():
    data = safetensors({f"conv{number}.weight": FIRST for number in range(7)})
    said = refused(data, "conv9")
    assert said == "There is no layer conv9 in this file; there are conv0, conv1, conv2, conv3, conv4, and 2 others."


def test_layers_of_the_same_name_get_unique_names():
    data = safetensors({"conv.1.weight": FIRST, "conv-1.weight": SECOND})
    assert len(set(names(data))) == 2
    assert {read(data, name).weight.shape for name in names(data)} == {FIRST.shape, SECOND.shape}


def test_sorted_names_are_read_in_natural_order():
    deep = {f"conv{number}.weight": weights(8, 3 if number == 1 else 8, 3, 3) for number in (1, 10, 11, 2)}
    assert names(safetensors(deep)) == ["conv1", "conv2", "conv10", "conv11"]


def test_the_state_of_an_optimizer_is_not_a_layer():
    torch = pytest.importorskip("torch")
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 5))
    adam = torch.optim.Adam(net.parameters())
    net(torch.ones(1, 3, 8, 8)).sum().backward()
    adam.step()
    kept = {"epoch": 1, "optimizer": adam.state_dict(), "opt_g": adam.state_dict(), "model": net.state_dict()}
    for data in both_ways(kept):
        assert [layer.array for layer in layers(data)] == ["0.weight"]
        assert np.array_equal(read(data).weight, net[0].weight.detach().numpy())
    for data in both_ways(adam.state_dict()):
        assert "belong to an optimizer" in refused(data)


@pytest.mark.parametrize(
    "slot", ["Adam/m/conv2d/kernel", "conv2d/kernel/Momentum", "optimizer/conv2d/kernel", "exp_avg.conv2d/kernel"]
)
def test_the_slots_of_a_tensorflow_optimizer_are_not_layers(slot: str):
    data = npz(**{slot: as_keras(FIRST) * 0, "conv2d/kernel:0": as_keras(FIRST), "conv2d/bias:0": BIAS})
    assert names(data) == ["conv2d"]
    assert np.array_equal(read(data).bias, BIAS)


def test_a_running_average_of_the_model_comes_after_the_model():
    data = pt({"ema.conv.weight": FIRST * 0, "conv.weight": FIRST})
    assert names(data) == ["conv", "ema-conv"]
    assert names(pt({"ema.conv.weight": FIRST})) == ["ema-conv"]


@pytest.mark.parametrize(
    ("name", "shape"),
    [("mean", (1, 3, 1, 1)), ("normalize.std", (1, 3, 1, 1)), ("pixel_mean", (3, 1, 1)), ("x.shift", (1, 3, 1, 1))],
)
def test_a_mean_or_a_deviation_is_not_a_layer(name: str, shape: tuple[int, ...]):
    assert names(pt({name: weights(*shape), "conv1.weight": FIRST})) == ["conv1"]


def test_a_fixed_shift_of_colors_is_a_layer_but_not_the_first():
    data = pt({"sub_mean.weight": weights(3, 3, 1, 1), "head.0.weight": FIRST, "body.weight": SECOND})
    assert names(data) == ["head-0", "sub_mean", "body"]
    assert read(data, "sub_mean").weight.shape == (3, 3, 1, 1)


def test_the_layers_of_two_networks_are_listed():
    data = pt({"G.main.0.weight": weights(16, 3, 4, 4), "D.main.0.weight": weights(8, 3, 4, 4)})
    assert {layer.name: layer.shape for layer in layers(data)} == {"d-main-0": (8, 3, 4, 4), "g-main-0": (16, 3, 4, 4)}


def test_a_filter_of_one_row_may_be_long_and_needs_no_stride():
    eeg = {"conv1.weight": weights(8, 1, 1, 64), "depthwise.weight": weights(16, 1, 22, 1)}
    data = pt(eeg | {"sep.weight": weights(16, 1, 1, 16), "point.weight": weights(16, 16, 1, 1)})
    assert names(data) == ["conv1", "depthwise", "sep", "point"]
    assert "stride" not in dict(
        read_uploaded_model("w-a", encode_model_file(read(data), "", "A")).bank("conv1").options
    )


def test_a_bottleneck_of_three_maps_in_a_gray_network_is_not_the_first_layer():
    narrow = {"a.weight": weights(8, 1, 3, 3), "b.weight": weights(3, 8, 3, 3), "zz.weight": weights(16, 3, 3, 3)}
    known = pt({"z.weight": narrow["a.weight"]} | narrow)
    assert names(known)[0] == "z"


def test_a_filter_for_each_color_is_read_in_groups():
    data = pt({"dw.weight": weights(3, 1, 5, 5), "dw.bias": weights(3), "pw.weight": weights(8, 3, 1, 1)})
    found = read(data)
    assert (found.name, found.groups) == ("dw", 3)
    model = read_uploaded_model("w-a", encode_model_file(found, "", "A"))
    assert dict(model.bank("dw").options)["groups"] == 3
    assert model.prepare.channels == 3
    assert any("groups=3" in note for note in model.header["card"]["notes"])
    assert read(pt({"conv1.weight": weights(6, 1, 5, 5), "conv2.weight": weights(16, 6, 5, 5)})).groups == 1


# --- transposed convolutions -------------------------------------------------------------------------------------


def test_a_transposed_convolution_is_recognized_by_its_bias():
    decoder, encoder = weights(16, 3, 3, 3), weights(16, 3, 3, 3)
    data = safetensors(
        {
            "decoder.4.bias": weights(3),
            "decoder.4.weight": decoder,
            "encoder.0.bias": weights(16),
            "encoder.0.weight": encoder,
        }
    )
    assert [(one.name, one.shape, one.remark) for one in layers(data)] == [
        ("encoder-0", (16, 3, 3, 3), ""),
        ("decoder-4", (3, 16, 3, 3), "transposed convolution"),
    ]
    assert np.array_equal(read(data).weight, encoder)
    assert np.array_equal(read(data, "decoder-4").weight, decoder.swapaxes(0, 1))
    assert read(data, "decoder-4").bias.shape == (3,)


def test_transposed_convolutions_without_biases_are_recognized_by_their_shapes():
    sizes = [(100, 64), (64, 32), (32, 3)]
    data = pt({f"main.{3 * n}.weight": weights(*size, 4, 4) for n, size in enumerate(sizes)})
    assert [one.shape[:2] for one in layers(data)] == [(64, 100), (32, 64), (3, 32)]
    assert {one.remark for one in layers(data)} == {"transposed convolution"}


@pytest.mark.parametrize("name", ["deconv1", "up.convtranspose", "conv2d_transpose", "ConvTranspose_0"])
def test_a_transposed_convolution_is_recognized_by_its_name(name: str):
    data = pt({f"{name}.weight": weights(16, 3, 4, 4), "conv1.weight": weights(16, 3, 3, 3)})
    assert layers(data)[0].name == "conv1"
    assert (layers(data)[1].shape, layers(data)[1].remark) == ((3, 16, 4, 4), "transposed convolution")


def test_a_transposed_convolution_of_keras_is_recognized_by_its_bias():
    data = npz(**{"up/kernel": weights(3, 3, 3, 16), "up/bias": weights(3), "down/kernel": as_keras(FIRST)})
    assert [(one.name, one.shape) for one in layers(data)] == [("down", (8, 3, 5, 5)), ("up", (3, 16, 3, 3))]


# --- parametrized weights ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("names_", [("c.weight_g", "c.weight_v"), ("c.g", "c.v")])
@pytest.mark.parametrize("channels", [1, 3])
def test_weight_norm_is_computed(channels: int, names_: tuple[str, str]):
    gain, direction = weights(6, 1, 1, 1), weights(6, channels, 5, 5)
    data = pt({"c.bias": weights(6), names_[0]: gain, names_[1]: direction})
    lengths = np.array([np.sqrt((one.astype(np.float64) ** 2).sum()) for one in direction]).reshape(6, 1, 1, 1)
    found = read(data)
    assert np.allclose(found.weight, gain * direction / lengths, atol=1e-6)
    assert found.bias is not None
    assert found.notes == ("Weight norm computed: gain · direction / length.",)
    assert layers(data)[0].parts == ("archive/data/2", "archive/data/1", "archive/data/0")


@pytest.mark.parametrize("kind", [np.float32, np.bool_, np.uint8])
def test_a_pruning_mask_is_applied(kind: type):
    original, mask = weights(6, 3, 5, 5), (CHANCE.random((6, 3, 5, 5)) > 0.5).astype(kind)
    data = safetensors({"0.bias": weights(6), "0.weight_orig": original, "0.weight_mask": mask})
    found = read(data)
    assert np.array_equal(found.weight, original * mask)
    assert found.bias is not None
    assert found.notes == (f"The pruning mask sets {450 - int(mask.sum())} of 450 weights to 0.",)


@pytest.mark.parametrize(
    "said", ["c.weight_{}", "c.parametrizations.weight.0._{}"], ids=["in the name", "in a parametrization"]
)
def test_spectral_norm_is_computed(said: str):
    original = "c.weight_orig" if said.startswith("c.weight") else "c.parametrizations.weight.original"
    left, values, right = np.linalg.svd(FIRST.reshape(8, -1).astype(np.float64), full_matrices=False)
    vectors = {"u": left[:, 0].astype(np.float32), "v": right[0].astype(np.float32)}
    data = pt({original: FIRST, "c.bias": BIAS} | {said.format(name): vector for name, vector in vectors.items()})
    assert np.allclose(read(data).weight, FIRST / values[0], atol=1e-6)
    assert read(data).notes[0].startswith("Spectral norm computed")
    assert len(layers(data)[0].parts) == 4


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["spectral", "spectral, before", "weight", "weight, before", "pruned", "transposed"])
def test_parametrized_weights_are_those_of_pytorch(name: str):
    torch = pytest.importorskip("torch")
    nn, prune = torch.nn, pytest.importorskip("torch.nn.utils.prune")
    made = {
        "spectral": lambda: nn.utils.parametrizations.spectral_norm(nn.Conv2d(3, 8, 5)),
        "spectral, before": lambda: nn.utils.spectral_norm(nn.Conv2d(3, 8, 5)),
        "weight": lambda: nn.utils.parametrizations.weight_norm(nn.Conv2d(3, 8, 5)),
        "weight, before": lambda: nn.utils.weight_norm(nn.Conv2d(3, 8, 5), dim=1),
        "pruned": lambda: prune.l1_unstructured(nn.Conv2d(3, 8, 5), "weight", 0.5),
        "transposed": lambda: nn.utils.spectral_norm(nn.ConvTranspose2d(3, 3, 5)),
    }[name]()
    net = nn.Sequential(made)
    net(torch.rand(1, 3, 9, 9))
    net.eval()
    net(torch.rand(1, 3, 9, 9))
    for data in both_ways(net.state_dict()):
        assert np.allclose(read(data).weight, made.weight.detach().numpy(), atol=1e-5)


def test_an_unknown_parametrization_is_shown_as_it_is_with_a_note():
    data = pt({"c.parametrizations.weight.original": FIRST, "c.bias": BIAS})
    assert np.array_equal(read(data).weight, FIRST)
    assert "not how the network transforms it" in read(data).notes[0]


# --- order of the axes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("filters", [3, 8, 64])
@pytest.mark.parametrize("bias", [True, False])
def test_keras_order_is_recognized_by_names_bias_or_neighbors(channels: int, filters: int, bias: bool):
    first, later = weights(filters, channels, 3, 3), weights(32, filters, 3, 3)
    named = {"conv2d/bias": weights(filters)} if bias else {}
    data = safetensors({**named, "conv2d/kernel": as_keras(first), "conv2d_1/kernel": as_keras(later)})
    found = read(data)
    assert found.reordered
    assert np.array_equal(found.weight, first)
    assert layers(data)[0].remark == "reordered from (h, w, C, K)"
    assert np.array_equal(read(npz(as_keras(first), as_keras(later))).weight, first)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_mlx_order_is_recognized_by_metadata_or_neighbors(channels: int):
    first, later = weights(16, channels, 3, 3), weights(32, 16, 3, 3)
    said = safetensors({"conv1.weight": as_mlx(first), "conv1.bias": weights(16)}, {"format": "mlx"})
    unsaid = npz(**{"conv1.weight": as_mlx(first), "conv2.weight": as_mlx(later)})
    for data in (said, unsaid):
        assert np.array_equal(read(data).weight, first)
        assert not read(data).reordered
        assert layers(data)[0].remark == "reordered from (K, h, w, C)"
        assert any("MLX" in note for note in read(data).notes)


@pytest.mark.parametrize("shape", [(8, 3, 5, 5), (3, 3, 3, 3), (8, 1, 1, 64), (64, 3, 3, 3), (32, 4, 7, 7)])
def test_filters_in_pytorch_s_order_are_not_reordered(shape: tuple[int, ...]):
    first = weights(*shape)
    for data in (safetensors({"conv.weight": first}), pt({"conv.weight": first}), npz(first, weights(shape[0]))):
        assert np.array_equal(read(data).weight, first)


def test_a_depthwise_layer_of_keras_becomes_filters_in_groups():
    kernel = weights(3, 3, 3, 2)
    data = npz(**{"sep/depthwise_kernel": kernel, "sep/pointwise_kernel": weights(1, 1, 6, 8), "sep/bias": weights(8)})
    found = read(data)
    assert (found.weight.shape, found.groups) == ((6, 1, 3, 3), 3)
    assert np.array_equal(found.weight[3, 0], kernel[:, :, 1, 1])


# --- lists -------------------------------------------------------------------------------------------------------


def test_a_bias_in_a_list_is_the_next_array():
    data = npz(as_keras(FIRST), BIAS)
    assert np.array_equal(read(data).bias, BIAS)
    assert read(data).notes == ("The bias is arr_1, which comes next in the file.",)
    assert layers(data)[0].parts == ("arr_0.npy", "arr_1.npy")


@pytest.mark.parametrize(("vectors", "has_bias"), [(1, True), (2, False), (3, True), (4, False), (5, True)])
def test_vectors_of_a_batch_norm_in_a_list_are_not_a_bias(vectors: int, has_bias: bool):
    data = npz(FIRST, *[BIAS + at for at in range(vectors)], SECOND)
    found = read(data)
    assert (found.bias is not None) == has_bias
    if has_bias:
        assert np.array_equal(found.bias, BIAS)


@pytest.mark.parametrize(
    ("weight", "bias"),
    [
        *(("W1", "b1"), ("w_conv", "b_conv"), ("conv1", "conv1_b"), ("conv1", "conv1.bias"), ("conv1_w", "conv1_b")),
        *(("conv2d_0.w_0", "conv2d_0.b_0"), ("weights1", "biases1"), ("Conv/weights", "Conv/biases")),
    ],
)
def test_a_bias_is_found_by_its_name_wherever_it_stands(weight: str, bias: str):
    data = npz(**{bias: BIAS, "z": BIAS * 0, weight: FIRST})
    assert np.array_equal(read(data).bias, BIAS)
    assert layers(data)[0].parts == (f"{weight}.npy", f"{bias}.npy")


@pytest.mark.parametrize("kind", [list, tuple])
def test_lists_of_tensors_are_read(kind: type):
    torch = pytest.importorskip("torch")
    tensors = [torch.nn.Parameter(torch.tensor(FIRST)), torch.tensor(BIAS), torch.tensor(SECOND)]
    for state in (kind(tensors), {"weights": kind(tensors)}):
        for data in both_ways(state):
            assert np.array_equal(read(data).weight, FIRST)
            assert np.array_equal(read(data).bias, BIAS)
            assert names(data) == ["0", "2"]


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("state", [[FIRST, BIAS], {"model": {"c_w": np.asfortranarray(FIRST), "c_b": BIAS}}], ids=type)
def test_arrays_in_a_pickle_are_read_without_numpy_s_unpickling(state: object, protocol: int):
    found = read(pickle.dumps(state, protocol))
    assert np.array_equal(found.weight, FIRST)
    assert np.array_equal(found.bias, BIAS)


def test_a_single_array_is_read():
    assert np.array_equal(read(files.npy(FIRST)).weight, FIRST)


# --- 1-D convolutions --------------------------------------------------------------------------------------------


def test_a_1d_convolution_is_shown_as_one_row():
    first = weights(8, 1, 9)
    data = pt({"0.weight": first, "0.bias": BIAS})
    assert layers(data)[0].shape == (8, 1, 1, 9)
    assert np.array_equal(read(data).weight, first[:, :, None])
    keras = safetensors({"conv1d/kernel": np.ascontiguousarray(first.transpose(2, 1, 0)), "conv1d/bias": BIAS})
    assert np.array_equal(read(keras).weight, first[:, :, None])


def test_other_arrays_of_three_axes_are_not_convolutions():
    data = pt({"pos_embed.weight": weights(1, 20, 8), "q.query.kernel": weights(8, 2, 4), "patch.weight": FIRST})
    assert names(data) == ["patch"]


# --- objects beside the weights ----------------------------------------------------------------------------------


class Mode(enum.Enum):
    TRAIN = 1


class Config:
    def __init__(self) -> None:
        self.rate = 0.1


BESIDE = {
    "namespace": argparse.Namespace(lr=0.1),
    "time": datetime.datetime(2024, 1, 2, tzinfo=datetime.UTC),
    "numpy": np.float64(0.5),
    "path": pathlib.PurePosixPath("/data"),
    "enum": Mode.TRAIN,
    "class": Config(),
    "counter": collections.Counter("abc"),
    "default": collections.defaultdict(list, a=[1]),
    "frozen": frozenset([1]),
    "complex": 1j,
}


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("beside", BESIDE)
def test_harmless_objects_beside_the_weights_are_skipped(beside: str, protocol: int):
    saved = pickle.dumps({"args": BESIDE[beside], "state_dict": {"c.weight": FIRST, "c.bias": BIAS}}, protocol)
    for data in (saved, files.pt(saved)):
        assert np.array_equal(read(data).weight, FIRST)
        assert np.array_equal(read(data).bias, BIAS)


def test_skipped_objects_get_a_note():
    data = pickle.dumps({"args": argparse.Namespace(), "c.weight": FIRST})
    assert read(data).notes == ("Skipped without running it: argparse.Namespace.",)


def test_weights_that_depend_on_an_unknown_object_are_rejected_with_its_name():
    assert "Config" in refused(pickle.dumps({"state_dict": {"c1.weight": Config(), "c2.weight": FIRST}}))
    assert "Config" in refused(pickle.dumps({"args": argparse.Namespace(), "model": Config()}))
    assert "Config" in refused(pickle.dumps(Config()))


class Runs:
    def __init__(self, function: object, *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("function", [eval, exec, __import__, pathlib.os.system, pathlib.os.remove])
def test_programs_beside_the_weights_are_refused_and_not_run(function):
    data = pickle.dumps({"state_dict": {"c.weight": FIRST}, "args": Runs(function, "/nonexistent")})
    assert "would run" in refused(data)


def test_a_pickled_module_gets_its_own_sentence():
    torch = pytest.importorskip("torch")
    for data in both_ways(torch.nn.Sequential(torch.nn.Conv2d(3, 8, 5))):
        said = refused(data)
        assert "whole model" in said
        assert "state_dict()" in said


# --- quantized ---------------------------------------------------------------------------------------------------


def test_whole_numbers_with_a_scale_for_each_filter_are_dequantized():
    data = files.pt_quantized(files.quantized())
    assert np.array_equal(read(data).weight.ravel(), np.arange(108, dtype=np.int8) * 0.5)
    assert layers(data)[0].parts == ("archive/data/0", "archive/data/1", "archive/data/2")


@pytest.mark.filterwarnings("ignore")
def test_quantized_tensors_are_dequantized():
    torch = pytest.importorskip("torch")
    weight = torch.tensor(FIRST)
    alike = torch.quantize_per_tensor(weight, 0.02, 3, torch.quint8)
    each = torch.quantize_per_channel(weight, torch.linspace(0.01, 0.03, 8), torch.arange(8), 0, torch.qint8)
    for quantized in (alike, each):
        for data in both_ways({"c.weight": quantized, "c.bias": torch.tensor(BIAS)}):
            found = read(data)
            assert np.allclose(found.weight, quantized.dequantize().numpy(), atol=1e-6)
            assert "whole numbers of 8 bits" in found.notes[0]
    parts = layers(both_ways({"c.weight": each})[0])[0].parts
    assert len(parts) == 3


# --- other files -------------------------------------------------------------------------------------------------

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 46830571\n"
OTHERS = {
    "Git LFS pointer": LFS,
    "46.8 MB": LFS,
    "web page (“Virus scan warning”)": b"\n<!DOCTYPE html><html><head><title>Virus scan\n warning</title></head>",
    "web page": "\ufeff<html><body>Sign in</body>".encode(),
    "XML (“Access Denied”)": b"<?xml version='1.0'?><Error><Message>Access Denied</Message></Error>",
    "JSON (“Repository not found”)": b'{"error": "Repository not found"}',
    "model-00001-of-2.safetensors": b'{"metadata": {}, "weight_map": {"a.weight": "model-00001-of-2.safetensors"}}',
    "empty": b"",
    "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(500),
    "(.h5": bytes(512) + b"\x89HDF\r\n\x1a\n" + bytes(500),
    "gzip": b"\x1f\x8b\x08" + bytes(50),
    "tar": bytes(257) + b"ustar\x0000" + bytes(300),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(50),
    "RAR": b"Rar!\x1a\x07\x01\x00" + bytes(50),
    "picture (PNG)": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "picture (JPEG)": b"\xff\xd8\xff\xe0" + bytes(50),
    "picture (WebP)": b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(50),
    "GGUF": b"GGUF\x03\x00\x00\x00" + bytes(50),
    "TensorFlow Lite": b"\x1c\x00\x00\x00TFL3" + bytes(50),
    "SavedModel": b"\x08\x01\x12\xaa\x05\n\x10" + bytes(50),
    "frozen TensorFlow graph": b"\n\x2e\n\x05input\x12\x0bPlaceholder" + bytes(50),
    "Flax": b"\x81\xa6params\x81\xa6Conv_0" + bytes(50),
    "Darknet": b"\x00\x00\x00\x00\x02\x00\x00\x00\x05\x00\x00\x00" + bytes(50),
    "MATLAB": b"MATLAB 5.0 MAT-file, Platform: GLNXA64" + bytes(50),
    "text": b"0.1,0.2\n0.3,0.4\n",
    "Keras model (.keras)": files.zipped({"metadata.json": b"{}", "config.json": b"{}", "model.weights.h5": b""}),
    "TensorFlow": files.zipped({"net/saved_model.pb": b"", "net/variables/variables.index": b""}),
    "net/model.pth": files.zipped({"net/readme.txt": b"", "net/model.pth": b""}),
    "not a weights file; it contains readme.txt": files.zipped({"readme.txt": b""}),
}


@pytest.mark.parametrize("said", OTHERS)
def test_a_file_that_is_not_weights_is_named(said: str):
    assert said in refused(OTHERS[said])


@pytest.mark.parametrize("said", ["HDF5", "Keras model (.keras)"])
def test_keras_files_get_advice_how_to_convert_them(said: str):
    assert "np.savez('weights.npz', *model.get_weights())" in refused(OTHERS[said])


def test_a_header_whose_length_looks_like_another_format_is_read():
    for start in (b"BM", b"MZ", b"\x1f\x8b"):
        length = int.from_bytes(start, "little")
        data = safetensors({"c.weight": FIRST})
        text = data[8 : 8 + int.from_bytes(data[:8], "little")].ljust(length)
        assert np.array_equal(read(length.to_bytes(8, "little") + text + FIRST.tobytes()).weight, FIRST)
