"""What PyTorch says of tensors in a pickle: their storages, how they lie there, and the names that it takes for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..entries import ByteOrder, UnreadableWeights, is_whole_number, parse_shape, quote

STORAGE_DTYPES = {
    "FloatStorage": "float32",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "DoubleStorage": "float64",
    "BoolStorage": "bool",
    "ByteStorage": "uint8",
    "CharStorage": "int8",
    "ShortStorage": "int16",
    "IntStorage": "int32",
    "LongStorage": "int64",
    "QInt8Storage": "int8",
    "QUInt8Storage": "uint8",
    "QInt32Storage": "int32",
}
"""Other kinds keep their names."""
_NUMPY_DTYPES = {
    "f2": "float16",
    "f4": "float32",
    "f8": "float64",
    "b1": "bool",
    "u1": "uint8",
    "i1": "int8",
    "i2": "int16",
    "i4": "int32",
    "i8": "int64",
}
DAMAGED_MESSAGE = "The pickle in this file is damaged."
_UNSAFE_MODULES = {
    *("os", "posix", "nt", "posixpath", "ntpath", "subprocess", "sys", "shutil", "importlib", "runpy", "pty", "socket"),
    *("ctypes", "codeop", "pickle", "_pickle", "marshal", "webbrowser", "urllib", "http", "requests", "ftplib", "imp"),
    *("multiprocessing", "threading", "_thread", "asyncio", "tempfile", "pip", "timeit", "pdb", "bdb", "commands"),
    *("builtins", "__builtin__"),
}
_SAFE_BUILTINS = {
    *("set", "frozenset", "dict", "list", "tuple", "int", "float", "complex", "bytes", "bytearray", "str", "bool"),
    *("slice", "range", "xrange", "object", "unicode", "long", "getattr", "type", "NoneType", "Ellipsis"),
}
"""Of Python's own names those that values are made with."""


@dataclass(frozen=True, slots=True)
class Storage:
    """A run of numbers that lies elsewhere in the file."""

    kind: str
    key: str
    numbers: int


@dataclass(frozen=True, slots=True)
class Quantizer:
    """What whole numbers stand for: (number - zero) · scale, for all of them, or for each place along an axis."""

    scale: float | Tensor
    zero: int | Tensor
    axis: int = 0


@dataclass(frozen=True, slots=True)
class Tensor:
    """A view of a storage."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    quantizer: Quantizer | None = None


@dataclass(slots=True)
class PickledArray:
    """An array of NumPy's, whose numbers lie in the pickle itself. Its description comes after it."""

    kind: str = ""
    order: ByteOrder = "<"
    shape: tuple[int, ...] = ()
    columns_first: bool = False
    data: bytes = b""


@dataclass(slots=True)
class PickledDtype:
    """A kind of numbers as NumPy names it; big-endian where that is said."""

    name: str
    order: ByteOrder = "<"


@dataclass(frozen=True, slots=True)
class GlobalName:
    """A name out of a module, which is never imported."""

    name: str


@dataclass(frozen=True, slots=True)
class UnknownObject:
    """Stands for an object of which nothing is known but what would have made it. It is never made."""

    name: str


def is_text_or_number(name: object) -> bool:
    """Whether this is a text or a number; written out, a nested tuple of a few words can be endless."""
    return isinstance(name, str) or is_whole_number(name)


def check_global(module: str, name: str) -> GlobalName:
    """A name that a pickle says. Raises UnreadableWeights for one that no training keeps: it runs programs."""
    whole = f"{module}.{name}"
    first = module.partition(".")[0]
    if first in _UNSAFE_MODULES and not (first in ("builtins", "__builtin__") and name in _SAFE_BUILTINS):
        raise UnreadableWeights(
            f"Opening this file would run {quote(whole)}, so it was not opened. Only plain weights are read: "
            "in PyTorch, torch.save(model.state_dict(), …)."
        )
    return GlobalName(whole)


def parse_storage(said: Any) -> Storage:
    """A storage as PyTorch names it: ("storage", its kind, its key, where it was, how many numbers)."""
    _, kind, key, _, numbers = said[:5]
    if not isinstance(kind, GlobalName) or not is_text_or_number(key) or not is_whole_number(numbers):
        raise UnreadableWeights(DAMAGED_MESSAGE)
    name = kind.name.rpartition(".")[2]
    return Storage(STORAGE_DTYPES.get(name, name), str(key), numbers)


def parse_tensor(arguments: Any) -> Tensor | UnknownObject:
    """A tensor as PyTorch makes it: (its storage, the first number there, its shape, its strides, …)."""
    storage, offset, shape, strides = arguments[:4]
    if isinstance(storage, UnknownObject):
        return storage
    if not isinstance(storage, Storage) or not is_whole_number(offset):
        raise UnreadableWeights(DAMAGED_MESSAGE)
    return Tensor(storage, offset, parse_shape("a tensor", shape), parse_shape("a tensor", strides))


def parse_quantized_tensor(arguments: Any) -> Tensor | UnknownObject:
    """A quantized tensor: a tensor, and (its scheme, scales, zeros, …); Opaque in a scheme that is not known."""
    tensor, said = parse_tensor(arguments), arguments[4]
    if isinstance(tensor, UnknownObject):
        return tensor
    if not isinstance(said, tuple) or not said or not isinstance(said[0], GlobalName):
        raise UnreadableWeights(DAMAGED_MESSAGE)
    scheme = said[0].name.rpartition(".")[2]
    if scheme == "per_tensor_affine":
        _, scale, zero = said[:3]
        if isinstance(scale, float) and isinstance(zero, int) and is_whole_number(abs(zero)):
            return _add_quantizer(tensor, Quantizer(scale, zero))
    if scheme in ("per_channel_affine", "per_channel_affine_float_qparams"):
        _, scales, zeros, axis = said[:4]
        if isinstance(scales, Tensor) and isinstance(zeros, Tensor) and is_whole_number(axis, len(tensor.shape) - 1):
            return _add_quantizer(tensor, Quantizer(scales, zeros, axis))
    return UnknownObject(f"torch.{scheme}")


def parse_dtype(arguments: Any) -> PickledDtype:
    """A kind of numbers: ("f4", …). Raises UnreadableWeights for what is no text."""
    name = arguments[0]
    if not isinstance(name, str) or len(name) > 20:
        raise UnreadableWeights(DAMAGED_MESSAGE)
    return PickledDtype(_NUMPY_DTYPES.get(name.lstrip("<>=|"), name), ">" if name.startswith(">") else "<")


def parse_array(arguments: Any) -> PickledArray:
    """An array of bytes that come first: (bytes, kind, shape, "C" or "F")."""
    data, kind, shape, order = arguments[:4]
    return _fill_array(PickledArray(), shape, kind, order == "F", data)


def set_state(thing: object, state: Any) -> None:
    """What a pickle adds to an array or its kind once it is there; of other objects nothing is known."""
    if isinstance(thing, PickledDtype):
        thing.order = ">" if state[1] == ">" else "<"
    elif isinstance(thing, PickledArray):
        _, shape, kind, columns_first, data = state[:5]
        _fill_array(thing, shape, kind, columns_first is True, data)


def _fill_array(array: PickledArray, shape: Any, kind: Any, columns_first: bool, data: Any) -> PickledArray:
    if not isinstance(kind, PickledDtype):
        raise UnreadableWeights(DAMAGED_MESSAGE)
    array.shape, array.kind, array.order = parse_shape("an array", shape), kind.name, kind.order
    array.columns_first = columns_first
    array.data = bytes(data) if isinstance(data, bytes | bytearray) else b""
    return array


def _add_quantizer(tensor: Tensor, quantizer: Quantizer) -> Tensor:
    return Tensor(tensor.storage, tensor.offset, tensor.shape, tensor.strides, quantizer)
