"""The core: everything that is shown, computed in pure numpy, and its sentences."""

from .messages import MESSAGES

__all__ = ["MESSAGES"]
