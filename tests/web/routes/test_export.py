"""GET and POST /api/export/html: the file, its name, and an uploaded picture only on request."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.pictures import file, photo
from tests.web_client import Client, running


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.fixture(scope="module")
def upload(client: Client) -> str:
    """The id of an uploaded picture."""
    answer = client.ask("POST", "/api/images", files={"file": ("photo.png", file(photo(40, 30), "PNG"), "image/png")})
    assert answer.status_code == 201
    return answer.json()["image"]


def test_the_figure_comes_as_a_file_with_a_name_that_says_what_is_in_it(client: Client):
    answer = client.get("/api/export/html?image=face&layers=conv:sobel-x~relu&stage=2&theme=dark")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="convoscope-face-sobel-x-relu.html"'
    assert "sandbox" in answer.headers["content-security-policy"]
    assert 'data-part="trace"' in answer.text
    assert 'data-theme="dark"' in answer.text


def test_the_file_links_to_the_servers_public_address(client: Client):
    for host in ("lab.example:8000", "other.example"):
        html = client.get("/api/export/html?image=face", host=host).text
        assert re.search(r'<a href="(.*?)"', html)[1] == f"http://{host}/?image=face"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_a_local_address_is_left_out(client: Client, host: str):
    assert "<a " not in client.get("/api/export/html?image=face", host=host).text


def test_an_uploaded_picture_is_included_only_with_picture_1(client: Client, upload: str):
    refused = client.get(f"/api/export/html?image={upload}&size=8")
    assert refused.status_code == 422
    assert refused.json()["field"] == "picture"
    assert "picture=1" in refused.json()["detail"]
    answer = client.get(f"/api/export/html?image={upload}&size=8&picture=1")
    assert answer.status_code == 200
    assert upload not in answer.text
    assert answer.headers["cache-control"].startswith("private")


def test_a_scene_as_json_gives_the_same_file_as_its_link(client: Client):
    scene = client.get("/api/trace?image=face&layers=conv:sobel-x&format=json").json()["scene"]
    posted = client.ask("POST", "/api/export/html?at=2,3", json=scene)
    assert posted.status_code == 200
    assert posted.text == client.get("/api/export/html?image=face&layers=conv:sobel-x&at=2,3").text


@pytest.mark.parametrize(
    ("query", "field"), [("layers=conv:nothing", "filters"), ("picture=2&image=u-x", "picture"), ("pages=3", "pages")]
)
def test_an_invalid_value_is_rejected_with_its_field(client: Client, query: str, field: str):
    answer = client.get(f"/api/export/html?{query}")
    assert answer.status_code == 422
    assert answer.json()["field"] == field


def test_a_picture_that_is_no_longer_here_is_gone(client: Client):
    assert client.get("/api/export/html?image=u-0a1b2c3d4e5f6g7h8i9j&picture=1").status_code == 410


def test_a_figure_that_is_too_large_for_a_page_is_rejected_with_its_size_and_the_limit(client: Client):
    answer = client.get("/api/export/html?size=512&channels=rgb&layers=conv:random*16@3x3,groups=1~relu")
    assert answer.status_code == 422
    assert re.search(r"holds 1[7-9]\.\d MB of numbers; a page in one file can hold 16 MB", answer.json()["detail"])


def test_the_documentation_describes_the_picture_parameter(client: Client):
    described = client.get("/openapi.json").json()["paths"]["/api/export/html"]
    assert "picture" in [parameter["name"] for parameter in described["get"]["parameters"]]
