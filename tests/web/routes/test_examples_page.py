from __future__ import annotations

import io
import re
from html import unescape

import numpy as np
import pytest
from PIL import Image

from app.core.number_text import format_percent
from app.examples import EXAMPLES
from app.local_lab import compute_figure
from tests.web_client import running

ALL = [one for topic in EXAMPLES for one in topic.examples]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site")) as client:
        yield client


def picture(answer):
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


def test_every_example_is_on_the_page_with_its_words_and_its_address(site):
    html = unescape(site.get("/examples").text)
    opened = re.findall(r'<a class="opens" href="\./([^"]*)"', html)
    assert len(opened) == len(ALL)
    for one in ALL:
        assert one.title in html
        assert one.sentence in html
        assert any(address.startswith(f"{one.page}?{one.link[:20]}") for address in opened)


def test_an_address_on_the_page_opens_the_figure_that_it_names(site):
    html = unescape(site.get("/examples").text)
    address = re.search(r'id="avgpool".*?href="\.(/[^"]*)"', html, re.DOTALL)[1]
    answer = site.get(address)
    assert answer.status_code == 200
    assert "3.25" in answer.text or "÷ 4" in answer.text


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("example", ALL, ids=lambda one: one.name)
def test_every_example_has_a_thumbnail_with_something_on_it(site, example, theme):
    answer = site.get(f"/examples/{example.name}.png?theme={theme}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    pixels = np.asarray(picture(answer))
    assert pixels.shape == (360, 640, 3)
    corner = pixels[0, 0].astype(int)
    assert corner.sum() > 700 if theme == "light" else corner.sum() < 200
    drawn = np.abs(pixels.astype(int) - corner).sum(axis=2) > 40
    assert drawn[:, :320].any() or example.name == "portrait"
    assert drawn.mean() > 0.03
    assert not drawn[:4].any()
    assert not drawn[:, :4].any()
    assert not drawn[-4:].any()
    assert not drawn[:, -4:].any()


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/examples/nothing.png", 404, "There is no example “nothing”."),
        ("/examples/maxpool.png?theme=pink", 422, "pink"),
        ("/examples/maxpool.png?width=9", 422, "width"),
    ],
)
def test_an_address_of_no_thumbnail_says_so(site, path, status, sentence):
    answer = site.get(path)
    assert answer.status_code == status
    assert sentence in answer.text


def test_a_thumbnail_that_the_browser_has_is_not_sent_again(site):
    for name in ("maxpool", "photo-filters"):
        first = site.get(f"/examples/{name}.png")
        again = site.get(f"/examples/{name}.png", if_none_match=first.headers["etag"])
        assert again.status_code == 304


def test_the_page_has_the_theme_of_its_link(site):
    assert 'data-theme="dark"' in site.get("/examples?theme=dark").text
    assert '<source media="all"' in site.get("/examples?theme=dark").text
    assert '<source media="not all"' in site.get("/examples?theme=light").text
    assert "prefers-color-scheme" not in site.get("/examples?theme=dark").text


def test_the_example_of_the_checkerboard_says_what_lenet_says():
    (example,) = (one for topic in EXAMPLES for one in topic.examples if one.name == "lenet-checkerboard")
    shares = compute_figure(example.link).trace.stages[14].output.ravel()
    assert shares.argmax() == 8
    assert format_percent(float(shares[8])) == "99.9 %"
    assert "99.9 %" in example.sentence
