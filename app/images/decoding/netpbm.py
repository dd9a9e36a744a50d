"""Netpbm's plain formats: PBM, PGM, PPM, PAM and PFM, whose pixels stand in the file as they are.

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
    """What stands before the pixels, which begin at `start`. `most` is the number that means white.

    `kind` is the sign after the P. In floats, `most` is 1 and `order` is as numpy writes it.
    """

    kind: bytes
    width: int
    height: int
    channels: int
    most: int
    start: int
    order: str = ">"


def read_pnm_header(data: bytes) -> PnmHeader:
    """The head of a file. Raises ValueError for one that is none."""
    kind = data[1:2]
    if kind == b"7":
        return _read_pam_header(data[:_MAX_HEADER_BYTES])
    is_float, is_bits = kind in b"fF", kind in b"14"
    last = rb"([-+.\deE]+)" if is_float else rb"(\d+)"
    numbers = (_SEPARATOR + rb"(\d+)") * 2 + (b"" if is_bits else _SEPARATOR + last)
    found = re.match(rb"P." + numbers + rb"(?:\s|#[^\r\n]*[\r\n])", data[:_MAX_HEADER_BYTES])
    if not found:
        raise ValueError("no head")
    most = 1 if is_float or is_bits else int(found[3])
    order = "<" if is_float and float(found[3]) < 0 else ">"
    channels = 3 if kind in _COLOR_KINDS else 1
    return _check_header(PnmHeader(kind, int(found[1]), int(found[2]), channels, most, found.end(), order))


def read_pnm_values(head: PnmHeader, data: bytes) -> tuple[NDArray[Any], bool]:
    """The numbers, (height, width, channels), and whether the file ends before the last; what is missing is 0.

    Raises ValueError where there is none at all, or what stands there are no numbers.
    """
    found = _read_available_values(head, data)
    count = head.height * head.width * head.channels
    if not found.size:
        raise ValueError("no pixels")
    missing = found.size < count
    if missing:
        found = np.concatenate([found, np.zeros(count - found.size, found.dtype)])
    values = found[:count].reshape(head.height, head.width, head.channels)
    if head.kind in b"fF":
        return values[::-1], missing
    return np.minimum(values, head.most), missing


def _read_pam_header(data: bytes) -> PnmHeader:
    said: dict[bytes, bytes] = {}
    position = data.index(b"\n") + 1
    while line := _PAM_LINE.match(data, position):
        position = line.end()
        if line[1] == b"ENDHDR":
            width, height, channels, most = (int(said[key]) for key in _PAM_KEYS)
            return _check_header(PnmHeader(b"7", width, height, channels, most, position))
        if line[1]:
            said[line[1]] = line[2]
    raise ValueError("no end of the head")


def _check_header(head: PnmHeader) -> PnmHeader:
    if head.width < 1 or head.height < 1 or not 1 <= head.most <= _MAX_VALUE or not 1 <= head.channels <= 4:
        raise ValueError("no picture")
    return head


def _read_available_values(head: PnmHeader, data: bytes) -> NDArray[Any]:
    """As many numbers as are there, in the order of the file."""
    if head.kind in b"123":
        return _parse_plain_text(head, data[head.start :])
    if head.kind == b"4":
        return _unpack_bits(head, np.frombuffer(data, np.uint8, offset=head.start))
    size, kind = (4, "f4") if head.kind in b"fF" else (1, "u1") if head.most < 256 else (2, "u2")
    whole = (len(data) - head.start) // size
    wanted = min(whole, head.height * head.width * head.channels)
    found: NDArray[Any] = np.frombuffer(data, f"{head.order}{kind}", wanted, head.start)
    return found.astype(found.dtype.newbyteorder("="), copy=False)


def _unpack_bits(head: PnmHeader, body: NDArray[np.uint8]) -> NDArray[Any]:
    """One bit a pixel, 1 for black; each row begins with a byte of its own."""
    across = (head.width + 7) // 8
    rows = min(head.height, len(body) // across)
    bits = np.unpackbits(body[: rows * across].reshape(rows, across), axis=1, count=head.width)
    return 1 - bits.ravel()


def _parse_plain_text(head: PnmHeader, body: bytes) -> NDArray[Any]:
    """Numbers as people write them; of single bits, which are 1 for black, any two may stand together."""
    text = _COMMENT.sub(b"", body)
    if head.kind == b"1":
        digits: NDArray[Any] = np.frombuffer(text, np.uint8)
        digits = digits[(digits == ord("0")) | (digits == ord("1"))]
        bits: NDArray[Any] = ord("1") - digits
        return bits
    count = head.height * head.width * head.channels
    found = np.array(text.split(maxsplit=count)[:count], dtype=np.bytes_).astype(np.int64)
    return np.clip(found, 0, _MAX_VALUE).astype(np.uint16)
