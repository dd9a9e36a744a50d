"""What a notebook keeps of a figure: the page in a frame, and a picture wherever the frame is not shown."""

from __future__ import annotations

import base64
from html import escape

from ..core.trace.trace import Trace
from ..local_lab import ComputedFigure
from ..render.figure import render_figure_png
from ..render.offline import make_lab_address, render_offline_page
from ..render.png import reduce_colors

PRINT_WIDTH = 1_600
"""Pixels across of the picture that stands in for the figure on paper."""
SCREEN_WIDTH = 960
"""Pixels across of the one that stands in for it on a screen."""
MAX_PNG_BYTES = 150_000
"""A notebook is saved with all of them."""
PICTURE_NOTE = (
    "This is a picture of the figure. "
    "It moves once the notebook is trusted (command: Trust Notebook) or its cell is run."
)
OPEN_LINK = "Open the figure."
DARK_SELECTORS = (
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
LIGHT_SELECTORS = (
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
THEME_STYLE = "".join(
    f":is({', '.join(marks)}) .convoscope-frame {{ color-scheme: {scheme} }}"
    for marks, scheme in ((LIGHT_SELECTORS, "light"), (DARK_SELECTORS, "dark"))
)


def render_frame_html(shown: ComputedFigure, title: str, base: str, height: int) -> str:
    """The page in a frame of its own: it can reach nothing of the notebook, and the notebook nothing of it.

    Inside the element, where a browser that shows the frame shows nothing, stand a picture and a sentence. They remain
    when the frame is taken away, as JupyterLab does in a notebook that is not trusted. All is one line, which Markdown
    takes for one piece of HTML.
    """
    page = escape(render_offline_page(shown.answer, shown.view, framed=True)).replace("\n", "&#10;")
    return (
        f'<iframe class="convoscope-frame" srcdoc="{page}" title="{escape(title)}" sandbox="allow-scripts" '
        f'width="100%" height="{height}" frameborder="0" style="border: 0; max-width: 100%" allowfullscreen>'
        f"{_render_fallback_html(shown, title, base)}</iframe><style>{THEME_STYLE}</style>"
    )


def render_print_png(shown: ComputedFigure) -> bytes:
    """The figure at rest, for paper: in fewer colors, and smaller, where a notebook would grow too much by it."""
    png = render_figure_png(_trace_of(shown), shown.view, PRINT_WIDTH)
    for width in (PRINT_WIDTH, PRINT_WIDTH * 3 // 4, PRINT_WIDTH // 2):
        if len(png) <= MAX_PNG_BYTES:
            break
        png = reduce_colors(render_figure_png(_trace_of(shown), shown.view, width))
    return png


def _render_fallback_html(shown: ComputedFigure, title: str, base: str) -> str:
    png = reduce_colors(render_figure_png(_trace_of(shown), shown.view, SCREEN_WIDTH))
    link = escape(make_lab_address(base, shown.answer, shown.view))
    leads = f' <a href="{link}" target="_blank" rel="noopener">{OPEN_LINK}</a>' if link else ""
    return (
        f'<p><img src="data:image/png;base64,{base64.b64encode(png).decode()}" alt="{escape(title)}" '
        f'width="{SCREEN_WIDTH}"></p><p>{PICTURE_NOTE}{leads}</p>'
    )


def _trace_of(shown: ComputedFigure) -> Trace:
    assert shown.answer.trace is not None
    return shown.answer.trace
