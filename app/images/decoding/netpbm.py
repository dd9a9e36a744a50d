"""The uncompressed formats of Netpbm: PBM, PGM, PPM, PAM and PFM.

Source: the manual pages pbm(5), pgm(5), ppm(5) and pam(5) of Netpbm; PFM as Debevec's HDRShop writes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIGNATURE = re.compile(rb"P[1-7fF][\s#]")
_SEPARATOR = rb"(?:\s|#[^\r\n]*[\r\n])+"
_COMMENT = re.compile(rb"#[^\r\n]*")
_PAM_LINE = re.compile(rb"(?:#[^\n]*|[ \t]*([A-Z]+)[ \t]*([^\n]*?)[ \t\r]*)?\n")
_PAM_KEYS = (b"WIDTH", b"HEIGHT", b"DEPTH", b"MAXVAL")
_MAX_VALUE = 65_535
_MAX_HEADER_BYTES = 10_000
_COLOR_KINDS = b"36F"


@dataclass(frozen=True, slots=True)
class PnmHeader:
    """The header. The pixels begin at `start`, `maximum` is the value of white, 1 for floats.

    `kind` is the character after the P, `byte_order` a character of numpy's.
    """

    kind: bytes
    width: int
    height: int
    channels: int
    maximum: int
    start: int
    byte_order: str = ">"


def read_pnm_header(data: bytes) -> PnmHeader:
    """The header of a file. Raises ValueError for an invalid one."""
    kind = data[1:2]
    if kind == b"7":
        return _read_pam_header(data[:_MAX_HEADER_BYTES])
    is_float, is_bits = kind in b"fF", kind in b"14"
    last = rb"([-+.\deE]+)" if is_float else rb"(\d+)"
    numbers = (_SEPARATOR + rb"(\d+)") * 2 + (b"" if is_bits else _SEPARATOR + last)
    found = re.match(rb"P." + numbers + rb"(?:\s|#[^\r\n]*[\r\n])", data[:_MAX_HEADER_BYTES])
    if not found:
        raise ValueError("no header")
    maximum = 1 if is_float or is_bits else int(found[3])
    byte_order = "<" if is_float and float(found[3]) < 0 else ">"
    channels = 3 if kind in _COLOR_KINDS else 1
    return _check_header(PnmHeader(kind, int(found[1]), int(found[2]), channels, maximum, found.end(), byte_order))


def read_pnm_values(header: PnmHeader, data: bytes) -> tuple[NDArray[Any], bool]:
    """The values, (height, width, channels), and whether the file is truncated; missing values are 0.

    Raises ValueError if there are none, or if they are not numbers.
    """
    available = _read_available_values(header, data)
    count = header.height * header.width * header.channels
    if not available.size:
        raise ValueError("no pixels")
    is_truncated = available.size < count
    if is_truncated:
        available = np.concatenate([available, np.zeros(count - available.size, available.dtype)])
    values = available[:count].reshape(header.height, header.width, header.channels)
    if header.kind in b"fF":
        return values[::-1], is_truncated
    return np.minimum(values, header.maximum), is_truncated


def _read_pam_header(data: bytes) -> PnmHeader:
    fields: dict[bytes, bytes] = {}
    position = data.index(b"\n") + 1
    while line := _PAM_LINE.match(data, position):
        position = line.end()
        if line[1] == b"ENDHDR":
            width, height, channels, maximum = (int(fields[key]) for key in _PAM_KEYS)
            return _check_header(PnmHeader(b"7", width, height, channels, maximum, position))
        if line[1]:
            fields[line[1]] = line[2]
    raise ValueError("no end of the header")


def _check_header(header: PnmHeader) -> PnmHeader:
    if header.width < 1 or header.height < 1:
        raise ValueError("no pixels")
    if not 1 <= header.maximum <= _MAX_VALUE or not 1 <= header.channels <= 4:
        raise ValueError("invalid maximum or channels")
    return header


def _read_available_values(header: PnmHeader, data: bytes) -> NDArray[Any]:
    """The values that the file has, in its order."""
    if header.kind in b"123":
        return _parse_plain_text(header, data[header.start :])
    if header.kind == b"4":
        return _unpack_bits(header, np.frombuffer(data, np.uint8, offset=header.start))
    size, kind = (4, "f4") if header.kind in b"fF" else (1, "u1") if header.maximum < 256 else (2, "u2")
    available = (len(data) - header.start) // size
    count = min(available, header.height * header.width * header.channels)
    values: NDArray[Any] = np.frombuffer(data, f"{header.byte_order}{kind}", count, header.start)
    return values.astype(values.dtype.newbyteorder("="), copy=False)


def _unpack_bits(header: PnmHeader, body: NDArray[np.uint8]) -> NDArray[Any]:
    """One bit a pixel, 1 for black; each row begins at a whole byte."""
    row_bytes = (header.width + 7) // 8
    rows = min(header.height, len(body) // row_bytes)
    bits = np.unpackbits(body[: rows * row_bytes].reshape(rows, row_bytes), axis=1, count=header.width)
    return 1 - bits.ravel()


def _parse_plain_text(header: PnmHeader, body: bytes) -> NDArray[Any]:
    """Decimal numbers; single bits, 1 for black, need no space between them."""
    text = _COMMENT.sub(b"", body)
    if header.kind == b"1":
        digits: NDArray[Any] = np.frombuffer(text, np.uint8)
        digits = digits[(digits == ord("0")) | (digits == ord("1"))]
        bits: NDArray[Any] = ord("1") - digits
        return bits
    count = header.height * header.width * header.channels
    values = np.array(text.split(maxsplit=count)[:count], dtype=np.bytes_).astype(np.int64)
    return np.clip(values, 0, _MAX_VALUE).astype(np.uint16)
