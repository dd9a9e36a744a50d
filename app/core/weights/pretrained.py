"""What the core asks of trained models, and the answer where there are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ..arrays import Maps
from ..messages import say
from ..ops.preprocessing import Preprocessing
from ..problems import Problem
from ..scene import Layer, LearnedFilters
from .bank import LearnedBank


@dataclass(frozen=True, slots=True)
class LearnedLinear:
    """A trained fully connected layer: `weight` (K, N), `bias` (K,), and what its outputs stand for, if anything."""

    weight: Maps
    bias: Maps
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelLayer:
    """One layer of a trained model: its name there, and the same as a layer of a scene."""

    name: str
    layer: Layer


class TrainedModels(Protocol):
    """Where trained weights come from. Every question is answered, if need be by a Problem in plain words."""

    def bank(self, learned: LearnedFilters, /) -> LearnedBank | Problem:
        """The filters of a layer, of one moment of its training if the name says so."""

    def linear(self, name: str, /) -> LearnedLinear | Problem:
        """A fully connected layer by `model/layer`."""

    def prepare(self, model: str, /) -> Preprocessing | Problem:
        """How pictures are brought to what a model reads."""

    def layers(self, model: str, /) -> tuple[ModelLayer, ...] | Problem:
        """All layers of a model in their order, its preparation first."""


class NoTrainedModels:
    """No trained model at all."""

    def bank(self, learned: LearnedFilters, /) -> LearnedBank | Problem:
        """None."""
        name = f"{learned.model}/{learned.layer}"
        can_be = say("untrained")
        return Problem("filters", name, can_be, say("no_learned", value=name, allowed=can_be))

    def linear(self, name: str, /) -> LearnedLinear | Problem:
        """None."""
        return make_no_model_problem(name)

    def prepare(self, model: str, /) -> Preprocessing | Problem:
        """None."""
        return make_no_model_problem(model)

    def layers(self, model: str, /) -> tuple[ModelLayer, ...] | Problem:
        """None."""
        return make_no_model_problem(model)


def make_no_model_problem(name: str) -> Problem:
    """There are no models, whatever they are called."""
    return Problem("layers", name, say("no_model_yet"), say("no_model", value=name))
