"""Uploaded pictures, kept for a day in a folder that several server processes share."""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import math
import os
import re
import secrets
import string
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from .picture import Picture, Pixels

_ID = re.compile(r"[uw]-[a-z0-9]{20}")
_PICTURE, _FILE = "u-", "w-"
_LETTERS = string.ascii_lowercase + string.digits
_LEAST_BYTES = 4096  # a file takes a block of the disk, however small; so the number of files is bounded too
_HEAD_BYTES = 8192
_NO_SPACE = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))  # Windows has no quota error
_ABANDONED_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Stored:
    """What its owner learns of an upload. `expires` is in seconds since 1970; the token deletes it."""

    id: str
    delete_token: str
    height: int
    width: int
    notes: tuple[str, ...]
    expires: float


class StoreFull(Exception):
    """There is no room that may be made. `retry_after`: seconds until there will be."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"The picture store is full. Please try again in {math.ceil(retry_after / 60)} min.")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class _Entry:
    """A picture as a look at the folder shows it."""

    path: Path
    size: int
    used: float
    expires: float


class Store:
    """Pictures by random ids, in one file each: a line of JSON, then the pixels, and nothing else of a photo.

    Weights that somebody brought are kept in the same way, with their bytes in place of pixels.

    A picture leaves `seconds` after it came. Before that it leaves only to make room under `bytes_cap`, the
    least recently used first, and never within `protect_seconds` of its last use. A file's modification time
    is that last use, so that processes sharing the folder agree without talking.
    """

    def __init__(
        self,
        folder: Path,
        seconds: float = 24 * 3600,
        bytes_cap: int = 2_000_000_000,
        protect_seconds: float = 2 * 3600,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._seconds = seconds
        self._bytes_cap = bytes_cap
        self._protect_seconds = protect_seconds
        self._clock = clock
        self._expires: dict[str, float] = {}  # by file name, of files seen before: it never changes

    def put(self, pixels: Pixels, notes: tuple[str, ...] = ()) -> Stored:
        """Keeps uint8 pixels (height, width, 3). Raises StoreFull where no picture may go to make room."""
        now = self._clock()
        height, width, _ = pixels.shape
        stored = Stored(_new_id(_PICTURE), _new_token(), height, width, tuple(notes), now + self._seconds)
        self._keep(stored, {"height": height, "width": width}, np.ascontiguousarray(pixels).tobytes(), now)
        return stored

    def put_file(self, data: bytes) -> Stored:
        """Keeps bytes that are no picture, such as weights, as long as one. Raises StoreFull as `put` does."""
        now = self._clock()
        stored = Stored(_new_id(_FILE), _new_token(), 0, 0, (), now + self._seconds)
        self._keep(stored, {}, data, now)
        return stored

    def get_file(self, id: str) -> bytes | None:
        """The bytes of an id, which counts as using it; None for one that is unknown or has expired."""
        found = self._open(id) if id.startswith(_FILE) else None
        if found is None:
            return None
        try:
            with found[1] as file:
                data = file.read()
            self._use(id)
        except OSError:
            return None
        return data if len(data) == found[0].get("bytes") else None

    def get(self, id: str) -> Picture | None:
        """The picture of an id, which counts as using it; None for one that is unknown or has expired."""
        found = self._open(id) if id.startswith(_PICTURE) else None
        if found is None:
            return None
        head, file = found
        try:
            with file:
                pixels = np.frombuffer(file.read(), np.uint8).reshape(head["height"], head["width"], 3)
            self._use(id)
        except (OSError, ValueError, KeyError):
            return None
        return Picture.whole(pixels)

    def touch(self, id: str) -> bool:
        """Whether the picture of an id is still there; asking counts as using it."""
        found = self._open(id)
        if found is None:
            return False
        found[1].close()
        with suppress(OSError):
            self._use(id)
            return True
        return False

    def delete(self, id: str, token: str) -> bool:
        """Deletes an upload for whoever holds its token; False where there is none or the token is another."""
        found = self._open(id)
        if found is None:
            return False
        head, file = found
        file.close()
        if not hmac.compare_digest(str(head["token"]), _hash(token)):
            return False
        _unlink(self._folder / id)
        return True

    def purge(self) -> int:
        """Deletes what has expired or was abandoned half written. Returns the bytes that remain in use."""
        return sum(entry.size for entry in self._living(self._clock()))

    def _keep(self, stored: Stored, about: dict[str, int], body: bytes, now: float) -> None:
        head = {**about, "bytes": len(body), "expires": stored.expires, "token": _hash(stored.delete_token)}
        data = json.dumps(head).encode() + b"\n" + body
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._make_room(_on_disk(len(data)), now)
        self._write(stored.id, data, now)

    def _open(self, id: str) -> tuple[dict[str, Any], BinaryIO] | None:
        """The head of a living picture, and its file where the pixels begin."""
        if not _ID.fullmatch(id):
            return None
        with suppress(OSError, ValueError), ExitStack() as unless_found:
            file = unless_found.enter_context((self._folder / id).open("rb"))
            head = _read_head(file.readline(_HEAD_BYTES))
            if self._clock() < head["expires"]:
                unless_found.pop_all()
                return head, file
        return None

    def _use(self, id: str) -> None:
        now = self._clock()
        os.utime(self._folder / id, (now, now))

    def _write(self, id: str, data: bytes, now: float) -> None:
        """Writes beside and renames, so that no process ever sees half a picture."""
        handle, name = tempfile.mkstemp(prefix=".", dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.utime(name, (now, now))
            os.replace(name, self._folder / id)
        except OSError as error:
            _unlink(Path(name))
            if error.errno in _NO_SPACE:
                raise StoreFull(int(self._protect_seconds) or 60) from error
            raise

    def _make_room(self, size: int, now: float) -> None:
        entries = sorted(self._living(now), key=self._free_from)
        missing = sum(entry.size for entry in entries) + size - self._bytes_cap
        if missing <= 0:
            return
        leaving = list(_until(entries, missing))
        if sum(entry.size for entry in leaving) < missing:
            raise StoreFull(math.ceil(self._seconds))
        wait = self._free_from(leaving[-1]) - now
        if wait > 0:
            raise StoreFull(math.ceil(wait))
        for entry in leaving:
            with suppress(OSError):
                if entry.path.stat().st_mtime == entry.used:  # another process may have used it just now
                    _unlink(entry.path)

    def _free_from(self, entry: _Entry) -> float:
        """When an entry may go: some time after its last use, or when it has expired."""
        return min(entry.used + self._protect_seconds, entry.expires)

    def _living(self, now: float) -> Iterator[_Entry]:
        """The pictures in the folder; on the way, deletes those that have expired."""
        if not self._folder.is_dir():
            return
        with os.scandir(self._folder) as files:
            for file in files:
                with suppress(OSError):  # another process may have deleted it meanwhile
                    status = file.stat()
                    expires = self._expiry(file.name, Path(file.path), status.st_mtime)
                    if now < expires:
                        yield _Entry(Path(file.path), _on_disk(status.st_size), status.st_mtime, expires)
                    else:
                        self._expires.pop(file.name, None)
                        _unlink(Path(file.path))

    def _expiry(self, name: str, path: Path, modified: float) -> float:
        """When a file has to go. What is no picture, such as half a one, goes after an hour."""
        if name not in self._expires:
            if not _ID.fullmatch(name):
                return modified + _ABANDONED_SECONDS
            with path.open("rb") as file:
                try:
                    self._expires[name] = float(_read_head(file.readline(_HEAD_BYTES))["expires"])
                except ValueError:
                    return modified + _ABANDONED_SECONDS
        return self._expires[name]


def _until(entries: list[_Entry], missing: int) -> Iterator[_Entry]:
    """As many entries from the front as free the missing bytes."""
    for entry in entries:
        if missing <= 0:
            return
        missing -= entry.size
        yield entry


def _new_id(kind: str) -> str:
    return kind + "".join(secrets.choice(_LETTERS) for _ in range(20))


def _new_token() -> str:
    return secrets.token_urlsafe(24)


def _on_disk(size: int) -> int:
    return max(size, _LEAST_BYTES)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _read_head(line: bytes) -> dict[str, Any]:
    """The line before the pixels. Raises ValueError for a file that is none of ours."""
    head = json.loads(line)
    if not isinstance(head, dict) or not {"expires", "token"} <= head.keys():
        raise ValueError("this file holds no picture of the store")
    return head


def _unlink(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
