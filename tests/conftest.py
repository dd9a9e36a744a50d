"""What every test may rely on: no network but this machine's own, and no settings of whoever runs it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from app.settings import PREFIX

OWN = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True, scope="session")
def _no_settings_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Defaults are tested, and what is stored goes to a folder that pytest clears."""
    place = pytest.MonkeyPatch()
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        place.delenv(name)
    folder = tmp_path_factory.mktemp("convoscope")
    place.setenv(f"{PREFIX}STORE", str(folder / "uploads"))
    place.setenv(f"{PREFIX}SAMPLES", str(folder / "samples"))
    yield
    place.undo()


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that would reach beyond this machine fails, also where there is a network."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        at_home = not isinstance(address, tuple) or address[0] in OWN or address[0].startswith("127.")
        assert at_home, f"A test wanted to connect to {address[0]}."
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
