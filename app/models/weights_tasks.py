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

from ..core.arrays import Maps
from ..processes.file_errors import refuse
from ..processes.task import Answer, Reader, Task
from .formats import Candidate, FirstLayer, ReadLimits, UnreadableWeights, layers_in, read_first_layer
from .formats.entries import MOST_BYTES, MOST_FILTERS, is_whole
from .formats.layers.conv_options import must_be_possible
from .formats.partial_file import described

WANTED = "weights with a 2-D convolution"
MOST_NOTES, NOTE_CHARACTERS = 12, 300
MOST_LAYERS, MOST_PARTS, PART_CHARACTERS = 200, 16, 200
LIST_BYTES = 2_000_000
"""The longest list of layers, as JSON."""
LAYER_CHARACTERS = 200
"""Of a layer's name that is asked for; no layer has a longer one."""
_NAME = re.compile(r"[a-z0-9_-]{1,64}")


def weights_task(limits: ReadLimits | None = None, layer: str | None = None) -> Task[FirstLayer]:
    """Finds in a file of weights, within the limits, the layer of that name, or else the likeliest first one."""
    most, asked = MOST_BYTES + 4 * MOST_FILTERS, (layer or "")[:LAYER_CHARACTERS]
    return Task(f"{__name__}:reader", asdict(limits or ReadLimits()), unpack, most, WANTED, asked)


def layers_task(limits: ReadLimits | None = None) -> Task[tuple[Candidate, ...]]:
    """Finds all layers in a file of weights that could be shown, within the limits."""
    return Task(f"{__name__}:lister", asdict(limits or ReadLimits()), unpack_layers, LIST_BYTES, WANTED)


def reader(settings: Mapping[str, Any]) -> Reader:
    """What reads weights in the decoding process."""
    return partial(_read, ReadLimits(**settings))


def lister(settings: Mapping[str, Any]) -> Reader:
    """What lists the layers of weights in the decoding process."""
    return partial(_list, ReadLimits(**settings))


def _read(limits: ReadLimits, data: bytes, asked: str = "") -> Answer:
    try:
        return pack(read_first_layer(described(data), limits, asked or None))
    except UnreadableWeights as reason:
        raise refuse(422, "file", "", WANTED, str(reason)) from reason


def _list(limits: ReadLimits, data: bytes) -> Answer:
    try:
        return pack_layers(layers_in(described(data), limits))
    except UnreadableWeights as reason:
        raise refuse(422, "file", "", WANTED, str(reason)) from reason


def pack_layers(layers: tuple[Candidate, ...]) -> Answer:
    """A list of layers as an answer."""
    return Answer({}, json.dumps([asdict(layer) for layer in layers]).encode())


def unpack_layers(head: Mapping[str, Any], body: bytes) -> tuple[Candidate, ...]:
    """The inverse of `pack_layers`. Raises ValueError, TypeError or KeyError for what is no list of layers."""
    rows = json.loads(body)
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_LAYERS:
        raise ValueError("this is no list of layers")
    return tuple(map(_candidate, rows))


def _candidate(row: Mapping[str, Any]) -> Candidate:
    found = Candidate(**{**row, "shape": tuple(row["shape"]), "parts": tuple(row["parts"])})
    texts = (found.array, found.remark, *found.parts)
    if not _NAME.fullmatch(found.name) or len(found.parts) > MOST_PARTS:
        raise ValueError("this is no layer")
    if not all(_is_text(text, PART_CHARACTERS) for text in texts) or not _is_shape(found.shape):
        raise ValueError("this is no layer")
    return found


def _is_text(text: object, most: int) -> bool:
    return isinstance(text, str) and len(text) <= most and text.isprintable()


def _is_shape(shape: tuple[Any, ...]) -> bool:
    """Whether this is (K, C, h, w) of a layer that is small enough."""
    whole = len(shape) == 4 and all(is_whole(side, MOST_BYTES) for side in shape)
    return whole and 0 < 4 * prod(shape) <= MOST_BYTES and shape[0] <= MOST_FILTERS


def pack(layer: FirstLayer) -> Answer:
    """A first layer as an answer: its numbers as little-endian float32, the filters before the bias."""
    head = {
        "name": layer.name,
        "shape": layer.weight.shape,
        "bias": layer.bias is not None,
        "options": layer.options,
        "turned": layer.turned,
        "groups": layer.groups,
        "notes": [note[:NOTE_CHARACTERS] for note in layer.notes[:MOST_NOTES]],
    }
    arrays = (layer.weight,) if layer.bias is None else (layer.weight, layer.bias)
    return Answer(head, b"".join(np.ascontiguousarray(array, "<f4").tobytes() for array in arrays))


def unpack(head: Mapping[str, Any], body: bytes) -> FirstLayer:
    """The inverse of `pack`. Raises ValueError, TypeError or KeyError for what is no first layer."""
    name, shape, turned, groups = head["name"], tuple(head["shape"]), head["turned"], head["groups"]
    if not _NAME.fullmatch(name) or not _is_shape(shape) or not isinstance(turned, bool):
        raise ValueError("this is no first layer")
    if not is_whole(groups, shape[0]) or not groups or shape[0] % groups:
        raise ValueError("these are no groups of filters")
    cells, count = prod(shape), shape[0] if head["bias"] else 0
    if len(body) != 4 * (cells + count):
        raise ValueError("these are not its numbers")
    numbers: Maps = np.frombuffer(body, "<f4").astype(np.float32)
    if not np.isfinite(numbers).all():
        raise ValueError("these are no numbers")
    weight, bias = numbers[:cells].reshape(shape), numbers[cells:] if count else None
    return FirstLayer(name, weight, bias, _options(head["options"]), turned, groups, _notes(head["notes"]))


def _notes(said: Any) -> tuple[str, ...]:
    notes = tuple(said)
    if len(notes) > MOST_NOTES or not all(_is_text(note, NOTE_CHARACTERS) for note in notes):
        raise ValueError("these are no notes")
    return notes


def _options(said: Any) -> tuple[tuple[str, Any], ...] | None:
    if said is None:
        return None
    options = tuple((name, list(sides)) for name, sides in said)
    must_be_possible(options)
    return options
