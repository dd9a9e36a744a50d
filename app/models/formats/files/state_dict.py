"""The tensors in what a training saved: dictionaries and lists in one another, of which one is the model's state."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..entries import UnreadableWeights
from ..layers.array_names import LONGEST, WRAPPERS
from .torch_tensors import Array, Opaque, Tensor

DEEPEST = 6
"""States lie at most so many dictionaries deep in what a training saved."""
MOST_TENSORS = 100_000
MOST_UNKNOWN = 20
"""Kinds of objects that are named."""
_PART_OF_A_STATE = re.compile(r".+\.(?:weight|kernel)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """A tensor or an array, its name, and the dictionaries around it that are no part of the name."""

    name: str
    way: tuple[str, ...]
    value: Tensor | Array


@dataclass(slots=True)
class Found:
    """What is in a state. `unknown` and `missing` are as in `Contents`."""

    places: list[Place] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    missing: str = ""
    _seen: set[int] = field(default_factory=set)

    @property
    def tensors(self) -> bool:
        """Whether any is PyTorch's."""
        return any(isinstance(place.value, Tensor) for place in self.places)

    def take(self, value: object, path: tuple[str, ...]) -> None:
        """The tensors of nested dictionaries and lists, each of these once. Raises UnreadableWeights for too many."""
        if isinstance(value, Tensor | Array):
            if len(self.places) >= MOST_TENSORS:
                raise UnreadableWeights(f"There are more than {MOST_TENSORS:,} tensors in this file.")
            self.places.append(_place(value, path))
        elif isinstance(value, Opaque):
            self._skip(value.name, path)
        elif isinstance(value, dict | list | tuple) and len(path) <= DEEPEST and id(value) not in self._seen:
            self._seen.add(id(value))
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                self.take(inner, (*path, _short(str(key))))

    def _skip(self, name: str, path: tuple[str, ...]) -> None:
        if path and _PART_OF_A_STATE.fullmatch(path[-1]):
            self.missing = self.missing or name
        if len(self.unknown) < MOST_UNKNOWN and name not in self.unknown:
            # What stands where a model should is named before what stands beside it.
            first = not path or path[-1] in WRAPPERS
            self.unknown = (name, *self.unknown) if first else (*self.unknown, name)


def found_in(state: object) -> Found:
    """All tensors and arrays of a state in their order."""
    found = Found()
    found.take(state, ())
    return found


def _place(value: Tensor | Array, path: tuple[str, ...]) -> Place:
    around = 0
    while around < len(path) - 1 and path[around] in WRAPPERS:
        around += 1
    return Place(".".join(path[around:]) or "conv", path[:around], value)


def _short(key: str) -> str:
    """A name of which no copy costs much: its beginning and its end."""
    return key if len(key) <= LONGEST else key[:64] + key[64 - LONGEST :]
