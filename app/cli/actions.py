"""What each command does, apart from `train`. Settings, server and images are imported where they are used."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.texts import Text, make_text, set_language

if TYPE_CHECKING:
    from ..images.picture import Picture
    from ..models.formats import Candidate
    from ..settings import Settings
    from .render_files import FigureRequest, RenderResult


class CommandError(Exception):
    """A command that cannot be done; the user reads the message."""


def describe_os_error(error: OSError) -> Text:
    """Which file could not be read or written, and why."""
    return make_text("file_error", file=str(error.filename), reason=str(error.strerror))


def _read_settings(options: Sequence[str] = ()) -> Settings:
    """Read the settings; an error names those in `options` as command line options."""
    from pydantic import ValidationError

    from ..settings import Settings, format_errors

    try:
        return Settings()
    except ValidationError as error:
        raise CommandError("\n".join(format_errors(error, options))) from error


def read_settings_and_warn() -> Settings:
    """Read the settings of a command other than serve, and use their language; warn of unknown variables."""
    from ..settings import find_variable_warnings

    for sentence in find_variable_warnings():
        print(sentence, file=sys.stderr)
    settings = _read_settings()
    set_language(settings.language)
    return settings


def run_serve(options: argparse.Namespace) -> None:
    """Start the server."""
    given_names = [name for name in ("host", "port", "workers") if getattr(options, name) is not None]
    for name in given_names:
        # Through the environment, where each server process reads its settings.
        os.environ[f"CONVOSCOPE_{name.upper()}"] = getattr(options, name)
    from ..resources import UnusableFile
    from ..server.serve import CannotListen, serve

    try:
        serve(_read_settings(given_names), open_browser=options.open)
    except (CannotListen, UnusableFile) as error:
        raise CommandError(error) from error


def run_render(options: argparse.Namespace) -> None:
    """Write the file of one figure, those of a list, or a list as one presentation."""
    from ..local_lab import Replacements
    from .export_actions import (
        DECK_KINDS,
        check_no_options,
        export_all,
        export_deck,
        export_one,
        find_kind,
        read_export_options,
    )
    from .render_files import (
        FigureRequest,
        read_base,
        read_requests,
        read_requests_from_stream,
        render_all,
        render_one,
    )

    read_settings_and_warn()
    is_piped = options.scene == "-" or (options.scene is None and not sys.stdin.isatty())
    if not is_piped and options.scene is None:
        raise CommandError(make_text("name_what_to_render"))
    try:
        base = read_base(options.base)
        requests = read_requests_from_stream(sys.stdin.buffer) if is_piped else read_requests(options.scene)
        replacements = Replacements(_read_picture(options.image, options.stretch)) if options.image else None
        is_one = not is_piped and requests == (FigureRequest(options.scene),)
        kind = find_kind(options.kind, options.output)
        export = read_export_options(kind, options) if kind else None
        place = options.output or Path()
        if export is None:
            check_no_options(options)
        if is_one or (kind in DECK_KINDS and options.output and not options.output.is_dir()):
            if export is None:
                print(render_one(requests[0], place, replacements, base))
            elif is_one:
                print(export_one(requests[0], export, place, replacements, base))
            else:
                print(export_deck(requests, export, place, replacements, base))
            return
    except OSError as error:
        raise CommandError(describe_os_error(error)) from error
    except ValueError as error:
        raise CommandError(error) from error
    source = str(make_text("standard_input")) if is_piped else options.scene
    if export is None:
        _render_list(requests, source, render_all(requests, place, replacements, base))
    else:
        _render_list(requests, source, export_all(requests, export, place, replacements, base))


def _render_list(requests: tuple[FigureRequest, ...], source: str, made: Iterable[RenderResult]) -> None:
    """Write the files of a list, print their paths, and report the figures with errors."""
    from .render_files import FileProgressBar

    bar, results, write_error = FileProgressBar(len(requests), sys.stderr), [], ""
    try:
        for result in made:
            bar.advance(result.request.name or result.request.link)
            results.append(result)
    except OSError as error:
        write_error = str(describe_os_error(error))
    for result in results:
        if result.file:
            print(result.file)
    errors = [
        str(make_text("line_error", file=source, line=str(result.request.line), reason=result.error))
        for result in results
        if result.error
    ]
    if errors or write_error:
        missing = len(requests) - len(results) + len(errors)
        lines = [
            *errors,
            *([write_error] if write_error else []),
            str(make_text("figures_missing", missing=missing, count=len(requests))),
        ]
        raise CommandError("\n".join(lines))


def run_add_image(options: argparse.Namespace) -> None:
    """Add a picture to the samples."""
    from ..images.sample_table import read_rows_without_pictures
    from ..images.sample_writer import add_sample, make_sample_name
    from ..images.samples import load_samples
    from ..resources import find_resource

    settings = read_settings_and_warn()
    try:
        name = options.name or make_sample_name(options.file)
        taken = load_samples(find_resource("sample_images"))
        check_new_name(name, (row["name"] for row in read_rows_without_pictures(settings.samples)), options.replace)
        add_sample(settings.samples, _read_picture(options.file, options.stretch).pixels, name, taken=taken)
    except OSError as error:
        raise CommandError(describe_os_error(error)) from error
    except ValueError as error:
        raise CommandError(error) from error
    print(make_text("sample_added", name=name, address=f"/?image={name}"))


def _read_picture(file: Path, stretch: bool) -> Picture:
    """Read a picture from a file; print its notes to standard error."""
    from .render_files import read_picture

    picture = read_picture(file, stretch)
    for note in picture.notes:
        print(make_text("file_note", file=file.name, note=note), file=sys.stderr)
    return picture


def run_add_model(options: argparse.Namespace) -> None:
    """Add a layer from a file of weights to the learned filters."""
    from ..models.custom_model import add_model, check_model_name, make_model_name
    from ..models.formats import OPERATOR_LIMITS, ByteSource, DiskSource, list_layers
    from ..models.library import load_models
    from ..models.remote_file import RemoteFile
    from ..resources import find_resource
    from .additions import list_models

    settings = read_settings_and_warn()
    try:
        name = options.name or make_model_name(options.file)
        remote = RemoteFile(options.file, settings.download_bytes) if "://" in options.file else None
        check_new_name(name, (one.name for one in list_models(settings.models) if one.file), options.replace)
        source: ByteSource = remote or DiskSource(Path(options.file))
        check_model_name(name, load_models(find_resource("models/data")))
        layer = add_model(settings.models, source, name, layer=options.layer)
        others = list_layers(source, OPERATOR_LIMITS)[1:] if options.layer is None else ()
    except OSError as error:
        raise CommandError(describe_os_error(error)) from error
    except ValueError as error:
        raise CommandError(error) from error
    if remote:
        print(make_text("downloaded", fetched=remote.fetched, size=remote.size))
    shape = " × ".join(map(str, layer.weight.shape))
    for note in layer.notes:
        print(note)
    address = f"/filters?model={name}"
    print(make_text("model_added", layer=layer.name, shape=shape, name=name, address=address))
    _print_others(others)


def _print_others(others: Sequence[Candidate]) -> None:
    """Print the other layers of the file, with their names for --layer."""
    if not others:
        return
    print(make_text("other_layers"))
    for one in others:
        remark = f" ({one.remark})" if one.remark else ""
        print(f"  {one.name}, {' × '.join(map(str, one.shape))}{remark}")


def check_new_name(name: str, added: Iterable[str], replace: bool) -> None:
    if not replace and name in added:
        raise ValueError(str(make_text("already_there", name=name)))


def run_list(options: argparse.Namespace) -> None:
    """Print all samples, all models or all lessons."""
    from .additions import list_lessons, list_models, list_samples

    folder: Path = getattr(read_settings_and_warn(), options.kind)
    try:
        items = {"samples": list_samples, "models": list_models, "lessons": list_lessons}[options.kind](folder)
    except ValueError as error:
        raise CommandError(error) from error
    names, titles = (max(len(getattr(one, key)) for one in items) for key in ("name", "title"))
    for one in items:
        print(f"{one.name:{names}}  {one.title:{titles}}  {one.file or make_text('built_in')}")


def run_remove(options: argparse.Namespace) -> None:
    """Remove an added sample, model or lesson."""
    from .additions import remove_lesson, remove_model, remove_sample

    folder: Path = getattr(read_settings_and_warn(), options.kind)
    try:
        removals = {"samples": remove_sample, "models": remove_model, "lessons": remove_lesson}
        removals[options.kind](folder, options.name)
    except OSError as error:
        raise CommandError(describe_os_error(error)) from error
    except ValueError as error:
        raise CommandError(error) from error
    print(make_text("item_removed", name=options.name))
