"""The operation table: every kind of layer with its options.

A row says what the layer does, as columns that Python and the browser read; a new activation is a row here, its array
function in `ops/activation.py` and its function and formula in `static/pure/frame/activations.js`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Literal

from .arrays import Maps
from .ops import activation, reshape
from .ops.join import JoinKind
from .ops.layer_options import (
    BATCH_NORM_OPTIONS,
    CENTER_BOX,
    CENTER_OPTIONS,
    CONV_OPTIONS,
    COUNT_INCLUDE_PAD,
    DIVISOR_OVERRIDE,
    DROP_SHARE,
    DROPOUT_OPTIONS,
    FROM,
    LINEAR_OPTIONS,
    LRN_OPTIONS,
    LRN_SIZE,
    NAME_HEAD,
    PAD_OPTIONS,
    PAD_SIDES,
    POOL_OPTIONS,
    ROWS_HEAD,
    SOFTMAX_DIM,
    STAGES_HEAD,
    TRANSPOSED_OPTIONS,
    UPSAMPLE_FACTOR,
    UPSAMPLE_OPTIONS,
    WINDOW,
)
from .ops.pooling import PoolKind, globalpool
from .options import Option
from .views.view_table import list_missing_views

Family = Literal["convolution", "activation", "pooling", "other", "input"]
Kind = Literal[
    "conv",
    "pool",
    "pointwise",
    "softmax",
    "shift",
    "flatten",
    "linear",
    "prepare",
    "join",
    "model",
    "input",
    "batchnorm",
    "center",
    "dropout",
    "lrn",
    "mean",
    "pad",
    "upsample",
]
"""How one cell is computed: what a step of the layer shows."""
Capability = Literal["filters", "gathers", "keeps_shape", "map_by_map", "reads_all", "one_place", "own_law"]
"""`filters`: has weights that slide; `gathers`: a window reads cells; `keeps_shape`: the output has the shape of the
input; `map_by_map`: each map is made from the map of the same number; `reads_all`: every cell reads the whole input.

`own_law`: `core/layers` has its law, and the browser loads the code of its steps when a figure has it; `one_place`:
that law reads no other place than that of the cell."""
CellFunction = Callable[..., Maps]
"""From maps, and the value of the operation's head if it has one, to maps; of float32, or float64 for a single cell."""


@dataclass(frozen=True, slots=True)
class ValueBehavior:
    """What becomes of values.

    `keeps_whole`: whole numbers make whole numbers. `keeps_sign`: values of 0 or more make values of 0 or more.
    `adds`: what is added up in a window, if anything. `is_signed`: the output is no picture on the scale of its input,
    so that its colors are signed. `least` and `most` bound the output whatever the input is; None for no bound.
    `is_never_zero`: a 0 in the output is a number too small for float32. `multiples`: what becomes of multiples of one
    fraction, such as typed decimals: they are kept, averaged over a window, multiplied by the head where negative or by
    a ramp of sixths of themselves, or become 0 and 1 (`steps`); None where the output is no such multiple.
    """

    keeps_whole: bool = False
    keeps_sign: bool = False
    adds: Literal["values", "squares"] | None = None
    is_signed: bool = False
    least: float | None = None
    most: float | None = None
    is_never_zero: bool = False
    multiples: Literal["kept", "averaged", "scaled", "ramp", "steps"] | None = None


@dataclass(frozen=True, slots=True)
class OperationCode:
    """The lines that make `y` of `x` in each dialect; `{slope}` and `{moved}` are filled for each layer.

    They are "" where the options of a layer change more than numbers: `core/code` writes those.
    """

    torch: str = ""
    keras: str = ""
    jax: str = ""
    numpy: str = ""
    scipy: str = ""


@dataclass(frozen=True, slots=True, eq=False)  # each row is one of a kind: its hash is read for every stage
class Operation:
    """One kind of layer: its name in links, its title, its head (the value behind the name) and its other options.

    `kind`, `capabilities`, `values` and `pool` say what it does. `function` computes the output maps of a layer without
    filters and without a sliding window; of a `pointwise` one also a single cell, and `formula` is its law, a text of
    x. `join` says how a layer joins the maps of several stages, None for one that reads a single stage.
    `is_trained`: only a trained network has it. `code` computes the output in each dialect.
    """

    name: str
    title: str
    family: Family
    sentence: str
    head: Option | None = None
    options: tuple[Option, ...] = ()
    kind: Kind = "pointwise"
    capabilities: tuple[Capability, ...] = ()
    values: ValueBehavior = ValueBehavior()
    pool: PoolKind | None = None
    function: CellFunction | None = None
    formula: str = ""
    is_trained: bool = False
    code: OperationCode = OperationCode()
    join: JoinKind | None = None

    @property
    def names_model(self) -> bool:
        """Whether its head can be the name of a trained model."""
        return self.head is not None and self.head.kind in ("text", "weights")

    @property
    def pools_whole_maps(self) -> bool:
        """Whether it pools each map into one cell, without a sliding window."""
        return self.pool is not None and self.function is not None

    def option(self, name: str) -> Option | None:
        """The option of that name, None where there is none."""
        return next((option for option in self.options if option.name == name), None)

    def facts_to_json(self) -> dict[str, object]:
        """What the operation does, for the entry of a stage."""
        return _describe_operation(self)

    def to_json(self) -> dict[str, object]:
        """The operation for the browser."""
        return {
            "name": self.name,
            "title": self.title,
            "family": self.family,
            "sentence": self.sentence,
            "head": self.head.to_json() if self.head else None,
            "options": [option.to_json() for option in self.options],
            **self.facts_to_json(),
            "trained": self.is_trained,
        }


SLIDING: tuple[Capability, ...] = ("gathers", "map_by_map")
POINTWISE: tuple[Capability, ...] = ("keeps_shape", "map_by_map")
WHOLE = ValueBehavior(keeps_whole=True, keeps_sign=True, multiples="kept")
MEAN = ValueBehavior(keeps_sign=True, adds="values", multiples="averaged")
SHARES = ValueBehavior(is_signed=True, least=0, most=1, is_never_zero=True)

_ROWS: tuple[Operation, ...] = (
    Operation(
        "conv",
        "Convolution",
        "convolution",
        "A window slides over the input; at each position its cells are multiplied by the filter and added up.",
        None,
        CONV_OPTIONS,
        kind="conv",
        capabilities=("filters", "gathers"),
        values=ValueBehavior(adds="values"),
    ),
    Operation(
        "convtranspose",
        "Transposed convolution",
        "convolution",
        "Every input cell adds a copy of the filter, multiplied by its value, to the output; copies overlap and add "
        "up. It does not undo a convolution.",
        None,
        TRANSPOSED_OPTIONS,
        kind="conv",
        capabilities=("filters", "gathers"),
        values=ValueBehavior(adds="values", is_signed=True),
    ),
    Operation(
        "relu",
        "ReLU",
        "activation",
        "Keeps positive values and sets negative ones to 0.",
        capabilities=POINTWISE,
        values=ValueBehavior(keeps_whole=True, least=0, multiples="kept"),
        function=activation.relu,
        formula="max(0, x)",
        code=OperationCode(
            torch="y = torch.relu(x)",
            keras="y = ops.relu(x)",
            jax="y = jax.nn.relu(x)",
            numpy="y = np.maximum(x, 0)",
            scipy="y = np.maximum(x, 0)",
        ),
    ),
    Operation(
        "leaky_relu",
        "Leaky ReLU",
        "activation",
        "Keeps positive values and multiplies negative ones by a small slope.",
        Option("negative_slope", "number", "0.01", "Slope", "The factor of negative values."),
        capabilities=POINTWISE,
        values=ValueBehavior(keeps_sign=True, multiples="scaled"),
        function=activation.leaky_relu,
        formula="x if x > 0, else slope · x",
        code=OperationCode(
            torch="y = F.leaky_relu(x, {slope})",
            keras="y = ops.leaky_relu(x, {slope})",
            jax="y = jax.nn.leaky_relu(x, {slope})",
            numpy="y = np.where(x > 0, x, {slope} * x)",
            scipy="y = np.where(x > 0, x, {slope} * x)",
        ),
    ),
    Operation(
        "relu6",
        "ReLU6",
        "activation",
        "Keeps values from 0 to 6; smaller ones become 0, larger ones 6.",
        capabilities=POINTWISE,
        values=ValueBehavior(keeps_whole=True, is_signed=True, least=0, most=6, multiples="kept"),
        function=activation.relu6,
        formula="min(max(0, x), 6)",
        code=OperationCode(
            torch="y = F.relu6(x)",
            keras="y = ops.relu6(x)",
            jax="y = jax.nn.relu6(x)",
            numpy="y = np.clip(x, 0, 6)",
            scipy="y = np.clip(x, 0, 6)",
        ),
    ),
    Operation(
        "gelu",
        "GELU",
        "activation",
        "Multiplies every value by the share of a normal distribution that lies below it: x · ½(1 + erf(x/√2)).",
        capabilities=POINTWISE,
        values=ValueBehavior(keeps_sign=True, is_signed=True, least=-0.17),
        function=activation.gelu,
        formula="x · ½(1 + erf(x/√2))",
        code=OperationCode(
            torch="y = F.gelu(x)",
            keras="y = ops.gelu(x, approximate=False)",
            jax="y = jax.nn.gelu(x, approximate=False)",
            numpy="y = x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2",
            scipy="y = x * special.ndtr(x)",
        ),
    ),
    Operation(
        "silu",
        "SiLU",
        "activation",
        "Multiplies every value by its sigmoid: x / (1 + e^-x).",
        capabilities=POINTWISE,
        values=ValueBehavior(keeps_sign=True, is_signed=True, least=-0.279),
        function=activation.silu,
        formula="x / (1 + e^−x)",
        code=OperationCode(
            torch="y = F.silu(x)",
            keras="y = ops.silu(x)",
            jax="y = jax.nn.silu(x)",
            numpy="e = np.exp(-np.abs(x))  # at most 1: e^-x could overflow\ny = x * np.where(x > 0, 1, e) / (1 + e)",
            scipy="y = x * special.expit(x)",
        ),
    ),
    Operation(
        "hardswish",
        "Hardswish",
        "activation",
        "Multiplies every value by a ramp from 0 at -3 to 1 at 3, which is close to SiLU: x · ReLU6(x + 3) / 6.",
        capabilities=POINTWISE,
        values=ValueBehavior(keeps_sign=True, is_signed=True, least=-0.376, multiples="ramp"),
        function=activation.hardswish,
        formula="x · min(max(0, x + 3), 6) / 6",
        code=OperationCode(
            torch="y = F.hardswish(x)",
            keras="y = ops.hard_swish(x)",
            jax="y = jax.nn.hard_swish(x)",
            numpy="y = x * np.clip(x + 3, 0, 6) / 6",
            scipy="y = x * np.clip(x + 3, 0, 6) / 6",
        ),
    ),
    Operation(
        "step",
        "Step",
        "activation",
        "Turns positive values into 1 and all others into 0; 0 itself becomes 0.",
        capabilities=POINTWISE,
        values=ValueBehavior(keeps_whole=True, is_signed=True, least=0, most=1, multiples="steps"),
        function=activation.step,
        formula="step(x): 1 if x > 0, else 0",
        code=OperationCode(
            torch="y = (x > 0).float()",
            keras='y = ops.cast(x > 0, "float32")',
            jax="y = jnp.heaviside(x, 0)",
            numpy="y = (x > 0).astype(float)",
            scipy="y = np.heaviside(x, 0)",
        ),
    ),
    Operation(
        "sigmoid",
        "Sigmoid",
        "activation",
        "Maps every value to between 0 and 1: 1 / (1 + e^-x).",
        capabilities=POINTWISE,
        values=SHARES,
        function=activation.sigmoid,
        formula="1 / (1 + e^−x)",
        code=OperationCode(
            torch="y = torch.sigmoid(x)",
            keras="y = ops.sigmoid(x)",
            jax="y = jax.nn.sigmoid(x)",
            numpy="e = np.exp(-np.abs(x))  # at most 1: e^-x could overflow\ny = np.where(x > 0, 1, e) / (1 + e)",
            scipy="y = special.expit(x)",
        ),
    ),
    Operation(
        "tanh",
        "Tanh",
        "activation",
        "Maps every value to between -1 and 1.",
        capabilities=POINTWISE,
        values=ValueBehavior(keeps_sign=True, is_signed=True, least=-1, most=1),
        function=activation.tanh,
        formula="tanh(x)",
        code=OperationCode(
            torch="y = torch.tanh(x)",
            keras="y = ops.tanh(x)",
            jax="y = jnp.tanh(x)",
            numpy="y = np.tanh(x)",
            scipy="y = np.tanh(x)",
        ),
    ),
    Operation(
        "abs",
        "Absolute value",
        "activation",
        "The value without its sign.",
        capabilities=POINTWISE,
        values=ValueBehavior(keeps_whole=True, least=0, multiples="kept"),
        function=activation.absolute,
        formula="|x|",
        code=OperationCode(
            torch="y = x.abs()",
            keras="y = ops.abs(x)",
            jax="y = jnp.abs(x)",
            numpy="y = np.abs(x)",
            scipy="y = np.abs(x)",
        ),
    ),
    Operation(
        "softmax",
        "Softmax",
        "activation",
        "Turns all values into shares of 1: e^x divided by the sum of all e^x.",
        SOFTMAX_DIM,
        kind="softmax",
        capabilities=("keeps_shape", "reads_all"),
        values=SHARES,
        function=activation.softmax,
        formula="e^x / Σ e^x",
        code=OperationCode(
            torch="y = F.softmax(x.flatten(), dim=0).reshape(x.shape)",
            keras="y = ops.softmax(x, axis=(0, 1, 2))",
            jax="y = jax.nn.softmax(x, axis=(0, 1, 2))",
            numpy="e = np.exp(x - x.max())\ny = e / e.sum()",
            scipy="y = special.softmax(x)",
        ),
    ),
    Operation(
        "maxpool",
        "Max pool",
        "pooling",
        "Keeps the largest value of each window.",
        WINDOW,
        POOL_OPTIONS,
        kind="pool",
        capabilities=SLIDING,
        values=WHOLE,
        pool="max",
    ),
    Operation(
        "avgpool",
        "Average pool",
        "pooling",
        "The mean of each window.",
        WINDOW,
        (*POOL_OPTIONS, COUNT_INCLUDE_PAD, DIVISOR_OVERRIDE),
        kind="pool",
        capabilities=SLIDING,
        values=MEAN,
        pool="avg",
    ),
    Operation(
        "minpool",
        "Min pool",
        "pooling",
        "Keeps the smallest value of each window.",
        WINDOW,
        POOL_OPTIONS,
        kind="pool",
        capabilities=SLIDING,
        values=WHOLE,
        pool="min",
    ),
    Operation(
        "l2pool",
        "L2 pool",
        "pooling",
        "The root of the sum of squares of each window.",
        WINDOW,
        POOL_OPTIONS,
        kind="pool",
        capabilities=SLIDING,
        values=ValueBehavior(adds="squares", is_signed=True, least=0),
        pool="l2",
    ),
    Operation(
        "globalavgpool",
        "Global average",
        "pooling",
        "The mean of each whole map: one number per map.",
        kind="pool",
        capabilities=SLIDING,
        values=MEAN,
        pool="avg",
        function=partial(globalpool, kind="avg"),
        code=OperationCode(
            torch="y = x.mean(dim=(1, 2), keepdim=True)",
            keras="y = ops.mean(x, axis=(1, 2), keepdims=True)",
            jax="y = x.mean(axis=(1, 2), keepdims=True)",
            numpy="y = x.mean(axis=(1, 2), keepdims=True)",
            scipy="y = x.mean(axis=(1, 2), keepdims=True)",
        ),
    ),
    Operation(
        "globalmaxpool",
        "Global maximum",
        "pooling",
        "The largest value of each whole map: one number per map.",
        kind="pool",
        capabilities=SLIDING,
        values=WHOLE,
        pool="max",
        function=partial(globalpool, kind="max"),
        code=OperationCode(
            torch="y = x.amax(dim=(1, 2), keepdim=True)",
            keras="y = ops.max(x, axis=(1, 2), keepdims=True)",
            jax="y = x.max(axis=(1, 2), keepdims=True)",
            numpy="y = x.max(axis=(1, 2), keepdims=True)",
            scipy="y = x.max(axis=(1, 2), keepdims=True)",
        ),
    ),
    Operation(
        "batchnorm",
        "Batch norm",
        "other",
        "Subtracts a mean from each channel, divides by a deviation, then multiplies by a gain and adds a shift.",
        None,
        BATCH_NORM_OPTIONS,
        kind="batchnorm",
        capabilities=(*POINTWISE, "one_place", "own_law"),
        values=ValueBehavior(is_signed=True),
    ),
    Operation(
        "lrn",
        "Local response norm",
        "other",
        "Divides every value by a power of the squares of the channels around it, at the same place.",
        LRN_SIZE,
        LRN_OPTIONS,
        kind="lrn",
        capabilities=("keeps_shape", "one_place", "own_law"),
        values=ValueBehavior(keeps_sign=True, is_signed=True),
    ),
    Operation(
        "dropout",
        "Dropout",
        "other",
        "In training, sets some values to 0 by chance and divides the others by the share that is kept.",
        DROP_SHARE,
        DROPOUT_OPTIONS,
        kind="dropout",
        capabilities=(*POINTWISE, "one_place", "own_law"),
        values=WHOLE,
    ),
    Operation(
        "mean",
        "Mean of the channels",
        "other",
        "The mean of all maps at each place: one map.",
        kind="mean",
        capabilities=("one_place", "own_law"),
        values=ValueBehavior(keeps_sign=True, multiples="averaged"),
    ),
    Operation(
        "upsample",
        "Upsample",
        "other",
        "Makes several rows and columns of each one.",
        UPSAMPLE_FACTOR,
        UPSAMPLE_OPTIONS,
        kind="upsample",
        capabilities=("map_by_map", "own_law"),
        values=WHOLE,
    ),
    Operation(
        "pad",
        "Pad",
        "other",
        "Puts rows and columns around every map.",
        PAD_SIDES,
        PAD_OPTIONS,
        kind="pad",
        capabilities=("gathers", "map_by_map", "own_law"),
        values=WHOLE,
    ),
    Operation(
        "center",
        "Center a drawing",
        "other",
        "Scales a drawing into a box and moves its center of mass to the middle, as it was done with the digits of "
        "MNIST.",
        CENTER_BOX,
        CENTER_OPTIONS,
        kind="center",
        capabilities=("map_by_map", "own_law"),
        values=ValueBehavior(keeps_sign=True, multiples="averaged"),
    ),
    Operation(
        "shift",
        "Shift",
        "other",
        "Moves the whole input; cells that move in from outside are 0.",
        Option("by", "shift", (0, 1), "Shift by", "Rows down and columns to the right.", least=-512, most=512),
        kind="shift",
        capabilities=POINTWISE,
        values=WHOLE,
        function=reshape.shift,
        code=OperationCode(torch="y = torch.zeros_like(x)\n{moved}", numpy="y = np.zeros_like(x)\n{moved}"),
    ),
    Operation(
        "flatten",
        "Flatten",
        "other",
        "Writes all cells of all maps into one long column.",
        kind="flatten",
        values=WHOLE,
        function=reshape.flatten,
        code=OperationCode(
            torch="y = x.reshape(-1, 1, 1)",
            keras="y = ops.reshape(x, (-1, 1, 1))",
            jax="y = x.reshape(-1, 1, 1)",
            numpy="y = x.reshape(-1, 1, 1)",
            scipy="y = x.reshape(-1, 1, 1)",
        ),
    ),
    Operation(
        "linear",
        "Fully connected",
        "other",
        "Every output is a weighted sum of all inputs.",
        ROWS_HEAD,
        LINEAR_OPTIONS,
        kind="linear",
        capabilities=("reads_all",),
        values=ValueBehavior(adds="values", is_signed=True),
    ),
    Operation(
        "prepare",
        "Prepare",
        "other",
        "Converts the picture to the size, colors and scale that a model was trained on.",
        NAME_HEAD,
        kind="prepare",
        capabilities=("gathers",),
        values=ValueBehavior(adds="values", is_signed=True),
        is_trained=True,
    ),
    Operation(
        "add",
        "Add",
        "other",
        "Adds the maps of earlier stages to those of the stage before, cell by cell.",
        STAGES_HEAD,
        kind="join",
        capabilities=POINTWISE,
        values=ValueBehavior(keeps_whole=True, keeps_sign=True, is_signed=True),
        join="add",
    ),
    Operation(
        "concat",
        "Concatenate",
        "other",
        "Puts the maps of earlier stages behind those of the stage before.",
        STAGES_HEAD,
        kind="join",
        values=WHOLE,
        join="concat",
    ),
    Operation(
        "mul",
        "Multiply",
        "other",
        "Multiplies the maps of the stage before by those of earlier stages, cell by cell; one number for each map "
        "multiplies all of its cells.",
        STAGES_HEAD,
        kind="join",
        capabilities=("map_by_map",),
        values=ValueBehavior(keeps_whole=True, keeps_sign=True, is_signed=True),
        join="mul",
    ),
    Operation(
        "model",
        "Model",
        "other",
        "All layers of a trained model, its preprocessing first.",
        NAME_HEAD,
        kind="model",
        is_trained=True,
    ),
)
OPERATIONS = tuple(replace(row, options=(*row.options, FROM)) for row in _ROWS)
"""Every operation; the last option of each says which stage it reads."""
_SOFTMAX = next(row for row in OPERATIONS if row.name == "softmax")
SOFTMAX_OF_CHANNELS = replace(
    _SOFTMAX,
    capabilities=("keeps_shape", "own_law"),
    function=activation.softmax_of_channels,
    code=OperationCode(
        torch="y = F.softmax(x, dim=0)",
        keras="y = ops.softmax(x, axis=0)",
        jax="y = jax.nn.softmax(x, axis=0)",
        numpy="e = np.exp(x - x.max(axis=0))\ny = e / e.sum(axis=0)",
        scipy="y = special.softmax(x, axis=0)",
    ),
)
"""The row of a softmax with dim=channels, which reads one place."""
INPUT = Operation(
    "input", "Input", "input", "The picture or the numbers that the first layer reads.", kind="input", values=WHOLE
)
"""Stage 0 of every chain, which is no layer."""
_BY_NAME = {row.name: row for row in OPERATIONS}


def find_operation(name: str) -> Operation | None:
    """The operation of that name, None where there is none."""
    return _BY_NAME.get(name)


@cache
def _describe_operation(row: Operation) -> dict[str, object]:
    values = row.values
    return {
        "kind": row.kind,
        "capabilities": list(row.capabilities),
        "values": {
            "keeps_whole": values.keeps_whole,
            "adds": values.adds,
            "signed": values.is_signed,
            "least": values.least,
            "most": values.most,
            "never_zero": values.is_never_zero,
        },
        "formula": row.formula,
        "missing": list_missing_views(row.name),
    }
