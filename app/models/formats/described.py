"""What PyTorch says of tensors in a pickle: their storages, how they lie there, and the names that it takes for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .layer import UnreadableWeights, is_whole, quoted, shape_of

STORAGES = {
    "FloatStorage": "float32",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "DoubleStorage": "float64",
}
"""Other kinds, such as LongStorage, hold no weights; they keep their names."""
DAMAGED = "The pickle in this file is damaged."


@dataclass(frozen=True, slots=True)
class Storage:
    """A run of numbers that lies elsewhere in the file."""

    kind: str
    key: str
    numbers: int


@dataclass(frozen=True, slots=True)
class Tensor:
    """A view of a storage."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """A name out of a module, which is never imported."""

    name: str


def is_plain(name: object) -> bool:
    """Whether this is a text or a number; written out, a nested tuple of a few words can be endless."""
    return isinstance(name, str) or is_whole(name)


def known(module: str, name: str) -> Called:
    """A name that a state file may need. Raises UnreadableWeights for any other."""
    whole = f"{module}.{name}"
    plain = (
        *("collections.OrderedDict", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter"),
        *("torch.Size", "builtins.set", "__builtin__.set"),
    )
    if whole in plain or (module in ("torch", "torch.storage") and name.endswith("Storage") and name.isidentifier()):
        return Called(whole)
    raise UnreadableWeights(
        f"Opening this file would run {quoted(whole)}, so it was not opened. Only plain weights are read: "
        "in PyTorch, torch.save(model.state_dict(), …)."
    )


def storage_of(said: Any) -> Storage:
    """A storage as PyTorch names it: ("storage", its kind, its key, where it was, how many numbers)."""
    _, kind, key, _, numbers = said[:5]
    if not isinstance(kind, Called) or not is_plain(key) or not is_whole(numbers):
        raise UnreadableWeights(DAMAGED)
    name = kind.name.rpartition(".")[2]
    return Storage(STORAGES.get(name, name), str(key), numbers)


def tensor_of(arguments: Any) -> Tensor:
    """A tensor as PyTorch makes it: (its storage, the first number there, its shape, its strides, …)."""
    storage, offset, shape, strides = arguments[:4]
    if not isinstance(storage, Storage) or not is_whole(offset):
        raise UnreadableWeights(DAMAGED)
    return Tensor(storage, offset, shape_of("a tensor", shape), shape_of("a tensor", strides))
