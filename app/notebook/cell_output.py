"""The output of a notebook cell: the page in a frame, and a PNG where the frame is not figure."""

from __future__ import annotations

import base64
from html import escape

from ..local_lab import ComputedFigure
from ..render.figure import render_figure_png
from ..render.figure_content.question_panel import choose_picture
from ..render.offline import make_lab_address, render_offline_page
from ..render.png import reduce_colors
from ..render.views.response_data import measure_response

PRINT_WIDTH = 1_600
"""Width in pixels of the PNG for print."""
SCREEN_WIDTH = 960
"""Width in pixels of the PNG that replaces the frame on a screen."""
MAX_PNG_BYTES = 150_000
"""Largest PNG for print; a notebook is saved with all of its PNGs."""
PICTURE_NOTE = (
    "This is a picture of the figure. "
    "It becomes interactive once the notebook is trusted (command: Trust Notebook) or its cell is run."
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
"""CSS selectors for the theme of the page around a frame, for pages that do not set color-scheme."""
THEME_STYLE = "".join(
    f":is({', '.join(marks)}) .convoscope-frame {{ color-scheme: {scheme} }}"
    for marks, scheme in ((LIGHT_SELECTORS, "light"), (DARK_SELECTORS, "dark"))
)


def render_frame_html(figure: ComputedFigure, title: str, base: str, height: int) -> str:
    """Render the page in a sandboxed frame: neither it nor the notebook has access to the other.

    The fallback content of the frame is a PNG and a sentence. They remain where the frame is removed, as JupyterLab
    does in a notebook that is not trusted. Everything is one line, which Markdown reads as one HTML block.
    """
    response = measure_response(figure.answer, figure.view, figure.compute)
    html = render_offline_page(
        figure.answer, figure.view, framed=True, list_items=lambda _: figure.items, response=response
    )
    page = escape(html).replace("\n", "&#10;")
    return (
        f'<iframe class="convoscope-frame" srcdoc="{page}" title="{escape(title)}" sandbox="allow-scripts" '
        f'width="100%" height="{height}" frameborder="0" style="border: 0; max-width: 100%" allowfullscreen>'
        f"{_render_fallback_html(figure, title, base)}</iframe><style>{THEME_STYLE}</style>"
    )


def render_print_png(figure: ComputedFigure) -> bytes:
    """Render the PNG for print; above MAX_PNG_BYTES with a palette of 256 colors, and then smaller."""
    png = render_figure_png(*choose_picture(figure.answer, figure.view), PRINT_WIDTH)
    for width in (PRINT_WIDTH, PRINT_WIDTH * 3 // 4, PRINT_WIDTH // 2):
        if len(png) <= MAX_PNG_BYTES:
            break
        png = reduce_colors(render_figure_png(*choose_picture(figure.answer, figure.view), width))
    return png


def _render_fallback_html(figure: ComputedFigure, title: str, base: str) -> str:
    png = reduce_colors(render_figure_png(*choose_picture(figure.answer, figure.view), SCREEN_WIDTH))
    link = escape(make_lab_address(base, figure.answer, figure.view))
    link_html = f' <a href="{link}" target="_blank" rel="noopener">{OPEN_LINK}</a>' if link else ""
    return (
        f'<p><img src="data:image/png;base64,{base64.b64encode(png).decode()}" alt="{escape(title)}" '
        f'width="{SCREEN_WIDTH}"></p><p>{PICTURE_NOTE}{link_html}</p>'
    )
