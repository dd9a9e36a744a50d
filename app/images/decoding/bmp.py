"""BMPs with unusual channel masks, such as 10 or 4 bits a channel, rewritten so that Pillow can read them."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

_FILE_HEADER_BYTES = 14
_INFO_HEADER_BYTES, _V2_HEADER_BYTES, _V4_HEADER_BYTES = 40, 52, 108
"""Sizes of headers: the shortest with masks after it, the longest without an alpha mask, and that of version 4."""
_BITFIELDS, _ALPHA_BITFIELDS = 3, 6
_MASKS_OFFSET = 54
"""Where the masks begin, inside the header or after a short one."""
_STANDARD_MASKS = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
_READ_BY_PILLOW = {
    32: ((0xFF0000, 0xFF00, 0xFF, 0), (0xFF0000, 0xFF00, 0xFF, 0xFF000000), (0xFF, 0xFF00, 0xFF0000, 0xFF000000)),
    16: ((0xF800, 0x7E0, 0x1F, 0), (0x7C00, 0x3E0, 0x1F, 0)),
}


def rewrite_with_standard_masks(data: bytes, most_pixels: int) -> bytes:
    """The picture with 8 bits a channel in the standard bits; the same bytes if Pillow reads them, or if damaged."""
    try:
        (start,) = struct.unpack_from("<I", data, _FILE_HEADER_BYTES - 4)
        size, width, height, _, bits, kind = struct.unpack_from("<IiiHHI", data, _FILE_HEADER_BYTES)
        masks = _read_masks(data, 4 if size > _V2_HEADER_BYTES or kind == _ALPHA_BITFIELDS else 3)
    except struct.error:
        return data
    if kind not in (_BITFIELDS, _ALPHA_BITFIELDS) or masks in _READ_BY_PILLOW.get(bits, (masks,)):
        return data
    if size < _INFO_HEADER_BYTES or not (width > 0 and 0 < width * abs(height) <= most_pixels):
        return data
    stride = -(-width * bits // 32) * 4
    rows = min(abs(height), max(0, len(data) - start) // stride)  # a truncated file stays truncated
    body = np.frombuffer(data, np.uint8, rows * stride, start if rows else 0).reshape(rows, stride)
    numbers = np.ascontiguousarray(body[:, : width * bits // 8]).view(f"<u{bits // 8}")
    blue_first = [_extract_channel(numbers, mask) for mask in (masks[2], masks[1], masks[0], masks[3])]
    return _encode_bmp(width, height, np.stack(blue_first, axis=2).tobytes(), bool(masks[3]))


def _read_masks(data: bytes, count: int) -> tuple[int, ...]:
    return (*struct.unpack_from(f"<{count}I", data, _MASKS_OFFSET), 0)[:4]


def _encode_bmp(width: int, height: int, pixels: bytes, has_alpha: bool) -> bytes:
    """A file with bytes of blue, green, red and alpha; a height below 0 means that the top row comes first."""
    masks = (*_STANDARD_MASKS[:3], _STANDARD_MASKS[3] if has_alpha else 0)
    header = struct.pack("<IiiHHI20x4I", _V4_HEADER_BYTES, width, height, 1, 32, _BITFIELDS, *masks).ljust(
        _V4_HEADER_BYTES, b"\0"
    )
    start = _FILE_HEADER_BYTES + _V4_HEADER_BYTES
    return struct.pack("<2sIHHI", b"BM", start + len(pixels), 0, 0, start) + header + pixels


def _extract_channel(numbers: NDArray[np.unsignedinteger], mask: int) -> NDArray[np.uint8]:
    """The channel under a mask, scaled to 0 to 255."""
    if not mask:
        return np.zeros(numbers.shape, np.uint8)
    shift = (mask & -mask).bit_length() - 1
    maximum = mask >> shift
    values = (numbers & numbers.dtype.type(mask)) >> numbers.dtype.type(shift)
    rounded: NDArray[np.uint8] = np.floor(values / maximum * 255 + 0.5).astype(np.uint8)
    return rounded
