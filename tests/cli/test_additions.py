"""Added samples and models are listed, replaced only with --replace, and removed; built-in ones stay."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest

from app.cli import main
from app.images.samples import load_samples
from app.models.library import load_models
from app.settings import PREFIX
from tests.pictures import file, photo


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty folders for added files, in the working directory of the command."""
    for name in ("SAMPLES", "MODELS"):
        monkeypatch.setenv(PREFIX + name, str(tmp_path / name.lower()))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tom.png").write_bytes(file(photo(9, 9), "PNG"))
    (tmp_path / "rex.png").write_bytes(file(photo(20, 30), "PNG"))
    for count in (2, 5):
        buffer = io.BytesIO()
        np.savez(buffer, **{"conv1.weight": np.ones((count, 3, 3, 3), np.float32)})
        (tmp_path / f"net{count}.npz").write_bytes(buffer.getvalue())
    return tmp_path


def lines(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    """Return the lines printed since the last call, split into words."""
    return [line.split() for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("kind", "what", "own", "place"),
    [("images", "tom.png", "chelsea", "samples/tom.png"), ("models", "net2.npz", "lenet5", "models/net2.safetensors")],
)
def test_an_added_item_is_listed_with_its_file_and_can_be_removed(
    kind: str, what: str, own: str, place: str, places: Path, capsys: pytest.CaptureFixture[str]
):
    assert main([kind, "add", what]) == 0
    capsys.readouterr()
    name = what.partition(".")[0]
    assert main([kind, "list"]) == 0
    listed = {line[0]: line[-1] for line in lines(capsys)}
    assert listed[own] == "built-in"
    assert listed[name] == str(places / place)
    assert main([kind, "remove", name]) == 0
    assert not (places / place).exists()
    main([kind, "list"])
    assert name not in [line[0] for line in lines(capsys)[1:]]
    assert main([kind, "remove", name]) == 1
    assert f"with the name {name}; none has been added." in capsys.readouterr().err


@pytest.mark.parametrize(("kind", "own"), [("images", "chelsea"), ("models", "lenet5")])
def test_a_built_in_item_is_not_removed(kind: str, own: str, capsys: pytest.CaptureFixture[str]):
    assert main([kind, "remove", own]) == 1
    assert capsys.readouterr().err == f"{own} is built-in and cannot be removed.\n"


def test_removing_one_picture_leaves_the_others(capsys: pytest.CaptureFixture[str], places: Path):
    for name in ("tom", "rex"):
        main(["images", "add", f"{name}.png"])
    assert main(["images", "remove", "tom"]) == 0
    assert list(load_samples(places / "samples")) == ["rex"]
    assert main(["images", "remove", "nobody"]) == 1
    assert "the added ones are rex." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("kind", "first", "second"), [("images", "tom.png", "rex.png"), ("models", "net2.npz", "net5.npz")]
)
def test_nothing_is_overwritten_without_replace(
    kind: str, first: str, second: str, places: Path, capsys: pytest.CaptureFixture[str]
):
    def measure_kept() -> object:
        if kind == "images":
            return load_samples(places / "samples").picture("mine").height
        return load_models(places / "models")["mine"].bank_shape("conv1")[0]

    assert main([kind, "add", first, "--name", "mine"]) == 0
    before = measure_kept()
    assert main([kind, "add", second, "--name", "mine"]) == 1
    assert capsys.readouterr().err.startswith("mine already exists. --replace")
    assert measure_kept() == before
    assert main([kind, "add", second, "--name", "mine", "--replace"]) == 0
    assert measure_kept() != before


def test_a_picture_whose_file_is_gone_and_a_damaged_model_can_be_removed_too(
    places: Path, capsys: pytest.CaptureFixture[str]
):
    main(["images", "add", "tom.png"])
    (places / "samples" / "tom.png").unlink()
    assert main(["images", "list"]) == 1
    assert "tom.png, cannot be read: No such file" in capsys.readouterr().err
    assert main(["images", "remove", "tom"]) == 0
    (places / "models").mkdir()
    (places / "models" / "bad.safetensors").write_bytes(b"nothing")
    capsys.readouterr()
    assert main(["models", "list"]) == 0
    assert lines(capsys)[-1] == ["bad", "damaged", str(places / "models" / "bad.safetensors")]
    assert main(["models", "remove", "bad"]) == 0
    assert list((places / "models").iterdir()) == []


def test_removing_a_row_with_a_file_elsewhere_keeps_that_file(places: Path):
    main(["images", "add", "tom.png"])
    table = places / "samples" / "samples.json"
    (row,) = json.loads(table.read_text())
    table.write_text(json.dumps([{**row, "file": "../rex.png"}]))
    assert main(["images", "remove", "tom"]) == 0
    assert (places / "rex.png").exists()


def test_every_command_warns_of_an_unknown_variable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv(f"{PREFIX}SAMPELS", "elsewhere")
    assert main(["images", "list"]) == 0
    assert "CONVOSCOPE_SAMPELS is not a setting and has no effect; the nearest one is CONVOSCOPE_SAMPLES.\n" in (
        capsys.readouterr().err
    )
