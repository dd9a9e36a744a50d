"""Uploads are kept for a day, found again, deleted by their owner, and never lost while in use."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest

from app.images.store import Store, StoreFull

HOUR = 3600.0
PIXELS = np.arange(40 * 50 * 3, dtype=np.int64).astype(np.uint8).reshape(40, 50, 3)


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1_000_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    return Store(tmp_path / "uploads", clock=clock)


def small_store(folder: Path, clock: Clock, pictures: int = 3) -> Store:
    return Store(folder, bytes_cap=pictures * (PIXELS.size + 200), clock=clock)


def test_a_picture_comes_back_pixel_by_pixel(store: Store, clock: Clock) -> None:
    stored = store.put(PIXELS, ("turned upright",))
    assert (stored.height, stored.width, stored.notes) == (40, 50, ("turned upright",))
    assert stored.expires == clock.now + 24 * HOUR
    picture = store.get(stored.id)
    assert picture is not None
    np.testing.assert_array_equal(picture.pixels, PIXELS)
    assert picture.focus == (0, 0, 40, 50)


def test_ids_fit_into_links_and_are_never_alike(store: Store) -> None:
    ids = {store.put(PIXELS).id for _ in range(20)}
    assert len(ids) == 20
    assert all(re.fullmatch(r"u-[a-z0-9]{20}", id) for id in ids)


def test_another_process_finds_the_picture_in_the_same_folder(tmp_path: Path, clock: Clock) -> None:
    stored = Store(tmp_path, clock=clock).put(PIXELS)
    assert Store(tmp_path, clock=clock).get(stored.id) is not None


def test_a_picture_is_gone_after_a_day_however_often_it_was_used(store: Store, clock: Clock) -> None:
    stored = store.put(PIXELS)
    for _ in range(23):
        clock.now += HOUR
        assert store.get(stored.id) is not None
    clock.now += HOUR
    assert store.get(stored.id) is None


def test_an_expired_file_is_deleted_by_the_next_upload(store: Store, clock: Clock, tmp_path: Path) -> None:
    old = store.put(PIXELS)
    clock.now += 24 * HOUR
    new = store.put(PIXELS)
    assert [file.name for file in (tmp_path / "uploads").iterdir()] == [new.id]
    assert old.id != new.id


def test_only_the_owner_deletes(store: Store) -> None:
    stored = store.put(PIXELS)
    assert not store.delete(stored.id, "wrong")
    assert not store.delete(stored.id, "")
    assert store.get(stored.id) is not None
    assert store.delete(stored.id, stored.delete_token)
    assert store.get(stored.id) is None
    assert not store.delete(stored.id, stored.delete_token)


def test_the_token_is_not_in_the_folder(store: Store, tmp_path: Path) -> None:
    stored = store.put(PIXELS)
    held = b"".join(file.read_bytes() for file in (tmp_path / "uploads").iterdir())
    assert stored.delete_token.encode() not in held


def test_nobody_else_on_the_machine_may_look(store: Store, tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("permissions of this kind are POSIX's")
    stored = store.put(PIXELS)
    assert (tmp_path / "uploads").stat().st_mode & 0o077 == 0
    assert (tmp_path / "uploads" / stored.id).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "id", ["", "u-", "chelsea", "../secret", "u-" + "a" * 20, "u-" + "A" * 20, "u-/../x", "u-" + "é" * 20]
)
def test_an_unknown_or_odd_id_is_simply_not_there(store: Store, tmp_path: Path, id: str) -> None:
    (tmp_path / "secret").write_text("{}")
    assert store.get(id) is None
    assert not store.delete(id, "token")


def test_a_damaged_file_is_not_there_either_and_goes_away(store: Store, clock: Clock, tmp_path: Path) -> None:
    stored = store.put(PIXELS)
    path = tmp_path / "uploads" / stored.id
    path.write_bytes(path.read_bytes()[:-1])
    assert store.get(stored.id) is None
    path.write_bytes(b"nonsense")
    os.utime(path, (clock.now, clock.now))
    fresh = Store(tmp_path / "uploads", clock=clock)
    assert fresh.get(stored.id) is None
    clock.now += 2 * HOUR
    fresh.purge()
    assert not path.exists()


def test_half_written_files_are_swept_up_after_an_hour(store: Store, clock: Clock, tmp_path: Path) -> None:
    store.put(PIXELS)
    half = tmp_path / "uploads" / ".tmpabc"
    half.write_bytes(b"half")
    os.utime(half, (clock.now, clock.now))
    store.purge()
    assert half.exists()
    clock.now += 2 * HOUR
    store.purge()
    assert not half.exists()


def test_room_is_made_by_the_least_recently_used(tmp_path: Path, clock: Clock) -> None:
    store = small_store(tmp_path, clock)
    first, second, third = (store.put(PIXELS) for _ in range(3))
    clock.now += HOUR
    store.get(first.id)
    clock.now += 3 * HOUR
    store.get(second.id)
    store.put(PIXELS)
    assert store.get(third.id) is None
    assert store.get(first.id) is not None
    assert store.get(second.id) is not None


def test_a_picture_used_within_two_hours_is_never_evicted(tmp_path: Path, clock: Clock) -> None:
    store = small_store(tmp_path, clock)
    class_room = [store.put(PIXELS) for _ in range(3)]
    clock.now += 2 * HOUR - 60
    with pytest.raises(StoreFull) as full:
        store.put(PIXELS)
    assert full.value.retry_after == 60
    assert all(store.get(stored.id) for stored in class_room)
    clock.now += 90 * 60
    with pytest.raises(StoreFull):
        store.put(PIXELS)
    assert all(store.get(stored.id) for stored in class_room)


def test_a_full_store_takes_pictures_again_when_it_said_it_would(tmp_path: Path, clock: Clock) -> None:
    store = small_store(tmp_path, clock)
    for _ in range(3):
        store.put(PIXELS)
        clock.now += 600
    with pytest.raises(StoreFull, match="full") as full:
        store.put(PIXELS)
    clock.now += full.value.retry_after
    store.put(PIXELS)


def test_a_large_upload_waits_for_as_many_pictures_as_it_needs(tmp_path: Path, clock: Clock) -> None:
    store = small_store(tmp_path, clock)
    for _ in range(3):
        store.put(PIXELS)
        clock.now += 600
    two = np.concatenate([PIXELS, PIXELS])
    with pytest.raises(StoreFull) as full:
        store.put(two)
    assert full.value.retry_after == 2 * HOUR - 1200
    clock.now += full.value.retry_after
    store.put(two)


def test_sixty_uploads_are_all_there_ninety_minutes_later(store: Store, clock: Clock) -> None:
    ids = [store.put(PIXELS).id for _ in range(60)]
    clock.now += 90 * 60
    assert all(store.get(id) for id in ids)


def test_the_store_counts_small_files_too(tmp_path: Path, clock: Clock) -> None:
    store = Store(tmp_path, bytes_cap=3 * 4096, clock=clock)
    for _ in range(3):
        store.put(PIXELS[:1, :1])
    with pytest.raises(StoreFull):
        store.put(PIXELS[:1, :1])


def test_asking_whether_a_picture_is_there_counts_as_using_it(tmp_path: Path, clock: Clock) -> None:
    store = small_store(tmp_path, clock)
    first, second, _ = (store.put(PIXELS) for _ in range(3))
    clock.now += 3 * HOUR
    assert store.touch(first.id)
    store.get(second.id)
    store.put(PIXELS)
    assert store.touch(first.id)
    assert not store.touch("u-" + "a" * 20)
    clock.now += 24 * HOUR
    assert not store.touch(first.id)


def test_a_full_disk_is_a_full_store(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", no_space)
    with pytest.raises(StoreFull):
        store.put(PIXELS)
    assert not list((tmp_path / "uploads").iterdir())
