"""Limits for reading a weights file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """The largest header that is read. Both limits are inclusive.

    `instructions` of a pickle, about forty for a tensor; `members` of an archive.
    """

    instructions: int = 20_000
    members: int = 2_000


UPLOAD_LIMITS = ReadLimits()
"""For an uploaded file."""
OPERATOR_LIMITS = ReadLimits(instructions=1_000_000, members=100_000)
"""For a file that an operator adds: the state of ResNet-152 has 40,000 instructions and 1,000 members."""
