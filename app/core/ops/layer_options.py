"""The options of convolutions and of pooling layers: names, ranges, labels and help."""

from __future__ import annotations

from dataclasses import replace

from ..options import Option

PADDING_NAMES = ("valid", "same", "full", "causal")
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
    "full includes every overlap, causal is for a single row and adds them on its left alone.",
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
        "The number of groups that the channels are split into; each filter reads one group. At 1 a filter reads all "
        "channels; at as many as there are channels it reads each channel alone (depthwise).",
        "G",
        1,
        65_536,
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
        "Determines the numbers of random filters; the same seed gives the same filters everywhere.",
        least=0,
        most=999_999_999,
        more=True,
    ),
)
_CONV_BY_NAME = {option.name: option for option in CONV_OPTIONS}
TRANSPOSED_OPTIONS = (
    replace(
        STRIDE,
        help="Output cells between the copies of the filter that two neighboring input cells add; at 2 the output is "
        "about twice as large.",
    ),
    Option(
        "padding",
        "pair",
        (0, 0),
        "Padding",
        "Cells that are cut off the output on each side: as many as a convolution with this padding adds.",
        "P",
        0,
    ),
    Option(
        "output_padding",
        "pair",
        (0, 0),
        "Output padding",
        "Rows and columns that the output has besides, at the bottom and right; it must be smaller than the stride or "
        "the dilation.",
        "",
        0,
        63,
        more=True,
    ),
    _CONV_BY_NAME["bias"],
    replace(
        _CONV_BY_NAME["dilation"],
        help="The distance between two output cells that the filter of one input cell is added to.",
    ),
    _CONV_BY_NAME["groups"],
    _CONV_BY_NAME["seed"],
)
WINDOW = Option(
    "kernel_size", "pair", (2, 2), "Window", "Rows and columns of the window that is pooled into one cell.", "F", 1
)
POOL_STRIDE = replace(STRIDE, default=None, help="Cells that the window moves; without a value, its own size.")
POOL_PADDING = replace(
    PADDING, help="Cells put around the input: at most half the window on each side.", choices=PADDING_NAMES[:3]
)
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
POOL_DILATION = Option(
    "dilation",
    "pair",
    (1, 1),
    "Dilation",
    "The distance between two cells that the window reads: at 2 it skips every other one.",
    "D",
    1,
    16,
    more=True,
)
DIVISOR_OVERRIDE = Option(
    "divisor_override",
    "whole",
    None,
    "Divisor",
    "What the sum of a window is divided by, whatever it holds; without a value, by the count of its cells.",
    least=1,
    most=1_000_000,
    more=True,
)
POOL_OPTIONS = (POOL_STRIDE, POOL_PADDING, CEIL_MODE, POOL_DILATION)
_LARGEST = 1_000_000
BATCH_NORM_OPTIONS = (
    Option(
        "mean",
        "numbers",
        "0",
        "Mean",
        "What is subtracted: one number for all channels, or one for each.",
        "μ",
        -_LARGEST,
        _LARGEST,
    ),
    Option(
        "var",
        "numbers",
        "1",
        "Variance",
        "Its root divides: one number for all channels, or one for each.",
        "σ²",
        -_LARGEST,
        _LARGEST,
    ),
    Option(
        "weight",
        "numbers",
        "1",
        "Gain",
        "What the result is multiplied by, learned: one number, or one for each channel.",
        "γ",
        -_LARGEST,
        _LARGEST,
    ),
    Option(
        "bias",
        "numbers",
        "0",
        "Shift",
        "What is added at the end, learned: one number, or one for each channel.",
        "β",
        -_LARGEST,
        _LARGEST,
    ),
    Option(
        "eps",
        "number",
        "0.00001",
        "Epsilon",
        "Added to the variance, so that nothing is divided by 0.",
        "ε",
        0,
        1,
        more=True,
        above=True,
        exponent=True,
    ),
    Option("train", "flag", False, "As in training", "Uses the mean and the variance of each channel of this picture."),
)
LRN_SIZE = Option(
    "size", "whole", 5, "Channels", "How many channels around each one are squared and added.", "n", 1, 512
)
LRN_OPTIONS = (
    Option(
        "alpha",
        "number",
        "0.0001",
        "Alpha",
        "What the sum of squares is multiplied by, divided by the count of channels.",
        "α",
        0,
        _LARGEST,
        exponent=True,
    ),
    Option("beta", "number", "0.75", "Beta", "The power of the divisor.", "β", 0, 16),
    Option("k", "number", "1", "Constant", "What is added to the sum of squares.", "k", 0, _LARGEST, above=True),
)
DROP_SHARE = Option("p", "number", "0.5", "Share", "The probability with which each value is dropped.", "p", 0, 1)
DROPOUT_OPTIONS = (
    Option("seed", "whole", 0, "Seed", "Determines which values are dropped.", least=0, most=999_999_999),
    Option("train", "flag", False, "As in training", "Drops values; in prediction, without it, nothing changes."),
)
UPSAMPLE_FACTOR = Option(
    "scale_factor", "pair", (2, 2), "Factor", "How many rows and columns each one becomes.", least=1, most=16
)
UPSAMPLE_OPTIONS = (
    Option(
        "mode",
        "word",
        "nearest",
        "Mode",
        "nearest copies the nearest cell, bilinear mixes the nearest ones; corners are not aligned.",
        choices=("nearest", "bilinear"),
    ),
)
PAD_SIDES = Option(
    "padding", "padding", (1, 1, 1, 1), "Padding", "Cells put around every map.", "P", 0, 64, choices=("valid",)
)
PAD_OPTIONS = (
    Option(
        "mode",
        "word",
        "zeros",
        "Mode",
        "The values of the padding: one value, the mirrored picture, its repeated edge, or its opposite side.",
        choices=PADDING_MODES,
    ),
    Option("value", "number", "0", "Value", "The value of the padding in mode zeros.", "", -_LARGEST, _LARGEST),
)
CENTER_BOX = Option("box", "whole", 20, "Box", "Cells of the longer side of the drawing.", least=1, most=512)
CENTER_OPTIONS = (Option("size", "pair", (28, 28), "Size", "Rows and columns of the result.", least=1, most=512),)
SOFTMAX_DIM = Option(
    "dim",
    "word",
    "all",
    "Shares of",
    "all: every value has its share of all values; channels: at each place the channels share 1.",
    choices=("all", "channels"),
)
LINEAR_OPTIONS = tuple(option for option in CONV_OPTIONS if option.name in ("bias", "seed"))
ROWS_HEAD = Option(
    "weights",
    "weights",
    None,
    "Weights",
    "Rows of numbers, one row for each output; random whole numbers; the number of outputs alone; or a trained model "
    "and one of its fully connected layers: model/name.",
)
NAME_HEAD = Option("name", "text", None, "Model", "The name of a trained model.")
MOST_STAGE = 1_999
"""The largest number of a stage that a layer can read; an unfolded pattern has a stage more."""
FROM = Option(
    "from",
    "stage",
    None,
    "Reads stage",
    "The number of the earlier stage that the layer reads, 0 is the input; without a value the stage before it.",
    least=0,
    most=MOST_STAGE,
    more=True,
)
"""The option of every layer."""
STAGES_HEAD = Option(
    "stages",
    "stages",
    None,
    "With stage",
    "The numbers of the earlier stages that are joined with the one before, 0 is the input.",
    least=0,
    most=MOST_STAGE,
)
