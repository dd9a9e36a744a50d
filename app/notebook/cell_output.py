"""What a notebook keeps of a figure: the page in a frame, and a picture wherever the frame is not shown."""

from __future__ import annotations

import base64
from html import escape

from ..core.trace.trace import Trace
from ..local_lab import Shown
from ..render.figure import figure_png
from ..render.offline import lab_address, offline_page
from ..render.png import fewer_colors

PRINTED = 1_600
"""Pixels across of the picture that stands in for the figure on paper."""
ON_SCREEN = 960
"""Pixels across of the one that stands in for it on a screen."""
MOST_BYTES = 150_000
"""A notebook is saved with all of them."""
STILL = (
    "This is a picture of the figure. "
    "It moves once the notebook is trusted (command: Trust Notebook) or its cell is run."
)
OPEN = "Open the figure."
DARK = (
    "[data-jp-theme-light=false]",  # JupyterLab, Notebook, and the pages that nbconvert makes
    "[data-vscode-theme-kind=vscode-dark]",
    "[data-vscode-theme-kind=vscode-high-contrast]",
    "html[theme=dark]",  # Colab
    "[data-theme=dark]",  # Jupyter Book and other pages of Sphinx
    "[data-bs-theme=dark]",
    "[data-md-color-scheme=slate]",  # MkDocs
    "body.quarto-dark",
    "html.dark",  # marimo, MyST
    "body.dark",
)
LIGHT = (
    "[data-jp-theme-light=true]",
    "[data-vscode-theme-kind=vscode-light]",
    "[data-vscode-theme-kind=vscode-high-contrast-light]",
    "html[theme=light]",
    "[data-theme=light]",
    "[data-bs-theme=light]",
    "[data-md-color-scheme=default]",
    "body.quarto-light",
    "html.light",
    "body.light",
)
"""How pages around a frame say which theme they have, where they say no color-scheme, which a frame follows."""
AS_AROUND = "".join(
    f":is({', '.join(marks)}) .convoscope-frame {{ color-scheme: {scheme} }}"
    for marks, scheme in ((LIGHT, "light"), (DARK, "dark"))
)


def frame_html(shown: Shown, title: str, base: str, height: int) -> str:
    """The page in a frame of its own: it can reach nothing of the notebook, and the notebook nothing of it.

    Inside the element, where a browser that shows the frame shows nothing, stand a picture and a sentence. They remain
    when the frame is taken away, as JupyterLab does in a notebook that is not trusted. All is one line, which Markdown
    takes for one piece of HTML.
    """
    page = escape(offline_page(shown.answer, shown.view, framed=True)).replace("\n", "&#10;")
    return (
        f'<iframe class="convoscope-frame" srcdoc="{page}" title="{escape(title)}" sandbox="allow-scripts" '
        f'width="100%" height="{height}" frameborder="0" style="border: 0; max-width: 100%" allowfullscreen>'
        f"{_still_html(shown, title, base)}</iframe><style>{AS_AROUND}</style>"
    )


def printed_png(shown: Shown) -> bytes:
    """The figure at rest, for paper: in fewer colors, and smaller, where a notebook would grow too much by it."""
    png = figure_png(_trace_of(shown), shown.view, PRINTED)
    for width in (PRINTED, PRINTED * 3 // 4, PRINTED // 2):
        if len(png) <= MOST_BYTES:
            break
        png = fewer_colors(figure_png(_trace_of(shown), shown.view, width))
    return png


def _still_html(shown: Shown, title: str, base: str) -> str:
    png = fewer_colors(figure_png(_trace_of(shown), shown.view, ON_SCREEN))
    link = escape(lab_address(base, shown.answer, shown.view))
    leads = f' <a href="{link}" target="_blank" rel="noopener">{OPEN}</a>' if link else ""
    return (
        f'<p><img src="data:image/png;base64,{base64.b64encode(png).decode()}" alt="{escape(title)}" '
        f'width="{ON_SCREEN}"></p><p>{STILL}{leads}</p>'
    )


def _trace_of(shown: Shown) -> Trace:
    assert shown.answer.trace is not None
    return shown.answer.trace
