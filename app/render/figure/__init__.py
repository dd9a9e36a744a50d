"""The whole figure as a picture: a layout makes a list of primitives, a backend draws it."""

from __future__ import annotations

from ...core.scene import View
from ...core.trace.trace import Trace
from ..color import Colors
from ..view_position import fit_view
from ..views.response_data import ResponseCurve
from .figure_layout import lay_out_figure
from .png_backend import draw_png
from .thumbnail_layout import lay_out_thumbnail, lay_out_wall

__all__ = ["lay_out_figure", "render_figure_png", "render_thumbnail_png", "render_wall_png"]


def render_figure_png(trace: Trace, view: View, width: int, curve: ResponseCurve | None = None) -> bytes:
    """Render the figure as a View shows it: a PNG, `width` pixels wide and about half as high.

    With a response curve, that takes the place of the arithmetic.
    """
    return draw_png(lay_out_figure(trace, fit_view(trace, view), curve=curve), width)


def render_thumbnail_png(trace: Trace, view: View, width: int) -> bytes:
    """Render the figure in one glance: a PNG, `width` pixels wide, 16 : 9."""
    return draw_png(lay_out_thumbnail(trace, fit_view(trace, view)), width)


def render_wall_png(colors: Colors, theme: str, width: int) -> bytes:
    """Render a picture of filters or patches, (rows, columns, 3), as a PNG, `width` pixels wide, 16 : 9."""
    return draw_png(lay_out_wall(colors, theme), width)
