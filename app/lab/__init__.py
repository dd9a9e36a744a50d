"""The only door: a Scene becomes pixels, weights and a Trace, and what does not fit becomes sentences."""

from __future__ import annotations

from .inputs import ExactInput, UploadLookup
from .service import Lab, LabResult

__all__ = ["ExactInput", "Lab", "LabResult", "UploadLookup"]
