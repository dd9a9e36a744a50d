"""Writes a display list as a TikZ picture: rectangles, lines and texts that LaTeX sets itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from types import MappingProxyType

from ...core.texts import add_catalogue, make_text
from ...render.figure.fonts import measure_middle
from ...render.figure.primitives import CellImage, DisplayList, Face, Line, Rect, TextLine
from ...render.figure.theme import to_hex_color

TIKZ_TEXTS = add_catalogue(
    {"tikz_missing_characters": "LaTeX has no {characters} in this text: {text}. Change the title or the note."}
)
MOST_STEPS = 32
"""Of so many colors a color scale is drawn."""
MOST_CELLS = 12
"""Maps with more cells a side are pictures, which TikZ does not draw."""
FONTS: Mapping[Face, str] = MappingProxyType(
    {
        "sans": r"\sffamily",
        "bold": r"\sffamily\bfseries",
        "mono": r"\ttfamily",
        "mono-bold": r"\ttfamily\bfseries",
    }
)
ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}
GREEK_NAMES = (
    *("alpha", "beta", "gamma", "delta", "varepsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu"),
    *("xi", "pi", "rho", "sigma", "tau", "upsilon", "varphi", "chi", "psi", "omega"),
    *("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega"),
)
GREEK = {
    letter: rf"\ensuremath{{\{name}}}"
    for letter, name in zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ", GREEK_NAMES, strict=True)
}
SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "×": r"\ensuremath{\times}",
        "−": r"\ensuremath{-}",
        "÷": r"\ensuremath{\div}",
        "≈": r"\ensuremath{\approx}",
        "≤": r"\ensuremath{\leq}",
        "≥": r"\ensuremath{\geq}",
        "→": r"\ensuremath{\rightarrow}",
        "·": r"\ensuremath{\cdot}",
        "⋅": r"\ensuremath{\cdot}",
        **GREEK,
        "∗": r"\ensuremath{\ast}",
        "∑": r"\ensuremath{\sum}",
        "∈": r"\ensuremath{\in}",
        "⌊": r"\ensuremath{\lfloor}",
        "⌋": r"\ensuremath{\rfloor}",
        "⌈": r"\ensuremath{\lceil}",
        "⌉": r"\ensuremath{\rceil}",
        "←": r"\ensuremath{\leftarrow}",
        "↑": r"\ensuremath{\uparrow}",
        "↓": r"\ensuremath{\downarrow}",
        "′": r"\ensuremath{'}",
        "√": r"\ensuremath{\surd}",
        "∞": r"\ensuremath{\infty}",
        "…": r"\ldots{}",
        "²": r"\ensuremath{^2}",
        "³": r"\ensuremath{^3}",
        **{chr(0x2080 + digit): rf"\ensuremath{{_{digit}}}" for digit in range(10)},
        "“": "``",
        "”": "''",
        "’": "'",
        "–": "--",
        "—": "---",
        "\N{NO-BREAK SPACE}": "~",
        "\N{NARROW NO-BREAK SPACE}": r"\,",
    }
)
LATIN = range(0x00A1, 0x0180)
"""Letters that LaTeX's T1 fonts have; those of TS1 are among them."""


def is_small_enough(figure: DisplayList) -> bool:
    """Whether all maps of a figure have so few cells that TikZ can draw each."""
    return all(max(one.colors.shape[:2]) <= MOST_CELLS for one in figure.select(CellImage) if not _is_scale(one))


def write_tikz(figure: DisplayList) -> str:
    r"""Write a `tikzpicture` that is as wide as a line of the text: `\cvwidth` says how wide.

    It needs the packages tikz and graphicx. Raises ValueError with a sentence for a character that LaTeX has not.
    """
    colors: dict[str, str] = {}
    body = list(_write_primitives(figure, colors))
    defined = [rf"\definecolor{{{name}}}{{HTML}}{{{color[1:].upper()}}}%" for color, name in colors.items()]
    return "\n".join(
        [
            r"\providecommand{\cvwidth}{\linewidth}%",
            *defined,
            r"\resizebox{\cvwidth}{!}{%",
            r"\begin{tikzpicture}[x=0.5pt, y=-0.5pt, every node/.style={inner sep=0pt, outer sep=0pt}]",
            rf"\useasboundingbox (0,0) rectangle ({_write(figure.width)},{_write(figure.height)});",
            *body,
            r"\end{tikzpicture}}",
            "",
        ]
    )


def _write_primitives(figure: DisplayList, colors: dict[str, str]) -> Iterator[str]:
    def name(color: str) -> str:
        return colors.setdefault(color, f"cv{len(colors) + 1}")

    for one in figure.primitives:
        match one:
            case Rect():
                yield _write_rect(one, name(one.fill) if one.fill else "", name(one.stroke) if one.stroke else "")
            case CellImage():
                yield from (_write_rect(cell, name(cell.fill), "") for cell in _list_cells(one))
            case TextLine() if one.text:
                y = one.y + (measure_middle(one.face) * one.size if one.valign == "middle" else 0)
                size = _write(one.size / 2)
                font = rf"\fontsize{{{size}pt}}{{{size}pt}}\selectfont{FONTS[one.face]}"
                yield (
                    rf"\node[anchor={ANCHORS[one.anchor]}, text={name(one.color)}, font={font}]"
                    rf" at ({_write(one.x)},{_write(y)}) {{{escape_latex(one.text)}}};"
                )
            case Line():
                faint = f", opacity={_write(one.opacity)}" if one.opacity < 1 else ""
                yield (
                    rf"\draw[{name(one.color)}, line width={_write(one.width / 2)}pt{faint}]"
                    rf" ({_write(one.x)},{_write(one.y)}) -- ({_write(one.to_x)},{_write(one.to_y)});"
                )


def _write_rect(rect: Rect, fill: str, stroke: str) -> str:
    """Write a rectangle; its stroke lies inside the edge."""
    box = rect.box.grow(-rect.stroke_width / 2) if stroke else rect.box
    drawn = [f"fill={fill}"] if fill else []
    if stroke:
        drawn += [f"draw={stroke}", f"line width={_write(rect.stroke_width / 2)}pt"]
    if rect.radius:
        drawn.append(f"rounded corners={_write(rect.radius / 2)}pt")
    if rect.opacity < 1:
        drawn.append(f"opacity={_write(rect.opacity)}")
    corners = f"({_write(box.left)},{_write(box.top)}) rectangle ({_write(box.right)},{_write(box.bottom)})"
    return rf"\path[{', '.join(drawn)}] {corners};"


def _list_cells(image: CellImage) -> Iterator[Rect]:
    """The cells of a picture; equal neighbors of a row are one rectangle."""
    every = max(1, image.colors.shape[1] // MOST_STEPS) if _is_scale(image) else 1
    colors = image.colors[:, ::every]
    rows, columns, _ = colors.shape
    width, height = image.box.width / columns, image.box.height / rows
    for row, line in enumerate(colors):
        column = 0
        for color, same in groupby(to_hex_color(cell) for cell in line):
            count = len(list(same))
            left, top = image.box.left + column * width, image.box.top + row * height
            yield Rect(image.part, type(image.box)(left, top, count * width, height), color)
            column += count


def _is_scale(image: CellImage) -> bool:
    """Whether it is the bar of a color scale, which is one row."""
    return image.part.endswith("-legend")


def escape_latex(text: str) -> str:
    """The text in LaTeX. Raises ValueError with a sentence for a character that it has not."""
    missing = [one for one in text if not one.isascii() and ord(one) not in SPECIAL and ord(one) not in LATIN]
    if missing:
        characters = " ".join(dict.fromkeys(missing))
        raise ValueError(str(make_text("tikz_missing_characters", characters=characters, text=text)))
    return text.translate(SPECIAL)


def _write(value: float) -> str:
    """A length with at most two decimals."""
    return f"{round(value, 2):.2f}".rstrip("0").rstrip(".")
