"""A cache in memory, and computing the same thing only once at a time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


class LRUCache(Generic[T]):
    """Values by key, at most `capacity` bytes together, each of `size(value)`; the least recently used goes first.

    For use in one event loop. A value larger than a quarter of the capacity is not kept.
    """

    def __init__(self, capacity: int, size: Callable[[T], int]) -> None:
        self._capacity = capacity
        self._size = size
        self._values: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._used = 0

    def __len__(self) -> int:
        return len(self._values)

    @property
    def used(self) -> int:
        """Bytes in the cache."""
        return self._used

    def get(self, key: Hashable) -> T | None:
        """The value, if it is in the cache."""
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, value: T) -> None:
        """Adds a value and drops others to make room for it."""
        size = self._size(value)
        if size > self._capacity // 4:
            return
        _, before = self._values.pop(key, (None, 0))
        self._values[key] = (value, size)
        self._used += size - before
        while self._used > self._capacity:
            _, (_, gone) = self._values.popitem(last=False)
            self._used -= gone

    def drop_mentioning(self, text: str) -> None:
        """Drops all values whose keys contain a text."""
        for key in [key for key in self._values if text in str(key)]:
            _, size = self._values.pop(key)
            self._used -= size


@dataclass(slots=True)
class _Flight(Generic[T]):
    """A running computation, and how many requests wait for it."""

    task: asyncio.Task[T]
    waiting: int = 0


class SingleFlight(Generic[T]):
    """Runs a computation once for all requests that need it; cancels it when no request waits any more."""

    def __init__(self) -> None:
        self._running: dict[Hashable, _Flight[T]] = {}

    async def run_once(self, key: Hashable, compute: Callable[[], Awaitable[T]]) -> T:
        """The result of `compute` for this key. It continues while any request waits, even if the first one ends."""
        flight = self._running.get(key)
        if flight is None:
            flight = self._start(key, compute)
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._remove(key, flight)
                flight.task.cancel()

    def _start(self, key: Hashable, compute: Callable[[], Awaitable[T]]) -> _Flight[T]:
        flight = self._running[key] = _Flight(asyncio.ensure_future(_call(compute)))
        flight.task.add_done_callback(lambda _: self._remove(key, flight))
        return flight

    def _remove(self, key: Hashable, flight: _Flight[T]) -> None:
        if self._running.get(key) is flight:
            del self._running[key]


async def _call(compute: Callable[[], Awaitable[T]]) -> T:
    return await compute()
