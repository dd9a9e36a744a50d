"""The space used in the store's folder, and the files that are deleted to free some."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from ...core.texts import make_text
from .file_header import MAX_LIFETIME_SECONDS, FileHeader

MIN_FILE_BYTES = 4096
"""The space that a small file counts for, a block of the disk; this limits the number of files too."""
DAMAGED_FILE_SECONDS = 3600.0
RESERVATIONS = 16
"""A process reserves one part in so many of the free space."""
RESERVATION_SECONDS = 60.0


class StoreFull(Exception):
    """No space can be freed. `retry_after` is the number of seconds until some can."""

    def __init__(self, retry_after: int) -> None:
        self.text = make_text("store_full_now", minutes=math.ceil(retry_after / 60))
        super().__init__(str(self.text))
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class StoreLimits:
    """The limits of the folder: its bytes, the lifetime of a file, and the time after its last use that it is safe."""

    bytes_cap: int
    seconds: float
    protect_seconds: float


@dataclass(frozen=True, slots=True)
class StoreUsage:
    """The bytes in the folder, as they count against the cap, and the number of complete files."""

    bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class _FolderFile:
    """A file as a scan of the folder finds it; `used` is the time of its last use."""

    name: str
    size: int
    used: float
    expires: float


@dataclass(slots=True)
class _Reservation:
    """Bytes that may be written without another scan of the folder, between two times."""

    bytes_left: int = 0
    start: float = 0.0
    end: float = 0.0

    def covers(self, size: int, now: float) -> bool:
        return size <= self.bytes_left and self.start <= now < self.end


class FreeSpace:
    """The free space of a folder that several processes share: all files together stay within the cap.

    A scan of the folder costs a `stat` of each file, so not every upload makes one. After a scan that found `free`
    bytes, this process may write a sixteenth of them, within a minute, before it scans again. So sixteen processes that
    scan at the same moment stay within the cap together, and each further one can exceed it by a sixteenth of what was
    free. If a picture is larger than that, as in a store that is small or nearly full, every upload scans the folder.
    """

    def __init__(self, folder: Path, limits: StoreLimits, read: Callable[[str], FileHeader | None]) -> None:
        """`read` returns the header of a file by its name, None for a damaged file; it raises OSError."""
        self._folder = folder
        self._limits = limits
        self._read = read
        self._lock = Lock()
        self._reservation = _Reservation()
        self._expires: dict[str, float] = {}  # by name, of the files of the last scan: it never changes

    def reserve(self, size: int, now: float) -> None:
        """Reserves space for a file; deletes the least recently used files for it. Raises StoreFull or OSError."""
        size = _size_on_disk(size)
        with self._lock:
            if self._reservation.covers(size, now):
                self._reservation.bytes_left -= size
                return
            files = self._scan(now)
            evicted = self._choose_evicted(files, size, now)
            for file in evicted:
                self._evict(file)
            self._renew_reservation(self._count_free(files) + _sum_sizes(evicted) - size, now)

    def check(self, size: int, now: float) -> None:
        """Raises StoreFull if `reserve` would, or if the disk is too full; reserves and deletes nothing."""
        size = _size_on_disk(size)
        disk = shutil.disk_usage(self._folder)
        if disk.total and disk.free < size:
            raise StoreFull(self.retry_seconds)
        with self._lock:
            if not self._reservation.covers(size, now):
                files = self._scan(now)
                self._choose_evicted(files, size, now)
                self._renew_reservation(self._count_free(files), now)

    def purge(self, now: float) -> StoreUsage:
        """Deletes expired and half-written files. Returns the usage that remains."""
        files = self._scan(now)
        return StoreUsage(_sum_sizes(files), sum(not file.name.startswith(".") for file in files))

    @property
    def retry_seconds(self) -> int:
        """When to try again if the disk, not the store, is full."""
        return int(self._limits.protect_seconds) or 60

    def _count_free(self, files: list[_FolderFile]) -> int:
        return self._limits.bytes_cap - _sum_sizes(files)

    def _renew_reservation(self, free: int, now: float) -> None:
        self._reservation = _Reservation(max(0, free) // RESERVATIONS, now, now + RESERVATION_SECONDS)

    def _choose_evicted(self, files: list[_FolderFile], size: int, now: float) -> list[_FolderFile]:
        """The files to delete so that another fits, the least recently used first. Raises StoreFull."""
        missing = size - self._count_free(files)
        if missing <= 0:
            return []
        evicted = list(_take_until_freed(sorted(files, key=self._evictable_from), missing))
        if _sum_sizes(evicted) < missing:
            raise StoreFull(math.ceil(self._limits.seconds))
        wait = self._evictable_from(evicted[-1]) - now
        if wait > 0:
            raise StoreFull(math.ceil(wait))
        return evicted

    def _evict(self, file: _FolderFile) -> None:
        path = self._folder / file.name
        with suppress(FileNotFoundError):
            if path.lstat().st_mtime == file.used:  # another process may have used it just now
                path.unlink()

    def _evictable_from(self, file: _FolderFile) -> float:
        """The time from which a file may be deleted: some time after its last use, or when it expires."""
        return min(file.used + self._limits.protect_seconds, file.expires)

    def _scan(self, now: float) -> list[_FolderFile]:
        """The files in the folder; deletes those that have expired, and skips those that raise OSError."""
        files, known = [], {}
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(OSError):  # another process may have deleted it meanwhile
                    if entry.is_dir(follow_symlinks=False):
                        continue
                    status = entry.stat(follow_symlinks=False)
                    expires, has_header = self._find_expiry(entry.name, status.st_mtime, now)
                    if now >= expires:
                        Path(entry.path).unlink()
                        continue
                    if has_header:
                        known[entry.name] = expires
                    files.append(_FolderFile(entry.name, _size_on_disk(status.st_size), status.st_mtime, expires))
        self._expires = known
        return files

    def _find_expiry(self, name: str, modified: float, now: float) -> tuple[float, bool]:
        """When a file expires, and whether its header says so. A damaged or half-written file expires after an hour."""
        known = self._expires.get(name)
        if known is not None:
            return known, True
        try:
            header = self._read(name)
        except OSError:  # the file may be good; after its lifetime it has expired in any case
            return modified + self._limits.seconds, False
        if header is None or header.expires > now + MAX_LIFETIME_SECONDS:
            return modified + DAMAGED_FILE_SECONDS, False
        return header.expires, True


def _take_until_freed(files: list[_FolderFile], missing: int) -> Iterator[_FolderFile]:
    """The first files whose sizes add up to the missing bytes."""
    for file in files:
        if missing <= 0:
            return
        missing -= file.size
        yield file


def _sum_sizes(files: list[_FolderFile]) -> int:
    return sum(file.size for file in files)


def _size_on_disk(size: int) -> int:
    return max(size, MIN_FILE_BYTES)
