"""Embeds: their size, who may frame them, the modules for slide decks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from pydantic import ValidationError

from app.settings import Settings
from tests.web_client import Client, running

BUDGET = 120_000  # bytes over the network until the figure is there, its numbers not counted


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


def test_an_embed_weighs_at_most_120_kilobytes(client: Client) -> None:
    page = client.get("/embed").text
    named = [urljoin("/embed", found) for found in re.findall(r'(?:href|src)="(./static/[^"]+)"', page)]
    assert any(name.endswith("styles/embed.css") for name in named)
    assert any(name.endswith("joined/embed.js") for name in named)
    sizes = [int(client.get(name).headers["content-length"]) for name in dict.fromkeys(["/embed", *named])]
    assert sum(sizes) <= BUDGET


def test_anyone_may_frame_an_embed_unless_the_setting_restricts_it(client: Client, tmp_path: Path) -> None:
    assert "frame-ancestors" not in client.get("/embed").headers["content-security-policy"]
    with running(tmp_path, frame_ancestors="'self' https://moodle.example.org") as other:
        rules = other.get("/embed").headers["content-security-policy"].split("; ")
        assert "frame-ancestors 'self' https://moodle.example.org" in rules
        assert "frame-ancestors 'self'" in other.get("/").headers["content-security-policy"].split("; ")


@pytest.mark.parametrize(
    "value", ["*", "a.example; script-src *", "'none' 'self'", "a.example\nX: y", "'unsafe-inline'"]
)
def test_invalid_frame_ancestors_are_refused_at_the_start(value: str) -> None:
    with pytest.raises(ValidationError):
        Settings(frame_ancestors=value)


@pytest.mark.parametrize("path", ["/reveal-convoscope.js", "/deck-keys.js"])
def test_the_modules_for_decks_have_addresses_that_stay_and_import_nothing(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert not re.search(r"^\s*import\b", answer.text, flags=re.MULTILINE)
    again = client.get(path, if_none_match=answer.headers["etag"])
    assert again.status_code == 304


def test_an_embed_does_not_ask_to_drop_a_missing_picture(client: Client) -> None:
    query = "image=u-0000000000000000000000"
    messages = [
        re.findall(r'class="problem"><p>([^<]*)', client.get(f"{path}?{query}").text)[0] for path in ("/", "/embed")
    ]
    assert messages[0].endswith("Drop the photo here again.")
    assert messages[1] == messages[0].removesuffix(" Drop the photo here again.")


def test_the_first_paint_has_the_parts_title_and_background_of_the_link(client: Client) -> None:
    page = client.get("/embed?ui=min&hide=legend,count&title=Edges&transparent=1&theme=dark").text
    assert re.search(r"<html[^>]* data-theme=\"dark\" data-transparent>", page)
    assert 'data-ui="min" data-hide="legend count"' in page
    assert re.search(r'<h1 class="title"[^>]*>Edges</h1>', page)
