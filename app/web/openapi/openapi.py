"""What /openapi.json says of every call: what it takes, and for each status the one kind of answer that it has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from ...images.decoding.image_formats import SUPPORTED_FORMATS
from ..http_messages import STATUS_TITLES
from ..responses.http_errors import PROBLEM_JSON
from .parameters import SCENE, of_view
from .response_schemas import SCHEMAS, Json, list_of, ref

EXAMPLE_SCENE: Json = MappingProxyType(
    {
        "version": 1,
        "image": {"planes": [[["0", "1", "0"], ["1", "1", "1"], ["0", "1", "0"]]], "divisor": 1},
        "layers": [{"op": "conv", "filters": [{"kernel": "sobel-x"}], "options": {"padding": "same"}}, {"op": "relu"}],
    }
)
FIRST_SENTENCE = re.compile(r"(.+?)[.:]?(?:\n\n|(?<=[.])\s|$)", re.DOTALL)
FILE: Json = {"type": "string", "format": "binary"}


def json_of(schema: str) -> Json:
    """An answer in JSON, of a named schema."""
    return {"application/json": {"schema": ref(schema)}}


def json_list_of(schema: str) -> Json:
    """An answer that is a list in JSON, of a named schema."""
    return {"application/json": {"schema": list_of(ref(schema))}}


def file_of(kind: str) -> Json:
    """An answer that is a file of a kind."""
    return {kind: {"schema": dict(FILE)}}


def text_of(kind: str) -> Json:
    """An answer that is a text of a kind."""
    return {kind: {"schema": {"type": "string"}}}


PICTURE = file_of("image/png")
SVG = text_of("image/svg+xml")
BYTES = file_of("application/octet-stream")
MODULE = text_of("text/javascript")
HTML_FILE = text_of("text/html")
STORED = {
    "application/json": {
        "schema": ref("StoredPicture"),
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
SCENE_BODY: Json = {
    "required": True,
    "description": "A scene. It comes with every Trace, and may be longer than a link.",
    "content": {"application/json": {"schema": {"type": "object"}, "example": dict(EXAMPLE_SCENE)}},
}
FORM_BODY: Json = {
    "required": True,
    "description": f"{SUPPORTED_FORMATS}; HEIC where the server has it.",
    "content": {
        "multipart/form-data": {"schema": {"type": "object", "required": ["file"], "properties": {"file": dict(FILE)}}}
    },
}
WEIGHTS_BODY: Json = {
    "required": True,
    "description": "safetensors, npz, a state file of PyTorch, or ONNX where the server has it; of a safetensors "
    "file or an archive, the numbers of other layers may be missing.",
    "content": {**BYTES, **FORM_BODY["content"]},  # type: ignore[dict-item]
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
    content: dict[str, object] = {"content": dict(answers)} if answers else {}
    responses: dict[str, object] = {str(success): {"description": "Done.", **content}}
    waits = (429, 503) if scene or body is SCENE_BODY else ()
    sent = (400, 403, 408, 413, 503) if body is not None else ()
    for status in sorted({*statuses, *waits, *sent}):
        refusal = {PROBLEM_JSON: {"schema": ref("Refusal")}}
        responses[str(status)] = {"description": STATUS_TITLES[status], "content": refusal}
    parameters = (*(SCENE if scene else ()), *own, *of_view(view))
    described: dict[str, object] = {"parameters": [dict(row) for row in parameters], "responses": responses}
    if body is not None:
        described["requestBody"] = dict(body)
    return described


class Application(FastAPI):
    """FastAPI with a description of its own making: `routes` in it are those of `state.routes`."""

    def openapi(self) -> dict[str, Any]:
        """The description of all calls. Each is named after its function and summed up by its first sentence.

        FastAPI adds answers in JSON to those that a call has, and types of its own; neither are true here.
        """
        if self.openapi_schema is None:
            document = super().openapi()
            for route in self.state.routes:
                if route.include_in_schema:
                    _describe_truly(document["paths"][route.path_format], route)
            document["components"] = {"schemas": {name: dict(schema) for name, schema in SCHEMAS.items()}}
        return self.openapi_schema or {}


def _describe_truly(calls: Mapping[str, dict[str, object]], route: APIRoute) -> None:
    said = route.openapi_extra or {}
    first = FIRST_SENTENCE.match(route.description)
    for method in route.methods or ():
        call = calls[method.lower()]
        call["operationId"] = route.name
        call["summary"] = " ".join(first[1].split()) if first else route.name
        call["responses"] = said["responses"]
