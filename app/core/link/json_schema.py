"""The JSON Schema of a scene, made from the option table, for programs that write scenes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..limits import Limits
from ..messages import describe_allowed
from ..operation_table import OPERATIONS, Operation
from ..ops.adjust_options import ADJUST_OPTIONS
from ..options import Option, list_scene_options
from ..scene import MOST_BATCH, SCENE_VERSION
from ..texts import write_in_english
from ..weights.kernels import KERNELS
from ..words.vocabulary import MOST_LETTERS, MOST_WORDS
from .coerce import MOST_JOINED
from .filter_reader import MOST_INDEX, MOST_MAPS, SEED
from .syntax import LARGEST_NUMBER, MOST_NUMBER_CHARACTERS

_EXAMPLE = {
    "version": SCENE_VERSION,
    "image": {"sample": "chelsea"},
    "size": [32, 32],
    "layers": [
        {"op": "conv", "filters": [{"kernel": "sobel-x"}], "options": {"padding": "same"}},
        {"op": "relu"},
        {"op": "maxpool", "head": 2},
    ],
}

_NAME = "^[a-z0-9_-]{1,64}$"
_TWO_NAMES = "^[a-z0-9_-]{1,64}(/[a-z0-9_-]{1,64})?$"
_NUMBER = "^-?[0-9]+(\\.[0-9]+)?(/0*[1-9][0-9]*)?$"


def make_scene_schema(limits: Limits) -> dict[str, Any]:
    """JSON Schema (2020-12) of a scene. `scene_from_json` reports whatever it rejects as an error.

    It does not express that rows have one length, that each has a word, that groups divide the channels, and that
    sizes fit.
    """
    image = [
        _object_schema({"sample": {"type": "string", "pattern": "^(?!u-)[a-z0-9_-]{1,64}$"}}, "sample"),
        _object_schema({"upload": {"type": "string", "pattern": "^u-[A-Za-z0-9_-]{1,64}$"}}, "upload"),
        _planes_schema(limits, limits.side),
        _object_schema(
            {"random": _three_schema(MOST_MAPS, limits.side), "seed": _whole_schema(SEED.least, SEED.most)}, "random"
        ),
        _object_schema({"one_hot": {"const": True}}, "one_hot"),
        _object_schema(
            {"random_vectors": _whole_schema(1, limits.kernel_side), "seed": _whole_schema(SEED.least, SEED.most)},
            "random_vectors",
        ),
    ]
    members = {
        "version": {
            "enum": list(range(1, SCENE_VERSION + 1)),
            "description": "1: classic filters on three channels read each channel alone where groups is not given.",
        },
        "image": {
            "anyOf": image,
            "description": "A sample, an upload, or numbers, typed or random, with one plane a channel. one_hot and "
            "random_vectors are the vectors of the words in rows.",
        },
        "rows": {
            "anyOf": [
                _list_schema({"type": "string", "minLength": 1, "maxLength": MOST_LETTERS}, 0, MOST_WORDS),
                {"type": "null"},
            ],
            "description": "Words at the rows of typed or random numbers, one for each row.",
        },
        "batch": {
            "anyOf": [{"type": "array", "maxItems": MOST_BATCH, "items": {"anyOf": image}}, {"type": "null"}],
            "description": "Pictures of one shape that are stacked behind the image, all cut and changed alike.",
        },
        "item": {**_whole_schema(0, MOST_BATCH), "description": "Which picture of the stack the figure shows, from 0."},
        **{option.name: _option_schema(option, limits) for option in list_scene_options(limits)},
        "adjust": {
            "anyOf": [
                _object_schema({option.name: _option_schema(option, limits) for option in ADJUST_OPTIONS}),
                {"type": "null"},
            ],
            "description": "What changes the picture on purpose after it is cut, in this order.",
        },
        "layers": {
            "type": "array",
            "maxItems": limits.layers,
            "items": {"anyOf": [_layer_schema(row, limits) for row in OPERATIONS]},
        },
    }
    return {"title": "Scene", **_object_schema(members), "examples": [_EXAMPLE]}


def _object_schema(members: Mapping[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(members),
        "required": list(required),
        "additionalProperties": False,
    }


def _list_schema(items: dict[str, Any], least: int, most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def _whole_schema(least: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}


def _number_schema(least: int = -LARGEST_NUMBER, most: int = LARGEST_NUMBER) -> dict[str, Any]:
    text = {"type": "string", "pattern": _NUMBER, "maxLength": MOST_NUMBER_CHARACTERS}
    return {"anyOf": [text, {"type": "number", "minimum": least, "maximum": most}]}


def _planes_schema(limits: Limits, side: int) -> dict[str, Any]:
    rows = _list_schema(_list_schema(_number_schema(), 1, side), 1, side)
    return _object_schema(
        {"planes": _list_schema(rows, 1, limits.filters), "divisor": _whole_schema(1, LARGEST_NUMBER)}, "planes"
    )


def _layer_schema(row: Operation, limits: Limits) -> dict[str, Any]:
    members: dict[str, Any] = {"op": {"const": row.name}}
    required = ["op"]
    if row.family == "convolution":
        members["filters"] = _list_schema(_filter_schema(limits), 1, limits.filters)
        required.append("filters")
    elif row.head is not None and row.head.kind == "weights":
        members["head"] = _rows_schema(row.head, limits)
        required.append("head")
    elif row.head is not None:
        head, optional = _option_schema(row.head, limits), row.head.default is not None
        members["head"] = {"anyOf": [head, {"type": "null"}]} if optional else head
        required += [] if optional else ["head"]
    members["options"] = _object_schema({option.name: _option_schema(option, limits) for option in row.options})
    return {"title": row.title, "description": row.sentence, **_object_schema(members, *required)}


def _rows_schema(option: Option, limits: Limits) -> dict[str, Any]:
    """The weights of a fully connected layer."""
    rows = _list_schema(_list_schema(_number_schema(), 1, limits.side**2), 1, limits.filters)
    divisor = _whole_schema(1, LARGEST_NUMBER)
    kinds = [
        {"type": "string", "pattern": _TWO_NAMES},
        _object_schema({"rows": rows, "divisor": divisor}, "rows"),
        _object_schema({"random": _whole_schema(1, limits.filters)}, "random"),
        _object_schema({"shape": _whole_schema(1, MOST_MAPS)}, "shape"),
    ]
    return {"anyOf": kinds, "description": option.help}


def _filter_schema(limits: Limits) -> dict[str, Any]:
    name = {"type": "string", "pattern": _NAME}
    place = {"anyOf": [_whole_schema(0, MOST_INDEX), {"type": "null"}]}
    kinds = [
        _object_schema({"kernel": {"enum": [row.name for row in KERNELS]}}, "kernel"),
        _planes_schema(limits, limits.kernel_side),
        _object_schema({"model": name, "layer": name, "index": place, "moment": place}, "model", "layer"),
        _object_schema({"random": _three_schema(limits.filters, limits.kernel_side)}, "random"),
        _object_schema({"shape": _three_schema(MOST_MAPS, limits.side)}, "shape"),
    ]
    return {"anyOf": kinds}


def _three_schema(most: int, side: int) -> dict[str, Any]:
    """A list of a count, rows and columns."""
    return {
        "type": "array",
        "prefixItems": [_whole_schema(1, most), *[_whole_schema(1, side)] * 2],
        "items": False,
        "minItems": 3,
    }


def _option_schema(option: Option, limits: Limits) -> dict[str, Any]:
    """The schema of an option's value."""
    whole = _whole_schema(option.least, option.most)
    kinds: dict[str, Any] = {
        "whole": whole,
        "number": _number_schema(option.least, option.most),
        "numbers": {"anyOf": [_number_schema(), _list_schema(_number_schema(), 1, limits.filters)]},
        "pair": {"anyOf": [whole, _list_schema(whole, 2, 2)]},
        "shift": {"anyOf": [whole, _list_schema(whole, 2, 2)]},
        "padding": {"anyOf": [{"enum": list(option.choices)}, whole, _list_schema(whole, 4, 4)]},
        "flag": {"type": "boolean"},
        "word": {"enum": list(option.choices)},
        "words": {"type": "array", "items": {"enum": list(option.choices)}},
        "cell": _list_schema(whole, 2, 2),
        "box": {
            "anyOf": [
                {
                    "type": "array",
                    "prefixItems": [*[_whole_schema(0, option.most)] * 2, *[_whole_schema(1, option.most)] * 2],
                    "items": False,
                    "minItems": 4,
                },
                {"type": "null"},
            ]
        },
        "text": {"type": "string", "pattern": _TWO_NAMES},
        "stage": whole,
        "stages": {"anyOf": [whole, _list_schema(whole, 1, MOST_JOINED)]},
    }
    allowed = write_in_english(describe_allowed(option, limits.filters))
    return {**kinds[option.kind], "description": f"{option.help} It can be {allowed}."}
