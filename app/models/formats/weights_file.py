"""Detects the format of a weights file by its bytes, not its name, and reads or lists its layers."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import TypeVar
from zipfile import ZipFile

from ...core.texts import make_text
from .byte_source import ByteSource
from .entries import Candidate, Contents, FirstLayer, UnreadableWeights
from .files import legacy_torch_file, numpy_file, safetensors_file, torch_file
from .files.onnx_file import find_onnx_choices
from .files.pickle_reader import read_pickle
from .files.state_dict import find_tensors
from .files.zip_members import open_archive
from .layers.first_layer import LayerChoice, choose_layer, find_choices, list_candidates
from .read_limits import UPLOAD_LIMITS, ReadLimits
from .unsupported_weights import NOT_WEIGHTS, describe_archive, describe_unsupported_file

MAX_PICKLE_BYTES = 64_000_000
"""A pickle outside an archive contains its numbers, and is read as a whole."""
T = TypeVar("T")


def read_layer(source: ByteSource, limits: ReadLimits = UPLOAD_LIMITS, layer: str | None = None) -> FirstLayer:
    """The layer with the name of a Candidate, by default the likeliest first convolution.

    Raises UnreadableWeights with a sentence, or the source's OSError.
    """
    return _read_with_sentences(source, limits, lambda choices: choose_layer(choices, layer).read())


def list_layers(source: ByteSource, limits: ReadLimits = UPLOAD_LIMITS) -> tuple[Candidate, ...]:
    """The layers that can be shown, at most 200: the one that `read_layer` reads by default, then the others in order.

    Reads headers, not numbers. Raises UnreadableWeights with a sentence, or the source's OSError.
    """
    return _read_with_sentences(source, limits, list_candidates)


def _read_with_sentences(source: ByteSource, limits: ReadLimits, use: Callable[[Sequence[LayerChoice]], T]) -> T:
    """The result of `use` for the layers of a file. Every failure becomes an UnreadableWeights with a sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # warnings about unusual files do not reach the user
            return _read(source, limits, use)
    except UnreadableWeights:
        raise
    except MemoryError:
        raise UnreadableWeights(make_text("weights_memory")) from None
    except OSError as reason:
        if reason.errno is not None:  # the file itself cannot be read
            raise
        raise UnreadableWeights(NOT_WEIGHTS) from reason
    except Exception as reason:  # no file may end the program
        raise UnreadableWeights(NOT_WEIGHTS) from reason


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
    """The arrays of a file that is not a zip archive; None for ONNX, whose layers are read from its graph."""
    head = source.read(0, 16)
    if legacy_torch_file.MAGIC in head:
        return legacy_torch_file.read_contents(source, limits)
    if safetensors_file.is_safetensors(source):
        return safetensors_file.read_contents(source)
    if head.startswith(numpy_file.MAGIC):
        return numpy_file.read_single_array(source)
    if head[:1] == b"\x80":
        return _read_bare_pickle(source, limits)
    sentence = describe_unsupported_file(source)
    if sentence:
        raise UnreadableWeights(sentence)
    if head[:1] == b"\x08":  # the version field of an ONNX file
        return None
    raise UnreadableWeights(NOT_WEIGHTS)


def _read_bare_pickle(source: ByteSource, limits: ReadLimits) -> Contents:
    """The arrays in a pickle that contains its numbers, as NumPy writes it."""
    if source.size > MAX_PICKLE_BYTES:
        raise UnreadableWeights(make_text("large_pickle", most=f"{MAX_PICKLE_BYTES / 1e6:.0f}"))
    state = read_pickle(source.read(0, source.size), limits.instructions)
    return torch_file.make_contents(find_tensors(state), lambda key: lambda offset, count: b"")
