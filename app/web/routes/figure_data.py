"""The API of a figure: its Trace, its steps, its maps as pictures, and the tray of filters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response

from ...core.explain import explain_step
from ...core.scene import Planes, Scene
from ...core.trace.trace import Stage, Trace
from ...core.trace.wire import trace_to_bytes, trace_to_json
from ...core.weights.kernels import KERNELS
from ...lab import LabResult
from ...render.color import Scale
from ...render.embedded_link import carrying
from ...render.kernel_thumbnails import tray
from ...render.map_image import map_png
from ..app_state import Computed, Site, query_of, site_of
from ..http_messages import NO_CONVOLUTION, NO_STEPS, TOO_MANY_NUMBERS, TOO_MANY_TERMS
from ..openapi.openapi import BYTES, PICTURE, SCENE_BODY, describe, json_of
from ..openapi.parameters import COUNT, MAP, ONE_MAP, ONLY, PIXELS, SCALE, STAGE, STAGES, START
from ..requests.forwarded import outside_of
from ..requests.posted_scene import read_posted
from ..requests.query_params import Asked, ask_api
from ..requests.stage_choice import chosen_map, chosen_stage
from ..responses.http_errors import Refused
from ..responses.ready_response import Reply, json_reply
from ..work.work_executor import PICTURE_COST

SAFETENSORS = "application/octet-stream"
PNG = "image/png"
STEPS = 1_000
STEPS_WRITTEN = 10
"""So many steps take about a millisecond."""
TERMS = 100_000
"""Numbers of windows in one answer of steps."""
KEYS = ("stages", "only", "format")
TRAY_SIDE = 48
PICTURE_SIDE = 4_096
USUAL_SIDE = 512

router = APIRouter(tags=["figure"])


@router.get("/api/trace", openapi_extra=describe(STAGES, ONLY, scene=True, answers=BYTES, statuses=(410, 422)))
async def get_trace(request: Request) -> Response:
    """Every stage of a figure as one safetensors file: maps, weights, geometry.

    With `format=json` it answers what /api/trace.json does.
    """
    return await _trace(request, ask_api(query_of(request), site_of(request).limits, KEYS))


@router.post("/api/trace", openapi_extra=describe(STAGES, ONLY, answers=BYTES, statuses=(410, 422), body=SCENE_BODY))
async def post_trace(request: Request) -> Response:
    """Every stage of a figure that is sent as JSON, as one safetensors file.

    The scene in the body may be longer than a link. With `format=json` it answers what /api/trace.json does.
    """
    return await _trace(request, await read_posted(request, KEYS))


@router.get(
    "/api/trace.json", openapi_extra=describe(STAGES, scene=True, answers=json_of("Trace"), statuses=(410, 422))
)
async def get_trace_json(request: Request) -> Response:
    """Every stage of a figure as JSON, with its numbers in lists, for people and small figures."""
    return await _trace(request, ask_api(query_of(request), site_of(request).limits, ("stages",)), "json")


@router.post(
    "/api/trace.json",
    openapi_extra=describe(STAGES, answers=json_of("Trace"), statuses=(410, 422), body=SCENE_BODY),
)
async def post_trace_json(request: Request) -> Response:
    """Every stage of a figure that is sent as JSON, as JSON too."""
    return await _trace(request, await read_posted(request, ("stages",)), "json")


@router.get(
    "/api/steps",
    openapi_extra=describe(STAGE, MAP, START, COUNT, scene=True, answers=json_of("Steps"), statuses=(410, 422)),
)
async def get_steps(request: Request) -> Response:
    """What happens at each position of a stage, step by step: window, values, weights, products, sum, bias, result."""
    site = site_of(request)
    asked = ask_api(query_of(request), site.limits, ("start", "count"))
    count = asked.whole("count", 1, 1, STEPS)
    start = asked.whole("start", 0, 0, 10**9)
    key = ("steps", asked.link, asked.view.stage, asked.view.map, start, count)
    computed = Computed(key, lambda answer: _steps(asked, answer, start, count), extra=count / STEPS_WRITTEN)
    return await site.send(request, asked, computed)


@router.get(
    "/api/picture.png",
    openapi_extra=describe(
        STAGE, ONE_MAP, SCALE, PIXELS, scene=True, view=("colors", "scope"), answers=PICTURE, statuses=(410, 422)
    ),
)
async def get_map_picture(request: Request) -> Response:
    """One map of a figure as a picture, in PNG.

    Without `map`, three channels that are a photo come as one in color. The file carries the figure: dropped on the
    Lab it opens as it was.
    """
    site = site_of(request)
    asked = ask_api(query_of(request), site.limits, ("scale", "pixels"))
    scale = asked.whole("scale", 0, 1, 64) if "scale" in asked.own else 0
    one = "map" in asked.given
    pixels = asked.word("pixels", ("0", "1")) == "1"
    key = ("picture", asked.full_link, one, scale, pixels)

    def made(answer: LabResult) -> Reply:
        body = carrying(_picture(asked, answer, scale, one), _trace_of(answer), answer.scene, asked.view, pixels)
        return Reply(body, PNG)

    return await site.send(request, asked, Computed(key, made, extra=PICTURE_COST / 4))


@router.get("/api/tray", openapi_extra=describe(STAGE, scene=True, answers=json_of("Tray"), statuses=(410, 422)))
async def get_tray(request: Request) -> Response:
    """What each classic filter would make of the input of a convolution, as small pictures in `data:` addresses."""
    site = site_of(request)
    asked = ask_api(query_of(request), site.limits)
    small = replace(asked, scene=_in_small(asked.scene))
    key = ("tray", small.link, asked.view.stage)
    return await site.send(request, small, Computed(key, lambda answer: _tray(asked, answer)))


async def _trace(request: Request, asked: Asked, form: str = "") -> Response:
    site = site_of(request)
    form = form or asked.word("format", ("safetensors", "json"))
    stages, only = asked.wholes("stages", 512), asked.wholes("only", 512)
    prefix = outside_of(request).prefix
    key = ("trace", prefix, asked.link, form, stages, only)

    def reply(answer: LabResult) -> Reply:
        if form == "json":
            return _as_json(site, answer, stages if only is None else only)
        return _as_bytes(site, answer, stages, only)

    computed = Computed(key, lambda answer: _located(site, answer, reply(answer), prefix), text=form == "json")
    return await site.send(request, asked, computed)


def _trace_of(answer: LabResult) -> Trace:
    if answer.trace is None:
        raise Refused.misfit(answer.problems)
    return answer.trace


def _as_bytes(site: Site, answer: LabResult, stages: tuple[int, ...] | None, only: tuple[int, ...] | None) -> Reply:
    trace = _trace_of(answer)
    for stage in (*(stages or ()), *(only or ())):
        chosen_stage(trace, stage)
    body = trace_to_bytes(trace, answer.header(), stages, site.settings.wire_float_bytes, only)
    return Reply(body, SAFETENSORS)


def _as_json(site: Site, answer: LabResult, stages: tuple[int, ...] | None) -> Reply:
    """The Trace for people: the numbers of all stages, or of those asked for, which may not be too many."""
    trace = _trace_of(answer)
    shown = range(len(trace.stages)) if stages is None else stages
    numbers = sum(chosen_stage(trace, stage).output.size for stage in shown)
    most = site.settings.wire_float_bytes // 4
    if numbers > most:
        words = TOO_MANY_NUMBERS.format(numbers=numbers, most=most)
        raise Refused.value("format", "json", "safetensors, or fewer stages", words)
    whole = trace_to_json(replace(trace, stages=tuple(trace.stages[stage] for stage in shown)), answer.header())
    chosen: Any = whole["stages"]
    entries: list[object] = [stage.meta for stage in trace.stages]
    for stage, entry in zip(shown, chosen, strict=True):
        entries[stage] = entry
    return json_reply({**whole, "stages": entries})


def _located(site: Site, answer: LabResult, reply: Reply, prefix: str) -> Reply:
    """With the canonical address of the figure, where it is short enough to be one."""
    if len(answer.link) > site.limits.link_characters:
        return reply
    where = f"{prefix}/api/trace?{answer.link}" if answer.link else f"{prefix}/api/trace"
    return replace(reply, headers={**reply.headers, "Content-Location": where})


def _steps(asked: Asked, answer: LabResult, start: int, count: int) -> Reply:
    trace = _trace_of(answer)
    stage = chosen_stage(trace, asked.view.stage)
    map = chosen_map(stage, asked.view.map)
    if asked.view.stage == 0:
        raise Refused.value("stage", 0, f"1 to {len(trace.stages) - 1}", NO_STEPS.format(stage=0))
    _, rows, columns = stage.output.shape
    positions = range(rows * columns)[start : start + count]
    _few_enough(trace, stage, len(positions))
    steps = [explain_step(trace, asked.view.stage, map, *divmod(position, columns)) for position in positions]
    figure = {"version": trace.version, "link": answer.link, "problems": [p.to_json() for p in answer.problems]}
    place = {"stage": asked.view.stage, "map": map, "start": start, "count": len(steps), "positions": rows * columns}
    return json_reply({**figure, **place, "steps": steps})


def _few_enough(trace: Trace, stage: Stage, count: int) -> None:
    """Refuses positions whose windows hold more numbers than one answer should."""
    rows: Any = stage.meta.get("rows")
    columns: Any = stage.meta.get("columns")
    window = rows["kernel"] * columns["kernel"] if rows and columns else 1
    depth = stage.weight.shape[1] if stage.weight is not None else 1
    terms = max(1, window * depth)
    if terms * count > TERMS:
        fitting = max(1, TERMS // terms)
        words = TOO_MANY_TERMS.format(value=count, count=count, terms=terms * count, most=TERMS, fitting=fitting)
        raise Refused.value("count", count, f"1 to {fitting}", words)


def _picture(asked: Asked, answer: LabResult, scale: int, one: bool) -> bytes:
    stage = chosen_stage(_trace_of(answer), asked.view.stage)
    map = chosen_map(stage, asked.view.map)
    side = max(stage.output.shape[1:])
    most = max(1, PICTURE_SIDE // side)
    pixels = min(scale or max(1, USUAL_SIDE // side), most)
    return map_png(stage, map if one else None, asked.view.colors, asked.view.scope, pixels)


def _in_small(scene: Scene) -> Scene:
    """The same figure with few cells, which is enough for a thumbnail."""
    if isinstance(scene.image, Planes):
        return scene
    longest = max(scene.size)
    if longest <= TRAY_SIDE:
        return scene
    rows, columns = (max(1, round(side * TRAY_SIDE / longest)) for side in scene.size)
    return replace(scene, size=(rows, columns))


def _tray(asked: Asked, answer: LabResult) -> Reply:
    trace = _trace_of(answer)
    stage = chosen_stage(trace, asked.view.stage)
    if stage.meta["op"] != "conv":
        words = NO_CONVOLUTION.format(stage=asked.view.stage)
        raise Refused.value("stage", asked.view.stage, "a convolution's", words)
    before = trace.stages[asked.view.stage - 1]
    scale: Any = before.meta["scale"]
    step = -(-max(before.output.shape[1:]) // TRAY_SIDE)
    maps = before.output[:, ::step, ::step]
    return json_reply(tray(maps, Scale(*scale) if scale else None, KERNELS))
