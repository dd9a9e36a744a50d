"""The Lab without a server: a link and things of one's own, answered on this machine."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from .core.limits import Limits
from .core.link.query_string import parse_link
from .core.messages import remove_repairs
from .core.problems import Problem
from .core.scene import Channels, Layer, LearnedFilters, Range, Scene, UploadId, View
from .images.picture import Picture
from .images.samples import Samples, load_samples
from .images.store.store import Store
from .lab import ExactInput, Lab, LabResult
from .models.custom_model import BROUGHT, bank_file
from .models.formats import FirstLayer
from .models.library import Models, load_models
from .resources import resource
from .settings import Settings

OWN_PICTURE = "u-yours"
OWN_WEIGHTS = f"{BROUGHT}yours"
ON_A_SERVER = "{id} is a picture on a server, and it is not here. Give the picture itself: {how}."
NO_CONVOLUTION = "Weights take the place of the filters of the first convolution, and the link {query!r} has none."
TOO_WIDE = "The image has {rows} × {columns} cells; it can have {most} a side. Take a part of it, or average it first."
OF_A_SITE = re.compile(
    r"/+(?:embed|filters|api/(?:trace(?:\.json)?|steps|tray|picture\.png|figure\.png|export/html))?/*$"
)
"""What an address of a page or a call has behind the path of its site."""
HOW = "image=array in Python, --image FILE on the command line"


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as a link says it: what came of its scene, and how it is to be shown."""

    answer: LabResult
    view: View


@dataclass(frozen=True, slots=True, eq=False)
class Own:
    """What stands in for the link's picture, and for the filters of its first convolution; None changes nothing.

    A picture is cut as an upload is. With `channels`, those of the array that it was, its pixels are the cells, one by
    one, unless the link says size, crop or channels.
    """

    picture: Picture | ExactInput | None = None
    channels: Channels | None = None
    filters: FirstLayer | None = None


def shown(query: str, own: Own | None = None) -> Shown:
    """The figure of a query string. Raises ValueError, in sentences, for all that does not fit."""
    own, here = own or Own(), _here()
    link = parse_link(query, here.limits)
    _must_be_good(link.problems)
    scene = _with_filters(_with_picture(link.scene, own, keys_of(query)), own.filters, query)
    _must_be_in_reach(scene, here.limits)
    answer = here.lab(own).compute(scene, link.problems)
    if answer.gone and isinstance(scene.image, UploadId):
        raise ValueError(ON_A_SERVER.format(id=scene.image.id, how=HOW))
    _must_be_good(answer.problems)
    return Shown(answer, link.view)


def keys_of(query: str) -> frozenset[str]:
    """What a query string says anything about."""
    return frozenset(part.partition("=")[0] for part in query.split("&") if part)


def query_in(text: str) -> tuple[str, str]:
    """The query string in a link, a whole address or a query string, and the address of the server if there is one.

    That address may hold a path, as behind a proxy, and ends with a slash.
    """
    text = text.strip()
    parts = urlsplit(text)
    if parts.scheme in ("http", "https") and parts.netloc:
        return parts.query, f"{parts.scheme}://{parts.netloc}{OF_A_SITE.sub('', parts.path)}/"
    if text.startswith(("/", "?")):
        return text.partition("?")[2].partition("#")[0], ""
    return text, ""


@dataclass(frozen=True, slots=True, eq=False)
class _Here:
    """What this installation has: its samples, its models, its store, its limits."""

    limits: Limits
    samples: Samples
    models: Models
    store: Store

    def lab(self, own: Own) -> Lab:
        """A Lab that knows what is brought to it."""
        return Lab(self.samples, _Pictures(own.picture, self.store), self.limits, self._models(own.filters))

    def _models(self, filters: FirstLayer | None) -> Models:
        data = bank_file(filters, OWN_WEIGHTS, "Your weights") if filters else None
        return Models(self.models, lambda name: data if name == OWN_WEIGHTS else self.store.get_file(name))


@dataclass(frozen=True, slots=True, eq=False)
class _Pictures:
    own: Picture | ExactInput | None
    store: Store

    def get(self, id: str) -> Picture | ExactInput | None:
        """One's own picture by its name, others by the id that the store of this machine gave them."""
        return self.own if id == OWN_PICTURE else self.store.get(id)


@cache
def _here() -> _Here:
    settings = Settings()
    samples = load_samples(resource("sample_images"), settings.samples)
    models = load_models(resource("models/data"), settings.models)
    store = Store(Path(settings.store), settings.store_seconds, settings.store_bytes, settings.store_protect_seconds)
    return _Here(settings.limits(), samples, models, store)


def _with_picture(scene: Scene, own: Own, said: frozenset[str]) -> Scene:
    if own.picture is None:
        return scene
    scene = replace(scene, image=UploadId(OWN_PICTURE))
    if isinstance(own.picture, ExactInput):
        channels, rows, columns = own.picture.maps.shape
        range_: Range = "unit" if own.picture.scale == (0.0, 1.0) else "byte"
        return replace(
            scene, size=(rows, columns), crop=None, channels="rgb" if channels == 3 else "gray", range=range_
        )
    if own.channels and not said & {"size", "crop", "scene"}:
        scene = replace(scene, size=(own.picture.height, own.picture.width))
    if own.channels and not said & {"channels", "scene"}:
        scene = replace(scene, channels=own.channels)
    return scene


def _with_filters(scene: Scene, filters: FirstLayer | None, query: str) -> Scene:
    if filters is None:
        return scene
    place = next((index for index, layer in enumerate(scene.layers) if layer.op == "conv"), None)
    if place is None:
        raise ValueError(NO_CONVOLUTION.format(query=query))
    layer = Layer("conv", (LearnedFilters(OWN_WEIGHTS, filters.name),), None, scene.layers[place].options)
    return replace(scene, layers=(*scene.layers[:place], layer, *scene.layers[place + 1 :]))


def _must_be_in_reach(scene: Scene, limits: Limits) -> None:
    rows, columns = scene.size
    if max(rows, columns) > limits.side:
        raise ValueError(TOO_WIDE.format(rows=rows, columns=columns, most=limits.side))


def _must_be_good(problems: tuple[Problem, ...]) -> None:
    errors = [problem.message for problem in problems if problem.severity == "error"]
    if errors:
        raise ValueError("\n".join(dict.fromkeys(map(remove_repairs, errors))))
