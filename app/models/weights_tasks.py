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
from ..processes.file_errors import make_file_error
from ..processes.task import FileReader, Task, TaskResult
from .formats import Candidate, FirstLayer, ReadLimits, UnreadableWeights, list_layers, read_layer
from .formats.entries import MAX_BYTES, MAX_FILTERS, is_whole_number
from .formats.layers.conv_options import check_conv_options
from .formats.partial_file import open_partial_file

EXPECTED = "weights with a 2-D convolution"
MAX_NOTES, NOTE_CHARACTERS = 12, 300
MAX_LAYERS, MAX_PARTS, PART_CHARACTERS = 200, 16, 200
MAX_LIST_BYTES = 2_000_000
"""The longest list of layers, as JSON."""
MAX_LAYER_CHARACTERS = 200
"""Of a layer's name that is asked for; no layer has a longer one."""
_NAME = re.compile(r"[a-z0-9_-]{1,64}")


def make_weights_task(limits: ReadLimits | None = None, layer: str | None = None) -> Task[FirstLayer]:
    """Finds in a file of weights, within the limits, the layer of that name, or else the likeliest first one."""
    most, asked = MAX_BYTES + 4 * MAX_FILTERS, (layer or "")[:MAX_LAYER_CHARACTERS]
    return Task(f"{__name__}:reader", asdict(limits or ReadLimits()), unpack_layer, most, EXPECTED, asked)


def make_layers_task(limits: ReadLimits | None = None) -> Task[tuple[Candidate, ...]]:
    """Finds all layers in a file of weights that could be shown, within the limits."""
    return Task(f"{__name__}:lister", asdict(limits or ReadLimits()), unpack_candidates, MAX_LIST_BYTES, EXPECTED)


def reader(settings: Mapping[str, Any]) -> FileReader:
    """What reads weights in the decoding process."""
    return partial(_read_layer, ReadLimits(**settings))


def lister(settings: Mapping[str, Any]) -> FileReader:
    """What lists the layers of weights in the decoding process."""
    return partial(_list_layers, ReadLimits(**settings))


def _read_layer(limits: ReadLimits, data: bytes, asked: str = "") -> TaskResult:
    try:
        return pack_layer(read_layer(open_partial_file(data), limits, asked or None))
    except UnreadableWeights as reason:
        raise make_file_error(422, "file", "", EXPECTED, str(reason)) from reason


def _list_layers(limits: ReadLimits, data: bytes) -> TaskResult:
    try:
        return pack_candidates(list_layers(open_partial_file(data), limits))
    except UnreadableWeights as reason:
        raise make_file_error(422, "file", "", EXPECTED, str(reason)) from reason


def pack_candidates(layers: tuple[Candidate, ...]) -> TaskResult:
    """A list of layers as an answer."""
    return TaskResult({}, json.dumps([asdict(layer) for layer in layers]).encode())


def unpack_candidates(head: Mapping[str, Any], body: bytes) -> tuple[Candidate, ...]:
    """The inverse of `pack_candidates`. Raises ValueError, TypeError or KeyError for what is no list of layers."""
    rows = json.loads(body)
    if not isinstance(rows, list) or not 0 < len(rows) <= MAX_LAYERS:
        raise ValueError("this is no list of layers")
    return tuple(map(_parse_candidate, rows))


def _parse_candidate(row: Mapping[str, Any]) -> Candidate:
    found = Candidate(**{**row, "shape": tuple(row["shape"]), "parts": tuple(row["parts"])})
    texts = (found.array, found.remark, *found.parts)
    if not _NAME.fullmatch(found.name) or len(found.parts) > MAX_PARTS:
        raise ValueError("this is no layer")
    if not all(_is_short_text(text, PART_CHARACTERS) for text in texts) or not _is_layer_shape(found.shape):
        raise ValueError("this is no layer")
    return found


def _is_short_text(text: object, most: int) -> bool:
    return isinstance(text, str) and len(text) <= most and text.isprintable()


def _is_layer_shape(shape: tuple[Any, ...]) -> bool:
    """Whether this is (K, C, h, w) of a layer that is small enough."""
    whole = len(shape) == 4 and all(is_whole_number(side, MAX_BYTES) for side in shape)
    return whole and 0 < 4 * prod(shape) <= MAX_BYTES and shape[0] <= MAX_FILTERS


def pack_layer(layer: FirstLayer) -> TaskResult:
    """A first layer as an answer: its numbers as little-endian float32, the filters before the bias."""
    head = {
        "name": layer.name,
        "shape": layer.weight.shape,
        "bias": layer.bias is not None,
        "options": layer.options,
        "turned": layer.turned,
        "groups": layer.groups,
        "notes": [note[:NOTE_CHARACTERS] for note in layer.notes[:MAX_NOTES]],
    }
    arrays = (layer.weight,) if layer.bias is None else (layer.weight, layer.bias)
    return TaskResult(head, b"".join(np.ascontiguousarray(array, "<f4").tobytes() for array in arrays))


def unpack_layer(head: Mapping[str, Any], body: bytes) -> FirstLayer:
    """The inverse of `pack_layer`. Raises ValueError, TypeError or KeyError for what is no first layer."""
    name, shape, turned, groups = head["name"], tuple(head["shape"]), head["turned"], head["groups"]
    if not _NAME.fullmatch(name) or not _is_layer_shape(shape) or not isinstance(turned, bool):
        raise ValueError("this is no first layer")
    if not is_whole_number(groups, shape[0]) or not groups or shape[0] % groups:
        raise ValueError("these are no groups of filters")
    cells, count = prod(shape), shape[0] if head["bias"] else 0
    if len(body) != 4 * (cells + count):
        raise ValueError("these are not its numbers")
    numbers: Maps = np.frombuffer(body, "<f4").astype(np.float32)
    if not np.isfinite(numbers).all():
        raise ValueError("these are no numbers")
    weight, bias = numbers[:cells].reshape(shape), numbers[cells:] if count else None
    return FirstLayer(name, weight, bias, _check_options(head["options"]), turned, groups, _check_notes(head["notes"]))


def _check_notes(said: Any) -> tuple[str, ...]:
    notes = tuple(said)
    if len(notes) > MAX_NOTES or not all(_is_short_text(note, NOTE_CHARACTERS) for note in notes):
        raise ValueError("these are no notes")
    return notes


def _check_options(said: Any) -> tuple[tuple[str, Any], ...] | None:
    if said is None:
        return None
    options = tuple((name, list(sides)) for name, sides in said)
    check_conv_options(options)
    return options
