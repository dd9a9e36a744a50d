"""The API of a figure: its Trace, its steps, its maps as pictures, and thumbnails of the classic filters."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from ...core.explain import explain_step
from ...core.messages import make_range
from ...core.scene import Numbers, Scene
from ...core.texts import make_text
from ...core.trace.trace import Stage, Trace, get_read
from ...core.trace.wire import trace_to_bytes, trace_to_json
from ...core.weights.kernels import KERNELS
from ...lab import LabResult
from ...render.color import Scale
from ...render.embedded_link import embed_link
from ...render.figure_content.question_panel import make_answer_data
from ...render.kernel_thumbnails import draw_kernel_thumbnails
from ...render.map_image import render_map_png
from ..app_state import AppState, get_app_state, get_query_string
from ..figure_replies import ReplySpec, require_trace, send_figure_reply
from ..network_replies import asks_for_parts, send_network_reply
from ..openapi.openapi import BINARY_FILE, PNG_FILE, SCENE_BODY, describe_call, json_content
from ..openapi.parameters import (
    COUNT,
    MAP,
    MAPS,
    ONE_MAP,
    ONLY,
    PIXELS,
    PREVIEW,
    REVEAL,
    SCALE,
    STAGE,
    STAGES,
    START,
    SWEEP,
    SWEEP_FROM,
    SWEEP_STEP,
    SWEEP_TO,
    make_view_parameters,
)
from ..requests.figure_params import get_map_index, get_stage, read_posted_scene
from ..requests.public_url import get_public_url
from ..requests.query_params import RequestParams, read_api_params
from ..requests.request_route import RequestRoute
from ..responses.http_errors import HTTPError
from ..responses.ready_response import BINARY_TYPE, PNG_TYPE, Reply, make_json_reply
from ..sweep_replies import send_sweep_reply
from ..work.work_executor import PNG_MS

MAX_STEPS = 1_000
STEPS_PER_MS = 10
"""How many steps take about a millisecond."""
MAX_TERMS = 100_000
"""The limit of numbers in the windows of one response."""
TRACE_KEYS = ("stages", "only", "format", "reveal")
TRAY_SIDE = 48
MAX_PICTURE_SIDE = 4_096
DEFAULT_PICTURE_SIDE = 512

router = APIRouter(tags=["figure"], route_class=RequestRoute)


@router.get(
    "/api/trace",
    openapi_extra=describe_call(
        STAGES, ONLY, REVEAL, PREVIEW, MAPS, scene=True, content=BINARY_FILE, statuses=(410, 422, 503)
    ),
)
async def get_trace(request: Request) -> Response:
    """Every stage of a figure as one safetensors file: maps, weights, geometry.

    With `format=json`, the response is that of /api/trace.json. With `preview` or `maps`, it has small previews of all
    maps and the chosen maps alone, within the limits of large networks.
    """
    query = get_query_string(request)
    if asks_for_parts(query):
        return await send_network_reply(request, TRACE_KEYS)
    return await _send_trace(request, read_api_params(query, get_app_state(request).limits, TRACE_KEYS))


@router.post(
    "/api/trace",
    openapi_extra=describe_call(
        STAGES, ONLY, REVEAL, PREVIEW, MAPS, content=BINARY_FILE, statuses=(410, 422, 503), body=SCENE_BODY
    ),
)
async def post_trace(request: Request) -> Response:
    """Every stage of a figure that is sent as JSON, as one safetensors file.

    The scene in the body may be longer than a link. With `format=json`, the response is that of /api/trace.json. With
    `preview` or `maps`, the response is as that of GET with these keys.
    """
    if asks_for_parts(get_query_string(request)):
        return await send_network_reply(request, TRACE_KEYS, is_posted=True)
    return await _send_trace(request, await read_posted_scene(request, TRACE_KEYS))


@router.get(
    "/api/trace.json",
    openapi_extra=describe_call(STAGES, REVEAL, scene=True, content=json_content("Trace"), statuses=(410, 422)),
)
async def get_trace_json(request: Request) -> Response:
    """Every stage of a figure as JSON, with its numbers in lists, for people and small figures."""
    return await _send_trace(
        request, read_api_params(get_query_string(request), get_app_state(request).limits, ("stages", "reveal")), "json"
    )


@router.post(
    "/api/trace.json",
    openapi_extra=describe_call(STAGES, REVEAL, content=json_content("Trace"), statuses=(410, 422), body=SCENE_BODY),
)
async def post_trace_json(request: Request) -> Response:
    """Every stage of a figure that is sent as JSON, as JSON too."""
    return await _send_trace(request, await read_posted_scene(request, ("stages", "reveal")), "json")


@router.get(
    "/api/steps",
    openapi_extra=describe_call(
        STAGE, MAP, START, COUNT, scene=True, content=json_content("Steps"), statuses=(410, 422)
    ),
)
async def get_steps(request: Request) -> Response:
    """The computation at each position of a stage: window, values, weights, products, sum, bias, result."""
    state = get_app_state(request)
    params = read_api_params(get_query_string(request), state.limits, ("start", "count"))
    count = params.get_whole_number("count", 1, 1, MAX_STEPS)
    start = params.get_whole_number("start", 0, 0, 10**9)
    key = ("steps", params.link, params.stage, params.view.map, start, count)
    spec = ReplySpec(key, lambda answer: _make_steps_reply(params, answer, start, count), extra_ms=count / STEPS_PER_MS)
    return await send_figure_reply(request, params, spec)


@router.get(
    "/api/sweep",
    openapi_extra=describe_call(
        STAGE,
        MAP,
        *make_view_parameters(("at",)),
        SWEEP,
        SWEEP_FROM,
        SWEEP_TO,
        SWEEP_STEP,
        scene=True,
        content=json_content("Sweep"),
        statuses=(410, 422, 503),
    ),
)
async def get_sweep(request: Request) -> Response:
    """The response of a cell while the picture is turned or shifted, value by value: a tuning curve.

    `sweep=turn` runs through degrees, `down` and `right` through cells of the shift; a value takes the place of what
    `adjust` says of it. Without `at`, the response is the largest number of the map. Each response is the number of the
    Trace of the figure with that value.
    """
    return await send_sweep_reply(request)


@router.get(
    "/api/picture.png",
    openapi_extra=describe_call(
        STAGE, ONE_MAP, SCALE, PIXELS, scene=True, view=("colors", "scope"), content=PNG_FILE, statuses=(410, 422)
    ),
)
async def get_map_picture(request: Request) -> Response:
    """One map of a figure as a picture, in PNG.

    Without `map`, the three channels of a photo come as one picture in color. The file carries the figure: dropped on
    the Lab it opens as it was.
    """
    state = get_app_state(request)
    params = read_api_params(get_query_string(request), state.limits, ("scale", "pixels"))
    scale = params.get_whole_number("scale", 0, 1, 64) if "scale" in params.own_params else 0
    has_map = "map" in params.given_keys
    pixels = params.get_choice("pixels", ("0", "1")) == "1"
    key = ("picture", params.full_link, has_map, scale, pixels)

    def build(answer: LabResult) -> Reply:
        body = embed_link(
            _make_map_png(params, answer, scale, has_map), require_trace(answer), answer.scene, params.view, pixels
        )
        return Reply(body, PNG_TYPE)

    return await send_figure_reply(request, params, ReplySpec(key, build, extra_ms=PNG_MS / 4))


@router.get(
    "/api/tray", openapi_extra=describe_call(STAGE, scene=True, content=json_content("Tray"), statuses=(410, 422))
)
async def get_tray(request: Request) -> Response:
    """What each classic filter makes of the input of a convolution, as small pictures in `data:` addresses."""
    state = get_app_state(request)
    params = read_api_params(get_query_string(request), state.limits)
    small_params = replace(params, scene=_shrink_scene(params.scene))
    try:
        return await _send_tray(request, params, small_params)
    except HTTPError:  # a window may fit the figure, and not one of few cells
        if small_params == params:
            raise
        return await _send_tray(request, params, params)


async def _send_tray(request: Request, params: RequestParams, computed: RequestParams) -> Response:
    key = ("tray", computed.link, params.stage)
    return await send_figure_reply(request, computed, ReplySpec(key, lambda answer: _make_tray_reply(params, answer)))


async def _send_trace(request: Request, params: RequestParams, file_format: str = "") -> Response:
    state = get_app_state(request)
    file_format = file_format or params.get_choice("format", ("safetensors", "json"))
    stages, only = params.get_whole_numbers("stages", 512), params.get_whole_numbers("only", 512)
    prefix = get_public_url(request).prefix
    reveals = params.get_choice("reveal", ("0", "1")) == "1"
    key = ("trace", prefix, params.link, file_format, stages, only)

    def reply(answer: LabResult) -> Reply:
        if file_format == "json":
            return _make_json_reply(state, answer, stages if only is None else only)
        return _make_bytes_reply(state, answer, stages, only)

    spec = ReplySpec(
        key,
        lambda answer: _add_location(state, answer, reply(answer), prefix),
        reveals=reveals,
        as_text=file_format == "json",
    )
    return await send_figure_reply(request, params, spec)


def _make_bytes_reply(
    state: AppState, answer: LabResult, stages: tuple[int, ...] | None, only: tuple[int, ...] | None
) -> Reply:
    trace = require_trace(answer)
    for stage in (*(stages or ()), *(only or ())):
        get_stage(trace, stage)
    body = trace_to_bytes(trace, _make_header(answer), stages, state.settings.wire_float_bytes, only)
    return Reply(body, BINARY_TYPE)


def _make_header(answer: LabResult) -> dict[str, object]:
    """The header of the arrays, with the answer to the question of the link once it is revealed."""
    is_revealed = answer.question is not None and answer.trace is answer.whole
    return {**answer.header(), **({"answer": make_answer_data(answer)} if is_revealed else {})}


def _make_json_reply(state: AppState, answer: LabResult, stages: tuple[int, ...] | None) -> Reply:
    """The Trace as JSON with the numbers of some stages, by default of all. Raises HTTPError for too many numbers."""
    trace = require_trace(answer)
    shown = range(len(trace.stages)) if stages is None else stages
    numbers = sum(get_stage(trace, stage).output.size for stage in shown)
    most = state.settings.wire_float_bytes // 4
    if numbers > most:
        allowed = make_text("format_allowed")
        raise HTTPError.for_value("too_many_numbers", "format", "json", allowed, numbers=numbers, most=most)
    return make_json_reply(trace_to_json(trace, _make_header(answer), shown))


def _add_location(state: AppState, answer: LabResult, reply: Reply, prefix: str) -> Reply:
    """The reply with the canonical address of the figure, if that is short enough."""
    if answer.question is not None or len(answer.link) > state.limits.link_characters:
        return reply
    where = f"{prefix}/api/trace?{answer.link}" if answer.link else f"{prefix}/api/trace"
    return replace(reply, headers={**reply.headers, "Content-Location": where})


def _make_steps_reply(params: RequestParams, answer: LabResult, start: int, count: int) -> Reply:
    trace = require_trace(answer)
    stage = get_stage(trace, params.stage)
    map_index = get_map_index(stage, params.view.map)
    if params.stage == 0:
        allowed = make_range(1, len(trace.stages) - 1)
        raise HTTPError.for_value("no_steps", "stage", 0, allowed, stage=0)
    _, rows, columns = stage.output.shape
    positions = range(_count_known(answer, stage))[start : start + count]
    _check_term_count(trace, stage, len(positions))
    steps = [explain_step(trace, params.stage, map_index, *divmod(position, columns)) for position in positions]
    figure = {"version": trace.version, "link": answer.link, "problems": [p.to_json() for p in answer.problems]}
    place = {
        "stage": params.stage,
        "map": map_index,
        "start": start,
        "count": len(steps),
        "positions": rows * columns,
    }
    return make_json_reply({**figure, **place, "steps": steps})


def _count_known(answer: LabResult, stage: Stage) -> int:
    """The positions of a stage, in reading order, whose steps a link may know: those before a cell that it asks for."""
    _, rows, columns = stage.output.shape
    question = None if answer.trace is answer.whole else answer.question
    if question is None or question.kind != "cell" or question.stage != stage.info.index:
        return int(rows * columns)
    return int(question.cell[0] * columns + question.cell[1])


def _check_term_count(trace: Trace, stage: Stage, count: int) -> None:
    """Raises HTTPError if the windows of some positions have too many numbers for one response."""
    geometry = stage.geometry
    window = geometry.rows.kernel * geometry.columns.kernel if geometry else 1
    depth = stage.weight.shape[1] if stage.weight is not None else 1
    terms = max(1, window * depth)
    if terms * count > MAX_TERMS:
        fitting = max(1, MAX_TERMS // terms)
        allowed = make_range(1, str(fitting))
        parts = {"count": str(count), "terms": terms * count, "most": MAX_TERMS, "fitting": str(fitting)}
        raise HTTPError.for_value("too_many_terms", "count", count, allowed, **parts)


def _make_map_png(params: RequestParams, answer: LabResult, scale: int, has_map: bool) -> bytes:
    stage = get_stage(require_trace(answer), params.stage)
    map_index = get_map_index(stage, params.view.map)
    side = max(stage.output.shape[1:])
    most = max(1, MAX_PICTURE_SIDE // side)
    pixels = min(scale or max(1, DEFAULT_PICTURE_SIDE // side), most)
    return render_map_png(stage, map_index if has_map else None, params.view.colors, params.view.scope, pixels)


def _shrink_scene(scene: Scene) -> Scene:
    """The same figure with few cells, enough for thumbnails."""
    if isinstance(scene.shown_image, Numbers):
        return scene
    longest = max(scene.size)
    if longest <= TRAY_SIDE:
        return scene
    rows, columns = (max(1, round(side * TRAY_SIDE / longest)) for side in scene.size)
    return replace(scene, size=(rows, columns))


def _make_tray_reply(params: RequestParams, answer: LabResult) -> Reply:
    trace = require_trace(answer)
    stage = get_stage(trace, params.stage)
    if "filters" not in stage.info.operation.capabilities:
        number, allowed = params.stage, make_text("convolution_allowed")
        raise HTTPError.for_value("no_convolution_there", "stage", number, allowed, stage=number)
    before = get_read(trace, stage)
    scale = before.info.scale
    step = -(-max(before.output.shape[1:]) // TRAY_SIDE)
    maps = before.output[:, ::step, ::step]
    return make_json_reply(draw_kernel_thumbnails(maps, Scale(*scale) if scale else None, KERNELS))
