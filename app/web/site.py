"""Everything that a worker process keeps between requests."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from starlette.requests import Request

from ..core.limits import Limits
from ..core.scene import Upload
from ..images.samples import Samples, load_samples
from ..images.store import Store
from ..lab import Answer, Lab
from ..resources import resource
from ..settings import Settings
from .asked import Asked
from .metrics import Metrics
from .refusal import Refused
from .reply import Reply, Sent, matches, tag
from .shelf import Flights, Shelf
from .statics import Statics, fingerprint_of, read_statics
from .uploading import Uploads
from .work import Threads, is_small

REPLIES_ROOM = 48_000_000
ANSWERS_ROOM = 96_000_000
SHORTCUTS_ROOM = 8_000_000
PUBLIC, PRIVATE = "no-cache", "private, no-cache"


@dataclass(frozen=True, slots=True)
class Computed:
    """What to send, and how: `key` names the answer, `reply` makes it from what the Lab answered."""

    key: tuple[object, ...]
    reply: Callable[[Answer], Reply]
    repair: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """The parts of the server and its three shelves: finished replies, Traces, and what a raw address stands for.

    `salt` is the hash of code, templates, samples and weights; it goes into every ETag.
    """

    settings: Settings
    limits: Limits
    samples: Samples
    lab: Lab
    uploads: Uploads
    statics: Statics
    threads: Threads
    metrics: Metrics
    salt: str
    replies: Shelf[Reply] = field(default_factory=lambda: Shelf(REPLIES_ROOM, lambda reply: reply.size))
    answers: Shelf[Answer] = field(default_factory=lambda: Shelf(ANSWERS_ROOM, _answer_size))
    shortcuts: Shelf[tuple[object, ...]] = field(default_factory=lambda: Shelf(SHORTCUTS_ROOM, lambda key: 400))
    flights: Flights[Reply] = field(default_factory=Flights)
    computing: Flights[Answer] = field(default_factory=Flights)

    async def send(self, request: Request, asked: Asked, computed: Computed) -> Sent:
        """The reply to a scene: found ready, or computed once for all who ask for it now."""
        present = self.is_present(asked)
        key = (*computed.key, present, asked.problems)
        etag = tag(self.salt, key)
        reply = self.replies.get(key)
        if reply is None and matches(request.headers.get("if-none-match", ""), etag):
            return Sent(Reply(b"", "", 304, {"Cache-Control": _cache(asked)}, etag))
        self.metrics.shelf.labels("miss" if reply is None else "hit").inc()
        if reply is None and is_small(asked.scene):
            reply = await self._make(asked, computed, key, etag)  # done at once: nobody can ask in between
        elif reply is None:
            reply = await self.flights.share(key, lambda: self._make(asked, computed, key, etag))
        if request.method == "GET" and asked.upload is None and reply.status == 200:
            self.shortcuts.put(address(request.scope), key)
        return Sent(reply)

    async def answer(self, asked: Asked, repair: bool = False) -> Answer:
        """What the Lab answers, with the problems of the request before its own."""
        key = (asked.scene, self.is_present(asked))
        found = self.answers.get(key)
        if found is None:
            if is_small(asked.scene):
                found = await self._compute(asked, repair)
            else:
                found = await self.computing.share((key, repair), lambda: self._compute(asked, repair))
            if not found.errors and not found.gone:
                self.answers.put(key, found)
        return replace(found, problems=(*asked.problems, *found.problems))

    def is_present(self, asked: Asked) -> bool:
        """Whether the picture that a scene reads is there, as far as that can change from request to request."""
        return not isinstance(asked.scene.image, Upload) or self.uploads.has(asked.scene.image.id)

    async def _compute(self, asked: Asked, repair: bool) -> Answer:
        started = time.perf_counter()
        answer = await self.threads.run(lambda: self.lab.answer(asked.scene, (), repair), is_small(asked.scene))
        self.metrics.trace_seconds.observe(time.perf_counter() - started)
        return answer

    async def _make(self, asked: Asked, computed: Computed, key: tuple[object, ...], etag: str) -> Reply:
        answer = await self.answer(asked, computed.repair)
        if not computed.repair:
            _must_be_good(answer)
        reply = await self.threads.run(lambda: computed.reply(answer), is_small(asked.scene))
        reply = replace(reply, etag=etag, headers={"Cache-Control": _cache(asked), **reply.headers}).packed()
        self.replies.put(key, reply)
        return reply


def make_site(settings: Settings) -> Site:
    """The site for these settings."""
    folders = (resource("sample_images"), settings.samples)
    samples = load_samples(*folders)
    store = Store(settings.store, settings.store_seconds, settings.store_bytes, settings.store_protect_seconds)
    own = (Path(__file__).resolve().parents[1], resource("static"), resource("templates"))
    return Site(
        settings,
        settings.limits(),
        samples,
        Lab(samples, store, settings.limits()),
        Uploads(settings, store),
        read_statics(resource("static")),
        Threads(settings.threads),
        Metrics(),
        fingerprint_of(*own, *folders),
    )


def site_of(request: Request) -> Site:
    """The site that answers this request."""
    site: Site = request.app.state.site
    return site


def address(scope: object) -> tuple[str, bytes]:
    """What a GET asks for, as it was written."""
    return scope["path"], scope["query_string"]  # type: ignore[index]


def query_of(request: Request) -> str:
    """The query string as it was sent, undecoded."""
    raw: bytes = request.scope["query_string"]
    return raw.decode("utf-8", errors="replace")


def _cache(asked: Asked) -> str:
    return PUBLIC if asked.upload is None else PRIVATE


def _must_be_good(answer: Answer) -> None:
    if answer.gone:
        raise Refused.misfit(answer.problems, 410)
    if answer.errors or answer.trace is None:
        raise Refused.misfit(answer.problems)


def _answer_size(answer: Answer) -> int:
    """At least a hundredth of the room: a Trace is many small objects, and thousands of them burden the collector."""
    stages = answer.trace.stages if answer.trace else ()
    return max(ANSWERS_ROOM // 100, sum(stage.output.nbytes for stage in stages))
