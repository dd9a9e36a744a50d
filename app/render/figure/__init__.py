"""The whole figure as one picture: what is read, what it is multiplied with, what comes out."""

from __future__ import annotations

from .sheet import render_figure_png

__all__ = ["render_figure_png"]
