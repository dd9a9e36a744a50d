"""The samples: their number, their credits, and what their focus shows."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.trace.stage_json import stage_to_json
from app.images.crop import crop_to_cells
from app.images.samples import Sample, Samples, load_samples
from app.lab import Lab
from app.models.library import load_models
from app.resources import find_resource

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
FOLDER = Path(__file__).parents[2] / "sample_images"
NAMES = [row["name"] for row in json.loads((FOLDER / "samples.json").read_text(encoding="utf-8"))]
FREE = ("CC0 1.0", "Public domain", "CC BY 2.0", "CC BY 4.0")


@pytest.fixture(scope="module")
def samples() -> Samples:
    return load_samples(FOLDER)


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def patterns() -> dict[str, np.ndarray]:
    drawn: dict[str, np.ndarray] = script("draw_patterns").patterns()
    return drawn


def named_by(model: str, image: str, size: int, channels: str) -> str:
    """A model's most likely class for a sample, as the Lab shows it."""
    scene = parse_link(f"image={image}&size={size}&channels={channels}&layers=model:{model}", Limits()).scene
    answer = Lab(load_samples(FOLDER), None, Limits(), load_models(find_resource("models/data"))).compute(scene)
    assert answer.trace is not None
    shares = answer.trace.stages[-1]
    names: list[str] = stage_to_json(shares)["classes"]
    return names[int(shares.output.argmax())]


def gray(samples: Samples, name: str, size: int = 32) -> np.ndarray:
    return crop_to_cells(samples.picture(name), (size, size), None, "gray", "byte")[0]


def test_there_are_at_least_twelve_of_both_kinds(samples: Samples) -> None:
    kinds = [sample.kind for sample in samples.values()]
    assert len(kinds) >= 12
    assert kinds.count("photo") >= 6
    assert kinds.count("pattern") >= 6


def test_the_documented_patterns_are_there(samples: Samples) -> None:
    promised = {"checkerboard", "circle", "gradient", "impulse", "face", "empty-7"}
    assert promised | {"bars-0", "bars-45", "bars-90", "bars-135"} <= set(samples)


def test_the_default_picture_comes_first_in_the_order_of_the_table(samples: Samples) -> None:
    assert list(samples) == NAMES
    assert next(iter(samples)) == "chelsea"


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_can_be_linked_described_and_credited(samples: Samples, name: str) -> None:
    sample = samples[name]
    assert re.fullmatch(r"[a-z0-9_-]+", sample.name)
    assert not sample.name.startswith("u-")
    assert re.fullmatch(r"[A-Z][^.]+\.", sample.alt), "the alternative text is one sentence"
    assert sample.title
    assert sample.author
    assert sample.source
    assert sample.licence in FREE


@pytest.mark.parametrize("name", NAMES)
def test_a_samples_picture_opens_with_its_focus_inside(samples: Samples, name: str) -> None:
    picture = samples.picture(name)
    assert picture.focus == samples[name].focus
    assert picture is samples.picture(name), "decoded once"
    assert not picture.pixels.flags.writeable


@pytest.mark.parametrize("name", NAMES)
def test_a_small_crop_of_a_sample_has_something_to_see(samples: Samples, name: str) -> None:
    crop = gray(samples, name)
    if samples[name].kind == "photo":
        assert crop.shape == (32, 32)
    if name != "empty-7":
        assert np.ptp(crop) >= 60


def test_the_credits_for_people_are_those_of_the_table() -> None:
    table = json.loads((FOLDER / "samples.json").read_text(encoding="utf-8"))
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    columns = ("name", "file", "author", "licence", "source")
    assert rows[1:] == [[row[column] for column in columns] for row in table]


def test_every_picture_in_the_folder_is_in_the_table_and_all_are_small() -> None:
    table = json.loads((FOLDER / "samples.json").read_text(encoding="utf-8"))
    pictures = [file for file in FOLDER.iterdir() if file.suffix in (".png", ".jpg")]
    assert {row["file"] for row in table} == {file.name for file in pictures}
    assert sum(file.stat().st_size for file in pictures) < 1_500_000


def test_the_patterns_are_what_their_script_draws(samples: Samples) -> None:
    drawn = patterns()
    assert set(drawn) == {name for name in samples if samples[name].kind == "pattern"}
    for name, pixels in drawn.items():
        np.testing.assert_array_equal(samples.picture(name).pixels, np.stack([pixels] * 3, axis=2))


def test_the_digits_are_what_their_script_draws(samples: Samples) -> None:
    digit = script("draw_digits").digit
    assert {f"digit-{number}" for number in range(10)} == {name for name in samples if samples[name].kind == "digit"}
    for number in range(10):
        np.testing.assert_array_equal(samples.picture(f"digit-{number}").pixels[..., 0], digit(number))


@pytest.mark.parametrize("number", range(10))
def test_lenet5_reads_every_digit_at_the_opening_size_and_at_its_own(number: int) -> None:
    assert named_by("lenet5", f"digit-{number}", 32, "gray") == str(number)
    assert named_by("lenet5", f"digit-{number}", 28, "gray") == str(number)


@pytest.mark.parametrize("name", [name for name in NAMES if name in CLASSES])
def test_cifar10_gives_every_object_its_own_name(name: str) -> None:
    assert named_by("cifar10", name, 32, "rgb") == name


def test_there_is_an_object_for_each_of_the_ten_classes(samples: Samples) -> None:
    assert {name for name in samples if samples[name].kind == "object"} == set(CLASSES)


def test_the_cats_eye_is_dark_in_its_middle_and_left_of_the_middle_of_the_crop(samples: Samples) -> None:
    crop = gray(samples, "chelsea")
    row, column = np.unravel_index(crop[4:20, 8:18].argmin(), (16, 10))
    assert 6 <= row + 4 <= 18
    assert 9 <= column + 8 <= 15


def test_the_opening_place_lies_on_a_strong_edge(samples: Samples) -> None:
    crop = gray(samples, "chelsea")
    window = crop[16:19, 20:23]
    assert (window[:, 2] - window[:, 0]) @ (1, 2, 1) > 400


def test_the_face_is_sixteen_rows_of_twelve_numbers_in_few_shades(samples: Samples) -> None:
    face = gray(samples, "face")
    assert face.shape == (16, 12)
    assert len(np.unique(face)) <= 8


def test_the_empty_grid_is_seven_by_seven_zeros(samples: Samples) -> None:
    np.testing.assert_array_equal(gray(samples, "empty-7"), np.zeros((7, 7)))


def test_the_impulse_is_one_bright_pixel_in_the_middle_at_every_size(samples: Samples) -> None:
    for size in (3, 7, 15, 32):
        crop = gray(samples, "impulse", size)
        middle = len(crop) // 2
        assert crop[middle, middle] == 255
        assert crop.sum() == 255


def test_the_gradient_grows_by_eight(samples: Samples) -> None:
    assert set(np.diff(gray(samples, "gradient"), axis=1).ravel()) == {8}


def test_bars_run_in_the_direction_of_their_name(samples: Samples) -> None:
    assert (np.diff(gray(samples, "bars-0"), axis=1) == 0).all()
    assert (np.diff(gray(samples, "bars-90"), axis=0) == 0).all()
    rising, falling = gray(samples, "bars-45"), gray(samples, "bars-135")
    np.testing.assert_array_equal(rising[1:, :-1], rising[:-1, 1:])
    np.testing.assert_array_equal(falling[1:, 1:], falling[:-1, :-1])


def test_an_unknown_sample_is_a_key_error(samples: Samples) -> None:
    with pytest.raises(KeyError):
        samples.picture("nessie")


def test_a_folder_that_does_not_exist_has_no_samples(tmp_path: Path) -> None:
    assert list(load_samples(FOLDER, tmp_path / "nothing")) == NAMES


def test_a_row_is_a_sample_without_its_file() -> None:
    row = json.loads((FOLDER / "samples.json").read_text(encoding="utf-8"))[0]
    sample = Sample.from_row(row)
    assert sample.name == "chelsea"
    assert sample.focus == tuple(row["focus"])
