"""The server with a damaged, full, read-only, missing or unresponsive store."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from safetensors.numpy import save

from app.images.store.store import Store
from app.web.http_messages import HTTP_MESSAGES, describe_store
from app.web.routes import operations as running_module
from app.web.work.fair_queue import Work
from app.web.work.store_threads import THREADS, StoreThreads
from tests.store_damage import DAMAGES, OF_PICTURES
from tests.web.routes.test_image_uploads import bring
from tests.web_client import Client, page_data, running

FILTERS = np.random.default_rng(3).standard_normal((8, 3, 5, 5)).astype(np.float32)
WEIGHTS = save({"conv1.weight": FILTERS})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site"), store_wait_seconds=60) as client:
        yield client


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Client]:
    """A site without any earlier request."""
    with running(tmp_path, store_wait_seconds=60) as client:
        yield client


def bring_weights(site: Client) -> dict[str, Any]:
    answer = site.ask("POST", "/api/weights", content=WEIGHTS, headers={"content-type": "application/octet-stream"})
    told: dict[str, Any] = answer.json()
    return told


def folder_of(site: Client) -> Path:
    folder: Path = site.app.state.app_state.settings.store
    return folder


# --- damage -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", [*DAMAGES, *OF_PICTURES])
def test_a_damaged_picture_is_gone_in_every_route(site: Client, damage: str):
    id = bring(site).json()["image"]
    assert site.get(f"/api/trace?image={id}&size=8&layers=relu").status_code == 200
    (DAMAGES | OF_PICTURES)[damage](folder_of(site) / id)
    for address in (f"/api/trace?image={id}&size=9&layers=relu", f"/api/images/{id}.png"):
        answer = site.get(address)
        assert answer.status_code == 410
        assert "Drop the photo here again" in answer.json()["detail"]
    page = site.get(f"/?image={id}&size=9&layers=relu")
    assert page.status_code == 200
    assert page_data(page.text)["gone"] is True


def junk(_: bytes) -> bytes:
    return b"junk"


def other_header(data: bytes) -> bytes:
    return data.replace(b'"F32"', b'"F99"')


def other_offsets(data: bytes) -> bytes:
    return data.replace(b'"data_offsets":[0,', b'"data_offsets":[9,')


def other_op(data: bytes) -> bytes:
    return data.replace(rb"\"conv\"", rb"\"relu\"")


@pytest.mark.parametrize("change", [junk, bytes.upper, other_header, other_offsets, other_op, lambda data: data[:200]])
@pytest.mark.parametrize("kept_so", [True, False], ids=["as they were kept", "damaged since"])
def test_damaged_weights_are_gone_in_every_route(
    site: Client, change: Callable[[bytes], bytes], kept_so: bool, monkeypatch: pytest.MonkeyPatch
):
    if kept_so:
        keep = Store.put_file
        monkeypatch.setattr(Store, "put_file", lambda self, data: keep(self, change(data)))
    told = bring_weights(site)
    name, filters = told["weights"], told["filters"]
    path = folder_of(site) / name
    if not kept_so:
        head, _, body = path.read_bytes().partition(b"\n")
        path.write_bytes(head + b"\n" + change(body).ljust(len(body))[: len(body)])
    link = f"size=8&channels=rgb&layers=conv:{filters}"
    for address in (
        f"/api/trace?{link}",
        f"/api/steps?{link}&stage=1",
        f"/api/figure.png?{link}",
        f"/api/trace?size=8&channels=rgb&layers=prepare:{name}",
        f"/api/weights/{name}.safetensors",
        f"/api/portraits?model={name}",
        f"/api/patches?model={name}&filter=0",
        f"/api/film?model={name}",
    ):
        answer = site.get(address)
        assert answer.status_code == 410, address
        assert "no longer here" in answer.json()["detail"]
    for page in (f"/?{link}", f"/embed?{link}", f"/filters?model={name}"):
        answer = site.get(page)
        assert answer.status_code == 200, page
        assert any("no longer here" in problem["message"] for problem in page_data(answer.text)["problems"])


def test_a_picture_that_could_not_be_read_once_is_shown_at_the_next_request(
    site: Client, monkeypatch: pytest.MonkeyPatch
):
    id = bring(site).json()["image"]
    with monkeypatch.context() as patch:
        patch.setattr(Store, "get", lambda *_: None)
        first = site.get(f"/?image={id}&size=8")
        assert page_data(first.text)["gone"] is True
        assert "etag" not in first.headers
    assert page_data(site.get(f"/?image={id}&size=8").text)["gone"] is False


# --- a folder that cannot be written ------------------------------------------------------------------------------


def lock(monkeypatch: pytest.MonkeyPatch, code: int = errno.EROFS) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    for owner, name in ((os, "utime"), (os, "replace"), (tempfile, "mkstemp"), (Path, "unlink")):
        monkeypatch.setattr(owner, name, refuse)


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO])
def test_a_read_only_store_shows_its_uploads_and_rejects_uploads_and_deletions(
    site: Client, monkeypatch: pytest.MonkeyPatch, code: int
):
    brought, weights = bring(site).json(), bring_weights(site)
    lock(monkeypatch, code)
    monkeypatch.setattr("app.images.store.store.MAX_STAMP_SECONDS", 0)
    assert site.get(f"/api/trace?image={brought['image']}&size=8").status_code == 200
    assert site.get(f"/api/images/{brought['image']}.png").status_code == 200
    assert site.get(f"/api/weights/{weights['weights']}.safetensors").status_code == 200
    assert site.get(f"/filters?model={weights['weights']}").status_code == 200
    refused = bring(site)
    assert (refused.status_code, refused.json()["code"]) == (503, "no_store")
    assert int(refused.headers["retry-after"]) > 0
    addresses = {
        f"/api/images/{brought['image']}": brought,
        f"/api/weights/{weights['weights']}.safetensors": weights,
    }
    for address, told in addresses.items():
        answer = site.ask("DELETE", address, headers={"x-delete-token": told["delete_token"]})
        assert (answer.status_code, answer.json()["code"]) == (503, "not_deleted")
        assert int(answer.headers["retry-after"]) > 0
        assert site.ask("DELETE", address, headers={"x-delete-token": "wrong"}).status_code == 403


# --- where the store is read --------------------------------------------------------------------------------------


def test_the_store_is_never_opened_in_the_event_loop(site: Client, monkeypatch: pytest.MonkeyPatch):
    picture, weights = bring(site).json(), bring_weights(site)
    threads: set[str] = set()
    opened = Store._open

    def noted(self: Store, id: str):
        threads.add(threading.current_thread().name)
        return opened(self, id)

    monkeypatch.setattr(Store, "_open", noted)
    name, id = weights["weights"], picture["image"]
    for address in (
        f"/?image={id}&size=8&layers=relu",
        f"/api/trace?image={id}&size=8&channels=rgb&layers=conv:{weights['filters']}",
        f"/api/images/{id}.png",
        f"/api/weights/{name}.safetensors",
        f"/filters?model={name}",
        f"/api/portraits?model={name}",
        f"/api/patches?model={name}",
        f"/api/film?model={name}",
    ):
        site.get(address)
    bring_weights(site)
    site.ask("DELETE", f"/api/images/{id}", headers={"x-delete-token": "wrong"})
    site.ask("DELETE", f"/api/images/{id}", headers={"x-delete-token": picture["delete_token"]})
    assert threading.main_thread().name not in threads
    assert "store" in threads


def test_a_figure_reads_all_its_uploads_from_the_store_once(site: Client, monkeypatch: pytest.MonkeyPatch):
    picture, weights = bring(site).json(), bring_weights(site)
    link = f"/api/trace?image={picture['image']}&size=8&channels=rgb&layers=conv:{weights['filters']}"
    assert site.get(link).status_code == 200
    asked: list[str] = []
    hops: list[object] = []
    touch, start = Store.touch, StoreThreads.start
    monkeypatch.setattr(Store, "touch", lambda self, id: asked.append(id) or touch(self, id))
    monkeypatch.setattr(StoreThreads, "start", lambda self, work: hops.append(work) or start(self, work))
    assert site.get(link).status_code == 200
    assert sorted(asked) == sorted([picture["image"], weights["weights"]])
    assert len(hops) == 1
    assert site.get(link.replace("size=8", "size=9")).status_code == 200
    assert len(asked) == 4
    assert len(hops) == 3  # once whether all is there, once for the pixels and weights of a figure that is computed
    assert site.get("/api/trace?size=9").status_code == 200
    assert len(hops) == 3


class Silent:
    """A store that responds only when the test lets it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers = threading.Event()
        opened, state = Store._open, Store.check_state

        def late(self_: Store, id: str):
            self.answers.wait()
            return opened(self_, id)

        def later(self_: Store, size: int):
            self.answers.wait()
            return state(self_, size)

        monkeypatch.setattr(Store, "_open", late)
        monkeypatch.setattr(Store, "check_state", later)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Silent]:
    made = Silent(monkeypatch)
    yield made
    made.answers.set()


def ask(site: Client, address: str) -> asyncio.Task[httpx.Response]:
    return asyncio.ensure_future(site._client.get(address))


def test_a_store_that_does_not_respond_does_not_delay_samples(site: Client, monkeypatch: pytest.MonkeyPatch):
    id = bring(site).json()["image"]
    folder = Silent(monkeypatch)

    async def beside_each_other():
        waiting = [ask(site, f"/api/trace?image={id}&size={8 + n}") for n in range(2 * THREADS)]
        answers = [await ask(site, f"/api/trace?size={8 + n}&layers=conv:box-blur") for n in range(20)]
        large = await ask(site, "/api/trace?size=256&layers=conv:random*8@9x9")
        assert not any(one.done() for one in waiting)
        folder.answers.set()
        return [*answers, large], await asyncio.gather(*waiting)

    samples, pictures = site.runner.run(beside_each_other())
    assert {answer.status_code for answer in samples} == {200}
    assert {answer.status_code for answer in pictures} == {200}


def test_a_picture_in_a_store_that_does_not_respond_is_a_503_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with running(tmp_path, store_wait_seconds=0.01) as site:
        folder = Silent(monkeypatch)
        id = "u-" + "a" * 20
        for method, address in (
            ("GET", f"/?image={id}"),
            ("GET", f"/api/trace?image={id}"),
            ("GET", f"/api/images/{id}.png"),
            ("DELETE", f"/api/images/{id}?token=x"),
            ("GET", f"/api/weights/w{id[1:]}.safetensors"),
            ("GET", f"/api/portraits?model=w{id[1:]}"),
            ("GET", f"/filters?model=w{id[1:]}"),
        ):
            answer = site.ask(method, address)
            assert answer.status_code == 503, address
            assert HTTP_MESSAGES["store_silent"] in answer.text
            assert int(answer.headers["retry-after"]) > 0
        assert site.get("/api/trace?size=8").status_code == 200
        folder.answers.set()


def test_a_limited_number_of_requests_waits_for_the_store(
    site: Client, silent: Silent, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.web.work.store_threads.MAX_WAITING", 3)

    async def many():
        waiting = [ask(site, f"/api/trace?image=u-{'a' * 20}&size={8 + n}") for n in range(THREADS + 10)]
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        assert {one.result().status_code for one in done} == {503}
        silent.answers.set()
        return await asyncio.gather(*waiting)

    assert {answer.status_code for answer in site.runner.run(many())} == {410, 503}


def test_the_store_waits_neither_for_computations_nor_for_other_threads(site: Client):
    id = bring(site).json()["image"]
    address = f"/api/trace?image={id}&size=8"
    etag = site.get(address).headers["etag"]
    free = threading.Event()

    async def beside_busy_threads():
        loop = asyncio.get_running_loop()
        busy = [loop.run_in_executor(None, free.wait) for _ in range(64)]
        busy += [asyncio.ensure_future(site.app.state.app_state.executor.run(free.wait, Work(""))) for _ in range(8)]
        await asyncio.sleep(0)
        answer = await site._client.get(address, headers={"if-none-match": etag})
        gone = await ask(site, f"/api/weights/w-{'a' * 20}.safetensors")
        free.set()
        await asyncio.gather(*busy)
        return answer.status_code, gone.status_code

    assert site.runner.run(beside_busy_threads()) == (304, 410)


def test_the_server_stops_while_the_store_does_not_respond(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = Silent(monkeypatch)
    with running(tmp_path, store_wait_seconds=0.01) as site:
        assert site.get(f"/api/trace?image=u-{'a' * 20}").status_code == 503
    left = [thread for thread in threading.enumerate() if thread.name == "store"]
    assert left
    assert all(thread.daemon for thread in left)
    folder.answers.set()


# --- clearing -----------------------------------------------------------------------------------------------------


def test_purging_continues_after_errors_and_logs_each_type_once(
    site: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    errors = [OSError("one"), ValueError("odd"), OSError("two"), TypeError("odder"), ValueError("odd"), None]
    left = list(errors)
    cleared = threading.Event()

    def purge(_: Store) -> int:
        error = left.pop(0) if left else None
        if error:
            raise error
        cleared.set()
        return 0

    monkeypatch.setattr(Store, "purge", purge)

    async def until_it_works() -> None:
        task = asyncio.ensure_future(site.app.state.app_state.uploads.purge_repeatedly(every=0))
        while not cleared.is_set():
            await asyncio.sleep(0)
        task.cancel()

    site.runner.run(until_it_works())
    kinds = [record.exc_info[0] for record in caplog.records if record.exc_info]
    assert kinds == [OSError, ValueError, TypeError]


# --- what is said of it -------------------------------------------------------------------------------------------


@pytest.fixture
def tried_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Probes of the store are not cached."""
    monkeypatch.setattr("app.web.store_health.CACHE_SECONDS", 0)


def states(site: Client) -> tuple[int, str, int, str]:
    """The status of /healthz, the state in it, the status of /readyz, and the state in /metrics."""
    health, ready = site.get("/healthz"), site.get("/readyz")
    store = health.json()["store"]
    assert health.json()["status"] == "ok"
    assert store["state"] == "ok" or store["message"] == str(describe_store(store["state"]))
    if ready.status_code == 200:
        assert ready.json() == health.json()
    else:
        assert ready.headers["content-type"] == "application/problem+json"
        assert int(ready.headers["retry-after"]) > 0
        assert (ready.json()["detail"], ready.json()["value"]) == (store["message"], store["state"])
    lines = site.get("/metrics").text.splitlines()
    rows = [line for line in lines if line.startswith("convoscope_store{") and line.endswith(" 1.0")]
    assert len(rows) == 1
    return health.status_code, store["state"], ready.status_code, rows[0].split('"')[1]


@pytest.mark.usefixtures("tried_anew")
def test_a_server_without_uploads_is_ready(site: Client):
    shutil.rmtree(folder_of(site), ignore_errors=True)
    assert states(site) == (200, "ok", 200, "ok")
    assert list(folder_of(site).iterdir()) == []


@pytest.mark.usefixtures("tried_anew")
def test_a_file_in_place_of_the_folder_is_a_missing_store(site: Client):
    shutil.rmtree(folder_of(site), ignore_errors=True)
    folder_of(site).write_text("no folder")
    assert states(site) == (200, "missing", 503, "missing")
    assert bring(site).json()["code"] == "no_store"
    folder_of(site).unlink()
    assert states(site) == (200, "ok", 200, "ok")


@pytest.mark.usefixtures("tried_anew")
@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_a_folder_that_cannot_be_written_is_a_read_only_store(site: Client, monkeypatch: pytest.MonkeyPatch, code: int):
    bring(site)
    with monkeypatch.context() as patch:
        lock(patch, code)
        assert states(site) == (200, "read-only", 503, "read-only")
    assert states(site) == (200, "ok", 200, "ok")


@pytest.mark.usefixtures("tried_anew")
def test_a_disk_without_space_is_a_full_store(site: Client, monkeypatch: pytest.MonkeyPatch):
    lock(monkeypatch, errno.ENOSPC)
    assert states(site) == (200, "full", 503, "full")


@pytest.mark.usefixtures("tried_anew")
def test_an_unexpected_error_is_a_failing_store(site: Client, monkeypatch: pytest.MonkeyPatch):
    lock(monkeypatch, errno.EIO)
    assert states(site) == (200, "failing", 503, "failing")

    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(Store, "check_state", broken)
    assert states(site) == (200, "failing", 503, "failing")


@pytest.mark.usefixtures("tried_anew")
def test_a_store_without_room_for_one_more_picture_is_full(tmp_path: Path):
    with running(tmp_path, store_bytes=1_000_000, working_side=512) as site:
        folder_of(site).mkdir(parents=True, exist_ok=True)
        assert states(site) == (200, "ok", 200, "ok")
        store: Store = site.app.state.app_state.uploads._store
        store.put(np.zeros((300, 300, 3), np.uint8))
        assert states(site) == (200, "full", 503, "full")


def test_a_folder_that_does_not_respond_is_reported_in_time(
    fresh: Client, silent: Silent, monkeypatch: pytest.MonkeyPatch
):
    for name in ("LIVE_SECONDS", "READY_SECONDS"):
        monkeypatch.setattr(running_module, name, 0.01)
    assert states(fresh) == (200, "no-answer", 503, "no-answer")
    silent.answers.set()
    monkeypatch.setattr(running_module, "READY_SECONDS", 1e6)
    assert fresh.get("/readyz").status_code == 200


def test_the_store_is_probed_once_for_many_requests(fresh: Client, monkeypatch: pytest.MonkeyPatch):
    tried: list[int] = []
    state = Store.check_state
    monkeypatch.setattr(Store, "check_state", lambda self, size: tried.append(size) or state(self, size))
    answers = fresh.ask_together(*["/healthz", "/readyz"] * 10)
    assert {answer.status_code for answer in answers} == {200}
    states(fresh)
    assert tried == [3 * 1024**2]


def test_a_failed_write_is_noticed_at_once(fresh: Client, monkeypatch: pytest.MonkeyPatch):
    assert fresh.get("/readyz").status_code == 200
    lock(monkeypatch)
    assert bring(fresh).status_code == 503
    assert fresh.get("/readyz").status_code == 503


def test_readyz_rejects_keys_and_accepts_head_like_any_other_call(site: Client):
    assert site.get("/readyz?size=8").status_code == 422
    assert site.ask("HEAD", "/readyz").status_code == 200
    assert site.get("/readyz").headers["cache-control"] == "no-store"
    assert site.ask("POST", "/readyz").headers["content-type"] == "application/problem+json"
