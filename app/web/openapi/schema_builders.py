"""Builds JSON schemas for OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping

Json = Mapping[str, object]

TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer"}
NUMBER: Json = {"type": "number"}
FLAG: Json = {"type": "boolean"}
ANYTHING: Json = {"type": "object", "additionalProperties": True}


def ref(name: str) -> Json:
    """A reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(items: Json, count: int | None = None, depth: int = 1) -> Json:
    """A list, or nested lists to a `depth`; the innermost may have a fixed length `count`."""
    fixed = {} if count is None else {"minItems": count, "maxItems": count}
    schema: Json = {"type": "array", "items": dict(items), **fixed}
    return schema if depth == 1 else list_of(schema, depth=depth - 1)


def nullable(schema: Json) -> Json:
    """The schema, or null."""
    return {"anyOf": [dict(schema), {"type": "null"}]}


def enum_of(*texts: str) -> Json:
    """One of some texts."""
    return {"type": "string", "enum": list(texts)}


def with_description(schema: Json, description: str) -> Json:
    """The schema with a description."""
    return {**schema, "description": description}


def object_of(description: str, required: Mapping[str, Json], optional: Mapping[str, Json] | None = None) -> Json:
    """An object with required and optional properties; more may be added later."""
    properties = {name: dict(schema) for name, schema in {**required, **(optional or {})}.items()}
    return {"type": "object", "description": description, "required": list(required), "properties": properties}
