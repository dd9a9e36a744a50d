from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.serving import CHECKOUT

MAKEFILE = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
SCRIPTS = [CHECKOUT / ".ci" / name for name in ("browser", "environment", "node")]
NEWER_THAN_3_81 = r"\.ONESHELL|^\w+\s*!=|::=|\$\((file|guile)\b|^\s*(undefine|private)\b|\.EXTRA_PREREQS|&:"

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not here")


@pytest.fixture(autouse=True)
def _not_as_part_of_another_make(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make test` hands its own variables to every make below it."""
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "PORT", "ARGS", "BROWSER"):
        monkeypatch.delenv(name, raising=False)


def dry(*arguments: str) -> str:
    """What make would do, without doing it."""
    command = ["make", "--dry-run", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout


def test_the_makefile_uses_nothing_that_the_make_of_a_mac_does_not_know():
    assert re.findall(NEWER_THAN_3_81, MAKEFILE, flags=re.MULTILINE) == []


def test_no_line_of_code_is_too_long_to_be_read():
    """Ruff and Biome wrap what they can at 120 columns; this holds comments, sentences and templates too."""
    folders = [CHECKOUT / name for name in ("app", "static", "templates", "tests")]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in (".css", ".html", ".js", ".py")]
    ours = [path for path in files if not path.is_relative_to(CHECKOUT / "tests/browser/reveal")]
    long = [
        f"{path.relative_to(CHECKOUT)}:{number}"
        for path in ours
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 140
    ]
    assert not long


@needs_make
def test_make_alone_says_what_there_is_and_everything_that_it_says_is_there():
    said = subprocess.run(["make"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^make ([a-z-]+)", said, flags=re.MULTILINE)
    assert targets == ["run", "test", "test-all", "test-rest", "lint", "format", "bench", "soak", "wheel", "clean"]
    for target in targets:
        assert dry(target)


@needs_make
def test_make_run_hands_on_the_port_and_the_host():
    assert "-m app serve\n" in re.sub(r" +\n", "\n", dry("run"))
    assert "--host '0.0.0.0' --port '8080'" in dry("run", "PORT=8080", "HOST=0.0.0.0")


@needs_make
def test_make_wheel_takes_an_environment_of_its_own_and_none_that_tests_need():
    done = dry("--assume-new=pyproject.toml", "wheel")
    assert "sh .ci/environment wheel" in done
    assert ".venv-wheel/bin/python -m hatchling build" in done
    assert "environment test" not in done
    assert ".venv/" not in done


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_understood_by_the_plainest_shell(script: Path):
    shell = shutil.which("dash") or "/bin/sh"
    assert subprocess.run([shell, "-n", script], capture_output=True, text=True).stderr == ""


def test_whoever_has_no_python_that_is_new_enough_is_told_what_to_install(tmp_path: Path):
    """A folder of tools with no Python, no uv and no package manager in it."""
    for tool in ("sh", "sed", "uname", "rm", "cat"):
        found = shutil.which(tool)
        assert found
        (tmp_path / tool).symlink_to(found)
    command = ["sh", CHECKOUT / ".ci" / "environment", "run"]
    refused = subprocess.run(
        command, cwd=tmp_path, env={"PATH": str(tmp_path), "HOME": str(tmp_path)}, capture_output=True, text=True
    )
    assert refused.returncode == 1
    assert "Python 3.11 or later is needed and none was found." in refused.stderr
    assert "https://astral.sh/uv/install.sh" in refused.stderr
