"""How much lies in the folder of the store, and what leaves it to make room."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from .file_header import MAX_LIFETIME_SECONDS, FileHeader

MIN_FILE_BYTES = 4096  # a file takes a block of the disk, however small; so the number of files is bounded too
DAMAGED_FILE_SECONDS = 3600.0
RESERVATIONS = 16
RESERVATION_SECONDS = 60.0


class StoreFull(Exception):
    """There is no room that may be made. `retry_after`: seconds until there will be."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"The picture store is full. Please try again in {math.ceil(retry_after / 60)} min.")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class StoreLimits:
    """What may lie in the folder: how many bytes, for how long, and for how long after its last use at least."""

    bytes_cap: int
    seconds: float
    protect_seconds: float


@dataclass(frozen=True, slots=True)
class StoreUsage:
    """What lies in the folder: bytes as they count against the cap, and whole files."""

    bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class _FolderFile:
    """A file as a look at the folder shows it."""

    name: str
    size: int
    used: float
    expires: float


@dataclass(slots=True)
class _Reservation:
    """Bytes that may be put without another look at the folder, from one moment to another."""

    left: int = 0
    since: float = 0.0
    until: float = 0.0

    def holds(self, size: int, now: float) -> bool:
        return size <= self.left and self.since <= now < self.until


class FreeSpace:
    """The room in a folder that several processes share. Law: all files together stay within the cap.

    A look at the folder costs a `stat` of each file, so not every put takes one. After one that found `free` bytes,
    the next puts of this process may take a sixteenth of them, within a minute, before it looks again. So sixteen
    processes that look at the same moment stay within the cap together, and each one beyond them can pass it by a
    sixteenth of what was free. Where a picture is larger than that part, as in a store that is small or nearly
    full, every put looks.
    """

    def __init__(self, folder: Path, rules: StoreLimits, read: Callable[[str], FileHeader | None]) -> None:
        """`read` gives the head of a file by its name, None for a damaged one; it raises OSError."""
        self._folder = folder
        self._rules = rules
        self._read = read
        self._lock = Lock()
        self._part = _Reservation()
        self._expires: dict[str, float] = {}  # by name, of files seen at the last look: it never changes

    def make(self, size: int, now: float) -> None:
        """Makes room for a file, at the cost of what was used least recently. Raises StoreFull, or OSError."""
        size = _size_on_disk(size)
        with self._lock:
            if self._part.holds(size, now):
                self._part.left -= size
                return
            entries = self._look(now)
            leaving = self._leaving(entries, size, now)
            for entry in leaving:
                self._evict(entry)
            self._share(self._free(entries) + _sum_sizes(leaving) - size, now)

    def check(self, size: int, now: float) -> None:
        """Raises StoreFull where `make` would, or where the disk is too full for the file; takes no room."""
        size = _size_on_disk(size)
        disk = shutil.disk_usage(self._folder)
        if disk.total and disk.free < size:
            raise StoreFull(self.wait)
        with self._lock:
            if not self._part.holds(size, now):
                entries = self._look(now)
                self._leaving(entries, size, now)
                self._share(self._free(entries), now)

    def used(self, now: float) -> StoreUsage:
        """Deletes what has expired or was abandoned half written. Returns what remains."""
        entries = self._look(now)
        return StoreUsage(_sum_sizes(entries), sum(not entry.name.startswith(".") for entry in entries))

    @property
    def wait(self) -> int:
        """Seconds after which it is worth trying again where the disk, and not the store, is full."""
        return int(self._rules.protect_seconds) or 60

    def _free(self, entries: list[_FolderFile]) -> int:
        return self._rules.bytes_cap - _sum_sizes(entries)

    def _share(self, free: int, now: float) -> None:
        self._part = _Reservation(max(0, free) // RESERVATIONS, now, now + RESERVATION_SECONDS)

    def _leaving(self, entries: list[_FolderFile], size: int, now: float) -> list[_FolderFile]:
        """What has to go so that a file fits: the least recently used first. Raises StoreFull."""
        missing = size - self._free(entries)
        if missing <= 0:
            return []
        leaving = list(_take_until_freed(sorted(entries, key=self._free_from), missing))
        if _sum_sizes(leaving) < missing:
            raise StoreFull(math.ceil(self._rules.seconds))
        wait = self._free_from(leaving[-1]) - now
        if wait > 0:
            raise StoreFull(math.ceil(wait))
        return leaving

    def _evict(self, entry: _FolderFile) -> None:
        path = self._folder / entry.name
        with suppress(FileNotFoundError):
            if path.lstat().st_mtime == entry.used:  # another process may have used it just now
                path.unlink()

    def _free_from(self, entry: _FolderFile) -> float:
        """When an entry may go: some time after its last use, or when it has expired."""
        return min(entry.used + self._rules.protect_seconds, entry.expires)

    def _look(self, now: float) -> list[_FolderFile]:
        """The files in the folder; on the way, deletes those that have expired. No odd file stops it."""
        entries, known = [], {}
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(self._folder) as files:
            for file in files:
                with suppress(OSError):  # another process may have deleted it meanwhile
                    if file.is_dir(follow_symlinks=False):
                        continue
                    status = file.stat(follow_symlinks=False)
                    expires, whole = self._expiry(file.name, status.st_mtime, now)
                    if now >= expires:
                        Path(file.path).unlink()
                        continue
                    if whole:
                        known[file.name] = expires
                    entries.append(_FolderFile(file.name, _size_on_disk(status.st_size), status.st_mtime, expires))
        self._expires = known
        return entries

    def _expiry(self, name: str, modified: float, now: float) -> tuple[float, bool]:
        """When a file has to go, and whether its head says so. What is damaged or half written goes after an hour."""
        known = self._expires.get(name)
        if known is not None:
            return known, True
        try:
            head = self._read(name)
        except OSError:  # it may be whole; by then it has expired, whatever it says
            return modified + self._rules.seconds, False
        if head is None or head.expires > now + MAX_LIFETIME_SECONDS:
            return modified + DAMAGED_FILE_SECONDS, False
        return head.expires, True


def _take_until_freed(entries: list[_FolderFile], missing: int) -> Iterator[_FolderFile]:
    """As many entries from the front as free the missing bytes."""
    for entry in entries:
        if missing <= 0:
            return
        missing -= entry.size
        yield entry


def _sum_sizes(entries: list[_FolderFile]) -> int:
    return sum(entry.size for entry in entries)


def _size_on_disk(size: int) -> int:
    return max(size, MIN_FILE_BYTES)
