"""Identity colors: which weight it is, not its value.

`static/pure/tabs/sharing/identity-colors.js` has the same.
"""

from __future__ import annotations

import colorsys

MOST_EVEN = 12
"""Up to this many weights, hues lie as far apart as they can; more follow the golden angle."""
GOLDEN_ANGLE = 137.508


def fill_of_weight(index: int, count: int, is_dark: bool) -> str:
    """The color of a surface that carries the weight's name."""
    return _to_hex(index, count, 0.30 if is_dark else 0.84, 0.45 if is_dark else 0.75)


def line_of_weight(index: int, count: int, is_dark: bool) -> str:
    """The color of a line or a dot."""
    return _to_hex(index, count, 0.68 if is_dark else 0.36, 0.75 if is_dark else 0.80)


def _to_hex(index: int, count: int, light: float, strong: float) -> str:
    hue = int((index * 360 / count if count <= MOST_EVEN else index * GOLDEN_ANGLE % 360) + 0.5)
    red, green, blue = colorsys.hls_to_rgb(hue % 360 / 360, light, strong)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
