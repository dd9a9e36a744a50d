"""Draws a display list on a slide: shapes and texts of PowerPoint itself, and pictures for the cells of maps."""

from __future__ import annotations

import io
from collections import Counter
from itertools import groupby
from typing import Any

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from ...render.figure.primitives import Box, CellImage, DisplayList, Line, Primitive, Rect, TextLine
from .cell_pictures import enlarge_cells

FAMILIES = {"sans": "DejaVu Sans", "bold": "DejaVu Sans", "mono": "DejaVu Sans Mono", "mono-bold": "DejaVu Sans Mono"}
ALIGNED = {"start": PP_ALIGN.LEFT, "middle": PP_ALIGN.CENTER, "end": PP_ALIGN.RIGHT}
LINE_HEIGHT, BASELINE = 1.164, 0.928
"""The height of a line in these fonts and where its baseline lies, in parts of its size."""
MOST_SINGLE_LINES = 6
"""More lines of one part become one shape."""
SLACK = 1.3
"""How much wider than its text a box of text is: other fonts are wider, and no line may break."""
EMU_OF_A_POINT = 12_700


class SlidePen:
    """Draws the primitives of a figure into a box of a slide, in EMU.

    Shapes are named after the parts of the figure, with a number: `!!window 3` is the same on all slides, so that the
    transition Morph moves it. A program without the fonts takes others; no text breaks, each keeps its anchor.
    """

    def __init__(self, slide: Any, figure: DisplayList, box: tuple[int, int, int, int], described: str) -> None:
        self._shapes = slide.shapes
        left, top, width, height = box
        self._unit = min(width / figure.width, height / figure.height)
        self._left = left + (width - figure.width * self._unit) / 2
        self._top = top + (height - figure.height * self._unit) / 2
        self._counts, self._described = Counter[str](), described
        for _, items in groupby(figure.primitives, lambda one: (type(one), one.part)):
            self._draw(list(items))

    def _draw(self, items: list[Primitive]) -> None:
        """Draw primitives of one kind and part; many lines become one shape."""
        lines = [one for one in items if isinstance(one, Line)]
        if len(lines) > MOST_SINGLE_LINES:
            self._draw_lines(lines)
            return
        for one in items:
            match one:
                case Rect():
                    self._draw_rect(one)
                case CellImage():
                    self._draw_cells(one)
                case TextLine() if one.text:
                    self._draw_text(one)
                case Line():
                    self._draw_line(one)

    def _draw_rect(self, rect: Rect) -> None:
        inside = rect.box.grow(-rect.stroke_width / 2) if rect.stroke else rect.box
        if inside.width <= 0 or inside.height <= 0:
            return
        kind = MSO_SHAPE.ROUNDED_RECTANGLE if rect.radius else MSO_SHAPE.RECTANGLE
        shape = self._name(self._shapes.add_shape(kind, *self._place(inside)), rect.part)
        if rect.radius:
            shape.adjustments[0] = min(0.5, rect.radius / min(inside.width, inside.height))
        if rect.fill:
            shape.fill.solid()
            shape.fill.fore_color.rgb = to_rgb(rect.fill)
            _fade(shape.fill._xPr, rect.opacity)
        else:
            shape.fill.background()
        if rect.stroke:
            shape.line.color.rgb = to_rgb(rect.stroke)
            shape.line.width = self._scale(rect.stroke_width)
            _fade(shape.line._ln, rect.opacity)
        else:
            shape.line.fill.background()

    def _draw_cells(self, image: CellImage) -> None:
        file = io.BytesIO()
        enlarge_cells(image).save(file, "PNG", optimize=False)
        file.seek(0)
        shape = self._name(self._shapes.add_picture(file, *self._place(image.box)), image.part)
        rows, columns, _ = image.colors.shape
        shape._element.nvPicPr.cNvPr.set("descr", f"{image.part}, {rows} × {columns}. {self._described}")

    def _draw_text(self, line: TextLine) -> None:
        size = line.size * self._unit / EMU_OF_A_POINT
        wide, high = line.width * SLACK + line.size, line.size * LINE_HEIGHT
        left = line.x - {"start": 0.0, "middle": wide / 2, "end": wide}[line.anchor]
        top = line.y - (high / 2 if line.valign == "middle" else line.size * BASELINE)
        shape = self._name(self._shapes.add_textbox(*self._place(Box(left, top, wide, high))), line.part)
        frame = shape.text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.word_wrap, frame.auto_size, frame.vertical_anchor = False, MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP
        paragraph = frame.paragraphs[0]
        paragraph.alignment = ALIGNED[line.anchor]
        run = paragraph.add_run()
        run.text = line.text
        run.font.size, run.font.name = Pt(round(size * 2) / 2), FAMILIES[line.face]
        run.font.bold = line.face.endswith("bold")
        run.font.color.rgb = to_rgb(line.color)

    def _draw_line(self, line: Line) -> None:
        ends = (self._x(line.x), self._y(line.y), self._x(line.to_x), self._y(line.to_y))
        shape = self._name(self._shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *ends), line.part)
        shape.line.color.rgb = to_rgb(line.color)
        shape.line.width = self._scale(line.width)
        _fade(shape.line._ln, line.opacity)

    def _draw_lines(self, lines: list[Line]) -> None:
        """Draw lines of one look, such as a hatching, as one shape."""
        first = lines[0]
        path = self._shapes.build_freeform(self._x(first.x), self._y(first.y))
        for number, one in enumerate(lines):
            if number:
                path.move_to(self._x(one.x), self._y(one.y))
            path.add_line_segments([(self._x(one.to_x), self._y(one.to_y))], close=False)
        shape = self._name(path.convert_to_shape(), first.part)
        shape.fill.background()
        shape.line.color.rgb = to_rgb(first.color)
        shape.line.width = self._scale(first.width)
        _fade(shape.line._ln, first.opacity)

    def _name(self, shape: Any, part: str) -> Any:
        self._counts[part] += 1
        for style in shape._element.findall(qn("p:style")):  # of the theme, with a shadow
            shape._element.remove(style)
        shape.name = f"!!{part} {self._counts[part]}"
        return shape

    def _place(self, box: Box) -> tuple[Emu, Emu, Emu, Emu]:
        return self._x(box.left), self._y(box.top), self._scale(box.width), self._scale(box.height)

    def _x(self, x: float) -> Emu:
        return Emu(round(self._left + x * self._unit))

    def _y(self, y: float) -> Emu:
        return Emu(round(self._top + y * self._unit))

    def _scale(self, length: float) -> Emu:
        return Emu(round(length * self._unit))


def to_rgb(color: str) -> RGBColor:
    """A color of a display list, #rrggbb, as PowerPoint has it."""
    return RGBColor(*bytes.fromhex(color.removeprefix("#")))  # type: ignore[no-untyped-call]


def _fade(parent: Any, opacity: float) -> None:
    """Make the color in a fill or a line as faint as its opacity says."""
    if opacity < 1:
        for color in parent.iter(qn("a:srgbClr")):
            etree.SubElement(color, qn("a:alpha")).set("val", str(round(opacity * 100_000)))
