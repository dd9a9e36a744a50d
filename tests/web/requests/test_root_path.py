"""Pages have relative addresses only, so that they work under any path prefix."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin

import pytest

from app.web.requests.public_url import make_root_path
from tests.web_client import Client, running

BEFORE = "https://hub.example/user/me/proxy/8000"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.mark.parametrize(
    ("path", "raw", "root"),
    [
        ("/", b"/", "./"),
        ("/filters", b"/filters", "./"),
        ("/filters/", b"/filters/", "../"),
        ("//", b"//", "../"),
        ("/a/b", b"/a/b", "../"),
        ("/a//b/", b"/a//b/", "../../../"),
        ("/a/b", b"/a%2Fb", "./"),
        ("/a/b/c", b"/prefix/a%2fb/c", "../"),
        ("/ü?/b", b"/%C3%BC%3F/b", "../"),
        ("/a/b", b"", "../"),
        ("*", b"*", "./"),
        ("", b"", "./"),
    ],
)
def test_the_root_is_as_many_levels_up_as_a_browser_sees_slashes(path: str, raw: bytes, root: str) -> None:
    assert make_root_path(path, raw) == root


@pytest.mark.parametrize("path", ["/", "/embed", "/filters", "/docs", "/nowhere", "/embed/", "/a/b/c", "/a%2Fb"])
def test_every_address_in_a_page_lies_under_whatever_path_stands_before_it(client: Client, path: str) -> None:
    html = client.get(path).text
    (mapped,) = json.loads(re.findall(r'<script type="importmap">(.*?)</script>', html)[0])["imports"].values()
    named = [*re.findall(r'(?:href|src)="(?!data:|#)([^"]*)"', html), f"{mapped}pure/frame/frame.js"]
    addresses = {urljoin(BEFORE + path, unescape(name)) for name in named}
    assert {address for address in addresses if not address.startswith(f"{BEFORE}/")} == set()
    for address in addresses:
        assert client.get(address.removeprefix(BEFORE)).status_code == 200, address
