"""The response of a cell while the picture is turned or shifted: /api/sweep."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from tests.web_client import Client, read_detail, running

BARS = "image=bars-45&layers=conv:gabor-45~relu~globalmaxpool"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site")) as client:
        yield client


def number_of(site: Client, query: str, stage: int, place: tuple[int, ...]) -> float:
    """The number of one cell in the Trace of a figure."""
    return float(np.array(site.get(f"/api/trace.json?{query}").json()["stages"][stage]["output"])[place])


@pytest.mark.parametrize(("sweep", "adjust"), [("turn", "turn:{}"), ("down", "shift:{}x0"), ("right", "shift:0x{}")])
def test_each_response_is_the_number_of_the_figure_with_that_value(site: Client, sweep: str, adjust: str):
    query = "image=coffee&size=16&layers=conv:sobel-x~relu"
    found = site.get(f"/api/sweep?{query}&sweep={sweep}&stage=2&at=5,6&from=-6&to=6&step=3").json()
    assert found["values"] == [-6, -3, 0, 3, 6]
    for value, response in zip(found["values"], found["responses"], strict=True):
        changed = f"{query}&adjust={adjust.format(value)}"
        assert response == pytest.approx(number_of(site, changed, 2, (0, 5, 6)), rel=1e-6), value
    assert found["now"] == 0


def test_a_value_takes_the_place_of_that_of_the_link_and_the_other_adjustments_stay(site: Client):
    query = "image=coffee&size=16&layers=conv:sobel-x"
    changed = f"{query}&adjust=brightness:0.5,shift:2x3"
    found = site.get(f"/api/sweep?{changed}&sweep=right&at=5,6&from=-1&to=1").json()
    assert found["now"] == 3
    for value, response in zip(found["values"], found["responses"], strict=True):
        assert response == number_of(site, f"{query}&adjust=brightness:0.5,shift:2x{value}", 1, (0, 5, 6))


def test_without_a_cell_the_response_is_the_largest_of_the_map(site: Client):
    whole = site.get(f"/api/sweep?{BARS}&sweep=turn&stage=2").json()
    pooled = site.get(f"/api/sweep?{BARS}&sweep=turn&stage=3&at=0,0").json()
    assert whole["at"] is None
    assert whole["responses"] == pooled["responses"]
    assert whole["values"] == list(range(-90, 91, 5))


def test_a_simple_cell_answers_to_one_direction_and_place_and_a_complex_one_to_all_places(site: Client):
    turned = site.get(f"/api/sweep?{BARS}&sweep=turn&stage=2&at=15,15&from=-90&to=85").json()
    best = turned["values"][int(np.argmax(turned["responses"]))]
    assert abs(best) <= 10, "the filter prefers the direction of the bars as they are"
    across = min(turned["responses"][0], turned["responses"][-1])
    assert across < 0.2 * max(turned["responses"])
    simple = site.get(f"/api/sweep?{BARS}&sweep=right&stage=2&at=15,15&from=-4&to=4").json()["responses"]
    pooled = site.get(f"/api/sweep?{BARS}&sweep=right&stage=3&from=-4&to=4").json()["responses"]
    assert min(simple) < 0.3 * max(simple)
    assert min(pooled) > 0.9 * max(pooled)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("", "sweep is empty; it can be turn, down or right."),
        ("sweep=turn&from=-181", "from is -181; it can be a whole number from -180 to 180."),
        ("sweep=turn&from=a", "from is a; it can be a whole number from -180 to 180."),
        ("sweep=down&step=0", "step is 0; it can be a whole number from 1 to 512."),
        ("sweep=turn&from=10&to=5", "to is 5, which lies below from=10; it can be 10 or more."),
        ("sweep=turn&from=-180&to=180&step=1", "The sweep has 361 values; it can have at most 181."),
        ("sweep=turn&stage=9", "stage has 9, and there is no such stage; it can be 0 to 3."),
        ("sweep=turn&map=4", "map is 4; of stage 1 it can be only 0."),
        ("sweep=turn&stage=3&at=2,0", "at is 2,0; of stage 3 it can be row 0 and column 0."),
        ("sweep=turn&at=0,40", "at is 0,40; of stage 1 it can be row 0 to"),
        ("sweep=turn&predict=cell", "predict is cell, and a sweep would give the answer away; leave predict out."),
        ("sweep=tilt", "sweep is tilt; it can be turn, down or right."),
        ("sweep=turn&speed=3", "speed is not a key here"),
    ],
)
def test_what_does_not_fit_is_said(site: Client, more: str, sentence: str):
    assert sentence in read_detail(site.get(f"/api/sweep?{BARS}&{more}"))


def test_a_sweep_has_a_limit_of_work(tmp_path):
    with running(tmp_path, network_multiply_adds=10_000_000) as client:
        assert client.get("/api/sweep?image=face&layers=conv:sobel-x&sweep=down").status_code == 200
        sentence = read_detail(client.get("/api/sweep?image=coffee&size=256&layers=conv:sobel-x&sweep=turn"))
    assert sentence.startswith("This sweep would need ")
    assert "it can need at most 10,000,000." in sentence


def test_a_sweep_is_computed_in_a_process_of_its_own_and_kept(site: Client):
    first = site.get(f"/api/sweep?{BARS}&sweep=turn&step=45")
    assert site.app.state.app_state.network_pool._pool is not None
    again = site.get(f"/api/sweep?{BARS}&sweep=turn&step=45")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.content == first.content


def test_the_picture_of_a_figure_draws_the_curve_and_refuses_in_a_sentence(site: Client, tmp_path):
    plain = site.get(f"/api/figure.png?{BARS}&stage=2&at=15,15")
    drawn = site.get(f"/api/figure.png?{BARS}&stage=2&at=15,15&sweep=turn")
    assert drawn.headers["content-type"] == "image/png"
    assert drawn.content != plain.content
    assert site.get(f"/api/figure.png?{BARS}&stage=2&at=15,15&sweep=turn").content == drawn.content
    sentence = read_detail(site.get("/api/figure.png?image=coffee&layers=conv:sobel-x&adjust=shift:0x200&sweep=right"))
    assert sentence == "The sweep has 401 values; it can have at most 181. A larger step has fewer."


def test_a_file_carries_the_numbers_of_the_curve_or_why_there_are_none(site: Client):
    def carried(query: str) -> dict:
        html = site.get(f"/api/export/html?{query}").text
        return json.loads(re.search(r'data-part="tables">(.*?)</script>', html)[1])["response"]

    asked = site.get(f"/api/sweep?{BARS}&stage=2&at=15,15&sweep=turn").json()
    found = carried(f"{BARS}&stage=2&at=15,15&sweep=turn")["sweep"]
    assert (found["values"], found["responses"]) == (asked["values"], asked["responses"])
    moved = carried("image=coffee&layers=conv:sobel-x&adjust=shift:0x200&sweep=right")
    assert moved == {"trouble": "The sweep has 401 values; it can have at most 181. A larger step has fewer."}
