"""Misspelt names of trained models and of their layers: a page takes the one that can have been meant."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..core.link.coerce import find_unambiguous_name
from ..core.messages import join_names, quote_text, say
from ..core.problems import Problem
from ..core.scene import Filter, Layer, LearnedFilters, Scene
from ..models.custom_model import BROUGHT
from ..models.library import Models

MODEL_OPERATIONS = ("model", "prepare", "linear")


def repair_names(scene: Scene, models: Models) -> tuple[Scene, tuple[Problem, ...]]:
    """The scene with the names that trained models and their layers have, and what was changed.

    A name that could be two others stays as it is, and so does one of weights that somebody brought.
    """
    layers: list[Layer] = []
    problems: list[Problem] = []
    for index, layer in enumerate(scene.layers):
        named, wrong = _repair_layer(layer, models)
        layers.append(named)
        problems += [replace(problem, layer=index) for problem in wrong]
    return (replace(scene, layers=tuple(layers)), tuple(problems)) if problems else (scene, ())


def _repair_layer(layer: Layer, models: Models) -> tuple[Layer, list[Problem]]:
    if layer.op == "conv":
        found = [_repair_filter(one, models) for one in layer.filters]
        problems = [problem for _, problem in found if problem]
        return replace(layer, filters=tuple(one for one, _ in found)) if problems else layer, problems
    if layer.op not in MODEL_OPERATIONS or not isinstance(layer.head, str):
        return layer, []
    called = _find_repair(layer.head, models, "layers", layer.op == "linear")
    return (replace(layer, head=called[0]), [called[1]]) if called else (layer, [])


def _repair_filter(one: Filter, models: Models) -> tuple[Any, Problem | None]:
    if not isinstance(one, LearnedFilters):
        return one, None
    called = _find_repair(f"{one.model}/{one.layer}", models, "filters", False)
    if not called:
        return one, None
    model, _, layer = called[0].partition("/")
    return replace(one, model=model, layer=layer), called[1]


def _find_repair(name: str, models: Models, field: str, linear: bool) -> tuple[str, Problem] | None:
    """The name that must have been meant, and what is said of it; None where all is right or nobody can tell."""
    model, slash, layer = name.partition("/")
    if model.startswith(BROUGHT):
        return None
    meant = model if model in models else find_unambiguous_name(model, models)
    if meant is None:
        return None
    names = models[meant].linears if linear else models[meant].banks
    near = layer if not slash or layer in names else find_unambiguous_name(layer, names)
    if near is None or (meant, near) == (model, layer):
        return None
    used = f"{meant}{slash}{near}"
    if meant != model:
        text = say("no_model_of", value=quote_text(model), allowed=join_names(models))
    else:
        text = say(
            "no_linear" if linear else "no_layer", model=meant, value=quote_text(layer), allowed=join_names(names)
        )
    return used, Problem(field, quote_text(name), used, text + say("opening_shown", used=used))
