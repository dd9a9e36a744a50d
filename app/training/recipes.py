"""The recipes of the shipped models, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .recipe import DataCredit, LayerRecipe, Recipe, RecipePreprocessing

MNIST = DataCredit(
    "MNIST handwritten digits (LeCun, Cortes, Burges)",
    "commonly given as CC BY-SA 3.0, among others by Keras, which names Y. LeCun and C. Cortes as holders of the "
    "copyright",
    "http://yann.lecun.com/exdb/mnist/",
    "MNIST test set",
)
CIFAR10 = DataCredit(
    "CIFAR-10 (Krizhevsky, Nair, Hinton)",
    "none stated; its page asks users to cite A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, "
    "2009",
    "https://www.cs.toronto.edu/~kriz/cifar.html",
    "CIFAR-10 test set",
)
CALTECH101 = DataCredit(
    "Caltech-101 (F.-F. Li, M. Andreeto, M. Ranzato, P. Perona, 2022, CaltechDATA)",
    "CC BY 4.0",
    "https://data.caltech.edu/records/mzrjq-6wc02",
    "a held-out tenth of Caltech-101",
)

ON_CIFAR10: Mapping[str, Any] = MappingProxyType(
    {"credit": CIFAR10, "preprocessing": RecipePreprocessing(32, 3), "side": 32, "window": 32}
)
"""Arguments of all models of whole CIFAR-10 pictures."""
FLATTEN, CLASSIFIER, SOFTMAX = (
    LayerRecipe("flatten", "flatten"),
    LayerRecipe("fc1", "linear"),
    LayerRecipe("softmax", "softmax"),
)


def _make_conv(name: str, outputs: int, kernel_size: int, stride: int, padding: int) -> LayerRecipe:
    options = {"stride": (stride, stride), "padding": (padding,) * 4}
    return LayerRecipe(name, "conv", options=options, outputs=outputs, kernel_size=kernel_size)


def _make_pool(name: str, window: int = 2, stride: int | None = None) -> LayerRecipe:
    return LayerRecipe(name, "maxpool", (window, window), {"stride": (stride, stride)} if stride else {})


def _make_relu(number: int) -> LayerRecipe:
    return LayerRecipe(f"relu{number}", "relu")


LENET5 = Recipe(
    name="lenet5",
    title="LeNet-5 · MNIST",
    layers=(
        _make_conv("conv1", 6, 5, 1, 2),
        _make_relu(1),
        _make_pool("pool1"),
        _make_conv("conv2", 16, 5, 1, 0),
        _make_relu(2),
        _make_pool("pool2"),
        FLATTEN,
        LayerRecipe("fc1", "linear", outputs=120),
        _make_relu(3),
        LayerRecipe("fc2", "linear", outputs=84),
        _make_relu(4),
        LayerRecipe("fc3", "linear"),
        SOFTMAX,
    ),
    credit=MNIST,
    preprocessing=RecipePreprocessing(28, 1, "auto"),
    side=28,
    window=28,
    epochs=12,
    batch_size=256,
    learning_rate=0.08,
    first_weight_decay=5e-3,
    smoothness=1e-3,
    initial_scale=0.5,
    max_shift=2,
    notes=("ReLU and max pooling in place of the sigmoids and averages of 1998.",),
)

CIFAR = Recipe(
    name="cifar10",
    title="Three convolutions · CIFAR-10",
    layers=(
        _make_conv("conv1", 32, 5, 1, 2),
        _make_relu(1),
        _make_pool("pool1"),
        _make_conv("conv2", 64, 5, 1, 2),
        _make_relu(2),
        _make_pool("pool2"),
        _make_conv("conv3", 64, 5, 1, 2),
        _make_relu(3),
        _make_pool("pool3"),
        FLATTEN,
        CLASSIFIER,
        SOFTMAX,
    ),
    **ON_CIFAR10,
    epochs=11,
    batch_size=256,
    learning_rate=0.2,
    first_weight_decay=4e-3,
    smoothness=1e-3,
    initial_scale=0.5,
    label_smoothing=0.05,
    max_shift=2,
    flip=True,
    batch_norm=True,
    bfloat16=True,
)

LINEAR10 = Recipe(
    name="linear10",
    title="One template a class · CIFAR-10",
    layers=(FLATTEN, CLASSIFIER, SOFTMAX),
    **ON_CIFAR10,
    epochs=12,
    batch_size=500,
    learning_rate=0.01,
    first_weight_decay=2e-2,
    smoothness=0.1,
    initial_scale=0.2,
    flip=True,
)

MLP10 = Recipe(
    name="mlp10",
    title="A bank of 100 templates · CIFAR-10",
    layers=(
        FLATTEN,
        LayerRecipe("fc1", "linear", outputs=100),
        _make_relu(1),
        LayerRecipe("fc2", "linear"),
        SOFTMAX,
    ),
    **ON_CIFAR10,
    epochs=20,
    batch_size=250,
    learning_rate=0.1,
    first_weight_decay=5e-3,
    smoothness=5e-3,
    initial_scale=0.2,
    label_smoothing=0.1,
    max_shift=2,
    flip=True,
    batch_norm=True,
    film_frames=24,
    film_filters=24,
)

PHOTOS = Recipe(
    name="photos",
    title="AlexNet-like · photographs",
    layers=(
        _make_conv("conv1", 64, 11, 4, 2),
        _make_relu(1),
        _make_pool("pool1", 3, 2),
        _make_conv("conv2", 96, 3, 1, 1),
        _make_relu(2),
        _make_conv("conv3", 128, 3, 1, 1),
        _make_relu(3),
        LayerRecipe("pool2", "globalavgpool"),
        FLATTEN,
        CLASSIFIER,
        SOFTMAX,
    ),
    credit=CALTECH101,
    preprocessing=RecipePreprocessing(None, 3),
    side=128,
    window=64,
    epochs=40,
    batch_size=128,
    learning_rate=0.15,
    first_weight_decay=4e-3,
    smoothness=8e-3,
    whitening_power=0.5,
    initial_scale=0.2,
    label_smoothing=0.1,
    flip=True,
    max_rotation=45,
    color_jitter=0.2,
    gray_share=0.4,
    batch_norm=True,
    notes=("For its first layer: what the rest of the network says of a photograph is not worth much.",),
)

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {recipe.name: recipe for recipe in (LENET5, CIFAR, LINEAR10, MLP10, PHOTOS)}
)
