from __future__ import annotations

import base64
import io
import json
from urllib.parse import quote, urlsplit

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load

from app.core.weights.kernels import KERNELS
from tests.stage_code import run_text
from tests.web_client import running

NUMBERS = "image=(0,1,2;3,4,5;6,7,8)&layers=conv:(1,0;0,-1)~relu"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site")) as client:
        yield client


def problem(answer, status=422):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["detail"].endswith((".", "?", "!"))
    return body


def read_png(data):
    return np.array(Image.open(io.BytesIO(data)).convert("RGB"))


# --- traces ---------------------------------------------------------------------------------------------------


def test_a_trace_is_a_safetensors_file_that_another_reader_reads(site):
    tensors = load(site.get(f"/api/trace?{NUMBERS}").content)
    assert set(tensors) == {"0.output", "1.weight", "1.bias", "1.output", "2.output"}
    assert tensors["1.output"].tolist() == [[[-4, -4], [-4, -4]]]
    assert tensors["2.output"].tolist() == [[[0, 0], [0, 0]]]


def test_a_trace_as_json_holds_the_same_numbers_for_people(site):
    answer = site.get(f"/api/trace?{NUMBERS}&format=json").json()
    assert answer["version"] == 2
    assert answer["problems"] == []
    assert [stage["op"] for stage in answer["stages"]] == ["input", "conv", "relu"]
    assert answer["stages"][0]["output"] == [[[0, 1, 2], [3, 4, 5], [6, 7, 8]]]
    assert answer["stages"][1]["weight"] == [[[[1, 0], [0, -1]]]]


def test_each_stage_of_a_trace_has_its_code_and_the_arrays_for_it(site):
    body = site.get(f"/api/trace.json?{NUMBERS}").json()
    before, stage, _ = body["stages"]
    arrays = {"x": before["output"], "weight": stage["weight"], "bias": stage["bias"]}
    arrays = {name: np.array(values, np.float32) for name, values in arrays.items()}
    assert run_text("numpy", stage["code"]["numpy"], arrays).tolist() == stage["output"]
    assert stage["code"]["torch"] == "y = F.conv2d(x[None], weight, bias)[0]  # 1 × 2 × 2"


def test_the_response_has_the_canonical_address_of_the_figure(site):
    answer = site.get("/api/trace?layers=relu&size=08&image=chelsea")
    assert answer.headers["content-location"] == "/api/trace?size=8&layers=relu"
    again = site.get(answer.headers["content-location"])
    assert again.content == answer.content
    assert again.headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("layers=relu:9", "ReLU (layer 1): relu does not take 9; write relu."),
        ("image=empty-7&layers=conv:(1)~maxpool:9", "its input has only 7 rows."),
        ("size=9&layers=relu~nix~relu", "."),
    ],
)
def test_a_refusal_does_not_say_what_would_be_shown_instead(site, query, message):
    refusal = site.get(f"/api/trace.json?{query}")
    assert refusal.status_code == 422
    assert refusal.json()["detail"].endswith(message)
    for text in (refusal.json()["detail"], *(problem["message"] for problem in refusal.json()["problems"])):
        assert "left out" not in text
        assert "instead" not in text
        assert "shown" not in text


def test_a_busy_server_sends_retry_after(tmp_path):
    with running(tmp_path, figures_waiting=1, threads=1) as site:
        answers = site.ask_together("/api/trace?size=256", "/api/trace?size=255", "/api/trace?size=254")
        assert sorted(answer.status_code for answer in answers) == [200, 200, 503]
        answer = max(answers, key=lambda answer: answer.status_code)
        assert problem(answer, 503)["title"] == "Busy"
        assert int(answer.headers["retry-after"]) >= 1
        assert site.get("/api/trace?size=8").status_code == 200


def test_a_scene_can_be_sent_as_json_in_the_address_or_in_the_body(site):
    plain = site.get(f"/api/trace?{NUMBERS}")
    scene = site.get(f"/api/trace?{NUMBERS}&format=json").json()["scene"]
    in_address = site.get(f"/api/trace?scene={quote(json.dumps(scene))}")
    in_body = site.ask("POST", "/api/trace", json=scene)
    assert plain.content == in_address.content == in_body.content
    assert plain.headers["content-location"] == in_body.headers["content-location"]


def test_a_figure_that_is_too_long_for_a_link_has_no_content_location(site):
    planes = [[[str(1000 + row * 40 + column) for column in range(40)] for row in range(40)]]
    answer = site.ask("POST", "/api/trace", json={"version": 1, "image": {"planes": planes}, "layers": []})
    assert answer.status_code == 200
    assert "content-location" not in answer.headers
    assert load(answer.content)["0.output"].shape == (1, 40, 40)


def test_above_the_limit_only_the_requested_stages_come_as_float32(tmp_path):
    with running(tmp_path, wire_float_bytes=100_000) as site:
        large = site.get("/api/trace?size=128&layers=conv:box-blur~relu&stages=1")
        tensors = load(large.content)
        assert tensors["1.output"].dtype == np.float32
        assert tensors["0.preview"].dtype == np.uint8
        assert "2.output" not in tensors
        assert problem(site.get("/api/trace?size=128&layers=relu&stages=7"))["field"] == "stage"


def test_the_json_of_a_large_figure_can_be_requested_stage_by_stage(tmp_path):
    with running(tmp_path, wire_float_bytes=100_000) as site:
        query = "/api/trace?size=128&layers=conv:box-blur~maxpool:2&format=json"
        assert problem(site.get(query))["field"] == "format"
        stages = site.get(f"{query}&stages=2").json()["stages"]
        assert [stage["index"] for stage in stages] == [0, 1, 2]
        assert ["output" in stage for stage in stages] == [False, False, True]


def test_notes_come_with_the_trace_and_are_no_errors(site):
    answer = site.get("/api/trace?size=8&size=9&layers=&format=json").json()
    assert [one["severity"] for one in answer["problems"]] == ["note"]
    assert answer["stages"][0]["shape"] == [1, 9, 9]


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [
        ("size=0", "size", "0"),
        ("size=9223372036854775808", "size", "9223372036854775808"),
        ("layers=conv:sobel-x,stride=0", "stride", "0"),
        ("layers=conv:sobel-x,stride=9223372036854775808", "stride", "9223372036854775808"),
        ("image=(1,NaN)", "image", "NaN"),
        ("image=(1,1e999)", "image", "1e999"),
        ("image=(inf)", "image", "inf"),
        ("image=(1,2;3)", "image", "(1,2;3)"),
        ("image=()", "image", "()"),
        ("image=nobody", "image", "nobody"),
        ("layers=conv:(1,2;3)", "filters", "(1,2;3)"),
        ("layers=conv:", "filters", "empty"),
        ("image=(1,2;3,4)&layers=conv:box-blur", "kernel_size", "3"),
        ("stages=x", "stages", "x"),
        ("stages=0,-1", "stages", "0,-1"),
        ("format=xml", "format", "xml"),
        ("colour=red", "colour", "colour"),
        ("scene={", "scene", "{"),
    ],
)
def test_an_invalid_value_is_named_with_what_is_allowed(site, query, field, value):
    body = problem(site.get(f"/api/trace?{query}"))
    assert body["value"] == value
    assert body["allowed"]
    assert body["detail"]
    assert body["field"] == field


def test_a_body_that_is_not_json_or_not_a_scene_is_rejected(site):
    headers = {"content-type": "application/json"}
    for text in ("", "{", "[" * 100_000, "9" * 5000, "NaN", "[1]"):
        problem(site.ask("POST", "/api/trace", content=text, headers=headers))
    assert problem(site.ask("POST", "/api/trace?layers=relu", json={"version": 1}))["field"] == "layers"


def test_a_body_over_the_limit_is_rejected_while_it_is_read(tmp_path):
    with running(tmp_path, scene_bytes=10_000) as site:
        assert site.ask("POST", "/api/trace", content=b" " * 9_980 + b'{"version":1}').status_code == 200
        problem(site.ask("POST", "/api/trace", content=b" " * 10_001), 413)

        async def endless():
            for _ in range(100_000):
                yield b" " * 1000

        problem(site.ask("POST", "/api/trace", content=endless()), 413)


# --- steps ----------------------------------------------------------------------------------------------------


def test_steps_explain_one_position_after_the_other(site):
    answer = site.get(f"/api/steps?{NUMBERS}&stage=1&start=2&count=2").json()
    assert (answer["positions"], answer["count"]) == (4, 2)
    first = answer["steps"][0]
    assert (first["row"], first["col"], first["result"]) == (1, 0, -4)
    assert first["channels"][0]["values"] == [[3, 4], [6, 7]]
    assert first["channels"][0]["products"] == [[3, 0], [0, -7]]


def test_steps_without_a_map_are_those_of_the_winner(site):
    shares = "image=(1,3;0,2)&layers=flatten~softmax&stage=2"
    assert site.get(f"/api/steps?{shares}").json()["map"] == 1
    assert site.get(f"/api/steps?{shares}&map=0").json()["map"] == 0
    assert site.get(f"/api/trace.json?{shares}").json()["stages"][2]["salient_map"] == 1


def test_steps_name_the_strongest_terms_of_a_long_sum_and_the_score_that_softmax_counts_from(site):
    ship = "image=ship&channels=rgb&layers=model:linear10"
    (said,) = site.get(f"/api/steps?{ship}&stage=3&map=8&count=1").json()["steps"]
    strongest, rest = said["strongest"], said["rest"]
    assert said["channels"] == []
    assert len(strongest) + rest["count"] == 3 * 32 * 32
    assert sum(term["product"] for term in strongest) + rest["sum"] == pytest.approx(said["sum"])
    prepared = load(site.get(f"/api/trace?{ship}").content)["1.output"]
    for term in strongest:
        assert term["value"] == prepared[tuple(term["source"])], "where it stood before the maps were flattened"
    (shares,) = site.get(f"/api/steps?{ship}&stage=4&map=8&count=1").json()["steps"]
    scores = [channel["values"][0][0] for channel in shares["channels"]]
    assert shares["largest"] == max(scores)


def test_steps_end_where_the_map_ends(site):
    assert len(site.get(f"/api/steps?{NUMBERS}&start=3&count=1000").json()["steps"]) == 1
    assert site.get(f"/api/steps?{NUMBERS}&start=4&count=1000").json()["steps"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("stage=0", "stage"),
        ("stage=3", "stage"),
        ("map=1", "map"),
        ("count=0", "count"),
        ("count=1001", "count"),
        ("start=-1", "start"),
        ("start=1e3", "start"),
        ("count=", "count"),
    ],
)
def test_steps_that_do_not_exist_are_rejected(site, query, field):
    assert problem(site.get(f"/api/steps?{NUMBERS}&{query}"))["field"] == field


def test_too_many_window_numbers_are_rejected_with_the_count_that_fits(site):
    query = "size=64&channels=rgb&layers=conv:random*1@15x15,padding=same&count=1000"
    body = problem(site.get(f"/api/steps?{query}"))
    assert body["field"] == "count"
    fitting = body["allowed"].split()[-1]
    assert site.get(f"/api/steps?{query}&count={fitting}").status_code == 200


# --- pictures and tray ----------------------------------------------------------------------------------------


def test_a_picture_has_a_square_for_each_cell(site):
    picture = read_png(site.get("/api/picture.png?image=(0,255;255,0)&layers=&stage=0&scale=3").content)
    assert picture.shape == (6, 6, 3)
    assert picture[0, 0].tolist() == [0, 0, 0]
    assert picture[0, 3].tolist() == [255, 255, 255]


def test_a_signed_map_is_blue_and_red(site):
    picture = read_png(site.get("/api/picture.png?image=(-1,0,1)&layers=&stage=0&scale=1").content)
    assert picture.tolist() == [[[0x21, 0x66, 0xAC], [0xF7, 0xF7, 0xF7], [0xB2, 0x18, 0x2B]]]


def test_a_color_photo_comes_in_color_unless_a_map_is_named(site):
    query = "image=(255)(0)(0)&layers=&stage=0&scale=1"
    red = site.get("/api/picture.png?image=flower&size=8&channels=rgb&layers=&stage=0&scale=1").content
    one = site.get("/api/picture.png?image=flower&size=8&channels=rgb&layers=&stage=0&scale=1&map=0").content
    assert len(np.unique(read_png(red)[..., :2] == read_png(red)[..., 1:])) == 2
    gray = read_png(one)
    assert (gray[..., 0] == gray[..., 1]).all()
    assert site.get(f"/api/picture.png?{query}").status_code == 200


@pytest.mark.parametrize("query", ["scale=0", "scale=65", "scale=x", "stage=9", "map=1", "colors=pink"])
def test_a_picture_with_invalid_parameters_is_rejected(site, query):
    problem(site.get(f"/api/picture.png?{NUMBERS}&{query}"))


def test_the_tray_shows_every_filter_on_the_figure_in_one_answer(site):
    pictures = site.get("/api/tray?size=128").json()
    assert set(pictures) == {kernel.name for kernel in KERNELS}
    for uri in pictures.values():
        assert max(read_png(base64.b64decode(uri.partition(",")[2])).shape) <= 48


def test_the_tray_is_there_where_a_window_fits_the_figure_and_not_a_smaller_one(site):
    query = "size=128&layers=conv:random*1@11x11,dilation=6"
    assert len(site.get(f"/api/tray?{query}").json()) > 3
    answer = site.get("/api/tray?size=128&layers=conv:random*1@15x15,dilation=16")
    assert answer.status_code == 422
    assert "128" in answer.json()["detail"]


def test_the_tray_of_a_later_convolution_starts_from_its_own_input(site):
    first = site.get("/api/tray?size=24&layers=conv:sobel-x~conv:box-blur&stage=1").json()
    second = site.get("/api/tray?size=24&layers=conv:sobel-x~conv:box-blur&stage=2").json()
    assert first["identity"] != second["identity"]
    assert problem(site.get("/api/tray?size=24&layers=relu&stage=1"))["field"] == "stage"


# --- menus ----------------------------------------------------------------------------------------------------


def test_the_list_of_samples_has_working_addresses(site):
    rows = site.get("/api/samples").json()
    assert len(rows) >= 12
    for row in rows:
        assert row["credit"]
        assert site.get(row["picture"]).headers["content-type"] == "image/png"
        thumbnail = site.get(row["thumbnail"])
        assert max(read_png(thumbnail.content).shape) <= 64
        assert "immutable" in thumbnail.headers["cache-control"]
    assert problem(site.get("/api/samples/nobody.png"), 404)["detail"] == "There is no sample called nobody."


def test_the_menu_of_kernels_has_numbers_and_one_sentence_each(site):
    rows = {row["name"]: row for row in site.get("/api/kernels").json()}
    assert rows["sobel-x"]["planes"] == [[["-1", "0", "1"], ["-2", "0", "2"], ["-1", "0", "1"]]]
    assert rows["box-blur"]["divisor"] == 9
    assert all(row["sentence"].endswith(".") for row in rows.values())


def test_the_menu_of_models_has_cards_layers_and_moments(site):
    rows = {row["name"]: row for row in site.get("/api/models").json()}
    lenet = rows["lenet5"]
    assert (lenet["layer"], lenet["filters"], lenet["shape"]) == ("conv1", 6, [1, 5, 5])
    assert lenet["classes"] == list("0123456789")
    assert lenet["card"]["accuracy"] >= 0.99
    assert sum(layer["parameters"] for layer in lenet["layers"]) == lenet["card"]["parameters"]
    assert [layer["name"] for layer in lenet["layers"] if layer["op"] == "linear"] == ["fc1", "fc2", "fc3"]
    film = lenet["film"]
    assert film["layer"] == "conv1"
    assert film["moments"] == sorted(film["moments"])
    assert len(film["moments"]) == len(film["loss"]) == len(film["accuracy"]) == 60


@pytest.mark.parametrize("path", ["/api/samples", "/api/kernels", "/api/models", "/healthz", "/metrics"])
def test_a_call_without_parameters_rejects_every_key(site, path):
    assert problem(site.get(f"{path}?size=8"))["field"] == "size"


# --- caching --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["/api/trace?size=8", "/api/trace?size=8&format=json", "/api/picture.png?size=8", "/api/steps?size=8",
     "/api/tray?size=8", "/api/samples", "/api/kernels", "/api/samples/chelsea.png"],
)  # fmt: skip
def test_a_client_with_the_current_etag_gets_a_304(site, address):
    first = site.get(address)
    assert first.status_code == 200
    assert first.headers["cache-control"] == "no-cache"
    again = site.get(address, If_None_Match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert site.get(address, If_None_Match='W/"other", "another"').status_code == 200


def test_two_ways_to_write_one_figure_have_one_etag_and_other_figures_others(site):
    def etag(query):
        return site.get(f"/api/trace?{query}").headers["etag"]

    assert etag("size=8x8&layers=maxpool:2x2") == etag("layers=maxpool:2&size=8")
    others = {etag("size=8"), etag("size=9"), etag("size=8&channels=rgb"), etag("size=8&format=json")}
    assert len(others) == 4


def test_an_etag_gives_a_304_without_computing(tmp_path):
    with running(tmp_path / "one") as site:
        etag = site.get("/api/trace?size=8").headers["etag"]
    with running(tmp_path / "two") as other_worker:
        assert other_worker.get("/api/trace?size=8", If_None_Match=etag).status_code == 304
        assert "convoscope_trace_seconds_count 0.0" in other_worker.get("/metrics").text


def test_simultaneous_requests_for_one_figure_are_computed_once(tmp_path):
    with running(tmp_path) as site:
        answers = site.ask_together(*["/api/trace?size=64&layers=conv:box-blur~conv:box-blur~conv:box-blur"] * 20)
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        assert "convoscope_trace_seconds_count 1.0" in site.get("/metrics").text


def test_a_repeated_request_gets_the_same_bytes_and_headers_from_the_cache(tmp_path):
    with running(tmp_path) as site:
        first = site.get("/api/trace?size=8")
        second = site.get("/api/trace?size=8")
        assert first.content == second.content
        assert first.headers == second.headers
        assert 'convoscope_shelf_total{result="hit"} 1.0' in site.get("/metrics").text


def test_the_cache_keeps_notes_of_different_addresses_apart(site):
    assert site.get("/api/trace?size=8&layers=&format=json").json()["problems"] == []
    assert len(site.get("/api/trace?size=7&size=8&layers=&format=json").json()["problems"]) == 1
    assert site.get("/api/trace?size=8&layers=&format=json").json()["problems"] == []


# --- description ----------------------------------------------------------------------------------------------


def test_every_call_and_every_parameter_is_described(site):
    described = site.get("/openapi.json").json()
    paths = described["paths"]
    expected = {"/api/images", "/api/trace", "/api/steps", "/api/picture.png", "/api/samples", "/api/kernels"}
    assert expected | {"/api/models", "/api/tray", "/healthz", "/metrics", "/api/images/{id}.png"} <= set(paths)
    for path, calls in paths.items():
        for call in calls.values():
            assert call["summary"]
            assert call["description"], path
            for row in call.get("parameters", []):
                assert row["description"], (path, row["name"])
                assert row["in"] == "path" or "example" in row, (path, row["name"])


def test_the_examples_of_the_description_work(site):
    described = site.get("/openapi.json").json()["paths"]
    for path in ("/api/trace", "/api/steps", "/api/picture.png", "/api/tray"):
        for row in described[path]["get"]["parameters"]:
            beside = "&image=one-hot&layers=conv:sobel-x" if row["name"] == "rows" else ""  # words need numbers
            answer = site.get(f"{path}?{row['name']}={quote(str(row['example']))}{beside}")
            assert answer.status_code == 200, (path, row["name"], answer.text[:300])
    example = described["/api/trace"]["post"]["requestBody"]["content"]["application/json"]["example"]
    assert site.ask("POST", "/api/trace", json=example).status_code == 200


def test_canonical_addresses_are_plain_ascii(site):
    answer = site.get("/api/trace?image=%28%31%29&layers=")
    where = answer.headers["content-location"]
    assert where.isascii()
    assert urlsplit(where).query == "image=(1)&layers="
