"""Uploads in memory: read from the store before a figure is computed, so that no computing thread waits for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ...core.texts import make_text
from ...images.picture import Picture
from ...images.store.store import Store
from ...models.custom_model import UPLOAD_PREFIX
from .fair_queue import FairQueue, QueueLimits, Work
from .store_threads import StoreThreads

MAX_FIGURES = 8
"""How many figures have their uploads in memory at once."""


@dataclass(slots=True)
class _LoadedInput:
    """A picture, a file of weights, or None if it is gone; and how many figures use it now."""

    value: Picture | bytes | None
    users: int = 0


class StoredInputs:
    """The uploads that the Lab reads: from memory during a computation, else from the store."""

    def __init__(self, store: Store, threads: StoreThreads, waiting: int) -> None:
        self._store = store
        self._threads = threads
        self._queue = FairQueue(MAX_FIGURES, QueueLimits(waiting, None, make_text("busy")))
        self._loaded: dict[str, _LoadedInput] = {}

    @asynccontextmanager
    async def hold(self, ids: Sequence[str], work: Work) -> AsyncIterator[None]:
        """Holds uploads in memory as long as the context lasts. Raises HTTPError (503)."""
        if not ids:
            yield
            return
        async with self._queue.turn(work):
            values = await self._threads.run(lambda: [self._read(id) for id in ids])
            for id, value in zip(ids, values, strict=True):
                self._loaded.setdefault(id, _LoadedInput(value)).users += 1
            try:
                yield
            finally:
                for id in ids:
                    self._release(id)

    def get(self, id: str) -> Picture | None:
        """The picture of an id; None if there is none."""
        value = self._get(id)
        return value if isinstance(value, Picture) else None

    def get_file(self, id: str) -> bytes | None:
        """The file of an id; None if there is none."""
        value = self._get(id)
        return value if isinstance(value, bytes) else None

    def _get(self, id: str) -> Picture | bytes | None:
        loaded = self._loaded.get(id)
        return loaded.value if loaded else self._read(id)

    def _read(self, id: str) -> Picture | bytes | None:
        return self._store.get_file(id) if id.startswith(UPLOAD_PREFIX) else self._store.get(id)

    def _release(self, id: str) -> None:
        loaded = self._loaded[id]
        loaded.users -= 1
        if not loaded.users:
            del self._loaded[id]
