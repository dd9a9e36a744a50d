"""Convoscope's server in a process of its own, started as a user starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
SECONDS_TO_START = 120  # on a busy machine; usually one or two
THIS_CHECKOUT = (sys.executable, "-m", "app")


@dataclass(slots=True)
class RunningServer:
    """`convoscope serve` on a free port. `folder` takes what it stores; `url` has no slash at its end."""

    folder: Path
    options: Sequence[str] = ()
    command: Sequence[str] = THIS_CHECKOUT
    run_in: Path = CHECKOUT
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> RunningServer:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, on the same port as before if it ran; return when it serves."""
        told = {
            "CONVOSCOPE_STORE": str(self.folder / "uploads"),
            "CONVOSCOPE_SAMPLES": str(self.folder / "samples"),
            "CONVOSCOPE_MODELS": str(self.folder / "models"),
            "CONVOSCOPE_LESSONS": str(self.folder / "lessons"),
        }
        self.process = subprocess.Popen(
            [*self.command, "serve", "--port", str(self.port), *self.options],
            cwd=self.run_in,
            env={**os.environ, **told, **self.environment},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = _announced_port(self.process)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Stop it, wait until it is gone and return its exit status; without effect on a stopped one."""
        if self.process is None:
            return 0
        self.process.send_signal(by)
        self.process.communicate(timeout=SECONDS_TO_START)
        status, self.process = self.process.returncode, None
        return status


def _announced_port(process: subprocess.Popen[str]) -> int:
    """The port in the line that the server prints once it serves. It fails if no such line comes in time."""
    assert process.stdout is not None
    too_late = threading.Timer(SECONDS_TO_START, process.kill)
    too_late.start()
    line = process.stdout.readline()
    too_late.cancel()
    announced = re.fullmatch(r"Convoscope is at http://127\.0\.0\.1:(\d+)/\n", line)
    if announced is None:
        process.kill()
        process.communicate()
    assert announced, f"The server did not start; it said {line!r}, and its reasons to stderr."
    return int(announced[1])
