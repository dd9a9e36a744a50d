"""The completion scripts of the command."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from app.cli import main

bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")


@pytest.fixture
def script(capsys: pytest.CaptureFixture[str]) -> str:
    main(["completion", "bash"])
    return capsys.readouterr().out


def completed(script: str, *words: str, folder: Path) -> list[str]:
    """Return the completions of bash for the last word."""
    ask = 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _convoscope; printf "%s\\n" "${COMPREPLY[@]}"'
    command = ["bash", "--norc", "-c", f"{script}\n{ask}", "bash", "convoscope", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1]


@bash
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["se"], ["serve"]),
        (["images", ""], ["add", "list", "remove", "-h", "--help"]),
        (["serve", "--po"], ["--port"]),
        (["serve", "--port", ""], [""]),
        (["images", "add", "my"], ["my cat.png"]),
        (["images", "add", "my cat.png", "--re"], ["--replace"]),
        (["render", "--image", ""], ["my cat.png", "notes.txt"]),
        (["completion", "f"], ["fish"]),
        (["train", "len"], ["lenet5"]),
        (["images", "remove", "my"], [""]),
    ],
)
def test_bash_offers_the_valid_completions(words: list[str], offered: list[str], script: str, tmp_path: Path):
    for name in ("my cat.png", "notes.txt"):
        (tmp_path / name).touch()
    assert sorted(completed(script, *words, folder=tmp_path)) == sorted(offered)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_command_and_option_is_in_the_script_of_each_shell(shell: str, capsys: pytest.CaptureFixture[str]):
    assert main(["completion", shell]) == 0
    said = capsys.readouterr().out
    dashes = "-l " if shell == "fish" else "--"
    for word in ("serve", "render", "images add", "models remove", "completion", f"{dashes}replace", f"{dashes}base"):
        assert word in said
    if shutil.which(shell):
        assert subprocess.run([shell, "-n"], input=said, text=True, capture_output=True).stderr == ""


def test_an_unknown_shell_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stop:
        main(["completion", "csh"])
    assert stop.value.code == 2
    assert "bash" in capsys.readouterr().err
