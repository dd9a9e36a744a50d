"""Writes display lists as a PDF: vectors, texts in the bundled fonts, and cells as pictures with sharp edges."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ...render.figure.fonts import FONT_FILES, find_font_file, measure_middle
from ...render.figure.primitives import CellImage, DisplayList, Line, Rect, TextLine
from .cell_pictures import enlarge_cells


def write_pdf(pages: Sequence[DisplayList], title: str, subject: str = "") -> bytes:
    """Write a PDF with a page for each display list, one point of the page a point of the list.

    Law: the same pages give the same bytes. `title` and `subject` are properties of the file.
    """
    _register_fonts()
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1, pageCompression=1, initialFontName="sans")  # type: ignore[arg-type]
    canvas.setTitle(title)
    canvas.setSubject(subject)
    canvas.setCreator("Convoscope")
    for page in pages:
        _draw_page(canvas, page)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _register_fonts() -> None:
    known = set(pdfmetrics.getRegisteredFontNames())
    for face in FONT_FILES:
        if face not in known:
            pdfmetrics.registerFont(TTFont(face, str(find_font_file(face))))


def _draw_page(canvas: Canvas, page: DisplayList) -> None:
    canvas.setPageSize((page.width, page.height))
    if page.background:
        canvas.setFillColor(HexColor(page.background))
        canvas.rect(0, 0, page.width, page.height, stroke=0, fill=1)
    for one in page.primitives:
        match one:
            case Rect():
                _draw_rect(canvas, page, one)
            case CellImage():
                box = one.box
                picture = ImageReader(enlarge_cells(one))
                canvas.drawImage(picture, box.left, page.height - box.bottom, box.width, box.height)
            case TextLine():
                _draw_text(canvas, page, one)
            case Line():
                canvas.saveState()
                canvas.setStrokeColor(HexColor(one.color))
                canvas.setStrokeAlpha(one.opacity)
                canvas.setLineWidth(one.width)
                canvas.line(one.x, page.height - one.y, one.to_x, page.height - one.to_y)
                canvas.restoreState()


def _draw_rect(canvas: Canvas, page: DisplayList, rect: Rect) -> None:
    """Draw a rectangle; its stroke lies inside the edge."""
    inside = rect.box.grow(-rect.stroke_width / 2) if rect.stroke else rect.box
    if inside.width <= 0 or inside.height <= 0:
        return
    canvas.saveState()
    if rect.fill:
        canvas.setFillColor(HexColor(rect.fill))
        canvas.setFillAlpha(rect.opacity)
    if rect.stroke:
        canvas.setStrokeColor(HexColor(rect.stroke))
        canvas.setStrokeAlpha(rect.opacity)
        canvas.setLineWidth(rect.stroke_width)
    x, y, stroke, fill = inside.left, page.height - inside.bottom, int(bool(rect.stroke)), int(bool(rect.fill))
    radius = min(max(0.0, rect.radius - rect.stroke_width / 2), inside.width / 2, inside.height / 2)
    if radius:
        canvas.roundRect(x, y, inside.width, inside.height, radius, stroke, fill)
    else:
        canvas.rect(x, y, inside.width, inside.height, stroke, fill)
    canvas.restoreState()


def _draw_text(canvas: Canvas, page: DisplayList, line: TextLine) -> None:
    """Draw a line of text where it lies in the picture."""
    y = line.y + (measure_middle(line.face) * line.size if line.valign == "middle" else 0)
    canvas.setFillColor(HexColor(line.color))
    canvas.setFont(line.face, line.size)
    draw = {"start": canvas.drawString, "middle": canvas.drawCentredString, "end": canvas.drawRightString}[line.anchor]
    draw(line.x, page.height - y, line.text)
