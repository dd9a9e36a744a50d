"""What excites a map of a convolution most: /api/patches with `layer`, and the files that come with the program."""

from __future__ import annotations

import base64
import io
from functools import partial

import numpy as np
import pytest
from PIL import Image

from app.core.explain.receptive_box import find_receptive_box
from app.images.samples import load_samples
from app.local_lab import compute_figure, get_models
from app.models.library import load_models
from app.models.peak_file import read_peaks
from tests.golden.make_peaks import CHECKOUT, FOLDER, find_model_peaks
from tests.oracle import conv2d, pool2d
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


CIFAR_WINDOWS = ((5, 1, 2), (2, 2, 0), (5, 1, 2), (2, 2, 0), (5, 1, 2))
"""Size, stride and padding of conv1, pool1, conv2, pool2 and conv3, as its card says."""


def field_by_loops(windows: tuple[tuple[int, int, int], ...], first: int, side: int) -> tuple[int, int]:
    """The first cell and the number of cells of the input that a cell of the last of the windows reads, in one axis."""
    last = first
    for size, stride, padding in reversed(windows):
        first, last = first * stride - padding, last * stride - padding + size - 1
    return max(0, first), min(side - 1, last) - max(0, first) + 1


@pytest.mark.parametrize(("layer", "windows", "maps"), [("conv2", 3, 64), ("conv3", 5, 64), ("conv1", 1, 32)])
def test_the_peaks_of_all_maps_come_in_one_answer_with_their_fields(site: Client, layer: str, windows: int, maps: int):
    found = site.get(f"/api/peaks?model=cifar10&layer={layer}").json()
    assert (found["model"], found["layer"], found["stage"]) == ("cifar10", layer, STAGES[layer])
    assert [peak["filter"] for peak in found["peaks"]] == list(range(maps))
    for peak in found["peaks"]:
        rows, columns = (field_by_loops(CIFAR_WINDOWS[:windows], peak[axis], 32) for axis in ("row", "column"))
        assert peak["box"] == [rows[0], columns[0], rows[1], columns[1]]
    for map in (0, 13, maps - 1):
        (first, *_) = site.get(f"/api/patches?model=cifar10&layer={layer}&filter={map}").json()["patches"]
        assert {name: first[name] for name in found["peaks"][map] if name != "filter"} == {
            name: value for name, value in found["peaks"][map].items() if name != "filter"
        }


def test_the_place_of_the_largest_value_is_that_of_four_loops(site: Client):
    """The whole network up to conv2 by `tests/oracle.py`, for one map on the picture that excites it most."""
    peak = site.get("/api/peaks?model=cifar10&layer=conv2").json()["peaks"][17]
    first = compute_figure(f"image={peak['sample']}&size=32&channels=rgb&layers=prepare:cifar10").trace.stages[1].output
    weights = {name: array.tolist() for name, array in get_models()["cifar10"].weights.items()}
    convolve = partial(conv2d, padding=(2, 2, 2, 2))
    maps = convolve(first.tolist(), weights["conv1.weight"], weights["conv1.bias"])
    pooled = pool2d([[[max(0, x) for x in row] for row in plane] for plane in maps], "max", (2, 2), (2, 2))
    ((*rows,),) = convolve(pooled, [weights["conv2.weight"][17]], [weights["conv2.bias"][17]])
    value, row, column = max((x, r, -c) for r, line in enumerate(rows) for c, x in enumerate(line))
    assert (row, -column) == (peak["row"], peak["column"])
    assert value == pytest.approx(peak["value"], rel=1e-4)


def test_the_picture_of_a_peak_is_that_of_its_link_and_its_link_leads_to_its_value(site: Client):
    found = site.get("/api/peaks?model=photos&layer=conv2").json()
    peak = found["peaks"][5]
    answer = site.get(f"/api/picture.png?{found['pictures'][peak['sample']]['link']}&stage=0&scale=1")
    picture = np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB"))
    (strongest, *_) = site.get("/api/patches?model=photos&layer=conv2&filter=5").json()["patches"]
    patch = np.asarray(Image.open(io.BytesIO(base64.b64decode(strongest["picture"].split(",")[1]))).convert("RGB"))
    top, left, height, width = peak["box"]
    assert np.array_equal(picture[top : top + height, left : left + width], patch)
    query = peak["link"].partition("&stage=")[0]
    output = compute_figure(query).trace.stages[found["stage"]].output
    assert output[5, peak["row"], peak["column"]] == pytest.approx(peak["value"], rel=1e-5)
    assert peak["link"].endswith(f"&stage={found['stage']}&map=5&at={peak['row']},{peak['column']}")


def test_the_peaks_without_a_layer_are_those_of_the_first_convolution(site: Client):
    answer = site.get("/api/peaks?model=lenet5")
    assert answer.json()["layer"] == "conv1"
    assert site.get("/api/peaks?model=lenet5", If_None_Match=answer.headers["etag"]).status_code == 304


def test_a_layer_is_searched_once_for_all_its_maps(tmp_path, monkeypatch):
    with running(tmp_path) as client:
        state = client.app.state.app_state
        monkeypatch.setitem(vars(state.models["lenet5"]), "peaks", None)
        searched = []
        compute = type(state.network_pool).compute

        async def count(pool, *args):
            searched.append(args)
            return await compute(pool, *args)

        monkeypatch.setattr(type(state.network_pool), "compute", count)
        peaks = client.get("/api/peaks?model=lenet5&layer=conv2").json()["peaks"]
        for map in (0, 5):
            patches = client.get(f"/api/patches?model=lenet5&layer=conv2&filter={map}").json()["patches"]
            assert patches[0]["value"] == peaks[map]["value"]
    assert len(searched) == 1


def test_what_has_no_peaks_is_said(site: Client):
    sentence = "linear10 has no convolutions, so it has no maps to search the sample pictures for"
    assert sentence in read_detail(site.get("/api/peaks?model=linear10"))
    wrong = read_detail(site.get("/api/peaks?model=cifar10&layer=conv4"))
    assert "cifar10 has no layer conv4 with filters; it can be conv1, conv2 or conv3." in wrong


def test_the_patches_of_a_template_are_searched_among_the_objects_too(site: Client):
    patches = site.get("/api/patches?model=linear10&filter=7").json()["patches"]
    assert patches[0]["sample"] == "horse"
    assert patches[0]["value"] == pytest.approx(1.908, abs=0.001)


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
