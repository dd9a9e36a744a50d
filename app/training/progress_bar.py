"""A bar in the terminal; where the output goes to a file, a line for every tenth."""

from __future__ import annotations

import time
from typing import TextIO

BAR_WIDTH = 28


class TrainingProgressBar:
    """Shows steps done, the loss (smoothed over about 50 steps), and the time that is left."""

    def __init__(self, name: str, stream: TextIO) -> None:
        self._name = name
        self._stream = stream
        self._began: tuple[float, int] | None = None
        self._loss: float | None = None
        self._shown = -1

    def __call__(self, step: int, steps: int, loss: float) -> None:
        """Draw it anew where there is something new to see."""
        now = time.monotonic()
        self._began = self._began or (now, step)
        self._loss = loss if self._loss is None else 0.98 * self._loss + 0.02 * loss
        parts = 200 if self._stream.isatty() else 10
        if step * parts // steps == self._shown and step < steps:
            return
        self._shown = step * parts // steps
        since, first = self._began
        left = (now - since) / max(1, step - first) * (steps - step)
        full = step * BAR_WIDTH // steps
        line = (
            f"{self._name}  {'█' * full}{'░' * (BAR_WIDTH - full)}  {step:,} of {steps:,} steps  "
            f"loss {self._loss:.3f}  {left / 60:.0f} min left"
        )
        self._stream.write(f"\r{line}\x1b[K" if self._stream.isatty() else line + "\n")
        self._stream.flush()

    def end(self) -> None:
        """Leave the last state standing on its own line."""
        if self._stream.isatty():
            self._stream.write("\n")
