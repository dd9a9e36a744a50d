"""Maps of a stage as images."""

from __future__ import annotations

import numpy as np

from ..core.channel_choice import is_color_picture
from ..core.trace.color_scale import (
    Colors,
    Scale,
    choose_map_scale,
    color_values,
    read_coloring,
)
from ..core.trace.trace import Stage
from .color import to_photo_colors, to_picture_colors
from .png import encode_png, enlarge

HATCH_LINES = 6


def color_map(stage: Stage, map: int | None = None, look: str = "auto", scope: str = "map") -> Colors:
    """Color a map, (H, W) → (H, W, 3), one pixel per cell, as the page draws it.

    Where `map` is None, three channels of a photo make one RGB image, else map 0 is shown.
    """
    if map is None and shows_color_picture(stage, look):
        return to_picture_colors(stage.output, choose_scale(stage, 0, look, scope))
    return color_values(stage.output[map or 0], choose_scale(stage, map or 0, look, scope))


def shows_color_picture(stage: Stage, look: str = "auto") -> bool:
    """Whether three maps can be shown as red, green and blue of one picture."""
    return is_color_picture(len(stage.output), stage.info.colors, look)


def choose_scale(stage: Stage, map: int = 0, look: str = "auto", scope: str = "map") -> Scale:
    """Choose the values at the two ends of the color scale, by the rules of the core."""
    return choose_map_scale(read_coloring(stage), map, look, scope)


def render_map_png(stage: Stage, map: int | None, look: str, scope: str, scale: int) -> bytes:
    """Render a map as a PNG, each cell a square of `scale` pixels.

    Cells of a photo darker than black are blue, cells lighter than white are red.
    """
    ends = choose_scale(stage, map or 0, look, scope)
    if ends.kind != "gray":
        colors = color_values(stage.output[map or 0], ends)
    else:
        is_color = map is None and shows_color_picture(stage, look)
        colors = to_photo_colors(stage.output if is_color else stage.output[map or 0][None], ends)
    return encode_png(enlarge(colors, scale), effort=6)


def hatch_thumbnail(colors: Colors, written: int, side: int) -> Colors:
    """Make a thumbnail of at most `side` × `side` pixels; cells after the first `written` are hatched and empty.

    With such cells its fourth component is the opacity.
    """
    if written >= colors.shape[0] * colors.shape[1]:
        return subsample(colors, side)
    opacity = np.where(np.arange(colors.shape[0] * colors.shape[1]) < written, 255, 0).astype(np.uint8)
    small = subsample(np.dstack([colors, opacity.reshape(colors.shape[:2])]), side)
    step = max(3, max(small.shape[:2]) // HATCH_LINES)
    diagonals = np.subtract.outer(np.arange(small.shape[0]), np.arange(small.shape[1])) % step == 0
    is_empty = small[..., 3] == 0
    small[is_empty] = 0  # no color of a cell to come is left in the file
    small[diagonals & is_empty] = (128, 128, 128, 128)
    return small


def subsample(colors: Colors, side: int) -> Colors:
    """Keep every n-th pixel, so that at most `side` × `side` are left."""
    step = -(-max(colors.shape[:2]) // side)
    return np.ascontiguousarray(colors[::step, ::step])
