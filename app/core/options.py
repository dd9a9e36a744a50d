"""The option table: every layer, every option, every key of a link, once.

The link grammar, the limits, the JSON schema, the form in the browser and its help are all made from these rows.
A new option is a row here and the code that uses it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from .limits import Limits
from .scene import OptionValue

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
]
Family = Literal["convolution", "activation", "pooling", "other"]


@dataclass(frozen=True, slots=True)
class Option:
    """One value that can be chosen.

    `kind` says how it is written and which control it gets: `whole` number; `number` (kept as written);
    `numbers`, one for all or `(b0,b1,…)`; `pair`, `n` or `rows x columns`; `shift`, a pair that may be negative;
    `padding`, a name, one number, a pair or four sides; `flag`, 0 or 1; `word`, one of `choices`; `words`, some of
    `choices`; `cell`, row,column; `cells`, some of these with ; between; `box`, top,left,height,width; `text`, a name,
    or two with a / between; `line`, any words, `most` characters at most.
    `default` None means that another part decides, as `help` says. `least` and
    `most` are inclusive, unless `above` says that `least` itself is not allowed.
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

    def to_json(self) -> dict[str, object]:
        """The row as the browser gets it to make a control of it."""
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


@dataclass(frozen=True, slots=True)
class Operation:
    """One kind of layer: its name in links, its title, the option that is its head, and its other options."""

    name: str
    title: str
    family: Family
    sentence: str
    head: Option | None = None
    options: tuple[Option, ...] = ()

    def option(self, name: str) -> Option | None:
        """The row of an option by its name."""
        return next((option for option in self.options if option.name == name), None)

    def to_json(self) -> dict[str, object]:
        """The operation as the browser gets it."""
        return {
            "name": self.name,
            "title": self.title,
            "family": self.family,
            "sentence": self.sentence,
            "head": self.head.to_json() if self.head else None,
            "options": [option.to_json() for option in self.options],
        }


PADDING_NAMES = ("valid", "same", "full")
PADDING_MODES = ("zeros", "reflect", "replicate", "circular")

STRIDE = Option(
    "stride", "pair", (1, 1), "Stride", "How many cells the window jumps from one stop to the next.", "S", 1
)
PADDING = Option(
    "padding",
    "padding",
    "valid",
    "Padding",
    "Cells put around the input before the window slides: valid puts none, same keeps the size at stride 1, "
    "full lets every overlap count.",
    "P",
    0,
    64,
    PADDING_NAMES,
)
CONV_OPTIONS = (
    STRIDE,
    PADDING,
    Option(
        "bias",
        "numbers",
        "0",
        "Bias",
        "A number added to every sum: one for all maps, or one for each.",
        "b",
        -1_000_000,
        1_000_000,
    ),
    Option(
        "padding_mode",
        "word",
        "zeros",
        "Padding mode",
        "What the padding holds: zeros, the picture mirrored, its edge repeated, or its other side.",
        choices=PADDING_MODES,
        more=True,
    ),
    Option(
        "dilation",
        "pair",
        (1, 1),
        "Dilation",
        "The distance between two cells that the filter reads: at 2 it skips every other one.",
        "D",
        1,
        16,
        more=True,
    ),
    Option(
        "groups",
        "whole",
        None,
        "Groups",
        "Into how many groups the channels are split; each filter sees one group. Classic filters on a color "
        "picture work on each channel on its own unless groups=1 is said.",
        "G",
        1,
        64,
        more=True,
    ),
    Option(
        "flip",
        "flag",
        False,
        "Turn the filter by 180°",
        "Networks slide the filter as it stands, which mathematics calls correlation; turned by 180° it is a "
        "convolution in the strict sense.",
        more=True,
    ),
    Option(
        "seed",
        "whole",
        0,
        "Seed",
        "Chooses the whole numbers of random filters; the same seed gives the same filters everywhere.",
        least=0,
        most=999_999_999,
        more=True,
    ),
)
WINDOW = Option(
    "kernel_size", "pair", (2, 2), "Window", "Rows and columns of the window that is pooled into one cell.", "F", 1
)
POOL_STRIDE = replace(STRIDE, default=None, help="How many cells the window jumps; left out, it jumps by its own size.")
POOL_PADDING = replace(PADDING, help="Cells put around the input: at most half the window on each side.")
CEIL_MODE = Option(
    "ceil_mode",
    "flag",
    False,
    "Ceil mode",
    "Rounds the size up, so that a last window that hangs over the edge still counts.",
    more=True,
)
COUNT_INCLUDE_PAD = Option(
    "count_include_pad",
    "flag",
    True,
    "Count padding",
    "Whether the cells of the padding count when the mean is taken.",
    more=True,
)
POOL_OPTIONS = (POOL_STRIDE, POOL_PADDING, CEIL_MODE)
NAME_HEAD = Option("name", "text", None, "Model", "The name of a trained model.")

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "conv",
        "Convolution",
        "convolution",
        "A window slides over the input; each stop multiplies cell by cell with the filter and adds up.",
        None,
        CONV_OPTIONS,
    ),
    Operation("relu", "ReLU", "activation", "Keeps what is positive, turns everything below 0 into 0."),
    Operation(
        "leaky_relu",
        "Leaky ReLU",
        "activation",
        "Keeps what is positive and lets a small share of the negative through.",
        Option("negative_slope", "number", "0.01", "Slope", "The share of a negative value that is let through."),
    ),
    Operation("sigmoid", "Sigmoid", "activation", "Squeezes every value between 0 and 1: 1 / (1 + e^-x)."),
    Operation("tanh", "Tanh", "activation", "Squeezes every value between -1 and 1."),
    Operation("abs", "Absolute value", "activation", "Drops the sign: how strong, no longer which way."),
    Operation(
        "softmax", "Softmax", "activation", "Turns all values into shares of 1: e^x divided by the sum of all e^x."
    ),
    Operation("maxpool", "Max pool", "pooling", "Keeps the largest value of each window.", WINDOW, POOL_OPTIONS),
    Operation(
        "avgpool",
        "Average pool",
        "pooling",
        "Takes the mean of each window.",
        WINDOW,
        (*POOL_OPTIONS, COUNT_INCLUDE_PAD),
    ),
    Operation("minpool", "Min pool", "pooling", "Keeps the smallest value of each window.", WINDOW, POOL_OPTIONS),
    Operation("l2pool", "L2 pool", "pooling", "The root of the sum of squares of each window.", WINDOW, POOL_OPTIONS),
    Operation("globalavgpool", "Global average", "pooling", "The mean of each whole map: one number a map."),
    Operation("globalmaxpool", "Global maximum", "pooling", "The largest value of each whole map: one number a map."),
    Operation(
        "shift",
        "Shift",
        "other",
        "Moves the whole picture; what moves in from outside is 0.",
        Option("by", "shift", (0, 1), "Shift by", "Rows down and columns to the right.", least=-512, most=512),
    ),
    Operation("flatten", "Flatten", "other", "Writes all cells of all maps into one long column."),
    Operation(
        "linear",
        "Fully connected",
        "other",
        "Every output is a weighted sum of all inputs.",
        replace(NAME_HEAD, help="A trained model and one of its fully connected layers: model/name."),
    ),
    Operation(
        "prepare",
        "Prepare",
        "other",
        "Brings the picture to the size, colors and scale that a model was trained on.",
        NAME_HEAD,
    ),
    Operation("model", "Model", "other", "All layers of a trained model, its preparation first.", NAME_HEAD),
)
_BY_NAME = {row.name: row for row in OPERATIONS}

SCENE_OPTIONS: tuple[Option, ...] = (
    Option("size", "pair", (32, 32), "Size", "Rows and columns of cells that the picture is reduced to.", "", 1, 512),
    Option("crop", "box", None, "Cut", "The part of the picture that is shown, in its own pixels.", most=65_535),
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
"""What a link says about the picture beside its name; `list_scene_options` knows the limit of `size`."""

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
    Option("stage", "whole", 1, "Stage", "Which layer of the chain is shown; 0 is the input.", most=512),
    Option("map", "whole", 0, "Map", "Which feature map is in focus.", most=65_535),
    Option("at", "cell", None, "Place", "Row and column of the output cell in focus.", most=65_535),
    Option("beat", "text", "sum", "Beat", "Which part of the step is shown."),
    Option("tab", "word", "", "View", "What is open below.", choices=("", "equation", "neuron", "matrix", "code")),
    Option("colors", "word", "auto", "Colors", "How values become colors.", choices=("auto", "signed", "photo")),
    Option("scope", "word", "map", "Scale", "One color scale a map, or one for the layer.", choices=("map", "layer")),
    Option("fit", "flag", False, "Fit", "Each map fills its room, instead of one cell size for all."),
    Option("marks", "flag", False, "Stops", "Marks every place where the window stops."),
    Option("pin", "cell", None, "Pin", "A place whose values in all maps are listed.", most=65_535),
    Option(
        "mode",
        "word",
        "story",
        "Pace",
        "How far one press of play goes.",
        choices=("step", "row", "story", "finish"),
    ),
    Option("tempo", "number", "1", "Tempo", "How fast it plays.", least=0, most=16, above=True),
    Option("play", "flag", False, "Play", "Starts by itself."),
    Option("loop", "flag", False, "Loop", "Starts again at the end."),
    Option("stops", "cells", (), "Stops", "Places that an author chose: steps go from one to the next.", most=65_535),
    Option(
        "theme", "word", "auto", "Theme", "Light, dark or projector.", choices=("auto", "light", "dark", "projector")
    ),
    Option("ui", "word", "full", "Controls", "All controls, only play, or none.", choices=("full", "min", "none")),
    Option(
        "hide",
        "words",
        (),
        "Hide",
        "Parts that are left out.",
        choices=HIDEABLE,
    ),
    Option("lock", "words", (), "Lock", "Parts that are shown and cannot be used.", choices=LOCKABLE),
    Option("title", "line", "", "Title", "A line above the figure.", most=120),
    Option("transparent", "flag", False, "Transparent", "An embed without a ground of its own."),
    Option(
        "dpr",
        "number",
        "2",
        "Sharpness",
        "An embed is drawn with at least so many pixels for each pixel of the page.",
        least=1,
        most=4,
    ),
    Option("present", "flag", False, "Present", "The figure fills the screen, large enough for the last row."),
)

SIZES = (8, 16, 32, 48, 64, 128, 256, 512)


def find_operation(name: str) -> Operation | None:
    """The operation of that name, None where there is none."""
    return _BY_NAME.get(name)


@lru_cache(8)
def list_scene_options(limits: Limits) -> tuple[Option, ...]:
    """What a link says about the picture, with the largest size that is let."""
    return tuple(replace(row, most=limits.side) if row.name == "size" else row for row in SCENE_OPTIONS)


def make_kernel_size_option(limits: Limits) -> Option:
    """The size of a typed filter, as a control."""
    return Option(
        "kernel_size", "pair", (3, 3), "Filter size", "Rows and columns of the filter.", "F", 1, limits.kernel_side
    )
