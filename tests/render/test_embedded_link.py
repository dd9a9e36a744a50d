"""PNGs with the embedded link of their figure and, with consent, the cells of an uploaded picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests import pictures
from tests.carried import chunks, read_cells, read_link_data
from tests.web_client import Client, running


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


def upload_picture(client: Client) -> str:
    photo = pictures.file(pictures.photo(90, 60), "PNG")
    return client.ask("POST", "/api/images", files={"file": ("x.png", photo, "image/png")}).json()["image"]


def numbers(client: Client, query: str) -> list:
    return client.get(f"/api/trace?{query}&stages=0&format=json").json()["stages"][0]["output"]


PLACES = [
    "",
    "image=face&layers=conv:vertical-edge&at=4,3&beat=products",
    "image=(0,1.5;-2,1/3)&layers=&stage=0",
    "image=coffee&size=16&channels=rgb&range=unit&layers=conv:random*4@3x3,groups=1,seed=7~relu&map=2&theme=dark",
    "stops=0,0;3,4&hide=image,tabs&title=R%C3%A4nder%20%26%20Kanten",
]


@pytest.mark.parametrize("query", PLACES)
def test_a_picture_carries_the_canonical_link_of_its_figure(client: Client, query: str):
    file = client.get(f"/api/picture.png?{query}").content
    assert read_link_data(file) == {"version": 2, "link": query}
    assert read_cells(file) is None


def test_the_link_comes_before_the_pixels(client: Client):
    kinds = [kind for kind, _ in chunks(client.get("/api/picture.png").content)]
    assert kinds == ["IHDR", "iTXt", "IDAT", "IEND"]


@pytest.mark.parametrize(
    "options",
    [
        "channels=gray",
        "channels=rgb",
        "channels=gray&range=unit",
        "channels=rgb&range=unit",
        "channels=rgb&range=unit&adjust=brightness:1.3,turn:20,noise:9",
    ],
)
def test_with_its_cells_an_upload_gives_the_same_numbers_anywhere(client: Client, options: str):
    query = f"image={upload_picture(client)}&size=17x23&crop=3,4,50,70&{options}&layers=conv:sobel-x~relu&stage=2"
    file = client.get(f"/api/picture.png?{query}&pixels=1").content
    cells = read_cells(file)
    assert cells is not None
    assert cells.size == (23, 17)
    again = pictures.file(cells, "PNG")
    id = client.ask("POST", "/api/images", files={"file": ("x.png", again, "image/png")}).json()["image"]
    link = read_link_data(file)["link"].replace("u-in-this-file", id)
    assert link.endswith("stage=2")
    assert np.array_equal(numbers(client, link), numbers(client, query))


def test_without_consent_neither_the_cells_nor_the_id_of_an_upload_are_embedded(client: Client):
    id = upload_picture(client)
    answer = client.get(f"/api/picture.png?image={id}&layers=relu")
    assert read_cells(answer.content) is None
    assert read_link_data(answer.content)["link"] == "image=u-in-this-file&layers=relu"
    assert id.encode() not in answer.content
    assert answer.headers["cache-control"] == "private, no-cache"


def test_a_figure_with_a_left_out_picture_says_so_and_keeps_its_layers(client: Client):
    page = client.get("/?image=u-in-this-file&layers=relu").text
    assert "The file does not contain the picture of this figure." in page
    assert client.get("/api/trace?image=u-in-this-file&layers=relu").status_code == 410


def test_samples_and_typed_numbers_embed_no_cells(client: Client):
    assert read_cells(client.get("/api/picture.png?image=face&pixels=1").content) is None


def test_pixels_is_yes_or_no(client: Client):
    answer = client.get("/api/picture.png?pixels=all")
    assert answer.status_code == 422
    assert answer.json()["field"] == "pixels"
