"""How much of a file of weights is read before it is given up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What a description of arrays may cost. Both are inclusive.

    `instructions` of a pickle, of which a tensor takes about forty; `members` of an archive.
    """

    instructions: int = 20_000
    members: int = 2_000


UPLOAD_LIMITS = ReadLimits()
"""Of a stranger's file."""
OPERATOR_LIMITS = ReadLimits(instructions=1_000_000, members=100_000)
"""Of a file that an operator adds: the state of ResNet-152 has 40,000 instructions and 1,000 members."""
