"""The whole figure as a picture: a layout makes a list of primitives, a backend draws it."""

from __future__ import annotations

from ...core.scene import View
from ...core.trace.trace import Trace
from ..view_position import fit_view
from .figure_layout import lay_out_figure
from .png_backend import draw_png

__all__ = ["lay_out_figure", "render_figure_png"]


def render_figure_png(trace: Trace, view: View, width: int) -> bytes:
    """Render the figure as a View shows it: a PNG, `width` pixels wide and about half as high."""
    return draw_png(lay_out_figure(trace, fit_view(trace, view)), width)
