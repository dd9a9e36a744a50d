"""Reading weights as the work of a decoding process: see `app/processes`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from math import prod
from typing import Any

import numpy as np

from ..core.maps import Maps
from ..processes.refusal import refuse
from ..processes.task import Answer, Reader, Task
from .formats import Candidate, FirstLayer, ReadLimits, UnreadableWeights, layers_in, read_layer
from .formats.beginning import described
from .formats.layer import MOST_BYTES, MOST_FILTERS, is_whole
from .formats.listing import MOST_LAYERS
from .formats.options import must_be_possible

WANTED = "weights with a 2-D convolution"
MOST_LISTED = 1_000_000
"""Bytes of a description of layers."""
_NAME = re.compile(r"[a-z0-9_-]{1,64}")


def weights_task(limits: ReadLimits | None = None, layer: str | None = None) -> Task[FirstLayer]:
    """Finds the layer of that name, or the first one, in a file of weights within the limits."""
    settings = {**asdict(limits or ReadLimits()), "layer": layer}
    return Task(f"{__name__}:reader", settings, unpack, MOST_BYTES + 4 * MOST_FILTERS, WANTED)


def layers_task(limits: ReadLimits | None = None) -> Task[tuple[Candidate, ...]]:
    """Describes the layers in a file of weights within the limits; their numbers may be missing."""
    return Task(f"{__name__}:layers_reader", asdict(limits or ReadLimits()), unpack_layers, MOST_LISTED, WANTED)


def reader(settings: Mapping[str, Any]) -> Reader:
    """What reads weights in the decoding process."""
    limits = {name: value for name, value in settings.items() if name != "layer"}
    return partial(_read, ReadLimits(**limits), settings.get("layer"))


def layers_reader(settings: Mapping[str, Any]) -> Reader:
    """What describes layers in the decoding process."""
    return partial(_list, ReadLimits(**settings))


def _read(limits: ReadLimits, layer: str | None, data: bytes) -> Answer:
    try:
        return pack(read_layer(described(data), limits, layer))
    except UnreadableWeights as reason:
        raise refuse(422, "file", "", WANTED, str(reason)) from reason


def _list(limits: ReadLimits, data: bytes) -> Answer:
    try:
        rows = [asdict(one) for one in layers_in(described(data), limits)]
    except UnreadableWeights as reason:
        raise refuse(422, "file", "", WANTED, str(reason)) from reason
    return Answer({}, json.dumps(rows).encode())


def unpack_layers(head: Mapping[str, Any], body: bytes) -> tuple[Candidate, ...]:
    """The inverse of what lists layers. Raises ValueError, TypeError or KeyError for what is no list of them."""
    rows = json.loads(body)
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_LAYERS:
        raise ValueError("this is no list of layers")
    return tuple(_candidate(**row) for row in rows)


def _candidate(name: str, shape: list[int], array: str, remark: str, parts: list[str]) -> Candidate:
    if not _NAME.fullmatch(name) or len(shape) != 4 or not all(map(is_whole, shape)):
        raise ValueError("this is no layer")
    if not all(isinstance(text, str) for text in (array, remark, *parts)):
        raise ValueError("these are no texts")
    return Candidate(name, tuple(shape), array, remark, tuple(parts))


def pack(layer: FirstLayer) -> Answer:
    """A first layer as an answer: its numbers as little-endian float32, the filters before the bias."""
    head = {
        "name": layer.name,
        "shape": layer.weight.shape,
        "bias": layer.bias is not None,
        "options": layer.options,
        "turned": layer.turned,
    }
    arrays = (layer.weight,) if layer.bias is None else (layer.weight, layer.bias)
    return Answer(head, b"".join(np.ascontiguousarray(array, "<f4").tobytes() for array in arrays))


def unpack(head: Mapping[str, Any], body: bytes) -> FirstLayer:
    """The inverse of `pack`. Raises ValueError, TypeError or KeyError for what is no first layer."""
    name, shape, turned = head["name"], tuple(head["shape"]), head["turned"]
    if not _NAME.fullmatch(name) or len(shape) != 4 or not all(map(is_whole, shape)) or not isinstance(turned, bool):
        raise ValueError("this is no first layer")
    cells, count = prod(shape), shape[0] if head["bias"] else 0
    if not 0 < 4 * cells <= MOST_BYTES or shape[0] > MOST_FILTERS or len(body) != 4 * (cells + count):
        raise ValueError("these are not its numbers")
    numbers: Maps = np.frombuffer(body, "<f4").astype(np.float32)
    if not np.isfinite(numbers).all():
        raise ValueError("these are no numbers")
    weight, bias = numbers[:cells].reshape(shape), numbers[cells:] if count else None
    return FirstLayer(name, weight, bias, _options(head["options"]), turned)


def _options(said: Any) -> tuple[tuple[str, Any], ...] | None:
    if said is None:
        return None
    options = tuple((name, list(sides)) for name, sides in said)
    must_be_possible(options)
    return options
