"""GET /api/lessons/NAME.pdf: the questions of a lesson to print, and their answers on the last page."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.lessons.lesson_shelf import load_built_in_lessons
from tests.web_client import Client, running

NAMES = sorted(load_built_in_lessons())


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_on_paper_and_the_answers_are_on_the_last_page(client: Client, name: str, tmp_path: Path):
    answer = client.get(f"/api/lessons/{name}.pdf")
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.pdf"'
    pages = len(re.findall(rb"/Type /Page\b", answer.content))
    questions = [one["question"] for one in client.get(f"/api/lessons/{name}").json()["scenes"] if one["question"]]
    assert 2 <= pages <= len(questions) + 1
    if not shutil.which("pdftotext"):
        return
    (tmp_path / "sheet.pdf").write_bytes(answer.content)
    said = [" ".join(read_text(tmp_path / "sheet.pdf", *ends).split()) for ends in ((1, pages - 1), (pages, pages))]
    for question in questions:
        assert " ".join(question["sentence"].split()) in said[0]
        assert question["answer"].split()[0] in said[1]
        for choice in question["choices"]:
            assert choice["text"].split()[0] in said[0]


def read_text(file: Path, first: int, last: int) -> str:
    command = ["pdftotext", "-f", str(first), "-l", str(last), str(file), "-"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def test_the_paper_is_a4_or_letter(client: Client):
    boxes = {
        paper: re.search(rb"/MediaBox \[ 0 0 ([\d.]+)", client.get(f"/api/lessons/one-stop.pdf?paper={paper}").content)[
            1
        ]
        for paper in ("A4", "letter")
    }
    assert boxes == {"A4": b"595.28", "letter": b"612"}
    assert client.get("/api/lessons/one-stop.pdf?paper=A3").status_code == 422


def test_an_unknown_lesson_is_not_found(client: Client):
    assert client.get("/api/lessons/nothing.pdf").status_code == 404
