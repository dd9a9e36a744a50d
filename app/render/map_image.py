"""Maps of a stage as images."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ..core.trace.trace import Stage
from .color import Colors, Scale, to_photo_colors, to_signed_colors
from .png import encode_png, enlarge

Look = Literal["auto", "signed", "photo"]
Scope = Literal["map", "layer"]


def color_map(stage: Stage, map: int | None = None, look: str = "auto", scope: str = "map") -> Colors:
    """Color a map, (H, W) → (H, W, 3), one pixel per cell.

    Where `map` is None, three channels of a photo make one RGB image, else map 0 is shown. With the look `auto`
    photos are gray or RGB, and all other maps are signed.
    """
    colored = map is None and len(stage.output) == 3 and stage.info.colors == "photo" and look != "signed"
    channels = stage.output if colored else stage.output[map or 0][None]
    scale = choose_scale(stage, map or 0, look, scope)
    if is_signed(stage, look):
        return to_signed_colors(channels[0], scale)
    return to_photo_colors(channels, scale)


def is_signed(stage: Stage, look: str = "auto") -> bool:
    """Whether the colors are blue below 0 and red above."""
    return look == "signed" or (look == "auto" and stage.info.colors == "signed")


def choose_scale(stage: Stage, map: int = 0, look: str = "auto", scope: str = "map") -> Scale:
    """Choose the values at the two ends of the color scale.

    A photo keeps the black and white of the input. Other maps take the range of the map, or of all maps of the
    layer, over cells that read no padding; signed scales are symmetric around 0.
    """
    scale = stage.info.scale
    if scale and not is_signed(stage, look):
        return Scale(scale[0], scale[1])
    chosen = stage.ranges if scope == "layer" else [stage.ranges[map]]
    low, high = min(low for low, _ in chosen), max(high for _, high in chosen)
    if is_signed(stage, look):
        reach = max(abs(low), abs(high))
        return Scale(-reach, reach)
    return Scale(low, high)


def render_map_png(stage: Stage, map: int | None, look: str, scope: str, scale: int) -> bytes:
    """Render a map as a PNG, each cell a square of `scale` pixels."""
    return encode_png(enlarge(color_map(stage, map, look, scope), scale), effort=6)


def subsample(colors: Colors, side: int) -> Colors:
    """Keep every n-th pixel, so that at most `side` × `side` are left."""
    step = -(-max(colors.shape[:2]) // side)
    return np.ascontiguousarray(colors[::step, ::step])
