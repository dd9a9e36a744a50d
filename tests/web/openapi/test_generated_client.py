"""A client that openapi-python-client makes of /openapi.json, against a real server."""

from __future__ import annotations

import importlib
import io
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tests.pictures import file, photo
from tests.serving import CHECKOUT, RunningServer

pytest.importorskip("openapi_python_client")
pytestmark = pytest.mark.long

PACKAGE = "generated_convoscope"
PNG = b"\x89PNG\r\n\x1a\n"
DOCUMENT = (CHECKOUT / "docs" / "http-api.md").read_text(encoding="utf-8")
OVERRIDES = DOCUMENT.partition("printf '")[2].partition("'")[0].replace("\\n", "\n")
CONFIG = f"post_hooks: []\n{OVERRIDES}"
"""What docs/http-api.md says: without this the bytes of pictures are in `.content` alone, not in `.parsed`."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture(scope="module")
def generated(server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the client's package, which can be imported; nothing about it was worth a warning."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "config.yaml").write_text(CONFIG)
    with urllib.request.urlopen(f"{server.url}/openapi.json", timeout=60) as answer:
        (folder / "openapi.json").write_bytes(answer.read())
    command = "-m openapi_python_client generate --path openapi.json --config config.yaml --meta none --fail-on-warning"
    arguments = [sys.executable, *command.split(), "--output-path", PACKAGE]
    made = subprocess.run(arguments, cwd=folder, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield folder / PACKAGE
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def client(server: RunningServer, generated: Path) -> Iterator[Any]:
    """It raises an error for every status that is not described."""
    package = importlib.import_module(PACKAGE)
    with package.Client(base_url=server.url, raise_on_unexpected_status=True, timeout=60) as opened:
        yield opened


def call(tag: str, name: str) -> ModuleType:
    return importlib.import_module(f"{PACKAGE}.api.{tag}.{name}")


def model(name: str) -> Any:
    return getattr(importlib.import_module(f"{PACKAGE}.models"), name)


def upload(data: bytes, name: str) -> Any:
    return importlib.import_module(f"{PACKAGE}.types").File(io.BytesIO(data), name, "application/octet-stream")


def test_every_call_of_the_description_is_in_the_client(generated: Path):
    assert len([path for path in generated.glob("api/*/*.py") if path.name != "__init__.py"]) >= 30


def test_menus_are_typed(client: Any):
    samples = call("menus", "list_samples").sync(client=client)
    assert samples[0].name == "chelsea"
    assert samples[0].focus == [56, 116, 150, 150]
    assert "sobel-x" in [kernel.name for kernel in call("menus", "list_kernels").sync(client=client)]
    models = call("menus", "list_models").sync(client=client)
    assert next(one for one in models if one.name == "lenet5").layers[0].op == "conv"


def test_a_trace_has_its_numbers_and_steps_their_sums(client: Any):
    figure = {"image": "face", "layers": "conv:sobel-x~relu"}
    trace = call("figure", "get_trace_json").sync(client=client, **figure)
    assert trace.stages[1].shape == [1, 14, 10]
    step = call("figure", "get_steps").sync(client=client, **figure).steps[0]
    assert step.result == trace.stages[1].output[0][0][0] == 120
    bytes_of = call("figure", "get_trace").sync(client=client, **figure)
    numbers = pytest.importorskip("safetensors.numpy").load(bytes_of.payload.read())
    assert np.array_equal(numbers["1.output"], trace.stages[1].output)


def test_a_scene_is_sent_as_json(client: Any):
    body = model("PostTraceJsonBody").from_dict({"image": {"sample": "face"}, "layers": [{"op": "relu"}]})
    assert call("figure", "post_trace_json").sync(client=client, body=body).stages[1].op == "relu"


@pytest.mark.parametrize(
    ("tag", "name", "given"),
    [
        ("figure", "get_map_picture", {"image": "face"}),
        ("figure", "get_figure_picture", {"image": "face"}),
        ("menus", "get_sample_picture", {"name": "face"}),
        ("menus", "get_sample_thumbnail", {"name": "face"}),
    ],
)
def test_a_picture_is_bytes(client: Any, tag: str, name: str, given: dict[str, str]):
    answer = call(tag, name).sync_detailed(client=client, **given)
    assert answer.content.startswith(PNG)
    assert answer.parsed.payload.read() == answer.content


def test_a_page_and_a_code_are_text(client: Any):
    assert call("export", "get_html").sync(client=client, image="face").startswith("<!doctype html>")
    assert "<svg" in call("export", "get_qr").sync(client=client, link="https://lab.example/")


def test_a_picture_is_brought_and_deleted(client: Any):
    body = model("BringImageBody")(file=upload(file(photo(30, 20), "PNG"), "me.png"))
    stored = call("pictures", "bring_image").sync(client=client, body=body)
    assert (stored.height, stored.width) == (20, 30)
    assert call("pictures", "get_image").sync(stored.image, client=client).payload.read().startswith(PNG)
    gone = call("pictures", "delete_image").sync_detailed(stored.image, client=client, token=stored.delete_token)
    assert gone.status_code == 204
    assert call("pictures", "get_image").sync(stored.image, client=client).status == 410


def test_weights_are_brought_in_either_way(client: Any):
    buffer = io.BytesIO()
    np.savez(buffer, **{"conv1.weight": np.ones((2, 3, 3, 3), np.float32)})
    for body in (
        upload(buffer.getvalue(), "a.npz"),
        model("BringWeightsFilesBody")(file=upload(buffer.getvalue(), "a.npz")),
    ):
        stored = call("learned_filters", "bring_weights").sync(client=client, body=body)
        assert stored.shape == [2, 3, 3, 3]
        assert call("learned_filters", "get_portraits").sync(client=client, model=stored.weights).filters[1].index == 1


def test_a_refusal_says_what_is_allowed(client: Any):
    refused = call("figure", "get_trace_json").sync(client=client, size="0")
    assert (refused.status, refused.field, refused.problems[0].value) == (422, "size", "0")


def test_whoever_runs_it_asks_how_it_is(client: Any):
    assert call("running", "get_health").sync(client=client).store.state == "ok"
    assert call("running", "get_readiness").sync(client=client).status == "ok"
    assert "convoscope_requests_total" in call("running", "get_metrics").sync(client=client)
