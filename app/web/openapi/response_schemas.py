"""The named schemas of the JSON responses in /openapi.json, from which clients generate types."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from ...core.operation_table import Capability, Kind
from ...core.problems import Severity
from ...core.weights.kernels import KERNELS
from ...images.samples import SampleKind
from ..store_health import STORE_CONDITIONS
from .schema_builders import (
    ANYTHING,
    FLAG,
    NUMBER,
    TEXT,
    WHOLE,
    Json,
    enum_of,
    list_of,
    nullable,
    object_of,
    ref,
    with_description,
)

PAIR = list_of(WHOLE, 2)
ROWS = list_of(NUMBER, depth=2)
NUMBERS_OR_GAPS = list_of({"type": ["number", "null"]}, depth=3)
LEASE: Mapping[str, Json] = {
    "expires": with_description({"type": "string", "format": "date-time"}, "When it is deleted."),
    "delete_token": with_description(TEXT, "Deletes it before that."),
}
FIGURE: Mapping[str, Json] = {
    "version": WHOLE,
    "link": with_description(TEXT, "The canonical query string of the figure."),
    "problems": with_description(list_of(ref("Problem")), "What was changed; none is an error."),
}
AXIS = object_of(
    "A window of `kernel` cells that slides over `size` cells.",
    {
        **dict.fromkeys(("size", "kernel", "stride", "dilation", "before", "after", "positions"), WHOLE),
        **dict.fromkeys(("ceil", "fits"), FLAG),
        **dict.fromkeys(("leftover", "overhang"), WHOLE),
        "unread": list_of(WHOLE),
        "quotient": TEXT,
        "fitting_padding": {"type": ["integer", "null"]},
    },
)
KIND = enum_of(*(kind for kind in get_args(Kind) if kind != "model"))
VALUE_BEHAVIOR = object_of(
    "What a layer makes of values; an end without a bound is null.",
    {
        "keeps_whole": with_description(FLAG, "Whole numbers make whole numbers."),
        "adds": nullable(enum_of("values", "squares")),
        "signed": with_description(FLAG, "The output is no picture on the scale of its input."),
        "least": {"type": ["number", "null"]},
        "most": {"type": ["number", "null"]},
        "never_zero": with_description(FLAG, "A 0 is a number too small for float32."),
    },
)
STAGE = object_of(
    "One stage of a figure, with its numbers if they were requested: maps are (channels, rows, columns).",
    {
        "index": WHOLE,
        **dict.fromkeys(("op", "title", "family"), TEXT),
        "kind": with_description(KIND, "How one cell is computed: the kind of its steps."),
        "capabilities": with_description(
            list_of(enum_of(*get_args(Capability))),
            "What the layer does: it has filters; a window gathers cells; the shape stays; each map is made from the "
            "map of the same number; every cell reads the whole input.",
        ),
        "values": ref("ValueBehavior"),
        "formula": with_description(TEXT, "The law of an activation, of x; empty for other layers."),
        "layer": with_description({"type": ["integer", "null"]}, "The layer of the chain; null for the input."),
        "shape": list_of(WHOLE, 3),
        "input_shape": nullable(list_of(WHOLE, 3)),
        "parameters": WHOLE,
        "multiply_adds": WHOLE,
        "receptive_field": with_description(PAIR, "Rows and columns of the input that one cell depends on."),
        "sees_whole_input": with_description(FLAG, "Whether each cell depends on the whole input."),
        "jump": PAIR,
        "exact": FLAG,
        "colors": enum_of("photo", "signed", "gray"),
        "scale": nullable(list_of(NUMBER, 2)),
        "picture_scale": with_description(list_of(NUMBER, 2), "Black and white of the input picture."),
        "never_negative": with_description(FLAG, "Whether no value can be below 0, because of what the layers do."),
        "notes": list_of(TEXT),
    },
    {
        "rows": nullable(ref("Axis")),
        "columns": nullable(ref("Axis")),
        "denominator": with_description(
            {"type": ["integer", "null"]}, "Values are exact multiples of 1/denominator; null where that is not known."
        ),
        "ranges": list_of(NUMBER, 2, depth=2),
        "telling": list_of(WHOLE, 2, depth=2),
        "salient_map": with_description(WHOLE, "The map that is shown first: the winner of scores and shares."),
        "image": with_description(ANYTHING, "Where the input comes from."),
        "labels": with_description(list_of(TEXT), "What each filter is called."),
        "code": with_description(ref("Code"), "The lines that compute the output y from x, weight and bias."),
        "code_notes": with_description(list_of(TEXT), "Why there is no code in a dialect."),
        "output": NUMBERS_OR_GAPS,
        "weight": with_description(list_of({}), "(K, C, h, w), or (outputs, inputs) of a fully connected layer."),
        "bias": list_of(NUMBER),
    },
)
CODE = object_of(
    "The code of a stage. x, weight and bias are its arrays in the trace; x is the output of the stage before.",
    {},
    {"torch": with_description(TEXT, "In PyTorch."), "numpy": with_description(TEXT, "In NumPy, windows as loops.")},
)
CHANNEL = object_of(
    "What one channel of the input adds to a step; lists are the rows of the window.",
    {
        "channel": WHOLE,
        "values": list_of({"type": ["number", "null"]}, depth=2),
        "padded": list_of(FLAG, depth=2),
        "sources": list_of(nullable(PAIR), depth=2),
        "weights": nullable(ROWS),
        "products": nullable(ROWS),
        "sum": NUMBER,
    },
)
STEP = object_of(
    "How one value is computed: sum / (divisor · scale) + bias is the result.",
    {
        **dict.fromkeys(("stage", "map", "row", "col"), WHOLE),
        "kind": KIND,
        "channels": list_of(ref("StepChannel")),
        **dict.fromkeys(("divisor", "scale", "bias", "sum", "result"), NUMBER),
        "chosen": nullable(list_of(WHOLE)),
        "count": {"type": ["integer", "null"]},
        "strongest": list_of(ANYTHING),
        "rest": nullable(ANYTHING),
        "largest": {"type": ["number", "null"]},
        "rows": list_of(WHOLE),
        "columns": list_of(WHOLE),
    },
)
MODEL = object_of(
    "A trained model: its input, its layers, its card, and its training.",
    {
        "name": with_description(TEXT, "What links call it."),
        "title": TEXT,
        "layer": with_description(TEXT, "The first layer with filters."),
        "filters": with_description(WHOLE, "How many filters that layer has."),
        "shape": with_description(list_of(WHOLE, 3), "Channels, rows and columns of each."),
        "options": ANYTHING,
        "prepare": ANYTHING,
        "classes": list_of(TEXT),
        "card": with_description(ANYTHING, "Its training data, its training, and its accuracy."),
        "layers": list_of(ref("ModelLayer")),
        "film": with_description(nullable(ANYTHING), "The training steps that were recorded."),
    },
)
MODEL_LAYER = object_of(
    "One layer of a model.",
    {
        **dict.fromkeys(("name", "op", "title"), TEXT),
        "head": with_description({}, "The layer's first value, such as the window of a pool."),
        "options": ANYTHING,
        "shape": nullable(list_of(WHOLE)),
        "parameters": WHOLE,
        "filters": with_description(FLAG, "Whether its weights are filters."),
    },
)
SAMPLE = object_of(
    "A picture that comes with the program, or that was added.",
    {
        "name": with_description(TEXT, "What links call it."),
        "title": TEXT,
        "kind": enum_of(*get_args(SampleKind)),
        "alt": with_description(TEXT, "The alternative text."),
        "credit": TEXT,
        "source": TEXT,
        "focus": with_description(list_of(WHOLE, 4), "The region of interest: top, left, height, width in its pixels."),
        "picture": with_description(TEXT, "The path of its pixels."),
        "thumbnail": with_description(TEXT, "The path of its thumbnail."),
    },
)
KERNEL = object_of(
    "A classic filter: its numbers as they are written, divided by the divisor.",
    {
        **dict.fromkeys(("name", "title", "family", "sentence"), TEXT),
        "planes": list_of(TEXT, depth=3),
        "divisor": WHOLE,
        "show": enum_of(*sorted({kernel.show for kernel in KERNELS})),
    },
)
PORTRAIT = object_of(
    "What a learned filter detects.",
    {
        "index": WHOLE,
        **dict.fromkeys(("words", "kind"), TEXT),
        **dict.fromkeys(("strength", "color", "period", "oriented"), NUMBER),
        "angle": {"type": ["integer", "null"]},
    },
)
PATCH = object_of(
    "A patch of a sample photo with a large value of a filter.",
    {
        **dict.fromkeys(("sample", "title"), TEXT),
        **dict.fromkeys(("row", "column"), WHOLE),
        "value": NUMBER,
        "picture": with_description(TEXT, "The patch as a `data:` address."),
    },
)
STORE_STATE = object_of(
    "The state of the store of uploads.",
    {"state": enum_of(*STORE_CONDITIONS)},
    {"message": with_description(TEXT, "What is wrong; missing if the state is ok.")},
)
CODED_TEXT: Mapping[str, Json] = {
    "code": with_description(TEXT, "What is wrong, for programs; it stays when the sentence changes."),
    "params": with_description(
        ANYTHING, "What fills the places of the sentence: numbers, texts that were given, and texts with a code."
    ),
}
PROBLEM = object_of(
    "One problem with the request.",
    {
        "field": TEXT,
        "value": with_description(TEXT, "What was given."),
        "allowed": with_description(TEXT, "What would have been accepted."),
        "message": with_description(TEXT, "The whole sentence."),
        "severity": enum_of(*get_args(Severity)),
        "layer": with_description({"type": ["integer", "null"]}, "The layer that it belongs to, from 0."),
        **CODED_TEXT,
        "endings": with_description(
            list_of(ref("Text")), "The sentences that follow the first one: what is used or shown instead, advice."
        ),
    },
)
REFUSAL = object_of(
    "Why a request was rejected (RFC 9457); field, value and what is allowed are those of the first problem.",
    {
        **dict.fromkeys(("type", "title"), TEXT),
        "status": WHOLE,
        "detail": with_description(TEXT, "The whole sentence."),
        **CODED_TEXT,
        "problems": list_of(ref("Problem")),
    },
    dict.fromkeys(("field", "value", "allowed"), TEXT),
)
SCHEMAS: Mapping[str, Json] = MappingProxyType(
    {
        "Axis": AXIS,
        "ValueBehavior": VALUE_BEHAVIOR,
        "Health": object_of(
            "The state of the server and of its store.",
            {
                "status": with_description(TEXT, "ok, since the server answers."),
                "version": TEXT,
                "build": with_description(
                    TEXT, "A name for the files that browsers load, which changes with any of them."
                ),
                "store": ref("StoreState"),
            },
        ),
        "Kernel": KERNEL,
        "Model": MODEL,
        "ModelLayer": MODEL_LAYER,
        "Patch": PATCH,
        "Patches": object_of(
            "The maximally activating patches of a filter in the sample photos.",
            {"model": TEXT, "filter": WHOLE, "patches": list_of(ref("Patch"))},
        ),
        "Portrait": PORTRAIT,
        "Portraits": object_of(
            "What each filter of a model's first layer detects.",
            {
                **dict.fromkeys(("model", "layer"), TEXT),
                "filters": list_of(ref("Portrait")),
                "orders": {"type": "object", "additionalProperties": list_of(WHOLE)},
                "telling": with_description(WHOLE, "The most characteristic filter."),
            },
        ),
        "Problem": PROBLEM,
        "Refusal": REFUSAL,
        "Sample": SAMPLE,
        "Stage": STAGE,
        "Code": CODE,
        "Step": STEP,
        "StepChannel": CHANNEL,
        "Steps": object_of(
            "The computation at some positions of a stage.",
            {
                **FIGURE,
                **dict.fromkeys(("stage", "map", "start", "count"), WHOLE),
                "positions": with_description(WHOLE, "How many there are."),
                "steps": list_of(ref("Step")),
            },
        ),
        "StoredPicture": object_of(
            "A picture that is kept for a while.",
            {
                "image": with_description(TEXT, "The id, for image= in links."),
                "height": WHOLE,
                "width": WHOLE,
                "notes": with_description(list_of(TEXT), "What was done to the picture, in sentences."),
                "dark": with_description(FLAG, "Whether most of the range of numbers is unused: stretch=1 shows more."),
                **LEASE,
            },
        ),
        "StoredWeights": object_of(
            "Weights that are kept for a while.",
            {
                "weights": with_description(TEXT, "The id, for wherever a model's name may stand."),
                "layer": TEXT,
                "shape": with_description(list_of(WHOLE), "Filters, channels, rows and columns."),
                "filters": with_description(TEXT, "The layer as links write it."),
                "layers": with_description(
                    list_of(ref("WeightsLayer")), "All layers that could be shown, the likeliest first."
                ),
                "model": nullable(ref("Model")),
                **LEASE,
            },
        ),
        "WeightsLayer": object_of(
            "A layer of a file of weights that could be shown.",
            {
                "name": with_description(TEXT, "For layer= when the file is uploaded."),
                "shape": with_description(list_of(WHOLE), "Filters, channels, rows and columns."),
                "array": with_description(TEXT, "What the file calls the array."),
                "remark": with_description(TEXT, "A remark about it; often empty."),
            },
            {"parts": with_description(list_of(TEXT), "Members of a zip archive, or arrays, that hold its numbers.")},
        ),
        "WeightsLayers": object_of(
            "The layers of a file of weights that could be shown, the likeliest first.",
            {"layers": list_of(ref("WeightsLayer"))},
        ),
        "StoreState": STORE_STATE,
        "Trace": object_of(
            "Every stage of a figure with its numbers.",
            {
                **FIGURE,
                "scene": with_description(ANYTHING, "The figure as it was computed."),
                "stages": list_of(ref("Stage")),
            },
        ),
        "Text": object_of("A sentence or a part of one, before it is written.", CODED_TEXT),
        "Tray": {
            "type": "object",
            "description": "A small picture for each classic filter by its name, as a `data:` address.",
            "additionalProperties": dict(TEXT),
        },
    }
)
