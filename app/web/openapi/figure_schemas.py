"""The schemas of a figure: its stages and their code, the steps of a stage."""

from __future__ import annotations

from typing import get_args

from ...core.code.dialects import DIALECTS
from ...core.operation_table import Capability, Kind
from ...core.views.view_table import Missing
from .schema_builders import (
    ANYTHING,
    FLAG,
    NUMBER,
    TEXT,
    WHOLE,
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
    {
        "transposed": object_of(
            "Of a transposed convolution: the input cell n adds to the output cells n·stride − crop + t·dilation.",
            {"crop": WHOLE, "output_padding": WHOLE},
        )
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
            "map of the same number; every cell reads the whole input; it has a law of its own, which reads one place.",
        ),
        "values": ref("ValueBehavior"),
        "formula": with_description(TEXT, "The law of an activation, of x; empty for other layers."),
        "missing": with_description(
            {"type": "object", "additionalProperties": enum_of(*get_args(Missing))},
            "The views that have nothing to show for this layer, each with the reason.",
        ),
        "layer": with_description({"type": ["integer", "null"]}, "The layer of the chain; null for the input."),
        "reads": with_description(
            list_of(WHOLE), "The stages that it reads: one, of a join several, of the input none."
        ),
        "shape": list_of(WHOLE, 3),
        "input_shape": nullable(list_of(WHOLE, 3)),
        "parameters": WHOLE,
        "multiply_adds": WHOLE,
        "receptive_field": with_description(PAIR, "Rows and columns of the input that one cell depends on."),
        "sees_whole_input": with_description(FLAG, "Whether each cell depends on the whole input."),
        "jump": with_description(
            list_of(NUMBER, 2),
            "Cells of the input from one cell to the next; a fraction after an upsampling or a transposed convolution.",
        ),
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
        "channels": with_description(
            list_of(TEXT), "Red, green, blue where each map depends on one channel of a color picture alone."
        ),
        "denominator": with_description(
            {"type": ["integer", "null"]}, "Values are exact multiples of 1/denominator; null where that is not known."
        ),
        "photo_maps": with_description(
            list_of(WHOLE), "Maps of a signed stage that are pictures, such as a blur beside edges: auto draws them so."
        ),
        "starts": with_description(list_of(WHOLE), "Of a concatenation: the first map of each stage that it reads."),
        "receptive_field_at_most": with_description(FLAG, "Whether the receptive field is a bound."),
        "ranges": list_of(NUMBER, 2, depth=2),
        "telling": list_of(WHOLE, 2, depth=2),
        "salient_map": with_description(WHOLE, "The map that is shown first: the winner of scores and shares."),
        "image": with_description(ANYTHING, "Where the input comes from."),
        "labels": with_description(list_of(TEXT), "What each filter is called."),
        "words": with_description(list_of(TEXT), "The words of each row, where the input has words."),
        "winners": with_description(list_of(TEXT), "The words that the global maximum or minimum of each map is from."),
        "kernels": with_description(ANYTHING, "Of several filters title and sentence of the classic ones."),
        "law": with_description(ANYTHING, "The numbers of a layer with a law of its own, such as a batch norm."),
        "code": with_description(ref("Code"), "The lines that compute the output y from x, weight and bias."),
        "code_beats": with_description(
            ANYTHING, "For each library the lines of each beat, from 0; a beat that is not there is the last line."
        ),
        "code_notes": with_description(list_of(TEXT), "Why there is no code in a library."),
        "output": NUMBERS_OR_GAPS,
        "weight": with_description(list_of({}), "(K, C, h, w), or (outputs, inputs) of a fully connected layer."),
        "bias": list_of(NUMBER),
    },
)
CODE = object_of(
    "The code of a stage. x, weight and bias are its arrays in the trace; x is the output of the stage that it reads; "
    "a join reads x2, x3 and so on, too.",
    {},
    {dialect.name: with_description(TEXT, f"In {dialect.title}.") for dialect in DIALECTS},
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
    {"terms": with_description(list_of(ANYTHING), "Of a join: stage, title, source (map, row, column), value.")},
)
