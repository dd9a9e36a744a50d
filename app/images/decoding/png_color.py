"""The colors of a PNG by its own chunks (gamma, chromaticities, code points), converted as browsers do.

Source: Portable Network Graphics (Third Edition), 11.3.2 and 13.14; ITU-T H.273 for the code points.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .levels import Curve

_SIGNATURE_BYTES = 8
_USUAL_GAMMA = 1 / 2.2
_GAMMA_TOLERANCE = 0.01
"""A gamma so close to the usual one means sRGB."""
_D65 = (0.3127, 0.3290)
_SRGB = (*_D65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
_PRIMARIES = {
    1: _SRGB,
    5: (*_D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: (*_D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    7: (*_D65, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    9: (*_D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    11: (0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    12: (*_D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
}
_EXPONENTS = {1: 2.4, 4: 2.2, 5: 2.8, 6: 2.4, 8: 1.0, 14: 2.4, 15: 2.4}
_SRGB_TRANSFER = 13
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PngColor:
    """The conversion to sRGB: a curve for each channel, None for sRGB's own, then a matrix of linear colors.

    `is_known` is False for colors that are not converted, such as those of high dynamic range, `overrides_profile` is
    True if an ICC profile in the same file is ignored.
    """

    curve: Curve | None = None
    matrix: Matrix | None = None
    is_known: bool = True
    overrides_profile: bool = False

    def convert_primaries(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Converts pixels (height, width, 3), to which the curve was applied, to sRGB's primaries."""
        if self.matrix is None:
            return pixels
        linear = decode_srgb(np.arange(256) / 255).astype(np.float32)[pixels] @ self.matrix.T.astype(np.float32)
        return np.floor(encode_srgb(np.clip(linear, 0, 1)) * 255 + 0.5).astype(np.uint8)


def read_png_color(data: bytes, info: Mapping[Any, Any]) -> PngColor:
    """The conversion by the first of a file's code points, ICC profile, sRGB chunk and gamma.

    `info` is Image.info. A profile is applied elsewhere.
    """
    points = next((body for kind, body in _read_chunks(data) if kind == b"cICP" and len(body) == 4), None)
    if points:
        return _make_from_code_points(points[0], points[1])
    gamma = info.get("gamma")
    if info.get("icc_profile") or "srgb" in info or not gamma or not 0.01 <= gamma <= 100:
        return PngColor()
    matrix = _compute_matrix_to_srgb(info.get("chromaticity", _SRGB))
    if matrix is None and abs(gamma - _USUAL_GAMMA) <= _GAMMA_TOLERANCE:
        return PngColor()
    return PngColor(_make_power_curve(1 / gamma), matrix)


def encode_srgb(linear: NDArray[Any]) -> NDArray[Any]:
    """Converts linear light to sRGB values, both from 0 to 1. Source: IEC 61966-2-1."""
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.power(linear, 1 / 2.4) - 0.055)


def decode_srgb(numbers: NDArray[Any]) -> NDArray[Any]:
    """The inverse of `encode_srgb`."""
    return np.where(numbers <= 0.04045, numbers / 12.92, np.power((numbers + 0.055) / 1.055, 2.4))


def _make_from_code_points(primaries: int, transfer: int) -> PngColor:
    if primaries not in _PRIMARIES or transfer not in (_SRGB_TRANSFER, *_EXPONENTS):
        return PngColor(is_known=False, overrides_profile=True)
    curve = _make_power_curve(_EXPONENTS[transfer]) if transfer in _EXPONENTS else None
    return PngColor(curve, _compute_matrix_to_srgb(_PRIMARIES[primaries]), overrides_profile=True)


def _make_power_curve(exponent: float) -> Curve:
    return lambda numbers: encode_srgb(np.power(numbers, exponent))


def _compute_matrix_to_srgb(chromaticities: Any) -> Matrix | None:
    """The matrix from linear colors of these primaries to sRGB's; None for sRGB's own and for invalid ones."""
    if len(chromaticities) != 8 or np.allclose(chromaticities, _SRGB, atol=0.002) or min(chromaticities[1::2]) <= 0:
        return None
    own = _compute_matrix_to_xyz(chromaticities)
    if own is None:
        return None
    matrix: Matrix = np.linalg.inv(_SRGB_TO_XYZ) @ _compute_white_adaptation(chromaticities[:2], _D65) @ own
    return matrix if np.isfinite(matrix).all() else None


def _compute_matrix_to_xyz(chromaticities: Any) -> Matrix | None:
    white, *primaries = (_to_xyz(x, y) for x, y in zip(chromaticities[::2], chromaticities[1::2], strict=True))
    columns = np.stack(primaries, axis=1)
    if abs(np.linalg.det(columns)) < 1e-6:
        return None
    scaled: Matrix = columns * np.linalg.solve(columns, white)
    return scaled


def _compute_white_adaptation(white: Any, to: tuple[float, float]) -> Matrix:
    """The matrix that adapts colors from one white to another. Source: Bradford transform, ICC.1:2022, annex E."""
    cones, new_cones = _BRADFORD @ _to_xyz(*white), _BRADFORD @ _to_xyz(*to)
    matrix: Matrix = np.linalg.inv(_BRADFORD) @ np.diag(new_cones / cones) @ _BRADFORD
    return matrix


def _to_xyz(x: float, y: float) -> Matrix:
    return np.array([x / y, 1.0, (1 - x - y) / y])


_SRGB_TO_XYZ = np.stack([_to_xyz(x, y) for x, y in zip(_SRGB[2::2], _SRGB[3::2], strict=True)], axis=1)
_SRGB_TO_XYZ = _SRGB_TO_XYZ * np.linalg.solve(_SRGB_TO_XYZ, _to_xyz(*_D65))


def _read_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks before the pixels, each as (kind, body); bodies of 64 bytes or more are left empty."""
    position = _SIGNATURE_BYTES
    while position + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        if kind == b"IDAT":
            return
        yield kind, data[position + 8 : position + 8 + length] if length < 64 else b""
        position += length + 12
