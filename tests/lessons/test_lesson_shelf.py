"""The shelf has the built-in lessons in the order of the course, then those of a folder; damaged ones are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.texts import use_language
from app.lessons import lesson_shelf
from app.lessons.lesson import TRACKS
from app.lessons.lesson_file import MOST_BYTES
from app.lessons.lesson_shelf import (
    BUILT_IN_NAMES,
    list_lesson_files,
    list_track,
    load_built_in_lessons,
    load_lessons,
)
from app.resources import UnusableFile, find_resource
from tests.lessons.lesson_texts import HEAD, make_scene

WHOLE = HEAD + make_scene()


def test_built_in_lessons_stand_in_the_order_of_the_course():
    names = list(load_lessons())
    assert names == [name for name in BUILT_IN_NAMES if name in names]
    files = {path.stem for path in find_resource("lessons/texts").glob("*.md")}
    assert files == set(names), "a text that no name of the course leads to"


def test_lessons_of_a_folder_stand_behind_the_built_in_ones(tmp_path: Path):
    for name in ("zebra", "ant"):
        (tmp_path / f"{name}.md").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no lesson")
    assert list(load_lessons(tmp_path)) == [*load_lessons(), "ant", "zebra"]
    assert load_lessons(tmp_path / "missing") == load_lessons()


def test_a_damaged_file_is_left_out_with_its_reason_and_the_others_stay(tmp_path: Path):
    (tmp_path / "good.md").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "empty.md").write_bytes(b"")
    (tmp_path / "binary.md").write_bytes(bytes(range(256)))
    (tmp_path / "huge.md").write_bytes(b"x" * (MOST_BYTES * 3))
    (tmp_path / "Bad Name.md").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "lost.md").symlink_to(tmp_path / "nowhere")
    reasons = {file.name: file.reason for file in list_lesson_files(tmp_path) if file.lesson is None}
    assert set(reasons) == {"empty", "binary", "huge", "Bad Name", "folder", "lost"}
    assert all(reasons.values())
    assert [name for name in load_lessons(tmp_path) if name not in BUILT_IN_NAMES] == ["good"]


def test_a_built_in_lesson_is_not_replaced_by_a_file_of_its_name(tmp_path: Path):
    (tmp_path / "one-stop.md").write_text(WHOLE, encoding="utf-8")
    (file,) = list_lesson_files(tmp_path)
    assert file.reason == "one-stop is the name of a built-in lesson, which stays; give the file another name."
    assert load_lessons(tmp_path)["one-stop"] == load_lessons()["one-stop"]


def test_a_folder_that_is_a_file_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UnusableFile, match="cannot be read: Not a directory"):
        load_lessons(tmp_path / "file")


@pytest.mark.parametrize("track", TRACKS)
def test_a_track_has_its_lessons_in_the_order_of_the_shelf(track: str):
    lessons = load_lessons()
    names = [lesson.name for lesson in list_track(lessons, track)]
    assert names == [name for name, lesson in lessons.items() if track in lesson.tracks]
    assert list_track(lessons, "") == tuple(lessons.values())


def test_a_language_is_a_folder_of_lessons_and_english_stands_in_for_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "de").mkdir()
    for name in ("one-stop", "padding"):
        (tmp_path / f"{name}.md").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "de" / "padding.md").write_text(WHOLE.replace("One stop", "Ein Rand"), encoding="utf-8")
    monkeypatch.setattr(lesson_shelf, "find_resource", lambda name: tmp_path)
    load_built_in_lessons.cache_clear()
    try:
        german = {name: lesson.title for name, lesson in load_built_in_lessons("de").items()}
        with use_language("pseudo"):
            assert load_lessons()["padding"].title == "One stop"
    finally:
        load_built_in_lessons.cache_clear()
    assert german == {"one-stop": "One stop", "padding": "Ein Rand"}


def test_a_damaged_built_in_lesson_is_an_error_with_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "padding.md").write_text("no lesson")
    monkeypatch.setattr(lesson_shelf, "find_resource", lambda name: tmp_path)
    load_built_in_lessons.cache_clear()
    try:
        with pytest.raises(UnusableFile, match=r"padding\.md is damaged"):
            load_lessons()
    finally:
        load_built_in_lessons.cache_clear()
