"""Writes a display list as an SVG file: vectors, real texts in embedded fonts, and cells with sharp edges."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from ...render.figure.fonts import measure_middle
from ...render.figure.primitives import CellImage, DisplayList, Face, Line, Rect, TextLine
from ...render.png import encode_png
from .subset_fonts import subset_font

FAMILIES: dict[Face, str] = {"sans": "cv-sans", "bold": "cv-bold", "mono": "cv-mono", "mono-bold": "cv-mono-bold"}
SUBSTITUTES: dict[Face, str] = {
    "sans": "DejaVu Sans, Verdana, sans-serif",
    "bold": "DejaVu Sans, Verdana, sans-serif",
    "mono": "DejaVu Sans Mono, monospace",
    "mono-bold": "DejaVu Sans Mono, monospace",
}
ANCHORS = {"start": "", "middle": ' text-anchor="middle"', "end": ' text-anchor="end"'}


def write_svg(figure: DisplayList, title: str, description: str = "") -> bytes:
    """Write a figure as SVG, one unit a point of the list; `title` and `description` are for screen readers.

    Law: the same figure gives the same bytes. The texts stay texts: they can be searched and changed. Programs that do
    not read embedded fonts take similar ones, and the length of each line is kept.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_write(figure.width)} {_write(figure.height)}"'
        f' width="{_write(figure.width)}" height="{_write(figure.height)}" role="img" aria-labelledby="t d">',
        f'<title id="t">{escape(title)}</title>',
        f'<desc id="d">{escape(description)}</desc>',
        f"<style>{''.join(_write_fonts(figure))}</style>",
    ]
    if figure.background:
        lines.append(f'<rect width="100%" height="100%" fill="{figure.background}"/>')
    lines += [_write_primitive(one) for one in figure.primitives]
    return "\n".join([*lines, "</svg>", ""]).encode()


def _write_fonts(figure: DisplayList) -> Iterator[str]:
    texts = figure.select(TextLine)
    for face, family in FAMILIES.items():
        if characters := {letter for one in texts if one.face == face for letter in one.text}:
            data = b64encode(subset_font(face, characters)).decode()
            yield f"@font-face{{font-family:{family};src:url(data:font/woff;base64,{data}) format('woff')}}"
            weight = "font-weight:bold;" if face.endswith("bold") else ""
            yield f".{family}{{font-family:{family},{SUBSTITUTES[face]};{weight}white-space:pre}}"


def _write_primitive(one: Rect | CellImage | TextLine | Line) -> str:
    match one:
        case Rect():
            return _write_rect(one)
        case CellImage():
            data = b64encode(encode_png(one.colors, effort=9)).decode()
            return (
                f'<image data-part={quoteattr(one.part)} x="{_write(one.box.left)}" y="{_write(one.box.top)}"'
                f' width="{_write(one.box.width)}" height="{_write(one.box.height)}" preserveAspectRatio="none"'
                f' style="image-rendering:pixelated" href="data:image/png;base64,{data}"/>'
            )
        case TextLine():
            return _write_text(one)
        case Line():
            faint = f' stroke-opacity="{_write(one.opacity)}"' if one.opacity < 1 else ""
            return (
                f'<line data-part={quoteattr(one.part)} x1="{_write(one.x)}" y1="{_write(one.y)}"'
                f' x2="{_write(one.to_x)}" y2="{_write(one.to_y)}" stroke="{one.color}"'
                f' stroke-width="{_write(one.width)}"{faint}/>'
            )


def _write_rect(rect: Rect) -> str:
    """Write a rectangle; its stroke lies inside the edge."""
    inside = rect.box.grow(-rect.stroke_width / 2) if rect.stroke else rect.box
    radius = max(0.0, rect.radius - rect.stroke_width / 2) if rect.stroke else rect.radius
    stroke = f' stroke="{rect.stroke}" stroke-width="{_write(rect.stroke_width)}"' if rect.stroke else ""
    faint = f' opacity="{_write(rect.opacity)}"' if rect.opacity < 1 else ""
    round_corners = f' rx="{_write(radius)}"' if radius else ""
    return (
        f'<rect data-part={quoteattr(rect.part)} x="{_write(inside.left)}" y="{_write(inside.top)}"'
        f' width="{_write(max(0.0, inside.width))}" height="{_write(max(0.0, inside.height))}"{round_corners}'
        f' fill="{rect.fill or "none"}"{stroke}{faint}/>'
    )


def _write_text(line: TextLine) -> str:
    y = line.y + (measure_middle(line.face) * line.size if line.valign == "middle" else 0)
    length = f' textLength="{_write(line.width)}" lengthAdjust="spacingAndGlyphs"' if line.width else ""
    return (
        f'<text data-part={quoteattr(line.part)} class="{FAMILIES[line.face]}" x="{_write(line.x)}" y="{_write(y)}"'
        f'{ANCHORS[line.anchor]} font-size="{_write(line.size)}" fill="{line.color}"{length}>{escape(line.text)}</text>'
    )


def _write(value: float) -> str:
    """A length with at most two decimals."""
    return f"{round(value, 2):g}" if abs(value) < 10_000 else str(round(value, 2))
