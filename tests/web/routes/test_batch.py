"""A stack of pictures over HTTP: the answer is that of one item, and says which; uploads that are gone are named."""

from __future__ import annotations

import json
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from app.core.trace.wire import unpack
from tests.pictures import file, photo
from tests.web_client import Client, running

STACK = "image=coffee&batch=chelsea,astronaut&channels=rgb&size=12&layers=conv:random*2@3x3,seed=1"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory):
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.fixture
def upload(client: Client) -> dict[str, str]:
    """An uploaded picture: its id, and what deletes it."""
    answer = client.ask("POST", "/api/images", files={"file": ("photo.png", file(photo(40, 30), "PNG"), "image/png")})
    assert answer.status_code == 201
    return answer.json()


def alone(query: str, name: str) -> str:
    return query.replace("batch=chelsea,astronaut&", "").replace("coffee", name)


@pytest.mark.parametrize(("item", "name"), [(0, "coffee"), (1, "chelsea"), (2, "astronaut")])
def test_a_trace_is_that_of_the_item_and_says_which(client: Client, item: int, name: str):
    found = client.get(f"/api/trace.json?{STACK}&item={item}").json()
    single = client.get(f"/api/trace.json?{alone(STACK, name)}").json()
    assert found["stages"] == single["stages"]
    batch = found["batch"]
    assert (batch["count"], batch["item"], batch["names"]) == (3, item, ["coffee", "chelsea", "astronaut"])
    assert batch["titles"] == ["Coffee", "Cat", "Astronaut"]
    assert "batch" not in single
    assert ("item=" in found["link"]) == (item > 0)


def test_the_file_of_arrays_has_one_picture_alone(client: Client):
    arrays, texts = unpack(client.get(f"/api/trace?{STACK}&item=2").content)
    assert set(arrays) == {"0.output", "1.weight", "1.bias", "1.output"}
    assert arrays["0.output"].shape == (3, 12, 12)
    assert json.loads(texts["trace"])["batch"]["item"] == 2


@pytest.mark.parametrize(
    "path", ["/api/picture.png?stage=1&map=1&", "/api/figure.png?at=2,3&", "/api/tray?stage=1&", "/api/steps?count=3&"]
)
def test_pictures_steps_and_trays_are_those_of_the_item(client: Client, path: str):
    stacked = client.get(f"{path}{STACK}&item=1")
    single = client.get(f"{path}{alone(STACK, 'chelsea')}")
    assert stacked.status_code == single.status_code == 200
    if path.startswith("/api/picture"):
        assert np.array_equal(pixels(stacked.content), pixels(single.content))
    elif path.startswith("/api/steps"):
        assert stacked.json()["steps"] == single.json()["steps"]
    elif path.startswith("/api/tray"):
        assert stacked.json() == single.json()
    else:
        below = pixels(stacked.content)[200:] != pixels(single.content)[200:]
        assert below.mean() < 0.001  # the headings alone are others


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(data)).convert("RGB"))


def test_a_sweep_is_that_of_the_item(client: Client):
    query = "image=bars-0&batch=bars-45&layers=conv:gabor-45~relu"
    stacked = client.get(f"/api/sweep?{query}&item=1&sweep=turn&stage=2&at=15,15&step=30").json()
    single = client.get("/api/sweep?image=bars-45&layers=conv:gabor-45~relu&sweep=turn&stage=2&at=15,15&step=30").json()
    assert stacked["responses"] == single["responses"]


def test_the_adjustment_changes_every_item_alike(client: Client):
    for item, name in enumerate(("coffee", "chelsea", "astronaut")):
        changed = f"{STACK}&adjust=turn:20,brightness:0.5"
        found = client.get(f"/api/trace.json?{changed}&item={item}&stages=1").json()["stages"][1]["output"]
        assert found == client.get(f"/api/trace.json?{alone(changed, name)}&stages=1").json()["stages"][1]["output"]


def test_a_posted_scene_has_a_stack_too(client: Client):
    scene = {"image": {"sample": "coffee"}, "batch": [{"sample": "chelsea"}], "item": 1, "layers": []}
    found = client.ask("POST", "/api/trace.json", json=scene).json()
    assert found["link"] == "image=coffee&batch=chelsea&item=1&layers="
    assert found["batch"]["names"] == ["coffee", "chelsea"]


def test_thumbnails_are_small_pictures_of_the_inputs(client: Client):
    batch = client.get(f"/api/trace.json?{STACK.replace('size=12', 'size=256')}&stages=1").json()["batch"]
    for path, name in zip(batch["thumbnails"], ("coffee", "chelsea", "astronaut"), strict=True):
        answer = client.get(path)
        assert answer.status_code == 200
        assert pixels(answer.content).shape == (64, 64, 3)
        assert name == "chelsea" or f"image={name}" in path


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("batch=nobody", "batch", "There is no picture called nobody here for the stack"),
        ("batch=(1,2)", "batch", "The pictures of a stack have one shape: Your numbers gives 1 × 1 × 2"),
        ("batch=coffee&item=7", "item", "item is 7; with 2 pictures in the stack it can be 0 to 1."),
        ("item=1", "item", "item is 1, but this figure has one picture"),
        (f"batch={','.join(['coffee'] * 9)}", "batch", "batch has 9 pictures; there can be at most 8"),
        ("batch=Caf%C3%A9", "batch", "batch is Café"),
    ],
)
def test_what_is_no_stack_is_refused_with_a_sentence(client: Client, query: str, field: str, sentence: str):
    answer = client.get(f"/api/trace.json?{query}&layers=")
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert answer.json()["detail"].startswith(sentence)


def test_an_upload_of_a_stack_is_kept_private_and_named_when_it_is_gone(client: Client, upload: dict[str, str]):
    query = f"image=coffee&batch={upload['image']}&size=8&layers=conv:sobel-x"
    answer = client.get(f"/api/trace?{query}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"].startswith("private")
    refused = client.get(f"/api/export/html?{query}")
    assert (refused.status_code, refused.json()["field"]) == (422, "picture")
    page = client.get(f"/api/export/html?{query}&picture=1")
    assert page.status_code == 200
    assert upload["image"] not in page.text
    assert 'data-part="item-1"' in page.text
    token = {"X-Delete-Token": upload["delete_token"]}
    assert client.ask("DELETE", f"/api/images/{upload['image']}", headers=token).status_code == 204
    for item in (0, 1):
        gone = client.get(f"/api/trace?{query}&item={item}")
        assert gone.status_code == 410
        assert gone.json()["detail"].startswith(f"Picture 2 of the stack, {upload['image']}, is no longer here")
    shown = client.get(f"/?{query}&item=1")
    assert shown.status_code == 200
    assert "Picture 2 of the stack" in shown.text


def test_a_file_too_large_for_all_pictures_has_one_and_says_so(client: Client):
    names = "chelsea,astronaut,rocket,brick,gravel,hubble"
    query = f"image=coffee&batch={names}&size=256&item=2&layers=conv:random*8@3x3~relu"
    answer = client.get(f"/api/export/html?{query}")
    assert answer.status_code == 200
    assert "This file has picture 3 of 7 of the stack alone: all of them have 34" in answer.text
    assert 'data-part="item-' not in answer.text
