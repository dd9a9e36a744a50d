"""Kinds of damage to a file of the store, for the tests that read it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

Damage = Callable[[Path], None]
LONG_LINE = 8192


def says(**values: Any) -> Damage:
    """Changes values of the header."""

    def damage(path: Path) -> None:
        head, _, body = path.read_bytes().partition(b"\n")
        path.write_bytes(json.dumps({**json.loads(head), **values}).encode() + b"\n" + body)

    return damage


def without(name: str) -> Damage:
    """Removes a value of the header."""

    def damage(path: Path) -> None:
        head, _, body = path.read_bytes().partition(b"\n")
        said = {key: value for key, value in json.loads(head).items() if key != name}
        path.write_bytes(json.dumps(said).encode() + b"\n" + body)

    return damage


def head_is(text: bytes) -> Damage:
    """Replaces the header."""

    def damage(path: Path) -> None:
        path.write_bytes(text + b"\n" + path.read_bytes().partition(b"\n")[2])

    return damage


def whole_is(change: Callable[[bytes], bytes]) -> Damage:
    """Changes the bytes of the file."""
    return lambda path: void(path.write_bytes(change(path.read_bytes())))


def in_its_place(make: Callable[[Path], object]) -> Damage:
    """Puts something that is not a file in place of the file."""

    def damage(path: Path) -> None:
        path.unlink()
        make(path)

    return damage


def void(_: object) -> None:
    """Does nothing."""


def bytes_changed(data: bytes) -> bytes:
    """The same number of bytes, one of them changed."""
    return data[:-1] + bytes([data[-1] ^ 1])


DAMAGES: dict[str, Damage] = {
    "empty": whole_is(lambda data: b""),
    "cut in the head": whole_is(lambda data: data[:20]),
    "cut in the bytes": whole_is(lambda data: data[:-1]),
    "without bytes": whole_is(lambda data: data.partition(b"\n")[0] + b"\n"),
    "longer": whole_is(lambda data: data + b"more"),
    "other bytes": whole_is(bytes_changed),
    "zeros": whole_is(lambda data: bytes(len(data))),
    "no end of the line": whole_is(lambda data: data.replace(b"\n", b" ")),
    "no UTF-8": head_is(b'{"expires": "\xff\xfe"}'),
    "UTF-16": whole_is(lambda data: data.decode("latin-1").encode("utf-16")),
    "no JSON": head_is(b"not JSON"),
    "a list": head_is(b"[]"),
    "a number": head_is(b"1"),
    "null": head_is(b"null"),
    "deep": head_is(b"[" * 8000),
    "a long head": says(more="x" * LONG_LINE),
    "a number of many digits": head_is(b'{"expires": ' + b"9" * 5000 + b"}"),
    **{
        f"expires {value!r}": says(expires=value)
        for value in ("9999999999", "", None, [], {}, True, False, -1, 0, 1e300, 10**400, 1e12, 4e9)
    },
    **{f"expires {value}": says(expires=float(value)) for value in ("nan", "inf", "-inf")},
    **{f"token {value!r}": says(token=value) for value in (1, None, [], "", "short", "é" * 64, "g" * 64)},
    **{f"bytes {value!r}": says(bytes=value) for value in ("6000", None, -1, 1.5, True, 10**12, 10**30)},
    **{f"crc {value!r}": says(crc=value) for value in ("1", [], -1, 1.5, True, 2)},
    **{f"no {name}": without(name) for name in ("expires", "token", "bytes")},
    "a folder": in_its_place(lambda path: path.mkdir()),
    "a link to nowhere": in_its_place(lambda path: path.symlink_to("nowhere")),
    "a link to itself": in_its_place(lambda path: path.symlink_to(path.name)),
    "a link to a device": in_its_place(lambda path: path.symlink_to("/dev/zero")),
    **({"a pipe": in_its_place(os.mkfifo)} if hasattr(os, "mkfifo") else {}),
}
"""Damage to any file."""

SEEN_WHEN_READ = ("other bytes", "crc 2")
"""Damage that is found only when all bytes are read."""
OF_PICTURES: dict[str, Damage] = {
    **{
        f"{side} {value!r}": says(**{side: value})
        for side in ("height", "width")
        for value in ("40", None, [], True, 0, -1, -40, 1.5, 41, 10**30)
    },
    "no height": without("height"),
    "both sides negative": says(height=-40, width=-50),
    "no sides": says(height=0, width=0),
}
"""Damage to the header of a picture."""
