"""Draws a display list as a PNG: sharp edges on whole pixels, smooth corners and lines, texts in the bundled fonts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import numpy as np
from PIL import Image, ImageDraw

from ..png import encode_png
from .fonts import load_font
from .primitives import Box, CellImage, DisplayList, Line, Primitive, Rect, TextLine

OVERSAMPLING = 4
MOST_PASSES, BAND = 6, 256
"""Lines of more colors are drawn in one pass, and so many rows of pixels of them at a time."""
PixelBox = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are exclusive."""
ANCHORS = {"start": "l", "middle": "m", "end": "r", "baseline": "s"}


def draw_png(figure: DisplayList, width: int) -> bytes:
    """Draw a figure as a PNG of `width` pixels, as high as its shape asks for."""
    return encode_png(np.asarray(draw_picture(figure, width)), effort=6)


def draw_picture(figure: DisplayList, width: int) -> Image.Image:
    """Draw a figure as an RGB image of `width` pixels."""
    unit = width / figure.width
    image = Image.new("RGB", (width, round(figure.height * unit)), figure.background)
    draw_primitives(image, figure.primitives, unit)
    return image


def draw_primitives(image: Image.Image, primitives: Iterable[Primitive], unit: float) -> None:
    """Draw primitives on an RGB image on which a point is `unit` pixels."""
    brush = _Brush(image, unit)
    for kind, items in groupby(primitives, type):
        if kind is Line:
            brush.draw_lines([one for one in items if isinstance(one, Line)])
            continue
        for one in items:
            match one:
                case Rect():
                    brush.draw_rect(one)
                case CellImage():
                    brush.draw_cells(one)
                case TextLine():
                    brush.draw_text(one)


class _Brush:
    """Draws primitives on an image on which a point is `unit` pixels."""

    def __init__(self, image: Image.Image, unit: float) -> None:
        self._image, self._unit = image, unit
        self._draw = ImageDraw.Draw(image)

    def draw_rect(self, rect: Rect) -> None:
        """Draw a rectangle; a stroke is at least one pixel wide."""
        box = self._to_pixels(rect.box)
        width, height = box[2] - box[0], box[3] - box[1]
        if width <= 0 or height <= 0:
            return
        thick = max(1, round(rect.stroke_width * self._unit)) if rect.stroke else 0
        if not rect.radius and rect.opacity == 1:
            edge = (box[0], box[1], box[2] - 1, box[3] - 1)
            self._draw.rectangle(edge, rect.fill or None, rect.stroke or None, thick)
            return
        outer = _make_mask(width, height, 0, rect.radius * self._unit)
        inner = _make_mask(width, height, thick, rect.radius * self._unit - thick) if thick else outer
        if rect.stroke:
            ring = Image.composite(Image.new("L", outer.size), outer, inner)
            self._paste(rect.stroke, box, ring, rect.opacity)
        if rect.fill:
            self._paste(rect.fill, box, inner, rect.opacity)

    def draw_cells(self, image: CellImage) -> None:
        """Draw cells: sharp squares, or averages where there are more cells than pixels."""
        box = self._to_pixels(image.box)
        size = max(1, box[2] - box[0]), max(1, box[3] - box[1])
        rows, columns = image.colors.shape[:2]
        resampling = Image.Resampling.NEAREST if size[0] >= columns and size[1] >= rows else Image.Resampling.BOX
        self._image.paste(Image.fromarray(np.ascontiguousarray(image.colors)).resize(size, resampling), box[:2])

    def draw_text(self, line: TextLine) -> None:
        """Draw a line of text in half pixel sizes, smaller where rounding to pixels makes it wider than measured."""
        size, room = max(1.0, round(line.size * self._unit * 2) / 2), line.width * self._unit * 1.01 + 2
        while line.width and size > 1 and load_font(line.face, size).getlength(line.text) > room:
            size -= 0.5
        at, anchor = (
            (round(line.x * self._unit), round(line.y * self._unit)),
            ANCHORS[line.anchor] + ANCHORS[line.valign],
        )
        self._draw.text(at, line.text, line.color, load_font(line.face, size), anchor)

    def draw_lines(self, lines: list[Line]) -> None:
        """Draw lines that follow each other in the list: in one pass for those of one color, or of many colors."""
        groups = dict.fromkeys((one.color, one.opacity) for one in lines)
        if len(groups) > MOST_PASSES and all(opacity == 1 for _, opacity in groups):
            self._draw_colored_lines(lines)
            return
        for color, opacity in groups:
            own = [one for one in lines if (one.color, one.opacity) == (color, opacity)]
            xs, ys = [(one.x, one.to_x) for one in own], [(one.y, one.to_y) for one in own]
            left, top = min(map(min, xs)), min(map(min, ys))
            upright = [one.width for one in own if one.x == one.to_x or one.y == one.to_y]
            around = Box(left, top, max(map(max, xs)) - left, max(map(max, ys)) - top)
            box = self._to_pixels(around.grow(max(upright, default=0)))  # diagonals are clipped to their box
            scale = self._unit * 2
            mask = Image.new("L", (max(1, box[2] - box[0]) * 2, max(1, box[3] - box[1]) * 2))
            draw = ImageDraw.Draw(mask)
            for one in own:
                ends = [
                    (x * scale - box[0] * 2, y * scale - box[1] * 2) for x, y in ((one.x, one.y), (one.to_x, one.to_y))
                ]
                draw.line(ends, 255, max(2, 2 * round(one.width * self._unit)))
            mask = mask.resize((mask.width // 2, mask.height // 2), Image.Resampling.BOX)
            self._paste(color, (box[0], box[1], box[0] + mask.width, box[1] + mask.height), mask, opacity)

    def _draw_colored_lines(self, lines: list[Line]) -> None:
        """Draw opaque lines of many colors in their order, on a picture of twice the size; band by band."""
        scale, (width, height) = self._unit * 2, self._image.size
        ends = [[x * scale for x in (one.x, one.y, one.to_x, one.to_y)] for one in lines]
        wide = [max(2, 2 * round(one.width * self._unit)) for one in lines]
        lowest, highest = min(min(one[1::2]) for one in ends) / 2, max(max(one[1::2]) for one in ends) / 2
        margin = max(wide)
        for top in range(max(0, int(lowest) - margin), min(height, int(highest) + margin + 1), BAND):
            bottom = min(height, top + BAND)
            band = self._image.crop((0, top, width, bottom))
            large = band.resize((width * 2, band.height * 2), Image.Resampling.NEAREST)
            draw = ImageDraw.Draw(large)
            for one, (x, y, to_x, to_y), thick in zip(lines, ends, wide, strict=True):
                if min(y, to_y) - thick <= bottom * 2 and max(y, to_y) + thick >= top * 2:
                    draw.line((x, y - top * 2, to_x, to_y - top * 2), one.color, thick)
            self._image.paste(large.resize(band.size, Image.Resampling.BOX), (0, top))

    def _paste(self, color: str, box: PixelBox, mask: Image.Image, opacity: float) -> None:
        self._image.paste(color, box, mask.point(lambda value: round(value * opacity)) if opacity < 1 else mask)

    def _to_pixels(self, box: Box) -> PixelBox:
        left, top, right, bottom = (round(side * self._unit) for side in (box.left, box.top, box.right, box.bottom))
        return left, top, right, bottom


def _make_mask(width: int, height: int, inset: int, radius: float) -> Image.Image:
    """Make the mask of a rectangle with round corners, `inset` pixels within `width` × `height` pixels."""
    if radius <= 0:
        mask = Image.new("L", (width, height))
        mask.paste(255, (inset, inset, max(inset, width - inset), max(inset, height - inset)))
        return mask
    large = Image.new("L", (width * OVERSAMPLING, height * OVERSAMPLING))
    low, right, bottom = inset * OVERSAMPLING, (width - inset) * OVERSAMPLING - 1, (height - inset) * OVERSAMPLING - 1
    if right > low and bottom > low:
        ImageDraw.Draw(large).rounded_rectangle((low, low, right, bottom), radius * OVERSAMPLING, 255)
    return large.resize((width, height), Image.Resampling.BOX)
