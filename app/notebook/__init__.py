"""Figures in a notebook (`show`), their numbers (`trace`), and what networks cost (`architecture`)."""

from __future__ import annotations

from .architecture_table import ArchitectureTable, architecture
from .notebook_figure import Figure, show
from .trace_arrays import StageArrays, TraceArrays, trace

__all__ = ["ArchitectureTable", "Figure", "StageArrays", "TraceArrays", "architecture", "show", "trace"]
