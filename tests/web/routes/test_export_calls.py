"""GET and POST /api/export/KIND: files of all kinds, estimates, progress, and what is refused."""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.export.export_options import EXPORT_KINDS, FORMATS
from app.web.routes.sharing import export_files
from tests.pictures import file, photo
from tests.web_client import Client, running

SMALL = "image=face&layers=conv:sobel-x&at=3,4&width=400&height=225&show=step"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site"), export_frames=120) as started:
        yield started


@pytest.mark.parametrize("kind", EXPORT_KINDS)
def test_each_kind_of_file_comes_with_its_type_and_a_name(client: Client, kind: str):
    if kind == "mp4" and export_files.find_ffmpeg() is None:
        pytest.skip("there is no ffmpeg")
    film = "&show=step&width=400&height=225" if kind in ("gif", "webp", "mp4") else ""
    answer = client.get(f"/api/export/{kind}?image=face&layers=conv:sobel-x&at=3,4{film}")
    assert answer.status_code == 200, answer.text[:300]
    row = FORMATS[kind]
    assert answer.headers["content-type"] == row.media_type
    assert answer.headers["content-disposition"] == f'attachment; filename="convoscope-face-sobel-x{row.suffix}"'
    assert answer.headers["cache-control"] == "no-store" or "no-cache" in answer.headers["cache-control"]
    assert len(answer.content) > 100


def test_an_estimate_says_what_a_film_will_be(client: Client):
    said = client.get(f"/api/export/gif?{SMALL}&estimate=1").json()
    made = Image.open(io.BytesIO(client.get(f"/api/export/gif?{SMALL}").content))
    assert said["frames"] >= made.n_frames
    assert said["seconds"] == 4.4
    assert said["bytes"] > 1_000
    assert client.get(f"/api/figure.png?{said['middle']}&width=400").status_code == 200


def test_the_stream_tells_the_progress_and_ends_with_the_file(client: Client):
    answer = client.get(f"/api/export/gif?{SMALL}&progress=1")
    boundary = re.fullmatch(r"multipart/mixed; boundary=(\w+)", answer.headers["content-type"])[1].encode()
    *told, last, end = answer.content.split(b"--" + boundary)[1:]
    assert end == b"--\r\n"
    for part in told:
        said = json.loads(part.partition(b"\r\n\r\n")[2])
        assert 1 <= said["done"] <= said["all"]
    head, _, body = last.partition(b"\r\n\r\n")
    assert b'filename="convoscope-face-sobel-x.gif"' in head
    assert body.startswith(b"GIF89a")
    assert int(re.search(rb"Content-Length: (\d+)", head)[1]) == len(body) - 2


def test_a_scene_as_json_gives_the_same_file_as_its_link(client: Client):
    scene = client.get("/api/trace?image=face&layers=conv:sobel-x&format=json").json()["scene"]
    posted = client.ask("POST", "/api/export/csv?at=2,3", json=scene)
    assert posted.status_code == 200
    assert posted.content == client.get("/api/export/csv?image=face&layers=conv:sobel-x&at=2,3").content


def test_an_uploaded_picture_is_in_a_file_only_after_a_yes(client: Client):
    answer = client.ask("POST", "/api/images", files={"file": ("photo.png", file(photo(40, 30), "PNG"), "image/png")})
    upload = answer.json()["image"]
    refused = client.get(f"/api/export/svg?image={upload}&size=8")
    assert (refused.status_code, refused.json()["field"]) == (422, "picture")
    assert client.get(f"/api/export/svg?image={upload}&size=8&picture=1").status_code == 200


@pytest.mark.parametrize(
    ("path", "field", "words"),
    [
        ("foo", "kind", "gif, webp, mp4"),
        ("gif?seconds=1", "seconds", "3 to 120"),
        ("gif?width=99999", "width", "160 to 3,840"),
        ("gif?show=stages", "show", "view, step"),
        ("pdf?pace=beats", "pace", "it has show, blank"),
        ("csv?values=all", "values", "map or step"),
        ("pdf?blank=0", "blank", "row,column"),
        ("pdf?blank=99,0&image=face&layers=conv:sobel-x", "kind", "rows 0 to 13"),
        ("gif?show=stops", "kind", "no stops"),
        ("gif?title=%E6%97%A5", "kind", "日"),
        ("svg?estimate=1", "estimate", "Only films"),
        ("gif?image=face&size=30&layers=conv:sobel-x&show=map&pace=beats", "kind", "can be seen"),
        ("gif?seconds=60", "kind", "at most 120"),
        ("gif?layers=conv:nothing", "filters", "nothing"),
    ],
)
def test_what_is_not_possible_is_refused_with_its_field_and_what_is_allowed(
    client: Client, path: str, field: str, words: str
):
    answer = client.get(f"/api/export/{path}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["field"] == field
    assert words in answer.json()["detail"]


def test_a_problem_found_while_the_film_is_made_is_the_last_part_of_the_stream(client: Client):
    answer = client.get("/api/export/gif?show=stops&progress=1")
    assert answer.status_code == 200
    assert b"Status: 422" in answer.content
    assert b"no stops" in answer.content


def test_without_ffmpeg_an_mp4_is_a_501_that_says_how_to_get_it(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(export_files, "find_ffmpeg", lambda: None)
    answer = client.get(f"/api/export/mp4?{SMALL}")
    assert answer.status_code == 501
    assert "convoscope[mp4]" in answer.json()["detail"]


LONG = "seconds=60&width=1920&height=1080&size=64"


def test_a_client_that_leaves_stops_its_film(tmp_path: Path):
    with running(tmp_path, export_frames=5_000, export_pixels=50_000_000_000) as site:
        assert site.get(f"/api/export/gif?{SMALL}").status_code == 200
        pool = site.app.state.app_state.export_pool._pool
        (worker,) = [process._process.pid for process in pool._all]

        async def leave() -> None:
            asked = asyncio.ensure_future(site.ask_and_go_away("/api/export/gif", LONG))
            while pool._idle:
                await asyncio.sleep(0)
            site.goes_away.set()
            await asked
            while any(process._process.pid == worker for process in list(pool._all)):
                await asyncio.sleep(0)

        site.runner.run(asyncio.wait_for(leave(), 60))
        assert not Path(f"/proc/{worker}").exists()
        assert site.get(f"/api/export/gif?{SMALL}").status_code == 200


def test_files_that_wait_too_long_get_a_503_with_retry_after(tmp_path: Path):
    limits = {
        "export_wait_seconds": 0.05,
        "export_seconds": 1.5,
        "export_frames": 5_000,
        "export_pixels": 50_000_000_000,
    }
    with running(tmp_path, **limits) as site:
        answers = site.ask_together(*(f"/api/export/gif?{LONG}&at={row},0" for row in (0, 1)))
    busy = next(one for one in answers if one.status_code == 503)
    assert "wait to be written" in busy.json()["detail"]
    assert int(busy.headers["retry-after"]) > 0
    slow = next(one for one in answers if one is not busy)
    assert (slow.status_code, "within 1.5 seconds" in slow.json()["detail"]) == (422, True)
