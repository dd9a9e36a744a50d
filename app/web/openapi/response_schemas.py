"""What the answers in JSON hold, as the named schemas of /openapi.json: the types that a client made from it has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from ...core.problems import Severity
from ...core.weights.kernels import KERNELS
from ...images.samples import SampleKind
from ..store_health import CONDITIONS

Json = Mapping[str, object]

TEXT: Json = {"type": "string"}
WHOLE: Json = {"type": "integer"}
NUMBER: Json = {"type": "number"}
FLAG: Json = {"type": "boolean"}
ANYTHING: Json = {"type": "object", "additionalProperties": True}


def ref(name: str) -> Json:
    """The schema of that name."""
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(items: Json, count: int | None = None, depth: int = 1) -> Json:
    """A list, or lists in lists, of which the innermost may have a fixed length."""
    fixed = {} if count is None else {"minItems": count, "maxItems": count}
    schema: Json = {"type": "array", "items": dict(items), **fixed}
    return schema if depth == 1 else list_of(schema, depth=depth - 1)


def or_null(schema: Json) -> Json:
    """The same, or null."""
    return {"anyOf": [dict(schema), {"type": "null"}]}


def one_of(*texts: str) -> Json:
    """One of some texts."""
    return {"type": "string", "enum": list(texts)}


def said(schema: Json, description: str) -> Json:
    """The schema with a word on what it is."""
    return {**schema, "description": description}


def record(description: str, always: Mapping[str, Json], sometimes: Mapping[str, Json] | None = None) -> Json:
    """An object: what it always has, and what it has where that makes sense. More may be added later."""
    properties = {name: dict(schema) for name, schema in {**always, **(sometimes or {})}.items()}
    return {"type": "object", "description": description, "required": list(always), "properties": properties}


PAIR = list_of(WHOLE, 2)
ROWS = list_of(NUMBER, depth=2)
NUMBERS_OR_GAPS = list_of({"type": ["number", "null"]}, depth=3)
LEASE: Mapping[str, Json] = {
    "expires": said({"type": "string", "format": "date-time"}, "When it is deleted."),
    "delete_token": said(TEXT, "Deletes it before that."),
}
FIGURE: Mapping[str, Json] = {
    "version": WHOLE,
    "link": said(TEXT, "The canonical query string of the figure."),
    "problems": said(list_of(ref("Problem")), "What was changed on the way; none is an error."),
}
AXIS = record(
    "A window of `kernel` cells that walks along `size` cells.",
    {
        **dict.fromkeys(("size", "kernel", "stride", "dilation", "before", "after", "positions"), WHOLE),
        **dict.fromkeys(("ceil", "fits"), FLAG),
        **dict.fromkeys(("leftover", "overhang"), WHOLE),
        "unread": list_of(WHOLE),
        "quotient": TEXT,
        "fitting_padding": {"type": ["integer", "null"]},
    },
)
STAGE = record(
    "One stage of a figure, and its numbers where they were asked for: maps are (channels, rows, columns).",
    {
        "index": WHOLE,
        **dict.fromkeys(("op", "title", "family"), TEXT),
        "layer": said({"type": ["integer", "null"]}, "The layer of the chain; null for the input."),
        "shape": list_of(WHOLE, 3),
        "input_shape": or_null(list_of(WHOLE, 3)),
        "parameters": WHOLE,
        "multiply_adds": WHOLE,
        "receptive_field": PAIR,
        "jump": PAIR,
        "exact": FLAG,
        "colors": one_of("photo", "signed", "gray"),
        "scale": or_null(list_of(NUMBER, 2)),
        "notes": list_of(TEXT),
    },
    {
        "rows": or_null(ref("Axis")),
        "columns": or_null(ref("Axis")),
        "ranges": list_of(NUMBER, 2, depth=2),
        "telling": list_of(WHOLE, 2, depth=2),
        "image": said(ANYTHING, "Where the input comes from."),
        "labels": said(list_of(TEXT), "What each filter is called."),
        "output": NUMBERS_OR_GAPS,
        "weight": said(list_of({}), "(K, C, h, w), or (outputs, inputs) of a fully connected layer."),
        "bias": list_of(NUMBER),
    },
)
CHANNEL = record(
    "What one channel of the input adds to a step; lists are rows of the window.",
    {
        "channel": WHOLE,
        "values": list_of({"type": ["number", "null"]}, depth=2),
        "padded": list_of(FLAG, depth=2),
        "sources": list_of(or_null(PAIR), depth=2),
        "weights": or_null(ROWS),
        "products": or_null(ROWS),
        "sum": NUMBER,
    },
)
STEP = record(
    "How one cell comes about: sum / (divisor · scale) + bias is its result.",
    {
        **dict.fromkeys(("stage", "map", "row", "col"), WHOLE),
        "kind": one_of("conv", "pool", "pointwise", "softmax", "shift", "flatten", "linear", "prepare", "input"),
        "channels": list_of(ref("StepChannel")),
        **dict.fromkeys(("divisor", "scale", "bias", "sum", "result"), NUMBER),
        "chosen": or_null(list_of(WHOLE)),
        "count": {"type": ["integer", "null"]},
        "strongest": list_of(ANYTHING),
        "rest": or_null(ANYTHING),
        "largest": {"type": ["number", "null"]},
        "rows": list_of(WHOLE),
        "columns": list_of(WHOLE),
    },
)
MODEL = record(
    "A trained model: what it reads, its layers, its card, and how it was learned.",
    {
        "name": said(TEXT, "What links call it."),
        "title": TEXT,
        "layer": said(TEXT, "The first layer with filters."),
        "filters": said(WHOLE, "How many filters that layer has."),
        "shape": said(list_of(WHOLE, 3), "Channels, rows and columns of each."),
        "options": ANYTHING,
        "prepare": ANYTHING,
        "classes": list_of(TEXT),
        "card": said(ANYTHING, "What it learned from, how, and how well."),
        "layers": list_of(ref("ModelLayer")),
        "film": said(or_null(ANYTHING), "The moments of its training that were kept."),
    },
)
MODEL_LAYER = record(
    "One layer of a model.",
    {
        **dict.fromkeys(("name", "op", "title"), TEXT),
        "head": said({}, "The layer's first value, such as the window of a pool."),
        "options": ANYTHING,
        "shape": or_null(list_of(WHOLE)),
        "parameters": WHOLE,
        "filters": said(FLAG, "Whether its weights are filters."),
    },
)
SAMPLE = record(
    "A picture that comes with the program, or that was added.",
    {
        "name": said(TEXT, "What links call it."),
        "title": TEXT,
        "kind": one_of(*get_args(SampleKind)),
        "alt": said(TEXT, "A sentence for whoever does not see it."),
        "credit": TEXT,
        "source": TEXT,
        "focus": said(list_of(WHOLE, 4), "Where to look: top, left, height, width in its pixels."),
        "picture": said(TEXT, "The path of its pixels."),
        "thumbnail": said(TEXT, "The path of a small one."),
    },
)
KERNEL = record(
    "A classic filter: its numbers as they are written, divided by the divisor.",
    {
        **dict.fromkeys(("name", "title", "family", "sentence"), TEXT),
        "planes": list_of(TEXT, depth=3),
        "divisor": WHOLE,
        "show": one_of(*sorted({kernel.show for kernel in KERNELS})),
    },
)
PORTRAIT = record(
    "What a learned filter looks for.",
    {
        "index": WHOLE,
        **dict.fromkeys(("words", "kind"), TEXT),
        **dict.fromkeys(("strength", "color", "period", "oriented"), NUMBER),
        "angle": {"type": ["integer", "null"]},
    },
)
PATCH = record(
    "A part of a sample photo that a filter answers to.",
    {
        **dict.fromkeys(("sample", "title"), TEXT),
        **dict.fromkeys(("row", "column"), WHOLE),
        "value": NUMBER,
        "picture": said(TEXT, "The patch as a `data:` address."),
    },
)
STORE_STATE = record(
    "How the store of uploads is.",
    {"state": one_of(*CONDITIONS)},
    {"message": said(TEXT, "What is wrong; left out where all is well.")},
)
PROBLEM = record(
    "One thing that did not fit.",
    {
        "field": TEXT,
        "value": said(TEXT, "What was given."),
        "allowed": said(TEXT, "What would have been accepted."),
        "message": said(TEXT, "The whole sentence."),
        "severity": one_of(*get_args(Severity)),
        "layer": said({"type": ["integer", "null"]}, "The layer that it belongs to, from 0."),
    },
)
REFUSAL = record(
    "Why a request was refused (RFC 9457); field, value and what is allowed are those of the first problem.",
    {
        **dict.fromkeys(("type", "title"), TEXT),
        "status": WHOLE,
        "detail": said(TEXT, "The whole sentence."),
        "problems": list_of(ref("Problem")),
    },
    dict.fromkeys(("field", "value", "allowed"), TEXT),
)
SCHEMAS: Mapping[str, Json] = MappingProxyType(
    {
        "Axis": AXIS,
        "Health": record(
            "The server answers; how its store is.",
            {
                "status": said(TEXT, "ok, since the server answers."),
                "version": TEXT,
                "build": said(TEXT, "A name for the files that browsers load, which changes with any of them."),
                "store": ref("StoreState"),
            },
        ),
        "Kernel": KERNEL,
        "Model": MODEL,
        "ModelLayer": MODEL_LAYER,
        "Patch": PATCH,
        "Patches": record(
            "The patches of the sample photos that excite a filter most.",
            {"model": TEXT, "filter": WHOLE, "patches": list_of(ref("Patch"))},
        ),
        "Portrait": PORTRAIT,
        "Portraits": record(
            "What each filter of a model's first layer looks for.",
            {
                **dict.fromkeys(("model", "layer"), TEXT),
                "filters": list_of(ref("Portrait")),
                "orders": {"type": "object", "additionalProperties": list_of(WHOLE)},
                "telling": said(WHOLE, "The filter that says most."),
            },
        ),
        "Problem": PROBLEM,
        "Refusal": REFUSAL,
        "Sample": SAMPLE,
        "Stage": STAGE,
        "Step": STEP,
        "StepChannel": CHANNEL,
        "Steps": record(
            "What happens at some positions of a stage.",
            {
                **FIGURE,
                **dict.fromkeys(("stage", "map", "start", "count"), WHOLE),
                "positions": said(WHOLE, "How many there are."),
                "steps": list_of(ref("Step")),
            },
        ),
        "StoredPicture": record(
            "A picture that is kept for a while.",
            {
                "image": said(TEXT, "The id, for image= in links."),
                "height": WHOLE,
                "width": WHOLE,
                "notes": said(list_of(TEXT), "What was done to get the pixels, in plain words."),
                "dark": said(FLAG, "Whether most of the range of numbers is unused: stretch=1 shows more."),
                **LEASE,
            },
        ),
        "StoredWeights": record(
            "Weights that are kept for a while.",
            {
                "weights": said(TEXT, "The id, for wherever a model's name may stand."),
                "layer": TEXT,
                "shape": said(list_of(WHOLE), "Filters, channels, rows and columns."),
                "filters": said(TEXT, "The layer as links write it."),
                "layers": said(list_of(ref("WeightsLayer")), "All layers that could be shown, the likeliest first."),
                "model": or_null(ref("Model")),
                **LEASE,
            },
        ),
        "WeightsLayer": record(
            "A layer of a file of weights that could be shown.",
            {
                "name": said(TEXT, "For layer= when the file is brought."),
                "shape": said(list_of(WHOLE), "Filters, channels, rows and columns."),
                "array": said(TEXT, "What the file calls the array."),
                "remark": said(TEXT, "A word about it; often empty."),
            },
            {"parts": said(list_of(TEXT), "Members of a zip archive, or arrays, that hold its numbers.")},
        ),
        "WeightsLayers": record(
            "The layers of a file of weights that could be shown, the likeliest first.",
            {"layers": list_of(ref("WeightsLayer"))},
        ),
        "StoreState": STORE_STATE,
        "Trace": record(
            "Every stage of a figure with its numbers.",
            {**FIGURE, "scene": said(ANYTHING, "The figure as it was computed."), "stages": list_of(ref("Stage"))},
        ),
        "Tray": {
            "type": "object",
            "description": "A small picture for each classic filter by its name, as a `data:` address.",
            "additionalProperties": dict(TEXT),
        },
    }
)
