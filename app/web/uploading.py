"""Pictures on their way in: the body read with a limit, decoded elsewhere, kept for a while."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from functools import partial

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request

from ..core.problems import Problem
from ..images.decode import Decoded, DecodeLimits
from ..images.picture import Picture
from ..images.refusal import UnreadablePicture
from ..images.store import Store, Stored, StoreFull
from ..images.worker import Decoder
from ..models.brought import bank_file, title_of
from ..models.formats import FirstLayer, Held, UnreadableWeights, read_first_layer
from ..settings import Settings
from .form import BadForm, FileForm
from .readiness import Readiness
from .refusal import Refused
from .storing import StoreThreads
from .words import BODY_TOO_LARGE, CUT_OFF, NO_STORE, NOT_DELETED, TOO_LARGE, TOO_SLOW

log = logging.getLogger(__name__)

SECONDS = 120
"""A body that has not arrived by then is given up."""
AT_ONCE = 24
"""Bodies in memory at once; further ones wait in their sockets."""
FORM_BYTES = 10_000
"""What the form around a file of the largest size may add to the body."""
PLAIN = ("application/octet-stream", "")
"""Kinds of a body that is the file itself."""


class Uploads:
    """The way into the store, and out of it again. The decoder is made when the first picture comes.

    `threads` are those in which the store is read and written, `readiness` says whether it takes pictures.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._decoder: Decoder | None = None
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self.threads = StoreThreads(settings.store_wait_seconds)
        self.readiness = Readiness(store, self.threads, 3 * settings.working_side**2)

    async def has(self, ids: Sequence[str]) -> tuple[bool, ...]:
        """Whether each of some uploads is still there; asking counts as using it."""
        return await self.threads.run(lambda: tuple(map(self._store.touch, ids))) if ids else ()

    async def get(self, id: str) -> Picture | None:
        """The pixels of an upload that is still there."""
        return await self.threads.run(partial(self._store.get, id))

    async def receive(self, request: Request) -> Stored:
        """Reads a form, decodes its file, keeps the pixels. Raises Refused for everything else."""
        _fits(request.headers, self._settings.upload_bytes + FORM_BYTES, TOO_LARGE)
        async with self._at_once:
            data = await self._file(request, self._settings.upload_bytes)
            decoded = await self._decode(data)
            del data
        return await self.threads.run(partial(self._keep, decoded))

    async def receive_weights(self, request: Request, title: str) -> tuple[Stored, FirstLayer]:
        """Reads a body or a form, finds the first layer in it, keeps that alone. Raises Refused for everything else."""
        most = self._settings.weights_bytes
        _fits(request.headers, most + FORM_BYTES, TOO_LARGE)
        async with self._at_once:
            data = await self._file(request, most, request.headers.get("content-type", "") not in PLAIN)
            return await asyncio.to_thread(self._keep_weights, data, title)

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

    async def _file(self, request: Request, most: int, in_form: bool = True) -> bytes:
        body = limited(request, most + FORM_BYTES, TOO_LARGE)
        try:
            async with asyncio.timeout(SECONDS):
                if in_form:
                    data = await FileForm(request.headers.get("content-type", "")).read(body)
                else:
                    data = b"".join([part async for part in body])
        except TimeoutError:
            raise Refused(408, TOO_SLOW.format(seconds=SECONDS)) from None
        except BadForm as reason:
            raise Refused.value("file", "", "one file in a multipart form", str(reason)) from reason
        finally:
            await body.aclose()
        if len(data) > most:
            raise _too_large(most, TOO_LARGE)
        return data

    async def _decode(self, data: bytes) -> Decoded:
        try:
            return await self._ready_decoder().decode(data)
        except UnreadablePicture as reason:
            problem = Problem(reason.field, reason.value, reason.allowed, reason.message)
            headers = {"Retry-After": "60"} if reason.status == 503 else {}
            raise Refused(reason.status, reason.message, [problem], headers) from reason

    def _keep_weights(self, data: bytes, title: str) -> tuple[Stored, FirstLayer]:
        try:
            layer = read_first_layer(Held(data))
        except UnreadableWeights as reason:
            raise Refused.value("file", "", "weights with a 2-D convolution", str(reason)) from reason
        return self._put(lambda: self._store.put_file(bank_file(layer, "", title_of(title)))), layer

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
            settings = self._settings
            limits = DecodeLimits(
                round(settings.upload_megapixels * 1e6),
                settings.upload_side,
                settings.upload_scans,
                settings.working_side,
            )
            seconds, memory = settings.decode_seconds, settings.decode_memory
            self._decoder = Decoder(settings.decode_workers, seconds, memory, limits)
        return self._decoder


async def read_body(request: Request, most: int) -> bytes:
    """A body of at most so many bytes. Raises Refused (413)."""
    _fits(request.headers, most, BODY_TOO_LARGE)
    return b"".join([part async for part in limited(request, most, BODY_TOO_LARGE)])


async def limited(request: Request, most: int, words: str) -> AsyncGenerator[bytes, None]:
    """The body part by part while it stays within the limit. Raises Refused (413).

    As much again is read and thrown away first, since many browsers see no answer before they have sent it all.
    """
    seen = 0
    try:
        async for part in request.stream():
            seen += len(part)
            if seen > 2 * most:
                break
            if seen <= most:
                yield part
    except ClientDisconnect:
        raise Refused(400, CUT_OFF) from None
    if seen > most:
        raise _too_large(most, words)


def _fits(headers: Headers, most: int, words: str) -> None:
    """Refuses a body that says itself that it is far too large, before any of it is read."""
    said = headers.get("content-length", "0")
    if said.isdigit() and int(said) > 2 * most:
        raise _too_large(most, words)


def _too_large(most: int, words: str) -> Refused:
    allowed = f"at most {most / 1e6:.3g} MB"
    return Refused.misfit([Problem("file", "more", allowed, words.format(most=f"{most / 1e6:.3g}"))], 413)
