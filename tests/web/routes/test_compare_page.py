"""Figures side by side, as the server sends them: links inside of a link, what overrides them, what is wrong."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from httpx import Response
from PIL import Image

from tests.web_client import Client, running

LIGHT = 110_000
"""Bytes until the first figures are drawn, compressed, without their numbers."""
TRACES = re.compile(r'"trace":"[^"]*"')


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("store")) as made:
        yield made


def address(path: str = "/compare", **keys: str) -> str:
    return f"{path}?{'&'.join(key + '=' + quote(value, safe='') for key, value in keys.items())}"


def heading(html: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", html)
    assert found
    return unescape(found[1])


def data(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" data-part="tables">(.*?)</script>', html)
    assert found
    return json.loads(found[1])


def problems(html: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'<p class="problem compare-problem"[^>]*>(.*?)</p>', html)]


POOLS = {"a": "image=coffee&size=36&layers=maxpool:9", "b": "image=coffee&size=36&layers=avgpool:9"}


@pytest.mark.parametrize("path", ["/compare", "/embed/compare"])
def test_the_title_says_the_difference_and_each_figure_what_it_is(client: Client, path: str):
    html = client.get(address(path, **POOLS)).text
    assert heading(html) == "Max pool and average pool, 9 × 9, on the same photo"
    assert "<title>Max pool and average pool, 9 × 9, on the same photo · Convoscope</title>" in html
    assert [figure["letter"] for figure in data(html)["figures"]] == ["a", "b"]
    assert 'aria-label="Figure b: Average pool"' in html
    assert ("header-menu" in html) == (path == "/compare")


def test_only_the_embed_may_be_framed_by_other_sites(client: Client):
    page, embed = (client.get(address(path, **POOLS)).headers for path in ("/compare", "/embed/compare"))
    assert "frame-ancestors 'self'" in page["content-security-policy"]
    assert "frame-ancestors 'self'" not in embed["content-security-policy"]


def test_what_stands_beside_the_links_overrides_what_stands_in_them(client: Client):
    links = {"a": "layers=maxpool:2&at=1,1&theme=dark", "b": "layers=avgpool:2&at=2,2"}
    inside = client.get(address(**links)).text
    assert data(inside)["place"] == {"at": [1, 1], "beat": "sum", "isWhole": False}
    assert 'data-theme="dark"' in inside
    outside = client.get(address(**links, at="3,4", beat="write", theme="light")).text
    assert data(outside)["place"] == {"at": [3, 4], "beat": "write", "isWhole": False}
    assert data(outside)["own"] == {"at": "3,4", "beat": "write", "theme": "light"}
    assert 'data-theme="light"' in outside


def test_without_a_place_all_cells_are_written_and_the_place_is_one_that_all_figures_have(client: Client):
    html = client.get(address(a="layers=conv:sobel-x", b="layers=maxpool:8", c="layers=conv:sobel-y")).text
    place = data(html)["place"]
    assert place["isWhole"]
    assert place["at"][0] < 4
    assert place["at"][1] < 4


def test_a_problem_of_one_link_is_said_with_its_letter_and_the_others_stay(client: Client):
    html = client.get(address(a="layers=conv:sobel-x", b="layers=conv:nope", c="layers=conv:sobel-y")).text
    said = problems(html)
    assert said
    assert all(sentence.startswith("Figure b, Convolution (layer 1): ") for sentence in said)
    assert "nope is unknown" in said[0]
    assert [figure["letter"] for figure in data(html)["figures"]] == ["a", "b", "c"]
    assert problems(client.get(address(a="layers=conv:sobel-x", b="layers=conv:sobel-y")).text) == []


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"a": "layers=relu"}, "There is one figure, and a comparison needs two to four"),
        (dict.fromkeys("abcde", "layers=relu"), "At most four figures, a to d, stand side by side; e is left out."),
        ({**POOLS, "at": "x"}, "at is x"),
        ({"a": f"notes={'x' * 20_000}", "b": f"notes={'y' * 20_000}"}, "can have at most 24,000; b is left out."),
    ],
)
def test_what_is_wrong_around_the_links_is_said(client: Client, keys: dict[str, str], sentence: str):
    answer = client.get(address(**keys))
    assert answer.status_code == 200
    assert any(sentence in said for said in problems(answer.text)), problems(answer.text)


@pytest.mark.parametrize("query", ["a=%ff&b=%", "a&b", "a==&b=&&&", "at=9,9", "a=scene%3D%7B&b=", "c=layers%3Drelu&d="])
def test_no_address_is_a_fault_of_the_server(client: Client, query: str):
    assert client.get(f"/compare?{query}").status_code == 200


def test_an_address_without_links_opens_a_comparison(client: Client):
    html = client.get("/compare").text
    assert heading(html).startswith("Max pool and average pool")
    assert problems(html) == []


def test_a_place_that_a_figure_does_not_have_is_marked_in_the_others_alone(client: Client):
    html = client.get(address(a="layers=conv:sobel-x", b="layers=maxpool:8", at="10,10")).text
    marks = [len(re.findall("<rect", part)) for part in html.split('data-part="figure"')[1:]]
    assert marks == [2, 0]
    assert data(html)["place"]["at"] == [10, 10]


def test_a_shift_is_moved_back_and_its_unlike_cells_are_counted(client: Client):
    html = client.get(address(a="layers=conv:sobel-x", b="layers=shift:0x4~conv:sobel-x&stage=2")).text
    assert "After, moved back by 4 columns to the left" in html
    assert "All 780 cells that are in both maps are alike. 120 more moved out of the map." in html
    padded = "conv:sobel-x,padding=1"
    html = client.get(address(a=f"layers={padded}", b=f"layers=shift:0x4~{padded}&stage=2")).text
    assert re.search(r"\d+ of 896 cells that are in both maps are unlike\.", html)
    assert 'data-part="moved"' not in client.get(address(**POOLS)).text


def test_the_first_figures_take_at_most_110_kb(client: Client):
    for path in (address(**POOLS), address("/embed/compare", **POOLS), address(**dict.fromkeys("abcd", ""))):
        html = client.get(path).text
        root = "../" if path.startswith("/embed") else "./"
        names = sorted({f"/{name}" for name in re.findall(rf'(?:href|src)="{re.escape(root)}(static/[^"]+)"', html)})
        weights = {
            name: int(client.get(name, accept_encoding="gzip").headers["content-length"]) for name in (path, *names)
        }
        carried = len(gzip.compress(html.encode())) - len(gzip.compress(TRACES.sub("", html).encode()))
        total = sum(weights.values()) - carried
        assert total <= LIGHT, (total, sorted(weights.items(), key=lambda item: -item[1]))


def test_a_comparison_is_cached_by_its_contents(client: Client):
    first = client.get(address(**POOLS))
    again = client.get(address(**POOLS), if_none_match=first.headers["etag"])
    assert again.status_code == 304
    other = client.get(address(**POOLS, at="1,1"))
    assert other.headers["etag"] != first.headers["etag"]


def test_the_file_has_all_figures_and_their_numbers_and_no_address(client: Client):
    answer = client.get(address("/api/export/html", **POOLS, at="1,2"))
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == (
        'attachment; filename="convoscope-max-pool-and-average-pool-9x9-on-the-same-photo.html"'
    )
    assert "sandbox" in answer.headers["content-security-policy"]
    assert heading(answer.text) == "Max pool and average pool, 9 × 9, on the same photo"
    figures = data(answer.text)["figures"]
    assert [figure["letter"] for figure in figures] == ["a", "b"]
    assert all(gzip.decompress(base64.b64decode(figure["zipped"])) for figure in figures)
    assert "lab.example" not in answer.text.replace("lab.example:8000/?", "")


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({**POOLS, "b": "layers=conv:nope"}, "Figure b, Convolution (layer 1): nope is unknown"),
        ({**POOLS, "b": "image=nothing"}, "Figure b: "),
        (dict.fromkeys("abcde", ""), "e is left out"),
        ({**POOLS, "picture": "2"}, "picture"),
    ],
)
def test_a_file_is_refused_with_the_letter_of_the_figure_that_is_wrong(
    client: Client, keys: dict[str, str], sentence: str
):
    answer = client.get(address("/api/export/html", **keys))
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]


def read_png(answer: Response) -> Image.Image:
    assert answer.headers["content-type"] == "image/png", answer.text
    return Image.open(io.BytesIO(answer.content))


def test_the_picture_has_all_figures_and_is_the_preview_of_the_page(client: Client):
    page = client.get(address(**POOLS, at="1,2")).text
    preview = re.search(r'<meta property="og:image" content="([^"]+)"', page)
    assert preview
    path = unescape(preview[1]).partition("/api/")[2]
    picture = read_png(client.get(f"/api/{path}"))
    assert picture.size == (1200, 630)
    assert path.startswith("compare.png?a=image%3Dcoffee")
    small = read_png(client.get(address("/api/compare.png", **POOLS, width="640")))
    assert small.size == (640, 336)
    dark = read_png(client.get(address("/api/compare.png", **POOLS, theme="dark")))
    assert np.asarray(dark.convert("L")).mean() < np.asarray(picture.convert("L")).mean()


def test_the_preview_of_a_page_with_a_wrong_link_is_a_picture_too(client: Client):
    page = client.get(address(a="layers=conv:nope", b="layers=conv:sobel-y")).text
    preview = re.search(r'<meta property="og:image" content="([^"]+)"', page)
    assert preview
    read_png(client.get("/api/" + preview[1].partition("/api/")[2]))


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({**POOLS, "b": "layers=conv:nope"}, "Figure b, Convolution (layer 1): nope is unknown"),
        ({**POOLS, "b": "image=nothing"}, "Figure b: "),
        (dict.fromkeys("abcde", ""), "e is left out"),
        ({**POOLS, "width": "10"}, "width is 10; it can be a whole number from 320 to 3,840."),
        ({**POOLS, "depth": "3"}, "There is no parameter depth here."),
        ({**POOLS, "at": "x"}, "at is x"),
    ],
)
def test_a_picture_is_refused_in_a_sentence(client: Client, keys: dict[str, str], sentence: str):
    answer = client.get(address("/api/compare.png", **keys))
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]


def test_a_picture_that_was_moved_says_how_many_numbers_changed_and_is_moved_back(client: Client):
    links = {"a": "image=chelsea&layers=&stage=0", "b": "image=chelsea&adjust=shift:0x4&layers=&stage=0"}
    html = client.get(address(**links)).text
    one, other = (client.get(f"/api/trace.json?{link}").json()["stages"][0]["output"][0] for link in links.values())
    changed = sum(a != b for left, right in zip(one, other, strict=True) for a, b in zip(left, right, strict=True))
    assert changed > 900
    assert f"{changed} of 1024 cells have other numbers." in html.replace(",", "")
    assert "After, moved back by 4 columns to the left" in html
    assert "All 896 cells that are in both maps are alike." in html


def test_one_number_for_the_whole_picture_is_not_moved_back(client: Client):
    bars = "image=bars-45&{}layers=conv:gabor-45~relu~globalmaxpool&stage=3"
    html = client.get(address(a=bars.format(""), b=bars.format("adjust=shift:0x3&"))).text
    assert "All figures show the same numbers." in html
    assert 'data-part="moved"' not in html
