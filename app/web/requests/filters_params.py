"""What the page of learned filters can be asked for beside a picture: the model, a filter, how the wall is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...core.limits import Limits
from ...core.link.reader import RawOption, SceneReader
from ...core.link.syntax import split_value
from ...core.options import VIEW_OPTIONS, Option
from ...core.problems import Problem
from ...core.scene import Channels, Layer, LearnedFilters, Scene
from ...models.model import Model

FAVORITE = "photos"
"""The model that opens first, where it is installed."""
PICTURE_SIDE = 227
"""Cells a side for a model that takes pictures of any size."""
ORDERS = ("trained", "orientation", "frequency", "color", "strength")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The values of the page's own keys. `filter` None is the most telling one. `moment` is a step of training,
    None for the end of it.
    """

    model: str
    filter: int | None = None
    show: str = "color"
    sort: str = "trained"
    scale: str = "each"
    wall: str = "filters"
    moment: int | None = None


def wall_options(models: Sequence[str]) -> tuple[Option, ...]:
    """The page's own keys and those of a figure that mean something here, for links in both languages."""
    names = tuple(models)
    first = FAVORITE if FAVORITE in names else names[0]
    shared = tuple(option for option in VIEW_OPTIONS if option.name in ("at", "theme"))
    return (
        Option("model", "word", first, "Model", "Whose filters are shown.", choices=names),
        Option("filter", "whole", None, "Filter", "Which filter is looked at closely.", most=65_535),
        Option("show", "word", "color", "Show", "How filters are drawn.", choices=("color", "channels", "digits")),
        Option("sort", "word", "trained", "Sort", "In which order they hang.", choices=ORDERS),
        Option("scale", "word", "each", "Scale", "One scale a filter, or one for all.", choices=("each", "all")),
        Option("wall", "word", "filters", "Wall", "Filters, or their maps.", choices=("filters", "maps")),
        Option("moment", "whole", None, "Moment", "A step of training, of which the film is shown.", most=10**9),
        *shared,
    )


OWN_KEYS = ("model", "filter", "show", "sort", "scale", "wall", "moment")


def read_chosen(given: Mapping[str, str], models: Sequence[str], limits: Limits) -> tuple[Chosen, tuple[Problem, ...]]:
    """The page's own keys from a link; the nearest good value and a sentence for every bad one."""
    reader = SceneReader(limits)
    values: dict[str, Any] = {}
    for option in wall_options(models):
        if option.name in OWN_KEYS:
            text = given.get(option.name)
            said = RawOption(option.name, split_value(option, text), text) if text is not None else None
            values[option.name] = reader.read_value(option, said) if said else option.default
    return Chosen(**values), reader.problems


def scene_for(model: Model, picture: Scene, sized: bool, filter: int | None = None, moment: int | None = None) -> Scene:
    """The picture, prepared for a model, through its first filters: all of them or one.

    `sized` says that the picture's own size was asked for; it counts where the model takes any size.
    """
    size = model.prepare.size or (picture.size if sized else (PICTURE_SIDE, PICTURE_SIDE))
    layers = (
        Layer("prepare", head=model.name),
        Layer("conv", (LearnedFilters(model.name, model.first, filter, moment),)),
    )
    channels: Channels = "rgb" if model.prepare.channels == 3 else "gray"
    return replace(picture, size=size, channels=channels, range="byte", layers=layers)
