"""Colors into PNG files."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from .color import Colors


def encode_png(colors: Colors, effort: int = 1) -> bytes:
    """A PNG of uint8 colors (H, W, 3), one pixel a cell. `effort` 0 to 9 trades time for size."""
    file = io.BytesIO()
    gray = (colors[..., 0] == colors[..., 1]).all() and (colors[..., 0] == colors[..., 2]).all()
    Image.fromarray(np.ascontiguousarray(colors[..., 0] if gray else colors)).save(file, "PNG", compress_level=effort)
    return file.getvalue()


def reduce_colors(data: bytes) -> bytes:
    """A PNG in the 256 colors that suit it best: about a third of its bytes."""
    file = io.BytesIO()
    few = Image.open(io.BytesIO(data)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(file, "PNG", optimize=True)
    return file.getvalue()


def make_data_url(colors: Colors) -> str:
    """The PNG as an address that holds it, to put into a page."""
    return "data:image/png;base64," + base64.b64encode(encode_png(colors, effort=6)).decode("ascii")


def enlarge(colors: Colors, scale: int) -> Colors:
    """Every cell as a square of `scale` × `scale` pixels of one color: nothing is smoothed."""
    return colors.repeat(scale, axis=0).repeat(scale, axis=1)
