"""What a pickle says, read word by word: nothing of it is run, nothing imported, and no object of any class is made.

A pickle is a small program. Of its instructions only those are known here that make plain values and describe
tensors and arrays. Whatever else it wants made is a mere name in its place; what runs programs is refused by name.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from typing import IO, Any

from ..entries import UnreadableWeights, parse_shape
from .torch_tensors import (
    DAMAGED_MESSAGE,
    GlobalName,
    PickledArray,
    Storage,
    UnknownObject,
    check_global,
    is_text_or_number,
    parse_array,
    parse_dtype,
    parse_quantized_tensor,
    parse_storage,
    parse_tensor,
    set_state,
)

CONSTANT_OPCODES = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
VALUE_OPCODES = {
    *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT", "STRING", "BINSTRING"),
    *("SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "BINBYTES", "SHORT_BINBYTES"),
    *("BINBYTES8", "BYTEARRAY8"),
}
_KNOWN_CALLS: dict[str, Callable[[Any], Any]] = {
    "torch._utils._rebuild_tensor": parse_tensor,
    "torch._utils._rebuild_tensor_v2": parse_tensor,
    "torch._utils._rebuild_tensor_v3": parse_tensor,
    "torch._utils._rebuild_qtensor": parse_quantized_tensor,
    "torch._utils._rebuild_parameter": lambda arguments: arguments[0],
    "torch._utils._rebuild_parameter_with_state": lambda arguments: arguments[0],
    "torch.Size": lambda arguments: parse_shape("a tensor", arguments[0]),
    "builtins.set": lambda arguments: [],
    "__builtin__.set": lambda arguments: [],
    "numpy.dtype": parse_dtype,
}
"""What calls are that describe values; none is made."""


def read_pickle(data: bytes | IO[bytes], most: int, storages: dict[str, Storage] | None = None) -> object:
    """The plain values in a pickle of at most so many instructions, with Tensors, Arrays, and Opaque for all the rest.

    Raises UnreadableWeights for what is damaged, or runs programs. A file is left where the pickle ends. `storages` is
    filled with all that are named, by their keys.
    """
    reader = _PickleMachine(most, {} if storages is None else storages)
    try:
        for code, argument, _ in pickletools.genops(data):
            if code.name == "STOP":
                return reader.stack.pop()
            reader.take(code.name, argument)
    except UnreadableWeights:
        raise
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError) as reason:
        raise UnreadableWeights(DAMAGED_MESSAGE) from reason
    raise UnreadableWeights(DAMAGED_MESSAGE)


class _PickleMachine:
    """The stack and the memory of one reading, which takes at most so many instructions."""

    def __init__(self, most: int, storages: dict[str, Storage]) -> None:
        self.most = most
        self.left = most
        self.storages = storages
        self.stack: list[Any] = []
        self.below: list[list[Any]] = []  # stacks that wait under a mark each
        self.memory: dict[int, Any] = {}
        self.known = self._others()

    def take(self, name: str, argument: Any) -> None:
        """One instruction."""
        self._spend(1)
        if name in VALUE_OPCODES:
            self.stack.append(argument)
        elif name in CONSTANT_OPCODES:
            self.stack.append(CONSTANT_OPCODES[name])
        elif name in ("PUT", "BINPUT", "LONG_BINPUT"):
            self.memory[int(argument)] = self.stack[-1]
        elif name in ("GET", "BINGET", "LONG_BINGET"):
            self.stack.append(self.memory[int(argument)])
        elif name == "GLOBAL":
            self.stack.append(check_global(*argument.split(" ", 1)))
        elif name == "INST":
            self._marked()
            self._object(check_global(*argument.split(" ", 1)))
        else:
            self._other(name)()

    def _other(self, name: str) -> Callable[[], None]:
        if name not in self.known:
            raise UnreadableWeights(f"The pickle in this file wants {name} done, which no file of plain weights needs.")
        return self.known[name]

    def _others(self) -> dict[str, Callable[[], None]]:
        return {
            "PROTO": lambda: None,
            "FRAME": lambda: None,
            "MARK": self._mark,
            "MEMOIZE": lambda: self.memory.__setitem__(len(self.memory), self.stack[-1]),
            "EMPTY_DICT": lambda: self.stack.append({}),
            "EMPTY_LIST": lambda: self.stack.append([]),
            "EMPTY_TUPLE": lambda: self.stack.append(()),
            "EMPTY_SET": lambda: self.stack.append([]),
            "TUPLE1": lambda: self._tuple(1),
            "TUPLE2": lambda: self._tuple(2),
            "TUPLE3": lambda: self._tuple(3),
            "TUPLE": lambda: self._push(tuple(self._marked())),
            "LIST": lambda: self._push(self._marked()),
            "DICT": lambda: self._set(self._marked(), {}),
            "POP": lambda: self._drop(),
            "APPEND": lambda: self._append([self.stack.pop()]),
            "APPENDS": lambda: self._append(self._marked()),
            "ADDITEMS": lambda: self._append(self._marked()),
            "SETITEM": lambda: self._set([self.stack.pop(-2), self.stack.pop()]),
            "SETITEMS": lambda: self._set(self._marked()),
            "FROZENSET": lambda: self._push(self._marked()),
            "POP_MARK": lambda: self._drop_marked(),
            "DUP": lambda: self.stack.append(self.stack[-1]),
            "BUILD": self._build,
            "BINPERSID": self._storage,
            "NEWOBJ": lambda: self._object(self._two()[0]),
            "NEWOBJ_EX": lambda: self._object((self.stack.pop(), *self._two())[1]),
            "OBJ": lambda: self._object(self._marked()[0]),
            "STACK_GLOBAL": lambda: self.stack.append(check_global(*self._two())),
            "REDUCE": lambda: self.stack.append(self._made(*self._two())),
        }

    def _spend(self, count: int) -> None:
        """Counts instructions. Raises UnreadableWeights where they are too many."""
        self.left -= count
        if self.left < 0:
            raise UnreadableWeights(f"The pickle in this file is longer than {self.most:,} instructions.")

    def _made(self, function: Any, arguments: Any) -> Any:
        """What a call gives: a value or a tensor where that is known, else something of which nothing is."""
        if isinstance(function, UnknownObject):
            return function
        if not isinstance(function, GlobalName):
            raise UnreadableWeights(DAMAGED_MESSAGE)
        name = function.name
        if name in _KNOWN_CALLS:
            return _KNOWN_CALLS[name](arguments)
        if name.startswith(("numpy.core.", "numpy._core.")) and name.endswith("multiarray._reconstruct"):
            return PickledArray()
        if name.startswith(("numpy.core.", "numpy._core.")) and name.endswith("numeric._frombuffer"):
            return parse_array(arguments)
        match name:
            case "collections.OrderedDict" | "builtins.dict" | "__builtin__.dict":
                return self._dictionary(arguments[0] if arguments else ())
            case "collections.defaultdict":
                return {}
            case "_codecs.encode":
                return self._encoded(*arguments[:2])
            case "torch._tensor._rebuild_from_type_v2":
                return self._made(arguments[0], arguments[2])
        return UnknownObject(name)

    def _encoded(self, text: Any, encoding: Any) -> bytes:
        """Bytes that an old pickle has as a text cost as much as they are long."""
        if not isinstance(text, str) or encoding not in ("latin1", "latin-1", "utf-8"):
            raise UnreadableWeights(DAMAGED_MESSAGE)
        self._spend(len(text) // 1_000)
        return text.encode(encoding)

    def _dictionary(self, pairs: Any) -> dict[str, Any]:
        """Pairs that the pickle has as one value cost as much as if each had come by itself."""
        self._spend(len(pairs))
        pairs = pairs.items() if isinstance(pairs, dict) else pairs
        return {key: value for key, value in pairs if isinstance(key, str)}

    def _object(self, kind: Any) -> None:
        """An object of a class, of which nothing is known but the class."""
        if isinstance(kind, GlobalName) and kind.name in ("collections.OrderedDict", "collections.defaultdict"):
            self.stack.append({})
        elif isinstance(kind, GlobalName | UnknownObject):
            self.stack.append(UnknownObject(kind.name))
        else:
            raise UnreadableWeights(DAMAGED_MESSAGE)

    def _build(self) -> None:
        state = self.stack.pop()
        set_state(self.stack[-1], state)

    def _mark(self) -> None:
        self.below.append(self.stack)
        self.stack = []

    def _storage(self) -> None:
        said = self.stack.pop()
        if isinstance(said, tuple) and said[:1] == ("module",):  # a class with its text, as PyTorch had before 1.6
            self.stack.append(said[1])
            return
        storage = parse_storage(said)
        self.storages[storage.key] = storage
        self.stack.append(storage)

    def _push(self, value: Any) -> None:
        self.stack.append(value)

    def _drop(self) -> None:
        self.stack.pop()

    def _drop_marked(self) -> None:
        self._marked()

    def _two(self) -> tuple[Any, Any]:
        second = self.stack.pop()
        return self.stack.pop(), second

    def _tuple(self, count: int) -> None:
        values = tuple(self.stack[-count:])
        if len(values) < count:
            raise UnreadableWeights(DAMAGED_MESSAGE)
        self.stack[-count:] = [values]

    def _marked(self) -> list[Any]:
        values, self.stack = self.stack, self.below.pop()
        return values

    def _append(self, values: list[Any]) -> None:
        if not isinstance(self.stack[-1], UnknownObject):
            self.stack[-1].extend(values)

    def _set(self, values: list[Any], into: dict[Any, Any] | None = None) -> None:
        """Pairs of name and value; what has no plain name is left out, since nothing of it could be a weight."""
        if into is not None:
            self.stack.append(into)
        if isinstance(self.stack[-1], UnknownObject):
            return
        for key, value in zip(values[::2], values[1::2], strict=True):
            if is_text_or_number(key):
                self.stack[-1][key] = value
