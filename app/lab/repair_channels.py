"""Changes a scene's channels, gray or RGB, to those that its first trained filters read."""

from __future__ import annotations

from dataclasses import replace

from ..core.operation_table import find_operation
from ..core.problems import Problem, make_problem
from ..core.scene import Channels, Layer, LearnedFilters, Numbers, Scene
from ..core.texts import make_text
from ..core.weights.bank import LearnedBank
from ..core.weights.pretrained import TrainedModels

CHANNELS_BY_DEPTH: dict[int, Channels] = {1: "gray", 3: "rgb"}
KEEPS_CHANNELS = {"keeps_shape", "map_by_map"}
"""Capabilities of layers whose maps still stand for the channels of the picture."""


def repair_channels(scene: Scene, trained: TrainedModels) -> tuple[Scene, tuple[Problem, ...]]:
    """The scene with the channels that its first trained filters read, and the problems; not for typed numbers."""
    filters = _find_first_filters(scene)
    if not filters or isinstance(scene.shown_image, Numbers):
        return scene, ()
    bank = trained.bank(filters[0])
    given = bank.weight.shape[1] * bank.groups if isinstance(bank, LearnedBank) else 0
    channels, depth = CHANNELS_BY_DEPTH.get(given, scene.channels), 3 if scene.channels == "rgb" else 1
    if channels == scene.channels:
        return scene, ()
    name = f"{filters[0].model}/{filters[0].layer}"
    code = "channels_gray" if given == 1 else "channels_rgb"
    shown = make_text(f"shown_in_{channels}")
    problem = make_problem(code, "channels", scene.channels, channels, shown, name=name, given=given, depth=depth)
    return replace(scene, channels=channels), (problem,)


def _find_first_filters(scene: Scene) -> list[LearnedFilters]:
    """The trained filters that read the channels of the picture."""
    for layer in scene.layers:
        if layer.op == "conv":
            return _list_learned(layer)
        row = find_operation(layer.op)
        if row is None or not KEEPS_CHANNELS & {*row.capabilities}:
            break
    return []


def _list_learned(layer: Layer) -> list[LearnedFilters]:
    return [one for one in layer.filters if isinstance(one, LearnedFilters)] if layer.get("groups") is None else []
