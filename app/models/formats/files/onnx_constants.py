"""The constants of an ONNX graph: initializers, Constant nodes, and what a few operations make of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....core.arrays import Maps
from ..byte_source import ByteSource, find_sibling
from ..entries import (
    DTYPE_BYTES,
    FLOAT_DTYPES,
    INTEGER_DTYPES,
    Entry,
    UnreadableWeights,
    check_size,
    decode_as_float32,
    is_whole_number,
    parse_shape,
    quote,
    read_numbers,
)

DTYPES = dict(
    zip(
        (1, 10, 11, 16, 2, 3, 5, 6, 7, 9),
        ("float32", "float16", "float64", "bfloat16", "uint8", "int8", "int16", "int32", "int64", "bool"),
        strict=True,
    )
)
DEQUANTIZED_NOTE = "Dequantized: the file keeps whole numbers, (number − zero) · scale are the weights."
DAMAGED_MESSAGE = "The weights in this .onnx file are damaged."
MAX_DEPTH = 8
"""Operations between a constant and the layer that uses it."""


@dataclass(frozen=True, slots=True)
class _AffineQuantizer:
    """The values that say what whole numbers stand for."""

    scale: Entry
    zero: Entry | None
    axis: int

    def reshaped(self, entry: Entry, shape: tuple[int, ...]) -> NDArray[np.float64]:
        """One for all, or one for each place along the axis, so that it meets the numbers."""
        values = read_numbers(entry, FLOAT_DTYPES + INTEGER_DTYPES).astype(np.float64)
        if values.size == 1:
            return values.reshape((1,) * len(shape))
        if values.shape != shape[self.axis : self.axis + 1]:
            raise UnreadableWeights(DAMAGED_MESSAGE)
        return values.reshape([-1 if axis == self.axis else 1 for axis in range(len(shape))])


class GraphConstants:
    """What is known of a graph before any picture is there, by the names of its values."""

    def __init__(self, onnx: Any, graph: Any, source: ByteSource) -> None:
        self._onnx = onnx
        self._source = source
        self._tensors: dict[str, Any] = {tensor.name: tensor for tensor in graph.initializer}
        self._makers = {output: node for node in graph.node for output in node.output}

    def initializers(self) -> list[Entry]:
        """All arrays that the graph lists."""
        return [self._tensor(name, tensor) for name, tensor in self._tensors.items()]

    def entry(self, name: str, depth: int = 0) -> Entry | None:
        """A constant; None for a value that is only known once there is a picture."""
        if name in self._tensors:
            return self._tensor(name, self._tensors[name])
        node = self._makers.get(name)
        if node is None or depth > MAX_DEPTH:
            return None
        if node.op_type == "Constant":
            return self._constant(name, node)
        if not node.input or node.op_type not in (
            "Identity",
            "Cast",
            "DequantizeLinear",
            "QuantizeLinear",
            "Transpose",
        ):
            return None
        given = self.entry(node.input[0], depth + 1)
        return self._operated(node, given, depth) if given else None

    def weights_of(self, node: Any) -> Entry | None:
        """The weights of a QLinearConv."""
        given, scale, zero = (self.entry(node.input[place]) for place in (3, 4, 5))
        return _dequantize(given, _AffineQuantizer(scale, zero, 0)) if given and scale else None

    def bias_of(self, node: Any) -> Entry | None:
        """The bias of a QLinearConv: whole numbers of the two scales' products."""
        given = self.entry(node.input[8]) if len(node.input) > 8 else None
        scales = [self.entry(node.input[place]) for place in (1, 4)]
        if given is None or scales[0] is None or scales[1] is None:
            return None
        one, other = scales[0], scales[1]

        def read() -> Maps:
            product = read_numbers(one).astype(np.float64).ravel() * read_numbers(other).astype(np.float64).ravel()
            if product.size not in (1, given.shape[0]):
                raise UnreadableWeights(DAMAGED_MESSAGE)
            return np.asarray(read_numbers(given, FLOAT_DTYPES + INTEGER_DTYPES) * product, np.float32)

        return replace(given, kind="float32", read=read)

    def _operated(self, node: Any, given: Entry, depth: int) -> Entry | None:
        said = {one.name: self._onnx.helper.get_attribute_value(one) for one in node.attribute}
        if node.op_type in ("Identity", "Cast"):
            return given
        if node.op_type == "QuantizeLinear":
            return replace(given, notes=lambda: ("Weights before they are quantized: the file keeps them.",))
        if node.op_type == "Transpose":
            return _transpose(given, said.get("perm"))
        scale = self.entry(node.input[1], depth + 1)
        zero = self.entry(node.input[2], depth + 1) if len(node.input) > 2 and node.input[2] else None
        if scale is None:
            return None
        axis = said.get("axis", 1)
        axis = axis + len(given.shape) if axis < 0 else axis
        if given.kind in FLOAT_DTYPES:  # of QuantizeLinear, which is taken back
            return given
        return _dequantize(given, _AffineQuantizer(scale, zero, axis))

    def _constant(self, name: str, node: Any) -> Entry | None:
        for one in node.attribute:
            if one.name == "value" and one.HasField("t"):
                return self._tensor(name, one.t)
            if one.name in ("value_float", "value_int", "value_floats", "value_ints"):
                value = np.asarray(self._onnx.helper.get_attribute_value(one), np.float32)
                return Entry(name, value.shape, "float32", partial(np.copy, value))
        return None

    def _tensor(self, name: str, tensor: Any) -> Entry:
        shape, kind = parse_shape(name, list(tensor.dims)), DTYPES.get(tensor.data_type, f"kind {tensor.data_type}")

        def read() -> Maps:
            check_size(name, shape)
            if tensor.data_location == self._onnx.TensorProto.EXTERNAL:
                return _read_external(self._source, tensor, kind, shape)
            return np.asarray(self._onnx.numpy_helper.to_array(tensor)).astype(np.float32).reshape(shape)

        return Entry(name, shape, kind, read)


def _dequantize(given: Entry, affine: _AffineQuantizer) -> Entry:
    def read() -> Maps:
        values = read_numbers(given, INTEGER_DTYPES).astype(np.float64)
        zero = affine.reshaped(affine.zero, given.shape) if affine.zero else np.float64(0)
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray((values - zero) * affine.reshaped(affine.scale, given.shape), np.float32)

    return replace(given, kind="float32", read=read, notes=lambda: (DEQUANTIZED_NOTE,))


def _transpose(given: Entry, axes: Any) -> Entry | None:
    order = list(axes) if axes is not None else list(range(len(given.shape)))[::-1]
    if sorted(order) != list(range(len(given.shape))):
        raise UnreadableWeights(DAMAGED_MESSAGE)

    def read() -> Maps:
        return np.ascontiguousarray(read_numbers(given).transpose(order))

    return replace(given, shape=tuple(given.shape[axis] for axis in order), read=read)


def _read_external(source: ByteSource, tensor: Any, kind: str, shape: tuple[int, ...]) -> Maps:
    """Numbers in a file beside the network. Raises UnreadableWeights where it is not there, or may not be looked at."""
    said: Mapping[str, str] = {one.key: one.value for one in tensor.external_data}
    name = said.get("location", "")
    file = find_sibling(source, name)
    if file is None:
        raise UnreadableWeights(
            f"The weights of this .onnx file lie in another file, {quote(name)}: `convoscope models add` reads it "
            "where it lies beside the first; or put them into one: onnx.save(onnx.load('…'), '…')."
        )
    offset, width = _parse_number(said.get("offset", "0")), DTYPE_BYTES.get(kind, 0)
    return decode_as_float32(file.read(offset, width * prod(shape)), kind, shape)


def _parse_number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else -1
    if not is_whole_number(number):
        raise UnreadableWeights(DAMAGED_MESSAGE)
    return number
