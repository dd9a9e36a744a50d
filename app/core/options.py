"""Options of the picture and of the view; `operation_table` has those of the layers.

The link grammar, the limits, the JSON schema, the controls in the browser and their help are made from these rows.
A new option is a row here and the code that uses it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from .limits import Limits
from .scene import OptionValue
from .views.view_table import VIEW_NAMES

OptionKind = Literal[
    "whole",
    "number",
    "numbers",
    "pair",
    "shift",
    "padding",
    "flag",
    "word",
    "words",
    "cell",
    "cells",
    "box",
    "text",
    "line",
    "lines",
    "stage",
    "stages",
    "weights",
]


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a link, a layer or the view.

    `kind` determines its syntax and its control: `whole` number; `number` (kept as written);
    `numbers`, one for all or `(b0,b1,…)`; `pair`, `n` or `rows x columns`; `shift`, a pair that may be negative;
    `padding`, a name, one number, a pair or four sides; `flag`, 0 or 1; `word`, one of `choices`; `words`, some of
    `choices`; `cell`, row,column; `cells`, several with ; between; `box`, top,left,height,width; `text`, a name,
    or two with a / between; `line`, any words, `most` characters at most; `lines`, several of them with ; between;
    `stage`, the number of an earlier stage; `stages`, several, `n` or `(n,m,…)`;
    `weights`, those of a fully connected layer, or the name of a trained one.
    `default` None means that the value depends on other parts, as `help` says. `least` and `most` are inclusive;
    with `above`, `least` itself is not allowed; with `exponent` a number can be written as 1e-5, too.
    """

    name: str
    kind: OptionKind
    default: OptionValue | None
    label: str
    help: str
    letter: str = ""
    least: int = 0
    most: int = 64
    choices: tuple[str, ...] = ()
    more: bool = False
    above: bool = False
    exponent: bool = False

    def to_json(self) -> dict[str, object]:
        """The row for the browser, which makes a control of it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "default": list(self.default) if isinstance(self.default, tuple) else self.default,
            "label": self.label,
            "help": self.help,
            "letter": self.letter,
            "least": self.least,
            "most": self.most,
            "choices": list(self.choices),
            "more": self.more,
            "above": self.above,
        }

    def to_syntax_json(self) -> dict[str, object]:
        """The row for a page that reads and writes links, and has no control for it."""
        return {
            name: value for name, value in self.to_json().items() if name not in ("label", "help", "letter", "more")
        }


SCENE_OPTIONS: tuple[Option, ...] = (
    Option("size", "pair", (32, 32), "Size", "Rows and columns of cells that the picture is reduced to.", "", 1, 512),
    Option(
        "crop", "box", None, "Crop", "The part of the picture that is shown, in pixels of the picture.", most=65_535
    ),
    Option("channels", "word", "gray", "Channels", "One gray map, or red, green and blue.", choices=("gray", "rgb")),
    Option(
        "range",
        "word",
        "byte",
        "Range",
        "Whole numbers from 0 to 255, or numbers from 0 to 1.",
        choices=("byte", "unit"),
    ),
)
"""The options of the picture; `list_scene_options` sets the limit of `size`."""

LOCKABLE = ("image", "inspector", "strip", "figure", "transport", "tabs")
HIDEABLE = (
    "header",
    "image",
    "inspector",
    "formula",
    "strip",
    "input",
    "sums",
    "output",
    "legend",
    "multiples",
    "transport",
    "steps",
    "scrub",
    "count",
    "tempo",
    "modes",
    "tabs",
    "present",
)

VIEW_OPTIONS: tuple[Option, ...] = (
    Option(
        "stage",
        "whole",
        None,
        "Stage",
        "Which layer of the chain is shown, 0 is the input; without a value the first, of a network its answer.",
        most=512,
    ),
    Option(
        "map",
        "whole",
        None,
        "Map",
        "Which feature map is in focus; without a value the first, of classes the one with the highest score.",
        most=65_535,
    ),
    Option("at", "cell", None, "Place", "Row and column of the output cell in focus.", most=65_535),
    Option("beat", "text", "sum", "Beat", "Which part of the step is shown."),
    Option(
        "story",
        "whole",
        None,
        "Story",
        "Which press of a clicker's story of the stage is shown, in place of map, place and beat.",
        least=1,
        most=64,
    ),
    Option("tab", "word", "", "View", "The view below the figure.", choices=("", *VIEW_NAMES)),
    Option("big", "flag", False, "Large view", "The view takes the stage, and the figure stands beside it, small."),
    Option(
        "matrix",
        "word",
        "weights",
        "Matrix",
        "The filter as one matrix, or its windows as rows.",
        choices=("weights", "windows"),
    ),
    Option(
        "neuron",
        "word",
        "one",
        "Neuron",
        "This neuron, all of its map, their counts, or those at one place.",
        choices=("one", "map", "full", "column"),
    ),
    Option(
        "detail",
        "word",
        "numbers",
        "Equation",
        "The law in letters, with the indices of this place, in numbers, or as the product of two vectors.",
        choices=("law", "indices", "numbers", "vectors"),
    ),
    Option(
        "library",
        "word",
        "torch",
        "Library",
        "The library of the code.",
        choices=("torch", "keras", "jax", "numpy", "scipy"),
    ),
    Option("program", "word", "stage", "Program", "The code of the stage or of the chain.", choices=("stage", "chain")),
    Option(
        "shapes",
        "word",
        "",
        "Shapes",
        "In words, as channels × rows × columns, or with the channels last; in front of it the pictures of a stack.",
        choices=("", "chw", "hwc"),
    ),
    Option("letters", "flag", False, "Letters", "Letters take the place of numbers."),
    Option(
        "press",
        "whole",
        None,
        "Press in the view",
        "How many presses into its explanation the view is, from 0, its question; without a value all is shown.",
        most=64,
    ),
    Option(
        "paths", "flag", False, "Shade by paths", "In a receptive field, cells with fewer paths to the cell are dimmer."
    ),
    Option("volume", "flag", False, "Volumes", "Input and output as their slices, and all filters between them."),
    Option("table", "flag", False, "Filter table", "Each filter of the layer: its matrix, its map, its words."),
    Option(
        "weights",
        "flag",
        False,
        "Weights in the window",
        "Each cell of the window has its weight in a corner, where cells are large enough.",
    ),
    Option(
        "second",
        "cell",
        None,
        "Second place",
        "A second output cell: both windows are marked, and the equation writes both.",
        most=65_535,
    ),
    Option("signal", "flag", False, "Signal", "A picture of one row as circles in a line, with stems and wires."),
    Option("index", "flag", False, "Count from 1", "In a signal, names count from 1: x₁ and h₁."),
    Option(
        "sweep",
        "word",
        "",
        "Sweep",
        "In the Lab, the response of the cell while the picture is turned or shifted, as a curve.",
        choices=("", "turn", "down", "right"),
    ),
    Option("draw", "flag", False, "Drawing", "In the Lab, the settings are open where a picture is drawn."),
    Option(
        "window",
        "pair",
        None,
        "Gray square",
        "Rows and columns of the square that covers the picture; without a value a quarter of its shorter side.",
        least=1,
        most=512,
    ),
    Option(
        "stride",
        "pair",
        None,
        "Stride of the square",
        "From one stop of the square to the next; without a value an eighth of the shorter side of the picture.",
        least=1,
        most=512,
    ),
    Option(
        "target",
        "line",
        "",
        "Class",
        "The class whose score is shown while the picture is covered: its name or number; else the strongest.",
        most=60,
    ),
    Option(
        "colors",
        "word",
        "auto",
        "Colors",
        "auto: as each stage needs; signed: blue below 0, red above; photo: black to white.",
        choices=("auto", "signed", "photo"),
    ),
    Option(
        "scope",
        "word",
        "map",
        "Scale",
        "One color scale for each map, or one for all maps of the layer.",
        choices=("map", "layer"),
    ),
    Option("fit", "flag", False, "Fit", "Each map fills its space, instead of one cell size for all."),
    Option("marks", "flag", False, "Stops", "Marks every place where the window stops."),
    Option("ghost", "flag", False, "Show cells to come", "Cells that are not computed yet are faint instead of empty."),
    Option("pin", "cell", None, "Pin", "A place whose values in all maps are listed.", most=65_535),
    Option(
        "mode",
        "word",
        "story",
        "Pace",
        "How far one press of play goes.",
        choices=("step", "row", "story", "steady", "finish"),
    ),
    Option("tempo", "number", "1", "Tempo", "How fast it plays.", least=0, most=16, above=True),
    Option("play", "flag", False, "Play", "Starts by itself."),
    Option("loop", "flag", False, "Loop", "Starts again at the end."),
    Option(
        "clicker",
        "word",
        "",
        "Clicker",
        "In an embed the keys of a clicker belong to the page around it; with story they tell the figure first.",
        choices=("", "story"),
    ),
    Option("stops", "cells", (), "Stops", "Cells that an author chose: steps go from one to the next.", most=65_535),
    Option(
        "notes",
        "lines",
        (),
        "Notes",
        "A line of words for each stop, in their order: it is shown while the figure is there.",
        most=160,
    ),
    Option(
        "predict",
        "word",
        "",
        "Ask first",
        "Hides an answer until somebody has guessed, or R is pressed.",
        choices=("", "cell", "size", "parameters", "map", "class", "filter", "fit"),
    ),
    Option(
        "theme", "word", "auto", "Theme", "Light, dark or projector.", choices=("auto", "light", "dark", "projector")
    ),
    Option("ui", "word", "full", "Controls", "All controls, only play, or none.", choices=("full", "min", "none")),
    Option(
        "hide",
        "words",
        (),
        "Hide",
        "Parts that are not shown.",
        choices=HIDEABLE,
    ),
    Option("lock", "words", (), "Lock", "Parts that are shown but cannot be used.", choices=LOCKABLE),
    Option("title", "line", "", "Title", "A line above the figure.", most=120),
    Option("transparent", "flag", False, "Transparent", "An embed with a transparent background."),
    Option(
        "dpr",
        "number",
        "2",
        "Sharpness",
        "The least number of pixels that an embed draws for each pixel of the page.",
        least=1,
        most=4,
    ),
    Option("present", "flag", False, "Present", "The figure fills the screen, large enough for the last row."),
)

SIZES = (8, 16, 32, 48, 64, 128, 256, 512)


@lru_cache(8)
def list_scene_options(limits: Limits) -> tuple[Option, ...]:
    """The options of the picture, with the largest allowed size."""
    return tuple(replace(row, most=limits.side) if row.name == "size" else row for row in SCENE_OPTIONS)


def make_kernel_size_option(limits: Limits) -> Option:
    """The size of a typed filter, for its control."""
    return Option(
        "kernel_size", "pair", (3, 3), "Filter size", "Rows and columns of the filter.", "F", 1, limits.kernel_side
    )
