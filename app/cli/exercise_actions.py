"""What the command on exercises does: writes a set of them as a file."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from ..core.texts import make_text
from .actions import CommandError, describe_os_error

if TYPE_CHECKING:
    from ..exercises.files.question_html import ExerciseFile

SUFFIXES = (".xml", ".gift", ".zip", ".html", ".json")
SETTINGS = ("variants", "seed", "tries", "tolerance")


def run_exercises(options: argparse.Namespace) -> None:
    """Write the exercises in the format that the name of the file has."""
    from ..exercises.exercise_maker import check_file_size, make_variants
    from ..exercises.exercise_picture import render_exercise_png
    from ..exercises.files.question_html import ExerciseFile
    from ..exercises.set_reader import ExerciseError, read_set
    from ..local_lab import compute_link

    write = _choose_writer(options)
    given = {name: getattr(options, name) for name in SETTINGS if getattr(options, name)}
    try:
        chosen = read_set({"exercises": "~".join(options.exercises), **given})
        check_file_size(chosen)
        sheets = tuple(make_variants(chosen, compute_link))
        body = write(ExerciseFile(chosen, sheets, lambda one: render_exercise_png(one, compute_link)))
        options.output.write_bytes(body)
    except ExerciseError as error:
        raise CommandError(error) from error
    except OSError as error:
        raise CommandError(describe_os_error(error)) from error
    counts = {"specs": len(chosen.specs), "variants": chosen.variants, "size": len(body)}
    print(make_text("exercises_written", file=str(options.output), **counts))


def _choose_writer(options: argparse.Namespace) -> Callable[[ExerciseFile], bytes]:
    from ..core.messages import join_names
    from ..exercises.files.exercises_json import write_exercises_json
    from ..exercises.files.gift import write_gift
    from ..exercises.files.moodle_xml import write_moodle_xml
    from ..exercises.files.print_sheet import write_print_sheet
    from ..exercises.files.qti_package import write_qti_package

    writers: Mapping[str, Callable[[ExerciseFile], bytes]] = {
        ".xml": write_moodle_xml,
        ".gift": write_gift,
        ".zip": write_qti_package,
        ".html": partial(write_print_sheet, paper=options.paper),
        ".json": write_exercises_json,
    }
    suffix = options.output.suffix.lower()
    if suffix not in writers:
        allowed = join_names(SUFFIXES)
        shown = suffix or make_text("nothing_shown")
        raise CommandError(make_text("exercises_suffix", file=str(options.output), value=shown, allowed=allowed))
    return writers[suffix]
