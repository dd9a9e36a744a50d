"""`convoscope render`: HTML files from one link or a list of links, also with the user's own picture."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import numpy as np
import pytest

from app.cli import main
from app.cli.render_files import FigureRequest, FileProgressBar, parse_list
from tests.picture_files import GRAY, png
from tests.pictures import file, photo


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tables(path: Path) -> dict:
    html = path.read_text(encoding="utf-8")
    return json.loads(re.search(r'data-part="tables">(.*?)</script>', html, flags=re.DOTALL)[1])


@pytest.mark.parametrize(
    "scene",
    [
        "image=face&layers=relu&stage=1",
        "/?image=face&layers=relu&stage=1",
        "https://lab.example/?image=face&layers=relu",
    ],
)
def test_every_form_of_a_link_becomes_a_file(scene: str, folder: Path):
    assert main(["render", scene, "-o", "figure.html"]) == 0
    assert tables(folder / "figure.html")["query"] == "image=face&layers=relu"


def test_without_output_the_file_is_named_after_the_figure(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["render", "image=face&layers=relu"]) == 0
    assert capsys.readouterr().out == "convoscope-face-relu.html\n"
    assert (folder / "convoscope-face-relu.html").exists()


def test_the_file_links_to_the_server_of_the_link_or_of_base(folder: Path):
    main(["render", "https://lab.example/?image=face", "-o", "a.html"])
    main(["render", "image=face", "-o", "b.html", "--base", "https://other.example/"])
    for name, host in (("a", "lab"), ("b", "other")):
        assert f'<a href="https://{host}.example/?image=face"' in (folder / f"{name}.html").read_text(encoding="utf-8")


HUB = "https://hub.example:8443/user/me@x.org/proxy/8000"


@pytest.mark.parametrize(
    "address",
    [
        f"{HUB}/?image=face",
        f"{HUB}?image=face",
        f"{HUB}/embed?image=face#a",
        f"{HUB}/embed/?image=face",
        f"{HUB}/api/figure.png?image=face",
        f"{HUB}/api/export/html?image=face",
    ],
)
def test_a_server_may_lie_under_a_path_in_the_link_and_in_base(address: str, folder: Path):
    main(["render", address, "-o", "a.html"])
    main(["render", "image=face", "-o", "b.html", "--base", address])
    main(["render", "image=face", "-o", "c.html", "--base", address.partition("?")[0]])
    for name in "abc":
        assert f'<a href="{HUB}/?image=face"' in (folder / f"{name}.html").read_text(encoding="utf-8")


def test_the_users_own_picture_needs_no_server(folder: Path):
    (folder / "me.png").write_bytes(file(photo(60, 40), "PNG"))
    assert main(["render", "size=8&layers=conv:sobel-x", "--image", "me.png", "-o", "me.html"]) == 0
    html = (folder / "me.html").read_text(encoding="utf-8")
    assert "<title>Your picture → Convolution" in html


def test_the_users_own_picture_is_decoded_like_an_upload(folder: Path, capsys: pytest.CaptureFixture[str]):
    values = np.arange(24 * 36).reshape(24, 36)
    (folder / "me.png").write_bytes(png(values, 16, GRAY))
    for options, note in (
        ([], "only 10 of 16 bits are used"),
        (["--stretch"], "stretched: 0 became black and 863 white"),
    ):
        assert main(["render", "size=24x36&layers=relu", "--image", "me.png", "-o", "me.html", *options]) == 0
        assert f"me.png: {note}\n" in capsys.readouterr().err


def test_a_list_of_links_becomes_a_folder_of_files(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "lecture.txt").write_text(
        "# the first lecture\n\nimage=face&layers=relu\nWhat ReLU does: image=face&layers=relu   # again\n"
        "image=face&layers=relu&stage=0\n"
    )
    assert main(["render", "lecture.txt", "-o", "out"]) == 0
    names = ["convoscope-face-relu.html", "what-relu-does.html", "convoscope-face-relu-2.html"]
    assert capsys.readouterr() == ("".join(f"{Path('out') / name}\n" for name in names), "")
    assert [tables(folder / "out" / name)["query"].partition("&stage=")[2] for name in names] == ["", "", "0"]


def test_an_invalid_link_in_a_list_is_reported_with_its_line_and_does_not_stop_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    (folder / "lecture.txt").write_text("image=nobody\nimage=face&layers=relu\n")
    assert main(["render", "lecture.txt", "-o", "out"]) == 1
    said = capsys.readouterr()
    assert said.out == f"{Path('out') / 'convoscope-face-relu.html'}\n"
    assert said.err.startswith("lecture.txt, line 1: nobody is unknown")
    assert said.err.endswith("1 of 2 figures could not be made.\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["layers=conv:nothing"], "nothing is unknown"),
        (["lecture.txt"], "lecture.txt is neither a link, such as image=chelsea"),
        (["empty.txt"], "empty.txt has no links"),
        (["image=u-0a1b2c3d4e5f6g7h8i9j"], "u-0a1b2c3d4e5f6g7h8i9j is a picture on a server"),
        (["image=face", "--image", "gone.png"], "gone.png: No such file"),
        (["image=face", "--image", "empty.txt"], "."),
        (["image=face", "-o", "nowhere/figure.html"], "nowhere/figure.html: No such file"),
        (
            ["size=512&channels=rgb&layers=conv:random*16@3x3,groups=1~relu"],
            "MB of numbers; a page in one file can hold",
        ),
    ],
)
def test_an_error_is_one_sentence(
    arguments: list[str], sentence: str, folder: Path, capsys: pytest.CaptureFixture[str]
):
    (folder / "empty.txt").write_text("# nothing yet\n")
    assert main(["render", *arguments]) == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said
    assert not list(folder.glob("*.html"))


def test_a_list_is_read_line_by_line():
    text = "# a\nimage=face\n a b : image=face&x=1\nhttp://h/?image=face #c\n/embed?layers=conv:sobel-x\n: \n"
    assert list(parse_list(text))[:4] == [
        FigureRequest("image=face", "", 2),
        FigureRequest("image=face&x=1", "a b", 3),
        FigureRequest("http://h/?image=face", "", 4),
        FigureRequest("/embed?layers=conv:sobel-x", "", 5),
    ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_progress_bar_is_drawn_only_on_a_terminal():
    terminal, plain = Terminal(), io.StringIO()
    for stream in (terminal, plain):
        bar = FileProgressBar(2, stream)
        bar.advance("first")
        bar.advance("second")
    drawn = terminal.getvalue().split("\r")[1:]
    assert [re.sub(r"[^\w ]", "", line).split("  ")[1] for line in drawn] == ["1 of 2", "2 of 2"]
    assert drawn[0].count("█") * 2 == drawn[1].count("█")
    assert plain.getvalue() == ""


class Piped:
    """Standard input with a list in it."""

    def __init__(self, data: bytes, terminal: bool = False) -> None:
        self.buffer = io.BytesIO(data)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize("scene", [["-"], []])
def test_a_list_is_read_from_standard_input(
    scene: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("sys.stdin", Piped(b"\xef\xbb\xbfone: image=face\n\nimage=nobody\n"))
    assert main(["render", *scene, "-o", "out"]) == 1
    said = capsys.readouterr()
    assert said.out == f"{Path('out') / 'one.html'}\n"
    assert said.err.startswith("standard input, line 3: nobody is unknown")
    assert said.err.endswith("1 of 2 figures could not be made.\n")


@pytest.mark.parametrize(
    ("data", "terminal", "scene", "sentence"),
    [
        (b"", False, ["-"], "standard input has no links"),
        (b"", False, [], "standard input has no links"),
        (b"\xff", False, ["-"], "standard input is not UTF-8 text"),
        (b"", True, [], "Name what to render"),
    ],
)
def test_standard_input_without_a_list_is_refused_in_a_sentence(
    data: bytes,
    terminal: bool,
    scene: list[str],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setattr("sys.stdin", Piped(data, terminal))
    assert main(["render", *scene]) == 1
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    "base",
    [
        "lab.example",
        "ftp://lab.example/",
        "javascript:alert(1)",
        "//lab.example/",
        "https://",
        "https:///path",
        "http://lab.example:99999/",
        "http://[::1/",
        "https://user@lab.example/",
        "https://lab.example/a b",
        'https://lab.example/"onclick=',
        "https://la b.example",
        "/convoscope",
    ],
)
@pytest.mark.parametrize("scene", ["image=face", "lecture.txt"])
def test_a_base_that_is_not_an_address_is_refused_before_any_file_is_written(
    base: str, scene: str, folder: Path, capsys: pytest.CaptureFixture[str]
):
    (folder / "lecture.txt").write_text("image=face\n")
    assert main(["render", scene, "--base", base]) == 1
    said = capsys.readouterr().err
    assert said.startswith("--base is ")
    assert "https://lab.example.org/convoscope/" in said
    assert not list(folder.glob("*.html"))


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "https://münchen.example/lab/", "http://[::1]:8000/a/b"])
def test_a_base_may_have_a_port_a_path_and_any_name(base: str, folder: Path):
    assert main(["render", "image=face", "-o", "a.html", "--base", base]) == 0
    assert f'<a href="{base.rstrip("/")}/?image=face"' in (folder / "a.html").read_text(encoding="utf-8")


UNTRUE = re.compile(r"\b(is|are) (shown|left out|cut off)\b|\bLeft out: |instead\b|missing cells are")


@pytest.mark.parametrize(
    "scene",
    [
        "image=nobody",
        "image=chelsae",
        "image=face&foo=1",
        "image=face&layers=conv:sobel-x~nothing",
        "image=face&layers=conv:(1,2;3)",
        "image=face&layers=relu~relu~relu~relu~relu~relu~relu~relu~relu~relu~relu~relu~relu~relu~relu~relu~relu",
        "image=(1,2;3)",
        "size=512&channels=rgb&layers=conv:random*64@15x15,groups=1~conv:random*64@15x15",
        "image=face&layers=conv:sobel-x,stride=99,shade=1",
        "image=face&channels=rgb&layers=conv:lenet5/conv1",
        "image=face&layers=model:nobody",
    ],
)
def test_an_error_does_not_describe_a_figure_that_is_not_rendered(
    scene: str, folder: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["render", scene]) == 1
    said = capsys.readouterr().err
    assert said.strip()
    assert UNTRUE.findall(said) == []
    assert not list(folder.glob("*.html"))


def test_a_list_that_cannot_be_finished_prints_the_files_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (folder / "lecture.txt").write_text("one: image=face\ntwo: image=face\nthree: image=face\n")
    (folder / "two.html").mkdir()
    assert main(["render", "lecture.txt"]) == 1
    said = capsys.readouterr()
    assert said.out == "one.html\n"
    assert "two.html: Is a directory." in said.err
    assert said.err.endswith("2 of 3 figures could not be made.\n")
