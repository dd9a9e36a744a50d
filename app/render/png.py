"""PNG files from colors."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from .color import Colors


def encode_png(colors: Colors, effort: int = 1) -> bytes:
    """Encode uint8 colors (H, W, 3) as a PNG. `effort` is the compression level, 0 to 9."""
    file = io.BytesIO()
    gray = (colors[..., 0] == colors[..., 1]).all() and (colors[..., 0] == colors[..., 2]).all()
    Image.fromarray(np.ascontiguousarray(colors[..., 0] if gray else colors)).save(file, "PNG", compress_level=effort)
    return file.getvalue()


def reduce_colors(data: bytes) -> bytes:
    """Reduce a PNG to a palette of 256 colors, about a third of the bytes."""
    file = io.BytesIO()
    quantized = Image.open(io.BytesIO(data)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    quantized.save(file, "PNG", optimize=True)
    return file.getvalue()


def make_data_url(colors: Colors) -> str:
    """Encode colors as a PNG in a `data:` URL."""
    return "data:image/png;base64," + base64.b64encode(encode_png(colors, effort=6)).decode("ascii")


def enlarge(colors: Colors, scale: int) -> Colors:
    """Repeat every pixel `scale` × `scale` times, without smoothing."""
    return colors.repeat(scale, axis=0).repeat(scale, axis=1)
