"""Bodies that arrive slowly, never, in a million parts, or all at once."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.web.routes.test_image_uploads import FORM, LARGER, PHOTO
from tests.web_client import running

HEAD = b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
END = b"\r\n--x--\r\n"
JSON = "application/json"


async def stalled(first: bytes = b"--x\r\n"):
    """A body that never becomes complete."""
    yield first
    await asyncio.Event().wait()


async def trickling(first: bytes = HEAD):
    """An endless body that sends a byte from time to time."""
    yield first
    while True:
        await asyncio.sleep(0.01)
        yield b" "


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/api/images", FORM),
        ("/api/weights", FORM),
        ("/api/weights", "application/octet-stream"),
        ("/api/weights/layers", "application/octet-stream"),
        ("/api/trace", JSON),
        ("/api/export/html", JSON),
    ],
)
@pytest.mark.parametrize("body", [stalled, trickling])
def test_a_body_that_arrives_too_slowly_is_rejected(tmp_path, address, kind, body):
    with running(tmp_path, body_stall_seconds=0.05) as site:
        answer = site.ask("POST", address, content=body(), headers={"content-type": kind})
    assert answer.status_code == 408
    assert "less than 1,000 bytes in 0.05 seconds" in answer.json()["detail"]
    assert answer.headers["connection"] == "close"


def test_a_body_that_takes_too_long_is_rejected(tmp_path):
    async def endless():
        yield HEAD
        while True:
            yield b" " * 500
            await asyncio.sleep(0)

    with running(tmp_path, body_seconds=0.05, upload_bytes=200_000_000) as site:
        answer = site.ask("POST", "/api/images", content=endless(), headers={"content-type": FORM})
    assert answer.status_code == 408
    assert "did not arrive within 0.05 seconds" in answer.json()["detail"]


def test_slow_bodies_do_not_block_other_uploads(tmp_path):
    with running(tmp_path, body_stall_seconds=60) as site:

        async def many() -> int:
            waiting = [asyncio.create_task(site.start("POST", "/api/images", stalled(), FORM)) for _ in range(100)]
            await asyncio.sleep(0)
            answer = await site.start("POST", "/api/images", HEAD + PHOTO + END, FORM)
            unanswered = sum(not task.done() for task in waiting)
            for task in waiting:
                task.cancel()
            assert unanswered == 100
            return answer.status_code

        assert site.runner.run(many()) == 201


@pytest.mark.parametrize("part", [b"--x\r\n\r\n\r\n", b'--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb\r\n'])
def test_a_form_with_very_many_fields_is_rejected_at_once(tmp_path, part):
    with running(tmp_path) as site:
        answer = site.ask("POST", "/api/images", content=part * 200_000, headers={"content-type": FORM})
    assert answer.status_code == 422
    assert "20 fields" in answer.json()["detail"]


def test_a_field_with_very_many_headers_is_rejected_at_once(tmp_path):
    with running(tmp_path) as site:
        body = b"--x\r\n" + b"a: b\r\n" * 400_000 + b"\r\n" + END
        answer = site.ask("POST", "/api/images", content=body, headers={"content-type": FORM})
    assert answer.status_code == 422


def test_a_form_with_some_other_fields_is_accepted(tmp_path):
    field = b'--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb\r\n'
    with running(tmp_path) as site:
        body = field * 19 + HEAD + PHOTO + END
        assert site.ask("POST", "/api/images", content=body, headers={"content-type": FORM}).status_code == 201


def test_a_figure_as_json_may_be_as_long_as_its_setting_allows(tmp_path):
    long = json.dumps({"version": 1, "layers": []}) + " " * 2_000_000
    with running(tmp_path) as site:
        for address in ("/api/trace", "/api/export/html"):
            answer = site.ask("POST", address, content=long, headers={"content-type": JSON})
            assert answer.status_code == 413
            assert "2 MB" in answer.json()["detail"]


def test_when_the_memory_for_bodies_is_used_up_a_few_continue_and_the_others_wait(tmp_path):
    """Forty files with twice the memory for all: each is read in the end, but few at once."""
    with running(tmp_path, body_memory=1_000_000, upload_bytes=2_000_000) as site:
        held: list[int] = []

        async def slowly():
            yield HEAD + LARGER
            for _ in range(19):
                await asyncio.sleep(0)
                held.append(site.app.state.app_state.uploads.body_reader.held_bytes)
                yield b"\0" * 100_000
            yield END

        async def together() -> list[int]:
            bodies = [site.start("POST", "/api/images", slowly(), FORM) for _ in range(40)]
            return [answer.status_code for answer in await asyncio.gather(*bodies)]

        assert set(site.runner.run(together())) == {201}
        assert max(held) < 1_000_000 + 8 * 2_000_000 + 40 * 100_000
        assert site.app.state.app_state.uploads.body_reader.held_bytes == 0


def test_a_file_that_waits_too_long_for_memory_gets_retry_after(tmp_path):
    with running(
        tmp_path, body_memory=1_000_000, upload_bytes=2_000_000, upload_wait_seconds=0.2, body_stall_seconds=30
    ) as site:

        async def together() -> list[int]:
            full = HEAD + b"\0" * 1_500_000
            holding = [asyncio.create_task(site.start("POST", "/api/images", stalled(full), FORM)) for _ in range(8)]
            while site.app.state.app_state.uploads.body_reader.held_bytes < 8 * 1_500_000:
                await asyncio.sleep(0.001)
            small = await site.start("POST", "/api/images", HEAD + PHOTO + END, FORM)
            assert small.status_code == 201
            late = await site.start("POST", "/api/images", full + END, FORM)
            for task in holding:
                task.cancel()
            assert late.headers["retry-after"]
            return late.status_code

        assert site.runner.run(together()) == 503
