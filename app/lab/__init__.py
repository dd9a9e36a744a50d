"""The only door: a Scene becomes pixels, weights and a Trace, and what does not fit becomes sentences."""

from __future__ import annotations

from .inputs import Pictures, Values
from .service import Answer, Lab

__all__ = ["Answer", "Lab", "Pictures", "Values"]
