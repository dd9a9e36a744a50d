"""Pictures and weights on their way in: the body read with a limit, decoded elsewhere, kept for a while."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import TypeVar

from starlette.requests import Request

from ..core.problems import Problem
from ..images.decode import Decoded, DecodeLimits
from ..images.picture import Picture
from ..images.store import Store, Stored, StoreFull
from ..images.task import picture_task
from ..models.brought import bank_file, title_of
from ..models.formats import FirstLayer, ReadLimits
from ..models.task import weights_task
from ..processes.decoder import Decoder
from ..processes.refusal import UnreadableFile
from ..processes.task import Task
from ..settings import Settings
from .bodies import Bodies, BodyLimits, too_large
from .form import BadForm, FileForm
from .outside import client_of
from .readiness import Readiness
from .refusal import Refused
from .storing import StoreThreads
from .turns import Queue, Turns, Work
from .words import BUSY_READING, NO_STORE, NOT_DELETED, TOO_LARGE

log = logging.getLogger(__name__)
T = TypeVar("T")

FILES_WAITING = 1_000
"""Files that wait to be read, in memory, at one server process."""
FORM_BYTES = 10_000
"""What the form around a file of the largest size may add to the body."""
PLAIN = ("application/octet-stream", "")
"""Kinds of a body that is the file itself."""


class Uploads:
    """The way into the store, and out of it again. The decoder is made when the first file comes.

    `threads` are those in which the store is read and written, `readiness` says whether it takes pictures.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._pictures, self._stretched, self._weights = _tasks(settings)
        self._decoder: Decoder | None = None
        self.threads = StoreThreads(settings.store_wait_seconds)
        self.readiness = Readiness(store, self.threads, 3 * settings.working_side**2)
        self.bodies = Bodies(
            BodyLimits(
                settings.body_seconds,
                settings.body_stall_seconds,
                memory=settings.body_memory,
                patience=settings.upload_wait_seconds,
            )
        )
        at_hand = 2 * settings.decode_workers  # the next file is ready when a decoder has done with one
        self._turns = Turns(at_hand, Queue(FILES_WAITING, settings.upload_wait_seconds, BUSY_READING))

    async def has(self, ids: Sequence[str]) -> tuple[bool, ...]:
        """Whether each of some uploads is still there; asking counts as using it."""
        return await self.threads.run(lambda: tuple(map(self._store.touch, ids))) if ids else ()

    async def get(self, id: str) -> Picture | None:
        """The pixels of an upload that is still there."""
        return await self.threads.run(partial(self._store.get, id))

    async def receive(self, request: Request, stretch: bool = False) -> tuple[Stored, bool]:
        """Reads a form, decodes its file, keeps the pixels; and whether they are dark for want of stretching.

        Raises Refused for everything else.
        """
        async with self._file(request, self._settings.upload_bytes) as data, self._turn(request):
            decoded = await self._decode(self._stretched if stretch else self._pictures, data)
        return await self.threads.run(partial(self._keep, decoded)), decoded.dark

    async def receive_weights(self, request: Request, title: str) -> tuple[Stored, FirstLayer]:
        """Reads a body or a form, finds the first layer in it, keeps that alone. Raises Refused for everything else."""
        in_form = request.headers.get("content-type", "") not in PLAIN
        async with self._file(request, self._settings.weights_bytes, in_form) as data, self._turn(request):
            layer = await self._decode(self._weights, data)
        return await self.threads.run(partial(self._keep_weights, layer, title)), layer

    async def delete(self, id: str, token: str) -> bool:
        """Deletes an upload for whoever has its token. Raises Refused (503) where nothing can be deleted."""
        try:
            return await self.threads.run(partial(self._store.delete, id, token))
        except OSError as error:
            log.exception("an upload could not be deleted")
            raise Refused(503, NOT_DELETED, headers={"Retry-After": "60"}) from error

    async def purge(self, every: float = 600) -> None:
        """Deletes what has expired, now and again, for as long as the server runs, whatever goes wrong in between."""
        logged: set[type[Exception]] = set()
        while True:
            try:
                await self.threads.start(self._store.purge)
            except Exception as error:
                if type(error) not in logged:
                    log.exception("the store could not be cleared of what has expired")
                logged.add(type(error))
            await asyncio.sleep(every)

    async def close(self) -> None:
        """Lets go of the store's threads, and ends the decoding processes."""
        self.threads.close()
        decoder, self._decoder = self._decoder, None
        if decoder is not None:
            await asyncio.to_thread(decoder.close)

    @asynccontextmanager
    async def _file(self, request: Request, most: int, in_form: bool = True) -> AsyncIterator[bytes]:
        """The file in a body, whose memory counts as used until the context ends. Raises Refused."""
        async with self.bodies.parts(request, most + FORM_BYTES, TOO_LARGE) as parts:
            try:
                if in_form:
                    data = await FileForm(request.headers.get("content-type", "")).read(parts)
                else:
                    data = b"".join([part async for part in parts])
            except BadForm as reason:
                raise Refused.value("file", "", "one file in a multipart form", str(reason)) from reason
            if len(data) > most:
                raise too_large(most, TOO_LARGE)
            yield data

    def _turn(self, request: Request) -> AbstractAsyncContextManager[None]:
        """The turn of a file that is here as a whole: nobody has one while its bytes are on their way."""
        return self._turns.turn(Work(client_of(request.scope)))

    async def _decode(self, task: Task[T], data: bytes) -> T:
        try:
            return await self._ready_decoder().decode(task, data)
        except UnreadableFile as reason:
            problem = Problem(reason.field, reason.value, reason.allowed, reason.message)
            headers = {"Retry-After": "60"} if reason.status == 503 else {}
            raise Refused(reason.status, reason.message, [problem], headers) from reason

    def _keep_weights(self, layer: FirstLayer, title: str) -> Stored:
        return self._put(lambda: self._store.put_file(bank_file(layer, "", title_of(title))))

    def _keep(self, decoded: Decoded) -> Stored:
        return self._put(lambda: self._store.put(decoded.pixels, decoded.notes))

    def _put(self, put: Callable[[], Stored]) -> Stored:
        try:
            return put()
        except StoreFull as full:
            self.readiness.doubt()
            raise Refused(503, str(full), headers={"Retry-After": str(full.retry_after)}) from full
        except OSError as error:
            self.readiness.doubt()
            log.exception("the store could not be written")
            raise Refused(503, NO_STORE, headers={"Retry-After": "60"}) from error

    def _ready_decoder(self) -> Decoder:
        if self._decoder is None:
            tasks, settings = (self._pictures, self._stretched, self._weights), self._settings
            workers, seconds, memory = settings.decode_workers, settings.decode_seconds, settings.decode_memory
            self._decoder = Decoder(tasks, workers, seconds, memory)
        return self._decoder


def _tasks(settings: Settings) -> tuple[Task[Decoded], Task[Decoded], Task[FirstLayer]]:
    """What is made of pictures, of pictures to be stretched, and of weights, within the limits of the settings."""
    pixels = round(settings.upload_megapixels * 1e6)
    pictures = DecodeLimits(pixels, settings.upload_side, settings.upload_scans, settings.working_side)
    weights = ReadLimits(settings.weights_instructions, settings.weights_members)
    return picture_task(pictures), picture_task(pictures, stretch=True), weights_task(weights)
