"""A progress bar of training in the terminal; in a file, a line for every tenth of the steps."""

from __future__ import annotations

import time
from typing import TextIO

BAR_WIDTH = 28


class TrainingProgressBar:
    """Shows the finished steps, the loss (smoothed over about 50 steps), and the remaining time."""

    def __init__(self, name: str, stream: TextIO) -> None:
        self._name = name
        self._stream = stream
        self._start: tuple[float, int] | None = None
        self._loss: float | None = None
        self._shown = -1

    def __call__(self, step: int, steps: int, loss: float) -> None:
        """Redraw the bar where it has changed."""
        now = time.monotonic()
        self._start = self._start or (now, step)
        self._loss = loss if self._loss is None else 0.98 * self._loss + 0.02 * loss
        parts = 200 if self._stream.isatty() else 10
        if step * parts // steps == self._shown and step < steps:
            return
        self._shown = step * parts // steps
        start_time, start_step = self._start
        seconds_left = (now - start_time) / max(1, step - start_step) * (steps - step)
        filled = step * BAR_WIDTH // steps
        line = (
            f"{self._name}  {'█' * filled}{'░' * (BAR_WIDTH - filled)}  {step:,} of {steps:,} steps  "
            f"loss {self._loss:.3f}  {seconds_left / 60:.0f} min left"
        )
        self._stream.write(f"\r{line}\x1b[K" if self._stream.isatty() else line + "\n")
        self._stream.flush()

    def end(self) -> None:
        """End the line of the bar."""
        if self._stream.isatty():
            self._stream.write("\n")
