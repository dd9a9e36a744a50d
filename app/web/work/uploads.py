"""Pictures and weights on their way in: the body read with a limit, decoded elsewhere, kept for a while."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from starlette.requests import Request

from ...core.problems import Problem
from ...images.decoding.decode import DecodedPicture, DecodeLimits
from ...images.picture import Picture
from ...images.picture_tasks import make_picture_task
from ...images.store.store import Store, StoreFull, UploadReceipt
from ...models.custom_model import encode_model_file, make_model_title
from ...models.formats import Candidate, FirstLayer, ReadLimits
from ...models.weights_tasks import make_layers_task, make_weights_task
from ...processes.file_errors import UnreadableFile
from ...processes.process_pool import ProcessPool
from ...processes.task import Task
from ...rate_limited_log import once_a_minute
from ...settings import Settings
from ..http_messages import BUSY_READING, NO_STORE, NOT_DELETED, TOO_LARGE
from ..requests.bodies import Bodies, BodyLimits, too_large
from ..requests.disconnects import unless_gone
from ..requests.forwarded import place_of
from ..requests.multipart import BadForm, FileForm
from ..responses.http_errors import Refused, busy
from ..store_health import Readiness
from .fair_queue import Queue, Turns, Work
from .store_threads import StoreThreads

purge_log = logging.getLogger(f"{__name__}.purge")
log = once_a_minute(logging.getLogger(__name__))
T = TypeVar("T")

FILES_WAITING = 1_000
"""Files that wait to be read, in memory, at one server process."""
FORM_BYTES = 10_000
"""What the form around a file of the largest size may add to the body."""
PLAIN = ("application/octet-stream", "")
"""Kinds of a body that is the file itself."""


@dataclass(frozen=True, slots=True)
class BroughtLayer:
    """A layer of somebody's file, where it is kept, and all layers of that file that could be shown."""

    stored: UploadReceipt
    layer: FirstLayer
    layers: tuple[Candidate, ...]


class Uploads:
    """The way into the store, and out of it again. The decoder is made when the first file comes.

    `threads` are those in which the store is read and written, `readiness` says whether it takes pictures.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._pictures, self._stretched = _picture_tasks(settings)
        self._limits = ReadLimits(settings.weights_instructions, settings.weights_members)
        self._layers = make_layers_task(self._limits)
        self._decoder: ProcessPool | None = None
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

    async def receive(self, request: Request, stretch: bool = False) -> tuple[UploadReceipt, bool]:
        """Reads a form, decodes its file, keeps the pixels; and whether they are dark for want of stretching.

        Raises Refused for everything else.
        """
        task = self._stretched if stretch else self._pictures
        async with self._file(request, self._settings.upload_bytes) as data:
            decoded = await unless_gone(request, self._decode_in_turn(request, task, data))
        return await self.threads.run(partial(self._keep, decoded)), decoded.dark

    async def receive_weights(self, request: Request, title: str, name: str | None = None) -> BroughtLayer:
        """Reads a body or a form, finds the layer of that name in it, or the first, keeps that alone.

        Raises Refused for everything else.
        """
        async with self._weights(request) as data:
            layer, layers = await unless_gone(request, self._read_weights(request, data, name))
        return BroughtLayer(await self.threads.run(partial(self._keep_weights, layer, title)), layer, layers)

    async def receive_layers(self, request: Request) -> tuple[Candidate, ...]:
        """Reads a body or a form, and says which layers of it could be shown; keeps nothing. Raises Refused."""
        async with self._weights(request) as data:
            return await unless_gone(request, self._decode_in_turn(request, self._layers, data))

    async def delete(self, id: str, token: str) -> bool:
        """Deletes an upload for whoever has its token. Raises Refused (503) where nothing can be deleted."""
        try:
            deleted = await self.threads.run(partial(self._store.delete, id, token))
        except OSError as error:
            log.exception("an upload could not be deleted")
            raise busy(NOT_DELETED, 60) from error
        self.readiness.changed()
        return deleted

    async def purge(self, every: float = 600) -> None:
        """Deletes what has expired, now and again, for as long as the server runs, whatever goes wrong in between."""
        logged: set[type[Exception]] = set()
        while True:
            try:
                await self.threads.start(self._store.purge)
                logged.clear()
            except Exception as error:
                if type(error) not in logged:
                    purge_log.exception("the store could not be cleared of what has expired")
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

    def _weights(self, request: Request) -> AbstractAsyncContextManager[bytes]:
        """A file of weights, as the body itself or in a form."""
        in_form = request.headers.get("content-type", "") not in PLAIN
        return self._file(request, self._settings.weights_bytes, in_form)

    def _turn(self, request: Request) -> AbstractAsyncContextManager[None]:
        """The turn of a file that is here as a whole: nobody has one while its bytes are on their way."""
        return self._turns.turn(Work(place_of(request)))

    async def _decode_in_turn(self, request: Request, task: Task[T], data: bytes) -> T:
        async with self._turn(request):
            return await self._decode(task, data)

    async def _read_weights(
        self, request: Request, data: bytes, name: str | None
    ) -> tuple[FirstLayer, tuple[Candidate, ...]]:
        async with self._turn(request):
            layer = await self._decode(make_weights_task(self._limits, name), data)
            return layer, await self._decode(self._layers, data)

    async def _decode(self, task: Task[T], data: bytes) -> T:
        try:
            return await self._ready_decoder().run(task, data)
        except UnreadableFile as reason:
            problem = Problem(reason.field, reason.value, reason.allowed, reason.message)
            headers = {"Retry-After": "60"} if reason.status == 503 else {}
            raise Refused(reason.status, reason.message, [problem], headers) from reason

    def _keep_weights(self, layer: FirstLayer, title: str) -> UploadReceipt:
        return self._put(lambda: self._store.put_file(encode_model_file(layer, "", make_model_title(title))))

    def _keep(self, decoded: DecodedPicture) -> UploadReceipt:
        return self._put(lambda: self._store.put(decoded.pixels, decoded.notes))

    def _put(self, put: Callable[[], UploadReceipt]) -> UploadReceipt:
        try:
            stored = put()
        except StoreFull as full:
            self.readiness.doubt()
            raise busy(str(full), full.retry_after) from full
        except OSError as error:
            self.readiness.doubt()
            log.exception("the store could not be written")
            raise busy(NO_STORE, 60) from error
        self.readiness.changed()
        return stored

    def _ready_decoder(self) -> ProcessPool:
        if self._decoder is None:
            tasks = (self._pictures, self._stretched, make_weights_task(self._limits), self._layers)
            settings = self._settings
            workers, seconds, memory = settings.decode_workers, settings.decode_seconds, settings.decode_memory
            self._decoder = ProcessPool(tasks, workers, seconds, memory)
        return self._decoder


def _picture_tasks(settings: Settings) -> tuple[Task[DecodedPicture], Task[DecodedPicture]]:
    """What is made of pictures, and of pictures to be stretched, within the limits of the settings."""
    pixels = round(settings.upload_megapixels * 1e6)
    limits = DecodeLimits(pixels, settings.upload_side, settings.upload_scans, settings.working_side)
    return make_picture_task(limits), make_picture_task(limits, stretch=True)
