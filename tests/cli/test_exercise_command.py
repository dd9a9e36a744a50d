"""`convoscope exercises` writes a file of each format, or says what is wrong."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from app.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_end_of_the_name_chooses_the_format(folder: Path, capsys: pytest.CaptureFixture[str]):
    for name in ("a.xml", "a.gift", "a.zip", "a.html", "a.json"):
        assert main(["exercises", "cell,size=5", "filter", "-o", name, "--variants", "2", "--seed", "9"]) == 0
        size = len((folder / name).read_bytes())
        assert capsys.readouterr().out == f"{name}: exercises: 2, variants: 2, bytes: {size:,}.\n"
    assert len(fromstring((folder / "a.xml").read_bytes())) == 6
    assert (folder / "a.gift").read_text(encoding="utf-8").startswith("$CATEGORY: ")
    assert "imsmanifest.xml" in zipfile.ZipFile(folder / "a.zip").namelist()
    assert "size: A4" in (folder / "a.html").read_text(encoding="utf-8")
    assert json.loads((folder / "a.json").read_bytes())["exercises"] == ["cell,size=5", "filter"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["wall", "-o", "a.xml"], "Exercise 1 is wall; a kind of exercise is cell, map"),
        (["cell", "-o", "a.xml", "--variants", "0"], "variants is 0; it can be a whole number from 1 to 200."),
        (["cell", "-o", "a.docx"], "a.docx ends with .docx; the name of a file of exercises ends with .xml, .gift"),
        (["cell", "-o", "no/such/a.xml"], "no/such/a.xml: No such file or directory."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]):
    assert main(["exercises", *arguments]) == 1
    assert capsys.readouterr().err.startswith(sentence)
