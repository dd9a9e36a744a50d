"""The operations of a chain, each from a (C, H, W) float32 array to another."""

from __future__ import annotations

from .activation import absolute, leaky_relu, relu, sigmoid, softmax, tanh
from .convolution import Conv, conv2d
from .join import join
from .pooling import Pool, globalpool, pool2d
from .reshape import flatten, linear, shift
from .transposed import ConvTranspose, conv_transpose2d

__all__ = [
    "Conv",
    "ConvTranspose",
    "Pool",
    "absolute",
    "conv2d",
    "conv_transpose2d",
    "flatten",
    "globalpool",
    "join",
    "leaky_relu",
    "linear",
    "pool2d",
    "relu",
    "shift",
    "sigmoid",
    "softmax",
    "tanh",
]
