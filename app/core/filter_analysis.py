"""Measurements of trained filters: the direction and period of their stripes, their colors, their strength.

Directions are those of the stripes as seen: 0° is horizontal, 45° rises to the right, 90° is vertical.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .arrays import Maps
from .ops.preprocessing import LUMINANCE_WEIGHTS

FloatArray = NDArray[np.floating[Any]]
FilterKind = Literal["nothing", "stripes", "edge", "spot", "texture", "patch", "colors", "even"]

LEAST_COLOR = 0.5
"""A filter with at least this share of its energy in color is classified by its colors."""
LEAST_ORIENTATION = 0.4
"""A filter with at least this orientation (0 all directions, 1 a single one) has a direction."""
MOST_DEAD_STRENGTH = 0.02
"""A filter with at most this share of the bank's median strength is called `nothing`."""
LEAST_STRIPE_PERIODS = 0.85
"""A filter with at least this many periods across it shows stripes, with fewer one edge."""
LEAST_SIGN_DOMINANCE = 0.75
"""With at least this |sum| / sum of |weights| the weights have one sign: a patch, not two opposed colors."""
LEAST_ROUNDNESS = 0.5
"""A gray filter without direction that correlates at least this much with a bell in its middle is a spot."""
CLEAR_PERIOD = 5.0
"""Stripes of at least this period (cells) are easy to see."""
LEAST_MEAN_ENERGY = 0.9
"""A gray filter with at least this share of its energy in its mean measures brightness alone."""


@dataclass(frozen=True, slots=True)
class FilterAnalysis:
    """The measurements of one filter.

    `strength` is the root of the sum of its squared weights, `color` the share of their energy that is color and not
    gray, 0 to 1. `angle` (degrees, 0 to 180) and `period` (cells) are those of its strongest wave, `oriented` how far
    its gradients agree in direction, 0 to 1. `hues` (degrees) are the color that it responds to and the opposite one;
    None without color. `sign` is 1 for a filter that responds to bright places, -1 to dark ones.
    """

    kind: FilterKind
    strength: float
    color: float
    angle: float
    period: float
    oriented: float
    hues: tuple[float, float] | None = None
    sign: int = 1


def analyze_filters(weight: Maps) -> tuple[FilterAnalysis, ...]:
    """The measurements of every filter of a bank (K, C, h, w)."""
    bank = np.asarray(weight, np.float64)
    strengths = np.sqrt((bank**2).sum(axis=(1, 2, 3)))
    least = MOST_DEAD_STRENGTH * float(np.median(strengths))
    return tuple(_analyze_filter(one, float(s), s <= least) for one, s in zip(bank, strengths, strict=True))


def order_filters(filters: tuple[FilterAnalysis, ...]) -> Mapping[str, tuple[int, ...]]:
    """The orders in which the filters can be listed: their indices, permuted, under each order's name.

    trained: as stored; orientation: by angle, filters without direction last; frequency: wide stripes before narrow
    ones; color: by hue, gray filters last; strength: the strongest first.
    """
    keys = {
        "trained": lambda i, p: (i,),
        "orientation": lambda i, p: (not has_direction(p), p.angle if has_direction(p) else -p.strength),
        "frequency": lambda i, p: (-p.period,),
        "color": lambda i, p: (p.color < LEAST_COLOR, p.hues[0] if p.hues and p.color >= LEAST_COLOR else -p.color),
        "strength": lambda i, p: (-p.strength,),
    }
    return {
        name: tuple(sorted(range(len(filters)), key=lambda i, key=key: (*key(i, filters[i]), i)))  # type: ignore[misc]
        for name, key in keys.items()
    }


def choose_clearest_filter(filters: tuple[FilterAnalysis, ...]) -> int:
    """The index of the filter to show first: strong, with clear stripes or edges if there are any; the first of equal
    ones.
    """
    scores = [
        math.sqrt(one.strength) * (_measure_clarity(one) if one.kind in ("stripes", "edge") else 0.001)
        for one in filters
    ]
    return scores.index(max(scores))


def _measure_clarity(one: FilterAnalysis) -> float:
    return one.oriented**2 * min(1.0, one.period / CLEAR_PERIOD)


def has_direction(one: FilterAnalysis) -> bool:
    """Whether the filter has a direction, so that its angle means something."""
    return one.oriented >= LEAST_ORIENTATION and one.kind not in ("nothing", "patch", "spot", "even")


def compute_luminance(one: FloatArray) -> FloatArray:
    """The gray part (h, w) of a filter (C, h, w): R, G and B by luminance, any other channels averaged."""
    if len(one) == 3:
        gray: FloatArray = np.tensordot(np.array(LUMINANCE_WEIGHTS), one, axes=1)
        return gray
    mean: FloatArray = one.mean(axis=0)
    return mean


def measure_wave(plane: FloatArray) -> tuple[float, float, float]:
    """(angle, period, orientation) of a plane (h, w): angle and period of the strongest wave in its 2-D Fourier
    transform without the mean; orientation from its gradients, which the filter's border does not affect.
    """
    rows, columns = plane.shape
    side = 64 if max(rows, columns) <= 16 else 128
    flat = plane - plane.mean()
    if not np.abs(flat).max() > 1e-12 * max(1.0, float(np.abs(plane).max())):
        return 0.0, float(max(rows, columns)), 0.0
    power = np.abs(np.fft.fft2(flat, (side, side))) ** 2
    down = np.fft.fftfreq(side)[:, None]
    across = np.fft.fftfreq(side)[None, :]
    top, left = np.unravel_index(int(power.argmax()), power.shape)
    near = _select_near(down, across, float(down[top, 0]), float(across[0, left]), 1.5 / max(rows, columns))
    weight = power * near
    y, x = float((weight * down).sum() / weight.sum()), float((weight * across).sum() / weight.sum())
    frequency = max(math.hypot(y, x), 1 / side)
    # Rows count downwards, so a wave to the lower right has stripes that rise to the right.
    angle = (math.degrees(math.atan2(-y, x)) + 90) % 180
    return angle, 1 / frequency, _measure_orientation(plane)


def _analyze_filter(one: FloatArray, strength: float, is_dead: bool) -> FilterAnalysis:
    gray = compute_luminance(one)
    if is_dead or strength == 0:
        return FilterAnalysis("nothing", strength, 0.0, 0.0, float(max(gray.shape)), 0.0)
    chroma = one - one.mean(axis=0, keepdims=True) if len(one) == 3 else np.zeros_like(one)
    color = float((chroma**2).sum() / (one**2).sum())
    hues, plane = _find_opponent_hues(chroma)
    is_colored = color >= LEAST_COLOR
    angle, period, oriented = measure_wave(plane if is_colored else gray)
    if is_colored:
        flip = float(plane.sum()) < 0
        pair = (hues[1], hues[0]) if flip else hues
        kind: FilterKind = "patch" if _compute_sign_dominance(plane) >= LEAST_SIGN_DOMINANCE else "colors"
        return FilterAnalysis(kind, strength, color, angle, period, oriented, pair)
    kind, sign = _classify_gray_filter(gray, period, oriented)
    return FilterAnalysis(kind, strength, color, angle, period, oriented, hues if color > 0.05 else None, sign)


def _classify_gray_filter(gray: FloatArray, period: float, oriented: float) -> tuple[FilterKind, int]:
    sign = 1 if float(gray.sum()) >= 0 else -1
    if float(gray.mean()) ** 2 * gray.size >= LEAST_MEAN_ENERGY * float((gray**2).sum()):
        return "even", sign
    if oriented >= LEAST_ORIENTATION:
        return ("stripes" if max(gray.shape) / period >= LEAST_STRIPE_PERIODS else "edge"), sign
    roundness = _measure_roundness(gray)
    return ("spot", 1 if roundness > 0 else -1) if abs(roundness) >= LEAST_ROUNDNESS else ("texture", sign)


def _measure_roundness(gray: FloatArray) -> float:
    """The correlation of a plane with a bell in its middle: 1 a bright spot, -1 a dark one, 0 neither."""
    flat = gray - gray.mean()
    size = float(np.sqrt((flat**2).sum()))
    rows, columns = flat.shape
    shares = [float((flat * _make_bell(rows, columns, narrow)).sum()) / (size or 1.0) for narrow in (1, 3, 9)]
    return max(shares, key=abs)


def _find_opponent_hues(chroma: FloatArray) -> tuple[tuple[float, float], FloatArray]:
    """The two hues at the ends of the strongest color axis, and the plane of its weights (positive: the first hue)."""
    if not chroma.any():
        return (0.0, 180.0), chroma[0]
    left, _, right = np.linalg.svd(chroma.reshape(3, -1), full_matrices=False)
    axis, place = left[:, 0], right[0].reshape(chroma.shape[1:])
    hue = _compute_hue(axis)
    return (hue, (hue + 180) % 360), place


def _compute_hue(axis: FloatArray) -> float:
    """The hue (degrees) of a direction in RGB: red 0, yellow 60, green 120, blue 240."""
    red, green, blue = (float(part) for part in axis)
    return math.degrees(math.atan2(math.sqrt(3) * (green - blue), 2 * red - green - blue)) % 360


def _compute_sign_dominance(plane: FloatArray) -> float:
    whole = float(np.abs(plane).sum())
    return abs(float(plane.sum())) / whole if whole else 0.0


def _make_bell(rows: int, columns: int, narrow: float) -> FloatArray:
    """A bell in the middle of a plane, minus its mean, of norm 1."""
    down, across = (np.linspace(-1, 1, count) for count in (rows, columns))
    bell: FloatArray = np.exp(-narrow * (down[:, None] ** 2 + across[None, :] ** 2))
    middle: FloatArray = bell - bell.mean()
    return middle / (np.sqrt((middle**2).sum()) or 1.0)


def _select_near(down: FloatArray, across: FloatArray, y: float, x: float, reach: float) -> NDArray[np.bool_]:
    near: NDArray[np.bool_] = (down - y) ** 2 + (across - x) ** 2 <= (reach / 2) ** 2
    return near


def _measure_orientation(plane: FloatArray) -> float:
    """How far the gradients agree in direction: 0 for a round spot or checks, 1 for stripes; 0 without gradients."""
    if min(plane.shape) < 2:
        return 0.0
    down, across = np.gradient(plane)
    yy, xx, xy = float((down**2).sum()), float((across**2).sum()), float((down * across).sum())
    return math.hypot(xx - yy, 2 * xy) / (xx + yy) if xx + yy > 0 else 0.0
