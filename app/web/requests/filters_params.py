"""The query parameters of the filters page: the model, a layer, a filter, how the grid is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...core.limits import Limits
from ...core.link.reader import RawOption, SceneReader
from ...core.link.syntax import split_value
from ...core.messages import make_range, quote_text
from ...core.options import VIEW_OPTIONS, Option
from ...core.problems import Problem, make_problem
from ...core.scene import Channels, Layer, LearnedFilters, Scene
from ...models.model import PICTURE_SIDE, Model, make_unknown_name_problem
from ..table_texts import TableTexts, list_option_texts

DEFAULT_MODEL = "photos"
"""The model that opens first, where it is installed."""
ORDERS = ("trained", "orientation", "frequency", "color", "strength")


@dataclass(frozen=True, slots=True)
class FiltersParams:
    """The values of the page's own keys.

    `layer` is "" for the first layer; `filter` None is the most characteristic one; `moment` is a training step, None
    for the end of training.
    """

    model: str
    layer: str = ""
    filter: int | None = None
    show: str = "color"
    sort: str = "trained"
    scale: str = "each"
    wall: str = "filters"
    moment: int | None = None


def make_filters_options(models: Sequence[str]) -> tuple[Option, ...]:
    """The options of the page: its own, and those of a figure that apply here; shared with the JavaScript side."""
    names = tuple(models)
    default = DEFAULT_MODEL if DEFAULT_MODEL in names else names[0]
    shared = tuple(option for option in VIEW_OPTIONS if option.name in ("at", "theme"))
    return (
        Option("model", "word", default, "Model", "The model whose filters are shown.", choices=names),
        Option("layer", "line", "", "Layer", "The layer that is shown, the first unless it is named."),
        Option("filter", "whole", None, "Filter", "Which filter is looked at closely.", most=65_535),
        Option("show", "word", "color", "Show", "How filters are drawn.", choices=("color", "channels", "digits")),
        Option("sort", "word", "trained", "Sort", "The order of the filters.", choices=ORDERS),
        Option("scale", "word", "each", "Scale", "One scale per filter, or one for all.", choices=("each", "all")),
        Option("wall", "word", "filters", "Wall", "Filters or their maps.", choices=("filters", "maps")),
        Option("moment", "whole", None, "Moment", "A step of training, of which the film is shown.", most=10**9),
        *shared,
    )


FILTERS_TEXTS = TableTexts(list_option_texts("filters", make_filters_options((DEFAULT_MODEL,))))
OWN_KEYS = ("model", "layer", "filter", "show", "sort", "scale", "wall", "moment")


def read_filters_params(
    values_given: Mapping[str, str], models: Sequence[str], limits: Limits
) -> tuple[FiltersParams, tuple[Problem, ...]]:
    """The page's own values from a link, with the nearest valid value and a problem for every invalid one."""
    reader = SceneReader(limits)
    values: dict[str, Any] = {}
    for option in make_filters_options(models):
        if option.name in OWN_KEYS and option.name != "layer":
            text = values_given.get(option.name)
            raw = RawOption(option.name, split_value(option, text), text) if text is not None else None
            values[option.name] = reader.read_value(option, raw) if raw else option.default
    return FiltersParams(**values, layer=values_given.get("layer", "")), reader.problems


def fit_layer(model: Model, chosen: FiltersParams) -> tuple[FiltersParams, tuple[Problem, ...]]:
    """The parameters with a layer that the model has, and a note with its layers if another one was given."""
    if chosen.layer in ("", model.first_layer):
        return replace(chosen, layer=""), ()
    if chosen.layer in model.filter_layers:
        return chosen, ()
    problem = make_unknown_name_problem(
        "no_layer", "layer", quote_text(chosen.layer), model.filter_layers, model=model.name
    )
    return replace(chosen, layer=""), (replace(problem, severity="note"),)


def fit_filter(model: Model, chosen: FiltersParams) -> tuple[FiltersParams, tuple[Problem, ...]]:
    """The parameters with a filter that their layer has, and a note if another one was given."""
    last = model.bank_shape(chosen.layer or model.first_layer)[0] - 1
    if chosen.filter is None or chosen.filter <= last:
        return chosen, ()
    allowed = make_range(0, last)
    note = make_problem(
        "no_such_filter", "filter", chosen.filter, allowed, severity="note", model=model.title, last=last
    )
    return replace(chosen, filter=last), (note,)


def make_filters_scene(
    model: Model, picture: Scene, has_size: bool, filter: int | None = None, moment: int | None = None
) -> Scene:
    """The scene that preprocesses the picture for a model and applies its first filters: all of them or one.

    `has_size`: the link gives a size, which is used if the model takes any size.
    """
    size = model.prepare.size or (picture.size if has_size else (PICTURE_SIDE, PICTURE_SIDE))
    layers = (
        Layer("prepare", head=model.name),
        Layer("conv", (LearnedFilters(model.name, model.first_layer, filter, moment),)),
    )
    channels: Channels = "rgb" if model.prepare.channels == 3 else "gray"
    return replace(picture, size=size, channels=channels, range="byte", layers=layers)
