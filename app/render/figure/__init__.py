"""The whole figure as one picture: what is read, what it is multiplied with, what comes out."""

from __future__ import annotations

from .sheet import figure_png

__all__ = ["figure_png"]
