"""The whole figure as one PNG: input map, arithmetic of a step, output map."""

from __future__ import annotations

from .sheet import render_figure_png

__all__ = ["render_figure_png"]
