"""Writes a figure for LaTeX: a page for each step, a beamer frame that shows them, and small figures in TikZ."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence

from ...core.texts import Text, add_catalogue, make_text
from ...render.figure.primitives import DisplayList
from ...render.stage_texts import make_title
from ..backends.pdf_backend import write_pdf
from ..backends.tikz_backend import escape_latex, is_small_enough, write_tikz
from ..exported_figure import ExportedFigure, Show, list_shown_views

LATEX_TEXTS = add_catalogue(
    {
        "latex_readme": "{title}\n\nbeamer.tex: a presentation that pdflatex compiles as it is; each press shows the "
        "next step.\nfigures/: a page for each step, to include anywhere with \\includegraphics.\n{tikz}\n\nThe figure:"
        " {address}\n",
        "latex_tikz": "figure.tex: the same as drawings in TikZ, in tikz/; change texts and colors there.",
        "latex_no_tikz": "There are no drawings in TikZ, since a map has more than 12 × 12 cells.",
        "latex_no_tikz_texts": "There are no drawings in TikZ: {reason}",
    }
)
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
BEAMER = r"""\documentclass[aspectratio=169]{beamer}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{graphicx}
\IfFileExists{animate.sty}{\usepackage{animate}}{}
\setbeamertemplate{navigation symbols}{}
\title{%TITLE%}
\begin{document}
\begin{frame}[plain]
  \centering
%STEPS%
\end{frame}
\makeatletter
\@ifpackageloaded{animate}{%
\begin{frame}[plain]
  \centering
  \animategraphics[controls,width=\linewidth]{2}{figures/step-}{1}{%COUNT%}
\end{frame}
}{}
\makeatother
\end{document}
"""
FIGURE = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{\usepackage{fix-cm}}
\usepackage[margin=2cm]{geometry}
\usepackage{graphicx}
\usepackage{tikz}
\begin{document}
%STEPS%
\end{document}
"""


def write_latex_zip(figure: ExportedFigure, show: Show | None = None) -> bytes:
    """Write a zip with the pages of all steps and the files that use them. Law: the same figure gives the same bytes.

    Drawings that TikZ cannot make are left out; the README says why.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _list_files(figure, show):
            archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _list_files(figure: ExportedFigure, show: Show | None) -> Iterator[tuple[str, bytes]]:
    title = figure.view.title or make_title(figure.trace)
    sheets = [figure.lay_out(view) for view in list_shown_views(figure, show)]
    numbers = range(1, len(sheets) + 1)
    drawings, note = _draw(sheets)
    readme = str(make_text("latex_readme", title=title, tikz=note, address=figure.address))
    yield "README.txt", readme.encode()
    steps = [rf"  \includegraphics<{n}>[width=\linewidth]{{figures/step-{n}.pdf}}%" for n in numbers]
    filled = BEAMER.replace("%TITLE%", _write_title(title)).replace("%STEPS%", "\n".join(steps))
    yield "beamer.tex", filled.replace("%COUNT%", str(len(sheets))).encode()
    for n, sheet in zip(numbers, sheets, strict=True):
        yield f"figures/step-{n}.pdf", write_pdf([sheet], title, figure.address)
    if drawings:
        inputs = "\n\n".join(rf"\noindent\input{{tikz/step-{n}.tex}}" for n in numbers)
        yield "figure.tex", FIGURE.replace("%STEPS%", inputs).encode()
        for n, drawing in zip(numbers, drawings, strict=True):
            yield f"tikz/step-{n}.tex", drawing.encode()


def _draw(sheets: Sequence[DisplayList]) -> tuple[list[str], Text]:
    """The drawings of all steps, and what the README says of them; none where one cannot be made."""
    if not all(is_small_enough(sheet) for sheet in sheets):
        return [], make_text("latex_no_tikz")
    try:
        return [write_tikz(sheet) for sheet in sheets], make_text("latex_tikz")
    except ValueError as reason:
        return [], make_text("latex_no_tikz_texts", reason=str(reason))


def _write_title(title: str) -> str:
    """The title of the presentation; none where LaTeX has not its characters."""
    try:
        return escape_latex(title)
    except ValueError:
        return ""
