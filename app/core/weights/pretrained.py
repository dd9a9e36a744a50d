"""The interface of trained models, and an implementation without any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ..arrays import Maps
from ..ops.preprocessing import Preprocessing
from ..problems import Problem, make_problem
from ..scene import Layer, LearnedFilters
from ..texts import make_text
from .bank import LearnedBank


@dataclass(frozen=True, slots=True)
class LearnedLinear:
    """A trained fully connected layer: `weight` (K, N), `bias` (K,), and the classes of its outputs, if it has any."""

    weight: Maps
    bias: Maps
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelLayer:
    """One layer of a trained model: its name in the model, and the layer as in a scene."""

    name: str
    layer: Layer


class TrainedModels(Protocol):
    """A source of trained weights. Every method returns a Problem for what it does not have."""

    def bank(self, learned: LearnedFilters, /) -> LearnedBank | Problem:
        """The filters of a layer, at the training step `moment` if given."""

    def linear(self, name: str, /) -> LearnedLinear | Problem:
        """The fully connected layer `model/layer`."""

    def prepare(self, model: str, /) -> Preprocessing | Problem:
        """The preprocessing of a model's pictures."""

    def layers(self, model: str, /) -> tuple[ModelLayer, ...] | Problem:
        """All layers of a model in order, its preprocessing first."""


class NoTrainedModels:
    """No trained models."""

    def bank(self, learned: LearnedFilters, /) -> LearnedBank | Problem:
        """Always a Problem."""
        name = f"{learned.model}/{learned.layer}"
        return make_problem("no_learned", "filters", name, make_text("untrained"))

    def linear(self, name: str, /) -> LearnedLinear | Problem:
        """Always a Problem."""
        return make_no_model_problem(name)

    def prepare(self, model: str, /) -> Preprocessing | Problem:
        """Always a Problem."""
        return make_no_model_problem(model)

    def layers(self, model: str, /) -> tuple[ModelLayer, ...] | Problem:
        """Always a Problem."""
        return make_no_model_problem(model)


def make_no_model_problem(name: str) -> Problem:
    """The Problem that there is no model of that name."""
    return make_problem("no_model", "layers", name, make_text("no_model_yet"))
