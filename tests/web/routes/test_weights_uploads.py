"""The layers of an uploaded file of weights: all are listed, and any one can be chosen."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.mutations import npz, pt, safetensors, state, zipped
from tests.web_client import Client, running

SMALL = np.linspace(-1, 1, 4 * 3 * 3 * 3, dtype=np.float32).reshape(4, 3, 3, 3)
LARGE = np.linspace(0, 1, 6 * 3 * 5 * 5, dtype=np.float32).reshape(6, 3, 5, 5)
DEEPER = np.ones((5, 4, 3, 3), np.float32)
TWO = {
    "one.weight": SMALL,
    "one.bias": np.arange(4, dtype=np.float32),
    "deep.weight": DEEPER,
    "two.weight": LARGE,
    "two.bias": np.arange(6, dtype=np.float32),
}
ARCHIVE = pt(state(TWO), TWO)
FILES = {"safetensors": safetensors(TWO), "pt": ARCHIVE, "npz": npz(TWO), "npz deflated": npz(TWO, compressed=True)}
BODY = {"content-type": "application/octet-stream"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("layers")) as client:
        yield client


def bring(site: Client, data: bytes, query: str = ""):
    return site.ask("POST", f"/api/weights{query}", content=data, headers=BODY)


def layers(site: Client, data: bytes) -> list[dict]:
    answer = site.ask("POST", "/api/weights/layers", content=data, headers=BODY)
    assert answer.status_code == 200, answer.text
    return answer.json()["layers"]


def without(data: bytes, *parts: str) -> bytes:
    """The archive without these members."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist() if name not in parts})


@pytest.mark.parametrize("kind", FILES)
def test_all_layers_of_a_file_are_listed_and_any_of_them_can_be_shown(site: Client, kind: str):
    told = bring(site, FILES[kind]).json()
    assert told["layer"] == told["layers"][0]["name"]
    rows = {row["name"]: row for row in told["layers"]}
    assert rows["two"]["shape"] == [6, 3, 5, 5]
    assert rows["two"]["array"] == "two.weight"
    assert {"one", "two"} <= set(rows)
    other = bring(site, FILES[kind], "?title=a%20net&layer=two").json()
    assert (other["layer"], other["shape"], other["model"]["title"]) == ("two", [6, 3, 5, 5], "a net")
    assert [row["name"] for row in other["layers"]] == [row["name"] for row in told["layers"]]


def test_a_missing_layer_is_rejected_with_the_existing_ones(site: Client):
    answer = bring(site, ARCHIVE, "?layer=three")
    assert answer.status_code == 422
    assert "three" in answer.json()["detail"]
    assert "two" in answer.json()["detail"]


@pytest.mark.parametrize("query", ["?layer=" + "x" * 5000, "?layer=%00%ff%F0", "?layer=%22%0A%7B", "?layers=two"])
def test_an_invalid_layer_name_is_rejected(site: Client, query: str):
    answer = bring(site, ARCHIVE, query)
    assert answer.status_code == 422
    assert len(answer.json()["detail"]) < 1000


def test_layers_are_listed_of_an_archive_without_its_numbers_and_one_is_read_with_its_own_alone(site: Client):
    numbers = [f"archive/data/{index}" for index in range(len(TWO))]
    found = {row["name"]: row for row in layers(site, without(ARCHIVE, *numbers))}
    assert found["two"]["parts"] == ["archive/data/3", "archive/data/4"]
    rest = [name for name in numbers if name not in found["two"]["parts"]]
    told = bring(site, without(ARCHIVE, *rest), "?layer=two").json()
    assert told["shape"] == [6, 3, 5, 5]
    link = f"size=9&channels=rgb&range=unit&layers=conv:{told['filters']}&format=json"
    assert site.get(f"/api/trace?{link}").json()["stages"][1]["bias"] == list(range(6))


def test_layers_are_listed_of_arrays_that_are_descriptions_only(site: Client):
    with zipfile.ZipFile(io.BytesIO(npz(TWO))) as archive:
        heads = zipped({name: archive.read(name)[:128] for name in archive.namelist()})
    assert {"one", "two"} <= {row["name"] for row in layers(site, heads)}
    assert next(row for row in layers(site, heads) if row["name"] == "two")["parts"] == [
        "two.weight.npy",
        "two.bias.npy",
    ]


def test_layers_are_listed_of_the_beginning_of_a_safetensors_file(site: Client):
    whole = safetensors(TWO)
    described = whole[: 8 + int.from_bytes(whole[:8], "little")]
    assert layers(site, described) == layers(site, whole)
    assert "only" in site.ask("POST", "/api/weights", content=described[:60], headers=BODY).json()["detail"]


def test_a_file_whose_layers_are_listed_is_not_stored(tmp_path: Path):
    with running(tmp_path) as site:
        layers(site, ARCHIVE)
    assert not list(tmp_path.rglob("*w-*"))


def test_a_description_is_rejected_like_weights(site: Client):
    def ask(data: bytes, **headers: str):
        return site.ask("POST", "/api/weights/layers", content=data, headers={**BODY, **headers})

    assert ask(b"GIF89a").status_code == 422
    assert ask(bytes(2_100_000)).status_code == 413
    assert ask(ARCHIVE, origin="https://other.example").status_code == 403
    assert site.ask("POST", "/api/weights/layers?layer=two", content=ARCHIVE, headers=BODY).status_code == 422
    form = site.ask("POST", "/api/weights/layers", files={"file": ("a.pt", ARCHIVE, "application/zip")})
    assert form.json()["layers"] == layers(site, ARCHIVE)


def test_the_documentation_describes_how_layers_are_listed_and_chosen(site: Client):
    paths = site.get("/openapi.json").json()["paths"]
    assert "layer" in [row["name"] for row in paths["/api/weights"]["post"]["parameters"]]
    listed = paths["/api/weights/layers"]["post"]
    assert {"200", "400", "403", "408", "413", "422", "503"} <= set(listed["responses"])
    schema = listed["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema["$ref"].endswith("/WeightsLayers")


def test_a_safetensors_file_may_hold_the_numbers_of_one_layer_alone(site: Client):
    rows = {row["name"]: row for row in layers(site, FILES["safetensors"])}
    assert rows["one"]["parts"] == ["one.weight", "one.bias"]
    described = FILES["safetensors"][: -sum(TWO[name].nbytes for name in rows["two"]["parts"])]
    assert bring(site, described, "?layer=one").json()["shape"] == [4, 3, 3, 3]
    refused = bring(site, described, "?layer=two")
    assert refused.status_code == 422
    assert "truncated or damaged" in refused.json()["detail"]
