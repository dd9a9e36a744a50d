"""The tensors in a saved training state: nested dictionaries and lists, of which one is the model's state_dict."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ....core.texts import make_text
from ..entries import UnreadableWeights
from ..layers.array_names import MAX_CHARACTERS, STATE_KEYS
from .torch_tensors import PickledArray, Tensor, UnknownObject

MAX_DEPTH = 6
"""The most dictionaries around a state_dict."""
MAX_TENSORS = 100_000
MAX_UNKNOWN = 20
"""The most names of skipped objects that are kept."""
_WEIGHT_KEY = re.compile(r".+\.(?:weight|kernel)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class NamedTensor:
    """A tensor or an array with its name, and the keys of the dictionaries around it that are not part of the name."""

    name: str
    wrappers: tuple[str, ...]
    value: Tensor | PickledArray


@dataclass(slots=True)
class StateTensors:
    """The tensors of a saved state. `unknown` and `missing` are as in `Contents`."""

    tensors: list[NamedTensor] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    missing: str = ""
    _seen: set[int] = field(default_factory=set)

    @property
    def has_pytorch_tensors(self) -> bool:
        """Whether any of them is a PyTorch tensor."""
        return any(isinstance(named.value, Tensor) for named in self.tensors)

    def collect(self, value: object, path: tuple[str, ...]) -> None:
        """Adds the tensors of nested dictionaries and lists, each of these once. Raises UnreadableWeights."""
        if isinstance(value, Tensor | PickledArray):
            if len(self.tensors) >= MAX_TENSORS:
                raise UnreadableWeights(make_text("too_many_tensors", most=MAX_TENSORS))
            self.tensors.append(_name_tensor(value, path))
        elif isinstance(value, UnknownObject):
            self._skip(value.name, path)
        elif isinstance(value, dict | list | tuple) and len(path) <= MAX_DEPTH and id(value) not in self._seen:
            self._seen.add(id(value))
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                self.collect(inner, (*path, _shorten(str(key))))

    def _skip(self, name: str, path: tuple[str, ...]) -> None:
        if path and _WEIGHT_KEY.fullmatch(path[-1]):
            self.missing = self.missing or name
        if len(self.unknown) < MAX_UNKNOWN and name not in self.unknown:
            # An object in the place of a model is named before others.
            replaces_model = not path or path[-1] in STATE_KEYS
            self.unknown = (name, *self.unknown) if replaces_model else (*self.unknown, name)


def find_tensors(state: object) -> StateTensors:
    """All tensors and arrays of a saved state, in their order."""
    tensors = StateTensors()
    tensors.collect(state, ())
    return tensors


def _name_tensor(value: Tensor | PickledArray, path: tuple[str, ...]) -> NamedTensor:
    depth = 0
    while depth < len(path) - 1 and path[depth] in STATE_KEYS:
        depth += 1
    return NamedTensor(".".join(path[depth:]) or "conv", path[:depth], value)


def _shorten(key: str) -> str:
    """The beginning and the end of a long key, so that copies of it stay small."""
    return key if len(key) <= MAX_CHARACTERS else key[:64] + key[64 - MAX_CHARACTERS :]
