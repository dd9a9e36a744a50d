"""Reads and writes a scene as JSON, a public and versioned format."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ..limits import Limits
from ..operation_table import Operation
from ..ops.adjust_options import ADJUST_OPTIONS
from ..options import SCENE_OPTIONS, Option, list_scene_options
from ..problems import Problem
from ..scene import (
    OPENING_IMAGE,
    SCENE_VERSION,
    Adjustments,
    Filter,
    Image,
    Layer,
    LearnedFilters,
    NamedFilter,
    OneHot,
    OptionValue,
    Planes,
    RandomFilters,
    RandomMaps,
    RandomRows,
    RandomVectors,
    Rows,
    SampleName,
    Scene,
    ShapeFilters,
    ShapeRows,
    UploadId,
)
from ..texts import Text, make_text, write_in_english
from .adjust_reader import make_adjustments, read_adjustment
from .batch_reader import BATCH_KEYS, keep_images, read_item, take_images
from .filter_reader import (
    read_filters,
    read_kernel,
    read_learned,
    read_planes,
    read_random,
    read_random_maps,
    read_shape,
)
from .json_words import JsonWords
from .reader import RawOption, SceneReader
from .row_reader import read_random_rows, read_shape_rows, read_typed_rows
from .syntax import RawPlanes, RawValue, format_all_digits, is_name, is_upload_id
from .word_reader import join_words, part_words_and_batch, read_random_vectors, read_words


def scene_to_json(scene: Scene) -> dict[str, Any]:
    """The scene as JSON values; `scene_from_json` gives the scene back."""
    return {
        "version": scene.version,
        "image": _image_to_json(scene.image),
        **({"rows": list(scene.rows)} if scene.rows else {}),
        **({"batch": [_image_to_json(image) for image in scene.batch], "item": scene.item} if scene.batch else {}),
        **{option.name: _value_to_json(getattr(scene, option.name)) for option in SCENE_OPTIONS},
        **({"adjust": _adjustments_to_json(scene.adjust)} if scene.adjust else {}),
        "layers": [_layer_to_json(layer) for layer in scene.layers],
    }


def _image_to_json(image: Image) -> dict[str, Any]:
    match image:
        case SampleName(name):
            return {"sample": name}
        case UploadId(upload):
            return {"upload": upload}
        case Planes():
            return _planes_to_json(image)
        case RandomMaps(count, height, width, seed):
            return {"random": [count, height, width], "seed": seed}
        case OneHot():
            return {"one_hot": True}
        case RandomVectors(_, size, seed):
            return {"random_vectors": size, "seed": seed}


def _planes_to_json(planes: Planes) -> dict[str, Any]:
    return {"planes": [[list(row) for row in plane] for plane in planes.planes], "divisor": planes.divisor}


def _adjustments_to_json(adjust: Adjustments) -> dict[str, Any]:
    given = ((option, getattr(adjust, option.name)) for option in ADJUST_OPTIONS)
    return {option.name: _value_to_json(value) for option, value in given if value != option.default}


def _layer_to_json(layer: Layer) -> dict[str, Any]:
    data: dict[str, Any] = {"op": layer.op}
    if layer.filters:
        data["filters"] = [_filter_to_json(one) for one in layer.filters]
    if layer.head is not None:
        data["head"] = _rows_to_json(layer.head) if isinstance(layer.head, Rows) else _value_to_json(layer.head)
    data["options"] = {name: _value_to_json(value) for name, value in layer.options}
    return data


def _rows_to_json(rows: Rows) -> dict[str, Any]:
    match rows:
        case Planes():
            return {"rows": [list(row) for row in rows.planes[0]], "divisor": rows.divisor}
        case RandomRows(count):
            return {"random": count}
        case ShapeRows(count):
            return {"shape": count}


def _filter_to_json(one: Filter) -> dict[str, Any]:
    match one:
        case Planes():
            return _planes_to_json(one)
        case NamedFilter(name):
            return {"kernel": name}
        case RandomFilters(count, height, width):
            return {"random": [count, height, width]}
        case ShapeFilters(count, height, width):
            return {"shape": [count, height, width]}
        case LearnedFilters(model, layer, index, moment):
            return {"model": model, "layer": layer, "index": index, "moment": moment}


def _value_to_json(value: OptionValue | None) -> Any:
    return list(value) if isinstance(value, tuple) else value


def scene_from_json(data: object, limits: Limits) -> tuple[Scene, tuple[Problem, ...]]:
    """The scene of JSON values, with the same problems that a link has. Never raises.

    Missing members are those of the default scene.
    """
    reader = SceneReader(limits)
    return read_scene(reader, data), reader.problems


def read_scene(reader: SceneReader, data: object) -> Scene:
    """The scene of JSON values; the reader collects the problems."""
    start, said = Scene(), JsonWords()
    reader.json_words = said
    given = _read_object(reader, "scene", data, _MEMBERS)
    version = SCENE_VERSION
    if "version" in given:
        written = _format_whole(given["version"])
        version = reader.read_version(written, _describe_value(given["version"]))
    values: dict[str, Any] = {
        option.name: reader.read_value(option, _to_raw_option(option, given[option.name]))
        for option in list_scene_options(reader.limits)
        if option.name in given and not (option.default is None and given[option.name] is None)
    }
    said.part = "image"
    image = (_read_image(reader, given["image"]) if "image" in given else None) or start.image
    said.part = "batch"
    images = _read_batch(reader, given["batch"]) if given.get("batch") is not None else []
    item = (
        read_item(reader, _format_whole(given["item"]), len(images) + 1, _describe_value(given["item"]))
        if "item" in given
        else start.item
    )
    batch, item = keep_images(images, item)
    said.part = "adjust"
    adjust = _read_adjustments(reader, given["adjust"]) if given.get("adjust") is not None else start.adjust
    said.part = "rows"
    words = _read_words(reader, given["rows"]) if given.get("rows") is not None else ()
    image, rows, adjust = join_words(reader, image, words, adjust, OPENING_IMAGE)
    said.part = "layers"
    layers = _read_layers(reader, given["layers"]) if "layers" in given else start.layers
    batch, item = part_words_and_batch(reader, words, batch, item)
    reader.json_words = None
    return Scene(
        image=image, rows=rows, batch=batch, item=item, adjust=adjust, layers=layers, version=version, **values
    )


def _read_words(reader: SceneReader, data: object) -> tuple[str, ...]:
    if isinstance(data, list) and all(isinstance(word, str) for word in data):
        return read_words(reader, data)
    reader.add_error("wrong_type", "rows", _describe_value(data), make_text("json_words"), make_text("words_dropped"))
    return ()


def _read_adjustments(reader: SceneReader, data: object) -> Adjustments | None:
    given = _read_object(reader, "adjust", data, [option.name for option in ADJUST_OPTIONS])
    found = {
        option.name: read_adjustment(reader, option, _to_raw_option(option, given[option.name]))
        for option in ADJUST_OPTIONS
        if option.name in given and not (option.default is None and given[option.name] is None)
    }
    return make_adjustments(found)


def _read_object(reader: SceneReader, field: str, data: object, names: Collection[str]) -> dict[str, object]:
    """The members of an object with a known name."""
    if not isinstance(data, dict):
        reader.add_error("wrong_type", field, _describe_value(data), make_text("json_object", names=", ".join(names)))
        return {}
    for key in data:
        if key not in names:
            reader.add_unknown_name("unknown_key", field, _describe_value(key), names, make_text("part_dropped"))
    return {name: data[name] for name in names if name in data}


def _read_batch(reader: SceneReader, data: object) -> list[Image | None]:
    """The images behind the first one, None for one that cannot be read."""
    if not isinstance(data, list):
        reader.add_error("wrong_type", "batch", _describe_value(data), make_text("json_list"))
        return []
    return [_read_image(reader, one, "batch") for one in take_images(reader, data)]


def _read_image(reader: SceneReader, data: object, field: str = "image") -> Image | None:
    """An image, None for one that cannot be read."""
    ending = make_text("part_dropped") if field == "batch" else None
    if not isinstance(data, dict):
        reader.add_error("wrong_type", field, _describe_value(data), make_text("json_image"), ending)
        return None
    given = _read_object(reader, field, data, _choose_members(data, *_IMAGE_KINDS))
    text = given.get("upload", given.get("sample"))
    if "planes" in given:
        cells, divisor = _to_raw_planes(given["planes"]), _to_raw_divisor(given)
        return read_planes(reader, cells, divisor, _describe_value(given["planes"]), field)
    if "random" in given:
        seed = (
            _format_whole(given["seed"]) or write_in_english(_describe_value(given["seed"]))
            if "seed" in given
            else None
        )
        return read_random_maps(reader, _list_wholes(given["random"]), seed, _describe_value(given["random"]), field)
    if given.get("one_hot") is True:
        return OneHot(())
    if "random_vectors" in given:
        seed = (
            None
            if "seed" not in given
            else _format_whole(given["seed"]) or write_in_english(_describe_value(given["seed"]))
        )
        size = _format_whole(given["random_vectors"]) or ""
        return read_random_vectors(reader, size, seed, _describe_value(given["random_vectors"]), field)
    if isinstance(text, str) and "upload" in given and is_upload_id(text):
        return UploadId(text)
    if isinstance(text, str) and "sample" in given and is_name(text) and not text.startswith("u-"):
        return SampleName(text)
    reader.add_error("invalid_value", field, _describe_value(text), make_text("json_image"), ending)
    return None


def _read_layers(reader: SceneReader, data: object) -> tuple[Layer, ...]:
    if not isinstance(data, list):
        reader.add_error("wrong_type", "layers", _describe_value(data), make_text("json_list"))
        return Scene().layers
    layers = []
    for index, one in enumerate(reader.take_at_most("layers", data, reader.limits.layers)):
        reader.start_layer(index)
        layers.append(_read_layer(reader, one))
    reader.start_layer(None)
    return reader.drop_unread(layers)


def _read_layer(reader: SceneReader, data: object) -> Layer | None:
    if not isinstance(data, dict) or not isinstance(data.get("op"), str):
        reader.add_error(
            "wrong_type", "layers", _describe_value(data), make_text("json_layer"), make_text("layer_dropped")
        )
        return None
    row = reader.read_operation(data["op"])
    if row is None:
        return None
    conv = row.family == "convolution"
    names = ("op", "filters" if conv else "head", "options") if conv or row.head else ("op", "options")
    given = _read_object(reader, "layers", data, names)
    options = _read_options(reader, row, given.get("options", {}))
    if conv:
        filters = _read_filters(reader, given.get("filters", []))
        values = reader.read_options(row, options, filters)
        return Layer(row.name, filters, None, values) if filters else None
    if row.head and row.head.kind == "weights" and not isinstance(given.get("head"), str | None):
        rows = _read_rows(reader, given["head"])
        return Layer(row.name, (), rows, reader.read_options(row, options)) if rows else None
    head = _to_raw_option(row.head, given["head"]) if row.head and given.get("head") is not None else None
    return reader.read_layer_without_filters(row, head, options)


def _read_rows(reader: SceneReader, data: object) -> Rows | None:
    kinds = (("rows", "divisor"), ("random",), ("shape",))
    if not isinstance(data, dict) or not data:
        allowed = make_text("json_object", names=", ".join(names[0] for names in kinds))
        reader.add_error("wrong_type", "weights", _describe_value(data), allowed, make_text("layer_dropped"))
        return None
    given = _read_object(reader, "weights", data, _choose_members(data, *kinds))
    if "random" in given or "shape" in given:
        name, read = ("random", read_random_rows) if "random" in given else ("shape", read_shape_rows)
        return read(reader, _format_whole(given[name]) or "", _describe_value(given[name]))
    rows = given.get("rows")
    cells = _to_raw_planes([rows])
    return read_typed_rows(reader, cells, _to_raw_divisor(given), _describe_value(rows))


def _read_options(reader: SceneReader, row: Operation, data: object) -> list[RawOption]:
    given = data if isinstance(data, dict) else _read_object(reader, "options", data, [o.name for o in row.options])
    names = list(given)[: len(row.options) + 50]
    return [
        _to_raw_option(option, given[name])
        if (option := row.option(name))
        else RawOption(write_in_english(_describe_value(name)), None, "")
        for name in names
    ]


def _read_filters(reader: SceneReader, data: object) -> tuple[Filter, ...]:
    if not isinstance(data, list):
        reader.add_error(
            "wrong_type", "filters", _describe_value(data), make_text("json_list"), make_text("layer_dropped")
        )
        return ()
    parts = reader.take_at_most("filters", data, reader.limits.filters)
    filters = []
    for index, part in enumerate(parts):
        if reader.json_words:
            reader.json_words.filter = index
        filters.append(_read_filter(reader, part))
    if reader.json_words:
        reader.json_words.filter = None
    return read_filters(reader, filters)


def _read_filter(reader: SceneReader, data: object) -> Filter | None:
    if not isinstance(data, dict):
        reader.add_error(
            "wrong_type", "filters", _describe_value(data), make_text("json_filter"), make_text("part_dropped")
        )
        return None
    given = _read_object(reader, "filters", data, _choose_members(data, *_FILTER_KINDS))
    if "planes" in given:
        return read_planes(
            reader,
            _to_raw_planes(given["planes"]),
            _to_raw_divisor(given),
            _describe_value(given["planes"]),
        )
    if "random" in given:
        return read_random(reader, _list_wholes(given["random"]), _describe_value(given["random"]))
    if "shape" in given:
        return read_shape(reader, _list_wholes(given["shape"]), _describe_value(given["shape"]))
    if "model" in given:
        names = (_string_or_empty(given["model"]), _string_or_empty(given.get("layer")))
        which = tuple(
            None if given.get(key) is None else _format_whole(given[key]) or "" for key in ("index", "moment")
        )
        return read_learned(reader, names, (which[0], which[1]), "/".join(names))
    if isinstance(given.get("kernel"), str):
        return read_kernel(reader, _string_or_empty(given["kernel"]))
    reader.add_error(
        "invalid_value",
        "filters",
        _describe_value(given.get("kernel", data)),
        make_text("json_filter"),
        make_text("part_dropped"),
    )
    return None


_MEMBERS = ("version", "image", "rows", *BATCH_KEYS, *(option.name for option in SCENE_OPTIONS), "adjust", "layers")
_IMAGE_KINDS = (
    *(("sample",), ("upload",), ("planes", "divisor"), ("random", "seed")),
    *(("one_hot",), ("random_vectors", "seed")),
)
_FILTER_KINDS = (("kernel",), ("planes", "divisor"), ("model", "layer", "index", "moment"), ("random",), ("shape",))


def _list_wholes(data: object) -> list[str]:
    """The whole numbers of a list as texts, "" for what is none; the fourth stands for all that follow."""
    return [_format_whole(part) or "" for part in data[:4]] if isinstance(data, list) else []


def _choose_members(data: object, *kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The member names of the first kind of object whose first member is present."""
    present = data if isinstance(data, dict) else {}
    return next((names for names in kinds if names[0] in present), tuple(names[0] for names in kinds))


def _string_or_empty(data: object) -> str:
    return data if isinstance(data, str) else ""


def _to_raw_planes(data: object) -> RawPlanes | None:
    """Planes, rows and cells of numbers as text; None where a type is wrong."""
    if not isinstance(data, list):
        return None
    planes: RawPlanes = []
    for plane in data:
        if not isinstance(plane, list) or not all(isinstance(row, list) for row in plane):
            return None
        rows = [[_format_number(cell) for cell in row] for row in plane]
        if any(cell is None for row in rows for cell in row):
            return None
        planes.append(rows)  # type: ignore[arg-type]
    return planes


def _to_raw_divisor(given: dict[str, object]) -> str | None:
    return (
        (_format_whole(given["divisor"]) or write_in_english(_quote_value(given["divisor"])))
        if "divisor" in given
        else None
    )


def _to_raw_option(option: Option, data: object) -> RawOption:
    raw = _to_raw_value(option, data)
    return RawOption(option.name, raw, _quote_value(data) if raw is None else _describe_value(data))


def _to_raw_value(option: Option, data: object) -> RawValue | None:
    """The text or texts of an option's JSON value; None where its type is wrong."""
    match option.kind:
        case "flag":
            return {True: "1", False: "0"}[data] if isinstance(data, bool) else None
        case "word" | "text" | "weights":
            return data if isinstance(data, str) else None
        case "padding" if isinstance(data, str):
            return data if data in option.choices else None
        case "number":
            return _format_number(data)
    to_text = _format_number if option.kind == "numbers" else _format_whole
    if not isinstance(data, list):
        return to_text(data) if option.kind not in ("cell", "box") else None
    if option.kind in ("whole", "stage") or (option.kind == "padding" and len(data) != 4):
        return None
    texts = tuple(text for text in map(to_text, data) if text is not None)
    return texts if len(texts) == len(data) else None


def _format_whole(data: object) -> str | None:
    """A JSON integer (also 2.0) as text, clamped to ±10^18; None for anything else."""
    if isinstance(data, float) and data.is_integer():
        data = int(data)
    if not isinstance(data, int) or isinstance(data, bool):
        return None
    return str(min(max(data, -(10**18)), 10**18))


def _format_number(data: object) -> str | None:
    if isinstance(data, str):
        return data
    if isinstance(data, float) and not data.is_integer():
        return format_all_digits(data)
    return _format_whole(data)


def _quote_value(data: object) -> Text | str:
    """As `_describe_value`, but strings with quotes, to distinguish "2" from 2."""
    return f'"{data}"' if isinstance(data, str) else _describe_value(data)


def _describe_value(data: object) -> Text | str:
    """Any JSON value as a short text for a message."""
    match data:
        case str():
            return data
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[data]
        case int() | float():
            return _format_number(data) or "?"
        case list() if len(data) <= 6 and not any(isinstance(one, list | dict) for one in data):
            return f"[{','.join(str(_describe_value(one)) for one in data)}]"
        case list():
            return make_text("list_shown")
    return make_text("object_shown")
