from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import urljoin

import pytest

from app import __version__
from app.resources import find_resource
from tests.serving import CHECKOUT, RunningServer

FOLDERS = {"app": "convoscope", **{name: f"convoscope/{name}" for name in ("static", "templates", "sample_images")}}
LEFT_OUT = {"__pycache__", ".mypy_cache", ".ruff_cache", ".DS_Store"}


def run(*command: str | Path, folder: Path = CHECKOUT) -> str:
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def get(url: str) -> tuple[int, bytes]:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.status, answer.read()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without network and isolation."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with only the wheel; it uses the dependencies of the test environment."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", wheel)
    packages = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def test_the_version_is_the_same_in_the_package_and_in_its_description():
    described = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    assert described["project"]["version"] == __version__


def test_every_dependency_has_a_comment_with_its_reason():
    lines = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    requirements = [line for line in lines if re.match(r'\s+"[a-z-]+(\[.*\])?>=', line)]
    assert requirements
    assert [line for line in requirements if "  # " not in line] == []


def test_the_wheel_has_one_package(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"convoscope", f"convoscope-{__version__}.dist-info"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_of_the_program_is_in_the_wheel(wheel: Path, folder: str):
    held = set(zipfile.ZipFile(wheel).namelist())
    files = [path for path in (CHECKOUT / folder).rglob("*") if path.is_file() and not LEFT_OUT & set(path.parts)]
    expected = {f"{FOLDERS[folder]}/{path.relative_to(CHECKOUT / folder).as_posix()}" for path in files}
    assert expected
    assert expected - held == set()


def test_the_wheel_names_every_dependency_and_extra(wheel: Path):
    with zipfile.ZipFile(wheel) as held:
        said = held.read(f"convoscope-{__version__}.dist-info/METADATA").decode()
    assert "Requires-Dist: numpy>=" in said
    assert "Provides-Extra: heic" in said
    assert "License-Expression: MIT" in said


def links_in(page: str) -> set[str]:
    """Return the targets of the links and images of a Markdown page, without its code examples."""
    return set(re.findall(r"\]\(([^)]+)\)", re.sub(r"```.*?```", "", page, flags=re.DOTALL)))


def test_the_page_of_the_wheel_has_no_links_into_the_checkout(wheel: Path):
    with zipfile.ZipFile(wheel) as held:
        _, _, page = held.read(f"convoscope-{__version__}.dist-info/METADATA").decode().partition("\n\n")
    assert page.startswith("# Convoscope")
    assert "What has changed is in the changelog" in page
    assert [link for link in links_in(page) if not link.startswith("https://")] == []


def test_the_page_of_the_wheel_links_to_the_repository_where_its_address_is_known():
    pytest.importorskip("hatchling")
    spec = importlib.util.spec_from_file_location("wheel_page", CHECKOUT / ".ci" / "wheel_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    page = module.page_of(readme, "https://code.example/convoscope/")
    assert [link for link in links_in(page) if not link.startswith("https://")] == []
    assert "](https://code.example/convoscope/raw/main/docs/lab.png)" in page
    assert "[LICENSE](https://code.example/convoscope/blob/main/LICENSE)" in page
    assert "[Operations](https://code.example/convoscope/blob/main/docs/operations.md)" in page
    assert (
        module.page_of("[here](#install)", "https://code.example/convoscope")
        == "[here](https://code.example/convoscope#install)"
    )
    assert len(links_in(page)) == len(links_in(readme))
    assert re.findall(r"```.*?```", page, flags=re.DOTALL) == re.findall(r"```.*?```", readme, flags=re.DOTALL)


def test_the_installed_command_runs_and_no_package_is_named_app(environment: Path, tmp_path: Path):
    said = run(environment / "bin" / "convoscope", "--version", folder=tmp_path)
    assert said == f"convoscope {__version__}\n"
    ask = "import importlib.util as u; print([n for n in ('app', 'static', 'templates') if u.find_spec(n)])"
    assert run(environment / "bin" / "python", "-c", ask, folder=tmp_path) == "[]\n"


def test_the_installed_wheel_serves_outside_the_checkout(environment: Path, tmp_path: Path):
    command = [str(environment / "bin" / "convoscope")]
    with RunningServer(tmp_path / "kept", command=command, run_in=tmp_path) as running:
        assert get(f"{running.url}/healthz")[0] == 200
        status, page = get(f"{running.url}/")
        assert status == 200
        linked = {urljoin("/", found) for found in re.findall(r'"(./static/[^"]+[^"/])"', page.decode())}
        assert any(path.endswith(".js") for path in linked)
        assert {path: get(running.url + path)[0] for path in linked} == dict.fromkeys(linked, 200)


def test_the_installed_package_shows_a_figure_and_gives_its_numbers(environment: Path, tmp_path: Path):
    script = """if True:
        import convoscope
        numbers = convoscope.trace("image=face&layers=conv:sobel-x~relu")
        print(numbers.stages[1].output.shape, type(numbers).__module__)
        print(convoscope.show("image=face").save("figure.html"))
    """
    said = run(environment / "bin" / "python", "-c", script, folder=tmp_path)
    assert said == "(1, 14, 10) convoscope.notebook.trace_arrays\nfigure.html\n"
    assert 'data-part="trace"' in (tmp_path / "figure.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def without_training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as a wheel installs it, but without the folder `training`."""
    folder = tmp_path_factory.mktemp("without-training")
    for name, target in FOLDERS.items():
        shutil.copytree(CHECKOUT / name, folder / target, ignore=shutil.ignore_patterns(*LEFT_OUT, "training"))
    return folder


def test_without_training_the_package_renders_a_file(without_training: Path, tmp_path: Path):
    file = tmp_path / "figure.html"
    command = (sys.executable, "-m", "convoscope", "render", "image=face&layers=relu", "-o", file)
    assert run(*command, folder=without_training) == f"{file}\n"
    assert 'data-part="trace"' in file.read_text(encoding="utf-8")


def test_without_training_the_package_serves(without_training: Path, tmp_path: Path):
    command = [sys.executable, "-m", "convoscope"]
    with RunningServer(tmp_path / "kept", command=command, run_in=without_training) as running:
        assert get(f"{running.url}/")[0] == 200
        assert get(f"{running.url}/filters")[0] == 200


def test_without_training_the_command_train_says_that_it_is_not_installed(without_training: Path):
    command = (sys.executable, "-m", "convoscope")
    assert re.search(
        r"train +train a model \(not part of this installation\)", run(*command, "--help", folder=without_training)
    )
    done = subprocess.run(
        [*command, "train", "lenet5", "--data", "."], cwd=without_training, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (
        1,
        "Training is not part of this installation. Install the whole package: pip install 'convoscope[train]'\n",
    )


@pytest.mark.parametrize("name", ["static", "templates", "sample_images"])
def test_the_checkout_finds_its_resources_beside_the_package(name: str):
    assert find_resource(name) == CHECKOUT / name


def test_a_missing_resource_is_an_error_with_the_searched_folders():
    with pytest.raises(FileNotFoundError, match=r"nothing is neither in .*app nor beside it"):
        find_resource("nothing")


@pytest.mark.long
def test_the_source_archive_builds_the_same_wheel(wheel: Path, tmp_path: Path):
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path)
    (archive,) = tmp_path.glob("*.tar.gz")
    run(sys.executable, "-m", "tarfile", "-e", archive, tmp_path)
    unpacked = tmp_path / f"convoscope-{__version__}"
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, folder=unpacked)
    (again,) = tmp_path.glob("*.whl")
    assert set(zipfile.ZipFile(again).namelist()) == set(zipfile.ZipFile(wheel).namelist())
