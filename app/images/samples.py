"""The sample pictures: those that ship with Convoscope and those that a teacher added, one table row each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from PIL import Image

from ..core.texts import Text, add_catalogue, get_english_sentences, make_text
from ..resources import check_readable, find_resource
from .picture import Box, Picture
from .sample_table import read_table

SampleKind = Literal["photo", "pattern", "digit", "object"]
"""Digits and objects are inputs for networks that classify them."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One row of the table: what a menu shows of a picture, its focus and its credits.

    `focus` is (top, left, height, width) in the picture's pixels, `alt` one sentence that describes the picture,
    `source` where it was taken from.
    """

    name: str
    title: str
    kind: SampleKind
    focus: Box
    alt: str
    author: str
    source: str
    licence: str

    @property
    def title_text(self) -> Text | str:
        """The title; that of a picture that comes with the program is translated."""
        return self._find_text("title", self.title)

    @property
    def alt_text(self) -> Text | str:
        """The description; that of a picture that comes with the program is translated."""
        return self._find_text("alt", self.alt)

    def _find_text(self, field: str, own: str) -> Text | str:
        code = _make_code(self.name, field)
        return make_text(code) if get_english_sentences().get(code) == own else own

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Sample:
        """A sample from a row that `sample_table` has checked."""
        top, left, height, width = row["focus"]
        texts = {key: str(row[key]) for key in ("name", "title", "alt", "author", "source", "licence")}
        kind: SampleKind = row["kind"] if row.get("kind") in get_args(SampleKind) else "photo"
        return cls(kind=kind, focus=(top, left, height, width), **texts)


class Samples(Mapping[str, Sample]):
    """Samples by name, in the order of their tables. A picture is read from disk when it is first used."""

    def __init__(self, samples: Mapping[str, Sample], files: Mapping[str, Path]) -> None:
        self._samples = dict(samples)
        self._files = dict(files)
        self._pictures: dict[str, Picture] = {}

    def __getitem__(self, name: str) -> Sample:
        return self._samples[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._samples)

    def __len__(self) -> int:
        return len(self._samples)

    def picture(self, name: str) -> Picture:
        """The pixels of a sample; the same object each time. Raises KeyError for an unknown name."""
        if name not in self._pictures:
            pixels = _read_pixels(self._files[name])
            self._pictures[name] = Picture(pixels, self._samples[name].focus)
        return self._pictures[name]


def load_samples(*folders: Path) -> Samples:
    """The samples of all folders, in that order; a later row replaces an earlier one of the same name.

    Each folder holds `samples.json`, a list of rows, and the files that it names. A folder that does not exist yet has
    no samples. Raises UnusableFile, which names the file and line, for a table or picture that cannot be read.
    """
    samples: dict[str, Sample] = {}
    files: dict[str, Path] = {}
    for folder in folders:
        check_readable(folder)
        for row in read_table(folder):
            sample = Sample.from_row(row)
            if folder == find_resource("sample_images"):
                add_catalogue({_make_code(sample.name, field): str(row[field]) for field in ("title", "alt")})
            samples[sample.name] = sample
            files[sample.name] = folder / row["file"]
    return Samples(samples, files)


def _make_code(name: str, field: str) -> str:
    return f"sample_{name}_{field}"


def _read_pixels(file: Path) -> np.ndarray[Any, np.dtype[np.uint8]]:
    # These files ship with the program or were decoded when they were added: no worker process is needed.
    with Image.open(file, formats=("PNG", "JPEG")) as image:
        pixels = np.array(image.convert("RGB"))
    pixels.flags.writeable = False
    return pixels
