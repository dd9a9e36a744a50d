"""Replies that show a figure: found in a cache, or computed once for all requests that need them now."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from starlette.requests import Request

from ..core.trace.trace import Trace
from ..lab import LabResult
from ..lab.asking import ask
from .app_state import AppState, get_address_key, get_app_state
from .requests.disconnects import cancel_on_disconnect
from .requests.public_url import get_client_network
from .requests.query_params import RequestParams
from .responses.http_errors import HTTPError
from .responses.ready_response import Reply, ReplyResponse, make_etag, matches_etag
from .work.fair_queue import Work
from .work.work_executor import SMALL_MS, estimate_cost

SHORTCUT_QUERY = 1_000
"""Longer queries have no shortcut, which is for a class that opens the same few figures."""
PUBLIC, PRIVATE = "no-cache", "private, no-cache"


@dataclass(frozen=True, slots=True)
class ReplySpec:
    """How to build a reply: `key` identifies it, `build` makes it from the Lab's answer.

    `repair` lets the Lab repair the scene. `reveals` shows what the link hides until its question is answered.
    `extra_ms` is the time for the reply beyond that for the figure; `as_text` says that it writes all numbers as text.
    `has_shortcut` says that it depends on nothing but its address.
    """

    key: tuple[object, ...]
    build: Callable[[LabResult], Reply]
    repair: bool = False
    reveals: bool = False
    extra_ms: float = 0
    as_text: bool = False
    has_shortcut: bool = True


async def send_figure_reply(request: Request, params: RequestParams, spec: ReplySpec) -> ReplyResponse:
    """The reply to a request for a figure: cached, or computed once for all requests that need it now."""
    state = get_app_state(request)
    present = await state.uploads.touch(params.upload_ids)
    key = (*spec.key, present, params.problems, *_list_question_keys(params, spec))
    reply = state.replies.get(key)
    state.metrics.count_lookup(reply is not None)
    if reply is None:
        etag = make_etag(state.content_hash, key)
        if matches_etag(request.headers.get("if-none-match", ""), etag):
            return ReplyResponse(Reply(b"", "", 304, {"Cache-Control": get_cache_control(params)}, etag))
        work = Work(get_client_network(request), estimate_cost(params.scene, state.lab, spec.as_text) + spec.extra_ms)
        builder = _ReplyBuilder(state, params, spec, key, etag, work, present)
        is_small = work.cost <= SMALL_MS
        reply = await (
            builder.build_in_event_loop()
            if is_small
            else cancel_on_disconnect(request, state.reply_flights.run_once(key, builder.build_in_thread))
        )
    scope = request.scope
    has_shortcut = spec.has_shortcut and not params.upload_ids
    if has_shortcut and scope["method"] == "GET" and len(scope["query_string"]) <= SHORTCUT_QUERY:
        state.shortcuts.put(get_address_key(scope), key)
    return ReplyResponse(reply)


async def find_answer(request: Request, params: RequestParams) -> LabResult:
    """The Lab's answer to a request for a figure, repaired: cached, or computed once for all that need it now."""
    state = get_app_state(request)
    present = await state.uploads.touch(params.upload_ids)
    work = Work(get_client_network(request), estimate_cost(params.scene, state.lab))
    spec = ReplySpec((), _refuse_reply, repair=True)
    return await _ReplyBuilder(state, params, spec, (), "", work, present).find_answer()


def _refuse_reply(_: LabResult) -> Reply:
    raise NotImplementedError("an answer without a reply of its own")


@dataclass(frozen=True, slots=True, eq=False)
class _ReplyBuilder:
    """Builds a reply. The Lab's answer is cached too, since a page soon requests its Trace.

    `present` says of each upload of the scene whether it was stored when the request arrived.
    """

    state: AppState
    params: RequestParams
    spec: ReplySpec
    key: tuple[object, ...]
    etag: str
    work: Work
    present: tuple[bool, ...]

    async def build_in_event_loop(self) -> Reply:
        """Builds the reply of a small scene in the event loop."""
        return await self.state.executor.run_in_event_loop(self._get_or_build, self.work)

    def _get_or_build(self) -> Reply:
        """The reply from the cache, where another request may have put it in the meantime, or a new one."""
        ready = self.state.replies.get(self.key)
        if ready is not None:
            return ready
        answer = self._get_cached_answer()
        if answer is None:
            answer = self._cache_answer(self._compute_answer())
        return self._cache_reply(self._build_reply(answer))

    async def find_answer(self) -> LabResult:
        """The answer alone, with the problems of the request before those of the scene."""
        answer = self._get_cached_answer()
        if answer is None and self.work.cost <= SMALL_MS:
            answer = self._cache_answer(await self.state.executor.run_in_event_loop(self._compute_answer, self.work))
        elif answer is None:
            key = (*self._answer_key, self.spec.repair)
            answer = self._cache_answer(
                await self.state.answer_flights.run_once(key, partial(self._compute_in_thread, self._compute_answer))
            )
        return replace(answer, problems=(*self.params.problems, *answer.problems))

    async def build_in_thread(self) -> Reply:
        """Builds the reply in a thread; the first request for an answer computes it and its reply in one turn."""
        made: list[Reply] = []

        def compute() -> LabResult:
            answer = self._compute_answer()
            with suppress(HTTPError):  # of this reply alone; others may need the same answer in another form
                made.append(self._build_reply(answer))
            return answer

        answer = self._get_cached_answer()
        if answer is None:
            key = (*self._answer_key, self.spec.repair)
            answer = self._cache_answer(
                await self.state.answer_flights.run_once(key, partial(self._compute_in_thread, compute))
            )
        ready = answer
        return self._cache_reply(
            made[0] if made else await self.state.executor.run(lambda: self._build_reply(ready), self.work)
        )

    async def _compute_in_thread(self, compute: Callable[[], LabResult]) -> LabResult:
        async with self.state.stored_inputs.hold(self.params.upload_ids, self.work):
            return await self.state.executor.run(compute, self.work)

    @property
    def _answer_key(self) -> tuple[object, ...]:
        return self.params.scene, self.present

    def _get_cached_answer(self) -> LabResult | None:
        return self.state.answers.get(self._answer_key)

    def _cache_answer(self, answer: LabResult) -> LabResult:
        if answer.trace is not None and not answer.errors and not answer.gone:
            self.state.answers.put(self._answer_key, answer)
        return answer

    def _compute_answer(self) -> LabResult:
        started = time.perf_counter()
        answer = self.state.lab.compute(self.params.scene, (), self.spec.repair)
        self.state.metrics.trace_seconds.observe(time.perf_counter() - started)
        return answer

    def _add_request_problems(self, answer: LabResult) -> LabResult:
        """The answer with the problems of the request before those of the scene, and without what the link hides.

        Raises HTTPError for errors.
        """
        if not self.spec.repair:
            _check_answer(answer)
        before = self.params.problems
        answer = replace(answer, problems=(*before, *answer.problems)) if before else answer
        return ask(answer, self.params.view, self.spec.reveals)

    def _build_reply(self, answer: LabResult) -> Reply:
        """The reply with all headers and its compressed body.

        If a stored upload could not be read, it may be readable later: the reply has no ETag and is not cached.
        """
        made = self.spec.build(self._add_request_problems(answer))
        headers = {"Cache-Control": get_cache_control(self.params), **made.headers}
        etag = "" if answer.gone and all(self.present) else self.etag
        return Reply(made.body, made.media_type, made.status, headers, etag, made.gzipped).with_gzip()

    def _cache_reply(self, reply: Reply) -> Reply:
        if reply.etag:
            self.state.replies.put(self.key, reply)
        return reply


def require_trace(answer: LabResult) -> Trace:
    """The Trace of an answer. Raises HTTPError if there is none, which a repaired answer always has."""
    if answer.trace is None:
        raise HTTPError.from_problems(answer.problems)
    return answer.trace


def _list_question_keys(params: RequestParams, spec: ReplySpec) -> tuple[object, ...]:
    """What a reply to a link with a question depends on, in addition; nothing for all others."""
    view = params.view
    return (view.predict, view.stage, view.map, view.at, spec.reveals) if view.predict else ()


def get_cache_control(params: RequestParams) -> str:
    """The Cache-Control of a reply: caches on the way keep none that shows an upload."""
    return PRIVATE if params.upload_ids else PUBLIC


def _check_answer(answer: LabResult) -> None:
    if answer.gone:
        raise HTTPError.from_problems(answer.problems, 410)
    if answer.errors or answer.trace is None:
        raise HTTPError.from_problems(answer.problems)
