"""`convoscope lessons` checks files, adds them to the shelf, lists and removes them, with a sentence for each error."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import main
from app.folder_checks import find_folder_warnings
from app.lessons.lesson_shelf import load_lessons
from app.settings import PREFIX, Settings
from tests.lessons.lesson_texts import HEAD, QUESTION, WHY, make_scene

WHOLE = HEAD + make_scene(question=QUESTION + WHY)


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for added lessons; the working directory has a good file and a bad one."""
    monkeypatch.setenv(f"{PREFIX}LESSONS", str(tmp_path / "shelf"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "My stop.md").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "bad.md").write_text(WHOLE.replace("[x] 3", "[x] 5"), encoding="utf-8")
    return tmp_path / "shelf"


def test_a_good_file_is_said_to_be_good(capsys: pytest.CaptureFixture[str]):
    assert main(["lessons", "check", "My stop.md"]) == 0
    assert capsys.readouterr().out == "My stop.md: no problem was found. Scenes: 1, questions: 1, minutes: 4.\n"


def test_what_is_wrong_is_said_with_file_and_line(capsys: pytest.CaptureFixture[str]):
    assert main(["lessons", "check", "My stop.md", "bad.md"]) == 1
    said = capsys.readouterr()
    assert said.out.startswith("My stop.md: no problem")
    assert said.err == "bad.md, line 18: The answer is typed as “5”, but the figure gives “3”.\n"


def test_files_that_are_checked_together_can_name_each_other(tmp_path: Path):
    (tmp_path / "one.md").write_text(WHOLE.replace("filter-question", "two"), encoding="utf-8")
    (tmp_path / "two.md").write_text(WHOLE.replace("picture-numbers", "one"), encoding="utf-8")
    assert main(["lessons", "check", "one.md"]) == 1
    assert main(["lessons", "check", "one.md", "two.md"]) == 0


def test_two_files_of_one_name_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "my-stop.md").write_text(WHOLE, encoding="utf-8")
    assert main(["lessons", "check", "My stop.md", "my-stop.md"]) == 1
    said = "my-stop.md: my-stop is the name of My stop.md, too; every lesson needs another one.\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", bytes(range(256)) * 9, b"x" * 300_000, b"---\r\n---\r\n"])
def test_a_file_that_is_no_lesson_gets_sentences_and_no_traceback(
    data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "odd.md").write_bytes(data)
    for command in ("check", "add"):
        assert main(["lessons", command, "odd.md"]) == 1
        said = capsys.readouterr().err
        assert said.startswith("odd.md")
        assert "Traceback" not in said
    assert main(["lessons", "check", "missing.md"]) == 1
    assert capsys.readouterr().err == "missing.md: No such file or directory.\n"


def test_an_added_lesson_is_listed_replaced_when_it_is_asked_for_and_removed(
    shelf: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["lessons", "add", "My stop.md"]) == 0
    assert capsys.readouterr().out == "my-stop is among the lessons after the next start: /lessons/my-stop\n"
    assert (shelf / "my-stop.md").read_text(encoding="utf-8") == WHOLE
    assert [path.name for path in shelf.iterdir()] == ["my-stop.md"]
    assert main(["lessons", "add", "My stop.md"]) == 1
    assert capsys.readouterr().err.startswith("my-stop already exists.")
    assert main(["lessons", "add", "My stop.md", "--replace"]) == 0
    assert main(["lessons", "list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]] == list(load_lessons(shelf))
    assert main(["lessons", "remove", "my-stop"]) == 0
    assert list(shelf.iterdir()) == []
    assert main(["lessons", "remove", "my-stop"]) == 1
    assert "There is no added lesson with the name my-stop; none has been added." in capsys.readouterr().err


def test_a_lesson_with_a_problem_or_the_name_of_a_built_in_one_is_not_added(
    shelf: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["lessons", "add", "bad.md"]) == 1
    assert capsys.readouterr().err.endswith("bad.md was not added: 1 problems.\n")
    for name, sentence in (("one-stop", "is the name of a built-in lesson"), ("A b", "cannot be the name of a lesson")):
        assert main(["lessons", "add", "My stop.md", "--name", name]) == 1
        assert sentence in capsys.readouterr().err
    assert main(["lessons", "remove", "one-stop"]) == 1
    assert "one-stop is built-in and cannot be removed." in capsys.readouterr().err
    assert not shelf.exists()


def test_a_damaged_lesson_is_listed_reported_at_the_start_and_can_be_removed(
    shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    shelf.mkdir()
    (shelf / "torn.md").write_text("---\ntitle: x\n")
    assert main(["lessons", "list"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["torn", "damaged", str(shelf / "torn.md")]
    *_, warning = find_folder_warnings(Settings(store=tmp_path / "store"))
    assert warning.startswith(f"{shelf / 'torn.md'} is left out of the lessons: Line 1: The head has no end;")
    assert main(["lessons", "remove", "torn"]) == 0
