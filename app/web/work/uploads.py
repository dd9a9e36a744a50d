"""Uploads: the body is read within limits, decoded in another process, and stored for a while."""

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
from ...core.texts import make_text
from ...images.decoding.decode import DecodedPicture, DecodeLimits
from ...images.picture import Picture, has_colors
from ...images.picture_tasks import make_picture_task
from ...images.store.store import Store, StoreFull, UploadReceipt
from ...models.custom_model import encode_model_file, make_model_title
from ...models.formats import Candidate, FirstLayer, ReadLimits
from ...models.weights_tasks import make_layers_task, make_weights_task
from ...processes.file_errors import UnreadableFile
from ...processes.process_pool import ProcessPool
from ...processes.task import Task
from ...rate_limited_log import limit_to_once_a_minute
from ...settings import Settings
from ..requests.bodies import BodyLimits, BodyReader, too_large_error
from ..requests.disconnects import cancel_on_disconnect
from ..requests.multipart import FileFormReader, FormError
from ..requests.public_url import get_client_network
from ..responses.http_errors import HTTPError, busy_error
from ..store_health import StoreHealth
from .fair_queue import FairQueue, QueueLimits, Work
from .store_threads import StoreThreads

purge_log = logging.getLogger(f"{__name__}.purge")
log = limit_to_once_a_minute(logging.getLogger(__name__))
T = TypeVar("T")

MAX_WAITING_FILES = 1_000
"""How many files may wait in memory to be decoded, per server process."""
FORM_OVERHEAD_BYTES = 10_000
"""How much a form may add to the size of its file."""
RAW_BODY_TYPES = ("application/octet-stream", "")
"""Content types of a body that is the file itself."""


@dataclass(frozen=True, slots=True)
class UploadedLayer:
    """A layer of an uploaded file, where it is stored, and all layers of that file that could be shown."""

    stored: UploadReceipt
    layer: FirstLayer
    layers: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class ReceivedPicture:
    """Where an uploaded picture is stored, whether stretching would show more of it, and whether it has colors."""

    stored: UploadReceipt
    dark: bool
    colored: bool


class Uploads:
    """Receives, reads and deletes uploads. The decoder is made for the first file.

    `threads` read and write the store; `store_health` says whether it accepts pictures.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._pictures, self._stretched_pictures = _make_picture_tasks(settings)
        self._limits = ReadLimits(settings.weights_instructions, settings.weights_members)
        self._layers = make_layers_task(self._limits)
        self._decoder: ProcessPool | None = None
        self.threads = StoreThreads(settings.store_wait_seconds)
        self.store_health = StoreHealth(store, self.threads, 3 * settings.working_side**2)
        self.body_reader = BodyReader(
            BodyLimits(
                settings.body_seconds,
                settings.body_stall_seconds,
                memory=settings.body_memory,
                memory_wait_seconds=settings.upload_wait_seconds,
            )
        )
        reading_at_once = 2 * settings.decode_workers  # so that the next file is ready when a decoder becomes free
        self._queue = FairQueue(
            reading_at_once, QueueLimits(MAX_WAITING_FILES, settings.upload_wait_seconds, make_text("busy_reading"))
        )

    async def touch(self, ids: Sequence[str]) -> tuple[bool, ...]:
        """Marks uploads as used now, and says of each whether it is still stored."""
        return await self.threads.run(lambda: tuple(map(self._store.touch, ids))) if ids else ()

    async def get_picture(self, id: str) -> Picture | None:
        """An uploaded picture; None if it is no longer stored."""
        return await self.threads.run(partial(self._store.get, id))

    async def receive_picture(self, request: Request, stretch: bool = False) -> ReceivedPicture:
        """Reads a form, decodes its picture and stores the pixels. Raises HTTPError."""
        task = self._stretched_pictures if stretch else self._pictures
        async with self._read_file(request, self._settings.upload_bytes) as data:
            decoded = await cancel_on_disconnect(request, self._decode_in_turn(request, task, data))
        stored = await self.threads.run(partial(self._store_picture, decoded))
        return ReceivedPicture(stored, decoded.dark, await self.threads.run(partial(has_colors, decoded.pixels)))

    async def receive_weights(self, request: Request, title: str, name: str | None = None) -> UploadedLayer:
        """Reads a body or a form and stores the layer of that name in it, or the first one. Raises HTTPError."""
        async with self._read_weights_file(request) as data:
            layer, layers = await cancel_on_disconnect(request, self._decode_weights(request, data, name))
        return UploadedLayer(await self.threads.run(partial(self._store_weights, layer, title)), layer, layers)

    async def receive_layers(self, request: Request) -> tuple[Candidate, ...]:
        """The layers of a body or a form that could be shown; stores nothing. Raises HTTPError."""
        async with self._read_weights_file(request) as data:
            return await cancel_on_disconnect(request, self._decode_in_turn(request, self._layers, data))

    async def delete(self, id: str, token: str) -> bool:
        """Deletes an upload if the token is right, and returns whether it did. Raises HTTPError (503)."""
        try:
            deleted = await self.threads.run(partial(self._store.delete, id, token))
        except OSError as error:
            log.exception("an upload could not be deleted")
            raise busy_error(make_text("not_deleted"), 60) from error
        self.store_health.expire_usage()
        return deleted

    async def purge_repeatedly(self, every: float = 600) -> None:
        """Deletes expired uploads `every` so many seconds until it is cancelled; logs errors and continues."""
        logged_types: set[type[Exception]] = set()
        while True:
            try:
                await self.threads.start(self._store.purge)
                logged_types.clear()
            except Exception as error:
                if type(error) not in logged_types:
                    purge_log.exception("expired uploads could not be deleted")
                logged_types.add(type(error))
            await asyncio.sleep(every)

    async def close(self) -> None:
        """Ends the store's threads and the decoding processes."""
        self.threads.close()
        decoder, self._decoder = self._decoder, None
        if decoder is not None:
            await asyncio.to_thread(decoder.close)

    @asynccontextmanager
    async def _read_file(self, request: Request, most: int, is_form: bool = True) -> AsyncIterator[bytes]:
        """The file in a body, whose memory counts as used until the context ends. Raises HTTPError."""
        async with self.body_reader.read_chunks(request, most + FORM_OVERHEAD_BYTES, "file_too_large") as chunks:
            try:
                if is_form:
                    data = await FileFormReader(request.headers.get("content-type", "")).read(chunks)
                else:
                    data = b"".join([chunk async for chunk in chunks])
            except FormError as reason:
                raise HTTPError.from_problems([reason.problem]) from reason
            if len(data) > most:
                raise too_large_error(most, "file_too_large")
            yield data

    def _read_weights_file(self, request: Request) -> AbstractAsyncContextManager[bytes]:
        """A file of weights, as the body itself or in a form."""
        is_form = request.headers.get("content-type", "") not in RAW_BODY_TYPES
        return self._read_file(request, self._settings.weights_bytes, is_form)

    def _wait_turn(self, request: Request) -> AbstractAsyncContextManager[None]:
        """The turn of a file that has arrived completely, so that slow clients hold none."""
        return self._queue.turn(Work(get_client_network(request)))

    async def _decode_in_turn(self, request: Request, task: Task[T], data: bytes) -> T:
        async with self._wait_turn(request):
            return await self._decode(task, data)

    async def _decode_weights(
        self, request: Request, data: bytes, name: str | None
    ) -> tuple[FirstLayer, tuple[Candidate, ...]]:
        async with self._wait_turn(request):
            layer = await self._decode(make_weights_task(self._limits, name), data)
            return layer, await self._decode(self._layers, data)

    async def _decode(self, task: Task[T], data: bytes) -> T:
        try:
            return await self._get_decoder().run(task, data)
        except UnreadableFile as reason:
            found = reason.problem
            problem = Problem(found.field, found.value, found.allowed, found.text)
            headers = {"Retry-After": "60"} if found.status == 503 else {}
            raise HTTPError(found.status, found.text, [problem], headers) from reason

    def _store_weights(self, layer: FirstLayer, title: str) -> UploadReceipt:
        return self._put(lambda: self._store.put_file(encode_model_file(layer, "", make_model_title(title))))

    def _store_picture(self, decoded: DecodedPicture) -> UploadReceipt:
        return self._put(lambda: self._store.put(decoded.pixels, decoded.notes))

    def _put(self, put: Callable[[], UploadReceipt]) -> UploadReceipt:
        try:
            stored = put()
        except StoreFull as full:
            self.store_health.expire_condition()
            raise busy_error(full.text, full.retry_after) from full
        except OSError as error:
            self.store_health.expire_condition()
            log.exception("the store could not be written")
            raise busy_error(make_text("no_store"), 60) from error
        self.store_health.expire_usage()
        return stored

    def _get_decoder(self) -> ProcessPool:
        if self._decoder is None:
            tasks = (self._pictures, self._stretched_pictures, make_weights_task(self._limits), self._layers)
            settings = self._settings
            workers, seconds, memory = settings.decode_workers, settings.decode_seconds, settings.decode_memory
            self._decoder = ProcessPool(tasks, workers, seconds, memory)
        return self._decoder


def _make_picture_tasks(settings: Settings) -> tuple[Task[DecodedPicture], Task[DecodedPicture]]:
    """The tasks that decode a picture, and one that stretches it, within the limits of the settings."""
    pixels = round(settings.upload_megapixels * 1e6)
    limits = DecodeLimits(pixels, settings.upload_side, settings.upload_scans, settings.working_side)
    return make_picture_task(limits), make_picture_task(limits, stretch=True)
