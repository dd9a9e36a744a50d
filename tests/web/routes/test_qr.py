"""GET /api/qr.svg: a code that phones read, and errors for invalid links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import numpy as np
import pytest

from tests.web_client import Client, running


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


def pixels(svg: str) -> np.ndarray:
    """The picture of the SVG's rectangles, four pixels per module."""
    side = int(re.search(r'viewBox="0 0 (\d+) ', svg)[1])
    modules = np.full((side, side), 255, np.uint8)
    for left, top, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg):
        modules[int(top), int(left) : int(left) + int(width)] = 0
    return np.kron(modules, np.ones((4, 4), np.uint8))


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1:8000/",
        "https://lab.example/?image=coffee&layers=conv:sobel-x%7Erelu%7Emaxpool:2&stage=1&at=16,20",
        "https://lab.example/?image=(" + "1,2,3;" * 120 + "1,2,3)&title=100%25+%C3%BC",
    ],
)
def test_a_phone_reads_the_link_that_was_put_in(client: Client, link: str):
    reader = pytest.importorskip("zxingcpp")
    answer = client.get(f"/api/qr.svg?link={quote(link, safe='')}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert [found.text for found in reader.read_barcodes(pixels(answer.text))] == [link]


def test_the_code_has_the_white_margin_that_readers_need(client: Client):
    code = pixels(client.get("/api/qr.svg?link=https%3A%2F%2Flab.example%2F").text)
    dark = np.argwhere(code == 0)
    assert dark.min() == 4 * 4
    assert dark.max() == len(code) - 4 * 4 - 1


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "lab.example/", "https://lab.example/?" + "a" * 1000])
def test_an_invalid_or_too_long_link_is_rejected(client: Client, link: str):
    answer = client.get(f"/api/qr.svg?link={quote(link, safe='')}")
    assert answer.status_code == 422
    assert answer.json()["field"] == "link"
    assert "at most 1,000 bytes" in answer.json()["detail"]


def test_the_same_code_is_sent_once_and_then_a_304(client: Client):
    address = "/api/qr.svg?link=https%3A%2F%2Flab.example%2F"
    etag = client.get(address).headers["etag"]
    assert client.get(address, if_none_match=etag).status_code == 304
