"""Which format a file has, told by what is in it and never by its name."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import TypeVar
from zipfile import ZipFile

from .byte_source import Source
from .entries import Candidate, Contents, FirstLayer, UnreadableWeights
from .files import legacy_torch_file, numpy_file, safetensors_file, torch_file
from .files.onnx_file import network_choices
from .files.pickle_reader import read_pickle
from .files.state_dict import found_in
from .files.zip_members import opened
from .layers.first_layer import Choice, choices_in, chosen, offered
from .read_limits import BROUGHT, ReadLimits
from .unsupported_weights import NO_WEIGHTS, in_archive, what_it_is

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
    if torch_file.looks_so(zipped):
        return torch_file.entries(zipped, limits)
    if numpy_file.looks_so(zipped):
        return numpy_file.entries(zipped)
    raise UnreadableWeights(in_archive(zipped.namelist()))


def _contents(source: Source, limits: ReadLimits) -> Contents | None:
    """The arrays of a file that is no archive; None for ONNX, which knows its layers."""
    head = source.read(0, 16)
    if legacy_torch_file.MAGIC in head:
        return legacy_torch_file.entries(source, limits)
    if safetensors_file.looks_so(source):
        return safetensors_file.entries(source)
    if head.startswith(numpy_file.MAGIC):
        return numpy_file.alone(source)
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
    return torch_file.contents(found_in(state), lambda key: lambda offset, count: b"")
