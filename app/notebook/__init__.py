"""The figure in a notebook, and its numbers as NumPy arrays: `show` and `trace`."""

from __future__ import annotations

from .notebook_figure import Figure, show
from .trace_arrays import Numbers, Stage, trace

__all__ = ["Figure", "Numbers", "Stage", "show", "trace"]
