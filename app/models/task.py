"""Reading weights as the work of a decoding process: see `app/processes`."""

from __future__ import annotations

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
from .formats import FirstLayer, Held, ReadLimits, UnreadableWeights, read_first_layer
from .formats.layer import MOST_BYTES, MOST_FILTERS, is_whole
from .formats.options import must_be_possible

WANTED = "weights with a 2-D convolution"
_NAME = re.compile(r"[a-z0-9_-]{1,64}")


def weights_task(limits: ReadLimits | None = None) -> Task[FirstLayer]:
    """Finds the first layer in a file of weights within the limits."""
    return Task(f"{__name__}:reader", asdict(limits or ReadLimits()), unpack, MOST_BYTES + 4 * MOST_FILTERS, WANTED)


def reader(settings: Mapping[str, Any]) -> Reader:
    """What reads weights in the decoding process."""
    return partial(_read, ReadLimits(**settings))


def _read(limits: ReadLimits, data: bytes) -> Answer:
    try:
        return pack(read_first_layer(Held(data), limits))
    except UnreadableWeights as reason:
        raise refuse(422, "file", "", WANTED, str(reason)) from reason


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
