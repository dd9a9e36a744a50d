"""The calls that price networks: their answers as JSON and as CSV, what they refuse, and how they are cached."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.web_client import Client, running

PATTERN = "[(conv:64@3x3,padding=1~relu)*2~maxpool:2]*3~flatten~linear:10"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


def ask(client: Client, net: str, more: str = "", kind: str = ""):
    return client.get(f"/api/architecture{kind}?net={quote(net, safe='')}{more}")


def test_a_known_network_is_priced(client: Client):
    found = ask(client, "resnet-50").json()
    assert (found["name"], found["title"], found["input"]) == ("resnet-50", "ResNet-50", [3, 224, 224])
    assert found["version"] == "stride in the 3 × 3 convolutions, as in torchvision"
    assert (found["totals"]["parameters"], found["totals"]["folded_parameters"]) == (25_557_032, 25_530_472)
    assert found["output"] == [1000, 1, 1]
    assert found["stages"][0]["op"] == "input"
    assert found["stages"][-1]["sees_whole_input"]


def test_a_pattern_is_unfolded_and_priced(client: Client):
    found = ask(client, PATTERN, "&input=3x32x32").json()
    assert found["name"] == found["version"] == ""
    assert found["pattern"] == PATTERN
    block = "conv:64@3x3,padding=1~relu~conv:64@3x3,padding=1~relu~maxpool:2"
    assert found["layers"] == f"{block}~{block}~{block}~flatten~linear:10"
    assert found["totals"]["parameters"] == 64 * 28 + 5 * 64 * 577 + 10 * (64 * 16 + 1)


def test_the_layers_of_a_link_are_priced(client: Client):
    layers = "conv:sobel-x,stride=2~relu~maxpool:2"
    found = ask(client, layers, "&input=1x32x32").json()
    assert found["layers"] == layers
    trace = client.get(f"/api/trace.json?size=32&layers={layers}").json()["stages"]
    for stage, priced in zip(trace, found["stages"], strict=True):
        assert stage["shape"] == priced["shape"]
        assert stage["parameters"] == priced["parameters"]
        assert stage["multiply_adds"] == priced["multiply_adds"]
        assert (stage["receptive_field"], stage["jump"]) == (priced["receptive_field"], priced["jump"])


@pytest.mark.parametrize(("kind", "more"), [(".csv", ""), ("", "&format=csv")])
def test_the_table_comes_as_csv(client: Client, kind: str, more: str):
    answer = ask(client, "alexnet", more, kind)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert (rows[0]["op"], rows[-1]["stage"]) == ("input", "total")
    assert int(rows[-1]["parameters"]) == 62_378_344
    assert sum(int(row["multiply_adds"]) for row in rows[:-1]) == int(rows[-1]["multiply_adds"]) == 1_135_256_096


def test_all_known_networks_are_listed_with_their_totals(client: Client):
    rows = client.get("/api/architectures").json()
    assert {"lenet-5", "alexnet", "vgg-16", "googlenet", "resnet-50", "mobilenet-v2"} <= {row["name"] for row in rows}
    for row in rows[:3]:
        assert ask(client, row["name"]).json()["totals"] == row["totals"]
        assert row["source"]
        assert row["version"]


@pytest.mark.parametrize(
    ("query", "status", "field", "code"),
    [
        ("", 422, "net", "net_empty"),
        ("net=", 422, "net", "net_empty"),
        ("net=resnet-51", 404, "net", "net_unknown"),
        ("net=[relu", 422, "net", "net_unclosed"),
        ("net=[relu]*0", 422, "net", "net_count"),
        ("net=[[[[relu]*99]*99]*99]*99", 422, "net", "net_many"),
        ("net=conv:3@3x3,stride=0", 422, "stride", "invalid_value"),
        ("net=[maxpool:2]*20", 422, "kernel_size", "window"),
        ("net=relu~add:7", 422, "stages", "no_stage"),
        ("net=relu&input=0", 422, "input", "net_input"),
        ("net=relu&input=1000000000", 422, "input", "net_input"),
        ("net=relu&format=xml", 422, "format", "not_one_of"),
        ("net=relu&size=8", 422, "size", "unknown_parameter"),
        ("net=conv:w-aaaaaaaaaaaaaaaaaaaaaaaa/conv1", 422, "filters", "gone_weights"),
    ],
)
def test_what_cannot_be_priced_is_refused_with_a_sentence(client: Client, query, status, field, code):
    answer = client.get(f"/api/architecture?{query}")
    said = answer.json()
    assert (answer.status_code, said["field"], said["code"]) == (status, field, code)
    assert said["detail"].endswith((".", "?"))


def test_a_pattern_is_no_chain_of_a_link(client: Client):
    answer = client.get("/api/trace.json?size=8&layers=[relu~abs]*2")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown")


def test_a_long_pattern_is_refused(client: Client):
    said = ask(client, "~".join(["relu"] * 1_300)).json()
    assert said["detail"] == "The pattern has 6,499 characters; it can have at most 6,000."


@pytest.mark.parametrize(
    "net",
    ["[" * 2_000 + "relu" + "]*9" * 1_300, "[[relu]*40]*50", "[relu]*1000~[softmax,from=1000]*1000", "[concat:-1]*99"],
)
def test_a_hostile_pattern_is_answered_soon(client: Client, net: str):
    started = time.perf_counter()
    assert ask(client, net, "&input=1x8x8").status_code in (200, 422)
    assert time.perf_counter() - started < 10


def test_an_answer_is_cached_by_its_etag(client: Client):
    first = ask(client, "vgg-16")
    assert first.headers["cache-control"] == "no-cache"
    etag = first.headers["etag"]
    again = client.get("/api/architecture?net=vgg-16", if_none_match=etag)
    assert (again.status_code, again.content) == (304, b"")
    assert ask(client, "vgg-19").headers["etag"] != etag
    assert ask(client, "vgg-16", "&input=64").headers["etag"] != etag
    assert ask(client, "vgg-16", kind=".csv").headers["etag"] != etag


def test_a_pattern_may_be_escaped_or_not(client: Client):
    plain = client.get("/api/architecture?net=[relu~abs]*2&input=8").json()
    assert plain == ask(client, "[relu~abs]*2", "&input=8").json()
    assert client.get("/api/architecture?net=%5Brelu~abs%5D*2&input=8").json() == plain
