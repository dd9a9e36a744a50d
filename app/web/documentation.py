"""What /openapi.json says: every parameter with its meaning and an example, every answer with its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated

from fastapi import Path

from ..core.options import SIZES, VIEW_OPTIONS
from ..images.formats import READ_HERE
from .readiness import CONDITIONS
from .refusal import PROBLEM_JSON
from .words import STATUS_TITLES

Json = Mapping[str, object]

EXAMPLE_SCENE: Json = MappingProxyType(
    {
        "version": 1,
        "image": {"planes": [[["0", "1", "0"], ["1", "1", "1"], ["0", "1", "0"]]], "divisor": 1},
        "layers": [{"op": "conv", "filters": [{"kernel": "sobel-x"}], "options": {"padding": "same"}}, {"op": "relu"}],
    }
)


def parameter(name: str, description: str, example: object, schema: Json, place: str = "query") -> Json:
    """One parameter as OpenAPI describes it."""
    return {
        "name": name,
        "in": place,
        "required": False,
        "description": description,
        "schema": dict(schema),
        "example": example,
    }


def whole(name: str, description: str, example: int, least: int, most: int) -> Json:
    """A parameter that is a whole number."""
    return parameter(name, description, example, {"type": "integer", "minimum": least, "maximum": most})


def text(name: str, description: str, example: str) -> Json:
    """A parameter that is a text with a grammar of its own, which the README describes."""
    return parameter(name, description, example, {"type": "string"})


SCENE = (
    text("image", "A sample's name, an upload's id, or numbers: rows in ( ), one ( ) a channel.", "chelsea"),
    text("size", f"Cells: one number or rows x columns; the page offers {', '.join(map(str, SIZES))}.", "16"),
    text("crop", "The part of the stored picture: top,left,height,width in its pixels.", "60,120,64,64"),
    parameter("channels", "Gray or color.", "gray", {"type": "string", "enum": ["gray", "rgb"]}),
    parameter("range", "Whole numbers 0 to 255, or 0 to 1.", "byte", {"type": "string", "enum": ["byte", "unit"]}),
    text("layers", "The chain of layers, ~ between them.", "conv:sobel-x,stride=2~relu~maxpool:2"),
    parameter(
        "scene",
        "The figure as JSON, in place of all keys above.",
        '{"image":{"sample":"circle"},"size":[8,8],"layers":[{"op":"conv","filters":[{"kernel":"sobel-x"}]}]}',
        {"type": "string"},
    ),
)
SampleName = Annotated[str, Path(description="A sample's name, from /api/samples.", examples=["chelsea"])]
UploadId = Annotated[str, Path(description="The id that came with the upload.", examples=["u-0a1b2c3d4e5f6g7h8i9j"])]
WeightsId = Annotated[str, Path(description="The id that came with the weights.", examples=["w-0a1b2c3d4e5f6g7h8i9j"])]
STAGE = whole("stage", "Which stage; 0 is the input.", 1, 0, 512)
MAP = whole("map", "Which map of the stage.", 0, 0, 65_535)
STAGES = text(
    "stages",
    "The stages that come as float32 where the whole is too large for that; in JSON, those with numbers.",
    "0,1",
)
ONLY = text("only", "The stages whose arrays are sent; of the others comes what is said of them.", "2")
FORMAT = parameter(
    "format",
    "safetensors for programs, json for people.",
    "json",
    {"type": "string", "enum": ["safetensors", "json"]},
)
START = whole("start", "The first position, counted row by row from 0.", 0, 0, 1_000_000_000)
COUNT = whole("count", "How many positions.", 2, 1, 1_000)
SCALE = whole("scale", "Pixels a cell; else as many as make about 512 pixels.", 4, 1, 64)
WITH_PICTURE = parameter(
    "picture",
    "1 says that a picture which somebody brought may go into the file; without it such a figure is refused.",
    "1",
    {"type": "string", "enum": ["0", "1"]},
)
STRETCH = parameter(
    "stretch",
    "1 makes the picture's least number black and its largest white, as for 12 bits in a file of 16.",
    "0",
    {"type": "string", "enum": ["0", "1"]},
)
LINK = text("link", "The whole address that the code says, percent-encoded.", "https://lab.example/?image=coffee")
WIDTH = whole("width", "Pixels across; it is about half as high.", 1200, 320, 3840)
PIXELS = parameter(
    "pixels",
    "1 puts the cells of a picture that somebody brought into the file, so that it opens as it was anywhere.",
    "0",
    {"type": "string", "enum": ["0", "1"]},
)
MODEL = text("model", "A trained model's name, from /api/models.", "lenet5")
FILTER = whole("filter", "Which filter of the model's first layer.", 0, 0, 65_535)

JSON_OBJECT: Json = {"application/json": {"schema": {"type": "object"}}}
JSON_LIST: Json = {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}}
PICTURE: Json = {"image/png": {"schema": {"type": "string", "format": "binary"}}}
SVG: Json = {"image/svg+xml": {"schema": {"type": "string"}}}
BYTES: Json = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
MODULE: Json = {"text/javascript": {"schema": {"type": "string"}}}
HTML_FILE: Json = {"text/html": {"schema": {"type": "string"}}}
TRACE: Json = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}, **JSON_OBJECT}
STORED: Json = {
    "application/json": {
        "schema": {
            "type": "object",
            "required": ["image", "height", "width", "notes", "dark", "expires", "delete_token"],
            "properties": {
                "image": {"type": "string", "description": "The id, for image= in links."},
                "height": {"type": "integer"},
                "width": {"type": "integer"},
                "notes": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "What was done to get the pixels, in plain words.",
                },
                "dark": {
                    "type": "boolean",
                    "description": "Whether most of the range of numbers is unused: stretch=1 shows more.",
                },
                "expires": {"type": "string", "format": "date-time"},
                "delete_token": {"type": "string"},
            },
        },
        "example": {
            "image": "u-0a1b2c3d4e5f6g7h8i9j",
            "height": 768,
            "width": 1024,
            "notes": ["turned upright", "scaled from 4032 × 3024 to 1024 × 768", "metadata removed"],
            "dark": False,
            "expires": "2026-01-31T12:00:00+00:00",
            "delete_token": "…",
        },
    }
}
HEALTH: Json = {
    "application/json": {
        "schema": {
            "type": "object",
            "required": ["status", "version", "build", "store"],
            "properties": {
                "status": {"type": "string", "description": "ok, since the server answers."},
                "version": {"type": "string"},
                "build": {"type": "string"},
                "store": {
                    "type": "object",
                    "required": ["state"],
                    "properties": {
                        "state": {"type": "string", "enum": list(CONDITIONS)},
                        "message": {"type": "string", "description": "What is wrong; left out where all is well."},
                    },
                },
            },
        }
    }
}
SCENE_BODY: Json = {
    "required": True,
    "description": "A scene. It comes with every Trace, and may be longer than a link.",
    "content": {"application/json": {"schema": {"type": "object"}, "example": dict(EXAMPLE_SCENE)}},
}
FORM_BODY: Json = {
    "required": True,
    "description": f"{READ_HERE}; HEIC where the server has it.",
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        }
    },
}
WEIGHTS_BODY: Json = {
    "required": True,
    "description": "safetensors, npz, a state file of PyTorch, or ONNX where the server has it; header and first layer "
    "of a safetensors file are enough.",
    "content": {**BYTES, **FORM_BODY["content"]},  # type: ignore[dict-item]
}
PROBLEM: Json = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "problems"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "The whole sentence."},
        "field": {"type": "string"},
        "value": {"type": "string"},
        "allowed": {"type": "string"},
        "problems": {"type": "array", "items": {"type": "object"}},
    },
}


def describe(
    *own: Json,
    answers: Json,
    scene: bool = False,
    view: Sequence[str] = (),
    statuses: Sequence[int] = (422,),
    success: int = 200,
    body: Json | None = None,
) -> dict[str, object]:
    """The description of a call: its own parameters, those of a scene, its answers.

    What shows a scene may wait in vain, or be too much: 429, 503. A body comes from this site's own pages (403), whole
    (400), in time (408), and not too large (413).
    """
    shown = [_view_parameter(name) for name in view]
    responses: dict[str, object] = {str(success): {"description": "Done.", "content": dict(answers)}}
    waits = (429, 503) if scene or body is SCENE_BODY else ()
    sent = (400, 403, 408, 413, 503) if body is not None else ()
    for status in sorted({*statuses, *waits, *sent}):
        content = {PROBLEM_JSON: {"schema": dict(PROBLEM)}}
        responses[str(status)] = {"description": STATUS_TITLES[status], "content": content}
    described: dict[str, object] = {
        "parameters": [dict(row) for row in (*(SCENE if scene else ()), *own, *shown)],
        "responses": responses,
    }
    if body is not None:
        described["requestBody"] = dict(body)
    return described


def _view_parameter(name: str) -> Json:
    option = next(option for option in VIEW_OPTIONS if option.name == name)
    return parameter(name, option.help, option.default, {"type": "string", "enum": list(option.choices)})
