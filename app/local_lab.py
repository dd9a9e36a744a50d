"""The Lab without a server: computes the figure of a link, also with the user's own image and filters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from .core.limits import Limits
from .core.link.query_string import parse_link
from .core.link.reader import SceneReader
from .core.link.syntax import escape_query
from .core.link.word_reader import format_words, read_words
from .core.messages import remove_repairs
from .core.problems import Problem
from .core.scene import Channels, Layer, LearnedFilters, Range, Scene, UploadId, View
from .core.texts import add_catalogue, make_text
from .core.trace.trace import Trace
from .images.picture import Picture
from .images.samples import Samples, load_samples
from .images.store.store import Store
from .lab import ExactInput, Lab, LabResult
from .models.custom_model import UPLOAD_PREFIX, encode_model_file
from .models.formats import FirstLayer
from .models.library import Models, load_models
from .resources import find_resource
from .settings import Settings

USER_PICTURE_ID = "u-yours"
USER_WEIGHTS_ID = f"{UPLOAD_PREFIX}yours"
LOCAL_MESSAGES = add_catalogue(
    {
        "not_on_this_machine": "{id} is a picture on a server, not on this machine. Pass the picture itself: {how}.",
        "how_to_pass": "image=array in Python, --image FILE on the command line",
        "no_convolution_in_link": "Weights replace the filters of the first convolution, and the link {query} has no "
        "convolution.",
        "image_too_large": "The image has {rows} × {columns} cells; the limit is {most} per side. Crop it, or average "
        "it first.",
    }
)
GONE_PICTURES = ("gone", "batch_gone")
"""The codes of problems of an uploaded picture that no store has. Uploaded weights have a code of their own."""
PAGE_PATH = re.compile(
    r"/+(?:embed|filters|api/(?:trace(?:\.json)?|steps|sweep|occlusion|tray|picture\.png|figure\.png|export/html))?/*$"
)
"""The end of the path of a page or an HTTP call, after the path of its site."""


@dataclass(frozen=True, slots=True)
class ComputedFigure:
    """The figure of a link: the computed scene and the View."""

    answer: LabResult
    view: View
    lab: Lab = field(repr=False, compare=False)

    @property
    def items(self) -> tuple[LabResult, ...]:
        """The answers of all pictures of a stack, computed now; none for one picture."""
        return self.lab.compute_items(self.answer)

    def compute(self, scene: Scene) -> Trace:
        """Compute the figure of another scene of the same picture. Raises ValueError with a sentence for each error."""
        answer = self.lab.compute(scene)
        _raise_errors(answer.problems)
        assert answer.trace is not None
        return answer.trace

    @property
    def trace(self) -> Trace:
        """The Trace, which a computed figure always has."""
        assert self.answer.trace is not None
        return self.answer.trace


@dataclass(frozen=True, slots=True, eq=False)
class Replacements:
    """What replaces the image of the link, and the filters of its first convolution; None replaces nothing.

    A picture is cropped like an upload. With `channels`, those of the given array, each pixel becomes one cell, unless
    the link has size, crop or channels. `words` are those of the rows.
    """

    picture: Picture | ExactInput | None = None
    channels: Channels | None = None
    filters: FirstLayer | None = None
    words: tuple[str, ...] | None = None


def compute_figure(query: str, replacements: Replacements | None = None) -> ComputedFigure:
    """Compute the figure of a query string. Raises ValueError with a sentence for each error."""
    replacements, installation = replacements or Replacements(), _load_installation()
    link = parse_link(_add_words(query, replacements), installation.limits)
    _raise_errors(link.problems)
    scene = _replace_filters(_replace_picture(link.scene, replacements, list_keys(query)), replacements.filters, query)
    _check_size(scene, installation.limits)
    lab = installation.make_lab(replacements)
    answer = lab.compute(scene, link.problems)
    gone = next((problem.value for problem in answer.problems if problem.code in GONE_PICTURES), None)
    if gone is not None:
        raise ValueError(str(make_text("not_on_this_machine", id=gone, how=make_text("how_to_pass"))))
    _raise_errors(answer.problems)
    return ComputedFigure(answer, link.view, lab)


def compute_link(query: str) -> tuple[LabResult, View]:
    """Compute the figure of a query string as it is written; its problems are those of the link and of the figure.

    Its Trace is None where it cannot be computed.
    """
    return _load_installation().make_lab(Replacements()).compute_link(query)


def get_models() -> Models:
    """The trained models of this installation."""
    return _load_installation().models


def list_keys(query: str) -> frozenset[str]:
    """List the keys of a query string."""
    return frozenset(part.partition("=")[0] for part in query.split("&") if part)


def split_link(text: str) -> tuple[str, str]:
    """Split a link, an address or a query string into the query string and the address of the server, or "".

    The address of the server may have a path, for example behind a proxy, and ends with a slash.
    """
    text = text.strip()
    parts = urlsplit(text)
    if parts.scheme in ("http", "https") and parts.netloc:
        return parts.query, f"{parts.scheme}://{parts.netloc}{PAGE_PATH.sub('', parts.path)}/"
    if text.startswith(("/", "?")):
        return text.partition("?")[2].partition("#")[0], ""
    return text, ""


@dataclass(frozen=True, slots=True, eq=False)
class _Installation:
    """The samples, models, store and limits of this installation."""

    limits: Limits
    samples: Samples
    models: Models
    store: Store

    def make_lab(self, replacements: Replacements) -> Lab:
        """Make a Lab that finds the replacements under their ids."""
        pictures = _PictureLookup(replacements.picture, self.store)
        return Lab(self.samples, pictures, self.limits, self._make_models(replacements.filters))

    def _make_models(self, filters: FirstLayer | None) -> Models:
        data = encode_model_file(filters, USER_WEIGHTS_ID, "Your weights") if filters else None
        return Models(self.models, lambda name: data if name == USER_WEIGHTS_ID else self.store.get_file(name))


@dataclass(frozen=True, slots=True, eq=False)
class _PictureLookup:
    user_picture: Picture | ExactInput | None
    store: Store

    def get(self, id: str) -> Picture | ExactInput | None:
        """Return the user's own picture, or a picture of the store of this machine, by id."""
        return self.user_picture if id == USER_PICTURE_ID else self.store.get(id)


@cache
def _load_installation() -> _Installation:
    settings = Settings()
    samples = load_samples(find_resource("sample_images"), settings.samples)
    models = load_models(find_resource("models/data"), settings.models)
    store = Store(Path(settings.store), settings.store_seconds, settings.store_bytes, settings.store_protect_seconds)
    return _Installation(settings.limits(), samples, models, store)


def _replace_picture(scene: Scene, replacements: Replacements, keys: frozenset[str]) -> Scene:
    if replacements.picture is None:
        return scene
    scene = replace(scene, image=UploadId(USER_PICTURE_ID))
    if replacements.words is not None:
        scene = replace(scene, rows=_check_words(replacements.words))
    if isinstance(replacements.picture, ExactInput):
        channels, rows, columns = replacements.picture.maps.shape
        range_: Range = "unit" if replacements.picture.scale == (0.0, 1.0) else "byte"
        return replace(
            scene, size=(rows, columns), crop=None, channels="rgb" if channels == 3 else "gray", range=range_
        )
    if replacements.channels and not keys & {"size", "crop", "scene"}:
        scene = replace(scene, size=(replacements.picture.height, replacements.picture.width))
    if replacements.channels and not keys & {"channels", "scene"}:
        scene = replace(scene, channels=replacements.channels)
    return scene


def _add_words(query: str, replacements: Replacements) -> str:
    """The query with the words of the image that it names."""
    if replacements.words is None or replacements.picture is not None:
        return query
    return "&".join(filter(None, (query, f"rows={escape_query(format_words(replacements.words))}")))


def _check_words(words: tuple[str, ...]) -> tuple[str, ...]:
    reader = SceneReader(_load_installation().limits)
    read = read_words(reader, words)
    _raise_errors(reader.problems)
    return read


def _replace_filters(scene: Scene, filters: FirstLayer | None, query: str) -> Scene:
    if filters is None:
        return scene
    position = next((index for index, layer in enumerate(scene.layers) if layer.op == "conv"), None)
    if position is None:
        raise ValueError(str(make_text("no_convolution_in_link", query=repr(query))))
    layer = Layer("conv", (LearnedFilters(USER_WEIGHTS_ID, filters.name),), None, scene.layers[position].options)
    return replace(scene, layers=(*scene.layers[:position], layer, *scene.layers[position + 1 :]))


def _check_size(scene: Scene, limits: Limits) -> None:
    rows, columns = scene.size
    if max(rows, columns) > limits.side:
        raise ValueError(str(make_text("image_too_large", rows=str(rows), columns=str(columns), most=str(limits.side))))


def _raise_errors(problems: tuple[Problem, ...]) -> None:
    errors = [remove_repairs(problem).message for problem in problems if problem.severity == "error"]
    if errors:
        raise ValueError("\n".join(dict.fromkeys(errors)))
