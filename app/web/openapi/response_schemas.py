"""The named schemas of the JSON responses in /openapi.json, from which clients generate types."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from ...core.problems import Severity
from ...core.weights.kernels import KERNELS
from ...images.samples import SampleKind
from ...lab.sweeps import SWEEPS
from ..store_health import STORE_CONDITIONS
from .architecture_schemas import ARCHITECTURE, KNOWN_NET, PRICED_STAGE, TOTALS
from .exercise_schemas import EXERCISE, EXERCISES
from .figure_schemas import AXIS, CHANNEL, CODE, STAGE, STEP, VALUE_BEHAVIOR
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

LEASE: Mapping[str, Json] = {
    "expires": with_description({"type": "string", "format": "date-time"}, "When it is deleted."),
    "delete_token": with_description(TEXT, "Deletes it before that."),
}
FIGURE: Mapping[str, Json] = {
    "version": WHOLE,
    "link": with_description(TEXT, "The canonical query string of the figure."),
    "problems": with_description(list_of(ref("Problem")), "What was changed; none is an error."),
}
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
    {
        "box": with_description(list_of(WHOLE, 4), "Of a named layer: top, left, height, width in the picture."),
        "link": with_description(TEXT, "Of a named layer: the query string of the Lab at this map and place."),
    },
)
PEAK = object_of(
    "The largest value of a map among the sample pictures.",
    {
        **dict.fromkeys(("filter", "row", "column"), WHOLE),
        "sample": TEXT,
        "value": NUMBER,
        "box": with_description(
            list_of(WHOLE, 4), "Its receptive field in the picture, without padding: top, left, height, width."
        ),
        "link": with_description(TEXT, "The query string of the Lab at this map and place."),
    },
)
PEAKS = object_of(
    "What excites each map of a convolution most among the sample pictures.",
    {
        "model": TEXT,
        "layer": TEXT,
        "stage": with_description(WHOLE, "The stage of the layer where the model is the whole chain."),
        "size": with_description(list_of(WHOLE, 2), "Rows and columns of the pictures that the model reads."),
        "peaks": with_description(list_of(ref("Peak")), "One for each filter, in their order."),
        "pictures": {
            "type": "object",
            "description": "The samples that were looked at, by name.",
            "additionalProperties": object_of(
                "A sample as the model reads it.",
                {
                    "title": TEXT,
                    "link": with_description(TEXT, "Its query string; with stage=0 /api/picture.png draws it."),
                },
            ),
        },
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
        "place": with_description(nullable(ref("Text")), "The name of that layer and its place in the chain, from 1."),
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
        "Architecture": ARCHITECTURE,
        "ArchitectureTotals": TOTALS,
        "Axis": AXIS,
        "ValueBehavior": VALUE_BEHAVIOR,
        "Exercise": EXERCISE,
        "Exercises": EXERCISES,
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
        "Net": KNOWN_NET,
        "PricedStage": PRICED_STAGE,
        "Model": MODEL,
        "ModelLayer": MODEL_LAYER,
        "Patch": PATCH,
        "Peak": PEAK,
        "Peaks": PEAKS,
        "Patches": object_of(
            "The maximally activating patches of a filter in the sample photos.",
            {"model": TEXT, "filter": WHOLE, "patches": list_of(ref("Patch"))},
            {
                "layer": with_description(TEXT, "The convolution, where the request names one."),
                "stage": with_description(WHOLE, "Its stage where the model is the whole chain."),
                "size": with_description(list_of(WHOLE, 2), "Rows and columns of the pictures that it reads."),
            },
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
        "Sweep": object_of(
            "The response of a cell at each value of an adjustment.",
            {
                "link": TEXT,
                "problems": list_of(ref("Problem")),
                "sweep": enum_of(*SWEEPS),
                **dict.fromkeys(("stage", "map"), WHOLE),
                "at": with_description(nullable(list_of(WHOLE, 2)), "null: the largest number of the map."),
                "now": with_description(NUMBER, "The value that the link has."),
                "values": with_description(list_of(WHOLE), "Degrees, or cells."),
                "responses": list_of(NUMBER),
            },
        ),
        "Occlusion": object_of(
            "The score of a class while a square covers the picture, stop by stop, row by row.",
            {
                "link": TEXT,
                "problems": list_of(ref("Problem")),
                **dict.fromkeys(("window", "stride"), with_description(list_of(WHOLE, 2), "Rows and columns.")),
                "gray": with_description(WHOLE, "What covers, from 0, black, to 255, white."),
                "value": with_description(NUMBER, "That in the numbers of the input."),
                "stage": with_description(WHOLE, "The stage with the scores, before the softmax."),
                "class": with_description(WHOLE, "The number of the class."),
                "name": with_description(nullable(TEXT), "Its name; null where classes have none."),
                "classes": with_description(nullable(list_of(TEXT)), "The names of all classes."),
                "score": with_description(NUMBER, "The score of the class without the square."),
                "share": with_description(nullable(NUMBER), "Its share, null without a softmax at the end."),
                "winner": with_description(WHOLE, "The class with the largest score without the square."),
                **dict.fromkeys(("rows", "columns"), with_description(WHOLE, "How many stops.")),
                "tops": with_description(list_of(WHOLE), "The first row of the square, for each row of stops."),
                "lefts": with_description(list_of(WHOLE), "The first column of the square, for each column of stops."),
                "scores": list_of(NUMBER, depth=2),
                "shares": nullable(list_of(NUMBER, depth=2)),
                "winners": list_of(WHOLE, depth=2),
                "class_scores": with_description(
                    nullable(list_of(NUMBER)), "Of `square` alone: the scores of all classes with it."
                ),
                "class_shares": nullable(list_of(NUMBER)),
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
                "colored": with_description(FLAG, "Whether more than a speck of the picture is not gray."),
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
            {
                "batch": object_of(
                    "Of a stack of pictures: the Trace is that of one of them.",
                    {
                        "count": with_description(WHOLE, "How many pictures there are."),
                        "item": with_description(WHOLE, "Which of them this is, from 0."),
                        "names": with_description(list_of(TEXT), "What links call them."),
                        "titles": list_of(TEXT),
                        "thumbnails": with_description(list_of(TEXT), "Paths of small pictures of the inputs."),
                    },
                )
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
