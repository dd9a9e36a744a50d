"""The HTTP interface against its own description, tried by schemathesis."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from app.settings import Settings
from app.web import create_app

schemathesis = pytest.importorskip("schemathesis")
checks = pytest.importorskip("schemathesis.specs.openapi.checks")

SWITCHED_OFF = [
    # Which texts are layers, sizes and scenes is a grammar that OpenAPI cannot say, and how many stages and maps
    # there are depends on the figure: what the description allows may still be a 422.
    # tests/web/routes/test_figure_data.py and tests/core/test_link.py hold what has to be accepted.
    checks.positive_data_acceptance,
]

FOLDER = tempfile.TemporaryDirectory(prefix="convoscope-schemathesis-")
PLACES = {name: Path(FOLDER.name) / name for name in ("store", "samples", "models")}
APP = create_app(Settings(**PLACES, side=32, allowed_hosts="*"))
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", APP)
# The bounds of every parameter, and what lies beyond them, are two thousand calls. The long test makes them all.
WITHOUT_BOUNDS = schemathesis.Config.from_dict({"phases": {"coverage": {"enabled": False}}})
SHORT_SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", APP, config=WITHOUT_BOUNDS)

# Warnings of schemathesis' own client, none of which is about the application.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


def tried(examples: int):
    return settings(
        max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
    )


@SHORT_SCHEMA.parametrize()
@tried(5)
def test_every_call_answers_as_it_is_described(case):
    case.call_and_validate(excluded_checks=SWITCHED_OFF)


@pytest.mark.long
@SCHEMA.parametrize()
@tried(300)
def test_every_call_answers_as_it_is_described_however_it_is_asked(case):
    case.call_and_validate(excluded_checks=SWITCHED_OFF)
