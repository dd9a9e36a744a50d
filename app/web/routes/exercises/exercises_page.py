"""The page that makes exercises, the page on which a student answers them, and their pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request, Response

from ....core.texts import make_text
from ....exercises.exercise import KINDS, Exercise, ExerciseSet
from ....exercises.exercise_maker import list_seeds, make_numbered, make_sheet
from ....exercises.exercise_options import KIND_OPTIONS, MOST_SEED, MOST_SPECS, MOST_TRIES, MOST_VARIANTS, POINTS
from ....exercises.exercise_picture import render_exercise_png
from ....exercises.exercise_texts import write_exercise_text
from ....exercises.files.exercises_json import exercise_to_json
from ....exercises.set_reader import DEFAULT_SET, SET_KEYS, ExerciseError, read_set, write_set
from ....lab import ComputeLink
from ....render.page_texts import write_page_text
from ....render.templates import to_script_json
from ...app_state import get_app_state, get_query_string
from ...requests.query_params import read_choice, read_page_params
from ...requests.request_route import RequestRoute
from ...responses.http_errors import HTTPError
from ...responses.open_graph import get_base_url, make_preview
from ...responses.ready_response import NO_CACHE, PNG_TYPE, Reply, ReplyResponse, make_etag
from ..pages import SITE_NAME, Pages
from .exercise_requests import EXERCISE_MS, MOST_PAGE_MS, read_api_set, run_with_exercises

SHOWN_SEEDS = 3
"""So many variants has the preview."""
TOLERANCES = ("0", "0.1", "0.25", "0.5")
THEMES = ("light", "dark")
UNESCAPED = "=&,~.()-"

router = APIRouter(include_in_schema=False, route_class=RequestRoute)


@router.get("/exercises")
async def get_exercises_page(request: Request) -> Response:
    """The page that makes exercises: what is chosen, a preview, files, and the links of the students."""
    chosen, problem = _read_page_set(request)
    sheets, refusal = await _find_sheets(request, chosen, list_seeds(chosen)[:SHOWN_SEEDS])
    problem = problem or refusal
    values = _read_values(request)
    context = {
        "chosen": chosen,
        "problem": problem,
        "sheets": sheets,
        "query": quote(write_set(chosen), safe=UNESCAPED),
        "without_seed": _write_without_seed(chosen),
        "range_of": lambda least, most: range(least, most + 1),
        "links": [(seed, quote(write_try_query(chosen, seed), safe=UNESCAPED)) for seed in list_seeds(chosen)],
        "kinds": KINDS,
        "ranges": KIND_OPTIONS,
        "points": POINTS,
        "tolerances": tuple(dict.fromkeys((*TOLERANCES, chosen.tolerance))),
        "limits": {"specs": MOST_SPECS, "variants": MOST_VARIANTS, "seed": MOST_SEED, "tries": MOST_TRIES},
        "answers": values.get("answers") == "1",
        "heading": write_page_text("page_exercises"),
    }
    return _send_page(request, "exercises.html", "/exercises", context)


@router.get("/exercises/try")
async def get_try_page(request: Request) -> Response:
    """The page on which a student answers the exercises of a seed; nothing is recorded."""
    chosen, problem = _read_page_set(request)
    sheets, refusal = await _find_sheets(request, chosen, [chosen.seed])
    problem = problem or refusal
    sheet = sheets[0] if sheets and not problem else ()
    data = {
        "tries": chosen.tries,
        "tolerance": chosen.tolerance,
        "exercises": [exercise_to_json(one) for one in sheet],
    }
    context = {
        "chosen": chosen,
        "problem": problem,
        "sheet": sheet,
        "query": quote(write_try_query(chosen, chosen.seed), safe=UNESCAPED),
        "data": to_script_json(data),
        "heading": write_page_text("page_exercises_seed_of", seed=chosen.seed),
    }
    return _send_page(request, "exercises-try.html", "/exercises/try", context, "../")


@router.get("/exercises/picture.png")
async def get_exercise_picture(request: Request) -> Response:
    """The picture of an exercise of a set, without its answer: `seed`, `number` from 1, `theme`."""
    state = get_app_state(request)
    chosen, own = read_api_set(request, "number", "theme")
    numbers = tuple(str(number) for number in range(1, len(chosen.specs) + 1))
    number, theme = read_choice(own, "number", numbers), read_choice(own, "theme", THEMES)
    key = ("exercise_picture", write_set(chosen), chosen.seed, number, theme)
    reply = state.replies.get(key)
    if reply is None:

        def make(compute: ComputeLink) -> bytes:
            return render_exercise_png(make_numbered(chosen, int(number), chosen.seed, compute), compute, theme)

        picture = await run_with_exercises(request, make, MOST_PAGE_MS)
        reply = Reply(picture, PNG_TYPE, headers=NO_CACHE, etag=make_etag(picture))
        state.replies.put(key, reply)
    return ReplyResponse(reply)


def write_try_query(chosen: ExerciseSet, seed: int) -> str:
    """The query string of a student's page: the set with one seed."""
    query = write_set(replace(chosen, seed=seed, variants=DEFAULT_SET.variants))
    return query if "seed=" in query else "&".join(filter(None, (query, f"seed={seed}")))


def _write_without_seed(chosen: ExerciseSet) -> str:
    """The beginning of the address of a picture, which its seed follows."""
    query = quote(write_set(ExerciseSet(chosen.specs)), safe=UNESCAPED)
    return f"{query}&" if query else ""


async def _find_sheets(
    request: Request, chosen: ExerciseSet, seeds: Sequence[int]
) -> tuple[list[tuple[Exercise, ...]], str]:
    """The exercises of each seed, and "", or none and why there are none. Raises HTTPError (429, 503)."""
    cost = min(MOST_PAGE_MS, len(seeds) * len(chosen.specs) * EXERCISE_MS)

    def make(compute: ComputeLink) -> list[tuple[Exercise, ...]]:
        return [make_sheet(chosen, seed, compute) for seed in seeds]

    try:
        return await run_with_exercises(request, make, cost), ""
    except HTTPError as error:
        if error.status != 422:
            raise
        return [], str(error.detail)


def _read_values(request: Request) -> dict[str, str]:
    pairs = (part.partition("=") for part in get_query_string(request).split("&") if part)
    return {key: unquote(value, errors="replace") for key, _, value in pairs}


def _read_page_set(request: Request) -> tuple[ExerciseSet, str]:
    """The set of a page, and the sentence on what is wrong with its address: then it is the usual set."""
    values = _read_values(request)
    try:
        return read_set({key: values[key] for key in SET_KEYS if key in values}), ""
    except ExerciseError as error:
        return DEFAULT_SET, str(error)


def _send_page(
    request: Request, template: str, path: str, context: dict[str, object], root: str = "./"
) -> ReplyResponse:
    pages: Pages = request.app.state.pages
    params = read_page_params("", get_app_state(request).limits)
    theme = _read_values(request).get("theme", "")
    view = replace(params.view, theme=theme) if theme in (*THEMES, "projector") else params.view
    full = {
        "preview": make_preview(get_base_url(request), path, "", ""),
        "title": f"{context['heading']} · {SITE_NAME}",
        "description": make_text("exercises_description"),
        "view": view,
        "has_filters": bool(get_app_state(request).models),
        "kind_titles": {kind: write_exercise_text(f"exercise_kind_{kind}") for kind in KINDS},
        "option_titles": {
            name: write_exercise_text(f"exercise_option_{name}")
            for name in ("size", "filter", "stride", "padding", "channels", "points")
        },
        "script": "exercises",
        **context,
    }
    return ReplyResponse(pages.render_checked(template, full, root))
