"""Corrects misspelled names of trained models and of their layers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..core.link.coerce import find_unambiguous_name
from ..core.messages import join_names, quote_text
from ..core.problems import Problem
from ..core.scene import Filter, Layer, LearnedFilters, Scene
from ..core.texts import make_text
from ..models.custom_model import UPLOAD_PREFIX
from ..models.library import Models

MODEL_OPERATIONS = ("model", "prepare", "linear")


def repair_names(scene: Scene, models: Models) -> tuple[Scene, tuple[Problem, ...]]:
    """The scene with corrected names of trained models and layers, and the problems.

    An ambiguous name is not changed, nor is that of uploaded weights.
    """
    layers: list[Layer] = []
    problems: list[Problem] = []
    for index, layer in enumerate(scene.layers):
        repaired, layer_problems = _repair_layer(layer, models)
        layers.append(repaired)
        problems += [replace(problem, layer=index) for problem in layer_problems]
    return (replace(scene, layers=tuple(layers)), tuple(problems)) if problems else (scene, ())


def _repair_layer(layer: Layer, models: Models) -> tuple[Layer, list[Problem]]:
    if layer.filters:
        found = [_repair_filter(one, models) for one in layer.filters]
        problems = [problem for _, problem in found if problem]
        return replace(layer, filters=tuple(one for one, _ in found)) if problems else layer, problems
    if layer.op not in MODEL_OPERATIONS or not isinstance(layer.head, str):
        return layer, []
    repair = _find_repair(layer.head, models, "layers", layer.op == "linear")
    return (replace(layer, head=repair[0]), [repair[1]]) if repair else (layer, [])


def _repair_filter(one: Filter, models: Models) -> tuple[Any, Problem | None]:
    if not isinstance(one, LearnedFilters):
        return one, None
    repair = _find_repair(f"{one.model}/{one.layer}", models, "filters", False)
    if not repair:
        return one, None
    model, _, layer = repair[0].partition("/")
    return replace(one, model=model, layer=layer), repair[1]


def _find_repair(name: str, models: Models, field: str, linear: bool) -> tuple[str, Problem] | None:
    """(the corrected name, the problem); None where the name is right or ambiguous."""
    model, slash, layer = name.partition("/")
    if model.startswith(UPLOAD_PREFIX):
        return None
    right_model = model if model in models else find_unambiguous_name(model, models)
    if right_model is None:
        return None
    names = models[right_model].linear_layers if linear else models[right_model].filter_layers
    right_layer = layer if not slash or layer in names else find_unambiguous_name(layer, names)
    if right_layer is None or (right_model, right_layer) == (model, layer):
        return None
    used = f"{right_model}{slash}{right_layer}"
    if right_model != model:
        text = make_text("no_model_of", value=quote_text(model), allowed=join_names(models))
    else:
        text = make_text(
            "no_linear" if linear else "no_layer", model=right_model, value=quote_text(layer), allowed=join_names(names)
        )
    return used, Problem(field, quote_text(name), used, text, (make_text("opening_shown", used=used),))
