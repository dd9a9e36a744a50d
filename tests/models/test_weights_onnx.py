"""ONNX files: the convolutions of a network with their options and weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.cli import main
from app.core.scene import LearnedFilters
from app.models.formats import DiskSource, FirstLayer, MemorySource, UnreadableWeights, list_layers, read_layer
from app.models.library import load_models

onnx = pytest.importorskip("onnx")
helper, FLOAT = onnx.helper, onnx.TensorProto.FLOAT
CHANCE = np.random.default_rng(11)
FIRST, SECOND = (CHANCE.normal(size=shape).astype(np.float32) for shape in ((8, 3, 5, 5), (16, 8, 3, 3)))
WHOLE = CHANCE.integers(-128, 128, (8, 3, 5, 5)).astype(np.int8)
SCALES, ZEROS = np.linspace(0.01, 0.03, 8, dtype=np.float32), np.arange(8, dtype=np.int8)


def tensor(name: str, array: np.ndarray):
    return onnx.numpy_helper.from_array(array, name)


def network(nodes: list, *tensors, picture: tuple[int | None, ...] = (32, 32)) -> bytes:
    x = helper.make_tensor_value_info("x", FLOAT, [1, 3, *picture])
    y = helper.make_tensor_value_info("y", FLOAT, None)
    return helper.make_model(helper.make_graph(nodes, "g", [x], [y], list(tensors))).SerializeToString()


def conv(weight: str = "w", *more: str, op: str = "Conv", x: str = "x", y: str = "y", **said):
    return helper.make_node(op, [x, weight, *more], [y], **said)


def read(data: bytes, layer: str | None = None) -> FirstLayer:
    return read_layer(MemorySource(data), layer=layer)


def of_convolution(**said) -> dict:
    return dict(read(network([conv(**said)], tensor("w", FIRST))).options)


@pytest.mark.parametrize("side", [30, 31, 32, 33])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("way", ["SAME_UPPER", "SAME_LOWER"])
def test_auto_pad_gives_an_output_of_ceil_input_by_stride(way: str, dilation: int, stride: int, side: int):
    said = {"auto_pad": way, "strides": [stride] * 2, "dilations": [dilation] * 2}
    options = dict(read(network([conv(**said)], tensor("w", FIRST), picture=(side, side))).options)
    top, bottom, left, right = options.get("padding", [0] * 4)
    assert (top, bottom) == (left, right)
    assert (side + top + bottom - 4 * dilation - 1) // stride + 1 == -(-side // stride)
    assert (bottom - top if way == "SAME_UPPER" else top - bottom) in (0, 1)


def test_auto_pad_at_a_stride_matches_known_values():
    assert of_convolution(auto_pad="SAME_UPPER", strides=[2, 2])["padding"] == [1, 2, 1, 2]
    assert of_convolution(auto_pad="SAME_LOWER", strides=[2, 2])["padding"] == [2, 1, 2, 1]
    assert "padding" not in of_convolution(auto_pad="VALID")


def test_a_guess_for_an_unknown_picture_size_gets_a_note():
    data = network([conv(auto_pad="SAME_UPPER", strides=[2, 2])], tensor("w", FIRST), picture=(None, None))
    found = read(data)
    assert dict(found.options)["padding"] == [1, 2, 1, 2]
    assert "depends on the picture" in str(found.notes[0])


def test_weights_in_constant_nodes_are_read():
    made = [helper.make_node("Constant", [], [name], value=tensor(name, array)) for name, array in (("w", FIRST),)]
    passed = helper.make_node("Identity", ["w"], ["again"])
    assert np.array_equal(read(network([*made, conv()])).weight, FIRST)
    assert np.array_equal(read(network([*made, passed, conv("again")])).weight, FIRST)


def test_a_layer_with_a_generated_array_name_is_named_after_its_node():
    named = helper.make_node("Conv", ["x", "onnx::Conv_497"], ["y"], name="/features/features.0/Conv")
    assert read(network([named], tensor("onnx::Conv_497", FIRST))).name == "features-0"
    assert read(network([conv("conv1.weight_quantized")], tensor("conv1.weight_quantized", FIRST))).name == "conv1"


def test_whole_numbers_with_a_scale_for_all_or_for_each_filter_are_dequantized():
    node = helper.make_node("DequantizeLinear", ["q", "s", "z"], ["w"], axis=0)
    each = network([node, conv()], tensor("q", WHOLE), tensor("s", SCALES), tensor("z", ZEROS))
    expected = (WHOLE.astype(np.float64) - ZEROS.reshape(8, 1, 1, 1)) * SCALES.reshape(8, 1, 1, 1)
    assert np.allclose(read(each).weight, expected)
    assert "Dequantized" in str(read(each).notes[0])
    node = helper.make_node("DequantizeLinear", ["q", "s"], ["w"])
    alike = network([node, conv()], tensor("q", WHOLE), tensor("s", np.float32(0.01)))
    assert np.allclose(read(alike).weight, WHOLE * 0.01)


def test_a_quantized_convolution_is_dequantized_with_its_bias():
    bias = np.arange(8, dtype=np.int32)
    names = ["x", "xs", "xz", "q", "s", "z", "ys", "yz", "b"]
    node = helper.make_node("QLinearConv", names, ["y"], strides=[2, 2])
    tensors = [tensor("xs", np.float32(0.5)), tensor("xz", np.uint8(3)), tensor("q", WHOLE), tensor("s", SCALES)]
    tensors += [tensor("z", ZEROS), tensor("ys", np.float32(1)), tensor("yz", np.uint8(0)), tensor("b", bias)]
    found = read(network([node], *tensors))
    assert np.allclose(found.weight, (WHOLE - ZEROS.reshape(8, 1, 1, 1).astype(float)) * SCALES.reshape(8, 1, 1, 1))
    assert np.allclose(found.bias, bias * 0.5 * SCALES)
    assert dict(found.options) == {"stride": [2, 2]}


def test_scales_that_do_not_fit_are_refused():
    node = helper.make_node("DequantizeLinear", ["q", "s"], ["w"], axis=0)
    with pytest.raises(UnreadableWeights):
        read(network([node, conv()], tensor("q", WHOLE), tensor("s", SCALES[:5])))


def test_all_convolutions_are_listed_in_the_order_of_the_graph():
    shift = CHANCE.normal(size=(3, 3, 1, 1)).astype(np.float32)
    nodes = [conv("shift", y="a"), conv("w", x="a", y="b"), conv("v", x="b", y="c")]
    data = network(nodes, tensor("v", SECOND), tensor("w", FIRST), tensor("shift", shift))
    assert [layer.name for layer in list_layers(MemorySource(data))] == ["w", "shift", "v"]
    assert read(data, "v").weight.shape == SECOND.shape


def test_groups_1d_and_transposed_convolutions_are_read():
    colors = CHANCE.normal(size=(3, 1, 5, 5)).astype(np.float32)
    assert read(network([conv(group=3)], tensor("w", colors))).groups == 3
    flat = CHANCE.normal(size=(8, 3, 9)).astype(np.float32)
    found = read(network([conv(strides=[2], pads=[4, 3])], tensor("w", flat), picture=(64,)))
    assert np.array_equal(found.weight, flat[:, :, None])
    assert dict(found.options) == {"stride": [1, 2], "padding": [0, 0, 4, 3]}
    up = CHANCE.normal(size=(16, 3, 4, 4)).astype(np.float32)
    data = network(
        [conv("u", op="ConvTranspose", y="a", strides=[2, 2]), conv(x="a")], tensor("u", up), tensor("w", FIRST)
    )
    assert [(layer.name, str(layer.remark)) for layer in list_layers(MemorySource(data))] == [
        ("w", ""),
        ("u", "transposed convolution"),
    ]
    assert np.array_equal(read(data, "u").weight, up.swapaxes(0, 1))


# --- external data -----------------------------------------------------------------------------------------------


def outside(location: str, offset: int = 0) -> bytes:
    weight = onnx.TensorProto(name="w", data_type=FLOAT, dims=FIRST.shape, data_location=1)
    said = {"location": location, "offset": offset, "length": FIRST.nbytes}
    weight.external_data.extend(onnx.StringStringEntryProto(key=key, value=str(value)) for key, value in said.items())
    return network([conv()], weight)


def test_external_weights_in_the_same_folder_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "net.onnx").write_bytes(outside("net.data", 64))
    (tmp_path / "net.data").write_bytes(bytes(64) + FIRST.tobytes())
    assert np.array_equal(read_layer(DiskSource(tmp_path / "net.onnx")).weight, FIRST)
    monkeypatch.setenv("CONVOSCOPE_MODELS", str(tmp_path / "mine"))
    assert main(["models", "add", str(tmp_path / "net.onnx")]) == 0
    assert np.array_equal(load_models(tmp_path / "mine").bank(LearnedFilters("net", "w")).weight, FIRST)


@pytest.mark.parametrize("location", ["../net.data", "/etc/passwd", "a/../../net.data", "..", "", "a\\net.data"])
def test_external_weights_elsewhere_are_not_read(location: str, tmp_path: Path):
    (tmp_path / "a").mkdir()
    for place in (tmp_path / "net.data", tmp_path / "a" / "net.data"):
        place.write_bytes(FIRST.tobytes())
    (tmp_path / "a" / "net.onnx").write_bytes(outside(location))
    with pytest.raises(UnreadableWeights, match="are in another file"):
        read_layer(DiskSource(tmp_path / "a" / "net.onnx"))


def test_external_weights_cannot_be_uploaded():
    with pytest.raises(UnreadableWeights, match=r"another file, net\.data: `convoscope models add`"):
        read(outside("net.data"))


def test_an_external_file_that_is_too_short_is_rejected(tmp_path: Path):
    (tmp_path / "net.onnx").write_bytes(outside("net.data"))
    (tmp_path / "net.data").write_bytes(FIRST.tobytes()[:-4])
    with pytest.raises(UnreadableWeights, match="truncated"):
        read_layer(DiskSource(tmp_path / "net.onnx"))
