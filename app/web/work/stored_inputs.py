"""What a figure needs of the store, read before it is computed, so that no computing thread waits for a folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ...images.picture import Picture
from ...images.store.store import Store
from ...models.custom_model import UPLOAD_PREFIX
from ..http_messages import BUSY
from .fair_queue import Queue, Turns, Work
from .store_threads import StoreThreads

AT_ONCE = 8
"""Figures whose pictures and weights are in memory at the same time, read or computed."""


@dataclass(slots=True)
class _Held:
    """A picture, or a file of weights, or nothing where it is gone; and how many figures use it now."""

    value: Picture | bytes | None
    users: int = 0


class AtHand:
    """The store as the Lab sees it: what was read for the figures that are computed now, else the store itself."""

    def __init__(self, store: Store, threads: StoreThreads, waiting: int) -> None:
        self._store = store
        self._threads = threads
        self._turns = Turns(AT_ONCE, Queue(waiting, None, BUSY))
        self._held: dict[str, _Held] = {}

    @asynccontextmanager
    async def having(self, ids: Sequence[str], work: Work) -> AsyncIterator[None]:
        """As long as the context lasts, what the ids stand for is in memory. Raises Refused (503)."""
        if not ids:
            yield
            return
        async with self._turns.turn(work):
            values = await self._threads.run(lambda: [self._read(id) for id in ids])
            for id, value in zip(ids, values, strict=True):
                self._held.setdefault(id, _Held(value)).users += 1
            try:
                yield
            finally:
                for id in ids:
                    self._let_go(id)

    def get(self, id: str) -> Picture | None:
        """The picture of an id, None where there is none."""
        found = self._found(id)
        return found if isinstance(found, Picture) else None

    def get_file(self, id: str) -> bytes | None:
        """The file of an id, None where there is none."""
        found = self._found(id)
        return found if isinstance(found, bytes) else None

    def _found(self, id: str) -> Picture | bytes | None:
        held = self._held.get(id)
        return held.value if held else self._read(id)

    def _read(self, id: str) -> Picture | bytes | None:
        return self._store.get_file(id) if id.startswith(UPLOAD_PREFIX) else self._store.get(id)

    def _let_go(self, id: str) -> None:
        held = self._held[id]
        held.users -= 1
        if not held.users:
            del self._held[id]
