"""The log of the server: one line per event, with time and level, as text or as JSON."""

from __future__ import annotations

import json
import logging
import re
import warnings
from collections.abc import Iterator

import pytest

from app.logging_setup import LogSettings, start_logging
from app.settings import PREFIX, Settings

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)


def test_a_line_has_time_level_and_logger(capsys: pytest.CaptureFixture[str]):
    start_logging(LogSettings())
    for name in ("app.web", "uvicorn.error"):
        logging.getLogger(name).warning("%d is too much", 7)
        logging.getLogger(name).info("nobody reads this")
    lines = capsys.readouterr().err.splitlines()
    assert [re.fullmatch(rf"{TIME} WARNING (\S+): 7 is too much", line)[1] for line in lines] == [
        "app.web",
        "uvicorn.error",
    ]


def test_json_is_an_object_a_line_with_the_traceback_in_it(capsys: pytest.CaptureFixture[str]):
    start_logging(LogSettings(format="json"))
    try:
        raise ValueError("two\nlines")
    except ValueError:
        logging.getLogger("app").exception("it broke\nhere")
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert set(said) == {"time", "level", "logger", "message", "exception"}
    assert (said["level"], said["logger"], said["message"]) == ("ERROR", "app", "it broke\nhere")
    assert re.fullmatch(TIME, said["time"])
    assert said["exception"].endswith("ValueError: two\nlines")


def test_a_second_start_logs_nothing_twice_and_sets_the_level(capsys: pytest.CaptureFixture[str]):
    start_logging(LogSettings())
    start_logging(LogSettings("info"))
    logging.getLogger("app").info("once")
    assert capsys.readouterr().err.count("once") == 1


def test_warnings_of_python_are_lines_too(capsys: pytest.CaptureFixture[str]):
    start_logging(LogSettings(format="json"))
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        start_logging(LogSettings(format="json"))
        warnings.warn("this is old", DeprecationWarning, stacklevel=1)
    assert "this is old" in json.loads(capsys.readouterr().err)["message"]


def test_level_and_format_are_settings_in_any_case(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(f"{PREFIX}LOG_LEVEL", "INFO")
    monkeypatch.setenv(f"{PREFIX}LOG_FORMAT", "Json")
    assert Settings().logs() == LogSettings("info", "json")
