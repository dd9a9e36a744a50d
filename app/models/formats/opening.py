"""Which format a file has, told by what is in it and never by its name."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import TypeVar
from zipfile import ZipFile

from . import archive, checkpoint, older, safetensors
from .choosing import Choice, choices_in, chosen, offered
from .foreign import NO_WEIGHTS, in_archive, what_it_is
from .layer import Candidate, Contents, FirstLayer, UnreadableWeights
from .limits import BROUGHT, ReadLimits
from .network import network_choices
from .pickled import read_pickle
from .source import Source
from .state import found_in
from .zipped import opened

MOST_PICKLE = 64_000_000
"""A pickle that is not in an archive holds its numbers itself, and is read as a whole."""
T = TypeVar("T")


def read_first_layer(source: Source, limits: ReadLimits = BROUGHT, layer: str | None = None) -> FirstLayer:
    """The layer of that name, a Candidate's, or the likeliest first convolution in a file of weights.

    Raises UnreadableWeights with a sentence, or the source's OSError.
    """
    return _within(source, limits, lambda choices: chosen(choices, layer).read())


def layers_in(source: Source, limits: ReadLimits = BROUGHT) -> tuple[Candidate, ...]:
    """All layers that could be shown, at most 200: first the one that is shown without a choice, then in their order.

    Reads descriptions and no numbers. Raises UnreadableWeights with a sentence, or the source's OSError.
    """
    return _within(source, limits, offered)


def _within(source: Source, limits: ReadLimits, use: Callable[[Sequence[Choice]], T]) -> T:
    """What is made of a file's layers. Whatever fails in reading becomes a sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what readers think of odd files is of no use to who brought one
            return _read(source, limits, use)
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


def _read(source: Source, limits: ReadLimits, use: Callable[[Sequence[Choice]], T]) -> T:
    if source.read(0, 2) == b"PK":
        with opened(source, limits.members) as zipped:
            return use(choices_in(_in_archive(zipped, limits)))
    contents = _contents(source, limits)
    return use(network_choices(source) if contents is None else choices_in(contents))


def _in_archive(zipped: ZipFile, limits: ReadLimits) -> Contents:
    if checkpoint.looks_so(zipped):
        return checkpoint.entries(zipped, limits)
    if archive.looks_so(zipped):
        return archive.entries(zipped)
    raise UnreadableWeights(in_archive(zipped.namelist()))


def _contents(source: Source, limits: ReadLimits) -> Contents | None:
    """The arrays of a file that is no archive; None for ONNX, which knows its layers."""
    head = source.read(0, 16)
    if older.MAGIC in head:
        return older.entries(source, limits)
    if safetensors.looks_so(source):
        return safetensors.entries(source)
    if head.startswith(archive.MAGIC):
        return archive.alone(source)
    if head[:1] == b"\x80":
        return _pickled(source, limits)
    other = what_it_is(source)
    if other:
        raise UnreadableWeights(other)
    if head[:1] == b"\x08":  # the field in which an ONNX file says its version comes first
        return None
    raise UnreadableWeights(NO_WEIGHTS)


def _pickled(source: Source, limits: ReadLimits) -> Contents:
    """The arrays in a pickle that holds its numbers itself, as NumPy's do."""
    if source.size > MOST_PICKLE:
        raise UnreadableWeights(f"A pickle of at most {MOST_PICKLE / 1e6:.0f} MB is read; this one is larger.")
    state = read_pickle(source.read(0, source.size), limits.instructions)
    return checkpoint.contents(found_in(state), lambda key: lambda offset, count: b"")
