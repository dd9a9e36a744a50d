"""The values that describe tensors and arrays in a pickle of PyTorch or NumPy, and the names that are safe in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ....core.texts import make_text
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
"""The dtypes of storage classes; those of other classes are their names."""
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
DAMAGED_MESSAGE = make_text("damaged_pickle")
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
"""The builtins that saved states may contain."""


@dataclass(frozen=True, slots=True)
class Storage:
    """A block of `count` numbers elsewhere in the file."""

    dtype: str
    key: str
    count: int


@dataclass(frozen=True, slots=True)
class Quantizer:
    """The values of whole numbers, (number - zero) · scale, for all of them or for each index along an axis."""

    scale: float | Tensor
    zero: int | Tensor
    axis: int = 0


@dataclass(frozen=True, slots=True)
class Tensor:
    """A PyTorch tensor: a view of a storage."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    quantizer: Quantizer | None = None


@dataclass(slots=True)
class PickledArray:
    """A NumPy array with its numbers, which are in the pickle itself. `set_state` fills it."""

    dtype: str = ""
    order: ByteOrder = "<"
    shape: tuple[int, ...] = ()
    columns_first: bool = False
    data: bytes = b""


@dataclass(slots=True)
class PickledDtype:
    """A NumPy dtype and its byte order."""

    name: str
    order: ByteOrder = "<"


@dataclass(frozen=True, slots=True)
class GlobalName:
    """The name of a global, module.name, which is never imported."""

    name: str


@dataclass(frozen=True, slots=True)
class UnknownObject:
    """Replaces an object that is not made; `name` is the global that would have made it."""

    name: str


def is_text_or_number(value: object) -> bool:
    """Whether a value is a text or a whole number; as text, a small nested tuple can be endless."""
    return isinstance(value, str) or is_whole_number(value)


def check_global(module: str, name: str) -> GlobalName:
    """A global in a pickle. Raises UnreadableWeights for one of a module that can run programs."""
    full_name = f"{module}.{name}"
    package = module.partition(".")[0]
    if package in _UNSAFE_MODULES and not (package in ("builtins", "__builtin__") and name in _SAFE_BUILTINS):
        raise UnreadableWeights(make_text("unknown_object", name=quote(full_name)))
    return GlobalName(full_name)


def parse_storage(id_: Any) -> Storage:
    """A storage by PyTorch's persistent id: ("storage", class, key, device, count)."""
    _, class_, key, _, count = id_[:5]
    if not isinstance(class_, GlobalName) or not is_text_or_number(key) or not is_whole_number(count):
        raise UnreadableWeights(DAMAGED_MESSAGE)
    name = class_.name.rpartition(".")[2]
    return Storage(STORAGE_DTYPES.get(name, name), str(key), count)


def parse_tensor(arguments: Any) -> Tensor | UnknownObject:
    """A tensor by the arguments of _rebuild_tensor: (storage, offset, shape, strides, …)."""
    storage, offset, shape, strides = arguments[:4]
    if isinstance(storage, UnknownObject):
        return storage
    if not isinstance(storage, Storage) or not is_whole_number(offset):
        raise UnreadableWeights(DAMAGED_MESSAGE)
    return Tensor(storage, offset, parse_shape("a tensor", shape), parse_shape("a tensor", strides))


def parse_quantized_tensor(arguments: Any) -> Tensor | UnknownObject:
    """A quantized tensor by the arguments of _rebuild_qtensor; an UnknownObject for an unknown scheme."""
    tensor, parameters = parse_tensor(arguments), arguments[4]
    if isinstance(tensor, UnknownObject):
        return tensor
    if not isinstance(parameters, tuple) or not parameters or not isinstance(parameters[0], GlobalName):
        raise UnreadableWeights(DAMAGED_MESSAGE)
    scheme = parameters[0].name.rpartition(".")[2]
    if scheme == "per_tensor_affine":
        _, scale, zero = parameters[:3]
        if isinstance(scale, float) and isinstance(zero, int) and is_whole_number(abs(zero)):
            return _add_quantizer(tensor, Quantizer(scale, zero))
    if scheme in ("per_channel_affine", "per_channel_affine_float_qparams"):
        _, scales, zeros, axis = parameters[:4]
        if isinstance(scales, Tensor) and isinstance(zeros, Tensor) and is_whole_number(axis, len(tensor.shape) - 1):
            return _add_quantizer(tensor, Quantizer(scales, zeros, axis))
    return UnknownObject(f"torch.{scheme}")


def parse_dtype(arguments: Any) -> PickledDtype:
    """A dtype by the arguments of numpy.dtype: ("f4", …). Raises UnreadableWeights for anything but a short text."""
    name = arguments[0]
    if not isinstance(name, str) or len(name) > 20:
        raise UnreadableWeights(DAMAGED_MESSAGE)
    return PickledDtype(_NUMPY_DTYPES.get(name.lstrip("<>=|"), name), ">" if name.startswith(">") else "<")


def parse_array(arguments: Any) -> PickledArray:
    """An array by the arguments of numpy's _frombuffer: (bytes, dtype, shape, "C" or "F")."""
    data, dtype, shape, order = arguments[:4]
    return _fill_array(PickledArray(), shape, dtype, order == "F", data)


def set_state(value: object, state: Any) -> None:
    """Sets the state of an array or a dtype, as BUILD does; ignores that of other objects."""
    if isinstance(value, PickledDtype):
        value.order = ">" if state[1] == ">" else "<"
    elif isinstance(value, PickledArray):
        _, shape, dtype, columns_first, data = state[:5]
        _fill_array(value, shape, dtype, columns_first is True, data)


def _fill_array(array: PickledArray, shape: Any, dtype: Any, columns_first: bool, data: Any) -> PickledArray:
    if not isinstance(dtype, PickledDtype):
        raise UnreadableWeights(DAMAGED_MESSAGE)
    array.shape, array.dtype, array.order = parse_shape("an array", shape), dtype.name, dtype.order
    array.columns_first = columns_first
    array.data = bytes(data) if isinstance(data, bytes | bytearray) else b""
    return array


def _add_quantizer(tensor: Tensor, quantizer: Quantizer) -> Tensor:
    return Tensor(tensor.storage, tensor.offset, tensor.shape, tensor.strides, quantizer)
