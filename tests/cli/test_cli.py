from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app import __version__
from app.cli import main
from app.images.samples import load_samples
from app.server import process_setup, serve
from app.settings import PREFIX, Settings
from tests.picture_files import GRAY, png
from tests.serving import CHECKOUT, RunningServer


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read()


@pytest.fixture(autouse=True)
def _environment_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """`serve` writes its options into the environment, for the processes that it starts."""
    for name in ("HOST", "PORT", "WORKERS"):
        monkeypatch.setenv(PREFIX + name, "")
        monkeypatch.delenv(PREFIX + name)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_the_version_is_told_without_loading_anything_heavy():
    script = "import sys; from app.cli import main\ntry: main(['--version'])\nfinally: print(sorted(sys.modules))"
    said = subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True).stdout
    assert said.startswith(f"convoscope {__version__}\n")
    assert not {"'numpy'", "'pydantic'", "'uvicorn'", "'PIL'"} & set(said.replace(",", " ").split())


def test_a_command_that_does_not_exist_is_refused_with_those_that_do(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stop:
        main(["paint"])
    assert stop.value.code == 2
    assert "serve" in capsys.readouterr().err


def test_a_taken_port_is_told_in_a_sentence_that_offers_another(taken_port: int, capsys: pytest.CaptureFixture[str]):
    assert main(["serve", "--port", str(taken_port)]) == 1
    said = capsys.readouterr().err
    assert said == (
        f"Port {taken_port} is used by another program. Stop that one, or use another port: --port {taken_port + 1}.\n"
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--port", "70000"], "--port 70000: Input should be less than or equal to 65535.\n"),
        (["--workers", "0"], "--workers 0: Input should be greater than or equal to 1.\n"),
        (["--workers", "x"], "--workers x: Input should be a valid integer, unable to parse string as an integer.\n"),
        (["--host", ""], "--host '': String should have at least 1 character.\n"),
        (["--host", "no such host"], "no such host is not an address that this machine knows.\n"),
        (
            ["--host", "203.0.113.7", "--port", "0"],
            "203.0.113.7 is not an address of this machine. 127.0.0.1 is this machine alone, 0.0.0.0 all.\n",
        ),
    ],
)
def test_what_cannot_be_served_is_told_in_a_sentence(
    options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
):
    assert main(["serve", *options]) == 1
    assert capsys.readouterr().err == sentence


@pytest.mark.parametrize("workers", [1, 2])
def test_the_address_is_printed_when_a_page_is_already_answered_there(workers: int, tmp_path: Path):
    with RunningServer(tmp_path, ["--workers", str(workers)]) as running:
        assert json.loads(get(f"{running.url}/healthz"))
        assert b"<html" in get(f"{running.url}/").lower()


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_ends_the_server_without_a_traceback(workers: int, tmp_path: Path):
    running = RunningServer(tmp_path, ["--workers", str(workers)])
    running.start()
    assert running.stop(signal.SIGINT) == 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_that_cannot_start_says_why_and_ends(workers: str, tmp_path: Path):
    (tmp_path / "samples.json").write_text('[\n  {"name": "cat",}\n]')
    run = subprocess.run(
        [sys.executable, "-m", "app", "serve", "--port", "0", "--workers", workers],
        cwd=CHECKOUT,
        env={**os.environ, f"{PREFIX}SAMPLES": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode not in (0, None)
    assert f"{tmp_path / 'samples.json'}, line 2, column " in run.stderr
    assert "Traceback" not in run.stderr
    assert "Convoscope is at" not in run.stdout


def test_metrics_count_the_requests_of_all_workers(tmp_path: Path):
    with RunningServer(tmp_path, ["--workers", "2"]) as running:
        for _ in range(20):
            get(f"{running.url}/healthz")
        counted = get(f"{running.url}/metrics").decode()
    line = next(line for line in counted.splitlines() if "convoscope_requests_total" in line and "/healthz" in line)
    assert float(line.split()[-1]) == 20


def test_the_page_is_opened_in_a_browser_at_the_address_that_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serve.announce(listener, threading.Event(), open_browser=True)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    assert opened == [address]
    assert capsys.readouterr().out == f"Convoscope is at {address}\n"


def test_a_server_under_a_path_prints_its_own_address_first_and_then_the_path(capsys: pytest.CaptureFixture[str]):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        serve.announce(listener, threading.Event(), root_path="/convoscope")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"Convoscope is at http://127.0.0.1:{port}/"
    assert said[1:] == ["and, for others behind its proxy, under /convoscope/"]


def test_a_server_that_never_starts_is_not_announced(capsys: pytest.CaptureFixture[str]):
    stopped = threading.Event()
    stopped.set()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        serve.announce(silent, stopped)
    assert capsys.readouterr().out == ""


def test_numpy_is_loaded_after_its_threads_are_set_to_one():
    script = """if True:
    import os, sys
    class Watch:
        def find_spec(self, name, path=None, target=None):
            if name == "numpy":
                print(os.environ.get("OPENBLAS_NUM_THREADS"), os.environ.get("OMP_NUM_THREADS"))
    sys.meta_path.insert(0, Watch())
    from app.server import serve
    serve.create_worker_app()
    """
    environment = {"PATH": "", "HOME": "/nonexistent"}
    run = subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, env=environment, capture_output=True, text=True)
    assert run.stdout.splitlines()[:1] == ["1 1"], run.stderr


@pytest.mark.skipif(not hasattr(process_setup.libc(), "mallopt"), reason="memory is kept where the C library is glibc")
def test_arrays_of_a_megabyte_reuse_their_memory_once_the_process_is_prepared():
    script = """if True:
    import resource, sys
    from app.server import process_setup
    if "prepared" in sys.argv:
        process_setup.prepare_process()
    import numpy as np
    def faults():
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(3):
        np.ones(2**18, np.float32) + np.ones(2**18, np.float32)
    before = faults()
    for _ in range(100):
        np.ones(2**18, np.float32) + np.ones(2**18, np.float32)
    print(faults() - before)
    """

    def faults(*arguments: str) -> int:
        run = subprocess.run(
            [sys.executable, "-c", script, *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=True
        )
        return int(run.stdout)

    assert faults("prepared") < 100


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    """A picture as a person would call it."""
    path = tmp_path / "My Cat.png"
    Image.new("RGB", (40, 30), (200, 100, 50)).save(path)
    return path


@pytest.mark.parametrize(("options", "name"), [(["--name", "tom"], "tom"), ([], "my-cat")])
def test_a_picture_is_added_to_the_samples_for_good(
    options: list[str], name: str, cat: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["images", "add", str(cat), *options]) == 0
    assert f"/?image={name}\n" in capsys.readouterr().out
    assert load_samples(Settings().samples).picture(name).pixels[0, 0].tolist() == [200, 100, 50]


def test_a_dark_picture_is_remarked_on_and_stretched_on_demand(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "x-ray.png"
    path.write_bytes(png(np.array([[100, 2100, 4095]]), 16, GRAY))
    assert main(["images", "add", str(path)]) == 0
    assert "x-ray.png: only 12 of 16 bits are used\n" in capsys.readouterr().err
    assert load_samples(Settings().samples).picture("x-ray").pixels[0, :, 0].tolist() == [0, 8, 16]
    assert main(["images", "add", str(path), "--stretch", "--replace"]) == 0
    assert "stretched: 100 became black and 4095 white" in capsys.readouterr().err
    assert load_samples(Settings().samples).picture("x-ray").pixels[0, :, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize("name", ["My Cat", "u-cat", "chelsea"])
def test_a_name_that_a_link_cannot_hold_or_a_sample_has_is_refused_in_a_sentence(
    name: str, cat: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["images", "add", str(cat), "--name", name]) == 1
    said = capsys.readouterr().err
    assert name in said
    assert said.endswith(".\n")


def test_a_file_that_is_no_picture_is_refused_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "notes.txt").write_text("no picture")
    assert main(["images", "add", str(tmp_path / "notes.txt")]) == 1
    assert capsys.readouterr().err.endswith(".\n")


def test_a_file_that_is_not_there_is_refused_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    gone = tmp_path / "gone.png"
    assert main(["images", "add", str(gone)]) == 1
    assert capsys.readouterr().err == f"{gone}: No such file or directory.\n"
