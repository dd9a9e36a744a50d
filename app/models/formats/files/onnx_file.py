"""ONNX files: the convolutions of a network with their weights. Needs the package onnx, the extra `[onnx]`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ..byte_source import ByteSource
from ..entries import Candidate, Contents, Entry, FirstLayer, UnreadableWeights, check_filter_count, quote, read_numbers
from ..layers.conv_options import check_conv_options
from ..layers.first_layer import PICTURE_CHANNELS, TRANSPOSED_NOTE, LayerChoice, find_choices, make_unique_names
from .onnx_constants import GraphConstants

MAX_FILE_BYTES = 500_000_000
"""An ONNX file is read as a whole."""
DAMAGED_MESSAGE = "The weights in this .onnx file are damaged."
_WEIGHT_INPUTS = {"Conv": 1, "ConvTranspose": 1, "QLinearConv": 3, "ConvInteger": 1}
"""The index of the weights among the inputs of each operation."""


@dataclass(frozen=True, slots=True)
class _Conv:
    """A convolution with constant weights: its attributes, and the rows and columns of its input if they are known."""

    name: str
    entry: Entry
    bias: Entry | None
    attributes: Mapping[str, Any]
    transposed: bool
    input_size: tuple[int, ...]

    @property
    def groups(self) -> int:
        """The number of groups of channels."""
        groups = self.attributes.get("group", 1)
        return groups if isinstance(groups, int) and groups > 0 else 1

    @property
    def shape(self) -> tuple[int, ...]:
        """(K, C, h, w) as it is shown."""
        shape = self.entry.shape
        sides = shape[2:] if len(shape) == 4 else (1, *shape[2:])
        return (shape[1], shape[0], *sides) if self.transposed else (*shape[:2], *sides)


def find_onnx_choices(source: ByteSource) -> list[LayerChoice]:
    """The convolutions with constant weights, in the order of the graph. Raises UnreadableWeights."""
    onnx = _import_onnx()
    if source.size > MAX_FILE_BYTES:
        raise UnreadableWeights(f"This .onnx file is too large; the limit is {MAX_FILE_BYTES / 1e6:.0f} MB.")
    try:
        graph = onnx.load_model_from_string(source.read(0, source.size)).graph
    except Exception as reason:  # protobuf's errors have no other common class
        raise UnreadableWeights("This is not a readable weights file.") from reason
    try:
        return _find_choices(onnx, graph, source)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError) as reason:
        raise reason if isinstance(reason, UnreadableWeights) else UnreadableWeights(DAMAGED_MESSAGE) from reason


def _import_onnx() -> Any:
    try:
        import onnx
    except ModuleNotFoundError as reason:
        raise UnreadableWeights(
            "Reading .onnx needs the package onnx, which is not installed: pip install 'convoscope[onnx]'."
        ) from reason
    except ImportError as reason:
        raise UnreadableWeights("Reading .onnx needs the package onnx, which could not be loaded.") from reason
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


def _make_conv(onnx: Any, node: Any, constants: GraphConstants, sizes: Mapping[str, tuple[int, ...]]) -> _Conv | None:
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
    conv = _Conv(_choose_name(node, entry), entry, None, attributes, transposed, size)
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


def _rank_conv(conv: _Conv) -> int:
    shape = conv.shape
    if conv.transposed or len(conv.entry.shape) == 3:
        return 3
    if shape[2:] == (1, 1) and shape[0] == shape[1]:
        return 1
    return 0 if shape[1] * conv.groups in PICTURE_CHANNELS else 2


def _make_candidate(conv: _Conv, name: str) -> Candidate:
    remarks = [
        "1-D convolution" if len(conv.entry.shape) == 3 else "",
        "transposed convolution" if conv.transposed else "",
        f"{conv.groups} groups" if conv.groups > 1 else "",
    ]
    return Candidate(name, conv.shape, quote(conv.entry.name, 120), ", ".join(filter(None, remarks)))


def _make_reader(conv: _Conv, name: str) -> Callable[[], FirstLayer]:
    return partial(_read_layer, conv, name)


def _read_layer(conv: _Conv, name: str) -> FirstLayer:
    check_filter_count(conv.entry.name, conv.shape[0])
    options, notes = _read_options(conv)
    check_conv_options(options)
    weight = read_numbers(conv.entry)
    if conv.transposed:
        weight, notes = weight.swapaxes(0, 1).copy(), [*notes, TRANSPOSED_NOTE]
    bias = read_numbers(conv.bias) if conv.bias and conv.bias.shape == conv.shape[:1] else None
    notes = [*conv.entry.notes(), *notes]
    groups = 1 if conv.transposed else conv.groups
    return FirstLayer(name, weight.reshape(conv.shape), bias, tuple(options), groups=groups, notes=tuple(notes))


def _read_options(conv: _Conv) -> tuple[list[tuple[str, list[int]]], list[str]]:
    """The options of a layer, and notes on them."""
    axes = len(conv.entry.shape) - 2
    stride = _read_per_axis(conv, "strides", axes)
    if conv.transposed:
        return [("stride", [1, 1])], [
            f"Its stride of {' × '.join(map(str, stride))} spreads cells; shown with stride 1."
        ]
    options = [("stride", _add_row(stride, axes))]
    padding, notes = _read_padding(conv, axes, stride)
    if any(padding):
        options.append(("padding", padding))
    dilation = _read_per_axis(conv, "dilations", axes)
    if any(side != 1 for side in dilation):
        options.append(("dilation", _add_row(dilation, axes)))
    return options, notes


def _read_per_axis(conv: _Conv, name: str, axes: int) -> list[int]:
    """An attribute with one number for each axis, by default 1."""
    values = conv.attributes.get(name)
    return [1] * axes if values is None else list(values)


def _add_row(sides: list[int], axes: int) -> list[int]:
    """Values for rows and columns; 1 for the rows of a 1-D convolution."""
    return [1, *sides] if axes == 1 else sides


def _read_padding(conv: _Conv, axes: int, stride: list[int]) -> tuple[list[int], list[str]]:
    """The padding at top, bottom, left and right, and a note if it was guessed."""
    auto = conv.attributes.get("auto_pad", b"NOTSET")
    auto = auto.decode("ascii", "replace") if isinstance(auto, bytes) else str(auto)
    notes: list[str] = []
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        if not conv.input_size and any(step != 1 for step in stride):
            notes.append("The padding SAME depends on the picture's size; shown for sizes that the stride divides.")
        pairs = [_compute_same_padding(conv, axis, stride[axis], auto == "SAME_UPPER") for axis in range(axes)]
        pads = [pair[0] for pair in pairs] + [pair[1] for pair in pairs]
    elif auto == "VALID":
        pads = [0] * (2 * axes)
    else:
        values = conv.attributes.get("pads")
        pads = [0] * (2 * axes) if values is None else list(values)
    if axes == 1:
        before, after = pads
        return [0, 0, before, after], notes
    top, left, bottom, right = pads
    return [top, bottom, left, right], notes


def _compute_same_padding(conv: _Conv, axis: int, stride: int, upper: bool) -> tuple[int, int]:
    """The padding before and after along an axis for an output of ceil(input / stride), as ONNX defines it."""
    dilations = _read_per_axis(conv, "dilations", len(conv.entry.shape) - 2)
    reach = (conv.entry.shape[2 + axis] - 1) * dilations[axis] + 1
    side = conv.input_size[axis] if axis < len(conv.input_size) else 0
    remainder = side % stride or stride
    total = max(0, reach - remainder)
    smaller = total // 2
    return (smaller, total - smaller) if upper else (total - smaller, smaller)
