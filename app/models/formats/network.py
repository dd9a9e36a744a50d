"""ONNX: a network with its weights. Needs the package onnx, which is the extra `[onnx]`."""

from __future__ import annotations

from typing import Any

import numpy as np

from .layer import (
    Entry,
    FirstLayer,
    UnreadableWeights,
    first_layer,
    layer_name,
    must_be_few,
    must_be_small,
    numbers_of,
    shape_of,
)
from .options import must_be_possible
from .source import Source

MOST_FILE = 500_000_000
"""A file of this kind is read as a whole."""
KINDS = {1: "float32", 10: "float16", 11: "float64", 16: "bfloat16"}
DAMAGED = "The weights in this .onnx file are damaged."


def read_network(source: Source) -> FirstLayer:
    """The first convolution that reads a constant, with its options. Raises UnreadableWeights."""
    onnx = _package()
    if source.size > MOST_FILE:
        raise UnreadableWeights(f"An .onnx file of at most {MOST_FILE / 1e6:.0f} MB is read; this one is larger.")
    try:
        graph = onnx.load_model_from_string(source.read(0, source.size)).graph
    except Exception as reason:  # the decoder's own errors share no other class
        raise UnreadableWeights("This is no file of weights that can be read.") from reason
    try:
        return _first(onnx, graph)
    except (ValueError, TypeError, AttributeError) as reason:
        raise reason if isinstance(reason, UnreadableWeights) else UnreadableWeights(DAMAGED) from reason


def _package() -> Any:
    try:
        import onnx
    except ModuleNotFoundError as reason:
        raise UnreadableWeights(
            "Reading .onnx needs the package onnx, which is not installed: pip install 'convoscope[onnx]'."
        ) from reason
    except ImportError as reason:
        raise UnreadableWeights("Reading .onnx needs the package onnx, which could not be loaded here.") from reason
    return onnx


def _first(onnx: Any, graph: Any) -> FirstLayer:
    entries = {tensor.name: _entry(onnx, tensor) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Conv" and len(node.input) > 1 and node.input[1] in entries:
            found = _layer(onnx, node, entries)
            if found is not None:
                return found
    return first_layer(entries.values())


def _layer(onnx: Any, node: Any, entries: dict[str, Entry]) -> FirstLayer | None:
    entry = entries[node.input[1]]
    if len(entry.shape) != 4:
        return None
    must_be_few(entry.name, entry.shape[0])
    bias = entries.get(node.input[2]) if len(node.input) > 2 else None
    if bias and bias.shape != entry.shape[:1]:
        raise UnreadableWeights(DAMAGED)
    said = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
    options: list[tuple[str, list[int]]] = [("stride", list(said.get("strides", (1, 1))))]
    if any(said.get("pads", ())):
        top, left, bottom, right = said["pads"]
        options.append(("padding", [top, bottom, left, right]))
    if any(side != 1 for side in said.get("dilations", ())):
        options.append(("dilation", list(said["dilations"])))
    must_be_possible(options)
    return FirstLayer(layer_name(entry.name), numbers_of(entry), numbers_of(bias) if bias else None, tuple(options))


def _entry(onnx: Any, tensor: Any) -> Entry:
    shape = shape_of(tensor.name, list(tensor.dims))

    def read() -> Any:
        must_be_small(tensor.name, shape)
        if tensor.data_location == onnx.TensorProto.EXTERNAL:
            raise UnreadableWeights("The weights of this .onnx file lie in another file; put them into one.")
        return np.asarray(onnx.numpy_helper.to_array(tensor)).astype(np.float32).reshape(shape)

    return Entry(tensor.name, shape, KINDS.get(tensor.data_type, f"kind {tensor.data_type}"), read)
