"""What excites a map of a convolution most: /api/patches with `layer`, and the files that come with the program."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from app.core.explain.receptive_box import find_receptive_box
from app.images.samples import load_samples
from app.local_lab import compute_figure, get_models
from app.models.library import load_models
from app.models.peak_file import read_peaks
from tests.golden.make_peaks import CHECKOUT, FOLDER, find_model_peaks
from tests.web_client import Client, read_detail, running

STAGES = {"conv1": 2, "conv2": 5, "conv3": 8}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site")) as client:
        yield client


def by_hand(model: str, stage: int, map: int, kinds: tuple[str, ...], query: str) -> list[tuple[float, str, int, int]]:
    """(value, sample, row, column) of the nine strongest samples, from a Trace of each."""
    found = []
    for name, sample in load_samples(CHECKOUT / "sample_images").items():
        if sample.kind in kinds:
            output = compute_figure(f"image={name}&{query}&layers=model:{model}").trace.stages[stage].output[map]
            found.append((float(output.max()), name, *np.unravel_index(int(output.argmax()), output.shape)))
    return sorted(found, key=lambda one: -one[0])[:9]


@pytest.mark.parametrize(
    ("model", "layer", "stage", "map", "kinds", "query"),
    [
        ("cifar10", "conv2", 5, 17, ("photo", "object"), "size=32&channels=rgb"),
        ("cifar10", "conv3", 8, 40, ("photo", "object"), "size=32&channels=rgb"),
        ("lenet5", "conv2", 5, 3, ("photo", "digit"), "size=28"),
        ("photos", "conv3", 7, 100, ("photo", "object"), "size=227&channels=rgb"),
    ],
)
def test_the_strongest_are_those_of_the_traces_of_all_samples(site: Client, model, layer, stage, map, kinds, query):
    found = site.get(f"/api/patches?model={model}&layer={layer}&filter={map}").json()
    assert (found["layer"], found["stage"], found["filter"]) == (layer, stage, map)
    expected = by_hand(model, stage, map, kinds, query)
    shown = [(one["value"], one["sample"], one["row"], one["column"]) for one in found["patches"]]
    assert [one[1:] for one in shown] == [one[1:] for one in expected]
    assert [one[0] for one in shown] == pytest.approx([one[0] for one in expected], rel=1e-5)


def test_a_patch_is_the_receptive_field_of_the_cell(site: Client):
    for layer, stage in STAGES.items():
        found = site.get(f"/api/patches?model=cifar10&layer={layer}&filter=5").json()
        for patch in found["patches"]:
            trace = compute_figure(f"image={patch['sample']}&size=32&channels=rgb&layers=model:cifar10").trace
            box = find_receptive_box(trace, stage, 5, patch["row"], patch["column"])
            assert tuple(patch["box"]) == box
            picture = np.asarray(
                Image.open(io.BytesIO(base64.b64decode(patch["picture"].split(",")[1]))).convert("RGB")
            )
            top, left, height, width = box
            cells = trace.stages[0].output[:, top : top + height, left : left + width].transpose(1, 2, 0)
            assert np.array_equal(picture, cells.astype(np.uint8))


@pytest.mark.parametrize("name", ["cifar10", "lenet5", "photos"])
def test_the_files_hold_what_is_found_now(name: str):
    models = load_models(FOLDER)
    fresh = find_model_peaks(models[name], load_samples(CHECKOUT / "sample_images"), models)
    stored = models[name].peaks
    assert stored is not None
    assert stored.samples == fresh.samples
    for layer, peaks in fresh.layers.items():
        kept = stored.layers[layer]
        assert np.allclose(kept.values, peaks.values, rtol=1e-4, atol=1e-4)
        same = (kept.pictures == peaks.pictures) & (kept.places == peaks.places).all(axis=2)
        assert same.mean() > 0.99, "but for values that are alike to rounding"


def test_the_files_are_small_and_no_models():
    sizes = [file.stat().st_size for file in FOLDER.glob("*.peaks.safetensors")]
    assert len(sizes) == 3
    assert sum(sizes) < 40_000
    assert not [name for name in get_models() if "peaks" in name]
    with pytest.raises((ValueError, KeyError)):
        read_peaks(FOLDER / "lenet5.safetensors")


def test_without_a_file_it_is_computed_on_request(site: Client, tmp_path, monkeypatch):
    stored = site.get("/api/patches?model=cifar10&layer=conv2&filter=8").json()["patches"]
    with running(tmp_path) as other:
        monkeypatch.setitem(vars(other.app.state.app_state.models["cifar10"]), "peaks", None)
        computed = other.get("/api/patches?model=cifar10&layer=conv2&filter=8").json()["patches"]
    assert [one | {"value": 0} for one in computed] == [one | {"value": 0} for one in stored]
    assert [one["value"] for one in computed] == pytest.approx([one["value"] for one in stored], rel=1e-5)


def test_without_a_layer_the_answer_is_that_of_the_first_layer_as_before(site: Client):
    found = site.get("/api/patches?model=cifar10&filter=2").json()
    assert set(found) == {"model", "filter", "patches"}
    assert "box" not in found["patches"][0]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("model=cifar10&layer=conv4", "cifar10 has no layer conv4 with filters; it can be conv1, conv2 or conv3."),
        ("model=cifar10&layer=fc1", "cifar10 has no layer fc1 with filters; it can be conv1, conv2 or conv3."),
        ("model=linear10&layer=fc1", "linear10 has no convolutions, and layer is fc1; leave layer out."),
        ("model=cifar10&layer=conv2&filter=64", "filter is 64; it can be a whole number from 0 to 63."),
    ],
)
def test_what_there_is_not_is_said(site: Client, query: str, sentence: str):
    assert sentence in read_detail(site.get(f"/api/patches?{query}"))


def test_a_search_has_a_limit_of_work(tmp_path, monkeypatch):
    with running(tmp_path, network_multiply_adds=10_000_000) as client:
        model = client.app.state.app_state.models["cifar10"]
        monkeypatch.setitem(vars(model), "peaks", None)
        sentence = read_detail(client.get("/api/patches?model=cifar10&layer=conv2"))
    assert "it can need at most 10,000,000" in sentence
