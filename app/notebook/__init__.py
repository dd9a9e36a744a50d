"""Figures in a notebook (`show`), and their numbers as NumPy arrays (`trace`)."""

from __future__ import annotations

from .notebook_figure import Figure, show
from .trace_arrays import StageArrays, TraceArrays, trace

__all__ = ["Figure", "StageArrays", "TraceArrays", "show", "trace"]
