"""Misspelt names of trained models and of their layers: a page takes the one that can have been meant."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..core.link.coerce import only_near_name
from ..core.messages import listed, say, shown
from ..core.problems import Problem
from ..core.scene import Filter, Layer, Learned, Scene
from ..models.custom_model import UPLOAD_PREFIX
from ..models.library import Models

OF_A_MODEL = ("model", "prepare", "linear")


def as_they_are_called(scene: Scene, models: Models) -> tuple[Scene, tuple[Problem, ...]]:
    """The scene with the names that trained models and their layers have, and what was changed.

    A name that could be two others stays as it is, and so does one of weights that somebody brought.
    """
    layers: list[Layer] = []
    problems: list[Problem] = []
    for index, layer in enumerate(scene.layers):
        named, wrong = _named(layer, models)
        layers.append(named)
        problems += [replace(problem, layer=index) for problem in wrong]
    return (replace(scene, layers=tuple(layers)), tuple(problems)) if problems else (scene, ())


def _named(layer: Layer, models: Models) -> tuple[Layer, list[Problem]]:
    if layer.op == "conv":
        found = [_filter(one, models) for one in layer.filters]
        problems = [problem for _, problem in found if problem]
        return replace(layer, filters=tuple(one for one, _ in found)) if problems else layer, problems
    if layer.op not in OF_A_MODEL or not isinstance(layer.head, str):
        return layer, []
    called = _called(layer.head, models, "layers", layer.op == "linear")
    return (replace(layer, head=called[0]), [called[1]]) if called else (layer, [])


def _filter(one: Filter, models: Models) -> tuple[Any, Problem | None]:
    if not isinstance(one, Learned):
        return one, None
    called = _called(f"{one.model}/{one.layer}", models, "filters", False)
    if not called:
        return one, None
    model, _, layer = called[0].partition("/")
    return replace(one, model=model, layer=layer), called[1]


def _called(name: str, models: Models, field: str, linear: bool) -> tuple[str, Problem] | None:
    """The name that must have been meant, and what is said of it; None where all is right or nobody can tell."""
    model, slash, layer = name.partition("/")
    if model.startswith(UPLOAD_PREFIX):
        return None
    meant = model if model in models else only_near_name(model, models)
    if meant is None:
        return None
    names = models[meant].linear_layers if linear else models[meant].filter_layers
    near = layer if not slash or layer in names else only_near_name(layer, names)
    if near is None or (meant, near) == (model, layer):
        return None
    used = f"{meant}{slash}{near}"
    if meant != model:
        text = say("no_model_of", value=shown(model), allowed=listed(models))
    else:
        text = say("no_linear" if linear else "no_layer", model=meant, value=shown(layer), allowed=listed(names))
    return used, Problem(field, shown(name), used, text + say("opening_shown", used=used))
