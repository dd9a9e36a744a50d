"""Activations: one function applied to every cell; softmax reads all cells.

An array of float32 makes one of float32, as PyTorch does; one number of float64 is computed in float64.
"""

from __future__ import annotations

import numpy as np

from ..arrays import Maps


def relu(x: Maps) -> Maps:
    """max(x, 0)."""
    return np.maximum(x, x.dtype.type(0))


def leaky_relu(x: Maps, slope: float = 0.01) -> Maps:
    """X where it is positive, slope · x elsewhere."""
    return np.where(x > 0, x, x * x.dtype.type(slope))


def sigmoid(x: Maps) -> Maps:
    """1 / (1 + e^−x), from 0 to 1; computed from e^−|x|, which cannot overflow."""
    small = np.exp(-np.abs(x))
    y: Maps = np.where(x >= 0, np.float32(1), small) / (1 + small)
    return y


def tanh(x: Maps) -> Maps:
    """The hyperbolic tangent, from −1 to 1."""
    return np.tanh(x)


def absolute(x: Maps) -> Maps:
    """|x|."""
    return np.abs(x)


def softmax(x: Maps) -> Maps:
    """e^x divided by the sum of e^x over all cells of all maps: positive, with sum 1."""
    powers: Maps = np.exp(x - x.max())
    powers /= powers.sum()
    return powers
