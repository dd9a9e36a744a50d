"""Reads pickles one instruction at a time; runs no code, imports nothing, and makes no object of a class.

A pickle is a small program. Only the instructions that make plain values and describe tensors and arrays are supported.
Every other object becomes an UnknownObject with its name; names of modules that run programs are rejected.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from typing import IO, Any

from ....core.texts import make_text
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
"""By the name of a callable, what replaces a call to it. No callable is called."""


def read_pickle(data: bytes | IO[bytes], max_instructions: int, storages: dict[str, Storage] | None = None) -> object:
    """The values in a pickle: plain ones, Tensors, PickledArrays, and an UnknownObject for every other object.

    Raises UnreadableWeights for a pickle that is damaged, unsafe or too long. A file is left at the end of the pickle.
    `storages` is filled with all storages, by their keys.
    """
    machine = _PickleMachine(max_instructions, {} if storages is None else storages)
    try:
        for opcode, argument, _ in pickletools.genops(data):
            if opcode.name == "STOP":
                return machine.stack.pop()
            machine.execute(opcode.name, argument)
    except UnreadableWeights:
        raise
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError) as reason:
        raise UnreadableWeights(DAMAGED_MESSAGE) from reason
    raise UnreadableWeights(DAMAGED_MESSAGE)


class _PickleMachine:
    """The stack and the memo of a pickle, and the number of instructions that are left."""

    def __init__(self, max_instructions: int, storages: dict[str, Storage]) -> None:
        self.max_instructions = max_instructions
        self.left = max_instructions
        self.storages = storages
        self.stack: list[Any] = []
        self.metastack: list[list[Any]] = []  # the stacks below each mark
        self.memo: dict[int, Any] = {}
        self.handlers = self._make_handlers()

    def execute(self, name: str, argument: Any) -> None:
        """Executes one instruction."""
        self._spend(1)
        if name in VALUE_OPCODES:
            self.stack.append(argument)
        elif name in CONSTANT_OPCODES:
            self.stack.append(CONSTANT_OPCODES[name])
        elif name in ("PUT", "BINPUT", "LONG_BINPUT"):
            self.memo[int(argument)] = self.stack[-1]
        elif name in ("GET", "BINGET", "LONG_BINGET"):
            self.stack.append(self.memo[int(argument)])
        elif name == "GLOBAL":
            self.stack.append(check_global(*argument.split(" ", 1)))
        elif name == "INST":
            self._pop_marked()
            self._push_object(check_global(*argument.split(" ", 1)))
        else:
            self._find_handler(name)()

    def _find_handler(self, name: str) -> Callable[[], None]:
        if name not in self.handlers:
            raise UnreadableWeights(make_text("pickle_instruction", name=name))
        return self.handlers[name]

    def _make_handlers(self) -> dict[str, Callable[[], None]]:
        return {
            "PROTO": lambda: None,
            "FRAME": lambda: None,
            "MARK": self._push_mark,
            "MEMOIZE": lambda: self.memo.__setitem__(len(self.memo), self.stack[-1]),
            "EMPTY_DICT": lambda: self.stack.append({}),
            "EMPTY_LIST": lambda: self.stack.append([]),
            "EMPTY_TUPLE": lambda: self.stack.append(()),
            "EMPTY_SET": lambda: self.stack.append([]),
            "TUPLE1": lambda: self._make_tuple(1),
            "TUPLE2": lambda: self._make_tuple(2),
            "TUPLE3": lambda: self._make_tuple(3),
            "TUPLE": lambda: self._push(tuple(self._pop_marked())),
            "LIST": lambda: self._push(self._pop_marked()),
            "DICT": lambda: self._set_items(self._pop_marked(), {}),
            "POP": lambda: self._drop(),
            "APPEND": lambda: self._extend_top([self.stack.pop()]),
            "APPENDS": lambda: self._extend_top(self._pop_marked()),
            "ADDITEMS": lambda: self._extend_top(self._pop_marked()),
            "SETITEM": lambda: self._set_items([self.stack.pop(-2), self.stack.pop()]),
            "SETITEMS": lambda: self._set_items(self._pop_marked()),
            "FROZENSET": lambda: self._push(self._pop_marked()),
            "POP_MARK": lambda: self._drop_to_mark(),
            "DUP": lambda: self.stack.append(self.stack[-1]),
            "BUILD": self._build,
            "BINPERSID": self._load_storage,
            "NEWOBJ": lambda: self._push_object(self._pop_two()[0]),
            "NEWOBJ_EX": lambda: self._push_object((self.stack.pop(), *self._pop_two())[1]),
            "OBJ": lambda: self._push_object(self._pop_marked()[0]),
            "STACK_GLOBAL": lambda: self.stack.append(check_global(*self._pop_two())),
            "REDUCE": lambda: self.stack.append(self._replace_call(*self._pop_two())),
        }

    def _spend(self, count: int) -> None:
        """Counts instructions. Raises UnreadableWeights for too many."""
        self.left -= count
        if self.left < 0:
            raise UnreadableWeights(make_text("pickle_too_long", most=self.max_instructions))

    def _replace_call(self, function: Any, arguments: Any) -> Any:
        """The value that stands for the result of a call; an UnknownObject for an unknown callable."""
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
                return self._make_dictionary(arguments[0] if arguments else ())
            case "collections.defaultdict":
                return {}
            case "_codecs.encode":
                return self._encode(*arguments[:2])
            case "torch._tensor._rebuild_from_type_v2":
                return self._replace_call(arguments[0], arguments[2])
        return UnknownObject(name)

    def _encode(self, text: Any, encoding: Any) -> bytes:
        """The bytes that an old pickle contains as a text; their length counts as instructions."""
        if not isinstance(text, str) or encoding not in ("latin1", "latin-1", "utf-8"):
            raise UnreadableWeights(DAMAGED_MESSAGE)
        self._spend(len(text) // 1_000)
        return text.encode(encoding)

    def _make_dictionary(self, pairs: Any) -> dict[str, Any]:
        """A dictionary of the pairs with text keys; every pair counts as an instruction."""
        self._spend(len(pairs))
        pairs = pairs.items() if isinstance(pairs, dict) else pairs
        return {key: value for key, value in pairs if isinstance(key, str)}

    def _push_object(self, class_: Any) -> None:
        """Pushes a dictionary, or an UnknownObject for an object of any other class."""
        if isinstance(class_, GlobalName) and class_.name in ("collections.OrderedDict", "collections.defaultdict"):
            self.stack.append({})
        elif isinstance(class_, GlobalName | UnknownObject):
            self.stack.append(UnknownObject(class_.name))
        else:
            raise UnreadableWeights(DAMAGED_MESSAGE)

    def _build(self) -> None:
        state = self.stack.pop()
        set_state(self.stack[-1], state)

    def _push_mark(self) -> None:
        self.metastack.append(self.stack)
        self.stack = []

    def _load_storage(self) -> None:
        id_ = self.stack.pop()
        if isinstance(id_, tuple) and id_[:1] == ("module",):  # a class with its source, as PyTorch wrote before 1.6
            self.stack.append(id_[1])
            return
        storage = parse_storage(id_)
        self.storages[storage.key] = storage
        self.stack.append(storage)

    def _push(self, value: Any) -> None:
        self.stack.append(value)

    def _drop(self) -> None:
        self.stack.pop()

    def _drop_to_mark(self) -> None:
        self._pop_marked()

    def _pop_two(self) -> tuple[Any, Any]:
        second = self.stack.pop()
        return self.stack.pop(), second

    def _make_tuple(self, count: int) -> None:
        values = tuple(self.stack[-count:])
        if len(values) < count:
            raise UnreadableWeights(DAMAGED_MESSAGE)
        self.stack[-count:] = [values]

    def _pop_marked(self) -> list[Any]:
        values, self.stack = self.stack, self.metastack.pop()
        return values

    def _extend_top(self, values: list[Any]) -> None:
        if not isinstance(self.stack[-1], UnknownObject):
            self.stack[-1].extend(values)

    def _set_items(self, values: list[Any], into: dict[Any, Any] | None = None) -> None:
        """Sets pairs of key and value in the dictionary on top; skips keys that are neither text nor number."""
        if into is not None:
            self.stack.append(into)
        if isinstance(self.stack[-1], UnknownObject):
            return
        for key, value in zip(values[::2], values[1::2], strict=True):
            if is_text_or_number(key):
                self.stack[-1][key] = value
