"""The documentation page of the HTTP interface: every call with its parameters, responses and an example."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from ...render.page_texts import PAGE_TEXTS, write_page_text
from ..app_state import get_app_state
from ..requests.public_url import get_public_url, make_root_path
from ..responses.ready_response import Reply, ReplyResponse, make_etag
from .pages import DESCRIPTION, SITE_NAME, Pages

EXAMPLE_KEYS = ("image", "layers")
"""The optional parameters in an example; required ones are always in it."""
UNESCAPED = "~:,;()=/?*@"
"""Characters that stay unescaped in the address of an example."""
TEXT_TYPES = ("application/json", "text/plain", "text/javascript", "image/svg+xml")

Json = Mapping[str, Any]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter, a property of a type, or a response: its name, its kind and its description.

    `type` is the name of its schema, if it has one.
    """

    name: str
    kind: str
    description: str
    type: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `address` is an example of it from the site's root on; `can_try` whether a link can open it."""

    name: str
    method: str
    path: str
    summary: str
    description: tuple[str, ...]
    parameters: tuple[Row, ...]
    bodies: tuple[Row, ...]
    responses: tuple[Row, ...]
    address: str
    command: str
    can_try: bool


@router.get("/docs")
async def get_docs_page(request: Request) -> Response:
    """The documentation of the HTTP interface."""
    state, base = get_app_state(request), get_public_url(request).base
    key = ("docs", base)
    reply = state.replies.get(key)
    if reply is None:
        pages: Pages = request.app.state.pages
        reply = _render_page(pages, request.app.openapi(), base)
        state.replies.put(key, reply)
    return ReplyResponse(reply)


def _render_page(pages: Pages, document: Json, base: str) -> Reply:
    context = {
        "title": f"{write_page_text('page_docs_title')} · {SITE_NAME}",
        "description": DESCRIPTION,
        "intro": document["info"]["description"].strip().split("\n\n"),
        "groups": group_calls(document, base),
        "types": list_types(document),
        "base": base,
        "script": "docs",
    }
    reply = pages.render("docs.html", context, root=make_root_path("/docs"))
    headers = {**reply.headers, "Cache-Control": "no-cache"}
    return replace(reply, headers=headers, etag=make_etag(reply.body))


def group_calls(document: Json, base: str) -> list[tuple[str, str, list[Call]]]:
    """The calls of a document grouped by tag: an anchor, a title, and the calls in their order."""
    groups: dict[str, list[Call]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append(_make_call(method.upper(), path, operation, base))
    return [(name.replace(" ", "-"), _make_group_title(name), calls) for name, calls in groups.items()]


def _make_group_title(tag: str) -> str:
    """The heading of the calls with a tag, in the current language; the tag itself where it has none."""
    code = f"page_docs_{tag.replace(' ', '_')}"
    return write_page_text(code) if code in PAGE_TEXTS else tag.capitalize()


def list_types(document: Json) -> list[tuple[str, str, list[Row]]]:
    """The named types of a document: name, description and properties of each."""
    schemas: dict[str, Json] = document["components"]["schemas"]
    return [(name, schema["description"], _list_properties(schema)) for name, schema in schemas.items()]


def _list_properties(schema: Json) -> list[Row]:
    required, parts = schema.get("required", ()), schema.get("properties", {})
    notes = {name: "" if name in required else "may be missing" for name in parts}
    return [
        Row(name, describe_schema(part), part.get("description", ""), find_type_name(part), notes[name])
        for name, part in parts.items()
    ]


def _make_call(method: str, path: str, operation: Json, base: str) -> Call:
    parameters: Sequence[Json] = operation.get("parameters", ())
    bodies: Json = operation.get("requestBody", {}).get("content", {})
    responses = [(status, answer, *_get_content(answer)) for status, answer in operation["responses"].items()]
    address = _make_example(path, parameters)
    return Call(
        operation["operationId"],
        method,
        path,
        operation["summary"],
        tuple(operation["description"].split("\n\n")),
        tuple(_make_parameter_row(row) for row in parameters),
        tuple(
            Row(kind, describe_schema(body["schema"]), operation["requestBody"]["description"])
            for kind, body in bodies.items()
        ),
        tuple(
            Row(status, kind, response["description"], find_type_name(schema))
            for status, response, kind, schema in responses
        ),
        address,
        _make_command(method, base + address, bodies, responses[0][2]),
        method == "GET" and "{id}" not in path,
    )


def _get_content(answer: Json) -> tuple[str, Json]:
    """The media types of a response and the schema of the first; both empty without a body."""
    contents = answer.get("content", {})
    return ", ".join(contents), next((content["schema"] for content in contents.values()), {})


def _make_parameter_row(row: Json) -> Row:
    schema: Json = row["schema"]
    note = "needed" if row.get("required") else f"else {schema['default']}" if schema.get("default", "") != "" else ""
    return Row(row["name"], describe_schema(schema), row["description"], note=note)


def describe_schema(schema: Json) -> str:
    """A schema in a few words: a type, a range, a choice."""
    if "$ref" in schema:
        return find_type_name(schema)
    if "anyOf" in schema:
        return " or ".join(describe_schema(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(str(one) or "nothing" for one in schema["enum"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {describe_schema(schema['items'])}"
    if isinstance(kind, list):
        return " or ".join(kind)
    least = schema.get("minimum", schema.get("exclusiveMinimum"))
    above = "above " if "exclusiveMinimum" in schema else ""
    ends = f", {above}{least:,} to {schema['maximum']:,}" if "maximum" in schema else ""
    type_name = "file" if schema.get("format") == "binary" else {"string": "text"}.get(kind, kind)
    return f"{type_name}{ends}"


def find_type_name(schema: Json) -> str:
    """The name of the schema's type or of the type of its items; '' for none."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    inner: Iterable[Json] = [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())]
    return next((found for one in inner if (found := find_type_name(one))), "")


def _make_example(path: str, parameters: Iterable[Json]) -> str:
    """An example address from the site's root on, with the required parameters and a figure if it takes one."""
    query = []
    for row in parameters:
        example = quote(str(row.get("example") or row["schema"].get("examples", [""])[0]), safe=UNESCAPED)
        if row["in"] == "path":
            path = path.replace(f"{{{row['name']}}}", example)
        elif row["required"] or row["name"] in EXAMPLE_KEYS:
            query.append(f"{row['name']}={example}")
    return path + ("?" if query else "") + "&".join(query)


def _make_command(method: str, url: str, bodies: Json, kind: str) -> str:
    """A shell command that makes a call."""
    parts = ["curl"]
    if method == "DELETE":
        return f"curl -X DELETE -H 'X-Delete-Token: …' '{url}'"
    if "application/json" in bodies:
        body = json.dumps(bodies["application/json"]["example"], separators=(",", ":"))
        parts += ["-H 'Content-Type: application/json'", f"--data '{body}'"]
    elif bodies:
        parts.append("-F file=@FILE")
    if kind and kind not in TEXT_TYPES:
        parts.append("-o FILE" if not bodies else "-o ANSWER")
    return " ".join([*parts, f"'{url}'"])
