"""Every block of code in the documents is run, or held to what it is about. A browser runs those in JavaScript."""

from __future__ import annotations

import configparser
import contextlib
import io
import json
import re
import runpy
import shlex
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlsplit

import numpy as np
import pytest

import app
from app.cli import main
from app.core.options import SCENE_OPTIONS, VIEW_OPTIONS
from app.settings import PREFIX, Settings
from tests.commands import parsed
from tests.documents import SERVER, SITE, Code, codes
from tests.serving import CHECKOUT, RunningServer
from tests.web_client import Client, page_data, running

CHECKED_HERE = {"sh", "html", "markdown", "json", "http", "nginx", "ini", "dockerfile", "python", "py", "text"}
CHECKED_IN_A_BROWSER = {"js", "javascript"}
NOT_RUN = {"cat", "docker", "jupyter", "openapi-python-client", "pip", "printf", "python3", "source", "sudo"}
"""Commands of other programs, whose lines are only held to the grammar of the shell."""
ENDING = re.compile(r"\s(?:\||>>?|<)\s.*")
SETTING = re.compile(rf"{PREFIX}(\w+)=(\S+)")
FIGURE_KEYS = {"image", "layers", "scene", *(option.name for option in (*SCENE_OPTIONS, *VIEW_OPTIONS))}


def of(*languages: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("code", codes(*languages), ids=lambda code: code.place)


def test_every_language_is_checked_somewhere():
    assert {code.language for code in codes(*CHECKED_HERE, *CHECKED_IN_A_BROWSER)} == {
        *CHECKED_HERE,
        *CHECKED_IN_A_BROWSER,
    }


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("server")) as started:
        yield started


def whole_lesson() -> str:
    """The lesson that docs/lessons.md has to copy."""
    (lesson,) = [code.text for code in codes("markdown") if "### Question" in code.text]
    return lesson


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the examples are run: a folder with the files that they name."""
    shutil.copy(CHECKOUT / "sample_images" / "coffee.jpg", tmp_path / "photo.jpg")
    np.savez(tmp_path / "weights.npz", **{"conv1.weight": np.ones((2, 3, 3, 3), np.float32)})
    shutil.copy(tmp_path / "weights.npz", tmp_path / "alexnet.pth")
    (links,) = codes("text")
    (tmp_path / "lecture.txt").write_text(links.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edges.md").write_text(whole_lesson(), encoding="utf-8")
    for name in ("SAMPLES", "MODELS", "LESSONS", "STORE"):
        monkeypatch.setenv(PREFIX + name, str(tmp_path / name.lower()))
    return tmp_path


# --- the shell ------------------------------------------------------------------------------------------------------


def commands_of(code: Code) -> list[list[str]]:
    """The commands of a block, each as words, without comments, without what its output becomes."""
    lines = code.text.replace("\\\n", " ").splitlines()
    pieces = [piece for line in lines for piece in line.split(" | ")]
    found = [shlex.split(ENDING.sub("", piece.replace("<(", "").replace(")", "")), comments=True) for piece in pieces]
    return [words for words in found if words]


@of("sh")
def test_a_block_for_the_shell_is_one_that_bash_reads(code: Code):
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    read = subprocess.run([bash, "-n"], input=code.text, capture_output=True, text=True)
    assert read.stderr == ""


@of("sh")
def test_a_command_exists_with_its_options(code: Code):
    if SERVER in code.text:  # those are run as they are
        return
    for words in commands_of(code):
        name = words[0].rpartition("/")[2]
        if name == "source":
            name, words = words[1], words[1:]
        if name == "convoscope":
            understood(words[1:])
        elif name == "make":
            makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
            targets = [word for word in words[1:] if "=" not in word]
            assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
        elif words[:2] == [".venv/bin/python", "-m"]:
            assert (CHECKOUT / f"{words[2].replace('.', '/')}.py").is_file()
        elif words[0] == "python3":
            assert words[1:3] == ["-m", "venv"]
        else:
            assert name in NOT_RUN | {"ruff"}, f"say in this test how {name} is checked"


def understood(arguments: list[str]) -> None:
    """Fails for a command of convoscope that there is none of."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        parsed(arguments)
        return
    assert arguments == ["--version"], said.getvalue()


@of("sh")
def test_the_calls_of_curl_are_answered(code: Code, server: RunningServer, folder: Path):
    if SERVER not in code.text:
        return
    bash, curl = shutil.which("bash"), shutil.which("curl")
    if bash is None or curl is None:
        pytest.skip("there is no bash or no curl")
    stubs = 'curl() { command curl --fail-with-body --silent --show-error "$@"; }\nopenapi-python-client() { :; }\n'
    script = f"set -eu\n{stubs}{code.text.replace(SERVER, server.url)}"
    run = subprocess.run([bash, "-c", script], cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr


RUN = ("render", "images", "models", "lessons", "completion")


@pytest.mark.parametrize(
    "words",
    [
        words
        for code in codes("sh")
        for words in commands_of(code)
        if "convoscope" in words[:2] and set(RUN) & set(words)
    ],
    ids=" ".join,
)
def test_a_command_of_convoscope_does_what_it_says(
    words: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    arguments = words[words.index("convoscope") + 1 :]
    if any(word.startswith("https:") for word in arguments) and "add" in arguments:
        return  # it would need a network
    if "-" in arguments:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO((folder / "lecture.txt").read_bytes())))
    if "remove" in arguments:
        files = {"images": "photo.jpg", "models": "alexnet.pth", "lessons": "edges.md"}
        add = ["add", files[arguments[0]]]
        assert main([arguments[0], *add, "--name", arguments[-1]]) == 0
    assert main(arguments) == 0
    if "-o" in arguments:
        made = folder / arguments[arguments.index("-o") + 1]
        assert made.is_file() or list(made.glob("*.*"))


# --- pages of others ------------------------------------------------------------------------------------------------


class Elements(HTMLParser):
    """Every element of a text, with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attributes}))


def opened(client: Client, address: str) -> None:
    """Fails where an address of an example shows another figure than the one it says, or none."""
    path = address.removeprefix(SITE).removeprefix(SERVER)
    assert path.startswith("/"), f"{address} is on another server than all examples"
    answer = client.get(path)
    assert answer.status_code == 200, address
    if answer.headers["content-type"].startswith("text/html"):
        assert page_data(answer.text).get("problems", []) == [], address


@of("html", "markdown")
def test_what_is_to_be_pasted_leads_to_figures_and_modules_that_exist(code: Code, client: Client):
    elements = Elements(code.text).found
    for tag, attributes in elements:
        if tag == "iframe":
            source = attributes.get("src") or attributes["data-src"]
            assert re.fullmatch("/embed(/lesson/[a-z-]+)?", urlsplit(source).path)
            assert attributes["style"] == "color-scheme: normal", "a dark page shows through"
            assert attributes["title"]
            opened(client, source)
            stops = attributes.get("data-stops", "0,0")
            opened(client, f"{SITE}/embed?image=chelsea&stops={stops}")
        if tag == "script":
            assert attributes["type"] == "module"
            opened(client, attributes["src"])
        if tag == "a":
            opened(client, attributes["href"])
        if tag == "conv-scope":
            assert set(attributes) <= FIGURE_KEYS
            flags = {option.name for option in VIEW_OPTIONS if option.kind == "flag"}
            pairs = [f"{name}={quote(value or ('1' if name in flags else ''))}" for name, value in attributes.items()]
            opened(client, f"{SITE}/embed?{'&'.join(pairs)}")
    for address in re.findall(r"\]\((https:[^)]+)\)", code.text):
        opened(client, address)
    assert elements or "](" in code.text


def test_the_head_of_a_quarto_document_is_yaml():
    yaml = pytest.importorskip("yaml", reason="PyYAML reads the head of the document")
    (document,) = [code.text for code in codes("markdown") if "revealjs" in code.text]
    _, head, body = document.split("---\n", 2)
    told = yaml.safe_load(head)["format"]["revealjs"]["include-after-body"]["text"]
    assert [tag for tag, _ in Elements(told).found] == ["script"]
    assert "```{=html}" in body


# --- data -----------------------------------------------------------------------------------------------------------


@of("json")
def test_a_scene_in_json_is_one_that_is_read(code: Code, client: Client):
    answer = client.ask("POST", "/api/trace.json?stages=0", json=json.loads(code.text))
    assert answer.status_code == 200
    assert answer.json()["problems"] == []
    assert len(answer.json()["scene"]["layers"]) == len(json.loads(code.text)["layers"])


@of("http")
def test_an_answer_is_the_one_that_is_shown(code: Code, client: Client):
    asked, shown = code.text.split("\n\n", 1)
    method, address = asked.split()
    head, body = shown.split("\n\n", 1)
    version, *headers = head.splitlines()
    answer = client.ask(method, address)
    assert version == f"HTTP/1.1 {answer.status_code}"
    assert [line for line in headers if answer.headers[line.split(": ")[0]] != line.split(": ")[1]] == []
    told = {name: "…" if name == "build" else value for name, value in answer.json().items()}
    assert json.loads(body) == told


# --- servers --------------------------------------------------------------------------------------------------------


NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")


def free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@of("nginx")
def test_a_configuration_of_nginx_is_one_that_it_reads(code: Code, tmp_path: Path):
    if NGINX is None:
        pytest.skip("there is no nginx")
    places = "".join(f"{kind}_temp_path {kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    whole = (
        f"pid nginx.pid; events {{}} http {{ access_log off; {places} server {{ listen {free_port()}; {code.text} }} }}"
    )
    (tmp_path / "nginx.conf").write_text(whole)
    command = [NGINX, "-t", "-p", str(tmp_path), "-c", "nginx.conf", "-e", "stderr"]
    read = subprocess.run(command, capture_output=True, text=True)
    assert read.returncode == 0, read.stderr


@of("nginx")
def test_nginx_lets_through_the_largest_upload(code: Code):
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m", code.text)
    assert int(megabytes) * 1e6 > Settings().upload_bytes


def starts(words: list[str], said: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails for a command that does not serve, or for settings that it would refuse."""
    assert words[0].rpartition("/")[2] == "convoscope"
    assert "workers" in parsed(words[1:])[1]
    assert said
    for name, value in said:
        assert name.lower() in Settings.model_fields
        monkeypatch.setenv(PREFIX + name, value)
    Settings()


@of("ini")
def test_a_service_starts_the_server_with_settings_that_exist(code: Code, monkeypatch: pytest.MonkeyPatch):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.read_string(code.text)
    starts(shlex.split(unit["Service"]["ExecStart"]), SETTING.findall(code.text), monkeypatch)


@of("dockerfile")
def test_a_container_starts_the_server_with_settings_that_exist(code: Code, monkeypatch: pytest.MonkeyPatch):
    (command,) = re.findall(r"^CMD (\[.*\])$", code.text, flags=re.MULTILINE)
    starts(json.loads(command), SETTING.findall(code.text), monkeypatch)


# --- Python ---------------------------------------------------------------------------------------------------------


@of("python")
def test_an_example_in_python_reads_the_numbers(code: Code, client: Client, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("safetensors")

    def urlopen(url: str) -> io.BytesIO:
        assert url.startswith(SERVER)
        return io.BytesIO(client.get(url.removeprefix(SERVER)).content)

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    seen: dict = {}
    exec(code.text, seen)
    assert seen["maps"].shape == (1, 14, 10)  # of a face of 16×12
    query = urlsplit(re.search(r'"(http[^"]+)"', code.text)[1]).query
    told = client.get(f"/api/trace.json?{query}").json()
    assert seen["maps"].tolist() == told["stages"][1]["output"]


@of("py")
def test_an_example_for_a_notebook_runs(
    code: Code, client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    if "torch" in code.text:
        pytest.importorskip("torch", reason="PyTorch is not installed here")
    (folder / "figure.png").write_bytes(client.get("/api/figure.png?image=face&layers=conv:sobel-x").content)
    monkeypatch.setitem(sys.modules, "convoscope", app)
    (folder / "example.py").write_text(code.text, encoding="utf-8")
    runpy.run_path(str(folder / "example.py"))
    printed = re.findall(r"print\(.*\)  # (.+)", code.text)
    if printed:
        assert capsys.readouterr().out.splitlines() == printed
