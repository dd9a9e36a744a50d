"""Safetensors files: a length, a header of JSON, and the numbers."""

from __future__ import annotations

import json
from math import prod
from typing import Any

from ....core.arrays import Maps
from ....core.texts import make_text
from ..byte_source import ByteSource
from ..entries import (
    DTYPE_BYTES,
    MAX_HEADER_BYTES,
    Contents,
    Entry,
    UnreadableWeights,
    decode_as_float32,
    is_whole_number,
    parse_shape,
    quote,
)

FLOAT_CODES = {"F16": "float16", "BF16": "bfloat16", "F32": "float32", "F64": "float64"}
MASK_CODES = {"BOOL": "bool", "U8": "uint8", "I8": "int8"}
"""The dtypes of masks."""
LAYOUTS_BY_FORMAT = {"pt": "torch", "mlx": "mlx", "tf": "keras", "flax": "keras", "jax": "keras", "keras": "keras"}
"""By the "format" in the metadata, the layout of the program that wrote the file."""


def is_safetensors(source: ByteSource) -> bool:
    """Whether a file may begin with a safetensors header."""
    return source.read(8, 1) == b"{" and 0 in source.read(0, 8)


def read_contents(source: ByteSource) -> Contents:
    """All arrays, without their numbers. Raises UnreadableWeights for an invalid header."""
    length = int.from_bytes(source.read(0, 8), "little")
    if length > source.size - 8:
        raise UnreadableWeights(make_text("header_incomplete", length=length, given=source.size - 8))
    if length > MAX_HEADER_BYTES:
        raise UnreadableWeights(make_text("header_too_long", length=length, most=MAX_HEADER_BYTES))
    try:
        header: Any = json.loads(source.read(8, length))
        rows = [(name, row) for name, row in header.items() if name != "__metadata__"]
        found = tuple(_make_entry(source, 8 + length, name, row) for name, row in rows)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as reason:
        if isinstance(reason, UnreadableWeights):
            raise
        raise UnreadableWeights(make_text("unreadable_header")) from reason
    return Contents(found, _read_layout(header.get("__metadata__")))


def _read_layout(metadata: Any) -> str:
    format_ = metadata.get("format") if isinstance(metadata, dict) else None
    return LAYOUTS_BY_FORMAT.get(format_, "") if isinstance(format_, str) else ""


def _make_entry(source: ByteSource, start: int, name: str, row: Any) -> Entry:
    shape, (first, last) = parse_shape(name, row["shape"]), row["data_offsets"]
    dtype = {**FLOAT_CODES, **MASK_CODES}.get(row["dtype"], str(row["dtype"]))
    width = DTYPE_BYTES.get(dtype, 0)
    if not (is_whole_number(last) and is_whole_number(first, last)):
        raise UnreadableWeights(make_text("impossible_position", name=quote(name)))
    if last > source.size - start or (width and last - first != width * prod(shape)):
        raise UnreadableWeights(make_text("wrong_position", name=quote(name), first=first, last=last))

    def read() -> Maps:
        return decode_as_float32(source.read(start + first, last - first), dtype, shape)

    return Entry(name, shape, dtype, read, (name,))
