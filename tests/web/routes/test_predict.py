"""A link that asks: nothing that the server sends for it holds the answer, until it is asked for."""

from __future__ import annotations

import base64
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

from app.core.trace.wire import unpack
from tests.web_client import page_data, running

CELL = "image=(3,1,4;1,5,9;2,6,5)/1&layers=conv:(7,-12;13,17)~relu&predict=cell&at=1,1&stage=1"
RIGHT = 7 * 5 - 12 * 9 + 13 * 6 + 17 * 5
SIZE = "image=coffee&size=37&layers=conv:sobel-x,stride=2,padding=1~relu&predict=size"
PARAMETERS = "image=coffee&channels=rgb&layers=conv:random*7@3x3~relu&predict=parameters"
MAP = "image=coffee&layers=conv:sobel-x~relu&predict=map"
CLASS = "image=digit-3&size=28&layers=model:lenet5&predict=class"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site")) as client:
        yield client


def without_panel(html: str) -> str:
    """The page without the answers that one may choose from."""
    return re.sub(r'<section class="question".*?</section>', "", html, flags=re.DOTALL)


def arrays(answer):
    return unpack(answer.content)


def test_the_steps_of_a_cell_that_is_asked_for_and_of_those_after_it_are_not_sent(site):
    steps = site.get(f"/api/steps?{CELL}&count=4").json()
    assert steps["positions"] == 4
    assert steps["count"] == len(steps["steps"]) == 3
    later = site.get(f"/api/steps?{CELL}&start=3").json()
    assert later["steps"] == []
    asked = site.get(f"/api/trace?{CELL}")
    assert "content-location" not in asked.headers


def test_the_trace_of_a_cell_lacks_its_number_until_it_is_revealed(site):
    hidden, texts = arrays(site.get(f"/api/trace?{CELL}"))
    assert hidden["1.output"].ravel()[-1] == 0
    assert "2.output" not in hidden
    assert "answer" not in json.loads(texts["trace"])
    whole, texts = arrays(site.get(f"/api/trace?{CELL}&reveal=1"))
    assert whole["1.output"].ravel()[-1] == RIGHT
    assert "2.output" in whole
    found = json.loads(texts["trace"])["answer"]
    assert found["text"] == str(RIGHT)
    assert found["reasons"][found["right"]] == ""
    assert [reason.startswith("would be right ") for reason in found["reasons"]].count(True) == len(
        found["reasons"]
    ) - 1


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_the_page_of_a_cell_is_painted_without_its_number(site, path):
    html = site.get(f"{path}?{CELL}").text
    assert f">{RIGHT}<" in html  # among the answers to choose from
    shown = re.sub(r"<script.*?</script>", "", without_panel(html), flags=re.DOTALL)
    words = re.sub(r'(src|href|content|d|style|viewBox)="[^"]*"', "", shown)
    assert not re.search(rf"\b{RIGHT}\b", words)
    carried, _ = unpack(base64.b64decode(page_data(html)["trace"]))
    assert carried["1.output"].ravel()[-1] == 0


@pytest.mark.parametrize("path", ["/", "/embed", "/api/export/html"])
@pytest.mark.parametrize(
    ("link", "answer"),
    [(SIZE, "19 × 19"), (SIZE, "19×19"), (PARAMETERS, "196"), (CLASS, "99.9"), (CLASS, "softmax")],
)
def test_no_page_says_the_answer_outside_the_choices(site, path, link, answer):
    html = site.get(f"{path}?{link}").text
    shown = re.sub(r"<style>.*?</style>|<script.*?</script>", "", without_panel(html), flags=re.DOTALL)
    assert 'data-part="question"' in html
    assert answer not in re.sub(r'(src|href|content)="[^"]*"', "", shown)


@pytest.mark.parametrize(("link", "stages"), [(CELL, 2), (SIZE, 1), (PARAMETERS, 1), (MAP, 1)])
def test_the_trace_in_the_page_ends_before_the_answer(site, link, stages):
    _, texts = unpack(base64.b64decode(page_data(site.get(f"/?{link}").text)["trace"]))
    assert len(json.loads(texts["trace"])["stages"]) == stages


def test_the_preview_of_a_link_that_asks_shows_what_its_page_shows(site):
    html = site.get(f"/?{SIZE}").text
    description = re.search(r'og:description" content="([^"]*)"', html)[1]
    assert "how many rows and columns" in description
    picture = re.search(r'og:image" content="([^"]*)"', html)[1].replace("&amp;", "&")
    assert "predict=size" in picture
    asked, plain = (
        np.array(Image.open(io.BytesIO(site.get(f"/api/figure.png?{link}").content)))
        for link in (SIZE, SIZE.replace("&predict=size", ""))
    )
    assert not np.array_equal(asked, plain)


def test_the_thumbnail_of_an_example_that_asks_has_no_number_at_its_cell(site):
    picture = np.array(Image.open(io.BytesIO(site.get("/examples/predict-cell.png").content)).convert("RGB")).astype(
        int
    )
    rows, columns = picture.shape[0] * 2 // 3, picture.shape[1] * 87 // 100
    part = picture[rows : rows + picture.shape[0] // 6, columns : columns + picture.shape[1] // 16]
    assert (np.ptp(part, axis=2) < 30).mean() > 0.9  # neither red nor blue: no value is colored


def test_the_answers_can_be_read_before_any_script_runs(site):
    html = site.get(f"/?{SIZE}").text
    assert "Convolution: how many rows and columns will its map have?" in html
    for text in ("input 37 × 37", "stride 2", "padding 1", "window 3 × 3", "18 × 18", "19 × 19"):
        assert text in html


def test_the_maps_to_choose_from_are_different_pictures(site):
    html = site.get(f"/?{MAP}").text
    pngs = re.findall(r'class="guess".*?src="([^"]*)"', html, flags=re.DOTALL)
    assert len(pngs) == len(set(pngs)) >= 3


def test_a_figure_that_has_no_such_answer_says_so_and_hides_nothing(site):
    html = site.get("/?layers=relu&predict=class").text
    assert "The figure has no answer to predict=class" in html
    assert 'data-part="question"' not in html


def test_links_without_a_question_are_as_they_were(site):
    html = site.get("/").text
    assert "question" not in page_data(html)
    assert "predict.css" not in html
