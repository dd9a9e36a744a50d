"""A convolution of an ONNX graph and its options: stride, padding and dilation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ....core.texts import Text, make_text
from ..entries import Entry


@dataclass(frozen=True, slots=True)
class OnnxConv:
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


def read_conv_options(conv: OnnxConv) -> tuple[list[tuple[str, list[int]]], list[Text]]:
    """The options of a layer, and notes on them."""
    axes = len(conv.entry.shape) - 2
    stride = _read_per_axis(conv, "strides", axes)
    if conv.transposed:
        return [("stride", [1, 1])], [make_text("stride_spreads_note", stride=" × ".join(map(str, stride)))]
    options = [("stride", _add_row(stride, axes))]
    padding, notes = _read_padding(conv, axes, stride)
    if any(padding):
        options.append(("padding", padding))
    dilation = _read_per_axis(conv, "dilations", axes)
    if any(side != 1 for side in dilation):
        options.append(("dilation", _add_row(dilation, axes)))
    return options, notes


def _read_per_axis(conv: OnnxConv, name: str, axes: int) -> list[int]:
    """An attribute with one number for each axis, by default 1."""
    values = conv.attributes.get(name)
    return [1] * axes if values is None else list(values)


def _add_row(sides: list[int], axes: int) -> list[int]:
    """Values for rows and columns; 1 for the rows of a 1-D convolution."""
    return [1, *sides] if axes == 1 else sides


def _read_padding(conv: OnnxConv, axes: int, stride: list[int]) -> tuple[list[int], list[Text]]:
    """The padding at top, bottom, left and right, and a note if it was guessed."""
    auto = conv.attributes.get("auto_pad", b"NOTSET")
    auto = auto.decode("ascii", "replace") if isinstance(auto, bytes) else str(auto)
    notes: list[Text] = []
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        if not conv.input_size and any(step != 1 for step in stride):
            notes.append(make_text("same_padding_note"))
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


def _compute_same_padding(conv: OnnxConv, axis: int, stride: int, upper: bool) -> tuple[int, int]:
    """The padding before and after along an axis for an output of ceil(input / stride), as ONNX defines it."""
    dilations = _read_per_axis(conv, "dilations", len(conv.entry.shape) - 2)
    reach = (conv.entry.shape[2 + axis] - 1) * dilations[axis] + 1
    side = conv.input_size[axis] if axis < len(conv.input_size) else 0
    remainder = side % stride or stride
    total = max(0, reach - remainder)
    smaller = total // 2
    return (smaller, total - smaller) if upper else (total - smaller, smaller)
