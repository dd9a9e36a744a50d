"""The worker processes: reused, killed when they take too long, ended with the server."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.core.trace.wire import pack
from app.images.decoding.decode import DecodeLimits
from app.images.picture_tasks import make_picture_task
from app.models.weights_tasks import make_weights_task
from app.processes.file_errors import UnreadableFile
from app.processes.process_pool import ProcessPool
from app.processes.task import Task
from app.processes.worker_process import WorkerProcess
from tests import pictures

ROOT = Path(__file__).parents[2]
PICTURE, WEIGHTS, ODD = make_picture_task(), make_weights_task(), pictures.MISBEHAVES
NO_TASK = replace(PICTURE, reader="no.such:module")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are watched by pidfd here")


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPool]:
    with ProcessPool([PICTURE, WEIGHTS], workers=2) as pool:
        yield pool


@pytest.fixture(scope="module")
def odd() -> Iterator[ProcessPool]:
    with ProcessPool([ODD], workers=1, seconds=0.3, memory_bytes=1_500_000_000) as pool:
        yield pool


def error_of(pool: ProcessPool, data: bytes, task: Task = ODD) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as error:
        pool.run_blocking(task, data)
    return error.value


def process_of(pool: ProcessPool) -> int:
    return int(pool.run_blocking(ODD, b"x").notes[0])


def test_a_photo_comes_back_as_pixels_and_notes(pool: ProcessPool) -> None:
    data = pictures.file(pictures.photo(1600, 1200), "PNG", exif=pictures.exif())
    decoded = asyncio.run(pool.run(PICTURE, data))
    assert decoded.pixels.shape == (768, 1024, 3)
    assert decoded.pixels.dtype == np.uint8
    assert tuple(map(str, decoded.notes)) == ("scaled from 1200 × 1600 to 768 × 1024 pixels", "metadata removed")


def test_an_error_comes_back_with_all_its_parts(pool: ProcessPool) -> None:
    error = error_of(pool, b"%PDF-1.7", PICTURE)
    assert (error.status, error.field, error.value) == (415, "file", "a PDF")
    assert "JPEG" in error.allowed
    assert "PDF" in error.message


def test_many_files_at_once_are_all_read(pool: ProcessPool) -> None:
    data = [pictures.file(pictures.photo(20 + i, 20), "PNG") for i in range(12)]

    async def all_of_them() -> list[int]:
        decoding = (pool.run(PICTURE, one) for one in data)
        return [decoded.pixels.shape[1] for decoded in await asyncio.gather(*decoding)]

    assert asyncio.run(all_of_them()) == [20 + i for i in range(12)]


def test_limits_reach_the_process() -> None:
    task = make_picture_task(DecodeLimits(side=10, working_side=8))
    with ProcessPool([task], workers=1) as strict:
        assert error_of(strict, pictures.file(pictures.photo(11, 4), "PNG"), task).status == 413
        assert strict.run_blocking(task, pictures.file(pictures.photo(10, 5), "PNG")).pixels.shape == (4, 8, 3)


def test_no_process_runs_before_it_is_needed() -> None:
    ProcessPool([NO_TASK], workers=2).close()


def test_a_closed_pool_raises_503() -> None:
    pool = ProcessPool([PICTURE])
    pool.close()
    with pytest.raises(UnreadableFile) as error:
        asyncio.run(pool.run(PICTURE, b"x"))
    assert error.value.status == 503


def test_a_process_is_reused(odd: ProcessPool) -> None:
    assert process_of(odd) == process_of(odd) != os.getpid()


def test_a_file_that_takes_too_long_is_stopped_and_the_next_one_gets_a_new_process(odd: ProcessPool) -> None:
    before = process_of(odd)
    error = error_of(odd, b"never")
    assert error.status == 422
    assert "longer than 0.3 s" in error.message
    assert process_of(odd) != before


def test_a_file_that_crashes_its_process_gets_a_sentence(odd: ProcessPool) -> None:
    error = error_of(odd, b"dies")
    assert error.status == 422
    assert "damaged" in error.message
    assert odd.run_blocking(ODD, b"x").pixels[0, 0, 0] == ord("x")


def test_an_exception_of_any_kind_gets_a_sentence_and_keeps_the_process(odd: ProcessPool) -> None:
    before = process_of(odd)
    assert error_of(odd, b"raises").status == 422
    assert process_of(odd) == before


def test_printed_text_does_not_reach_the_result(odd: ProcessPool) -> None:
    assert odd.run_blocking(ODD, b"prints").pixels[0, 0, 0] == ord("p")


@LINUX
def test_memory_is_limited(odd: ProcessPool) -> None:
    error = error_of(odd, b"memory")
    assert error.status == 413
    assert "memory" in error.message


@LINUX
def test_the_largest_allowed_picture_fits_in_the_memory(pool: ProcessPool) -> None:
    wide = pictures.file(pictures.Image.new("RGBA", (16_384, 3_000), (9, 9, 9, 128)), "PNG", compress_level=1)
    assert pool.run_blocking(PICTURE, wide).pixels.shape == (188, 1024, 3)


@pytest.mark.parametrize("signal_", ["SIGKILL", "SIGTERM"])
def test_a_file_whose_process_is_stopped_from_outside_is_read_by_a_new_one(
    odd: ProcessPool, signal_: str, tmp_path: Path
) -> None:
    before = process_of(odd)
    decoded = odd.run_blocking(ODD, f"k{signal_} {tmp_path / 'once'}".encode())
    assert decoded.pixels[0, 0, 0] == ord("k")
    assert int(decoded.notes[0]) != before


def test_a_process_that_is_stopped_from_outside_twice_is_not_blamed_on_the_file(odd: ProcessPool) -> None:
    error = error_of(odd, b"kSIGKILL")
    assert error.status == 503
    assert "stopped from outside, twice" in error.message
    assert odd.run_blocking(ODD, b"x").pixels[0, 0, 0] == ord("x")


@pytest.mark.parametrize("signal_", ["SIGSEGV", "SIGABRT", "SIGBUS"])
def test_a_file_that_ends_its_process_with_a_fault_is_not_read_again(
    odd: ProcessPool, signal_: str, tmp_path: Path
) -> None:
    error = error_of(odd, f"k{signal_} {tmp_path / 'once'}".encode())
    assert error.status == 422
    assert "damaged" in error.message


INVALID_RESULTS = [
    {},
    [],
    {"shape": [1, 1, 4], "notes": []},
    {"shape": [-1, -1, 3], "notes": []},
    {"shape": [1, 2, 3], "notes": []},
    {"shape": [1, 1, 3], "notes": ["x" * 10_000]},
    {"shape": [1, 1, 3], "notes": [1]},
    {"problem": {"status": 200, "field": "", "value": "", "allowed": "", "message": "Fine."}},
    {"problem": {"status": 422, "field": "", "value": "", "allowed": "", "message": "\ud800"}},
    {"problem": {"status": 422}},
]


@pytest.mark.parametrize("head", INVALID_RESULTS, ids=range(len(INVALID_RESULTS)))
def test_a_result_that_no_picture_can_have_ends_the_process(odd: ProcessPool, head: object) -> None:
    before = process_of(odd)
    error = error_of(odd, b"l" + json.dumps(head).encode())
    assert error.status == 422
    assert "made the program that reads it stop" in error.message
    assert process_of(odd) != before


def test_a_result_longer_than_its_task_allows_is_an_error() -> None:
    short = replace(ODD, max_bytes=-100_000)
    with ProcessPool([short], workers=1) as pool:
        assert error_of(pool, b"x", short).status == 422


def test_pictures_and_weights_are_read_by_the_same_process() -> None:
    arrays = {"conv.weight": np.ones((4, 3, 5, 5), np.float32)}
    with ProcessPool([ODD, WEIGHTS], workers=1) as pool:
        before = process_of(pool)
        found = pool.run_blocking(WEIGHTS, pack(arrays, {}))
        assert found.name == "conv"
        assert np.array_equal(found.weight, arrays["conv.weight"])
        assert process_of(pool) == before


def test_a_process_that_died_while_idle_is_replaced(odd: ProcessPool) -> None:
    before = process_of(odd)
    with gone(before):
        os.kill(before, signal.SIGTERM)
    assert process_of(odd) != before


def test_a_pool_that_cannot_start_a_process_raises_503() -> None:
    with ProcessPool([NO_TASK], workers=1) as broken:
        assert error_of(broken, b"x", NO_TASK).status == 503


@LINUX
def test_closing_ends_a_process_that_reads_a_file() -> None:
    closing = ProcessPool([ODD], workers=1, seconds=60)
    process = process_of(closing)

    async def close_while_decoding() -> None:
        busy = asyncio.ensure_future(closing.run(ODD, b"never"))
        await asyncio.sleep(0)
        with gone(process):
            await asyncio.get_running_loop().run_in_executor(None, closing.close)
        with pytest.raises((UnreadableFile, asyncio.CancelledError)) as ended:
            await busy
        if isinstance(ended.value, UnreadableFile):
            assert ended.value.status == 503  # no file is blamed for it

    asyncio.run(close_while_decoding())


@LINUX
def test_work_that_nobody_waits_for_any_more_ends_its_process_and_the_next_gets_a_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ProcessPool([ODD], workers=1, seconds=60) as stopping:
        process = process_of(stopping)
        run, begun = WorkerProcess.run, threading.Event()

        def tell_and_run(self: WorkerProcess, task: Task[Any], data: bytes) -> Any:
            begun.set()
            return run(self, task, data)

        monkeypatch.setattr(WorkerProcess, "run", tell_and_run)

        async def cancel_while_decoding() -> None:
            busy = asyncio.ensure_future(stopping.run_or_stop(ODD, b"never"))
            while not begun.is_set():
                await asyncio.sleep(0)
            with gone(process):
                busy.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await busy

        asyncio.run(cancel_while_decoding())
        assert process_of(stopping) != process


def test_a_pool_works_on_after_work_that_was_cancelled_as_soon_as_it_was_asked_for() -> None:
    with ProcessPool([ODD], workers=1, seconds=60) as stopping:

        async def cancel_at_once() -> None:
            waiting = asyncio.ensure_future(stopping.run_or_stop(ODD, b"x"))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            assert (await stopping.run_or_stop(ODD, b"x")).pixels[0, 0, 0] == ord("x")

        asyncio.run(cancel_at_once())


@LINUX
@pytest.mark.parametrize("busy", [False, True])
def test_the_processes_die_with_the_server(busy: bool) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER.format(busy=busy)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    decoding = int(server.stdout.readline())
    server.stdout.readline()  # once a busy one has its file
    with gone(decoding):
        server.kill()
        server.wait()
    server.stdout.close()


SERVER = """
import threading
from app.processes.process_pool import ProcessPool
from tests.pictures import MISBEHAVES as ODD
pool = ProcessPool([ODD], workers=1, seconds=60)
print(pool.run_blocking(ODD, b"x").notes[0], flush=True)
if {busy}:
    threading.Thread(target=pool.run_blocking, args=(ODD, b"never")).start()
print("under way", flush=True)
threading.Event().wait(60)
"""


class gone:
    """Checks that a process ends because of what is done in the block, without waiting a fixed time."""

    def __init__(self, process: int) -> None:
        self._watch = os.pidfd_open(process) if hasattr(os, "pidfd_open") else None

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        if self._watch is not None:
            ended, _, _ = select.select([self._watch], [], [], 20)
            os.close(self._watch)
            assert ended, "the process is still there"
