"""The tensors in what a training saved: dictionaries and lists in one another, of which one is the model's state."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..entries import UnreadableWeights
from ..layers.array_names import MAX_CHARACTERS, STATE_KEYS
from .torch_tensors import PickledArray, Tensor, UnknownObject

MAX_DEPTH = 6
"""States lie at most so many dictionaries deep in what a training saved."""
MAX_TENSORS = 100_000
MAX_UNKNOWN = 20
"""Kinds of objects that are named."""
_WEIGHT_KEY = re.compile(r".+\.(?:weight|kernel)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NamedTensor:
    """A tensor or an array, its name, and the dictionaries around it that are no part of the name."""

    name: str
    way: tuple[str, ...]
    value: Tensor | PickledArray


@dataclass(slots=True)
class StateTensors:
    """What is in a state. `unknown` and `missing` are as in `Contents`."""

    places: list[NamedTensor] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    missing: str = ""
    _seen: set[int] = field(default_factory=set)

    @property
    def tensors(self) -> bool:
        """Whether any is PyTorch's."""
        return any(isinstance(place.value, Tensor) for place in self.places)

    def take(self, value: object, path: tuple[str, ...]) -> None:
        """The tensors of nested dictionaries and lists, each of these once. Raises UnreadableWeights for too many."""
        if isinstance(value, Tensor | PickledArray):
            if len(self.places) >= MAX_TENSORS:
                raise UnreadableWeights(f"There are more than {MAX_TENSORS:,} tensors in this file.")
            self.places.append(_name_tensor(value, path))
        elif isinstance(value, UnknownObject):
            self._skip(value.name, path)
        elif isinstance(value, dict | list | tuple) and len(path) <= MAX_DEPTH and id(value) not in self._seen:
            self._seen.add(id(value))
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                self.take(inner, (*path, _shorten(str(key))))

    def _skip(self, name: str, path: tuple[str, ...]) -> None:
        if path and _WEIGHT_KEY.fullmatch(path[-1]):
            self.missing = self.missing or name
        if len(self.unknown) < MAX_UNKNOWN and name not in self.unknown:
            # What stands where a model should is named before what stands beside it.
            first = not path or path[-1] in STATE_KEYS
            self.unknown = (name, *self.unknown) if first else (*self.unknown, name)


def find_tensors(state: object) -> StateTensors:
    """All tensors and arrays of a state in their order."""
    found = StateTensors()
    found.take(state, ())
    return found


def _name_tensor(value: Tensor | PickledArray, path: tuple[str, ...]) -> NamedTensor:
    around = 0
    while around < len(path) - 1 and path[around] in STATE_KEYS:
        around += 1
    return NamedTensor(".".join(path[around:]) or "conv", path[:around], value)


def _shorten(key: str) -> str:
    """A name of which no copy costs much: its beginning and its end."""
    return key if len(key) <= MAX_CHARACTERS else key[:64] + key[64 - MAX_CHARACTERS :]
