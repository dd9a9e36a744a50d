"""The score of a class while a square covers the picture: /api/occlusion."""

from __future__ import annotations

import time

import numpy as np
import pytest

from app.core.limits import Limits
from app.local_lab import compute_figure
from tests.web_client import Client, read_detail, running

CAT = "image=cat&channels=rgb&layers=model:cifar10"
ENDS = "can be a chain that ends in one number for each of two or more classes, such as model:cifar10."


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site")) as client:
        yield client


def map_by_hand(site: Client, query: str, window, stride, gray: float) -> list[list[list[float]]]:
    """The scores of all classes at each stop, from a Trace of each picture that is covered here and sent as numbers."""
    scene = site.get(f"/api/trace.json?{query}&stages=0").json()
    plain = np.array(scene["stages"][0]["output"])
    (height, width), (down, right) = window, stride
    found = []
    for top in range(0, plain.shape[1] - height + 1, down):
        found.append([])
        for left in range(0, plain.shape[2] - width + 1, right):
            covered = plain.copy()
            covered[:, top : top + height, left : left + width] = gray
            posted = {**scene["scene"], "image": {"planes": covered.tolist()}}
            stages = site.ask("POST", "/api/trace.json", json=posted).json()["stages"]
            last = stages[-2] if stages[-1]["op"] == "softmax" else stages[-1]
            found[-1].append(np.array(last["output"]).ravel().tolist())
    return found


@pytest.mark.parametrize(
    ("query", "keys", "window", "stride", "gray"),
    [
        ("image=digit-8&layers=model:lenet5", "window=10&stride=9", (10, 10), (9, 9), 128),
        ("image=cat&channels=rgb&layers=model:linear10", "window=16x8&stride=8x12", (16, 8), (8, 12), 128),
        ("image=dog&channels=rgb&layers=model:mlp10", "window=20&stride=12&gray=0", (20, 20), (12, 12), 0),
        ("image=ship&channels=rgb&layers=model:cifar10", "window=16&stride=16&gray=255", (16, 16), (16, 16), 255),
        ("image=flower&channels=rgb&size=48&layers=model:photos", "window=24&stride=24", (24, 24), (24, 24), 128),
        ("image=coffee&size=12&layers=conv:4@3x3,seed=3~relu~globalavgpool", "window=5&stride=4", (5, 5), (4, 4), 128),
        ("image=coffee&size=8&layers=linear:random*3,seed=5~softmax", "window=3&stride=3", (3, 3), (3, 3), 128),
        (
            "image=coffee&size=12&layers=conv:random*3@3x3,padding=1~relu~add:1~batchnorm,train=1~linear:4,seed=2",
            "window=6&stride=6",
            (6, 6),
            (6, 6),
            128,
        ),
    ],
)
def test_each_score_is_that_of_the_trace_of_the_picture_with_the_square(site, query, keys, window, stride, gray):
    found = site.get(f"/api/occlusion?{query}&{keys}").json()
    expected = np.array(map_by_hand(site, query, window, stride, gray))
    assert (found["rows"], found["columns"]) == expected.shape[:2]
    assert np.array(found["scores"]) == pytest.approx(expected[:, :, found["class"]], rel=1e-6)
    assert found["winners"] == expected.argmax(axis=2).tolist()
    assert found["tops"] == [row * stride[0] for row in range(found["rows"])]
    assert found["lefts"] == [column * stride[1] for column in range(found["columns"])]
    if found["shares"]:
        shares = np.exp(expected - expected.max(axis=2, keepdims=True))
        shares /= shares.sum(axis=2, keepdims=True)
        assert np.array(found["shares"]) == pytest.approx(shares[:, :, found["class"]], rel=1e-4, abs=1e-7)


def test_a_black_square_is_the_cover_of_a_link(site: Client):
    found = site.get(f"/api/occlusion?{CAT}&window=8&stride=12&gray=0&class=cat").json()
    for row, top in enumerate(found["tops"]):
        for column, left in enumerate(found["lefts"]):
            stages = site.get(f"/api/trace.json?{CAT}&adjust=cover:({top},{left},8,8)&stages=12,13").json()["stages"]
            assert found["scores"][row][column] == pytest.approx(stages[12]["output"][3][0][0], rel=1e-5)
            assert found["shares"][row][column] == pytest.approx(stages[13]["output"][3][0][0], rel=1e-5)


def test_the_map_has_the_stops_of_a_window_with_a_stride_and_says_what_it_is_of(site: Client):
    found = site.get(f"/api/occlusion?{CAT}&window=8&stride=4&class=3").json()
    whole = site.get(f"/api/trace.json?{CAT}&stages=12,13").json()["stages"]
    assert (found["rows"], found["columns"]) == (7, 7)  # (32 − 8)/4 + 1
    assert (found["class"], found["name"], found["winner"], found["stage"]) == (3, "cat", 3, 12)
    assert found["score"] == pytest.approx(whole[12]["output"][3][0][0], rel=1e-6)
    assert found["share"] == pytest.approx(whole[13]["output"][3][0][0], rel=1e-5)
    assert (found["gray"], found["value"]) == (128, 128)
    assert min(map(min, found["scores"])) < found["score"], "the network needs some part of the cat"
    assert site.get(f"/api/occlusion?{CAT}&class=Cat").json()["scores"] == found["scores"]
    assert site.get(f"/api/occlusion?{CAT}").json()["scores"] == found["scores"], "these are the usual values"


def test_the_gray_is_one_of_the_picture_whatever_its_range(site: Client):
    unit = site.get(f"/api/occlusion?{CAT}&range=unit&window=16&stride=16").json()
    byte = site.get(f"/api/occlusion?{CAT}&window=16&stride=16").json()
    assert unit["value"] == pytest.approx(128 / 255)
    assert np.array(unit["scores"]) == pytest.approx(np.array(byte["scores"]), rel=1e-4, abs=1e-4)


def test_a_drawing_is_sent_as_numbers(site: Client):
    drawing = np.zeros((1, 28, 28), int)
    drawing[0, 4:24, 13:16] = 255
    scene = {"image": {"planes": drawing.tolist()}, "layers": [{"op": "model", "head": "lenet5"}]}
    found = site.ask("POST", "/api/occlusion?window=14&stride=14", json=scene).json()
    assert (found["name"], found["rows"], found["columns"]) == ("1", 2, 2)


def test_classes_without_names_have_numbers(site: Client):
    query = "image=coffee&size=8&layers=linear:random*3,seed=5"
    found = site.get(f"/api/occlusion?{query}&class=2").json()
    assert (found["class"], found["name"], found["classes"], found["shares"]) == (2, None, None, None)
    assert "class is cat; it can be a whole number from 0 to 2." in read_detail(
        site.get(f"/api/occlusion?{query}&class=cat")
    )


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("layers=conv:sobel-x", "the layers end in 1 × 30 × 30"),
        ("layers=", "the layers end in 1 × 32 × 32"),
        ("layers=conv:sobel-x~softmax", ENDS),
        ("layers=globalavgpool", "the layers end in 1 × 1 × 1"),
        (f"{CAT}&class=cow", "class is cow; it can be a whole number from 0 to 9 or a name: airplane, automobile, "),
        (f"{CAT}&class=trucks", "Did you mean truck?"),
        (f"{CAT}&class=10", "class is 10; it can be a whole number from 0 to 9 or a name"),
        (f"{CAT}&class=-1", "class is -1; it can be"),
        (
            "image=coffee&channels=rgb&layers=model:photos&class=zz",
            "a whole number from 0 to 101 or a name, such as BACKGROUND_Google",
        ),
        (f"{CAT}&window=33", "window is 33x33; it can be at most 32x32, the input."),
        (f"{CAT}&window=8x33", "window is 8x33; it can be at most 32x32, the input."),
        (f"{CAT}&window=0", "window is 0; it can be a whole number from 1 to 512, or rows x columns such as 1x2."),
        (f"{CAT}&stride=a", "stride is a; it can be a whole number from 1 to 512, or rows x columns such as 1x2."),
        (f"{CAT}&gray=256", "gray is 256; it can be a whole number from 0 to 255."),
        (
            "image=coffee&size=100&layers=conv:2@3x3~globalavgpool&window=1&stride=1",
            "The square would stop at 10,000 places; it can stop at at most 4,096.",
        ),
        (f"{CAT}&predict=class", "predict is class, and an occlusion would give the answer away; leave predict out."),
        (f"{CAT}&size=8&windows=3", "windows is not a key here"),
    ],
)
def test_what_does_not_fit_is_said(site: Client, query: str, sentence: str):
    assert sentence in read_detail(site.get(f"/api/occlusion?{query}"))


def test_an_upload_that_is_gone_is_gone(site: Client):
    assert "no longer here" in read_detail(
        site.get("/api/occlusion?image=u-0a1b2c3d4e5f6g7h8i9j&layers=model:cifar10"), 410
    )


def test_an_occlusion_has_a_limit_of_work(tmp_path):
    with running(tmp_path, network_multiply_adds=100_000_000) as client:
        assert client.get("/api/occlusion?image=cat&channels=rgb&layers=model:linear10").status_code == 200
        sentence = read_detail(client.get(f"/api/occlusion?{CAT}"))
    assert sentence.startswith("This occlusion would need ")
    assert "it can need at most 100,000,000." in sentence


def test_an_occlusion_is_computed_in_a_process_of_its_own_within_a_second_and_kept(site: Client):
    first = site.get(f"/api/occlusion?{CAT}&window=8&stride=4&class=dog")
    assert site.app.state.app_state.network_pool._pool is not None
    again = site.get(f"/api/occlusion?{CAT}&window=8&stride=4&class=dog")
    assert (again.headers["etag"], again.content) == (first.headers["etag"], first.content)
    start = time.perf_counter()
    compute_figure(CAT)
    once = time.perf_counter() - start
    start = time.perf_counter()
    site.get(f"/api/occlusion?{CAT}&window=8&stride=4&class=frog")
    assert time.perf_counter() - start < max(1, 49 * once), "49 stops cost no more than 49 figures"
    assert Limits().multiply_adds == 1_000_000_000


def test_one_place_of_the_square_has_the_scores_of_all_classes(site: Client):
    found = site.get(f"/api/occlusion?{CAT}&window=8&square=5,9").json()
    assert (found["tops"], found["lefts"], found["rows"], found["columns"]) == ([5], [9], 1, 1)
    scene = site.get(f"/api/trace.json?{CAT}&stages=0").json()
    covered = np.array(scene["stages"][0]["output"])
    covered[:, 5:13, 9:17] = 128
    posted = {**scene["scene"], "image": {"planes": covered.tolist()}}
    stages = site.ask("POST", "/api/trace.json", json=posted).json()["stages"]
    assert found["class_scores"] == pytest.approx(np.array(stages[12]["output"]).ravel().tolist(), rel=1e-5)
    assert found["class_shares"] == pytest.approx(np.array(stages[13]["output"]).ravel().tolist(), rel=1e-4, abs=1e-7)
    assert found["scores"] == [[pytest.approx(found["class_scores"][3])]]
    assert site.get(f"/api/occlusion?{CAT}").json()["class_scores"] is None


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("square=5", "square is 5; it can be row,column such as 3,5, the first cell that it covers."),
        ("square=5,25", "square is 5,25; with this window it can be row,column up to 24,24."),
    ],
)
def test_a_place_outside_the_picture_is_refused_in_words(site: Client, keys: str, said: str):
    answer = site.get(f"/api/occlusion?{CAT}&window=8&{keys}")
    assert answer.status_code == 422
    assert said in read_detail(answer)
