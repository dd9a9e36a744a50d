"""The recipes: for each model its layers, its data, and every number that decides how it is trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Layer:
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
class Credit:
    """What a model card says of the data: its name, its licence as far as there is one, where it comes from."""

    data: str
    licence: str
    source: str
    test: str


@dataclass(frozen=True, slots=True)
class Prepare:
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
    layers: tuple[Layer, ...]
    credit: Credit
    prepare: Prepare
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


MNIST = Credit(
    "MNIST handwritten digits (LeCun, Cortes, Burges)",
    "commonly given as CC BY-SA 3.0, among others by Keras, which names Y. LeCun and C. Cortes as holders of the "
    "copyright",
    "http://yann.lecun.com/exdb/mnist/",
    "MNIST test set",
)
CIFAR10 = Credit(
    "CIFAR-10 (Krizhevsky, Nair, Hinton)",
    "none stated; its page asks users to cite A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, "
    "2009",
    "https://www.cs.toronto.edu/~kriz/cifar.html",
    "CIFAR-10 test set",
)
CALTECH101 = Credit(
    "Caltech-101 (F.-F. Li, M. Andreeto, M. Ranzato, P. Perona, 2022, CaltechDATA)",
    "CC BY 4.0",
    "https://data.caltech.edu/records/mzrjq-6wc02",
    "a held-out tenth of Caltech-101",
)


def _conv(name: str, outputs: int, kernel_size: int, stride: int, padding: int) -> Layer:
    options = {"stride": (stride, stride), "padding": (padding,) * 4}
    return Layer(name, "conv", options=options, outputs=outputs, kernel_size=kernel_size)


def _pool(name: str, window: int = 2, stride: int | None = None) -> Layer:
    return Layer(name, "maxpool", (window, window), {"stride": (stride, stride)} if stride else {})


LENET5 = Recipe(
    name="lenet5",
    title="LeNet-5 · MNIST",
    layers=(
        _conv("conv1", 6, 5, 1, 2),
        Layer("relu1", "relu"),
        _pool("pool1"),
        _conv("conv2", 16, 5, 1, 0),
        Layer("relu2", "relu"),
        _pool("pool2"),
        Layer("flatten", "flatten"),
        Layer("fc1", "linear", outputs=120),
        Layer("relu3", "relu"),
        Layer("fc2", "linear", outputs=84),
        Layer("relu4", "relu"),
        Layer("fc3", "linear"),
        Layer("softmax", "softmax"),
    ),
    credit=MNIST,
    prepare=Prepare(28, 1, "auto"),
    side=28,
    window=28,
    epochs=12,
    batch=256,
    rate=0.08,
    first_decay=5e-3,
    smooth=1e-3,
    start=0.5,
    shift=2,
    notes=("ReLU and max pooling in place of the sigmoids and averages of 1998.",),
)

CIFAR = Recipe(
    name="cifar10",
    title="Three convolutions · CIFAR-10",
    layers=(
        _conv("conv1", 32, 5, 1, 2),
        Layer("relu1", "relu"),
        _pool("pool1"),
        _conv("conv2", 64, 5, 1, 2),
        Layer("relu2", "relu"),
        _pool("pool2"),
        _conv("conv3", 64, 5, 1, 2),
        Layer("relu3", "relu"),
        _pool("pool3"),
        Layer("flatten", "flatten"),
        Layer("fc1", "linear"),
        Layer("softmax", "softmax"),
    ),
    credit=CIFAR10,
    prepare=Prepare(32, 3),
    side=32,
    window=32,
    epochs=11,
    batch=256,
    rate=0.2,
    decay=5e-4,
    first_decay=4e-3,
    smooth=1e-3,
    start=0.5,
    label_smoothing=0.05,
    shift=2,
    mirror=True,
    normalised=True,
    bfloat16=True,
)

LINEAR10 = Recipe(
    name="linear10",
    title="One template a class · CIFAR-10",
    layers=(Layer("flatten", "flatten"), Layer("fc1", "linear"), Layer("softmax", "softmax")),
    credit=CIFAR10,
    prepare=Prepare(32, 3),
    side=32,
    window=32,
    epochs=12,
    batch=500,
    rate=0.01,
    first_decay=2e-2,
    smooth=0.1,
    start=0.2,
    mirror=True,
)

MLP10 = Recipe(
    name="mlp10",
    title="A bank of 100 templates · CIFAR-10",
    layers=(
        Layer("flatten", "flatten"),
        Layer("fc1", "linear", outputs=100),
        Layer("relu1", "relu"),
        Layer("fc2", "linear"),
        Layer("softmax", "softmax"),
    ),
    credit=CIFAR10,
    prepare=Prepare(32, 3),
    side=32,
    window=32,
    epochs=20,
    batch=250,
    rate=0.1,
    decay=5e-4,
    first_decay=5e-3,
    smooth=5e-3,
    start=0.2,
    label_smoothing=0.1,
    shift=2,
    mirror=True,
    normalised=True,
    moments=24,
    filmed=24,
)

PHOTOS = Recipe(
    name="photos",
    title="AlexNet-like · photographs",
    layers=(
        _conv("conv1", 64, 11, 4, 2),
        Layer("relu1", "relu"),
        _pool("pool1", 3, 2),
        _conv("conv2", 96, 3, 1, 1),
        Layer("relu2", "relu"),
        _conv("conv3", 128, 3, 1, 1),
        Layer("relu3", "relu"),
        Layer("pool2", "globalavgpool"),
        Layer("flatten", "flatten"),
        Layer("fc1", "linear"),
        Layer("softmax", "softmax"),
    ),
    credit=CALTECH101,
    prepare=Prepare(None, 3),
    side=128,
    window=64,
    epochs=40,
    batch=128,
    rate=0.15,
    decay=5e-4,
    first_decay=4e-3,
    smooth=8e-3,
    even=0.5,
    start=0.2,
    label_smoothing=0.1,
    mirror=True,
    turn=45,
    light=0.2,
    gray=0.4,
    normalised=True,
    notes=("For its first layer: what the rest of the network says of a photograph is not worth much.",),
)

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {recipe.name: recipe for recipe in (LENET5, CIFAR, LINEAR10, MLP10, PHOTOS)}
)
