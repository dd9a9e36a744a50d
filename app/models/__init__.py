"""Trained models: those that ship with the program and those that users add or upload. They run with numpy alone."""

from .weights_messages import WEIGHTS_MESSAGES

__all__ = ["WEIGHTS_MESSAGES"]
