"""The page of learned filters as the server sends it, and its data: filter analysis, patches, films."""

from __future__ import annotations

import re
from html import unescape

import numpy as np
import pytest
import safetensors.numpy

from app.models.library import Models
from app.render.filter_grid import choose_column_count, color_filter, draw_filter_grid
from tests.web_client import page_data, running


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site")) as client:
        yield client


def names(site) -> list[str]:
    return [row["name"] for row in site.get("/api/models").json()]


def test_the_page_shows_all_filters_before_any_script_has_run(site):
    answer = site.get("/filters?model=lenet5")
    assert answer.status_code == 200
    assert "LeNet-5" in answer.text
    assert re.search(r'<img class="sheet" src="data:image/png;base64,[^"]{100,}"', answer.text)
    assert "6 × 1 × 5 × 5" in answer.text
    data = page_data(answer.text)
    assert data["problems"] == []
    assert [layer["op"] for layer in data["scene"]["layers"]] == ["prepare", "conv"]
    assert data["scene"]["size"] == [28, 28]
    assert data["scene"]["channels"] == "gray"


def test_the_page_uses_the_picture_of_a_link_and_ignores_its_layers(site):
    data = page_data(site.get("/filters?image=coffee&layers=relu&size=64&model=linear10").text)
    assert data["scene"]["image"] == {"sample": "coffee"}
    assert data["scene"]["size"] == [32, 32], "a model with a size of its own keeps it"
    assert data["scene"]["layers"][0] == {"op": "prepare", "head": "linear10", "options": {}}
    assert data["problems"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [("model=lenet6", "model"), ("model=lenet5&filter=99", "filter"), ("sort=size", "sort"), ("moment=x", "moment")],
)
def test_an_invalid_value_is_named_and_the_nearest_page_is_shown(site, query, field):
    answer = site.get(f"/filters?{query}")
    assert answer.status_code == 200
    problems = page_data(answer.text)["problems"]
    assert [problem["field"] for problem in problems] == [field]
    assert problems[0]["message"] in unescape(answer.text)


def test_a_layer_above_the_first_is_named_with_its_shape_and_shows_no_weights(site):
    html = site.get("/filters?model=cifar10&layer=conv2&filter=63").text
    assert "What excites the maps of conv2 most" in html
    assert "64 × 32 × 5 × 5" in html
    assert 'class="sheet"' not in html
    assert page_data(html)["problems"] == []
    assert re.search(r'property="og:image" content="[^"]*model:cifar10&amp;stage=5&amp;map=63', html)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("layer=conv4", "cifar10 has no layer conv4 with filters; it can be conv1, conv2 or conv3."),
        ("layer=conv2&filter=64", "the last filter of Three convolutions · CIFAR-10 is 63: that one is shown."),
    ],
)
def test_a_layer_or_a_map_that_there_is_not_is_named_with_those_that_there_are(site, query, sentence):
    html = site.get(f"/filters?model=cifar10&{query}").text
    assert sentence in unescape(html)
    assert site.get("/filters?model=cifar10&layer=conv1").text.count('class="sheet"') == 1


def test_the_page_lists_every_model_and_marks_the_one_that_is_shown(site):
    html = site.get("/filters?model=mlp10").text
    for name in names(site):
        assert f'href="./filters?model={name}"' in html
    assert re.findall(r'href="./filters\?model=(\w+)" aria-current', html) == ["mlp10"]


def test_the_lab_leads_to_the_filters_and_back(site):
    assert 'href="./filters"' in site.get("/").text
    assert '<a href="./">Lab</a>' in site.get("/filters").text


def test_without_models_there_is_no_page_and_nothing_leads_to_it(tmp_path):
    with running(tmp_path) as bare:
        object.__setattr__(bare.app.state.app_state, "models", Models({}))
        answer = bare.get("/filters")
        assert answer.status_code == 404
        assert "no trained models" in answer.text
        assert "/filters" not in bare.get("/").text


def test_the_page_has_no_inline_script_or_style(site):
    answer = site.get("/filters?image=nobody%3C/script%3E&model=%3Cscript%3E")
    assert answer.status_code == 200
    assert "<style" not in answer.text
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", answer.text)
    assert "<script>" not in answer.text
    assert answer.headers["content-security-policy"]


def test_every_filter_has_a_description_and_a_position_in_every_order(site):
    for row in site.get("/api/models").json():
        data = site.get(f"/api/portraits?model={row['name']}").json()
        assert [one["index"] for one in data["filters"]] == list(range(row["filters"]))
        assert all(one["words"] for one in data["filters"])
        assert set(data["orders"]) == {"trained", "orientation", "frequency", "color", "strength"}
        for order in data["orders"].values():
            assert sorted(order) == list(range(row["filters"]))
        assert data["telling"] in range(row["filters"])


def test_the_top_patches_are_positions_where_the_map_has_those_values(site):
    found = site.get("/api/patches?model=lenet5&filter=2").json()["patches"]
    assert len(found) == 9
    values = [patch["value"] for patch in found]
    assert values == sorted(values, reverse=True)
    for place, patch in enumerate(found):
        query = f"image={patch['sample']}&size=28&layers=prepare:lenet5~conv:lenet5/conv1.2&stages=2&format=json"
        output = site.get(f"/api/trace?{query}").json()["stages"][2]["output"][0]
        assert output[patch["row"]][patch["column"]] == pytest.approx(patch["value"], rel=1e-6)
        if place == 0 or patch["sample"] not in [other["sample"] for other in found[:place]]:
            without_padding = [line[2:-2] for line in output[2:-2]]
            assert patch["value"] == pytest.approx(np.max(without_padding), rel=1e-6)
        assert patch["picture"].startswith("data:image/png;base64,")


def test_a_film_is_sent_unchanged(site):
    answer = site.get("/api/film?model=lenet5")
    assert answer.headers["content-type"] == "application/octet-stream"
    film = safetensors.numpy.load(answer.content)
    assert film["frames"].shape[1:] == (6, 1, 5, 5)
    assert len(film["moment"]) == len(film["loss"]) == len(film["accuracy"]) == len(film["frames"])
    assert site.get("/api/film?model=lenet5", If_None_Match=answer.headers["etag"]).status_code == 304


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/api/portraits", "model"),
        ("/api/portraits?model=nobody", "model"),
        ("/api/patches?model=lenet5&filter=6", "filter"),
        ("/api/patches?model=lenet5&filter=-1", "filter"),
        ("/api/film?model=lenet5&filter=1", "filter"),
    ],
)
def test_an_error_names_the_allowed_values(site, address, field):
    answer = site.get(address)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["field"] == field
    assert answer.json()["problems"][0]["allowed"]


def test_zero_is_mid_gray_and_one_scale_holds_for_all_channels():
    one = np.array([[[0.0, 1.0]], [[0.0, -1.0]], [[0.0, 0.5]]], np.float32)
    assert color_filter(one, 1.0).tolist() == [[[128, 128, 128], [255, 0, 191]]]
    assert color_filter(one, 2.0)[0, 1].tolist() == [191, 64, 159]
    assert (color_filter(np.zeros((1, 2, 2), np.float32), 0.0) == 128).all()


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (6, 3), (10, 5), (32, 8), (64, 8), (100, 10)])
def test_the_grid_of_filters_is_about_square(count, columns):
    assert choose_column_count(count) == columns
    sheet = draw_filter_grid(np.random.default_rng(0).normal(size=(count, 3, 5, 7)).astype(np.float32))
    assert sheet.shape == (-(-count // columns) * 6 - 1, columns * 8 - 1, 3)
