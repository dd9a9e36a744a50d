"""Which format a file has, told by what is in it and never by its name."""

from __future__ import annotations

import struct
import zlib
from typing import IO, cast
from zipfile import BadZipFile, ZipFile

from . import archive, checkpoint, older, safetensors
from .layer import MOST_HEADER, FirstLayer, UnreadableWeights, first_layer
from .network import read_network
from .pickled import read_pickle
from .source import Source, Stream

NO_WEIGHTS = (
    "This is no file of weights that can be read: .safetensors, .npz, .onnx and PyTorch's state files (.pt, .pth) are."
)


def read_first_layer(source: Source) -> FirstLayer:
    """The first convolution in a file of weights. Raises UnreadableWeights with a sentence, and OSError."""
    head = source.read(0, 16)
    if head.startswith(b"PK"):
        return _zipped(source)
    if older.MAGIC in head:
        return first_layer(older.entries(source))
    if safetensors.looks_so(source):
        return first_layer(safetensors.entries(source))
    if head[:1] == b"\x80":
        read_pickle(source.read(0, MOST_HEADER))  # says what it would have run, if anything
    if head[:1] == b"\x08":  # the field in which an ONNX file says its version comes first
        return read_network(source)
    raise UnreadableWeights(NO_WEIGHTS)


def _zipped(source: Source) -> FirstLayer:
    try:
        with ZipFile(cast("IO[bytes]", Stream(source))) as zipped:
            if checkpoint.looks_so(zipped):
                return first_layer(checkpoint.entries(zipped))
            if archive.looks_so(zipped):
                return first_layer(archive.entries(zipped))
    except UnreadableWeights:
        raise
    except (BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError, RuntimeError) as reason:
        raise UnreadableWeights("The archive is cut off or damaged, or locked with a password.") from reason
    raise UnreadableWeights(NO_WEIGHTS)
