"""Parts of a large network over HTTP: `preview=` and `maps=` of /api/trace."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load

from app.core.trace.wire import unpack
from tests import pictures
from tests.web_client import Client, read_detail, running

QUERY = "image=chelsea&size=64&channels=rgb&layers=conv:random*8@3x3,padding=1~relu~maxpool:2"
LONG = "~".join(["relu"] * 20)
COSTLY = "~".join(["conv:random*64@15x15,padding=7"] * 40)
ANY_WORK = {"network_multiply_adds": 10_000_000_000_000}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site")) as client:
        yield client


def worker_of(site: Client) -> int:
    (process,) = site.app.state.app_state.network_pool._pool._all
    return process._process.pid


def test_previews_are_a_safetensors_file_with_the_entries_of_a_trace(site):
    tensors = load(site.get(f"/api/trace?{QUERY}&preview=16").content)
    assert {name: array.shape for name, array in tensors.items() if name.endswith("preview")} == {
        "0.preview": (3, 16, 16),
        "1.preview": (8, 16, 16),
        "2.preview": (8, 16, 16),
        "3.preview": (8, 16, 16),
    }
    _, texts = unpack(site.get(f"/api/trace?{QUERY}&preview=16").content)
    header = json.loads(texts["trace"])
    assert header["link"] == QUERY.removeprefix("image=chelsea&")
    assert [stage["op"] for stage in header["stages"]] == ["input", "conv", "relu", "maxpool"]
    assert header["peak_bytes"] > 4 * 8 * 64 * 64


def test_maps_are_those_of_the_stage_of_the_link_or_of_the_stages_that_are_named(site):
    whole = load(site.get(f"/api/trace?{QUERY}").content)
    first = load(site.get(f"/api/trace?{QUERY}&maps=0:2").content)
    assert sorted(name for name in first if name.startswith("1.")) == [
        "1.bias",
        "1.maps",
        "1.preview",
        "1.ranges",
        "1.telling",
        "1.weight",
    ]
    assert np.array_equal(first["1.maps"], whole["1.output"][:2])
    chosen = load(site.get(f"/api/trace?{QUERY}&maps=3:8&stages=2,3").content)
    assert np.array_equal(chosen["2.maps"], whole["2.output"][3:8])
    assert np.array_equal(chosen["3.maps"], whole["3.output"][3:8])
    assert "3.maps" in load(site.get(f"/api/trace?{QUERY}&maps=0:1&stage=3").content)
    assert sorted(load(site.get(f"/api/trace?{QUERY}&preview=8&only=2").content)) == [
        "2.preview",
        "2.ranges",
        "2.telling",
    ]


def test_a_posted_scene_has_parts_too(site):
    scene = {"image": {"sample": "chelsea"}, "size": [64, 64], "layers": [{"op": "relu"}] * 30}
    answer = site.ask("POST", "/api/trace?preview=8&only=30", content=json.dumps(scene))
    assert answer.status_code == 200, answer.text
    assert load(answer.content)["30.preview"].shape == (1, 8, 8)


def test_a_network_may_have_more_layers_than_a_figure_and_too_many_are_refused_with_the_setting(site, tmp_path):
    assert "at most 16" in read_detail(site.get(f"/api/trace?layers={LONG}"))
    assert site.get(f"/api/trace?layers={LONG}&preview=8").status_code == 200
    with running(tmp_path, network_layers=19) as small:
        said = read_detail(small.get(f"/api/trace?layers={LONG}&preview=8"))
    assert "20 layers" in said
    assert "at most 19" in said
    assert "CONVOSCOPE_NETWORK_LAYERS" in said


@pytest.mark.parametrize(
    ("setting", "value"),
    [("network_multiply_adds", 1_000_000), ("network_trace_bytes", 1_000_000), ("network_answer_bytes", 100_000)],
)
def test_a_limit_is_a_422_that_names_number_limit_and_setting(tmp_path, setting, value):
    query = "image=chelsea&size=300&layers=conv:random*8@5x5~relu&preview=300"
    with running(tmp_path, **{setting: value}) as small:
        said = read_detail(small.get(f"/api/trace?{query}"))
    assert f"at most {value:,}" in said
    assert f"CONVOSCOPE_{setting.upper()}" in said


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("preview=0", "1 to 512"),
        ("preview=513", "1 to 512"),
        ("preview=x", "1 to 512"),
        ("maps=3", "such as 0:8"),
        ("maps=", "maps is empty; it can be a:b"),
        ("maps=3:3", "such as 0:8"),
        ("maps=-1:3", "such as 0:8"),
        ("maps=0:9", "of stage 1 it can be"),
        ("maps=0:1&stages=7", "there is no such stage"),
        ("preview=8&only=7", "there is no such stage"),
        ("preview=8&stages=7", "stages has 7, and there is no such stage; it can be 0 to"),
        ("preview=8&reveal=7", "reveal is 7; it can be 0 or 1"),
        ("preview=8&format=json", "format"),
        ("preview=8&depth=3", "depth"),
        ("preview=8&predict=cell", "reveal=1"),
    ],
)
def test_a_value_that_is_not_allowed_gets_a_sentence(site, keys, words):
    assert words in read_detail(site.get(f"/api/trace?{QUERY}&{keys}"))


def test_json_and_other_calls_have_no_previews(site):
    assert "preview" in read_detail(site.get(f"/api/trace.json?{QUERY}&preview=8"))
    assert "maps" in read_detail(site.get(f"/api/steps?{QUERY}&maps=0:1"))


def test_a_question_is_answered_if_it_is_revealed(site):
    assert site.get(f"/api/trace?{QUERY}&preview=8&predict=cell&reveal=1").status_code == 200


def test_a_browser_that_has_the_parts_is_not_sent_them_again_and_nothing_is_kept_here(site):
    replies = len(site.app.state.app_state.replies)
    answer = site.get(f"/api/trace?{QUERY}&preview=4")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-location"] == f"/api/trace?{QUERY.removeprefix('image=chelsea&')}&preview=4"
    assert site.get(f"/api/trace?{QUERY}&preview=4", if_none_match=answer.headers["etag"]).status_code == 304
    assert answer.headers["etag"] != site.get(f"/api/trace?{QUERY}&preview=5").headers["etag"]
    assert len(site.app.state.app_state.replies) == replies


def test_a_network_on_an_uploaded_picture_is_private_and_gone_with_it(site):
    sent = site.ask("POST", "/api/images", files={"file": pictures.file(pictures.photo(90, 60), "PNG")}).json()
    asked = f"/api/trace?image={sent['image']}&size=32&layers=relu&preview=8"
    answer = site.get(asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-cache"
    site.ask("DELETE", f"/api/images/{sent['image']}?token={sent['delete_token']}")
    assert "no longer here" in read_detail(site.get(asked), 410)


# --- the process --------------------------------------------------------------------------------------------------


def test_a_network_that_takes_too_long_is_stopped_with_a_sentence_and_the_next_is_computed(tmp_path):
    with running(tmp_path, network_seconds=2, **ANY_WORK) as site:
        said = read_detail(site.get(f"/api/trace?size=192&layers={COSTLY}&preview=8"))
        assert "longer than 2 s" in said
        assert "CONVOSCOPE_NETWORK_SECONDS" in said
        assert site.get(f"/api/trace?{QUERY}&preview=8").status_code == 200


def test_a_process_that_was_killed_while_it_waited_is_replaced(site):
    assert site.get(f"/api/trace?{QUERY}&preview=8").status_code == 200
    before = worker_of(site)
    os.kill(before, signal.SIGKILL)
    assert site.get(f"/api/trace?{QUERY}&preview=9").status_code == 200
    assert worker_of(site) != before


def test_a_network_whose_process_is_killed_twice_is_a_503_that_says_so(tmp_path):
    with running(tmp_path, **ANY_WORK) as site:
        pool = site.app.state.app_state.network_pool._get_pool()

        async def kill_twice() -> int:
            asked = asyncio.ensure_future(site._client.get(f"/api/trace?size=192&layers={COSTLY}&preview=8"))
            seen: set[int] = set()
            while not asked.done():
                for process in list(pool._all):
                    if process._ready and process._process.pid not in seen and len(seen) < 2:
                        seen.add(process._process.pid)
                        os.kill(process._process.pid, signal.SIGKILL)
                await asyncio.sleep(0)
            return await asked

        answer = site.runner.run(kill_twice())
    assert "stopped from outside, twice" in read_detail(answer, 503)
    assert answer.headers["retry-after"] == "60"


def test_the_process_is_stopped_when_nobody_waits_for_it_any_more(tmp_path):
    with running(tmp_path, **ANY_WORK) as site:
        assert site.get(f"/api/trace?{QUERY}&preview=8").status_code == 200
        worker = worker_of(site)

        async def leave() -> None:
            asked = asyncio.ensure_future(site.ask_and_go_away("/api/trace", f"size=192&layers={COSTLY}&preview=8"))
            pool = site.app.state.app_state.network_pool._pool
            while pool._idle:
                await asyncio.sleep(0)
            site.goes_away.set()
            await asked
            while any(process._process.pid == worker for process in list(pool._all)):
                await asyncio.sleep(0)

        site.runner.run(asyncio.wait_for(leave(), 60))
        assert not Path(f"/proc/{worker}").exists()
        assert site.get(f"/api/trace?{QUERY}&preview=8").status_code == 200


def test_networks_that_wait_too_long_get_a_503_with_retry_after(tmp_path):
    with running(tmp_path, network_wait_seconds=0.05, network_seconds=1.5, **ANY_WORK) as site:
        first, second = site.ask_together(
            *(f"/api/trace?size=192&layers={COSTLY}&preview={side}" for side in (8, 9)),
        )
    busy = first if first.status_code == 503 else second
    assert "Too many large networks" in read_detail(busy, 503)
    assert int(busy.headers["retry-after"]) > 0
