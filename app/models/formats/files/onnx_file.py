"""ONNX: a network with its weights. Needs the package onnx, which is the extra `[onnx]`."""

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
"""A file of this kind is read as a whole."""
DAMAGED_MESSAGE = "The weights in this .onnx file are damaged."
_WEIGHT_INPUTS = {"Conv": 1, "ConvTranspose": 1, "QLinearConv": 3, "ConvInteger": 1}
"""Operations, and which of their inputs are the weights."""


@dataclass(frozen=True, slots=True)
class _Conv:
    """A convolution of the graph with weights that are known: its attributes, and the sides of its input if known."""

    name: str
    entry: Entry
    bias: Entry | None
    said: Mapping[str, Any]
    transposed: bool
    sides: tuple[int, ...]

    @property
    def groups(self) -> int:
        """Into how many groups its channels are split."""
        groups = self.said.get("group", 1)
        return groups if isinstance(groups, int) and groups > 0 else 1

    @property
    def shape(self) -> tuple[int, ...]:
        """(K, C, h, w) as it would be shown."""
        shape = self.entry.shape
        sides = shape[2:] if len(shape) == 4 else (1, *shape[2:])
        return (shape[1], shape[0], *sides) if self.transposed else (*shape[:2], *sides)


def find_onnx_choices(source: ByteSource) -> list[LayerChoice]:
    """The convolutions that read constants, in the order of the graph, with their options. Raises UnreadableWeights."""
    onnx = _import_onnx()
    if source.size > MAX_FILE_BYTES:
        raise UnreadableWeights(f"An .onnx file of at most {MAX_FILE_BYTES / 1e6:.0f} MB is read; this one is larger.")
    try:
        graph = onnx.load_model_from_string(source.read(0, source.size)).graph
    except Exception as reason:  # the decoder's own errors share no other class
        raise UnreadableWeights("This is no file of weights that can be read.") from reason
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
        raise UnreadableWeights("Reading .onnx needs the package onnx, which could not be loaded here.") from reason
    return onnx


def _find_choices(onnx: Any, graph: Any, source: ByteSource) -> list[LayerChoice]:
    constants = GraphConstants(onnx, graph, source)
    sides = _read_value_sizes(graph)
    found = [conv for node in graph.node if (conv := _make_conv(onnx, node, constants, sides)) is not None]
    if not found:
        return find_choices(Contents(tuple(constants.initializers())))
    names = make_unique_names([conv.name for conv in found])
    return [
        LayerChoice(_make_candidate(conv, name), (0, _rank_conv(conv)), _make_reader(conv, name), conv.entry.kind)
        for conv, name in zip(found, names, strict=True)
    ]


def _make_conv(onnx: Any, node: Any, constants: GraphConstants, sides: Mapping[str, tuple[int, ...]]) -> _Conv | None:
    place = _WEIGHT_INPUTS.get(node.op_type)
    if place is None or len(node.input) <= place:
        return None
    quantized = node.op_type == "QLinearConv"
    entry = constants.weights_of(node) if quantized else constants.entry(node.input[place])
    if entry is None or len(entry.shape) not in (3, 4):
        return None
    said = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
    bias = constants.bias_of(node) if quantized else constants.entry(node.input[2]) if len(node.input) > 2 else None
    conv = _Conv(
        _choose_name(node, entry), entry, None, said, node.op_type == "ConvTranspose", sides.get(node.input[0], ())
    )
    filters = entry.shape[1] * conv.groups if conv.transposed else entry.shape[0]
    if bias and bias.shape != (filters,) and node.op_type != "ConvInteger":
        raise UnreadableWeights(DAMAGED_MESSAGE)
    return replace(conv, bias=bias)


def _choose_name(node: Any, entry: Entry) -> str:
    """The array's name, or that of the operation where an exporter has made up the array's."""
    made_up = entry.name.startswith("onnx::") or "Constant" in entry.name
    parts = [part for part in str(node.name).removesuffix(f"/{node.op_type}").split("/") if part]
    # PyTorch writes /features/features.0/Conv for the module features.0.
    named = ".".join(
        one for one, after in zip(parts, [*parts[1:], ""], strict=False) if not after.startswith(f"{one}.")
    )
    return named if made_up and named else entry.name.removesuffix("_quantized")


def _read_value_sizes(graph: Any) -> dict[str, tuple[int, ...]]:
    """Rows and columns of every value of which the file says them."""
    found: dict[str, tuple[int, ...]] = {}
    for value in (*graph.input, *graph.value_info):
        dims = [dim.dim_value for dim in value.type.tensor_type.shape.dim][2:]
        if dims and all(side > 0 for side in dims):
            found[value.name] = tuple(dims)
    return found


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
    """The options of a layer, and what is to be said of them."""
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
    """One number an axis."""
    said = conv.said.get(name)
    return [1] * axes if said is None else list(said)


def _add_row(sides: list[int], axes: int) -> list[int]:
    """What is said of columns alone is 1 for rows."""
    return [1, *sides] if axes == 1 else sides


def _read_padding(conv: _Conv, axes: int, stride: list[int]) -> tuple[list[int], list[str]]:
    """Cells at top, bottom, left and right, and what was supposed for it."""
    auto = conv.said.get("auto_pad", b"NOTSET")
    auto = auto.decode("ascii", "replace") if isinstance(auto, bytes) else str(auto)
    notes: list[str] = []
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        if not conv.sides and any(step != 1 for step in stride):
            notes.append("How much padding SAME adds depends on the picture; shown for sides that the stride divides.")
        rows = [_compute_same_padding(conv, axis, stride[axis], auto == "SAME_UPPER") for axis in range(axes)]
        pads = [side[0] for side in rows] + [side[1] for side in rows]
    elif auto == "VALID":
        pads = [0] * (2 * axes)
    else:
        said = conv.said.get("pads")
        pads = [0] * (2 * axes) if said is None else list(said)
    if axes == 1:
        before, after = pads
        return [0, 0, before, after], notes
    top, left, bottom, right = pads
    return [top, bottom, left, right], notes


def _compute_same_padding(conv: _Conv, axis: int, stride: int, upper: bool) -> tuple[int, int]:
    """Cells before and after, so that as many results come out as the stride fits in, as ONNX has it."""
    reach = (conv.entry.shape[2 + axis] - 1) * _read_per_axis(conv, "dilations", len(conv.entry.shape) - 2)[axis] + 1
    side = conv.sides[axis] if axis < len(conv.sides) else 0
    over = side % stride or stride
    total = max(0, reach - over)
    less = total // 2
    return (less, total - less) if upper else (total - less, less)
