"""Modules for other sites: permanent addresses, readable from anywhere, without imports."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.web_client import Client, running


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


def test_the_element_is_one_module_that_any_site_can_load(client: Client):
    answer = client.get("/conv-scope.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert not re.search(r"^\s*import\b|\bimport\(|\bfrom\s+[\"']", answer.text, re.MULTILINE)


def test_it_is_revalidated_each_time_and_sent_only_when_it_has_changed(client: Client):
    answer = client.get("/conv-scope.js")
    assert answer.headers["cache-control"] == "no-cache"
    assert client.get("/conv-scope.js", if_none_match=answer.headers["etag"]).status_code == 304
