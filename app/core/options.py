"""The option table: every layer, every option and every key of a link.

The link grammar, the limits, the JSON schema, the controls in the browser and their help are made from these rows.
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
    """One option of a link, a layer or the view.

    `kind` determines its syntax and its control: `whole` number; `number` (kept as written);
    `numbers`, one for all or `(b0,b1,…)`; `pair`, `n` or `rows x columns`; `shift`, a pair that may be negative;
    `padding`, a name, one number, a pair or four sides; `flag`, 0 or 1; `word`, one of `choices`; `words`, some of
    `choices`; `cell`, row,column; `cells`, several with ; between; `box`, top,left,height,width; `text`, a name,
    or two with a / between; `line`, any words, `most` characters at most.
    `default` None means that the value depends on other parts, as `help` says. `least` and `most` are inclusive;
    with `above`, `least` itself is not allowed.
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


@dataclass(frozen=True, slots=True)
class Operation:
    """One kind of layer: its name in links, its title, its head (the value behind the name) and its other options."""

    name: str
    title: str
    family: Family
    sentence: str
    head: Option | None = None
    options: tuple[Option, ...] = ()

    def option(self, name: str) -> Option | None:
        """The option of that name, None where there is none."""
        return next((option for option in self.options if option.name == name), None)

    def to_json(self) -> dict[str, object]:
        """The operation for the browser."""
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
    "stride", "pair", (1, 1), "Stride", "Cells that the window moves from one position to the next.", "S", 1
)
PADDING = Option(
    "padding",
    "padding",
    "valid",
    "Padding",
    "Cells put around the input before the window slides: valid adds none, same keeps the size at stride 1, "
    "full includes every overlap.",
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
        "The values of the padding: zeros, the mirrored picture, its repeated edge, or its opposite side.",
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
        "The number of groups that the channels are split into; each filter reads one group. Classic filters read each "
        "channel of a color picture separately unless groups=1 is given.",
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
        "CNNs use the filter as it stands, which mathematics calls correlation; turned by 180° it is a "
        "convolution in the mathematical sense.",
        more=True,
    ),
    Option(
        "seed",
        "whole",
        0,
        "Seed",
        "Determines the whole numbers of random filters; the same seed gives the same filters everywhere.",
        least=0,
        most=999_999_999,
        more=True,
    ),
)
WINDOW = Option(
    "kernel_size", "pair", (2, 2), "Window", "Rows and columns of the window that is pooled into one cell.", "F", 1
)
POOL_STRIDE = replace(STRIDE, default=None, help="Cells that the window moves; without a value, its own size.")
POOL_PADDING = replace(PADDING, help="Cells put around the input: at most half the window on each side.")
CEIL_MODE = Option(
    "ceil_mode",
    "flag",
    False,
    "Ceil mode",
    "Rounds the output size up, so that a last window over the edge counts.",
    more=True,
)
COUNT_INCLUDE_PAD = Option(
    "count_include_pad",
    "flag",
    True,
    "Count padding",
    "Whether the mean includes the cells of the padding.",
    more=True,
)
POOL_OPTIONS = (POOL_STRIDE, POOL_PADDING, CEIL_MODE)
NAME_HEAD = Option("name", "text", None, "Model", "The name of a trained model.")

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "conv",
        "Convolution",
        "convolution",
        "A window slides over the input; at each position its cells are multiplied by the filter and added up.",
        None,
        CONV_OPTIONS,
    ),
    Operation("relu", "ReLU", "activation", "Keeps positive values and sets negative ones to 0."),
    Operation(
        "leaky_relu",
        "Leaky ReLU",
        "activation",
        "Keeps positive values and multiplies negative ones by a small slope.",
        Option("negative_slope", "number", "0.01", "Slope", "The factor of negative values."),
    ),
    Operation("sigmoid", "Sigmoid", "activation", "Maps every value to between 0 and 1: 1 / (1 + e^-x)."),
    Operation("tanh", "Tanh", "activation", "Maps every value to between -1 and 1."),
    Operation("abs", "Absolute value", "activation", "The value without its sign."),
    Operation(
        "softmax", "Softmax", "activation", "Turns all values into shares of 1: e^x divided by the sum of all e^x."
    ),
    Operation("maxpool", "Max pool", "pooling", "Keeps the largest value of each window.", WINDOW, POOL_OPTIONS),
    Operation(
        "avgpool",
        "Average pool",
        "pooling",
        "The mean of each window.",
        WINDOW,
        (*POOL_OPTIONS, COUNT_INCLUDE_PAD),
    ),
    Operation("minpool", "Min pool", "pooling", "Keeps the smallest value of each window.", WINDOW, POOL_OPTIONS),
    Operation("l2pool", "L2 pool", "pooling", "The root of the sum of squares of each window.", WINDOW, POOL_OPTIONS),
    Operation("globalavgpool", "Global average", "pooling", "The mean of each whole map: one number per map."),
    Operation("globalmaxpool", "Global maximum", "pooling", "The largest value of each whole map: one number per map."),
    Operation(
        "shift",
        "Shift",
        "other",
        "Moves the whole input; cells that move in from outside are 0.",
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
        "Converts the picture to the size, colors and scale that a model was trained on.",
        NAME_HEAD,
    ),
    Operation("model", "Model", "other", "All layers of a trained model, its preprocessing first.", NAME_HEAD),
)
_BY_NAME = {row.name: row for row in OPERATIONS}

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
    Option("stage", "whole", 1, "Stage", "Which layer of the chain is shown; 0 is the input.", most=512),
    Option("map", "whole", 0, "Map", "Which feature map is in focus.", most=65_535),
    Option("at", "cell", None, "Place", "Row and column of the output cell in focus.", most=65_535),
    Option("beat", "text", "sum", "Beat", "Which part of the step is shown."),
    Option(
        "tab", "word", "", "View", "The view below the figure.", choices=("", "equation", "neuron", "matrix", "code")
    ),
    Option("colors", "word", "auto", "Colors", "How values become colors.", choices=("auto", "signed", "photo")),
    Option("scope", "word", "map", "Scale", "One color scale per map, or one for the layer.", choices=("map", "layer")),
    Option("fit", "flag", False, "Fit", "Each map fills its space, instead of one cell size for all."),
    Option("marks", "flag", False, "Stops", "Marks every position of the window."),
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
    Option("stops", "cells", (), "Stops", "Cells that an author chose: steps go from one to the next.", most=65_535),
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


def find_operation(name: str) -> Operation | None:
    """The operation of that name, None where there is none."""
    return _BY_NAME.get(name)


@lru_cache(8)
def list_scene_options(limits: Limits) -> tuple[Option, ...]:
    """The options of the picture, with the largest allowed size."""
    return tuple(replace(row, most=limits.side) if row.name == "size" else row for row in SCENE_OPTIONS)


def make_kernel_size_option(limits: Limits) -> Option:
    """The size of a typed filter, for its control."""
    return Option(
        "kernel_size", "pair", (3, 3), "Filter size", "Rows and columns of the filter.", "F", 1, limits.kernel_side
    )
