"""Writes a figure to a file of any kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from ..core.link.query_string import format_link
from ..core.texts import add_catalogue, make_text
from ..render.figure.primitives import DisplayList, TextLine
from ..render.offline import make_file_name
from ..render.stage_texts import describe_stage, make_title
from .backends.pdf_backend import write_pdf
from .backends.subset_fonts import find_missing
from .backends.svg_backend import write_svg
from .export_options import ExportFile, ExportLimits, ExportOptions, FilmEstimate
from .exported_figure import ExportedFigure, Show, list_shown_views
from .film.film_files import Progress, write_film
from .film.film_frames import FigureFilm, make_film
from .film.film_plan import FilmSettings, FilmShow, Pace, plan_film
from .latex.latex_zip import write_latex_zip
from .numbers.arrays_file import write_json, write_npz, write_safetensors
from .numbers.csv_file import write_map_csv, write_step_csv
from .numbers.xlsx_file import write_xlsx
from .paper.sheet import lay_out_on_one_page
from .paper.worksheet import lay_out_worksheet
from .slides.presentation import write_pptx

EXPORT_TEXTS = add_catalogue(
    {
        "export_no_stops": "The link has no stops to show. Choose some in the figure, or show something else.",
        "export_blank_outside": "The cell {cell} to be left empty is not in the map, which has the rows 0 to {row} and "
        "the columns 0 to {column}.",
    }
)
FRAMES_A_SECOND = {"gif": 20, "webp": 20, "mp4": 30}
"""How often each kind of film draws what moves."""


def write_export(
    figure: ExportedFigure,
    options: ExportOptions,
    limits: ExportLimits | None = None,
    progress: Progress | None = None,
) -> ExportFile:
    """Write a figure to a file. Law: the same figure, options and libraries give the same bytes, but for MP4.

    Raises ValueError with a sentence where it cannot be written: too long a film, no stops, a character without a font.
    """
    figure = replace(figure, blank=options.blank)
    _check(figure, options)
    name = make_file_name(figure.trace, figure.view).removesuffix(".html") + options.format.suffix
    return ExportFile(name, options.format.media_type, _write(figure, options, limits or ExportLimits(), progress))


def write_deck(figures: Sequence[ExportedFigure], options: ExportOptions) -> bytes:
    """Write figures as one presentation or one PDF: a slide or page for the view or the steps of each."""
    figures = [replace(figure, blank=options.blank) for figure in figures]
    for figure in figures:
        _check(figure, options)
    if options.kind == "pptx":
        return write_pptx(figures, cast(Show, options.show or "view"), options.aspect)
    pages = [_check_texts(page) for figure in figures for page in _list_pages(figure, options)]
    return write_pdf(pages, _title(figures[0]), figures[0].address)


def _write(figure: ExportedFigure, options: ExportOptions, limits: ExportLimits, progress: Progress | None) -> bytes:
    show = cast(Show | None, options.show or None)
    match options.kind:
        case "gif" | "webp" | "mp4":
            return write_film(_make_film(figure, options, limits), options.kind, progress)
        case "svg":
            sheet = _check_texts(figure.lay_out())
            return write_svg(sheet, _title(figure), describe_stage(figure.position.stage))
        case "pdf":
            return write_pdf(
                [_check_texts(page) for page in _list_pages(figure, options)], _title(figure), figure.address
            )
        case "pptx":
            return write_pptx([figure], show, options.aspect)
        case "latex":
            for view in list_shown_views(figure, show):
                _check_texts(figure.lay_out(view))
            return write_latex_zip(figure, show)
        case "csv":
            return write_map_csv(figure) if options.values == "map" else write_step_csv(figure)
        case "xlsx":
            return write_xlsx(figure)
        case "npz":
            return write_npz(figure)
        case "safetensors":
            return write_safetensors(figure)
        case "json":
            return write_json(figure)


def _list_pages(figure: ExportedFigure, options: ExportOptions) -> Sequence[DisplayList]:
    if options.blank:
        return lay_out_worksheet(figure, options.paper)
    if options.show == "stages":
        view = replace(figure.view, tab="", at=None, map=None, story=None)
        whole = replace(figure, is_whole=True)
        stages = range(1, len(figure.trace.stages)) or range(1)
        return [lay_out_on_one_page([whole.lay_out(replace(view, stage=stage)) for stage in stages], options.paper)]
    return [figure.lay_out(view) for view in list_shown_views(figure, cast(Show, options.show or "view"))]


def estimate_film(figure: ExportedFigure, options: ExportOptions, limits: ExportLimits | None = None) -> FilmEstimate:
    """Estimate a film from a few of its pictures. Raises ValueError where it would be too large."""
    figure = replace(figure, blank=options.blank)
    _check(figure, options)
    film = _make_film(figure, options, limits or ExportLimits())
    steps = film.plan.steps
    first, middle = (format_link(figure.scene, steps[index].view) for index in (0, len(steps) // 2))
    return FilmEstimate(len(film.frames), film.plan.seconds, film.guess_bytes(options.kind), first, middle)


def _make_film(figure: ExportedFigure, options: ExportOptions, limits: ExportLimits) -> FigureFilm:
    width, height = options.size
    settings = FilmSettings(
        cast("FilmShow | None", options.show or None),
        cast("Pace | None", options.pace or None),
        width,
        height,
        options.seconds,
        options.repeat,
        figure.view.transparent and options.kind != "mp4",
        FRAMES_A_SECOND[options.kind],
    )
    film = make_film(figure, settings, plan_film(figure, settings))
    most = min(limits.frames, limits.pixels // (width * height))
    if len(film.frames) > most:
        text = make_text("film_too_many_frames", count=len(film.frames), width=width, height=height, most=most)
        raise ValueError(str(text))
    for sheet in film.figures:
        _check_texts(sheet)
    _check_characters("sans", "".join(step.note for step in film.plan.steps))
    return film


def _check(figure: ExportedFigure, options: ExportOptions) -> None:
    if options.show == "stops" and not figure.view.stops:
        raise ValueError(str(make_text("export_no_stops")))
    _, rows, columns = figure.position.stage.output.shape
    for row, column in options.blank:
        if row >= rows or column >= columns:
            cell = f"{row},{column}"
            raise ValueError(str(make_text("export_blank_outside", cell=cell, row=rows - 1, column=columns - 1)))


def _check_texts(sheet: DisplayList) -> DisplayList:
    """The sheet. Raises ValueError for a text with characters that its font lacks."""
    for one in sheet.select(TextLine):
        _check_characters(one.face, one.text)
    return sheet


def _check_characters(face: str, text: str) -> None:
    if missing := find_missing(face, text):  # type: ignore[arg-type]
        raise ValueError(str(make_text("file_missing_characters", characters=" ".join(missing[:10]))))


def _title(figure: ExportedFigure) -> str:
    return figure.view.title or make_title(figure.trace)
