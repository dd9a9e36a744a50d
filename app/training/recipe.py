"""Recipes: the layers of a model, its data, and every number of its training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class LayerRecipe:
    """One layer of a model; operations and options have the names of the option table.

    `outputs` is the number of filters or of fully connected outputs (0: the number of classes), `kernel_size` the side
    of a filter. The description omits both, since the shape of the weights has them.
    """

    name: str
    op: Literal["conv", "relu", "maxpool", "globalavgpool", "flatten", "linear", "softmax"]
    head: tuple[int, int] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    outputs: int = 0
    kernel_size: int = 0

    def to_json(self) -> dict[str, object]:
        """Return the layer's row in the description of the model."""
        row: dict[str, object] = {"name": self.name, "op": self.op}
        if self.head is not None:
            row["head"] = list(self.head)
        if self.options or self.op in ("conv", "maxpool"):
            row["options"] = {
                key: list(value) if isinstance(value, tuple) else value for key, value in self.options.items()
            }
        return row


@dataclass(frozen=True, slots=True)
class DataCredit:
    """The data in a model card: its name, its licence if any, its source, and the name of the test set."""

    data: str
    licence: str
    source: str
    test: str


@dataclass(frozen=True, slots=True)
class RecipePreprocessing:
    """The pictures that a model takes: `side` pixels (None: any), 1 or 3 channels; "auto" inverts dark on light."""

    side: int | None
    channels: Literal[1, 3]
    invert: Literal[False, "auto"] = False


@dataclass(frozen=True, slots=True)
class Recipe:
    """A model and how it is trained.

    `side`: side of the stored pictures. Augmentation: `window`: side of a random crop, after `max_shift` pixels of
    reflection padding; `flip`: half of the pictures are mirrored left to right; `max_rotation`: in degrees;
    `color_jitter`: standard deviation of a random offset of each channel, in standard deviations of the data;
    `gray_share`: share of the pictures that are shown in gray.
    `learning_rate`: the highest of one cycle. `weight_decay` of all weights, `first_weight_decay` of the first layer's.
    `smoothness`: penalty on differences between neighboring weights of the first layer, a weight decay that grows
    with frequency. `whitening_power`: the first layer's steps are divided by this power of the pictures' variance
    along them (`compute_whitening`). `initial_scale`: factor on PyTorch's initial weights of the first layer.
    `batch_norm`: after every layer with weights but the last, folded into the weights when they are written.
    `bfloat16`: products in 16 bits. `film_frames`, `film_filters`: size of the film; None is all filters.
    """

    name: str
    title: str
    layers: tuple[LayerRecipe, ...]
    credit: DataCredit
    preprocessing: RecipePreprocessing
    side: int
    window: int
    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float = 5e-4
    first_weight_decay: float = 5e-4
    smoothness: float = 0.0
    whitening_power: float = 0.0
    initial_scale: float = 1.0
    label_smoothing: float = 0.0
    max_shift: int = 0
    flip: bool = False
    max_rotation: float = 0.0
    color_jitter: float = 0.0
    gray_share: float = 0.0
    batch_norm: bool = False
    bfloat16: bool = False
    seed: int = 0
    film_frames: int = 60
    film_filters: int | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def first(self) -> str:
        """The name of the first layer with weights."""
        return next(layer.name for layer in self.layers if layer.op in ("conv", "linear"))
