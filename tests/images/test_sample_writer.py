"""Adding a picture to the samples permanently."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.images.decoding.decode import DecodeLimits, decode_picture
from app.images.sample_writer import Credit, add_sample, make_sample_name
from app.images.samples import load_samples
from tests import pictures


def test_an_added_picture_is_a_sample_like_any_other(tmp_path: Path) -> None:
    data = pictures.file(pictures.corners(), "JPEG", quality=95, exif=pictures.exif())
    pixels = decode_picture(data, DecodeLimits()).pixels
    added = add_sample(tmp_path / "new", pixels, "our-class", Credit(author="Room 12", licence="CC0 1.0"))
    samples = load_samples(tmp_path / "new")
    assert list(samples) == ["our-class"]
    assert samples["our-class"] == added
    assert (added.title, added.author, added.alt) == ("Our class", "Room 12", "The picture Our class.")
    assert samples.picture("our-class").pixels.shape == (32, 48, 3)
    kept = b"".join(file.read_bytes() for file in (tmp_path / "new").iterdir())
    assert b"SECRET" not in kept


def test_adding_a_name_again_replaces_its_picture(tmp_path: Path) -> None:
    for side in (8, 9):
        add_sample(tmp_path, np.zeros((side, side, 3), np.uint8), "mine")
    samples = load_samples(tmp_path)
    assert list(samples) == ["mine"]
    assert samples.picture("mine").height == 9
    assert sorted(file.name for file in tmp_path.iterdir()) == ["mine.png", "samples.json"]


@pytest.mark.parametrize("name", ["", "Our Class", "u-1", "../x", "-x", "é", "a" * 65, "chelsea"])
def test_a_name_that_no_link_can_contain_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        add_sample(tmp_path / "new", np.zeros((2, 2, 3), np.uint8), name, taken={"chelsea"})
    assert not (tmp_path / "new").exists()


def test_a_name_is_made_from_a_file_name() -> None:
    assert make_sample_name(Path("/photos/Mein Foto (2).JPG")) == "mein-foto-2"
    with pytest.raises(ValueError, match="--name"):
        make_sample_name(Path("照片.jpg"))
