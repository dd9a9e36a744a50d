"""Previews of links on other sites: title, description, a picture of the figure, but never of an upload."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest

from tests import pictures
from tests.carried import read_link_data
from tests.web_client import Client, running

SITE = "http://lab.example:8000"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


def tags(client: Client, address: str, **headers: str) -> dict[str, str]:
    """The tags of a page by their names."""
    page = client.get(address, **headers).text
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', page)
    return {name: html.unescape(text) for name, text in found}


@pytest.mark.parametrize("page", ["/", "/embed"])
def test_a_page_has_the_title_the_description_and_the_picture_of_its_figure(client: Client, page: str):
    query = "image=face&layers=conv:sobel-x~relu&stage=2&at=2,3&theme=dark"
    found = tags(client, f"{page}?{query}")
    assert found["og:title"] == "Face → Convolution → ReLU · Convoscope"
    assert found["og:description"].startswith("ReLU turns 1 × 14 × 10 into 1 × 14 × 10.")
    assert found["og:url"] == f"{SITE}{page}?{query}"
    assert found["og:image"] == f"{SITE}/api/figure.png?{query}"
    assert found["twitter:card"] == "summary_large_image"
    answer = client.get(found["og:image"].removeprefix(SITE))
    assert answer.status_code == 200
    assert read_link_data(answer.content)["link"] == query


def test_the_opening_page_has_addresses_without_a_query(client: Client):
    found = tags(client, "/")
    assert (found["og:url"], found["og:image"]) == (f"{SITE}/", f"{SITE}/api/figure.png")
    assert found["og:title"] == "Convoscope"


def test_every_preview_picture_of_a_repaired_page_exists(client: Client):
    found = tags(client, "/?image=nobody&layers=conv:no-such~maxpool:99&stage=40&at=900,900")
    assert client.get(found["og:image"].removeprefix(SITE)).status_code == 200


def test_the_preview_of_the_filters_page_shows_the_filters_map(client: Client):
    found = tags(client, "/filters?model=lenet5&filter=3&image=digit-3")
    assert found["og:title"] == "Filters of LeNet-5 · MNIST · Convoscope"
    assert found["og:url"] == f"{SITE}/filters?model=lenet5&filter=3&image=digit-3"
    assert found["og:image"].endswith("layers=prepare:lenet5~conv:lenet5/conv1&stage=2&map=3")
    assert client.get(found["og:image"].removeprefix(SITE)).status_code == 200


def test_an_uploaded_picture_is_not_in_a_preview(client: Client):
    photo = pictures.file(pictures.photo(90, 60), "PNG")
    id = client.ask("POST", "/api/images", files={"file": ("x.png", photo, "image/png")}).json()["image"]
    for page in (f"/?image={id}&layers=relu", f"/embed?image={id}", f"/filters?image={id}", "/?image=u-0000"):
        assert tags(client, page)["og:image"] == f"{SITE}/api/figure.png"


def test_each_host_of_the_server_gets_its_own_addresses(client: Client):
    assert tags(client, "/?image=face", host="one.example")["og:url"] == "http://one.example/?image=face"
    assert tags(client, "/?image=face", host="two.example")["og:url"] == "http://two.example/?image=face"
    assert tags(client, "/?image=face", host="one.example")["og:image"].startswith("http://one.example/api/")


def test_nothing_in_an_address_ends_its_tag(client: Client):
    page = client.get('/filters?model=lenet5&image="><script>alert(1)</script>').text
    assert "<script>alert" not in page


def test_an_error_page_has_no_preview(client: Client):
    assert tags(client, "/nowhere") == {}
