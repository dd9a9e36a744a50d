"""Uploaded pictures, kept for a day in a folder that several server processes share."""

from __future__ import annotations

import errno
import hashlib
import hmac
import os
import secrets
import string
import tempfile
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from ..picture import Picture, Pixels
from .file_header import FileHeader
from .free_space import FreeSpace, StoreFull, StoreLimits, StoreUsage
from .stored_file import FILE_PREFIX, PICTURE_PREFIX, OpenStoredFile, open_stored_file, read_file_header

__all__ = ["Store", "StoreFull", "StoreState", "UploadReceipt"]

StoreState = Literal["ok", "full", "missing", "read-only", "failing"]
"""What keeps a store from taking pictures, if anything."""
MAX_STAMP_SECONDS = 60.0
_PROBE_FILE = ".trial"
_ID_CHARACTERS = string.ascii_lowercase + string.digits
_NO_SPACE_ERRORS = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))  # Windows has no quota error
_READ_ONLY_ERRORS = (errno.EROFS, errno.EACCES, errno.EPERM)


@dataclass(frozen=True, slots=True)
class UploadReceipt:
    """What its owner learns of an upload. `expires` is in seconds since 1970; the token deletes it."""

    id: str
    delete_token: str
    height: int
    width: int
    notes: tuple[str, ...]
    expires: float


class Store:
    """Pictures by random ids, in one file each: a line of JSON, then the pixels, and nothing else of a photo.

    Weights that somebody brought are kept in the same way, with their bytes in place of pixels.

    A picture leaves `seconds` after it came. Before that it leaves only to make room under `bytes_cap`, the
    least recently used first, and never within `protect_seconds` of its last use. A file's modification time
    is that last use, so that processes sharing the folder agree without talking. It is stamped once a minute at
    most, or once in a sixtieth of `protect_seconds` where that is less, so that looking rarely writes.

    Whatever is damaged or cannot be read counts as not here. What is here is shown even where nothing can be written.
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
        self._stamp_seconds = min(MAX_STAMP_SECONDS, protect_seconds / 60)
        self._clock = clock
        self._room = FreeSpace(
            folder, StoreLimits(bytes_cap, seconds, protect_seconds), partial(read_file_header, folder)
        )

    def put(self, pixels: Pixels, notes: tuple[str, ...] = ()) -> UploadReceipt:
        """Keeps uint8 pixels (height, width, 3). Raises StoreFull where no picture may go to make room, or OSError."""
        height, width, _ = pixels.shape
        body = np.ascontiguousarray(pixels).tobytes()
        return self._keep(PICTURE_PREFIX, body, height, width, tuple(notes))

    def put_file(self, data: bytes) -> UploadReceipt:
        """Keeps bytes that are no picture, such as weights, as long as one. Raises as `put` does."""
        return self._keep(FILE_PREFIX, data)

    def get(self, id: str) -> Picture | None:
        """The picture of an id, which counts as using it; None for one that is unknown, damaged or has expired."""
        found = self._read(id) if id.startswith(PICTURE_PREFIX) else None
        if found is None:
            return None
        head, body = found
        return Picture.whole(np.frombuffer(body, np.uint8).reshape(head.height, head.width, 3), head.notes)

    def get_file(self, id: str) -> bytes | None:
        """The bytes of an id, which counts as using it; None for one that is unknown, damaged or has expired."""
        found = self._read(id) if id.startswith(FILE_PREFIX) else None
        return found[1] if found else None

    def touch(self, id: str) -> bool:
        """Whether what an id stands for is still there; asking counts as using it."""
        kept = self._open(id)
        if kept is None:
            return False
        with kept.file:
            return self._use(id, kept.used)

    def delete(self, id: str, token: str) -> bool:
        """Deletes an upload for whoever holds its token; False where there is none or the token is another.

        Raises OSError where the folder cannot be written.
        """
        kept = self._open(id)
        if kept is None:
            return False
        kept.file.close()
        if not hmac.compare_digest(kept.head.token, _hash_token(token)):
            return False
        (self._folder / id).unlink(missing_ok=True)
        return True

    def purge(self) -> int:
        """Deletes what has expired or was abandoned half written. Returns the bytes that remain in use."""
        return self.used().bytes

    def used(self) -> StoreUsage:
        """What is in the store, after a purge."""
        return self._room.used(self._clock())

    def state(self, size: int) -> StoreState:
        """Whether something of so many bytes could be put now, and if not, why. A tiny file is written and removed."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            return "full" if error.errno in _NO_SPACE_ERRORS else "missing"
        now = self._clock()
        try:
            self._write(_PROBE_FILE, b"-", now)
            (self._folder / _PROBE_FILE).unlink(missing_ok=True)  # another process may have tried in the same moment
            self._room.check(size, now)
        except StoreFull:
            return "full"
        except OSError as error:
            return "read-only" if error.errno in _READ_ONLY_ERRORS else "failing"
        return "ok"

    def _keep(
        self, kind: str, body: bytes, height: int = 0, width: int = 0, notes: tuple[str, ...] = ()
    ) -> UploadReceipt:
        now = self._clock()
        stored = UploadReceipt(_make_id(kind), _make_token(), height, width, notes, now + self._seconds)
        head = FileHeader(
            len(body), stored.expires, _hash_token(stored.delete_token), height, width, zlib.crc32(body), notes
        )
        data = head.line() + body
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._room.make(len(data), now)
        self._write(stored.id, data, now)
        return stored

    def _read(self, id: str) -> tuple[FileHeader, bytes] | None:
        """The head and the bytes of an id, as they were kept."""
        kept = self._open(id)
        if kept is None:
            return None
        with suppress(OSError, MemoryError), kept.file:
            body = kept.file.read(kept.head.length)
            if kept.head.fits(body) and self._use(id, kept.used):
                return kept.head, body
        return None

    def _open(self, id: str) -> OpenStoredFile | None:
        return open_stored_file(self._folder, id, self._clock())

    def _use(self, id: str, used: float) -> bool:
        """Stamps the time of a use, if the last stamp is old; False where the file has just been deleted."""
        now = self._clock()
        if abs(now - used) < self._stamp_seconds:
            return True
        try:
            os.utime(self._folder / id, (now, now))
        except FileNotFoundError:
            return False
        except OSError:  # a folder that cannot be written still has its pictures
            pass
        return True

    def _write(self, name: str, data: bytes, now: float) -> None:
        """Writes beside and renames, so that no process ever sees half a picture. Raises StoreFull, or OSError."""
        beside = None
        try:
            handle, beside = tempfile.mkstemp(prefix=".", dir=self._folder)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.utime(beside, (now, now))
            os.replace(beside, self._folder / name)
        except OSError as error:
            if beside is not None:
                _unlink(Path(beside))
            if error.errno in _NO_SPACE_ERRORS:
                raise StoreFull(self._room.wait) from error
            raise


def _make_id(kind: str) -> str:
    return kind + "".join(secrets.choice(_ID_CHARACTERS) for _ in range(20))


def _make_token() -> str:
    return secrets.token_urlsafe(24)


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _unlink(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
