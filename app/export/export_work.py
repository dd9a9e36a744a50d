"""Writes a file of a figure in a worker process: the other side of `export_task`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from ..core.limits import Limits
from ..core.link.query_string import parse_link
from ..core.link.scene_json import scene_from_json
from ..core.messages import remove_repairs
from ..core.scene import Scene
from ..core.texts import make_text, use_language
from ..core.trace.trace import Trace
from ..images.samples import load_samples
from ..images.store.store import Store
from ..lab import Lab
from ..lab.network_task import NetworkFolders
from ..models.library import Models, load_models
from ..processes.file_errors import FileProblem, UnreadableFile
from ..processes.task import FileReader, TaskResult
from ..render.figure.primitives import DisplayList
from ..render.views.response_data import measure_response
from .backends.pdf_backend import write_pdf
from .export_options import ExportLimits, ExportOptions
from .export_task import SENTENCES, read_sheet_question
from .export_writer import estimate_film, write_export
from .exported_figure import ExportedFigure
from .paper.question_sheet import lay_out_question_sheet


def make_writer(settings: Mapping[str, Any]) -> FileReader:
    """The function that writes files in a worker process; it reads uploads from the store, and never writes."""
    folders, limits = NetworkFolders(**settings["folders"]), Limits(**settings["limits"])
    store = Store(Path(folders.store), folders.store_seconds) if folders.store else None
    models = Models(load_models(*map(Path, folders.models)), store.get_file if store else None)
    lab = Lab(load_samples(*map(Path, folders.samples)), store, limits, models)
    return partial(_write_file, lab, limits, ExportLimits(**settings["export"]))


def _write_file(lab: Lab, limits: Limits, export_limits: ExportLimits, data: bytes) -> TaskResult:
    request = json.loads(data)
    with use_language(request["language"]):
        try:
            if "sheet" in request:
                return _write_sheet(lab, request["sheet"])
            return _answer(lab, limits, export_limits, request)
        except ValueError as reason:
            raise _refuse(str(reason)) from reason


def _write_sheet(lab: Lab, given: Mapping[str, Any]) -> TaskResult:
    """Questions as a PDF; a figure that cannot be computed is left out."""
    questions = [read_sheet_question(one) for one in given["questions"]]
    drawn = [(_draw(lab, question.query), question) for question in questions]
    pages = lay_out_question_sheet(given["title"], drawn, given["paper"])
    return TaskResult({"name": "worksheet.pdf", "kind": "pdf"}, write_pdf(pages, given["title"]))


def _draw(lab: Lab, query: str) -> DisplayList | None:
    if not query:
        return None
    answer, view = lab.compute_link(query)
    return ExportedFigure.from_answer(answer, replace(view, theme="light")).lay_out() if answer.trace else None


def _answer(lab: Lab, limits: Limits, export_limits: ExportLimits, request: Mapping[str, Any]) -> TaskResult:
    figure = _compute(lab, limits, request)
    given = request["options"]
    blank = tuple((row, column) for row, column in given["blank"])
    options = ExportOptions(**{**given, "size": (given["size"][0], given["size"][1]), "blank": blank})
    if request["estimate"]:
        estimate = estimate_film(figure, options, export_limits)
        return TaskResult({"name": "estimate.json", "kind": "json"}, json.dumps(asdict(estimate)).encode())
    file = write_export(figure, options, export_limits, _count_in(request["progress"]))
    return TaskResult({"name": file.name, "kind": options.kind}, file.data)


def _compute(lab: Lab, limits: Limits, request: Mapping[str, Any]) -> ExportedFigure:
    scene, problems = scene_from_json(request["scene"], limits)
    view = parse_link(request["view"], limits).view
    answer = lab.compute(scene, problems)
    errors = [problem for problem in answer.problems if problem.severity == "error"]
    if errors or answer.trace is None:
        raise ValueError("\n".join(remove_repairs(problem).message for problem in errors))

    def compute(other: Scene) -> Trace:
        trace = lab.compute(other).trace
        if trace is None:
            raise ValueError(str(make_text("export_expected")))
        return trace

    curve = measure_response(answer, view, compute).curve if view.sweep else None
    return ExportedFigure.from_answer(answer, view, request["base"], curve)


def _count_in(file: str) -> Callable[[int, int], None] | None:
    """What writes into a file how many pictures are drawn, and of how many; None without a file."""
    if not file:
        return None

    def count(done: int, all: int) -> None:
        Path(file).write_text(f"{done} {all}", encoding="ascii")

    return count


def _refuse(sentence: str) -> UnreadableFile:
    allowed = make_text("export_expected")
    return UnreadableFile(
        FileProblem(422, SENTENCES.field, "", allowed, make_text("export_refused", sentence=sentence))
    )
