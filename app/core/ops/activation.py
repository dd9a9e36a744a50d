"""Activations: one function applied to every cell; softmax reads all cells.

An array of float32 makes one of float32, as PyTorch does; one number of float64 is computed in float64.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

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


def relu6(x: Maps) -> Maps:
    """min(max(x, 0), 6)."""
    return np.clip(x, x.dtype.type(0), x.dtype.type(6))


def gelu(x: Maps) -> Maps:
    """X · ½(1 + erf(x/√2)), as torch.nn.GELU without an approximation; computed in float64."""
    y = 0.5 * x.astype(np.float64) * _compute_erfc(-x / math.sqrt(2)) + 0.0
    return y.astype(x.dtype)


def silu(x: Maps) -> Maps:
    """X / (1 + e^−x)."""
    return x * sigmoid(x) + x.dtype.type(0)


def hardswish(x: Maps) -> Maps:
    """X · min(max(x + 3, 0), 6) / 6."""
    y: Maps = x * np.clip(x + x.dtype.type(3), x.dtype.type(0), x.dtype.type(6)) / x.dtype.type(6) + x.dtype.type(0)
    return y


def step(x: Maps) -> Maps:
    """1 where x is positive, else 0, also at 0: torch.heaviside with values=0."""
    return (x > 0).astype(x.dtype)


def softmax(x: Maps) -> Maps:
    """e^x divided by the sum of e^x over all cells of all maps: positive, with sum 1."""
    powers: Maps = np.exp(x - x.max())
    powers /= powers.sum()
    return powers


def softmax_of_channels(x: Maps) -> Maps:
    """e^x divided by the sum of e^x over the channels of the same place: positive, with sum 1 at each place."""
    powers: Maps = np.exp(x - x.max(axis=0))
    powers /= powers.sum(axis=0)
    return powers


def _compute_erfc(x: Maps) -> NDArray[np.float64]:
    """1 − erf(x), with a relative error of 1e-12: t · e^(p(t) − x²) for x ≥ 0, where t = 2/(2 + x)."""
    size = np.abs(x.astype(np.float64))
    share = 2 / (2 + size)
    tail = share * np.exp(chebyshev.chebval(2 * share - 1, ERFC_COEFFICIENTS) - size * size)
    y: NDArray[np.float64] = np.where(x < 0, 2 - tail, tail)
    return y


ERFC_COEFFICIENTS = (
    -0.6513268598909,
    0.6419697923565,
    0.01947647320419,
    -0.009561514786808,
    -0.0009465953444836,
    0.0003668394978548,
    4.252332480582e-05,
    -2.027857811265e-05,
    -1.624290003551e-06,
    1.30365583344e-06,
    1.562644355394e-08,
    -8.523809667723e-08,
    6.529053638478e-09,
    5.059344669138e-09,
    -9.913656192258e-10,
    -2.273650083022e-10,
    9.64677745093e-11,
    2.393840681236e-12,
    -6.884900057476e-12,
    8.934260738632e-13,
)
"""Of p in Chebyshev polynomials of 2t − 1: the logarithm of e^(x²) · erfc(x) / t at Chebyshev's nodes, transformed."""
