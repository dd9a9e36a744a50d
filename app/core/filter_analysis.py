"""What a trained filter looks for, measured: the direction and width of its stripes, its colors, its strength.

Directions are those of the stripes as one sees them: 0° lies, 45° rises to the right, 90° stands upright.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .arrays import Maps

FloatArray = NDArray[np.floating[Any]]
FilterKind = Literal["nothing", "stripes", "edge", "spot", "texture", "patch", "colors", "even"]

LUMINANCE_WEIGHTS = (0.299, 0.587, 0.114)
LEAST_COLOR = 0.5
"""From this share of its energy in color on, a filter is about color first."""
LEAST_ORIENTATION = 0.4
"""From this agreement of directions on (0 none, 1 all the same), a filter has one."""
MOST_DEAD_STRENGTH = 0.02
"""Below this share of the bank's middle strength a filter is as good as nothing."""
LEAST_STRIPE_PERIODS = 0.85
"""From so many periods across the filter on there are stripes, below there is one edge."""
LEAST_SIGN_DOMINANCE = 0.75
"""From this share on the numbers pull one way: a patch or a spot, not one thing against another."""
LEAST_ROUNDNESS = 0.5
"""From this likeness to a bell in the middle on, a gray filter without direction is a spot."""
CLEAR_PERIOD = 5.0
"""From so many cells from stripe to stripe on, stripes are plain to see."""
LEAST_MEAN_ENERGY = 0.9
"""From this share of a gray filter's energy in its mean on, it only measures how bright the place is."""


@dataclass(frozen=True, slots=True)
class FilterAnalysis:
    """One filter, measured.

    `strength` is the root of the sum of its squared numbers, `color` the share of their energy that is color and not
    gray, 0 to 1. `angle` (degrees, 0 to 180) and `period` (cells from stripe to stripe) are those of its strongest
    wave, `oriented` how far its slopes agree in direction. `hues` are those (degrees) of the color that it likes
    and of the one opposite; None without color. `sign` is 1 where a spot or patch likes more, -1 where it likes less.
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
    """A portrait of every filter of a bank (K, C, h, w)."""
    bank = np.asarray(weight, np.float64)
    strengths = np.sqrt((bank**2).sum(axis=(1, 2, 3)))
    least = MOST_DEAD_STRENGTH * float(np.median(strengths))
    return tuple(_analyze_filter(one, float(s), s <= least) for one, s in zip(bank, strengths, strict=True))


def order_filters(found: tuple[FilterAnalysis, ...]) -> Mapping[str, tuple[int, ...]]:
    """The filters in every order that can be chosen: a permutation of their indices under each name.

    orientation: by angle, those without one last; frequency: wide stripes before fine ones; color: by hue, then gray;
    strength: the strongest first.
    """
    keys = {
        "trained": lambda i, p: (i,),
        "orientation": lambda i, p: (not has_direction(p), p.angle if has_direction(p) else -p.strength),
        "frequency": lambda i, p: (-p.period,),
        "color": lambda i, p: (p.color < LEAST_COLOR, p.hues[0] if p.hues and p.color >= LEAST_COLOR else -p.color),
        "strength": lambda i, p: (-p.strength,),
    }
    return {
        name: tuple(sorted(range(len(found)), key=lambda i, key=key: (*key(i, found[i]), i)))  # type: ignore[misc]
        for name, key in keys.items()
    }


def choose_clearest_filter(found: tuple[FilterAnalysis, ...]) -> int:
    """A filter to begin with: plain stripes or edges if there are any, wide enough to be seen as such, and strong; the
    first of equals.
    """
    clear = [
        math.sqrt(one.strength) * (_measure_clarity(one) if one.kind in ("stripes", "edge") else 0.001) for one in found
    ]
    return clear.index(max(clear))


def _measure_clarity(one: FilterAnalysis) -> float:
    return one.oriented**2 * min(1.0, one.period / CLEAR_PERIOD)


def has_direction(portrait: FilterAnalysis) -> bool:
    """Whether it makes sense to speak of the angle."""
    return portrait.oriented >= LEAST_ORIENTATION and portrait.kind not in ("nothing", "patch", "spot", "even")


def compute_luminance(one: FloatArray) -> FloatArray:
    """The gray that a filter (C, h, w) sees: R, G and B as the eye weighs them, any other channels alike."""
    if len(one) == 3:
        gray: FloatArray = np.tensordot(np.array(LUMINANCE_WEIGHTS), one, axes=1)
        return gray
    mean: FloatArray = one.mean(axis=0)
    return mean


def measure_wave(plane: FloatArray) -> tuple[float, float, float]:
    """(angle, period, agreement) of a plane: of its strongest wave, from the 2-D Fourier transform with the mean taken
    out, and of its slopes, which unlike the waves know nothing of the filter's border.
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
    # Rows count downwards, so that a wave to the right and down has stripes that rise to the right.
    angle = (math.degrees(math.atan2(-y, x)) + 90) % 180
    return angle, 1 / frequency, _measure_orientation(plane)


def _analyze_filter(one: FloatArray, strength: float, dead: bool) -> FilterAnalysis:
    gray = compute_luminance(one)
    if dead or strength == 0:
        return FilterAnalysis("nothing", strength, 0.0, 0.0, float(max(gray.shape)), 0.0)
    chroma = one - one.mean(axis=0, keepdims=True) if len(one) == 3 else np.zeros_like(one)
    color = float((chroma**2).sum() / (one**2).sum())
    hues, plane = _find_opponent_hues(chroma)
    about_color = color >= LEAST_COLOR
    angle, period, oriented = measure_wave(plane if about_color else gray)
    if about_color:
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
    round_part = _measure_roundness(gray)
    return ("spot", 1 if round_part > 0 else -1) if abs(round_part) >= LEAST_ROUNDNESS else ("texture", sign)


def _measure_roundness(gray: FloatArray) -> float:
    """How far a plane looks like one bright spot in its middle (1), a dark one (-1), or neither (0)."""
    flat = gray - gray.mean()
    size = float(np.sqrt((flat**2).sum()))
    rows, columns = flat.shape
    shares = [float((flat * _make_bell(rows, columns, narrow)).sum()) / (size or 1.0) for narrow in (1, 3, 9)]
    return max(shares, key=abs)


def _find_opponent_hues(chroma: FloatArray) -> tuple[tuple[float, float], FloatArray]:
    """The two hues at the ends of the strongest color axis, and where in the filter each lies (positive: first)."""
    if not chroma.any():
        return (0.0, 180.0), chroma[0]
    left, _, right = np.linalg.svd(chroma.reshape(3, -1), full_matrices=False)
    axis, place = left[:, 0], right[0].reshape(chroma.shape[1:])
    hue = _compute_hue(axis)
    return (hue, (hue + 180) % 360), place


def _compute_hue(axis: FloatArray) -> float:
    """The hue of a direction in red, green and blue, in degrees: red 0, yellow 60, green 120, blue 240."""
    red, green, blue = (float(part) for part in axis)
    return math.degrees(math.atan2(math.sqrt(3) * (green - blue), 2 * red - green - blue)) % 360


def _compute_sign_dominance(plane: FloatArray) -> float:
    whole = float(np.abs(plane).sum())
    return abs(float(plane.sum())) / whole if whole else 0.0


def _make_bell(rows: int, columns: int, narrow: float) -> FloatArray:
    """A bell in the middle of a plane, less its mean, of size 1."""
    down, across = (np.linspace(-1, 1, count) for count in (rows, columns))
    bell: FloatArray = np.exp(-narrow * (down[:, None] ** 2 + across[None, :] ** 2))
    middle: FloatArray = bell - bell.mean()
    return middle / (np.sqrt((middle**2).sum()) or 1.0)


def _select_near(down: FloatArray, across: FloatArray, y: float, x: float, reach: float) -> NDArray[np.bool_]:
    near: NDArray[np.bool_] = (down - y) ** 2 + (across - x) ** 2 <= (reach / 2) ** 2
    return near


def _measure_orientation(plane: FloatArray) -> float:
    """How far the slopes agree in direction: 0 for a round spot or checks, 1 for stripes. 0 where they have none."""
    if min(plane.shape) < 2:
        return 0.0
    down, across = np.gradient(plane)
    yy, xx, xy = float((down**2).sum()), float((across**2).sum()), float((down * across).sum())
    return math.hypot(xx - yy, 2 * xy) / (xx + yy) if xx + yy > 0 else 0.0
