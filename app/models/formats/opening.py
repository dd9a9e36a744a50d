"""Which format a file has, told by what is in it and never by its name."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TypeVar

from . import archive, checkpoint, older, safetensors
from .layer import MOST_HEADER, FirstLayer, UnreadableWeights, first_layer
from .limits import BROUGHT, ReadLimits
from .network import read_network
from .pickled import read_pickle
from .source import Source
from .zipped import opened

T = TypeVar("T")
NO_WEIGHTS = (
    "This is no file of weights that can be read: .safetensors, .npz, .onnx and PyTorch's state files (.pt, .pth) are."
)


def read_first_layer(source: Source, limits: ReadLimits = BROUGHT) -> FirstLayer:
    """The first convolution in a file of weights. Raises UnreadableWeights with a sentence, or the source's OSError."""
    return spoken(lambda: _read(source, limits))


def spoken(read: Callable[[], T]) -> T:
    """What a reader gives. Raises UnreadableWeights whatever the reader raises, or the source's OSError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what readers think of odd files is of no use to who brought one
            return read()
    except UnreadableWeights:
        raise
    except MemoryError:
        raise UnreadableWeights("Reading this file needs more memory than it may take.") from None
    except OSError as reason:
        if reason.errno is not None:  # the file itself cannot be reached
            raise
        raise UnreadableWeights(NO_WEIGHTS) from reason
    except Exception as reason:  # no file may end the program, also where a reader was not expected to fail
        raise UnreadableWeights(NO_WEIGHTS) from reason


def _read(source: Source, limits: ReadLimits) -> FirstLayer:
    head = source.read(0, 16)
    if head.startswith(b"PK"):
        return _zipped(source, limits)
    if older.MAGIC in head:
        return first_layer(older.entries(source, limits))
    if safetensors.looks_so(source):
        return first_layer(safetensors.entries(source))
    if head[:1] == b"\x80":
        read_pickle(source.read(0, MOST_HEADER), limits.instructions)  # says what it would have run, if anything
    if head[:1] == b"\x08":  # the field in which an ONNX file says its version comes first
        return read_network(source)
    raise UnreadableWeights(NO_WEIGHTS)


def _zipped(source: Source, limits: ReadLimits) -> FirstLayer:
    with opened(source, limits.members) as zipped:
        if checkpoint.looks_so(zipped):
            return first_layer(checkpoint.entries(zipped, limits))
        if archive.looks_so(zipped):
            return first_layer(archive.entries(zipped))
    raise UnreadableWeights(NO_WEIGHTS)
