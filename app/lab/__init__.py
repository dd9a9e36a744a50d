"""The Lab: resolves the picture and weights of a Scene, plans and computes it, and reports its problems."""

from __future__ import annotations

from .inputs import ExactInput, UploadLookup
from .service import ComputeLink, Lab, LabResult

__all__ = ["ComputeLink", "ExactInput", "Lab", "LabResult", "UploadLookup"]
