"""PNG files from colors."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from .color import Colors


def encode_png(colors: Colors, effort: int = 1) -> bytes:
    """Encode uint8 colors (H, W, 3), or (H, W, 4) with opacity, as a PNG. `effort` is the compression, 0 to 9."""
    file = io.BytesIO()
    gray = (
        colors.shape[2] == 3 and (colors[..., 0] == colors[..., 1]).all() and (colors[..., 0] == colors[..., 2]).all()
    )
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


def make_data_urls(images: Sequence[Colors]) -> list[str]:
    """Encode images as `make_data_url` does; of equal ones only the first is encoded."""
    keys = [(image.shape, image.tobytes()) for image in images]
    urls = {key: make_data_url(image) for key, image in dict(zip(keys, images, strict=True)).items()}
    return [urls[key] for key in keys]


def enlarge(colors: Colors, scale: int) -> Colors:
    """Repeat every pixel `scale` × `scale` times, without smoothing."""
    return colors.repeat(scale, axis=0).repeat(scale, axis=1)
