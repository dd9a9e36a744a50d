"""Camera raw files that look like TIFFs: DNG, NEF, CR2, ARW, PEF. Their first picture is at best a thumbnail."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from PIL.TiffImagePlugin import ImageFileDirectory_v2

from .image_formats import make_unsupported_error
from .unsupported_images import CAMERA_RAW

_SUBFILE, _COMPRESSION, _PHOTOMETRIC, _SUB_IFDS, _DNG_VERSION = 254, 259, 262, 330, 50_706
_REDUCED_RESOLUTION = 1
_SENSOR_PHOTOMETRICS = (32_803, 34_892)
"""Color filter array, and linear raw. Source: DNG 1.7, chapter 4."""
_CAMERA_COMPRESSIONS = (32_767, 32_770, 34_713, 65_535)
"""Compressions of Sony, Samsung, Nikon and Pentax. Source: libtiff's tiff.h, and ExifTool's table of tag 259."""
_CR2_SIGNATURE = b"CR"


def reject_camera_raw(data: bytes) -> None:
    """Raises UnreadableFile for a TIFF that is a camera raw file; ignores a TIFF whose tags cannot be read."""
    try:
        tags = _read_first_tags(data)
    except Exception:
        return
    if data[8:10] == _CR2_SIGNATURE or _is_sensor_data(tags):
        raise make_unsupported_error(CAMERA_RAW)


def _is_sensor_data(tags: Mapping[int, Any]) -> bool:
    if (
        _DNG_VERSION in tags
        or tags.get(_PHOTOMETRIC) in _SENSOR_PHOTOMETRICS
        or tags.get(_COMPRESSION) in _CAMERA_COMPRESSIONS
    ):
        return True
    subfile = tags.get(_SUBFILE, 0)
    return _SUB_IFDS in tags and isinstance(subfile, int) and bool(subfile & _REDUCED_RESOLUTION)


def _read_first_tags(data: bytes) -> Mapping[int, Any]:
    stream = io.BytesIO(data)
    header = stream.read(8)
    if 43 in header[2:4]:  # BigTIFF
        header += stream.read(8)
    tags = ImageFileDirectory_v2(header)
    stream.seek(tags.next)
    tags.load(stream)
    return dict(tags)
