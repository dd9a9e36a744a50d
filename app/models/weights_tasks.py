"""Tasks that read weights in a worker process: see `app/processes`."""

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
from ..core.texts import Text, make_text
from ..processes.file_errors import FileProblem, UnreadableFile, pack_text, unpack_text
from ..processes.task import FileReader, Task, TaskResult
from .formats import Candidate, FirstLayer, ReadLimits, UnreadableWeights, list_layers, read_layer
from .formats.entries import MAX_BYTES, MAX_FILTERS, is_whole_number
from .formats.layers.conv_options import check_conv_options
from .formats.partial_file import open_partial_file

EXPECTED = make_text("weights_expected")
MAX_NOTES, MAX_NOTE_CHARACTERS = 12, 300
MAX_LAYERS, MAX_PARTS, MAX_PART_CHARACTERS = 200, 16, 200
MAX_LIST_BYTES = 2_000_000
"""The longest list of layers, as JSON."""
MAX_LAYER_CHARACTERS = 200
"""Of a requested layer's name; no layer has a longer one."""
_NAME = re.compile(r"[a-z0-9_-]{1,64}")


def make_weights_task(limits: ReadLimits | None = None, layer: str | None = None) -> Task[FirstLayer]:
    """A task that reads a layer of a weights file: the one of that name, or the likeliest first layer."""
    max_bytes, argument = MAX_BYTES + 4 * MAX_FILTERS, (layer or "")[:MAX_LAYER_CHARACTERS]
    settings = asdict(limits or ReadLimits())
    return Task(f"{__name__}:make_reader", settings, unpack_layer, max_bytes, EXPECTED, argument)


def make_layers_task(limits: ReadLimits | None = None) -> Task[tuple[Candidate, ...]]:
    """A task that lists the layers of a weights file that can be shown."""
    return Task(f"{__name__}:make_lister", asdict(limits or ReadLimits()), unpack_candidates, MAX_LIST_BYTES, EXPECTED)


def make_reader(settings: Mapping[str, Any]) -> FileReader:
    """The function that reads a layer in a worker process."""
    return partial(_read_layer, ReadLimits(**settings))


def make_lister(settings: Mapping[str, Any]) -> FileReader:
    """The function that lists layers in a worker process."""
    return partial(_list_layers, ReadLimits(**settings))


def _read_layer(limits: ReadLimits, data: bytes, name: str = "") -> TaskResult:
    try:
        return pack_layer(read_layer(open_partial_file(data), limits, name or None))
    except UnreadableWeights as reason:
        raise UnreadableFile(FileProblem(422, "file", "", EXPECTED, reason.text)) from reason


def _list_layers(limits: ReadLimits, data: bytes) -> TaskResult:
    try:
        return pack_candidates(list_layers(open_partial_file(data), limits))
    except UnreadableWeights as reason:
        raise UnreadableFile(FileProblem(422, "file", "", EXPECTED, reason.text)) from reason


def pack_candidates(layers: tuple[Candidate, ...]) -> TaskResult:
    """A list of layers as the result of a task."""
    return TaskResult(
        {}, json.dumps([{**asdict(layer), "remark": pack_text(layer.remark)} for layer in layers]).encode()
    )


def unpack_candidates(head: Mapping[str, Any], body: bytes) -> tuple[Candidate, ...]:
    """The inverse of `pack_candidates`. Raises ValueError, TypeError or KeyError for an invalid list."""
    rows = json.loads(body)
    if not isinstance(rows, list) or not 0 < len(rows) <= MAX_LAYERS:
        raise ValueError("not a list of layers")
    return tuple(map(_parse_candidate, rows))


def _parse_candidate(row: Mapping[str, Any]) -> Candidate:
    remark = unpack_text(row["remark"], MAX_PART_CHARACTERS)
    candidate = Candidate(**{**row, "shape": tuple(row["shape"]), "parts": tuple(row["parts"]), "remark": remark})
    texts = (candidate.array, *candidate.parts)
    if not _NAME.fullmatch(candidate.name) or len(candidate.parts) > MAX_PARTS:
        raise ValueError("invalid name or parts of a layer")
    if not all(_is_short_text(text, MAX_PART_CHARACTERS) for text in texts) or not _is_layer_shape(candidate.shape):
        raise ValueError("invalid texts or shape of a layer")
    return candidate


def _is_short_text(text: object, max_characters: int) -> bool:
    return isinstance(text, str) and len(text) <= max_characters and text.isprintable()


def _is_layer_shape(shape: tuple[Any, ...]) -> bool:
    """Whether this is (K, C, h, w) of a layer that is small enough."""
    is_valid = len(shape) == 4 and all(is_whole_number(side, MAX_BYTES) for side in shape)
    return is_valid and 0 < 4 * prod(shape) <= MAX_BYTES and shape[0] <= MAX_FILTERS


def pack_layer(layer: FirstLayer) -> TaskResult:
    """A layer as the result of a task: its numbers as little-endian float32, the filters before the bias."""
    head = {
        "name": layer.name,
        "shape": layer.weight.shape,
        "bias": layer.bias is not None,
        "options": layer.options,
        "reordered": layer.reordered,
        "groups": layer.groups,
        "notes": [pack_text(note) for note in layer.notes[:MAX_NOTES]],
    }
    arrays = (layer.weight,) if layer.bias is None else (layer.weight, layer.bias)
    return TaskResult(head, b"".join(np.ascontiguousarray(array, "<f4").tobytes() for array in arrays))


def unpack_layer(head: Mapping[str, Any], body: bytes) -> FirstLayer:
    """The inverse of `pack_layer`. Raises ValueError, TypeError or KeyError for an invalid layer."""
    name, shape, reordered, groups = head["name"], tuple(head["shape"]), head["reordered"], head["groups"]
    if not _NAME.fullmatch(name) or not _is_layer_shape(shape) or not isinstance(reordered, bool):
        raise ValueError("invalid name or shape of a layer")
    if not is_whole_number(groups, shape[0]) or not groups or shape[0] % groups:
        raise ValueError("invalid groups")
    weights, biases = prod(shape), shape[0] if head["bias"] else 0
    if len(body) != 4 * (weights + biases):
        raise ValueError("the shape does not match the numbers")
    numbers: Maps = np.frombuffer(body, "<f4").astype(np.float32)
    if not np.isfinite(numbers).all():
        raise ValueError("numbers that are not finite")
    weight, bias = numbers[:weights].reshape(shape), numbers[weights:] if biases else None
    options, notes = _check_options(head["options"]), _check_notes(head["notes"])
    return FirstLayer(name, weight, bias, options, reordered, groups, notes)


def _check_notes(values: Any) -> tuple[Text | str, ...]:
    notes = tuple(values)
    if len(notes) > MAX_NOTES:
        raise ValueError("invalid notes")
    return tuple(unpack_text(note, MAX_NOTE_CHARACTERS) for note in notes)


def _check_options(rows: Any) -> tuple[tuple[str, Any], ...] | None:
    if rows is None:
        return None
    options = tuple((name, list(values)) for name, values in rows)
    check_conv_options(options)
    return options
