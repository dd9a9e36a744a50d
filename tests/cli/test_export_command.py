"""`convoscope render -o step.gif`: the ending of the output is the kind, and a list can be one presentation."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from pptx import Presentation

from app.cli import main

LINK = "image=face&layers=conv:sobel-x&at=3,4"
DECK = "edges: image=face&layers=conv:sobel-x\nimage=coffee&layers=maxpool:2  # the second\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("step.gif", b"GIF89a"),
        ("step.webp", b"RIFF"),
        ("step.pptx", b"PK"),
        ("step.svg", b"<?xml"),
        ("step.pdf", b"%PDF"),
        ("step.zip", b"PK"),
        ("step.csv", b"-"),
        ("step.xlsx", b"PK"),
        ("step.npz", b"PK"),
        ("step.json", b"{"),
    ],
)
def test_the_ending_of_the_output_is_the_kind(
    name: str, first: bytes, folder: Path, capsys: pytest.CaptureFixture[str]
):
    film = ["--show", "step", "--film-size", "400x225"] if name.endswith(("gif", "webp")) else []
    assert main(["render", LINK, "-o", name, *film]) == 0
    assert capsys.readouterr().out == f"{name}\n"
    data = (folder / name).read_bytes()
    assert data.startswith(first) or name == "step.csv"
    assert len(data) > 100


def test_a_film_has_the_size_and_ends_where_it_is_asked_to(folder: Path):
    assert main(["render", LINK, "-o", "a.gif", "--show", "step", "--film-size", "320x180", "--once"]) == 0
    with Image.open(folder / "a.gif") as film:
        assert film.size == (320, 180)
        assert "loop" not in film.info


def test_a_list_is_one_presentation_with_a_slide_for_each_line(folder: Path):
    (folder / "lecture.txt").write_text(DECK)
    assert main(["render", "lecture.txt", "-o", "lecture.pptx"]) == 0
    assert len(Presentation(io.BytesIO((folder / "lecture.pptx").read_bytes())).slides) == 2


def test_a_list_is_a_file_for_each_line_with_its_name(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "lecture.txt").write_text(DECK)
    assert main(["render", "lecture.txt", "-o", "out", "--kind", "svg"]) == 0
    assert sorted(path.name for path in (folder / "out").iterdir()) == [
        "convoscope-coffee-max-pool-2x2.svg",
        "edges.svg",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "step.foo"], "ends with none of"),
        (["--kind", "foo"], "foo is no kind of file"),
        (["-o", "step.gif", "--seconds", "1"], "3 to 120"),
        (["-o", "step.gif", "--show", "stops"], "no stops"),
        (["-o", "step.pdf", "--blank", "99,0"], "rows 0 to 13"),
        (["-o", "step.html", "--show", "step"], "--show"),
        (["-o", "step.gif", "--film-size", "9x9"], "160 to 3,840"),
    ],
)
def test_what_is_not_possible_is_said_and_leaves_no_file(
    arguments: list[str], words: str, folder: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["render", LINK, *arguments]) == 1
    assert words in capsys.readouterr().err
    assert list(folder.iterdir()) == []
