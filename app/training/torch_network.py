"""The layers of a recipe as PyTorch modules, and their weights with the batch normalisation folded in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from .recipe import LayerRecipe, Recipe

Weights = dict[str, NDArray[np.float32]]
NORM_SUFFIX = "_norm"
WEIGHTED_OPS = ("conv", "linear")


def build_network(recipe: Recipe, classes: int, *, batch_norm: bool) -> nn.Sequential:
    """Build the network, from pictures (N, C, side, side) to one score per class, without the softmax.

    With `batch_norm`, batch normalisation follows every layer with weights but the last. A max pooling after it is
    done before it, so that it has at most a quarter of the cells: the maximum is the same before and after a
    nondecreasing function, such as ReLU and a normalisation with γ ≥ 0 (`clamp_norm_gains`).
    """
    modules: OrderedDict[str, nn.Module] = OrderedDict()
    channels: int = recipe.preprocessing.channels
    side = recipe.window
    weighted = [layer.name for layer in recipe.layers if layer.op in WEIGHTED_OPS]
    for layer in recipe.layers[:-1]:
        modules[layer.name] = _make_module(layer, channels, classes)
        if layer.op == "flatten":
            channels *= side * side
        elif layer.op in WEIGHTED_OPS:
            channels = layer.outputs or classes
        side = _compute_side(layer, side)
        if batch_norm and layer.name in weighted[:-1]:
            modules[layer.name + NORM_SUFFIX] = (
                nn.BatchNorm2d(channels) if layer.op == "conv" else nn.BatchNorm1d(channels)
            )
        elif batch_norm and layer.op == "maxpool":
            _move_before(modules, layer.name, 2)
    network = nn.Sequential(modules)
    with torch.no_grad():
        network.get_submodule(recipe.first).weight.mul_(recipe.initial_scale)
    return network


def _move_before(modules: OrderedDict[str, nn.Module], name: str, places: int) -> None:
    for other in list(modules)[-1 - places : -1]:
        modules.move_to_end(other)


def clamp_norm_gains(network: nn.Sequential) -> None:
    """Clamp every γ to at least 0, so that max pooling gives the same before and after the normalisation."""
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
                module.weight.clamp_(min=0)


def _make_module(layer: LayerRecipe, channels: int, classes: int) -> nn.Module:
    match layer.op:
        case "conv":
            padding = layer.options["padding"][0]
            stride = layer.options["stride"]
            return nn.Conv2d(channels, layer.outputs, layer.kernel_size, stride, padding)
        case "linear":
            return nn.Linear(channels, layer.outputs or classes)
        case "maxpool":
            return nn.MaxPool2d(layer.head, layer.options.get("stride"))
        case "globalavgpool":
            return nn.AdaptiveAvgPool2d(1)
        case "flatten":
            return nn.Flatten()
        case _:
            return nn.ReLU()


def _compute_side(layer: LayerRecipe, side: int) -> int:
    """Compute the side of a layer's output."""
    window, padding = layer.kernel_size, 0
    if layer.op == "globalavgpool":
        return 1
    if layer.op == "maxpool" and layer.head:
        window = layer.head[0]
    elif layer.op == "conv":
        padding = int(layer.options["padding"][0])
    else:
        return side
    stride = int(layer.options.get("stride", (window,))[0])
    return (side + 2 * padding - window) // stride + 1


def fold_network(network: nn.Sequential) -> Weights:
    """Return `conv1.weight`, `conv1.bias` … as float32 arrays, with the batch normalisation folded in.

    γ (Wx + b − μ) / √(σ² + ε) + β is one layer with γ/√(σ² + ε) W and γ/√(σ² + ε) (b − μ) + β.
    """
    weights: Weights = {}
    modules = dict(network.named_children())
    for name, module in modules.items():
        if isinstance(module, nn.Conv2d | nn.Linear):
            for kind, array in zip(("weight", "bias"), fold_layer(network, name), strict=True):
                weights[f"{name}.{kind}"] = array
    return weights


def fold_layer(network: nn.Sequential, name: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return weight and bias of one layer, with the batch normalisation that follows it, if any, folded in."""
    module = network.get_submodule(name)
    weight, bias = module.weight.detach().double(), module.bias.detach().double()
    norm = dict(network.named_children()).get(name + NORM_SUFFIX)
    if norm is not None:
        scale = norm.weight.detach().double() / (norm.running_var.double() + norm.eps).sqrt()
        bias = (bias - norm.running_mean.double()) * scale + norm.bias.detach().double()
        weight = weight * scale.reshape(-1, *[1] * (weight.dim() - 1))
    return weight.numpy().astype(np.float32), bias.numpy().astype(np.float32)


def load_network(recipe: Recipe, weights: Mapping[str, NDArray[Any]]) -> nn.Sequential:
    """Load the shipped weights into a network, in float32."""
    last = next(layer.name for layer in reversed(recipe.layers) if layer.op == "linear")
    network = build_network(recipe, len(weights[f"{last}.bias"]), batch_norm=False)
    state = {name: torch.from_numpy(np.array(array, np.float32)) for name, array in weights.items()}
    network.load_state_dict(state)
    return network.eval()
