"""ONNX files: the convolutions of a network with their weights. Needs the package onnx, the extra `[onnx]`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ....core.texts import make_text
from ..byte_source import ByteSource
from ..entries import Candidate, Contents, Entry, FirstLayer, UnreadableWeights, check_filter_count, quote, read_numbers
from ..layers.conv_options import check_conv_options
from ..layers.first_layer import (
    PICTURE_CHANNELS,
    TRANSPOSED_NOTE,
    LayerChoice,
    find_choices,
    join_remarks,
    make_unique_names,
)
from .onnx_constants import DAMAGED_MESSAGE, GraphConstants
from .onnx_conv import OnnxConv, read_conv_options

MAX_FILE_BYTES = 500_000_000
"""An ONNX file is read as a whole."""
_WEIGHT_INPUTS = {"Conv": 1, "ConvTranspose": 1, "QLinearConv": 3, "ConvInteger": 1}
"""The index of the weights among the inputs of each operation."""


def find_onnx_choices(source: ByteSource) -> list[LayerChoice]:
    """The convolutions with constant weights, in the order of the graph. Raises UnreadableWeights."""
    onnx = _import_onnx()
    if source.size > MAX_FILE_BYTES:
        raise UnreadableWeights(make_text("onnx_too_large", most=f"{MAX_FILE_BYTES / 1e6:.0f}"))
    try:
        graph = onnx.load_model_from_string(source.read(0, source.size)).graph
    except Exception as reason:  # protobuf's errors have no other common class
        raise UnreadableWeights(make_text("not_readable_weights")) from reason
    try:
        return _find_choices(onnx, graph, source)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError) as reason:
        raise reason if isinstance(reason, UnreadableWeights) else UnreadableWeights(DAMAGED_MESSAGE) from reason


def _import_onnx() -> Any:
    try:
        import onnx
    except ModuleNotFoundError as reason:
        raise UnreadableWeights(make_text("no_onnx_package")) from reason
    except ImportError as reason:
        raise UnreadableWeights(make_text("onnx_package_not_loaded")) from reason
    return onnx


def _find_choices(onnx: Any, graph: Any, source: ByteSource) -> list[LayerChoice]:
    constants = GraphConstants(onnx, graph, source)
    sizes = _read_value_sizes(graph)
    convs = [conv for node in graph.node if (conv := _make_conv(onnx, node, constants, sizes)) is not None]
    if not convs:
        return find_choices(Contents(tuple(constants.initializers())))
    names = make_unique_names([conv.name for conv in convs])
    return [
        LayerChoice(_make_candidate(conv, name), (0, _rank_conv(conv)), _make_reader(conv, name), conv.entry.dtype)
        for conv, name in zip(convs, names, strict=True)
    ]


def _make_conv(
    onnx: Any, node: Any, constants: GraphConstants, sizes: Mapping[str, tuple[int, ...]]
) -> OnnxConv | None:
    index = _WEIGHT_INPUTS.get(node.op_type)
    if index is None or len(node.input) <= index:
        return None
    is_quantized = node.op_type == "QLinearConv"
    entry = constants.find_quantized_weights(node) if is_quantized else constants.find(node.input[index])
    if entry is None or len(entry.shape) not in (3, 4):
        return None
    attributes = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
    if is_quantized:
        bias = constants.find_quantized_bias(node)
    else:
        bias = constants.find(node.input[2]) if len(node.input) > 2 else None
    transposed, size = node.op_type == "ConvTranspose", sizes.get(node.input[0], ())
    conv = OnnxConv(_choose_name(node, entry), entry, None, attributes, transposed, size)
    filters = entry.shape[1] * conv.groups if conv.transposed else entry.shape[0]
    if bias and bias.shape != (filters,) and node.op_type != "ConvInteger":
        raise UnreadableWeights(DAMAGED_MESSAGE)
    return replace(conv, bias=bias)


def _choose_name(node: Any, entry: Entry) -> str:
    """The name of the weights, or of the node if the exporter has generated the weights' name."""
    is_generated = entry.name.startswith("onnx::") or "Constant" in entry.name
    parts = [part for part in str(node.name).removesuffix(f"/{node.op_type}").split("/") if part]
    # PyTorch writes /features/features.0/Conv for the module features.0.
    module = ".".join(
        part for part, after in zip(parts, [*parts[1:], ""], strict=False) if not after.startswith(f"{part}.")
    )
    return module if is_generated and module else entry.name.removesuffix("_quantized")


def _read_value_sizes(graph: Any) -> dict[str, tuple[int, ...]]:
    """Rows and columns of the values for which the file contains them, by name."""
    sizes: dict[str, tuple[int, ...]] = {}
    for value in (*graph.input, *graph.value_info):
        dims = [dim.dim_value for dim in value.type.tensor_type.shape.dim][2:]
        if dims and all(side > 0 for side in dims):
            sizes[value.name] = tuple(dims)
    return sizes


def _rank_conv(conv: OnnxConv) -> int:
    shape = conv.shape
    if conv.transposed or len(conv.entry.shape) == 3:
        return 3
    if shape[2:] == (1, 1) and shape[0] == shape[1]:
        return 1
    return 0 if shape[1] * conv.groups in PICTURE_CHANNELS else 2


def _make_candidate(conv: OnnxConv, name: str) -> Candidate:
    remarks = [
        make_text("remark_1d") if len(conv.entry.shape) == 3 else None,
        make_text("remark_transposed") if conv.transposed else None,
        make_text("remark_groups", groups=conv.groups) if conv.groups > 1 else None,
    ]
    return Candidate(name, conv.shape, quote(conv.entry.name, 120), join_remarks(remarks))


def _make_reader(conv: OnnxConv, name: str) -> Callable[[], FirstLayer]:
    return partial(_read_layer, conv, name)


def _read_layer(conv: OnnxConv, name: str) -> FirstLayer:
    check_filter_count(conv.entry.name, conv.shape[0])
    options, notes = read_conv_options(conv)
    check_conv_options(options)
    weight = read_numbers(conv.entry)
    if conv.transposed:
        weight, notes = weight.swapaxes(0, 1).copy(), [*notes, TRANSPOSED_NOTE]
    bias = read_numbers(conv.bias) if conv.bias and conv.bias.shape == conv.shape[:1] else None
    notes = [*conv.entry.notes(), *notes]
    groups = 1 if conv.transposed else conv.groups
    return FirstLayer(name, weight.reshape(conv.shape), bias, tuple(options), groups=groups, notes=tuple(notes))
