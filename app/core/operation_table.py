"""The operation table: every kind of layer with its options.

A new kind of layer is a row here and the code that uses it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from .options import Option
from .texts import Text, make_text

Family = Literal["convolution", "activation", "pooling", "other", "input"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One kind of layer: its name in links, its title, its head (the value behind the name) and its other options."""

    name: str
    title: str
    family: Family
    sentence: str
    head: Option | None = None
    options: tuple[Option, ...] = ()

    @property
    def title_text(self) -> Text:
        """The title as a text of the catalogue."""
        return make_text(f"title_{self.name}")

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
INPUT = Operation("input", "Input", "input", "The picture or the numbers that the first layer reads.")
"""Stage 0 of every chain, which is no layer."""
_BY_NAME = {row.name: row for row in OPERATIONS}


def find_operation(name: str) -> Operation | None:
    """The operation of that name, None where there is none."""
    return _BY_NAME.get(name)
