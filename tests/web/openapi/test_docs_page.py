"""The documentation page of the HTTP interface: every call, its parameters and responses, a working command."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from html import unescape

import pytest

from tests.web_client import Client, running


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.fixture(scope="module")
def page(client: Client) -> str:
    return client.get("/docs").text


def test_every_call_is_on_the_page_with_its_parameters_and_responses(client: Client, page: str):
    for path, calls in client.get("/openapi.json").json()["paths"].items():
        for method, call in calls.items():
            entry = page[page.index(f'<article id="{call["operationId"]}"') :]
            entry = unescape(entry[: entry.index("</article>")])
            assert f"{method.upper()}</b> <code>{path}</code>" in entry
            for row in call.get("parameters", []):
                assert f"<code>{row['name']}</code>" in entry, (path, row["name"])
            for status, answer in call["responses"].items():
                assert f'<th scope="row">{status}</th>' in entry
                assert all(kind in entry for kind in answer.get("content", {}))


def test_every_type_and_every_linked_anchor_is_on_the_page(client: Client, page: str):
    places = set(re.findall(r' id="([^"]+)"', page))
    assert {f"type-{name}" for name in client.get("/openapi.json").json()["components"]["schemas"]} <= places
    linked = set(re.findall(r'href="#([^"]+)"', page))
    assert linked - places == set()
    assert len(places) == len(re.findall(r' id="', page))


def test_every_try_link_works(client: Client, page: str):
    addresses = [unescape(found) for found in re.findall(r'<a class="button" href="\./([^"]+)">Try</a>', page)]
    assert len(addresses) >= 20
    assert {address: client.get(f"/{address}").status_code for address in addresses} == dict.fromkeys(addresses, 200)


def test_a_command_makes_the_call_it_documents(client: Client, page: str):
    commands = [unescape(found) for found in re.findall(r'data-part="command">([^<]+)<', page)]
    assert len(commands) >= 25
    for command in commands:
        words = shlex.split(command)
        assert words[0] == "curl"
        assert words[-1].startswith("http://lab.example:8000/")
        if "--data" in words:
            body = words[words.index("--data") + 1]
            answer = client.ask("POST", words[-1], content=body, headers={"content-type": "application/json"})
            assert answer.status_code == 200, command


def test_the_page_has_its_public_address_and_no_links_elsewhere(client: Client, page: str):
    under = client.get("/docs", x_forwarded_prefix="/hub/lab").text
    assert "curl 'http://lab.example:8000/hub/lab/healthz'" in unescape(under)
    assert re.findall(r'(?:href|src)="(?!\./|#|data:)([^"]*)"', under) == []
    assert re.findall(r"<script(?![^>]*(?: src=|importmap))", page) == []
    assert " style=" not in page


def test_the_page_is_fresh_until_something_changes(client: Client):
    answer = client.get("/docs")
    assert answer.headers["cache-control"] == "no-cache"
    assert client.get("/docs", if_none_match=answer.headers["etag"]).status_code == 304
