"""The document /openapi.json: one media type per status, schemas that responses match, names and summaries."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest

from app.core.link.syntax import format_value
from app.core.options import SCENE_OPTIONS, VIEW_OPTIONS, Option
from app.web.responses.http_errors import PROBLEM_JSON
from tests.pictures import file, photo
from tests.web_client import Client, running

PICTURE = {"file": ("a.png", file(photo(9, 9), "PNG"))}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.fixture(scope="module")
def document(client: Client) -> dict[str, Any]:
    return client.get("/openapi.json").json()


@pytest.fixture(scope="module")
def calls(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every call by its method and path."""
    return {f"{method} {path}": call for path, methods in document["paths"].items() for method, call in methods.items()}


def weights() -> bytes:
    """A file of weights with one small layer."""
    buffer = io.BytesIO()
    np.savez(buffer, **{"conv1.weight": np.ones((2, 3, 3, 3), np.float32)})
    return buffer.getvalue()


def holds(document: dict[str, Any], answer: Any, schema: dict[str, Any]) -> list[str]:
    """The differences between a response and its schema, as texts."""
    validators = pytest.importorskip("jsonschema_rs")
    whole = {**schema, "components": document["components"]}
    return [
        f"{error.instance_path}: {error.message}"
        for error in validators.Draft202012Validator(whole).iter_errors(answer)
    ]


def schema_of(calls: dict[str, Any], call: str, status: int = 200) -> dict[str, Any]:
    (content,) = calls[call]["responses"][str(status)]["content"].values()
    return content["schema"]


def test_the_document_is_one_that_openapi_allows(document: dict[str, Any]):
    pytest.importorskip("schemathesis").openapi.from_dict(document).validate()


def test_every_status_has_one_media_type_and_errors_are_problem_json(calls: dict[str, Any]):
    for name, call in calls.items():
        for status, answer in call["responses"].items():
            kinds = list(answer.get("content", {}))
            if status == "204":
                assert kinds == [], name
            elif status >= "400":
                assert kinds == [PROBLEM_JSON], (name, status)
            elif "{kind}" not in name:  # which has the media types of all kinds of files
                assert len(kinds) == 1, (name, status)


@pytest.mark.parametrize(
    ("call", "address"),
    [
        ("/api/trace", "size=8"),
        ("/api/trace.json", "size=8"),
        ("/api/steps", "size=8"),
        ("/api/picture.png", "size=8"),
        ("/api/figure.png", "size=8"),
        ("/api/tray", "size=8"),
        ("/api/export/html", "size=8"),
        ("/api/qr.svg", "link=https%3A%2F%2Flab.example%2F"),
        ("/api/samples", ""),
        ("/api/samples/{name}.png", ""),
        ("/api/samples/{name}/thumbnail.png", ""),
        ("/api/kernels", ""),
        ("/api/models", ""),
        ("/api/portraits", "model=lenet5"),
        ("/api/patches", "model=lenet5"),
        ("/api/peaks", "model=lenet5&layer=conv2"),
        ("/api/film", "model=lenet5"),
        ("/api/architectures", ""),
        ("/api/architecture", "net=googlenet"),
        ("/api/architecture", "net=[conv:sobel-x~relu]*2&input=1x9x9"),
        ("/api/architecture.csv", "net=vgg-16"),
        ("/api/exercises.json", "exercises=cell~map~filter~mistake&variants=2"),
        ("/api/exercises/moodle.xml", "variants=1"),
        ("/api/exercises/exercises.gift", "variants=1"),
        ("/api/exercises/qti.zip", "variants=1"),
        ("/api/exercises/sheet.html", "variants=1"),
        ("/api/exercises/links.csv", ""),
        ("/conv-scope.js", ""),
        ("/reveal-convoscope.js", ""),
        ("/healthz", ""),
        ("/readyz", ""),
        ("/metrics", ""),
    ],
)
def test_a_response_has_the_documented_media_type_and_schema(
    client: Client, document: dict[str, Any], calls: dict[str, Any], call: str, address: str
):
    answer = client.get(f"{call.format(name='face')}?{address}")
    (said,) = calls[f"get {call}"]["responses"]["200"]["content"]
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == said
    if said == "application/json":
        assert holds(document, answer.json(), schema_of(calls, f"get {call}")) == []


CHAINS = (
    "",
    "conv:sobel-x,stride=3~relu~maxpool:2",
    "avgpool:3,padding=1,ceil_mode=1~l2pool:2~leaky_relu:0.1~shift:1x1~globalavgpool~softmax",
    "conv:random*4@3x3,padding=1~minpool:2~flatten",
    "prepare:cifar10~conv:cifar10/conv1",
    "model:lenet5",
)


@pytest.mark.parametrize("layers", CHAINS)
def test_traces_and_steps_of_every_layer_match_their_schemas(
    client: Client, document: dict[str, Any], calls: dict[str, Any], layers: str
):
    query = f"size=12&channels=rgb&layers={layers}"
    trace = client.get(f"/api/trace.json?{query}").json()
    assert holds(document, trace, schema_of(calls, "get /api/trace.json")) == []
    for stage in range(1, len(trace["stages"])):
        steps = client.get(f"/api/steps?{query}&stage={stage}").json()
        assert holds(document, steps, schema_of(calls, "get /api/steps")) == []


def test_uploads_and_errors_match_their_schemas(client: Client, document: dict[str, Any], calls: dict[str, Any]):
    picture = client.ask("POST", "/api/images", files=PICTURE)
    assert holds(document, picture.json(), schema_of(calls, "post /api/images", 201)) == []
    brought = client.ask("POST", "/api/weights", content=weights())
    assert brought.status_code == 201
    assert holds(document, brought.json(), schema_of(calls, "post /api/weights", 201)) == []
    refusal = client.get("/api/trace?size=0")
    assert refusal.headers["content-type"] == PROBLEM_JSON
    assert holds(document, refusal.json(), schema_of(calls, "get /api/trace", 422)) == []


def test_trace_json_equals_trace_with_format_json(client: Client):
    scene = {"image": {"sample": "face"}, "layers": [{"op": "relu"}]}
    assert client.get("/api/trace.json?size=8").json() == client.get("/api/trace?size=8&format=json").json()
    both = [client.ask("POST", path, json=scene) for path in ("/api/trace.json", "/api/trace?format=json")]
    assert both[0].json() == both[1].json()
    assert client.get("/api/trace.json?format=json").status_code == 422


def test_every_call_has_a_unique_name_and_a_summary(calls: dict[str, Any]):
    names = [call["operationId"] for call in calls.values()]
    assert len(set(names)) == len(names)
    for name, call in calls.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", call["operationId"]), name
        assert call["summary"][0].isupper(), name
        assert len(call["summary"].split()) >= 4, name
        assert not call["summary"].startswith("The same"), name
        assert call["tags"], name


def described(calls: dict[str, Any], call: str) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in calls[call]["parameters"]}


@pytest.mark.parametrize("option", [*SCENE_OPTIONS, *VIEW_OPTIONS], ids=lambda option: option.name)
def test_a_parameter_has_the_type_the_default_and_the_range_of_its_option(calls: dict[str, Any], option: Option):
    schema = described(calls, "get /api/export/html")[option.name]["schema"]
    if option.default is not None:
        written = schema["default"]
        assert (f"{written:g}" if isinstance(written, float) else str(written)) == format_value(option, option.default)
    if option.kind in ("whole", "number"):
        assert schema["exclusiveMinimum" if option.above else "minimum"] == option.least
        assert schema["maximum"] == option.most
        assert schema["type"] == {"whole": "integer", "number": "number"}[option.kind]
    if option.kind == "word":
        assert schema["enum"] == list(option.choices)


@pytest.mark.parametrize("path", ["/api/trace.json", "/api/steps", "/api/picture.png", "/api/figure.png"])
@pytest.mark.parametrize("figure", ["image=face", "image=(1,2;3,4)&layers=conv:1x1"])
def test_every_default_gives_the_same_response_as_no_value(
    client: Client, calls: dict[str, Any], path: str, figure: str
):
    rows = described(calls, f"get {path}").values()
    defaults = {row["name"]: row["schema"]["default"] for row in rows if "default" in row["schema"]}
    said = "&".join(f"{name}={quote(str(value))}" for name, value in defaults.items())
    plain = client.get(f"{path}?{figure}")
    assert plain.status_code == 200
    assert client.get(f"{path}?{figure}&{said}").content == plain.content
