"""The store keeps uploads for a day, deletes them for their uploader, and never while they are in use."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest

from app.images.store.store import Store, StoreFull, UploadReceipt
from tests.store_damage import DAMAGES, OF_PICTURES, SEEN_WHEN_READ, without

HOUR = 3600.0
PIXELS = np.arange(40 * 50 * 3, dtype=np.int64).astype(np.uint8).reshape(40, 50, 3)


class Clock:
    """A clock that a test sets."""

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
    assert picture.notes == ("turned upright",)


def test_a_picture_with_too_long_notes_is_kept_without_them(store: Store) -> None:
    stored = store.put(PIXELS, ("\N{MULTIPLICATION SIGN}" * 200,) * 20)
    picture = store.get(stored.id)
    assert picture is not None
    assert picture.notes == ()
    np.testing.assert_array_equal(picture.pixels, PIXELS)


def test_a_picture_of_a_version_without_notes_is_read(store: Store, tmp_path: Path) -> None:
    stored = store.put(PIXELS, ("turned upright",))
    without("notes")(tmp_path / "uploads" / stored.id)
    picture = store.get(stored.id)
    assert picture is not None
    assert picture.notes == ()


def test_ids_fit_into_links_and_are_unique(store: Store) -> None:
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


def test_only_the_token_deletes_an_upload(store: Store) -> None:
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


def test_other_users_of_the_machine_cannot_read_uploads(store: Store, tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("permissions of this kind are POSIX's")
    stored = store.put(PIXELS)
    assert (tmp_path / "uploads").stat().st_mode & 0o077 == 0
    assert (tmp_path / "uploads" / stored.id).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "id", ["", "u-", "chelsea", "../secret", "u-" + "a" * 20, "u-" + "A" * 20, "u-/../x", "u-" + "é" * 20]
)
def test_an_unknown_or_invalid_id_is_missing(store: Store, tmp_path: Path, id: str) -> None:
    (tmp_path / "secret").write_text("{}")
    assert store.get(id) is None
    assert not store.delete(id, "token")


def test_a_damaged_file_is_missing_and_gets_deleted(store: Store, clock: Clock, tmp_path: Path) -> None:
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


def test_half_written_files_are_deleted_after_an_hour(store: Store, clock: Clock, tmp_path: Path) -> None:
    store.put(PIXELS)
    half = tmp_path / "uploads" / ".tmpabc"
    half.write_bytes(b"half")
    os.utime(half, (clock.now, clock.now))
    store.purge()
    assert half.exists()
    clock.now += 2 * HOUR
    store.purge()
    assert not half.exists()


def test_the_least_recently_used_file_is_deleted_for_a_new_one(tmp_path: Path, clock: Clock) -> None:
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


def test_a_full_store_keeps_pictures_again_after_retry_after(tmp_path: Path, clock: Clock) -> None:
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


def test_sixty_uploads_are_all_kept_for_ninety_minutes(store: Store, clock: Clock) -> None:
    ids = [store.put(PIXELS).id for _ in range(60)]
    clock.now += 90 * 60
    assert all(store.get(id) for id in ids)


def test_the_store_counts_small_files_too(tmp_path: Path, clock: Clock) -> None:
    store = Store(tmp_path, bytes_cap=3 * 4096, clock=clock)
    for _ in range(3):
        store.put(PIXELS[:1, :1])
    with pytest.raises(StoreFull):
        store.put(PIXELS[:1, :1])


def test_touch_counts_as_a_use(tmp_path: Path, clock: Clock) -> None:
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


# --- damage ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", [*DAMAGES, *OF_PICTURES])
def test_a_damaged_picture_is_missing_and_does_not_stop_a_purge(
    store: Store, clock: Clock, tmp_path: Path, damage: str
) -> None:
    hurt, old = store.put(PIXELS), store.put(PIXELS)
    clock.now += 12 * HOUR
    young = store.put(PIXELS)
    (DAMAGES | OF_PICTURES)[damage](tmp_path / "uploads" / hurt.id)
    fresh = Store(tmp_path / "uploads", clock=clock)
    assert fresh.get(hurt.id) is None
    if damage not in SEEN_WHEN_READ:
        assert not fresh.touch(hurt.id)
        assert not fresh.delete(hurt.id, hurt.delete_token)
    assert fresh.get(young.id) is not None
    clock.now += 12 * HOUR
    fresh.purge()
    assert not (tmp_path / "uploads" / old.id).exists()
    assert fresh.get(young.id) is not None
    assert fresh.put(PIXELS).id


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_weights_are_missing(store: Store, tmp_path: Path, damage: str) -> None:
    stored = store.put_file(b"weights" * 100)
    DAMAGES[damage](tmp_path / "uploads" / stored.id)
    assert store.get_file(stored.id) is None


def test_a_picture_under_an_id_of_weights_is_missing(store: Store, tmp_path: Path) -> None:
    stored = store.put(PIXELS)
    other = "w" + stored.id[1:]
    (tmp_path / "uploads" / stored.id).rename(tmp_path / "uploads" / other)
    assert store.get_file(other) is None
    assert not store.touch(other)


def test_a_picture_without_read_permission_is_missing_and_kept_for_its_day(
    store: Store, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = store.put(PIXELS)
    opened = os.open

    def refuse(path: object, *more: object) -> int:
        if str(path).endswith(locked.id):
            raise PermissionError(13, "Permission denied")
        return opened(path, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    fresh = Store(tmp_path / "uploads", clock=clock)
    assert fresh.get(locked.id) is None
    assert not fresh.touch(locked.id)
    clock.now += 2 * HOUR
    fresh.purge()
    assert (tmp_path / "uploads" / locked.id).exists()
    clock.now += 23 * HOUR
    fresh.purge()
    assert not (tmp_path / "uploads" / locked.id).exists()


def test_a_symbolic_link_is_not_followed(store: Store, tmp_path: Path) -> None:
    stored = store.put(PIXELS)
    other = "u-" + "a" * 20
    (tmp_path / "uploads" / other).symlink_to(stored.id)
    assert store.get(other) is None


def test_a_picture_of_an_older_version_is_read(store: Store, tmp_path: Path) -> None:
    stored = store.put(PIXELS)
    without("crc")(tmp_path / "uploads" / stored.id)
    assert store.get(stored.id) is not None


# --- a folder that cannot be written -----------------------------------------------------------------------------


@pytest.fixture(params=[errno.EROFS, errno.EACCES, errno.EPERM], ids=errno.errorcode.get)
def locked(store: Store, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> UploadReceipt:
    """A picture in a folder that cannot be written from now on."""
    stored = store.put(PIXELS)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(request.param, os.strerror(request.param))

    for owner, name in ((os, "utime"), (os, "replace"), (tempfile, "mkstemp"), (Path, "unlink")):
        monkeypatch.setattr(owner, name, refuse)
    return stored


def test_uploads_in_a_read_only_folder_are_read(store: Store, clock: Clock, locked: UploadReceipt) -> None:
    clock.now += HOUR
    assert store.touch(locked.id)
    assert store.get(locked.id) is not None


def test_put_and_delete_raise_in_a_read_only_folder(store: Store, locked: UploadReceipt) -> None:
    with pytest.raises(OSError, match=r"denied|permitted|Read-only"):
        store.put(PIXELS)
    with pytest.raises(OSError, match=r"denied|permitted|Read-only"):
        store.delete(locked.id, locked.delete_token)
    assert not store.delete(locked.id, "wrong")
    assert store.check_state(100) == "read-only"
    store.purge()


# --- the time of the last use ------------------------------------------------------------------------------------


def test_the_last_use_is_written_once_a_minute(
    store: Store, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = store.put(PIXELS)
    other = Store(tmp_path / "uploads", clock=clock)
    stamps: list[object] = []
    stamp = os.utime
    monkeypatch.setattr(os, "utime", lambda path, times: stamps.append(path) or stamp(path, times))
    for minute in range(1, 4):
        clock.now += 61
        for _ in range(10):
            assert store.touch(stored.id)
            assert other.get(stored.id) is not None
        assert len(stamps) == minute
    clock.now -= 3600  # a clock that was wrong and is set right
    assert store.touch(stored.id)
    assert len(stamps) == 4


def test_a_picture_that_another_process_deleted_is_gone_at_once(store: Store, clock: Clock, tmp_path: Path) -> None:
    stored = store.put(PIXELS)
    assert store.touch(stored.id)
    assert Store(tmp_path / "uploads", clock=clock).delete(stored.id, stored.delete_token)
    assert not store.touch(stored.id)


# --- free space --------------------------------------------------------------------------------------------------


@pytest.fixture
def listings(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every listing of a folder from now on."""
    seen: list[object] = []
    scan = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: seen.append(path) or scan(path))
    return seen


def test_the_folder_is_not_listed_at_every_put(store: Store, clock: Clock, listings: list[object]) -> None:
    for _ in range(20):
        store.put(PIXELS)
    assert len(listings) == 1
    clock.now += 60
    store.put(PIXELS)
    assert len(listings) == 2
    clock.now -= 3600
    store.put(PIXELS)
    assert len(listings) == 3


def test_a_store_that_gets_full_is_listed_more_often(tmp_path: Path, clock: Clock, listings: list[object]) -> None:
    store = small_store(tmp_path, clock, pictures=48)
    for _ in range(4):
        store.put(PIXELS)
    assert len(listings) == 2
    for _ in range(30):
        store.put(PIXELS)
    listings.clear()
    for _ in range(14):
        store.put(PIXELS)
    assert len(listings) == 14
    with pytest.raises(StoreFull):
        store.put(PIXELS)


def test_many_processes_together_stay_within_the_size_of_the_store(tmp_path: Path, clock: Clock) -> None:
    stores = [small_store(tmp_path, clock, pictures=400) for _ in range(16)]
    full: set[Store] = set()
    while len(full) < 16:
        for store in stores:
            try:
                store.put(PIXELS)
            except StoreFull:
                full.add(store)
    used = sum(file.stat().st_size for file in tmp_path.iterdir())
    cap = 400 * (PIXELS.size + 200)
    assert 0.99 * cap < used <= cap


def test_a_picture_that_cannot_be_deleted_frees_no_space(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = small_store(tmp_path, clock)
    for _ in range(3):
        store.put(PIXELS)
    clock.now += 3 * HOUR

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(PermissionError):
        store.put(PIXELS)
    assert len(list(tmp_path.iterdir())) == 3


# --- its state ---------------------------------------------------------------------------------------------------


def test_a_folder_that_can_be_made_is_ok_and_stays_empty(store: Store, tmp_path: Path) -> None:
    assert store.check_state(1_000_000) == "ok"
    assert store.put(PIXELS).id
    assert store.check_state(1_000_000) == "ok"
    assert len(list((tmp_path / "uploads").iterdir())) == 1


def test_a_folder_that_cannot_be_made_is_a_missing_store(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").write_text("no folder")
    assert Store(tmp_path / "file", clock=clock).check_state(1) == "missing"
    assert Store(tmp_path / "file" / "below", clock=clock).check_state(1) == "missing"


def test_a_store_is_full_while_no_space_can_be_freed(tmp_path: Path, clock: Clock) -> None:
    store = small_store(tmp_path, clock)
    for _ in range(3):
        assert store.check_state(PIXELS.size) == "ok"
        store.put(PIXELS)
    assert store.check_state(PIXELS.size) == "full"
    assert len(list(tmp_path.iterdir())) == 3
    clock.now += 3 * HOUR
    assert store.check_state(PIXELS.size) == "ok"
    assert len(list(tmp_path.iterdir())) == 3


def test_a_disk_without_space_is_a_full_store(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def little(_: object) -> tuple[int, int, int]:
        return shutil._ntuple_diskusage(1000, 900, 100)

    monkeypatch.setattr(shutil, "disk_usage", little)
    assert store.check_state(1_000_000) == "full"

    def none(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "mkstemp", none)
    assert store.check_state(1) == "full"
    with pytest.raises(StoreFull):
        store.put(PIXELS)


def test_any_other_error_of_the_folder_is_a_failing_store(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(tempfile, "mkstemp", broken)
    assert store.check_state(1) == "failing"
