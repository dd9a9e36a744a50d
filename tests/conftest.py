"""What every test may rely on: no network but this machine's own, no settings of whoever runs it, no clock."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from app.settings import PREFIX

# A busy machine must not turn a right answer into a failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


# Files that take longest, longest first, so that no process is left alone with one of them at the end.
LONG = ("test_schemathesis", "test_connections", "test_fair_queue", "test_bodies", "test_cli", "test_forwarded")
LONG_IN_THE_BROWSER = (
    "test_server_failures",
    "test_steps",
    "test_embed",
    "test_filters_of_a_layer",
    "test_prefix",
)


SKIPPED = "convoscope/skipped"
"""Where pytest's cache keeps what the last whole run skipped."""


@pytest.hookimpl(optionalhook=True)  # also where pytest runs without xdist
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: a browser test waits for its page much of the time."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


def pytest_addoption(parser: pytest.Parser) -> None:
    rest = "run what the last run without this option left out: the long tests, and those that it skipped"
    parser.addoption("--rest", action="store_true", help=rest)


class Skipped:
    """Notes what is skipped, a test or a whole file, so that it is found once what it needs has been installed."""

    def __init__(self, config: pytest.Config) -> None:
        self._config, self._found = config, set[str]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self._found.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        if self._config.pluginmanager.has_plugin("cacheprovider"):
            self._config.cache.set(SKIPPED, sorted(self._found))  # type: ignore[union-attr]


def pytest_configure(config: pytest.Config) -> None:
    """Only the process that the user started notes anything: it hears from all others."""
    if not config.option.rest and not config.option.collectonly and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Skipped(config))


def select_rest(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long tests and those that were skipped; `-m ''` has to let the long ones through."""
    skipped = set(config.cache.get(SKIPPED, []))  # type: ignore[union-attr]
    left = [item for item in items if item.get_closest_marker("long") or {item.nodeid, file_of(item)} & skipped]
    config.hook.pytest_deselected(items=[item for item in items if item not in left])
    items[:] = left


def file_of(item: pytest.Item) -> str:
    """The id of the file of a test."""
    return item.nodeid.partition("::")[0]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop running, beside which no other can start.

    Several processes take file after file in this order, so that each has its browser tests last, too.
    """
    first = {name: place for place, name in enumerate((*LONG, *LONG_IN_THE_BROWSER), -len(LONG + LONG_IN_THE_BROWSER))}

    def place(item: pytest.Item) -> tuple[bool, int]:
        return "browser" in item.path.relative_to(Path(__file__).parent).parts, first.get(item.path.stem, 0)

    items.sort(key=place)
    if config.option.rest:
        select_rest(config, items)


@pytest.fixture(autouse=True, scope="session")
def _no_settings_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Defaults are tested, and what is stored goes to a folder that pytest clears."""
    folder = tmp_path_factory.mktemp("convoscope")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            patch.delenv(name)
        patch.setenv(f"{PREFIX}STORE", str(folder / "uploads"))
        patch.setenv(f"{PREFIX}SAMPLES", str(folder / "samples"))
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """A test that would reach beyond this machine fails, also where there is a network."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        at_home = not isinstance(address, tuple) or address[0] in ("localhost", "::1") or address[0][:4] == "127."
        assert at_home, f"A test wanted to connect to {address[0]}."
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield
