"""Measures of how much of a bank of filters is structure and how much is noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MIN_CLEAR = 0.6
"""Smallest autocorrelation of a filter with clear structure; 55 % to 69 % of the filters in the first layers of
well-known networks have more."""

MAX_DEAD = 0.05
"""Largest norm of a dead filter, as a share of the median norm."""


@dataclass(frozen=True, slots=True)
class FilterStructure:
    """The share of filters with clear structure, the number of dead ones, and the orientations of the others.

    `angles` counts the filters with an orientation in twelve bins of 15° each, the first around 0° (vertical
    stripes), counter-clockwise on the screen.
    """

    clear: float
    dead: int
    angles: tuple[int, ...]


def compute_autocorrelation(bank: NDArray[np.floating]) -> NDArray[np.float64]:
    """Compute each filter's (K, C, h, w) correlation with itself shifted by one pixel, mean of down and right, −1 to 1.

    Over all channels together, after subtracting the mean of the filter, so that a constant filter has no structure.
    """
    centered = bank.astype(np.float64) - bank.mean(axis=(1, 2, 3), keepdims=True, dtype=np.float64)
    down = _compute_correlation(centered[:, :, 1:], centered[:, :, :-1])
    right = _compute_correlation(centered[..., 1:], centered[..., :-1])
    mean: NDArray[np.float64] = (down + right) / 2
    return mean


def _compute_correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    def sum_each(product: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(product.sum(axis=(1, 2, 3)))

    return sum_each(one * other) / np.sqrt(np.maximum(sum_each(one * one) * sum_each(other * other), 1e-30))


def compute_orientation(bank: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute for each filter the angle of the normal of its stripes, 0° to 180°, and its certainty, 0 to 1.

    It is the main axis of the power spectrum of all channels together.
    """
    centered = bank.astype(np.float64) - bank.mean(axis=(2, 3), keepdims=True, dtype=np.float64)
    power = (np.abs(np.fft.fft2(centered, s=(32, 32))) ** 2).sum(axis=1)
    down, right = np.meshgrid(np.fft.fftfreq(32), np.fft.fftfreq(32), indexing="ij")
    doubled = (right - 1j * down) ** 2 / np.maximum(right**2 + down**2, 1e-12)
    axis = (power * doubled).sum(axis=(1, 2)) / np.maximum(power.sum(axis=(1, 2)), 1e-30)
    return np.rad2deg(np.angle(axis)) / 2 % 180, np.abs(axis)


def measure_structure(bank: NDArray[np.floating]) -> FilterStructure:
    """Measure the structure of a bank (K, C, h, w)."""
    norm = np.sqrt(np.square(bank.astype(np.float64)).sum(axis=(1, 2, 3)))
    angle, certainty = compute_orientation(bank)
    bins = np.rint(angle[certainty >= 0.3] / 15).astype(int) % 12
    return FilterStructure(
        clear=float((compute_autocorrelation(bank) >= MIN_CLEAR).mean()),
        dead=int((norm < MAX_DEAD * np.median(norm)).sum()),
        angles=tuple(np.bincount(bins, minlength=12).tolist()),
    )
