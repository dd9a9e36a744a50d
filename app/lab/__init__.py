"""The only door: a Scene becomes pixels, weights and a Trace, and what does not fit becomes sentences."""

from __future__ import annotations

from .door import Answer, Lab
from .sources import Pictures, Values

__all__ = ["Answer", "Lab", "Pictures", "Values"]
