"""The task that writes a file of a figure in a worker process: see `app/processes`.

The process computes the figure itself, so that nothing of it is kept on the server, and is killed with its work.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..core.limits import Limits
from ..core.link.query_string import format_view
from ..core.link.scene_json import scene_to_json
from ..core.scene import Scene, View
from ..core.texts import add_catalogue, get_language, make_text
from ..lab.network_task import NetworkFolders
from ..processes.task import Task, TaskSentences
from .export_options import FORMATS, ExportFile, ExportKind, ExportLimits, ExportOptions, FilmEstimate
from .paper.question_sheet import SheetChoice, SheetQuestion

SENTENCES = TaskSentences(
    field="kind",
    no_memory="export_no_memory",
    failed="export_failed",
    stopped="export_stopped",
    too_slow="export_too_slow",
    unavailable="export_unavailable",
    crashed="export_crashed",
)
TASK_TEXTS = add_catalogue(
    {
        "export_expected": "a figure that can be written to a file",
        "export_no_memory": "There is not enough memory to write this file. A smaller or shorter one fits.",
        "export_failed": "This file could not be written; the server has noted why.",
        "export_stopped": "The work on this file was stopped. Please try again.",
        "export_too_slow": "This file was not written within {seconds} seconds. A smaller or shorter one is quicker.",
        "export_unavailable": "Files cannot be written just now. Please try again.",
        "export_crashed": "The process that wrote this file has ended. Please try again.",
        "export_refused": "{sentence}",
    }
)
WRITER = f"{__name__.removesuffix('task')}work:make_writer"
"""Named, not imported: the libraries that write files are loaded in the worker process alone."""
MOST_FILE_BYTES = 200_000_000


def make_export_task(folders: NetworkFolders, limits: Limits, export_limits: ExportLimits) -> Task[ExportFile]:
    """A task that writes a file; `pack_export` makes its data."""
    settings = {"folders": asdict(folders), "limits": asdict(limits), "export": asdict(export_limits)}
    expected = make_text("export_expected")
    return Task(WRITER, settings, _unpack_export, MOST_FILE_BYTES, expected, sentences=SENTENCES)


def pack_export(
    scene: Scene, view: View, options: ExportOptions, base: str, estimate: bool = False, progress_file: str = ""
) -> bytes:
    """The data for the task: the figure, what was chosen for the file, and the address that it links to.

    With `estimate` the file says in JSON what the film would be. The pictures that are drawn are counted in
    `progress_file`.
    """
    request = {
        "scene": scene_to_json(scene),
        "view": format_view(view),
        "options": asdict(options),
        "base": base,
        "estimate": estimate,
        "progress": progress_file,
        "language": get_language(),
    }
    return json.dumps(request).encode()


def pack_sheet(title: str, questions: Sequence[SheetQuestion], paper: str) -> bytes:
    """The data for the task: questions to print as a PDF."""
    sheet = {"title": title, "questions": [asdict(one) for one in questions], "paper": paper}
    return json.dumps({"sheet": sheet, "language": get_language()}).encode()


def read_sheet_question(given: Mapping[str, Any]) -> SheetQuestion:
    """A question as `pack_sheet` packed it."""
    choices = tuple(map(_read_choice, given["choices"]))
    facts, asked = tuple(given["facts"]), _read_choice(given["asked"])
    return SheetQuestion(given["query"], given["sentence"], choices, given["answer"], facts, asked)


def _read_choice(given: Mapping[str, Any]) -> SheetChoice:
    return SheetChoice(given["text"], given["png"], tuple(tuple(row) for row in given["filter"]))


def read_progress(file: Path) -> tuple[int, int] | None:
    """How many pictures are drawn, and of how many; None before the first."""
    try:
        done, _, all = file.read_text(encoding="ascii").partition(" ")
        return int(done), int(all)
    except (OSError, ValueError):
        return None


def read_estimate(file: ExportFile) -> FilmEstimate:
    """The estimate that the task made."""
    return FilmEstimate(**json.loads(file.data))


def _unpack_export(head: Mapping[str, Any], body: bytes) -> ExportFile:
    kind: ExportKind = head["kind"]
    name = head["name"]
    if kind not in FORMATS or not isinstance(name, str) or not 0 < len(name) <= 120 or "/" in name:
        raise ValueError("not a file of a known kind")
    return ExportFile(name, FORMATS[kind].media_type, body)
