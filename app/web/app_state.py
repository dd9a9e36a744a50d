"""Everything that a worker process keeps between requests."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.types import Scope

from .. import __version__
from ..core.limits import Limits
from ..images.samples import Samples, load_samples
from ..images.store.store import Store
from ..lab import Lab, LabResult
from ..models.library import Models, load_models
from ..resources import resource
from ..settings import Settings
from .metrics import Metrics
from .requests.disconnects import unless_gone
from .requests.forwarded import Outside, outside_of, place_of
from .requests.query_params import Asked
from .responses.http_errors import Refused
from .responses.ready_response import Reply, Sent, matches, tag
from .static_files import Statics, fingerprint_of, read_statics
from .work.cache import Flights, Shelf
from .work.fair_queue import Work
from .work.stored_inputs import AtHand
from .work.uploads import Uploads
from .work.work_executor import SMALL, Workplace, cost_of

REPLIES_ROOM = 48_000_000
ANSWERS_ROOM = 96_000_000
SHORTCUTS_ROOM = 8_000_000
SHORTCUT_BYTES = 4_000
SHORTCUT_QUERY = 1_000
"""Longer queries have no shortcut: the room is for a class that looks at the same few figures."""
PUBLIC, PRIVATE = "no-cache", "private, no-cache"


@dataclass(frozen=True, slots=True)
class Computed:
    """What to send, and how: `key` names the answer, `reply` makes it from what the Lab answered.

    `extra` is how many milliseconds the reply takes beside the figure; with `text` it writes all numbers as text.
    One that is not kept `by_address` depends on more than its path and query.
    """

    key: tuple[object, ...]
    reply: Callable[[LabResult], Reply]
    repair: bool = False
    extra: float = 0
    text: bool = False
    by_address: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """The parts of the server and its three shelves: finished replies, Traces, and what a raw address stands for.

    `salt` is the hash of code, templates, samples and weights; it goes into every ETag.
    """

    settings: Settings
    limits: Limits
    samples: Samples
    models: Models
    lab: Lab
    uploads: Uploads
    at_hand: AtHand
    statics: Statics
    work: Workplace
    metrics: Metrics
    salt: str
    replies: Shelf[Reply] = field(default_factory=lambda: Shelf(REPLIES_ROOM, lambda reply: reply.size))
    answers: Shelf[LabResult] = field(default_factory=lambda: Shelf(ANSWERS_ROOM, _answer_size))
    shortcuts: Shelf[tuple[object, ...]] = field(
        default_factory=lambda: Shelf(SHORTCUTS_ROOM, lambda _: SHORTCUT_BYTES)
    )
    flights: Flights[Reply] = field(default_factory=Flights)
    computing: Flights[LabResult] = field(default_factory=Flights)

    async def send(self, request: Request, asked: Asked, computed: Computed) -> Sent:
        """The reply to a scene: found ready, or computed once for all who ask for it now."""
        present = await self.uploads.has(asked.brought)
        key = (*computed.key, present, asked.problems)
        reply = self.replies.get(key)
        self.metrics.found(reply is not None)
        if reply is None:
            etag = tag(self.salt, key)
            if matches(request.headers.get("if-none-match", ""), etag):
                return Sent(Reply(b"", "", 304, {"Cache-Control": _cache(asked)}, etag))
            work = Work(place_of(request), cost_of(asked.scene, self.lab, computed.text) + computed.extra)
            making = _Making(self, asked, computed, key, etag, work, present)
            quick = work.cost <= SMALL
            reply = await (
                making.here() if quick else unless_gone(request, self.flights.share(key, making.in_a_thread))
            )
        scope = request.scope
        lasting = computed.by_address and not asked.brought
        if lasting and scope["method"] == "GET" and len(scope["query_string"]) <= SHORTCUT_QUERY:
            self.shortcuts.put(address(scope), key)
        return Sent(reply)

    def forget(self, id: str) -> None:
        """Drops all that this process remembers of an upload, since it was deleted."""
        self.lab.forget(id)
        self.answers.drop(id)
        self.replies.drop(id)


@dataclass(frozen=True, slots=True, eq=False)
class _Making:
    """A reply on its way. The Lab's answer is kept too, since a page is soon followed by its Trace.

    `present` says whether each thing that the scene reads out of the store was there when it was asked for.
    """

    site: Site
    asked: Asked
    computed: Computed
    key: tuple[object, ...]
    etag: str
    work: Work
    present: tuple[bool, ...]

    async def here(self) -> Reply:
        """For small scenes: in the event loop."""
        return await self.site.work.run_here(self._ready_or_made, self.work)

    def _ready_or_made(self) -> Reply:
        """The reply, which somebody else may have asked for in the meantime."""
        ready = self.site.replies.get(self.key)
        if ready is not None:
            return ready
        answer = self._kept()
        if answer is None:
            answer = self._keep(self._compute())
        return self._store(self._made(answer))

    async def in_a_thread(self) -> Reply:
        """For all others: whoever asks first for an answer has it computed and its reply made in one turn."""
        made: list[Reply] = []

        def compute() -> LabResult:
            answer = self._compute()
            with suppress(Refused):  # this reply alone; others may want the same answer in another form
                made.append(self._made(answer))
            return answer

        answer = self._kept()
        if answer is None:
            key = (*self._answer_key, self.computed.repair)
            answer = self._keep(await self.site.computing.share(key, partial(self._run, compute)))
        ready = answer
        return self._store(made[0] if made else await self.site.work.run(lambda: self._made(ready), self.work))

    async def _run(self, compute: Callable[[], LabResult]) -> LabResult:
        async with self.site.at_hand.having(self.asked.brought, self.work):
            return await self.site.work.run(compute, self.work)

    @property
    def _answer_key(self) -> tuple[object, ...]:
        return self.asked.scene, self.present

    def _kept(self) -> LabResult | None:
        return self.site.answers.get(self._answer_key)

    def _keep(self, answer: LabResult) -> LabResult:
        if answer.trace is not None and not answer.errors and not answer.gone:
            self.site.answers.put(self._answer_key, answer)
        return answer

    def _compute(self) -> LabResult:
        started = time.perf_counter()
        answer = self.site.lab.compute(self.asked.scene, (), self.computed.repair)
        self.site.metrics.trace_seconds.observe(time.perf_counter() - started)
        return answer

    def _with_problems(self, answer: LabResult) -> LabResult:
        """The answer with what was wrong in the request before what is wrong with the scene, if it may be sent."""
        if not self.computed.repair:
            _must_be_good(answer)
        before = self.asked.problems
        return replace(answer, problems=(*before, *answer.problems)) if before else answer

    def _made(self, answer: LabResult) -> Reply:
        """The reply with all that is sent of it, zipped too, which takes as long as some arithmetic does.

        What was there and could not be read may be read later: its reply has no ETag and is not kept.
        """
        made = self.computed.reply(self._with_problems(answer))
        headers = {"Cache-Control": _cache(self.asked), **made.headers}
        etag = "" if answer.gone and all(self.present) else self.etag
        return Reply(made.body, made.kind, made.status, headers, etag, made.zipped).packed()

    def _store(self, reply: Reply) -> Reply:
        if reply.etag:
            self.site.replies.put(self.key, reply)
        return reply


def make_site(settings: Settings) -> Site:
    """The site for these settings."""
    folders = (resource("sample_images"), settings.samples)
    samples = load_samples(*folders)
    store = Store(settings.store, settings.store_seconds, settings.store_bytes, settings.store_protect_seconds)
    uploads = Uploads(settings, store)
    at_hand = AtHand(store, uploads.threads, settings.figures_waiting)
    models = Models(load_models(resource("models/data"), settings.models), at_hand.get_file)
    statics = read_statics(resource("static"))
    own = (Path(__file__).resolve().parents[1], resource("static"), resource("templates"))
    return Site(
        settings,
        settings.limits(),
        samples,
        models,
        Lab(samples, at_hand, settings.limits(), models),
        uploads,
        at_hand,
        statics,
        Workplace(settings.threads, settings.heavy_per_address, settings.figures_waiting),
        Metrics(__version__, statics.build),
        fingerprint_of(*own, *folders, settings.models),
    )


def site_of(request: Request) -> Site:
    """The site that answers this request."""
    site: Site = request.app.state.site
    return site


def address(scope: Scope) -> tuple[str, bytes, Outside]:
    """What a GET asks for, as it was written, and under which address: pages say their own."""
    return scope["path"], scope["query_string"], outside_of(scope)


def query_of(request: Request) -> str:
    """The query string as it was sent, undecoded."""
    raw: bytes = request.scope["query_string"]
    return raw.decode("utf-8", errors="replace")


def _cache(asked: Asked) -> str:
    return PRIVATE if asked.brought else PUBLIC


def _must_be_good(answer: LabResult) -> None:
    if answer.gone:
        raise Refused.misfit(answer.problems, 410)
    if answer.errors or answer.trace is None:
        raise Refused.misfit(answer.problems)


def _answer_size(answer: LabResult) -> int:
    """At least a hundredth of the room: a Trace is many small objects, and thousands of them burden the collector."""
    stages = answer.trace.stages if answer.trace else ()
    return max(ANSWERS_ROOM // 100, sum(stage.output.nbytes for stage in stages))
