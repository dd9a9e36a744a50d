"""BMPs whose colours lie in unusual bits, such as 10 a channel, or 4: rewritten so that Pillow reads them."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

_FILE_HEADER_BYTES = 14
_INFO_HEADER_BYTES, _V2_HEADER_BYTES, _V4_HEADER_BYTES = 40, 52, 108
"""Sizes of heads: the shortest with masks behind it, the longest without a mask of opacity, that of version 4."""
_BITFIELDS, _ALPHA_BITFIELDS = 3, 6
_MASKS_OFFSET = 54
"""Where the masks stand, within the head or behind a short one."""
_STANDARD_MASKS = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
_READ_BY_PILLOW = {
    32: ((0xFF0000, 0xFF00, 0xFF, 0), (0xFF0000, 0xFF00, 0xFF, 0xFF000000), (0xFF, 0xFF00, 0xFF0000, 0xFF000000)),
    16: ((0xF800, 0x7E0, 0x1F, 0), (0x7C00, 0x3E0, 0x1F, 0)),
}


def rewrite_with_standard_masks(data: bytes, most_pixels: int) -> bytes:
    """The same picture with 8 bits a channel in the usual places; the file itself where they are, or it is damaged."""
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
    there = min(abs(height), max(0, len(data) - start) // stride)  # a file that ends early stays so
    body = np.frombuffer(data, np.uint8, there * stride, start if there else 0).reshape(there, stride)
    numbers = np.ascontiguousarray(body[:, : width * bits // 8]).view(f"<u{bits // 8}")
    blue_first = [_extract_channel(numbers, mask) for mask in (masks[2], masks[1], masks[0], masks[3])]
    return _encode_bmp(width, height, np.stack(blue_first, axis=2).tobytes(), bool(masks[3]))


def _read_masks(data: bytes, count: int) -> tuple[int, ...]:
    return (*struct.unpack_from(f"<{count}I", data, _MASKS_OFFSET), 0)[:4]


def _encode_bmp(width: int, height: int, pixels: bytes, opacity: bool) -> bytes:
    """A file with bytes of blue, green, red and opacity; its height is below 0 where the first row is the upper one."""
    masks = (*_STANDARD_MASKS[:3], _STANDARD_MASKS[3] if opacity else 0)
    head = struct.pack("<IiiHHI20x4I", _V4_HEADER_BYTES, width, height, 1, 32, _BITFIELDS, *masks).ljust(
        _V4_HEADER_BYTES, b"\0"
    )
    start = _FILE_HEADER_BYTES + _V4_HEADER_BYTES
    return struct.pack("<2sIHHI", b"BM", start + len(pixels), 0, 0, start) + head + pixels


def _extract_channel(numbers: NDArray[np.unsignedinteger], mask: int) -> NDArray[np.uint8]:
    """The bits under a mask, from none to all as 0 to 255."""
    if not mask:
        return np.zeros(numbers.shape, np.uint8)
    shift = (mask & -mask).bit_length() - 1
    most = mask >> shift
    found = (numbers & numbers.dtype.type(mask)) >> numbers.dtype.type(shift)
    rounded: NDArray[np.uint8] = np.floor(found / most * 255 + 0.5).astype(np.uint8)
    return rounded
