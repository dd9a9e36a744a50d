"""A scene as JSON, both ways, and the JSON Schema that describes it. The format is public and versioned."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ..limits import Limits
from ..messages import say
from ..options import SCENE_OPTIONS, Operation, Option, scene_options
from ..problems import Problem
from ..scene import Filter, Image, Layer, Learned, Named, OptionValue, Planes, Random, Sample, Scene, Upload
from .filter_reader import read_filters, read_kernel, read_learned, read_planes, read_random
from .json_schema import VERSION
from .json_schema import scene_schema as scene_schema
from .reader import Reader, Said
from .syntax import Cells, Raw, decimal_text, is_name, is_upload


def scene_to_json(scene: Scene) -> dict[str, Any]:
    """The scene as JSON values; `scene_from_json` gives the scene back."""
    return {
        "version": VERSION,
        "image": _image_to_json(scene.image),
        **{option.name: _value_to_json(getattr(scene, option.name)) for option in SCENE_OPTIONS},
        "layers": [_layer_to_json(layer) for layer in scene.layers],
    }


def _image_to_json(image: Image) -> dict[str, Any]:
    match image:
        case Sample(name):
            return {"sample": name}
        case Upload(upload):
            return {"upload": upload}
        case Planes():
            return _planes_to_json(image)


def _planes_to_json(planes: Planes) -> dict[str, Any]:
    return {"planes": [[list(row) for row in plane] for plane in planes.planes], "divisor": planes.divisor}


def _layer_to_json(layer: Layer) -> dict[str, Any]:
    data: dict[str, Any] = {"op": layer.op}
    if layer.filters:
        data["filters"] = [_filter_to_json(one) for one in layer.filters]
    if layer.head is not None:
        data["head"] = _value_to_json(layer.head)
    data["options"] = {name: _value_to_json(value) for name, value in layer.options}
    return data


def _filter_to_json(one: Filter) -> dict[str, Any]:
    match one:
        case Planes():
            return _planes_to_json(one)
        case Named(name):
            return {"kernel": name}
        case Random(count, height, width):
            return {"random": [count, height, width]}
        case Learned(model, layer, index, moment):
            return {"model": model, "layer": layer, "index": index, "moment": moment}


def _value_to_json(value: OptionValue | None) -> Any:
    return list(value) if isinstance(value, tuple) else value


def scene_from_json(data: object, limits: Limits) -> tuple[Scene, tuple[Problem, ...]]:
    """The scene of JSON values, with the same problems that a link has. Never raises.

    What is missing is as in the opening scene.
    """
    reader = Reader(limits)
    return read_scene(reader, data), reader.problems


def read_scene(reader: Reader, data: object) -> Scene:
    """The scene of JSON values; problems go to the reader."""
    start = Scene()
    given = _object(reader, "scene", data, ("version", "image", *(o.name for o in SCENE_OPTIONS), "layers"))
    version = given.get("version", VERSION)
    if _whole_text(version) != str(VERSION):
        reader.error("bad", "version", _written(version), str(VERSION))
    values: dict[str, Any] = {
        option.name: reader.value(option, _said(option, given[option.name]))
        for option in scene_options(reader.limits)
        if option.name in given and not (option.default is None and given[option.name] is None)
    }
    image = _image(reader, given["image"]) if "image" in given else start.image
    layers = _layers(reader, given["layers"]) if "layers" in given else start.layers
    return Scene(image=image, layers=layers, **values)


def _object(reader: Reader, field: str, data: object, names: Collection[str]) -> dict[str, object]:
    """The members of an object that have a known name."""
    if not isinstance(data, dict):
        reader.error("wrong_type", field, _written(data), say("json_object", names=", ".join(names)))
        return {}
    for key in data:
        if key not in names:
            reader.unknown("unknown_key", field, _written(key), names, say("part_dropped"))
    return {name: data[name] for name in names if name in data}


def _image(reader: Reader, data: object) -> Image:
    start = Scene().image
    if not isinstance(data, dict):
        reader.error("wrong_type", "image", _written(data), say("json_image"))
        return start
    given = _object(reader, "image", data, _kind(data, ("sample",), ("upload",), ("planes", "divisor")))
    text = given.get("upload", given.get("sample"))
    if "planes" in given:
        cells, divisor = _cells(given["planes"]), _divisor(given)
        return read_planes(reader, cells, divisor, _written(given["planes"]), image=True) or start
    if isinstance(text, str) and "upload" in given and is_upload(text):
        return Upload(text)
    if isinstance(text, str) and "sample" in given and is_name(text) and not text.startswith("u-"):
        return Sample(text)
    reader.error("bad", "image", _written(text), say("json_image"))
    return start


def _layers(reader: Reader, data: object) -> tuple[Layer, ...]:
    if not isinstance(data, list):
        reader.error("wrong_type", "layers", _written(data), say("json_list"))
        return Scene().layers
    layers = []
    for index, one in enumerate(reader.at_most("layers", data, reader.limits.layers)):
        reader.layer = index
        layers.append(_layer(reader, one))
    reader.layer = None
    return tuple(layer for layer in layers if layer is not None)


def _layer(reader: Reader, data: object) -> Layer | None:
    if not isinstance(data, dict) or not isinstance(data.get("op"), str):
        reader.error("wrong_type", "layers", _written(data), say("json_layer"), say("layer_dropped"))
        return None
    row = reader.operation(data["op"])
    if row is None:
        return None
    conv = row.family == "convolution"
    names = ("op", "filters" if conv else "head", "options") if conv or row.head else ("op", "options")
    given = _object(reader, "layers", data, names)
    options = _options(reader, row, given.get("options", {}))
    if conv:
        filters = _filters(reader, given.get("filters", []))
        values = reader.options(row, options, filters)
        return Layer(row.name, filters, None, values) if filters else None
    head = _said(row.head, given["head"]) if row.head and given.get("head") is not None else None
    return reader.plain_layer(row, head, options)


def _options(reader: Reader, row: Operation, data: object) -> list[Said]:
    given = data if isinstance(data, dict) else _object(reader, "options", data, [o.name for o in row.options])
    names = list(given)[: len(row.options) + 50]
    return [
        _said(option, given[name]) if (option := row.option(name)) else Said(_written(name), None, "") for name in names
    ]


def _filters(reader: Reader, data: object) -> tuple[Filter, ...]:
    if not isinstance(data, list):
        reader.error("wrong_type", "filters", _written(data), say("json_list"), say("layer_dropped"))
        return ()
    parts = reader.at_most("filters", data, reader.limits.filters)
    return read_filters(reader, [_filter(reader, part) for part in parts])


def _filter(reader: Reader, data: object) -> Filter | None:
    if not isinstance(data, dict):
        reader.error("wrong_type", "filters", _written(data), say("json_filter"), say("part_dropped"))
        return None
    kinds = (("kernel",), ("planes", "divisor"), ("model", "layer", "index", "moment"), ("random",))
    given = _object(reader, "filters", data, _kind(data, *kinds))
    if "planes" in given:
        return read_planes(reader, _cells(given["planes"]), _divisor(given), _written(given["planes"]), image=False)
    if "random" in given:
        parts = given["random"]
        texts = [_whole_text(part) or "" for part in parts[:4]] if isinstance(parts, list) else []
        return read_random(reader, texts, _written(parts))
    if "model" in given:
        names = (_string(given["model"]), _string(given.get("layer")))
        which = tuple(None if given.get(key) is None else _whole_text(given[key]) or "" for key in ("index", "moment"))
        return read_learned(reader, names, (which[0], which[1]), "/".join(names))
    if isinstance(given.get("kernel"), str):
        return read_kernel(reader, _string(given["kernel"]))
    reader.error("bad", "filters", _written(given.get("kernel", data)), say("json_filter"), say("part_dropped"))
    return None


def _kind(data: object, *kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the first kind of object that the data has a member of."""
    present = data if isinstance(data, dict) else {}
    return next((names for names in kinds if names[0] in present), tuple(names[0] for names in kinds))


def _string(data: object) -> str:
    return data if isinstance(data, str) else ""


def _cells(data: object) -> Cells | None:
    """Numbers as texts in planes, rows and cells; None where a type is wrong."""
    if not isinstance(data, list):
        return None
    planes: Cells = []
    for plane in data:
        if not isinstance(plane, list) or not all(isinstance(row, list) for row in plane):
            return None
        rows = [[_number_text(cell) for cell in row] for row in plane]
        if any(cell is None for row in rows for cell in row):
            return None
        planes.append(rows)  # type: ignore[arg-type]
    return planes


def _divisor(given: dict[str, object]) -> str | None:
    return (_whole_text(given["divisor"]) or _quoted(given["divisor"])) if "divisor" in given else None


def _said(option: Option, data: object) -> Said:
    raw = _raw(option, data)
    return Said(option.name, raw, _quoted(data) if raw is None else _written(data))


def _raw(option: Option, data: object) -> Raw | None:
    """The texts of an option's JSON value; None where its type is wrong."""
    match option.kind:
        case "flag":
            return {True: "1", False: "0"}[data] if isinstance(data, bool) else None
        case "word" | "text":
            return data if isinstance(data, str) else None
        case "padding" if isinstance(data, str):
            return data if data in option.choices else None
        case "number":
            return _number_text(data)
    to_text = _number_text if option.kind == "numbers" else _whole_text
    if not isinstance(data, list):
        return to_text(data) if option.kind not in ("cell", "box") else None
    if option.kind == "whole" or (option.kind == "padding" and len(data) != 4):
        return None
    texts = tuple(text for text in map(to_text, data) if text is not None)
    return texts if len(texts) == len(data) else None


def _whole_text(data: object) -> str | None:
    """A JSON integer, which 2.0 also is; a very long one is as good as 10^18."""
    if isinstance(data, float) and data.is_integer():
        data = int(data)
    if not isinstance(data, int) or isinstance(data, bool):
        return None
    return str(min(max(data, -(10**18)), 10**18))


def _number_text(data: object) -> str | None:
    if isinstance(data, str):
        return data
    if isinstance(data, float) and not data.is_integer():
        return decimal_text(data)
    return _whole_text(data)


def _quoted(data: object) -> str:
    """As `_written`, with the quotes that tell "2" from 2 where that is the mistake."""
    return f'"{data}"' if isinstance(data, str) else _written(data)


def _written(data: object) -> str:
    """What somebody gave, to be quoted: short, whatever it is."""
    match data:
        case str():
            return data
        case bool() | None:
            return {True: "true", False: "false", None: "null"}[data]
        case int() | float():
            return _number_text(data) or "?"
        case list() if len(data) <= 6 and not any(isinstance(one, list | dict) for one in data):
            return f"[{','.join(map(_written, data))}]"
        case list():
            return say("list_shown")
    return say("object_shown")
