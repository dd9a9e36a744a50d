"""Which format a file has, told by what is in it and never by its name."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import TypeVar
from zipfile import ZipFile

from .byte_source import ByteSource
from .entries import Candidate, Contents, FirstLayer, UnreadableWeights
from .files import legacy_torch_file, numpy_file, safetensors_file, torch_file
from .files.onnx_file import find_onnx_choices
from .files.pickle_reader import read_pickle
from .files.state_dict import find_tensors
from .files.zip_members import open_archive
from .layers.first_layer import LayerChoice, choose_layer, find_choices, list_candidates
from .read_limits import UPLOAD_LIMITS, ReadLimits
from .unsupported_weights import NO_WEIGHTS_MESSAGE, describe_archive, describe_unsupported_file

MAX_PICKLE_BYTES = 64_000_000
"""A pickle that is not in an archive holds its numbers itself, and is read as a whole."""
T = TypeVar("T")


def read_layer(source: ByteSource, limits: ReadLimits = UPLOAD_LIMITS, layer: str | None = None) -> FirstLayer:
    """The layer of that name, a Candidate's, or the likeliest first convolution in a file of weights.

    Raises UnreadableWeights with a sentence, or the source's OSError.
    """
    return _read_with_sentences(source, limits, lambda choices: choose_layer(choices, layer).read())


def list_layers(source: ByteSource, limits: ReadLimits = UPLOAD_LIMITS) -> tuple[Candidate, ...]:
    """All layers that could be shown, at most 200: first the one that is shown without a choice, then in their order.

    Reads descriptions and no numbers. Raises UnreadableWeights with a sentence, or the source's OSError.
    """
    return _read_with_sentences(source, limits, list_candidates)


def _read_with_sentences(source: ByteSource, limits: ReadLimits, use: Callable[[Sequence[LayerChoice]], T]) -> T:
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
        raise UnreadableWeights(NO_WEIGHTS_MESSAGE) from reason
    except Exception as reason:  # no file may end the program, also where a reader was not expected to fail
        raise UnreadableWeights(NO_WEIGHTS_MESSAGE) from reason


def _read(source: ByteSource, limits: ReadLimits, use: Callable[[Sequence[LayerChoice]], T]) -> T:
    if source.read(0, 2) == b"PK":
        with open_archive(source, limits.members) as zipped:
            return use(find_choices(_read_archive(zipped, limits)))
    contents = _read_contents(source, limits)
    return use(find_onnx_choices(source) if contents is None else find_choices(contents))


def _read_archive(zipped: ZipFile, limits: ReadLimits) -> Contents:
    if torch_file.is_torch_archive(zipped):
        return torch_file.read_contents(zipped, limits)
    if numpy_file.is_numpy_archive(zipped):
        return numpy_file.read_contents(zipped)
    raise UnreadableWeights(describe_archive(zipped.namelist()))


def _read_contents(source: ByteSource, limits: ReadLimits) -> Contents | None:
    """The arrays of a file that is no archive; None for ONNX, which knows its layers."""
    head = source.read(0, 16)
    if legacy_torch_file.MAGIC in head:
        return legacy_torch_file.read_contents(source, limits)
    if safetensors_file.is_safetensors(source):
        return safetensors_file.read_contents(source)
    if head.startswith(numpy_file.MAGIC):
        return numpy_file.read_single_array(source)
    if head[:1] == b"\x80":
        return _read_bare_pickle(source, limits)
    other = describe_unsupported_file(source)
    if other:
        raise UnreadableWeights(other)
    if head[:1] == b"\x08":  # the field in which an ONNX file says its version comes first
        return None
    raise UnreadableWeights(NO_WEIGHTS_MESSAGE)


def _read_bare_pickle(source: ByteSource, limits: ReadLimits) -> Contents:
    """The arrays in a pickle that holds its numbers itself, as NumPy's do."""
    if source.size > MAX_PICKLE_BYTES:
        raise UnreadableWeights(f"A pickle of at most {MAX_PICKLE_BYTES / 1e6:.0f} MB is read; this one is larger.")
    state = read_pickle(source.read(0, source.size), limits.instructions)
    return torch_file.make_contents(find_tensors(state), lambda key: lambda offset, count: b"")
