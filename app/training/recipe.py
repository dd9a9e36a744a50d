"""What a recipe is: a model's layers, its data, and every number that decides how it is trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class LayerRecipe:
    """One layer of a model, as links name it; the names of operations and options are those of the option table.

    `outputs` is the number of filters or of fully connected outputs (0: as many as there are classes) and
    `kernel_size` the side of a filter; both stand in the shape of the weights and not in the description.
    """

    name: str
    op: Literal["conv", "relu", "maxpool", "globalavgpool", "flatten", "linear", "softmax"]
    head: tuple[int, int] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    outputs: int = 0
    kernel_size: int = 0

    def to_json(self) -> dict[str, object]:
        """The row in a model's description."""
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
    """What a model card says of the data: its name, its licence as far as there is one, where it comes from."""

    data: str
    licence: str
    source: str
    test: str


@dataclass(frozen=True, slots=True)
class RecipePreprocessing:
    """What a picture has to be: `side` pixels (None: any), 1 or 3 channels, white on black by itself or not."""

    side: int | None
    channels: Literal[1, 3]
    invert: Literal[False, "auto"] = False


@dataclass(frozen=True, slots=True)
class Recipe:
    """A model and how it is made from its data.

    `side`: pixels of the stored pictures; `window`: of the part that a step sees, cut at a random place after
    `shift` mirrored pixels were put around; `mirror`: half of them are mirrored left to right; `turn`: each is turned
    by up to so many degrees; `light`: the deviation of what is added to each channel, in deviations of the data;
    `gray`: the share of the pictures that are shown without their color.
    `rate`: the highest learning rate of one cycle. `decay` and `first_decay`: weight decay of all weights and of the
    first layer's; `smooth`: how much the first layer's differences between neighbouring weights are punished, which
    is decay that grows with frequency. `even`: to which power the first layer's steps are divided by how much the
    pictures vary along them (`evening`). `start`: the first layer's random weights are this share of PyTorch's.
    `normalised`: batch normalisation follows every layer with weights but the last, and is folded into them in what
    ships.
    `bfloat16`: products in 16 bits, twice as quick on processors that can.
    """

    name: str
    title: str
    layers: tuple[LayerRecipe, ...]
    credit: DataCredit
    prepare: RecipePreprocessing
    side: int
    window: int
    epochs: int
    batch: int
    rate: float
    decay: float = 5e-4
    first_decay: float = 5e-4
    smooth: float = 0.0
    even: float = 0.0
    start: float = 1.0
    label_smoothing: float = 0.0
    shift: int = 0
    mirror: bool = False
    turn: float = 0.0
    light: float = 0.0
    gray: float = 0.0
    normalised: bool = False
    bfloat16: bool = False
    seed: int = 0
    moments: int = 60
    filmed: int | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def first(self) -> str:
        """The name of the first layer with weights."""
        return next(layer.name for layer in self.layers if layer.op in ("conv", "linear"))
