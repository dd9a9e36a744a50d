"""Settings and folders are checked at the start, and each problem is reported in a sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.folder_checks import check_added_folders, find_folder_warnings
from app.images.samples import load_samples
from app.models.library import load_models
from app.resources import UnusableFile, find_resource
from app.settings import PREFIX, Settings, find_variable_warnings
from tests.pictures import file, photo
from tests.serving import CHECKOUT

GOOD = {"name": "cat", "file": "cat.png", "focus": [0, 0, 9, 9]} | dict.fromkeys(
    ("title", "alt", "author", "source", "licence"), "said"
)


def settings(folder: Path, **places: Path) -> Settings:
    return Settings(**{"store": folder / "store", "samples": folder / "samples", "models": folder / "models", **places})


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("no folder")
    return tmp_path / "file"


def test_usable_folders_give_no_warning_and_the_store_is_created(tmp_path: Path):
    for name in ("samples", "models"):
        (tmp_path / name).mkdir()
    assert list(find_folder_warnings(settings(tmp_path))) == []
    assert list((tmp_path / "store").iterdir()) == []
    check_added_folders(settings(tmp_path))


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_an_unwritable_store_gives_a_warning_with_its_path_and_what_to_do(a_file: Path, below: str):
    for name in ("samples", "models"):
        (a_file.parent / name).mkdir()
    (said,) = find_folder_warnings(settings(a_file.parent, store=a_file / below))
    assert str(a_file / below) in said
    assert "CONVOSCOPE_STORE" in said
    assert "samples and typed numbers work" in said


def test_a_store_that_does_not_respond_does_not_delay_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    answered = threading.Event()

    def hang(**_: object) -> None:
        answered.wait()
        raise OSError("too late")

    monkeypatch.setattr("tempfile.TemporaryFile", hang)
    try:
        assert "did not respond within 0.01 seconds" in next(find_folder_warnings(settings(tmp_path), 0.01))
    finally:
        answered.set()


def test_a_configured_folder_that_is_missing_gives_a_warning(tmp_path: Path):
    samples, models = find_folder_warnings(settings(tmp_path))
    assert samples.startswith(f"The folder {tmp_path / 'samples'}, set in CONVOSCOPE_SAMPLES, does not exist")
    assert models.startswith(f"The folder {tmp_path / 'models'}, set in CONVOSCOPE_MODELS, does not exist")


@pytest.mark.parametrize("name", ["samples", "models"])
def test_an_unreadable_folder_of_added_files_is_an_error_with_its_setting(a_file: Path, name: str):
    with pytest.raises(UnusableFile, match=rf"{a_file} cannot be read: Not a directory.*{PREFIX}{name.upper()}"):
        check_added_folders(settings(a_file.parent, **{name: a_file}))


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("no table", "line 1, column 1", "Expecting value"),
        ('[\n {"name": "a"},,\n]', "line 2, column 16", ""),
        ("[" * 100_000, "", ""),
        ("{}", "line 1", "a list was expected"),
        ("[\n\n  7]", "line 3", "an object"),
        (json.dumps([GOOD, {**GOOD, "title": 7}], indent=1), "line 17", "title is 7; a text was expected"),
        (json.dumps([{key: GOOD[key] for key in GOOD if key != "alt"}]), "line 1", "alt is missing"),
        (json.dumps([{**GOOD, "name": "My Cat"}]), "line 1", 'name is "My Cat"'),
        (json.dumps([{**GOOD, "focus": [0, 0, 9]}]), "line 1", "focus is [0, 0, 9]; top, left"),
        (json.dumps([{**GOOD, "focus": [0, 0, 9, 10]}]), "line 1", "a part of the picture, which is 9 × 9"),
        (json.dumps([{**GOOD, "file": "gone.png"}]), "line 1", "gone.png, cannot be read: No such file"),
        (json.dumps([{**GOOD, "file": "samples.json"}]), "line 1", "it is neither a PNG nor a JPEG"),
    ],
)
def test_a_broken_table_of_samples_is_named_with_the_line_and_what_was_expected(
    text: str, place: str, words: str, tmp_path: Path
):
    (tmp_path / "cat.png").write_bytes(file(photo(9, 9), "PNG"))
    (tmp_path / "samples.json").write_text(text)
    with pytest.raises(UnusableFile) as refusal:
        load_samples(find_resource("sample_images"), tmp_path)
    said = str(refusal.value)
    assert said.startswith(str(tmp_path / "samples.json"))
    assert place in said
    assert words in said


def test_bytes_that_are_not_text_are_named_too(tmp_path: Path):
    (tmp_path / "samples.json").write_bytes(b"\xff\xfe")
    with pytest.raises(UnusableFile, match=r"samples\.json cannot be read"):
        load_samples(tmp_path)


def model_file(header: object) -> bytes:
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nothing",
        model_file([]),
        model_file({"__metadata__": {"model": "{}"}}),
        model_file({"__metadata__": {"model": json.dumps({"name": "a", "title": "A", "layers": [{"name": "x"}]})}}),
    ],
)
def test_a_damaged_file_of_weights_is_named_with_what_was_expected(data: bytes, tmp_path: Path):
    (tmp_path / "mine.safetensors").write_bytes(data)
    with pytest.raises(
        UnusableFile, match=rf"{tmp_path}/mine\.safetensors is not a readable model .*models add. made was expected"
    ):
        load_models(tmp_path)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("CONVOSCOPE_PROT", "CONVOSCOPE_PORT"),
        ("convoscope_worker", "CONVOSCOPE_WORKERS"),
        ("CONVOSCOPE_X", "CONVOSCOPE_"),
    ],
)
def test_a_variable_that_looks_like_a_setting_gives_a_warning_with_the_nearest_one(
    name: str, nearest: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, "1")
    monkeypatch.setenv("convoscope_host", "127.0.0.1")
    (said,) = find_variable_warnings()
    assert said.startswith(f"{name} is not a setting")
    assert f"the nearest one is {nearest}" in said


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_warns_once_in_lines_with_time_and_level_and_starts(workers: str, a_file: Path):
    told = {"STORE": a_file, "SAMPLES": a_file.parent, "MODELS": a_file.parent, "PROT": "80", "LOG_FORMAT": "json"}
    environment = {**os.environ, **{PREFIX + name: str(value) for name, value in told.items()}}
    command = [sys.executable, "-m", "app", "serve", "--port", "0", "--workers", workers]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, **pipes) as server:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("Convoscope is at http://127.0.0.1:")
        server.terminate()
        _, said = server.communicate(timeout=60)
    lines = [json.loads(line) for line in said.splitlines()]
    warned = [line["message"] for line in lines if line["logger"] == "app.server.serve"]
    assert len(warned) == 2
    assert warned[0].startswith("CONVOSCOPE_PROT is not a setting")
    assert warned[1].startswith(f"Uploads cannot be stored in {a_file}: ")
    assert {line["level"] for line in lines} == {"WARNING"}
