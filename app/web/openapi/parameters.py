"""The parameters of calls in OpenAPI; those of a figure are made from the option table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import Path

from ...core.link.syntax import format_value
from ...core.options import SCENE_OPTIONS, SIZES, VIEW_OPTIONS, Option
from ...core.scene import MOST_BATCH, SCENE_VERSION
from ...export.export_options import ASPECTS, FILM_SIZE, LEAST_SIDE, MOST_SIDE, PAPERS, PDF_SHOWS, VALUES
from ...export.film.film_plan import FILM_SHOWS, LEAST_SECONDS, MOST_SECONDS, PACES, USUAL_SECONDS
from .schema_builders import Json

FLAGS = ("0", "1")
WHOLE = r"[0-9]+"
PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        "pair": rf"^{WHOLE}(x{WHOLE})?$",
        "cell": rf"^{WHOLE},{WHOLE}$",
        "box": rf"^{WHOLE},{WHOLE},{WHOLE},{WHOLE}$",
    }
)
"""The syntax of the values of an option's kind."""
EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "size": "16",
        "crop": "60,120,64,64",
        "map": "0",
        "at": "3,4",
        "story": "3",
        "pin": "0,9",
        "second": "0,9",
        "stops": "0,0;0,1",
        "notes": "Here the window begins;One step to the right",
        "predict": "cell",
        "sweep": "turn",
        "window": "8",
        "stride": "4",
        "target": "cat",
        "press": "2",
        "shapes": "chw",
        "hide": "tabs",
        "lock": "image",
        "title": "Edges",
    }
)
"""Examples of options that have no default or an uninformative one."""
FIGURE_KEYS = tuple(option.name for option in VIEW_OPTIONS if option.name not in ("stage", "map"))
"""The keys of a view without `stage` and `map`, which most calls list themselves."""


def make_parameter(name: str, description: str, example: object, schema: Json, required: bool = False) -> Json:
    """A query parameter."""
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": dict(schema),
        "example": example,
    }


def make_whole_number(
    name: str, description: str, example: int, least: int, most: int, default: int | None = None
) -> Json:
    """A parameter that is a whole number; `default` None means that its absence has a meaning of its own."""
    schema = {"type": "integer", "minimum": least, "maximum": most}
    return make_parameter(name, description, example, schema if default is None else {**schema, "default": default})


def make_line(name: str, description: str, example: str, required: bool = False) -> Json:
    """A parameter that is a text, whose syntax docs/links.md describes."""
    return make_parameter(name, description, example, {"type": "string"}, required)


def make_flag(name: str, description: str) -> Json:
    """A parameter that is 0 or 1, by default 0."""
    return make_parameter(name, description, "1", {"type": "string", "enum": list(FLAGS), "default": "0"})


def make_option_parameter(option: Option) -> Json:
    """The query parameter of a row of the option table."""
    schema = _make_schema(option)
    if option.default is not None:
        text = format_value(option, option.default)
        schema["default"] = {"integer": int, "number": float}.get(str(schema["type"]), str)(text)
    return make_parameter(
        option.name, _make_description(option), EXAMPLES.get(option.name, schema.get("default")), schema
    )


def make_view_parameters(names: Iterable[str]) -> tuple[Json, ...]:
    """The query parameters of some keys of a view."""
    rows = {option.name: option for option in VIEW_OPTIONS}
    return tuple(make_option_parameter(rows[name]) for name in names)


def _make_schema(option: Option) -> dict[str, object]:
    least = {"exclusiveMinimum" if option.above else "minimum": option.least}
    match option.kind:
        case "whole":
            return {"type": "integer", **least, "maximum": option.most}
        case "number":
            return {"type": "number", **least, "maximum": option.most}
        case "flag":
            return {"type": "string", "enum": list(FLAGS)}
        case "word":
            return {"type": "string", "enum": list(option.choices)}
        case "line":
            return {"type": "string", "maxLength": option.most}
        case _:
            return {"type": "string", **({"pattern": PATTERNS[option.kind]} if option.kind in PATTERNS else {})}


def _make_description(option: Option) -> str:
    """The description of an option, with its choices and ranges where the schema has none."""
    if option.kind == "words":
        return f"{option.help} Some of these, with commas between them: {', '.join(option.choices)}."
    if option.name == "size":
        offered = ", ".join(map(str, SIZES))
        return (
            f"{option.help} One number or rows x columns, {option.least} to {option.most}; the page offers {offered}."
        )
    if option.name == "crop":
        return f"{option.help} top,left,height,width."
    return option.help


SCENE_PARAMETERS: tuple[Json, ...] = (
    make_whole_number(
        "version",
        "1 for a link of Convoscope 0.1, where classic filters alone read each of three channels alone.",
        SCENE_VERSION,
        1,
        SCENE_VERSION,
        SCENE_VERSION,
    ),
    make_line("image", "A sample's name, an upload's id, or numbers: rows in ( ), one ( ) a channel.", "chelsea"),
    make_line(
        "rows",
        "Words at the rows of numbers, one for each row. image=one-hot and image=random-vectors*5 are their vectors.",
        "the,cat,sat",
    ),
    make_line(
        "batch",
        "Pictures of one shape that are stacked behind the image, with commas between, all cut alike; at most 8.",
        "astronaut,rocket",
    ),
    make_whole_number(
        "item", "Which picture of the stack the answer is about, from 0, the image.", 0, 0, MOST_BATCH, 0
    ),
    *map(make_option_parameter, SCENE_OPTIONS),
    make_line(
        "adjust",
        "What changes the picture on purpose after it is cut, with commas between: brightness, contrast, turn, flip, "
        "shift, noise, seed and cover, applied in this order.",
        "brightness:1.2,turn:15,shift:0x4,cover:(2,4,8,8)",
    ),
    make_line("layers", "The chain of layers, ~ between them.", "conv:sobel-x,stride=2~relu~maxpool:2"),
    make_parameter(
        "scene",
        "The figure as JSON, in place of all keys above.",
        '{"image":{"sample":"circle"},"size":[8,8],"layers":[{"op":"conv","filters":[{"kernel":"sobel-x"}]}]}',
        {"type": "string"},
    ),
)
STAGE = make_whole_number("stage", "Which layer of the chain, 0 is the input; without it the first.", 1, 0, 512)
SHOWN_STAGE = make_whole_number(
    "stage", "Which layer of the chain, 0 is the input; without it the first, of a network its answer.", 1, 0, 512
)
(MAP,) = make_view_parameters(("map",))
ONE_MAP = make_whole_number(
    "map",
    "Which map of the stage; without it, the three channels of a photo come as one picture in color.",
    0,
    0,
    65_535,
)

SampleNameParam = Annotated[str, Path(description="A sample's name, from /api/samples.", examples=["chelsea"])]
UploadIdParam = Annotated[
    str, Path(description="The id that came with the upload.", examples=["u-0a1b2c3d4e5f6g7h8i9j"])
]
WeightsIdParam = Annotated[
    str, Path(description="The id that came with the weights.", examples=["w-0a1b2c3d4e5f6g7h8i9j"])
]
STAGES = make_line(
    "stages",
    "The stages that are sent as float32 if all would be too large; in JSON, the stages with numbers.",
    "0,1",
)
ONLY = make_line("only", "The stages whose arrays are sent; the others come without arrays.", "2")
PREVIEW = make_whole_number(
    "preview",
    "Sends previews alone, whose longest side is at most this; a preview of every map of a network of any size.",
    32,
    1,
    512,
)
MAPS = make_line(
    "maps",
    "Beside previews these maps as float32, of the stages in `stages`, else of `stage`: the first, and the one past "
    "the last.",
    "0:1",
)
REVEAL = make_flag("reveal", "1 sends what a link with `predict` hides, with its answer.")
START = make_whole_number("start", "The first position, counted row by row from 0.", 0, 0, 1_000_000_000, 0)
COUNT = make_whole_number("count", "How many positions.", 2, 1, 1_000, 1)
SWEEP: Json = {**make_view_parameters(("sweep",))[0], "required": True}
SWEEP_FROM = make_whole_number("from", "The first value; by default -90 degrees or -8 cells.", -45, -512, 512)
SWEEP_TO = make_whole_number("to", "The last value at most; by default 90 degrees or 8 cells.", 45, -512, 512)
SWEEP_STEP = make_whole_number("step", "From one value to the next; by default 5 degrees or 1 cell.", 15, 1, 512)
OCCLUSION: tuple[Json, ...] = (
    make_line("window", "The square in cells of the input: one number, or rows x columns; by default 8.", "8"),
    make_line("stride", "From one stop of the square to the next, in cells, written likewise; by default 4.", "4"),
    make_line("class", "The class: its number from 0, or its name; by default the one that wins without it.", "cat"),
    make_whole_number("gray", "What covers: a step from 0, black, to 255, white.", 128, 0, 255, 128),
    make_line("square", "Its first row and column: one stop alone, with the scores of all classes.", "5,9"),
)
SCALE = make_whole_number("scale", "Pixels per cell; by default as many as make about 512 pixels.", 4, 1, 64)
WITH_PICTURE = make_flag(
    "picture",
    "1 allows an uploaded picture in the file; without it such a figure is rejected.",
)
EXPORT_OPTIONS: tuple[Json, ...] = (
    make_parameter(
        "show",
        "What a film, a presentation or a PDF shows: the view as it is, the beats of the step in view, the author's "
        "stops, the story of the stage; a film the whole map, too, a PDF all stages on one page.",
        "step",
        {"type": "string", "enum": sorted({*FILM_SHOWS, *PDF_SHOWS})},
    ),
    make_parameter(
        "pace",
        "Whether a film shows stops and the map beat by beat, or each position once.",
        "positions",
        {"type": "string", "enum": list(PACES)},
    ),
    make_whole_number("width", "The pixels of a film across.", 800, LEAST_SIDE, MOST_SIDE, FILM_SIZE[0]),
    make_whole_number("height", "The pixels of a film from top to bottom.", 450, LEAST_SIDE, MOST_SIDE, FILM_SIZE[1]),
    make_whole_number("seconds", "How long a film is at most.", 8, LEAST_SECONDS, MOST_SECONDS, USUAL_SECONDS),
    make_parameter(
        "repeat",
        "0 shows a film once; without it, it begins again and again.",
        "0",
        {"type": "string", "enum": ["0", "1"]},
    ),
    make_parameter("aspect", "The shape of slides.", "4:3", {"type": "string", "enum": list(ASPECTS)}),
    make_line(
        "blank",
        "Cells of the output that stay empty, as row,column with semicolons between them; a PDF with some is a "
        "worksheet with its key.",
        "0,0;1,1",
    ),
    make_parameter("paper", "The paper of a worksheet.", "letter", {"type": "string", "enum": list(PAPERS)}),
    make_parameter(
        "values", "What a CSV file has: the map or the step in view.", "step", {"type": "string", "enum": list(VALUES)}
    ),
    WITH_PICTURE,
    make_flag("estimate", "1 says what a film would be, in JSON: pictures, seconds, bytes."),
    make_flag("progress", "1 sends a multipart stream that tells the progress; its last part is the file."),
)
COMPARED_LINKS = tuple(
    make_line(
        letter,
        f"The query string of figure {letter}, percent-encoded; with several the file has figures side by side.",
        "layers=maxpool:2" if letter == "a" else "layers=avgpool:2",
    )
    for letter in "abcd"
)
LINK = make_line("link", "The whole address for the code, percent-encoded.", "https://lab.example/?image=coffee", True)
WIDTH = make_whole_number("width", "Pixels across; it is about half as high.", 1200, 320, 3840, 1200)
STRETCH = make_flag(
    "stretch", "1 makes the picture's least number black and its largest white, as for 12 bits in a file of 16."
)
PIXELS = make_flag(
    "pixels", "1 puts the cells of an uploaded picture into the file, so that the figure opens anywhere as it was."
)
MODEL = make_line("model", "A trained model's name, from /api/models.", "lenet5", True)
FILTER = make_whole_number("filter", "Which filter of the model's first layer, or of `layer`.", 0, 0, 65_535, 0)
LAYER = make_line("layer", "A convolution of the model; without it the first layer.", "conv2")
TOKEN = make_line("token", "The delete_token that came with the upload, unless it is sent in X-Delete-Token.", "…")
NET = make_line(
    "net",
    "A network's name, from /api/architectures, or layers as in links, also with groups to repeat.",
    "resnet-50",
    True,
)
INPUT_SHAPE = make_line(
    "input",
    "One side, rows x columns, or channels x rows x columns; by default that of the network, of layers 3x224x224.",
    "3x224x224",
)
EXERCISE_SET = (
    make_line(
        "exercises",
        "Kinds with options, `~` between exercises: docs/exercises.md. Kinds are "
        "cell, map, size, parameters, field, filter and mistake.",
        "cell,size=5~size",
    ),
    make_whole_number("variants", "For how many seeds.", 2, 1, 200, 5),
    make_whole_number("seed", "The first seed.", 7, 0, 999_999, 1),
    make_whole_number("tries", "How often a student may answer.", 2, 1, 10, 2),
    make_line("tolerance", "How far a number may be from the right one: 0, or a decimal number below 1.", "0.1"),
)
PAPER = make_parameter(
    "paper", "The paper of the sheet.", "A4", {"type": "string", "enum": ["A4", "letter"], "default": "A4"}
)
