"""Films, slides and other files of a figure, each written when it is asked for and kept nowhere."""

from __future__ import annotations

import asyncio
import json
import secrets
import tempfile
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi import Path as PathParam
from starlette.responses import StreamingResponse

from ....core.problems import Problem
from ....core.texts import get_language, make_text, use_language
from ....export.export_options import EXPORT_KINDS, ExportFile, ExportOptions
from ....export.export_task import pack_export, read_estimate, read_progress
from ....export.film.film_files import FILM_KINDS, INSTALL_MP4, find_ffmpeg
from ....export.option_reader import OPTION_NAMES, read_options
from ...app_state import AppState, get_app_state, get_query_string
from ...figure_replies import find_answer, require_trace
from ...openapi.openapi import EXPORTED_FILE, SCENE_BODY, describe_call
from ...openapi.parameters import EXPORT_OPTIONS, FIGURE_KEYS, MAP, SHOWN_STAGE
from ...requests.disconnects import cancel_on_disconnect
from ...requests.figure_params import read_posted_scene
from ...requests.public_url import get_client_network
from ...requests.query_params import RequestParams, read_api_params
from ...responses.http_errors import HTTPError, make_problem_reply
from ...responses.ready_response import NO_CACHE, Reply, ReplyResponse
from ...work.fair_queue import Work
from ..comparison.compare_file import FILE_HEADERS
from .share import get_shared_base

OWN_KEYS = (*OPTION_NAMES, "picture", "estimate", "progress")
FILM_COST, FILE_COST = 10_000.0, 1_000.0
"""About how long a film and another file take, in milliseconds."""
POLL_SECONDS = 0.25
"""How often the progress of a film is told."""
NOT_INSTALLED = 501
JSON_TYPE = "application/json"
KindParam = Annotated[
    str, PathParam(description="The kind of file.", examples=["gif"], json_schema_extra={"enum": list(EXPORT_KINDS)})
]

router = APIRouter()


@dataclass(frozen=True, slots=True)
class _Order:
    """A file that was asked for: its figure, what was chosen, and whether an estimate or its progress is wanted."""

    params: RequestParams
    options: ExportOptions
    has_estimate: bool
    has_progress: bool


@router.get(
    "/api/export/{kind}",
    tags=["export"],
    openapi_extra=describe_call(
        SHOWN_STAGE,
        MAP,
        *EXPORT_OPTIONS,
        scene=True,
        view=FIGURE_KEYS,
        content=EXPORTED_FILE,
        statuses=(410, 422, NOT_INSTALLED),
    ),
)
async def get_file(request: Request, kind: KindParam) -> Response:
    """The figure as a film, slides, a page to print, tables or arrays.

    `estimate=1` says in JSON how many pictures and seconds a film has, and about how many bytes. With `progress=1` the
    response is a multipart stream: lines of JSON with the pictures that are drawn, `done` of `all`; its last part is
    the file, or the problem. A client that leaves stops the work.
    """
    params = read_api_params(get_query_string(request), get_app_state(request).limits, OWN_KEYS)
    return await _send_file(request, kind, params)


@router.post(
    "/api/export/{kind}",
    tags=["export"],
    openapi_extra=describe_call(
        SHOWN_STAGE,
        MAP,
        *EXPORT_OPTIONS,
        view=FIGURE_KEYS,
        content=EXPORTED_FILE,
        statuses=(410, 422, NOT_INSTALLED),
        body=SCENE_BODY,
    ),
)
async def post_file(request: Request, kind: KindParam) -> Response:
    """A figure that is sent as JSON as a film, slides, a page to print, tables or arrays."""
    return await _send_file(request, kind, await read_posted_scene(request, OWN_KEYS))


async def _send_file(request: Request, kind: str, params: RequestParams) -> Response:
    order = _read_order(kind, params)
    require_trace(await find_answer(request, params))
    state = get_app_state(request)
    if order.has_estimate:
        file = await cancel_on_disconnect(request, _write(state, order, request))
        return ReplyResponse(Reply(json.dumps(_describe_estimate(file)).encode(), JSON_TYPE, headers=NO_CACHE))
    if order.has_progress:
        boundary = secrets.token_hex(12)
        stream = _stream(state, order, request, boundary)
        return StreamingResponse(stream, media_type=f"multipart/mixed; boundary={boundary}", headers=dict(NO_CACHE))
    file = await cancel_on_disconnect(request, _write(state, order, request))
    headers = {**FILE_HEADERS, **NO_CACHE, "Content-Disposition": _name(file)}
    return ReplyResponse(Reply(file.data, file.media_type, headers=headers))


def _read_order(kind: str, params: RequestParams) -> _Order:
    """Raises HTTPError for an option that is not allowed, a picture without a yes, and what is not installed."""
    given = {name: value for name, value in params.own_params.items() if name in OPTION_NAMES}
    options, problems = read_options(kind, given)
    if problems:
        raise HTTPError.from_problems(problems)
    may_have_picture = params.get_choice("picture", ("0", "1")) == "1"
    if params.upload_ids and not may_have_picture:
        raise HTTPError.for_value("not_with_picture", "picture", params.own_params.get("picture", "0"), "1")
    has_estimate = params.get_choice("estimate", ("0", "1")) == "1"
    if has_estimate and options.kind not in FILM_KINDS:
        raise HTTPError.for_value("estimate_of_film", "estimate", "1", make_text("film_kinds"))
    if options.kind == "mp4" and find_ffmpeg() is None:
        text = make_text("film_no_mp4", command=INSTALL_MP4)
        raise HTTPError(NOT_INSTALLED, text, [Problem("kind", "mp4", "gif, webp", text)])
    return _Order(params, options, has_estimate, params.get_choice("progress", ("0", "1")) == "1")


async def _write(state: AppState, order: _Order, request: Request, progress_file: str = "") -> ExportFile:
    params, address = order.params, get_client_network(request)
    base = get_shared_base(request)
    cost = FILM_COST if order.options.kind in FILM_KINDS and not order.has_estimate else FILE_COST
    packed = pack_export(params.scene, params.view, order.options, base, order.has_estimate, progress_file)
    async with state.stored_inputs.hold(params.upload_ids, Work(address)):
        return await state.export_pool.run(packed, Work(address, cost))


def _describe_estimate(file: ExportFile) -> dict[str, object]:
    estimate = read_estimate(file)
    return {**asdict(estimate), "seconds": round(estimate.seconds, 2)}


async def _stream(state: AppState, order: _Order, request: Request, boundary: str) -> AsyncIterator[bytes]:
    """The parts of the stream. The work is cancelled with it, when the client leaves."""
    part = partial(_make_part, boundary)
    with tempfile.TemporaryDirectory() as folder, use_language(get_language()):
        counted = Path(folder) / "progress"
        work = asyncio.ensure_future(_write(state, order, request, str(counted)))
        told = None
        try:
            while not (await asyncio.wait({work}, timeout=POLL_SECONDS))[0]:
                now = read_progress(counted)
                if now and now != told:
                    told = now
                    yield part({"Content-Type": JSON_TYPE}, json.dumps({"done": now[0], "all": now[1]}).encode())
            file = work.result()
        except HTTPError as error:
            reply = make_problem_reply(error)
            yield part({"Content-Type": reply.media_type, "Status": str(error.status)}, reply.body)
        else:
            yield part({"Content-Type": file.media_type, "Content-Disposition": _name(file)}, file.data)
        finally:
            work.cancel()
    yield f"--{boundary}--\r\n".encode()


def _make_part(boundary: str, headers: dict[str, str], body: bytes) -> bytes:
    head = {**headers, "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"--{boundary}\r\n{lines}\r\n".encode() + body + b"\r\n"


def _name(file: ExportFile) -> str:
    return f'attachment; filename="{file.name}"'
