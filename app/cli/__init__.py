"""The command `convoscope`."""

from __future__ import annotations

from .cli_messages import CLI_MESSAGES
from .command import main

__all__ = ["CLI_MESSAGES", "main"]
