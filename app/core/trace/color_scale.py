"""The colors of maps: the scale of a map, and the color of each value on it.

`static/pure/maps/palette.js` has the same rules; `tests/golden/colors.json` holds both to them, byte for byte.

- `signed`: blue below 0, near-white at 0, red above, with the same magnitude at both ends;
- `positive`: the red side of a signed scale, for maps that cannot be negative;
- `neutral`: near-white at 0, dark gray at the high end, for filters without a weight below 0;
- `gray`: black at the low end, white at the high one.

A value beyond an end has the color of that end. On a dark page 0 is dark and the ends are light; gray stays gray.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from .trace import Stage

Colors = npt.NDArray[np.uint8]
"""Red, green and blue along the last axis."""
Rgb = tuple[int, int, int]
CellMask = npt.NDArray[np.bool_]
ScaleKind = Literal["signed", "positive", "neutral", "gray"]


@dataclass(frozen=True, slots=True)
class Palette:
    """The colors of a theme: of 0, and of the ends of its scales."""

    negative: Rgb
    zero: Rgb
    positive: Rgb
    neutral: Rgb


LIGHT_PALETTE = Palette((0x21, 0x66, 0xAC), (0xF7, 0xF7, 0xF7), (0xB2, 0x18, 0x2B), (0x4A, 0x52, 0x5A))
DARK_PALETTE = Palette((0x5A, 0xA9, 0xF5), (0x2A, 0x2F, 0x34), (0xF2, 0x71, 0x6B), (0xC3, 0xCC, 0xD4))
NEGATIVE, POSITIVE = LIGHT_PALETTE.negative, LIGHT_PALETTE.positive
SHADES = 255
"""The colors of a scale are its neutral color (gray: black) and this many steps away from it."""
ROUNDING = 2.0**-20
"""A value is beyond an end if it exceeds it by more than this share of the scale: less is float32 rounding."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The values at the two ends of a color scale."""

    low: float
    high: float
    kind: ScaleKind = "signed"


@dataclass(frozen=True, slots=True)
class MapColoring:
    """What the colors of a stage's maps depend on.

    `colors` is the value of colors=auto: `signed`, `gray` or `photo`. `picture` is (black, white) of the input
    picture. `ranges` is (smallest, largest value) of each map. Maps of one cell are compared with each other.
    `photo_maps` are maps of a signed stage that are pictures by themselves.
    """

    colors: str
    is_never_negative: bool
    picture: tuple[float, float]
    ranges: Sequence[Sequence[float]]
    has_single_cells: bool = False
    photo_maps: Sequence[int] = ()


def read_coloring(stage: Stage) -> MapColoring:
    """What the colors of a stage's maps depend on."""
    facts = stage.info.values
    return MapColoring(
        facts.colors,
        facts.is_never_negative,
        facts.picture,
        stage.ranges,
        stage.output.shape[1:] == (1, 1),
        facts.photo_maps,
    )


def choose_kind(coloring: MapColoring, colors: str = "auto", is_picture: bool = False) -> ScaleKind:
    """The kind of the scale with colors=auto, signed or photo. A map that cannot be negative is `positive`.

    With auto a map that is a picture by itself is gray, whatever its stage is.
    """
    if (colors == "auto" and is_picture) or (coloring.colors if colors == "auto" else colors) != "signed":
        return "gray"
    return "positive" if coloring.is_never_negative else "signed"


def choose_map_scale(coloring: MapColoring, index: int, colors: str = "auto", scope: str = "map") -> Scale:
    """The scale of the map `index`.

    A gray scale keeps black and white of the input picture. Maps that share a scale have one kind of it. The others end
    at the largest magnitude of the map, or of all maps with scope=layer and where each map is one cell.
    """
    is_shared = scope == "layer" or coloring.has_single_cells
    kind = choose_kind(coloring, colors, not is_shared and index in coloring.photo_maps)
    if kind == "gray":
        return make_gray_scale(*coloring.picture)
    ranges = coloring.ranges if is_shared else coloring.ranges[index : index + 1]
    return make_scale(kind, max((abs(end) for pair in ranges for end in pair), default=0.0))


def make_scale(kind: ScaleKind, largest: float) -> Scale:
    """A scale that ends at `largest`, or at 1 where that is 0; a signed one begins at its negative."""
    end = largest if largest > 0 else 1.0
    return Scale(-end if kind == "signed" else 0.0, end, kind)


def make_weight_scale(weights: npt.ArrayLike) -> Scale:
    """The scale of a filter's weights: signed, or neutral where none is below 0."""
    numbers = np.asarray(weights, np.float64)
    kind: ScaleKind = "signed" if numbers.size == 0 or numbers.min() < 0 else "neutral"
    return make_scale(kind, float(np.abs(numbers).max(initial=0)))


def make_gray_scale(black: float, white: float) -> Scale:
    """A gray scale; one unit long where white is not above black."""
    return Scale(black, white if white > black else black + 1, "gray")


def merge_scales(scales: Sequence[Scale]) -> Scale:
    """One scale for maps side by side. Gray scales make a gray one from the lowest black to the highest white.

    All others, also with gray ones among them, end at the largest magnitude of any end; the scale is signed where one
    of them reaches below 0. Raises ValueError for none.
    """
    low, high = min(scale.low for scale in scales), max(scale.high for scale in scales)
    if all(scale.kind == "gray" for scale in scales):
        return make_gray_scale(low, high)
    return make_scale("signed" if low < 0 else "positive", max(abs(low), abs(high)))


def color_values(values: npt.ArrayLike, scale: Scale, is_dark: bool = False) -> Colors:
    """The color of each value, (…) → (…, 3), on a light or a dark page. NaN has the color of 0."""
    if scale.kind == "gray":
        return np.repeat(find_shades(values, scale)[..., None], 3, axis=-1)
    colors = _COLORS[is_dark, scale.kind == "neutral"]
    return colors[_find_steps(values, max(abs(scale.low), abs(scale.high)))]


def find_shades(values: npt.ArrayLike, scale: Scale) -> Colors:
    """The gray of each value, 0 at the low end of the scale and 255 at the high one."""
    low, high = scale.low, scale.high if scale.high > scale.low else scale.low + 1
    share = (np.nan_to_num(np.asarray(values, np.float64)) - low) * (SHADES / (high - low))
    shades: Colors = np.floor(np.nan_to_num(np.clip(share, 0, SHADES)) + 0.5).astype(np.uint8)
    return shades


def find_beyond(values: npt.ArrayLike, scale: Scale) -> tuple[CellMask, CellMask]:
    """Which values lie below the low end, and which above the high one."""
    exact = np.asarray(values, np.float64)
    slack = (scale.high - scale.low) * ROUNDING
    below: CellMask = exact < scale.low - slack
    above: CellMask = exact > scale.high + slack
    return below, above


def _find_steps(values: npt.ArrayLike, end: float) -> npt.NDArray[np.int64]:
    """The step of each value on a signed scale, 0 at −end and 510 at +end."""
    steps = np.nan_to_num(np.asarray(values, np.float64)) * (SHADES / (end or 1.0)) + SHADES
    return np.floor(np.nan_to_num(np.clip(steps, 0, 2 * SHADES), nan=SHADES) + 0.5).astype(np.int64)


def _make_colors(palette: Palette, is_neutral: bool) -> Colors:
    """The colors of the steps of a signed scale; a neutral one has no steps below 0, and there the color of 0."""
    share = np.arange(SHADES + 1)[:, None] / SHADES
    zero = np.array(palette.zero)
    ends = (palette.zero, palette.neutral) if is_neutral else (palette.negative, palette.positive)
    below, above = (zero + (np.array(end) - zero) * share for end in ends)
    return np.floor(np.concatenate([below[:0:-1], above]) + 0.5).astype(np.uint8)


_COLORS = {
    (is_dark, is_neutral): _make_colors(DARK_PALETTE if is_dark else LIGHT_PALETTE, is_neutral)
    for is_dark in (False, True)
    for is_neutral in (False, True)
}
