"""The document /openapi.json: parameters and bodies of every call, and one type of response for each status."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from ...core.texts import write_in_english
from ...export.export_options import FORMATS
from ...images.decoding.image_formats import SUPPORTED_FORMATS
from ..http_messages import get_status_title
from ..responses.http_errors import PROBLEM_JSON
from .parameters import SCENE_PARAMETERS, make_view_parameters
from .response_schemas import SCHEMAS
from .schema_builders import Json, list_of, ref

EXAMPLE_SCENE: Json = MappingProxyType(
    {
        "version": 1,
        "image": {"planes": [[["0", "1", "0"], ["1", "1", "1"], ["0", "1", "0"]]], "divisor": 1},
        "layers": [{"op": "conv", "filters": [{"kernel": "sobel-x"}], "options": {"padding": "same"}}, {"op": "relu"}],
    }
)
FIRST_SENTENCE = re.compile(r"(.+?)[.:]?(?:\n\n|(?<=[.])\s|$)", re.DOTALL)
FILE: Json = {"type": "string", "format": "binary"}


def json_content(schema: str) -> Json:
    """A response in JSON with a named schema."""
    return {"application/json": {"schema": ref(schema)}}


def json_list_content(schema: str) -> Json:
    """A response that is a JSON list of items with a named schema."""
    return {"application/json": {"schema": list_of(ref(schema))}}


def file_content(media_type: str) -> Json:
    """A response that is a binary file."""
    return {media_type: {"schema": dict(FILE)}}


def text_content(media_type: str) -> Json:
    """A response that is a text."""
    return {media_type: {"schema": {"type": "string"}}}


PNG_FILE = file_content("image/png")
SVG_FILE = text_content("image/svg+xml")
BINARY_FILE = file_content("application/octet-stream")
MODULE_FILE = text_content("text/javascript")
HTML_FILE = text_content("text/html")
CSV_FILE = text_content("text/csv")
EXPORTED_FILE = {
    **{name: one for row in FORMATS.values() for name, one in file_content(row.media_type).items()},
    **file_content("multipart/mixed"),
    "application/json": {"schema": {"type": "object"}},
}
"""A file of any kind, the stream of its progress, or what a film would be."""
STORED_PICTURE = {
    "application/json": {
        "schema": ref("StoredPicture"),
        "example": {
            "image": "u-0a1b2c3d4e5f6g7h8i9j",
            "height": 768,
            "width": 1024,
            "notes": ["turned upright", "scaled from 4032 × 3024 to 1024 × 768 pixels", "metadata removed"],
            "dark": False,
            "colored": True,
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
NETWORK_BODY: Json = {
    "required": True,
    "description": "A scene whose layers end in the scores of classes.",
    "content": {
        "application/json": {
            "schema": {"type": "object"},
            "example": {"version": 2, "image": {"sample": "cat"}, "layers": [{"op": "model", "head": "cifar10"}]},
        }
    },
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
    "content": {**BINARY_FILE, **FORM_BODY["content"]},  # type: ignore[dict-item]
}


def describe_call(
    *own: Json,
    content: Json,
    scene: bool = False,
    view: Sequence[str] = (),
    statuses: Sequence[int] = (422,),
    success: int = 200,
    body: Json | None = None,
    examples: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, object]:
    """The description of a call: its own parameters, those of a scene and a view, its responses.

    `examples` take the place of those of some parameters.

    A call that computes a scene may also end with 429 or 503; one with a body with 403 (another site), 400
    (incomplete), 408 (too slow) or 413 (too large).
    """
    success_content: dict[str, object] = {"content": dict(content)} if content else {}
    responses: dict[str, object] = {str(success): {"description": "Done.", **success_content}}
    queue_statuses = (429, 503) if scene or body in (SCENE_BODY, NETWORK_BODY) else ()
    body_statuses = (400, 403, 408, 413, 503) if body is not None else ()
    for status in sorted({*statuses, *queue_statuses, *body_statuses}):
        problem = {PROBLEM_JSON: {"schema": ref("Refusal")}}
        responses[str(status)] = {"description": write_in_english(get_status_title(status)), "content": problem}
    parameters = (*(SCENE_PARAMETERS if scene else ()), *own, *make_view_parameters(view))
    rows = [{**row, "example": examples.get(str(row["name"]), row["example"])} for row in parameters]
    described: dict[str, object] = {"parameters": rows, "responses": responses}
    if body is not None:
        described["requestBody"] = dict(body)
    return described


class DescribedApp(FastAPI):
    """FastAPI with the /openapi.json of this module, for the routes in `state.routes`."""

    def openapi(self) -> dict[str, Any]:
        """The document. A call's operationId is its route's name, its summary the first sentence of its docstring.

        FastAPI adds JSON responses and types of its own, which do not exist here, so they are replaced.
        """
        if self.openapi_schema is None:
            document = super().openapi()
            for route in self.state.routes:
                if route.include_in_schema:
                    _replace_responses(document["paths"][route.path_format], route)
            document["components"] = {"schemas": {name: dict(schema) for name, schema in SCHEMAS.items()}}
        return self.openapi_schema or {}


def _replace_responses(calls: Mapping[str, dict[str, object]], route: APIRoute) -> None:
    operation = route.openapi_extra or {}
    first = FIRST_SENTENCE.match(route.description)
    for method in route.methods or ():
        call = calls[method.lower()]
        call["operationId"] = route.name
        call["summary"] = " ".join(first[1].split()) if first else route.name
        call["responses"] = operation["responses"]
