"""Exercises as files for courses, as a sheet to print, as JSON, and the links of the students as a table."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import partial
from io import StringIO

from fastapi import APIRouter, Request, Response

from ....exercises.exercise import ExerciseSet
from ....exercises.exercise_maker import check_file_size, list_seeds, make_variants
from ....exercises.exercise_picture import render_exercise_png
from ....exercises.files.exercises_json import exercises_to_json
from ....exercises.files.gift import write_gift
from ....exercises.files.moodle_xml import write_moodle_xml
from ....exercises.files.print_sheet import PAPERS, write_print_sheet
from ....exercises.files.qti_package import write_qti_package
from ....exercises.files.question_html import ExerciseFile
from ....exercises.set_reader import ExerciseError
from ....lab import ComputeLink
from ...openapi.openapi import CSV_FILE, HTML_FILE, describe_call, file_content, json_content, text_content
from ...openapi.parameters import EXERCISE_SET, PAPER
from ...requests.query_params import read_choice
from ...requests.request_route import RequestRoute
from ...responses.http_errors import HTTPError
from ...responses.open_graph import get_base_url
from ...responses.ready_response import (
    CSV_TYPE,
    HTML_TYPE,
    NO_CACHE,
    Reply,
    ReplyResponse,
    make_etag,
    make_json_reply,
)
from .exercise_requests import EXERCISE_MS, read_api_set, run_with_exercises
from .exercises_page import write_try_query

PICTURE_MS = 15.0
"""About how many milliseconds the picture of an exercise takes."""
XML_TYPE, GIFT_TYPE, ZIP_TYPE = "text/xml", "text/plain; charset=utf-8", "application/octet-stream"
SHEET_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-modals"
)
"""A sheet has a style and pictures in it, and no script."""
STATUSES = (422, 429, 503)

router = APIRouter(tags=["exercises"], route_class=RequestRoute)


@router.get(
    "/api/exercises.json",
    openapi_extra=describe_call(*EXERCISE_SET, content=json_content("Exercises"), statuses=STATUSES),
)
async def get_exercises(request: Request) -> Response:
    """All variants of a set of exercises with their answers, for programs."""
    chosen, _ = read_api_set(request)
    _check_size(chosen)

    def make(compute: ComputeLink) -> Reply:
        return make_json_reply(exercises_to_json(chosen, tuple(make_variants(chosen, compute))))

    return ReplyResponse(await run_with_exercises(request, make, _count(chosen) * EXERCISE_MS))


@router.get(
    "/api/exercises/moodle.xml",
    openapi_extra=describe_call(*EXERCISE_SET, content=text_content(XML_TYPE), statuses=STATUSES),
)
async def get_moodle_file(request: Request) -> Response:
    """A set of exercises as Moodle XML: a category for each exercise, with a question for each seed and its picture."""
    return await _send_file(request, write_moodle_xml, XML_TYPE, "exercises.xml")


@router.get(
    "/api/exercises/exercises.gift",
    openapi_extra=describe_call(*EXERCISE_SET, content=text_content("text/plain"), statuses=STATUSES),
)
async def get_gift_file(request: Request) -> Response:
    """A set of exercises as GIFT, with pictures as data URLs."""
    return await _send_file(request, write_gift, GIFT_TYPE, "exercises.gift")


@router.get(
    "/api/exercises/qti.zip",
    openapi_extra=describe_call(*EXERCISE_SET, content=file_content(ZIP_TYPE), statuses=STATUSES),
)
async def get_qti_file(request: Request) -> Response:
    """A set of exercises as a package of QTI 2.1: a test that gives each student one variant of each exercise."""
    return await _send_file(request, write_qti_package, ZIP_TYPE, "exercises-qti21.zip")


@router.get(
    "/api/exercises/sheet.html",
    openapi_extra=describe_call(*EXERCISE_SET, PAPER, content=HTML_FILE, statuses=STATUSES),
)
async def get_exercise_sheet(request: Request) -> Response:
    """A set of exercises as a page to print: a sheet for each seed, then the key."""
    chosen, own = read_api_set(request, "paper")
    paper = read_choice(own, "paper", PAPERS)
    body = await _make_file(request, chosen, partial(write_print_sheet, paper=paper))
    headers = {**NO_CACHE, "Content-Security-Policy": SHEET_POLICY}
    return ReplyResponse(Reply(body, HTML_TYPE, headers=headers, etag=make_etag(body)).with_gzip())


@router.get(
    "/api/exercises/links.csv",
    openapi_extra=describe_call(*EXERCISE_SET, content=CSV_FILE),
)
async def get_exercise_links(request: Request) -> Response:
    """The links of a set of exercises as a table: a row for each seed, for a student each."""
    chosen, _ = read_api_set(request)
    base = get_base_url(request)
    table = StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(["seed", "link"])
    writer.writerows([seed, f"{base}/exercises/try?{write_try_query(chosen, seed)}"] for seed in list_seeds(chosen))
    headers = {**NO_CACHE, "Content-Disposition": 'attachment; filename="exercise-links.csv"'}
    return ReplyResponse(Reply(table.getvalue().encode(), CSV_TYPE, headers=headers))


async def _send_file(
    request: Request, write: Callable[[ExerciseFile], bytes], media_type: str, name: str
) -> ReplyResponse:
    chosen, _ = read_api_set(request)
    body = await _make_file(request, chosen, write)
    headers = {**NO_CACHE, "Content-Disposition": f'attachment; filename="{name}"'}
    return ReplyResponse(Reply(body, media_type, headers=headers, etag=make_etag(body)))


async def _make_file(request: Request, chosen: ExerciseSet, write: Callable[[ExerciseFile], bytes]) -> bytes:
    _check_size(chosen)

    def make(compute: ComputeLink) -> bytes:
        sheets = tuple(make_variants(chosen, compute))
        return write(ExerciseFile(chosen, sheets, lambda one: render_exercise_png(one, compute)))

    return await run_with_exercises(request, make, _count(chosen) * (EXERCISE_MS + PICTURE_MS))


def _check_size(chosen: ExerciseSet) -> None:
    try:
        check_file_size(chosen)
    except ExerciseError as error:
        raise HTTPError.from_problems([error.problem]) from error


def _count(chosen: ExerciseSet) -> int:
    return len(chosen.specs) * chosen.variants
