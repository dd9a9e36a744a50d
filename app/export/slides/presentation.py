"""Writes figures as a presentation: a slide for each step, with the step in words as its notes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.util import Emu, Pt

from ...core.scene import View
from ...core.texts import add_catalogue, make_text
from ...render.figure.primitives import TextLine
from ...render.figure.theme import THEMES
from ...render.stage_texts import make_title
from ...render.view_position import fit_view
from ..backends.pptx_backend import FAMILIES, SlidePen, to_rgb
from ..exported_figure import ExportedFigure, Show, list_shown_views

SLIDES_TEXTS = add_catalogue(
    {
        "slides_too_many": "The presentation would have {count} slides for one figure; it can have {most}. Choose "
        "fewer stops, or the step in view.",
        "slides_place": "Row {row}, column {column}.",
    }
)
MOST_SLIDES = 30
EMU_OF_AN_INCH = 914_400
SHEET_SIZES = {"16:9": (13.333, 7.5), "4:3": (10.0, 7.5)}
MADE = datetime(2020, 1, 1)
"""The same for all files, so that the same figure gives the same bytes."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
LINK_INCHES, LINK_POINTS, LINK_LEFT, MOST_LINK = 0.36, 10, 44 / 1200, 120
"""The height and size of the last line, its left edge in parts of the slide, and its most characters."""
READ_PARTS = ("sentence", "result-before", "result", "result-after")
"""The parts of a figure that say the step in words."""
MORPH = """<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><mc:Choice
 xmlns:p159="http://schemas.microsoft.com/office/powerpoint/2015/09/main" Requires="p159"><p:transition spd="slow"
 xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main" p14:dur="800"><p159:morph option="byObject"/>
</p:transition></mc:Choice><mc:Fallback><p:transition><p:fade/></p:transition></mc:Fallback></mc:AlternateContent>"""


def write_pptx(figures: Sequence[ExportedFigure], show: Show | None = None, shape: str = "16:9") -> bytes:
    """Write a presentation with a slide for each view that is shown of each figure.

    Law: the same figures give the same bytes. Raises ValueError with a sentence where one figure has too many steps.
    """
    book = Presentation()
    width, height = (round(side * EMU_OF_AN_INCH) for side in SHEET_SIZES[shape])
    book.slide_width, book.slide_height = Emu(width), Emu(height)
    for figure in figures:
        views = list_shown_views(figure, show)
        if len(views) > MOST_SLIDES:
            raise ValueError(str(make_text("slides_too_many", count=len(views), most=MOST_SLIDES)))
        for index, view in enumerate(views):
            _add_slide(book, figure, view, index > 0)
    facts = book.core_properties
    facts.title, facts.author, facts.last_modified_by = _title(figures[0]), "Convoscope", "Convoscope"
    facts.created = facts.modified = MADE
    facts.revision = 1
    file = io.BytesIO()
    book.save(file)
    return _fix_dates(file.getvalue())


def _add_slide(book: Any, figure: ExportedFigure, view: View, is_next: bool) -> None:
    slide = book.slides.add_slide(book.slide_layouts[6])  # the empty one
    sheet = figure.lay_out(view)
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = to_rgb(sheet.background)
    link_height = round(LINK_INCHES * EMU_OF_AN_INCH) if figure.base else 0
    said = _describe(figure, view, [one for one in sheet.select(TextLine, *READ_PARTS) if one.text])
    SlidePen(slide, sheet, (0, 0, book.slide_width, book.slide_height - link_height), said)
    if figure.base:
        room = (book.slide_width, book.slide_height, link_height)
        _add_link(slide, figure.address, room, THEMES[figure.view.theme].muted)
    slide.notes_slide.notes_text_frame.text = said
    if is_next:
        slide.element.append(etree.fromstring(MORPH))


def _describe(figure: ExportedFigure, view: View, texts: Sequence[TextLine]) -> str:
    """The step in words: what the stage does, its place, and what its result line says; then the author's words."""
    position = fit_view(figure.trace, view)
    row, column = position.cell
    place = str(make_text("slides_place", row=row, column=column)) if position.stage.info.index else ""
    sentence = " ".join(one.text for one in texts if one.part == "sentence")
    result = " ".join(one.text for one in texts if one.part != "sentence")
    lines = (_title(figure), sentence, f"{place} {result}".strip(), position.line)
    return "\n".join(line for line in lines if line)


def _add_link(slide: Any, address: str, room: tuple[int, int, int], color: str) -> None:
    """Write the link back to the figure as the last line of a slide."""
    width, height, high = room
    left = round(width * LINK_LEFT)
    shape = slide.shapes.add_textbox(left, height - high, width - 2 * left, high)
    shape.name = "Link"
    shape.click_action.hyperlink.address = address  # of the whole box: that of a text takes its color from the theme
    shape.text_frame.margin_left = 0
    run = shape.text_frame.paragraphs[0].add_run()
    run.text = address if len(address) <= MOST_LINK else f"{address[: MOST_LINK - 1]}…"
    run.font.size, run.font.name, run.font.color.rgb = Pt(LINK_POINTS), FAMILIES["sans"], to_rgb(color)


def _title(figure: ExportedFigure) -> str:
    return figure.view.title or make_title(figure.trace)


def _fix_dates(data: bytes) -> bytes:
    """The same archive with one date for all of its members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in _read_members(data):
            made.writestr(zipfile.ZipInfo(name, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _read_members(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)
