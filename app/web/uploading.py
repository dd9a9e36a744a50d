"""Pictures and weights on their way in: the body read with a limit, decoded elsewhere, kept for a while."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from typing import TypeVar

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request

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
from .form import BadForm, FileForm
from .refusal import Refused
from .words import BODY_TOO_LARGE, CUT_OFF, NO_STORE, TOO_LARGE, TOO_SLOW

log = logging.getLogger(__name__)
T = TypeVar("T")

SECONDS = 120
"""A body that has not arrived by then is given up."""
AT_ONCE = 24
"""Bodies in memory at once; further ones wait in their sockets."""
FORM_BYTES = 10_000
"""What the form around a file of the largest size may add to the body."""
PLAIN = ("application/octet-stream", "")
"""Kinds of a body that is the file itself."""


class Uploads:
    """The way in. The decoder is made when the first file comes."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._pictures, self._weights = _tasks(settings)
        self._decoder: Decoder | None = None
        self._at_once = asyncio.Semaphore(AT_ONCE)

    def has(self, id: str) -> bool:
        """Whether an upload is still there; asking counts as using it."""
        return self._store.touch(id)

    def get(self, id: str) -> Picture | None:
        """The pixels of an upload that is still there."""
        return self._store.get(id)

    async def receive(self, request: Request) -> Stored:
        """Reads a form, decodes its file, keeps the pixels. Raises Refused for everything else."""
        _fits(request.headers, self._settings.upload_bytes + FORM_BYTES, TOO_LARGE)
        async with self._at_once:
            data = await self._file(request, self._settings.upload_bytes)
            decoded = await self._decode(self._pictures, data)
            del data
        return await asyncio.to_thread(self._keep, decoded)

    async def receive_weights(self, request: Request, title: str) -> tuple[Stored, FirstLayer]:
        """Reads a body or a form, finds the first layer in it, keeps that alone. Raises Refused for everything else."""
        most = self._settings.weights_bytes
        _fits(request.headers, most + FORM_BYTES, TOO_LARGE)
        async with self._at_once:
            data = await self._file(request, most, request.headers.get("content-type", "") not in PLAIN)
            layer = await self._decode(self._weights, data)
            del data
        return await asyncio.to_thread(self._keep_weights, layer, title), layer

    def get_weights(self, id: str) -> bytes | None:
        """The file of weights that are still there."""
        return self._store.get_file(id)

    async def delete(self, id: str, token: str) -> bool:
        """Deletes an upload for whoever has its token."""
        return await asyncio.to_thread(self._store.delete, id, token)

    async def purge(self, every: float = 600) -> None:
        """Deletes what has expired, now and again, for as long as the server runs."""
        while True:
            try:
                await asyncio.to_thread(self._store.purge)
            except OSError:
                log.exception("the store could not be cleared of what has expired")
            await asyncio.sleep(every)

    async def close(self) -> None:
        """Ends the decoding processes."""
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
            raise Refused(503, str(full), headers={"Retry-After": str(full.retry_after)}) from full
        except OSError as error:
            log.exception("the store could not be written")
            raise Refused(503, NO_STORE, headers={"Retry-After": "60"}) from error

    def _ready_decoder(self) -> Decoder:
        if self._decoder is None:
            tasks, settings = (self._pictures, self._weights), self._settings
            workers, seconds, memory = settings.decode_workers, settings.decode_seconds, settings.decode_memory
            self._decoder = Decoder(tasks, workers, seconds, memory)
        return self._decoder


def _tasks(settings: Settings) -> tuple[Task[Decoded], Task[FirstLayer]]:
    """What is made of pictures and of weights, within the limits of the settings."""
    pixels = round(settings.upload_megapixels * 1e6)
    pictures = DecodeLimits(pixels, settings.upload_side, settings.upload_scans, settings.working_side)
    weights = ReadLimits(settings.weights_instructions, settings.weights_members)
    return picture_task(pictures), weights_task(weights)


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
