"""Links: scene and view as a query string, and back. docs/links.md documents the grammar.

`version=…&image=…&rows=…&batch=…&item=…&size=…&crop=…&channels=…&range=…&adjust=…&layers=…` and the keys of the view.
Defaults are left out, so the link of the default figure is empty. `scene=<JSON>` can replace version … layers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..limits import Limits
from ..messages import quote_text
from ..options import SCENE_OPTIONS, VIEW_OPTIONS, Option, list_scene_options
from ..problems import Problem
from ..scene import (
    OPENING_IMAGE,
    Filter,
    Image,
    Layer,
    OneHot,
    Planes,
    RandomMaps,
    RandomVectors,
    SampleName,
    Scene,
    UploadId,
    View,
)
from ..texts import make_text
from .adjust_reader import format_adjustments, read_adjust_text
from .batch_reader import BATCH_KEYS, keep_images, read_item, split_images, take_images
from .filter_reader import (
    read_filters,
    read_image_seed,
    read_kernel,
    read_learned,
    read_planes,
    read_random,
    read_random_maps,
    read_shape,
)
from .reader import RawOption, SceneReader
from .row_reader import is_row_text, read_row_text
from .scene_json import read_scene
from .stop_notes import keep_one_for_each, shorten_lines
from .syntax import (
    escape_query,
    format_layer,
    format_planes,
    format_random_maps,
    format_value,
    is_default,
    is_name,
    is_upload_id,
    split_outside_parentheses,
    split_planes,
    split_query,
    split_value,
)
from .word_reader import (
    format_vectors,
    format_words,
    is_vectors_text,
    join_words,
    part_words_and_batch,
    read_vectors_text,
    read_words,
    split_words,
)

_SCENE_OPTIONS = {option.name: option for option in SCENE_OPTIONS}
_VIEW_OPTIONS = {option.name: option for option in VIEW_OPTIONS}
SCENE_KEYS = ("version", "image", "rows", *BATCH_KEYS, *_SCENE_OPTIONS, "adjust", "layers")
"""The keys of the Scene, in the order in which a link is written."""
LINK_KEYS = (*SCENE_KEYS, *_VIEW_OPTIONS)

COMMON_CHARACTERS = 60
"""Longer texts of a layer are rarely read twice."""

_RANDOM = re.compile(r"random\*([^@]*)@([^x]*)x(.*)", re.DOTALL)
_SHAPE = re.compile(r"(-?\d[^@/]*)@([^x]*)x?(.*)", re.DOTALL)
_LEARNED = re.compile(r"([^/]*)/([^.@]*)(?:\.([^@]*))?(?:@(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Link:
    """A parsed query string. `extra` holds the decoded (key, value) pairs with other keys."""

    scene: Scene
    view: View
    problems: tuple[Problem, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


def parse_link(query: str, limits: Limits, own: Collection[str] = ()) -> Link:
    """The Scene and View of a query string. Never raises; an invalid part is replaced or left out, with a problem.

    parse_link(format_link(scene, view)) gives scene and view back, without problems. `own` names keys that the caller
    reads itself (`format`, `stages`): they are put into `extra` without a problem.
    """
    reader = SceneReader(limits)
    given, extra = _read_keys(reader, query, own)
    if given.get("stops") in ("0", "1"):  # the earlier name of `marks`
        given.setdefault("marks", given.pop("stops"))
    scene = _read_scene_from_json(reader, given) if "scene" in given else _read_scene(reader, given)
    values = {key: _read_option(reader, option, given[key]) for key, option in _VIEW_OPTIONS.items() if key in given}
    if "notes" in values:
        values["notes"] = keep_one_for_each(reader, values["notes"], len(values.get("stops", ())))
    if values.get("story") is not None and values.get("stops"):
        reader.add_note("story_and_stops", "story", str(values.pop("story")))
    return Link(scene, View(**values), reader.problems, extra)


@lru_cache(8)
def format_scene(scene: Scene) -> str:
    """The canonical query string of a scene; "" for the default scene."""
    start = Scene()
    values = [(name, _format_unless_default(option, getattr(scene, name))) for name, option in _SCENE_OPTIONS.items()]
    parts = [
        ("version", None if scene.version == start.version else str(scene.version)),
        ("image", None if scene.image == start.image else format_image(scene.image)),
        ("rows", format_words(scene.rows) if scene.rows else None),
        ("batch", ",".join(map(format_image, scene.batch)) if scene.batch else None),
        ("item", str(scene.item) if scene.item else None),
        *values,
        ("adjust", format_adjustments(scene.adjust) if scene.adjust else None),
        ("layers", None if scene.layers == start.layers else "~".join(map(format_layer, scene.layers))),
    ]
    return _join_query(parts)


def format_view(view: View) -> str:
    """The canonical query string of a view; "" for the default view."""
    return _join_query(
        [(name, _format_unless_default(option, getattr(view, name))) for name, option in _VIEW_OPTIONS.items()]
    )


def format_link(scene: Scene, view: View | None = None) -> str:
    """The canonical query string of a figure; it may be empty."""
    return "&".join(filter(None, (format_scene(scene), format_view(view or View()))))


def format_image(image: Image) -> str:
    """The value of `image`."""
    match image:
        case SampleName(name):
            return name
        case UploadId(upload):
            return upload
        case Planes():
            return format_planes(image)
        case RandomMaps():
            return format_random_maps(image)
        case OneHot() | RandomVectors():
            return format_vectors(image)


def _format_unless_default(option: Option, value: Any) -> str | None:
    return None if value is None or is_default(option, value) else format_value(option, value)


def _join_query(parts: list[tuple[str, str | None]]) -> str:
    return "&".join(f"{key}={escape_query(value)}" for key, value in parts if value is not None)


def _read_keys(
    reader: SceneReader, query: str, own: Collection[str]
) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """The values of the link's keys (the last one counts), and the (key, value) pairs with other keys."""
    given: dict[str, str] = {}
    extra: list[tuple[str, str]] = []
    for key, value in _keep_within_length(reader, split_query(query)):
        if key not in LINK_KEYS and key != "scene":
            extra.append((key, value or ""))
            if key not in own:
                reader.add_unknown_name("unknown_key", key, key, LINK_KEYS, make_text("part_dropped"))
        elif value is None:
            reader.add_error("no_value", key, key, make_text("key_value", key=key), make_text("part_dropped"))
        else:
            if key in given:
                reader.add_note("repeated", key, key)
            given[key] = value
    return given, tuple(extra)


def _keep_within_length(reader: SceneReader, given: tuple[tuple[str, str | None], ...]) -> list[tuple[str, str | None]]:
    """The parts that fit into the limit of decoded characters; `scene` is not counted."""
    most = reader.limits.link_characters
    kept, room = [], most + 1
    for key, value in given:
        size = 0 if key == "scene" else len(key) + len(value or "") + 2
        if size <= room:
            room -= size
            kept.append((key, value))
    if len(kept) < len(given):
        total = sum(len(key) + len(value or "") + 2 for key, value in given if key != "scene") - 1
        reader.add_error("too_long", "link", f"{total:,}", make_text("at_most", most=most), make_text("long_dropped"))
    return kept


def _read_scene_from_json(reader: SceneReader, given: Mapping[str, str]) -> Scene:
    for key in SCENE_KEYS:
        if key in given:
            reader.add_note("scene_wins", key, key)
    try:
        data = json.loads(given["scene"])
    except (ValueError, RecursionError):
        reader.add_error("not_json", "scene", given["scene"], make_text("json_scene"))
        return Scene()
    return read_scene(reader, data)


def _read_scene(reader: SceneReader, given: Mapping[str, str]) -> Scene:
    start = Scene()
    values = {
        option.name: _read_option(reader, option, given[option.name])
        for option in list_scene_options(reader.limits)
        if option.name in given
    }
    image = (_read_image(reader, given["image"]) if "image" in given else None) or start.image
    images = _read_batch(reader, given["batch"]) if "batch" in given else []
    item = read_item(reader, given["item"], len(images) + 1) if "item" in given else start.item
    batch, item = keep_images(images, item)
    adjust = read_adjust_text(reader, given["adjust"]) if "adjust" in given else start.adjust
    words = read_words(reader, split_words(given["rows"])) if "rows" in given else ()
    image, rows, adjust = join_words(reader, image, words, adjust, OPENING_IMAGE)
    layers = _read_layers(reader, given["layers"]) if "layers" in given else start.layers
    version = reader.read_version(given["version"], given["version"]) if "version" in given else start.version
    batch, item = part_words_and_batch(reader, words, batch, item)
    return Scene(
        image=image, rows=rows, batch=batch, item=item, adjust=adjust, layers=layers, version=version, **values
    )


def _read_option(reader: SceneReader, option: Option, text: str) -> Any:
    raw = split_value(option, text)
    if option.kind == "lines":
        raw = shorten_lines(reader, option, raw)
    return reader.read_value(option, RawOption(option.name, raw, text))


def _read_batch(reader: SceneReader, text: str) -> list[Image | None]:
    """The images behind the first one, None for one that cannot be read."""
    return [_read_image(reader, part, "batch") for part in take_images(reader, split_images(text))]


def _read_image(reader: SceneReader, text: str, field: str = "image") -> Image | None:
    """An image; one that cannot be read is the nearest, or None, which in a batch leaves it out."""
    if text.startswith("("):
        cells, divisor = split_planes(text) or (None, None)
        return read_planes(reader, cells, divisor, text, field)
    if text.startswith("random*"):
        return _read_random_maps(reader, text, field)
    if is_vectors_text(text):
        return read_vectors_text(reader, text, field)
    if is_upload_id(text):
        return UploadId(text)
    if is_name(text) and not text.startswith("u-"):
        return SampleName(text)
    near = SampleName(text.lower()) if is_name(text.lower()) and text[:2] not in ("u-", "U-") else None
    used = near or (Scene().image if field == "image" else None)
    ending = make_text("nearest", used=format_image(used)) if used else make_text("part_dropped")
    reader.add_error("invalid_value", field, text, make_text("image"), ending)
    return near


def _read_random_maps(reader: SceneReader, text: str, field: str) -> RandomMaps | None:
    first, *options = text.split(",")
    found = _RANDOM.fullmatch(first)
    seed = read_image_seed(reader, options, field)
    return read_random_maps(reader, found.groups() if found else (), seed, text, field)


def _read_layers(reader: SceneReader, text: str) -> tuple[Layer, ...]:
    parts = split_outside_parentheses(text, "~") if text else []
    layers = []
    for index, part in enumerate(reader.take_at_most("layers", parts, reader.limits.layers)):
        reader.start_layer(index)
        layers.append(_read_common_layer(part, reader.limits) or _read_layer(reader, part))
    reader.start_layer(None)
    return reader.drop_unread(layers)


def read_layer(text: str, limits: Limits, index: int) -> tuple[Layer | None, tuple[Problem, ...]]:
    """The layer of a text, as layer `index` of a chain, None where nothing can be used of it; and its problems."""
    common = _read_common_layer(text, limits)
    if common:
        return common, ()
    reader = SceneReader(limits)
    reader.start_layer(index)
    return _read_layer(reader, text), reader.problems


def _read_common_layer(text: str, limits: Limits) -> Layer | None:
    """A short layer without typed numbers, read once for many links; None for any other, and for one with problems."""
    return _read_without_problems(text, limits) if len(text) <= COMMON_CHARACTERS and "(" not in text else None


@lru_cache(512)
def _read_without_problems(text: str, limits: Limits) -> Layer | None:
    reader = SceneReader(limits)
    layer = _read_layer(reader, text)
    return None if reader.problems else layer


def _read_layer(reader: SceneReader, text: str) -> Layer | None:
    first, *options = split_outside_parentheses(text, ",")
    name, colon, head = first.partition(":")
    row = reader.read_operation(name)
    if row is None:
        return None
    given = []
    for part in options:
        key, equals, value = part.partition("=")
        option = row.option(key)
        if not equals:
            can_be = make_text("key_value", key=quote_text(key or "stride"))
            reader.add_error("no_value", key, key, can_be, make_text("part_dropped"))
        else:
            given.append(RawOption(key, split_value(option, value) if option else value, value))
    if row.family == "convolution":
        parts = reader.take_at_most(
            "filters", split_outside_parentheses(head, ";") if head else [], reader.limits.filters
        )
        filters = read_filters(reader, [_read_filter(reader, part) for part in parts])
        values = reader.read_options(row, given, filters)
        return Layer(row.name, filters, None, values) if filters else None
    if row.head and row.head.kind == "weights" and is_row_text(head):
        rows = read_row_text(reader, head)
        return Layer(row.name, (), rows, reader.read_options(row, given)) if rows else None
    raw = split_value(row.head, head) if row.head else head
    return reader.read_layer_without_filters(row, RawOption("head", raw, head) if colon else None, given)


def _read_filter(reader: SceneReader, text: str) -> Filter | None:
    if text.startswith("("):
        cells, divisor = split_planes(text) or (None, None)
        return read_planes(reader, cells, divisor, text)
    if text.startswith("random*"):
        found = _RANDOM.fullmatch(text)
        return read_random(reader, found.groups() if found else (), text)
    shape = _SHAPE.fullmatch(text)
    if shape:
        return read_shape(reader, shape.groups(), text)
    learned = _LEARNED.fullmatch(text)
    if learned:
        model, layer, index, moment = learned.groups()
        return read_learned(reader, (model, layer), (index, moment), text)
    return read_kernel(reader, text)
