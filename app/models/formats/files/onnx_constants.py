"""The constants of an ONNX graph: initializers, Constant nodes, and a few operations on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....core.arrays import Maps
from ....core.texts import make_text
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
DEQUANTIZED_NOTE = make_text("dequantized_note")
DAMAGED_MESSAGE = make_text("damaged_onnx")
MAX_DEPTH = 8
"""The most operations between a constant and the layer that uses it."""


@dataclass(frozen=True, slots=True)
class _AffineQuantizer:
    """The scale and zero point of whole numbers, for all of them or for each index along an axis."""

    scale: Entry
    zero: Entry | None
    axis: int

    def broadcast(self, entry: Entry, shape: tuple[int, ...]) -> NDArray[np.float64]:
        """The scale or zero point in a shape that broadcasts to the numbers' shape."""
        values = read_numbers(entry, FLOAT_DTYPES + INTEGER_DTYPES).astype(np.float64)
        if values.size == 1:
            return values.reshape((1,) * len(shape))
        if values.shape != shape[self.axis : self.axis + 1]:
            raise UnreadableWeights(DAMAGED_MESSAGE)
        return values.reshape([-1 if axis == self.axis else 1 for axis in range(len(shape))])


class GraphConstants:
    """The values of a graph that do not depend on its input, by name."""

    def __init__(self, onnx: Any, graph: Any, source: ByteSource) -> None:
        self._onnx = onnx
        self._source = source
        self._tensors: dict[str, Any] = {tensor.name: tensor for tensor in graph.initializer}
        self._nodes_by_output = {output: node for node in graph.node for output in node.output}

    def initializers(self) -> list[Entry]:
        """All initializers of the graph."""
        return [self._make_entry(name, tensor) for name, tensor in self._tensors.items()]

    def find(self, name: str, depth: int = 0) -> Entry | None:
        """A constant; None for a value that depends on the input."""
        if name in self._tensors:
            return self._make_entry(name, self._tensors[name])
        node = self._nodes_by_output.get(name)
        if node is None or depth > MAX_DEPTH:
            return None
        if node.op_type == "Constant":
            return self._read_constant_node(name, node)
        if not node.input or node.op_type not in (
            "Identity",
            "Cast",
            "DequantizeLinear",
            "QuantizeLinear",
            "Transpose",
        ):
            return None
        operand = self.find(node.input[0], depth + 1)
        return self._apply(node, operand, depth) if operand else None

    def find_quantized_weights(self, node: Any) -> Entry | None:
        """The weights of a QLinearConv."""
        weights, scale, zero = (self.find(node.input[index]) for index in (3, 4, 5))
        return _dequantize(weights, _AffineQuantizer(scale, zero, 0)) if weights and scale else None

    def find_quantized_bias(self, node: Any) -> Entry | None:
        """The bias of a QLinearConv: whole numbers times the product of the scales of input and weights."""
        bias = self.find(node.input[8]) if len(node.input) > 8 else None
        input_scale, weight_scale = (self.find(node.input[index]) for index in (1, 4))
        if bias is None or input_scale is None or weight_scale is None:
            return None

        def read() -> Maps:
            scales = [read_numbers(entry).astype(np.float64).ravel() for entry in (input_scale, weight_scale)]
            product = scales[0] * scales[1]
            if product.size not in (1, bias.shape[0]):
                raise UnreadableWeights(DAMAGED_MESSAGE)
            return np.asarray(read_numbers(bias, FLOAT_DTYPES + INTEGER_DTYPES) * product, np.float32)

        return replace(bias, dtype="float32", read=read)

    def _apply(self, node: Any, operand: Entry, depth: int) -> Entry | None:
        """The result of a node's operation on a constant."""
        attributes = {one.name: self._onnx.helper.get_attribute_value(one) for one in node.attribute}
        if node.op_type in ("Identity", "Cast"):
            return operand
        if node.op_type == "QuantizeLinear":
            return replace(operand, notes=lambda: (make_text("before_quantization_note"),))
        if node.op_type == "Transpose":
            return _transpose(operand, attributes.get("perm"))
        scale = self.find(node.input[1], depth + 1)
        zero = self.find(node.input[2], depth + 1) if len(node.input) > 2 and node.input[2] else None
        if scale is None:
            return None
        axis = attributes.get("axis", 1)
        axis = axis + len(operand.shape) if axis < 0 else axis
        if operand.dtype in FLOAT_DTYPES:  # the operand of a QuantizeLinear, which this node undoes
            return operand
        return _dequantize(operand, _AffineQuantizer(scale, zero, axis))

    def _read_constant_node(self, name: str, node: Any) -> Entry | None:
        for attribute in node.attribute:
            if attribute.name == "value" and attribute.HasField("t"):
                return self._make_entry(name, attribute.t)
            if attribute.name in ("value_float", "value_int", "value_floats", "value_ints"):
                value = np.asarray(self._onnx.helper.get_attribute_value(attribute), np.float32)
                return Entry(name, value.shape, "float32", partial(np.copy, value))
        return None

    def _make_entry(self, name: str, tensor: Any) -> Entry:
        shape, dtype = parse_shape(name, list(tensor.dims)), DTYPES.get(tensor.data_type, f"type {tensor.data_type}")

        def read() -> Maps:
            check_size(name, shape)
            if tensor.data_location == self._onnx.TensorProto.EXTERNAL:
                return _read_external(self._source, tensor, dtype, shape)
            return np.asarray(self._onnx.numpy_helper.to_array(tensor)).astype(np.float32).reshape(shape)

        return Entry(name, shape, dtype, read)


def _dequantize(quantized: Entry, quantizer: _AffineQuantizer) -> Entry:
    def read() -> Maps:
        values = read_numbers(quantized, INTEGER_DTYPES).astype(np.float64)
        zero = quantizer.broadcast(quantizer.zero, quantized.shape) if quantizer.zero else np.float64(0)
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray((values - zero) * quantizer.broadcast(quantizer.scale, quantized.shape), np.float32)

    return replace(quantized, dtype="float32", read=read, notes=lambda: (DEQUANTIZED_NOTE,))


def _transpose(entry: Entry, axes: Any) -> Entry | None:
    order = list(axes) if axes is not None else list(range(len(entry.shape)))[::-1]
    if sorted(order) != list(range(len(entry.shape))):
        raise UnreadableWeights(DAMAGED_MESSAGE)

    def read() -> Maps:
        return np.ascontiguousarray(read_numbers(entry).transpose(order))

    return replace(entry, shape=tuple(entry.shape[axis] for axis in order), read=read)


def _read_external(source: ByteSource, tensor: Any, dtype: str, shape: tuple[int, ...]) -> Maps:
    """Numbers in another file of the same folder. Raises UnreadableWeights if it is not there or not accessible."""
    fields: Mapping[str, str] = {one.key: one.value for one in tensor.external_data}
    name = fields.get("location", "")
    file = find_sibling(source, name)
    if file is None:
        raise UnreadableWeights(make_text("onnx_in_another_file", name=quote(name)))
    offset, width = _parse_number(fields.get("offset", "0")), DTYPE_BYTES.get(dtype, 0)
    return decode_as_float32(file.read(offset, width * prod(shape)), dtype, shape)


def _parse_number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else -1
    if not is_whole_number(number):
        raise UnreadableWeights(DAMAGED_MESSAGE)
    return number
