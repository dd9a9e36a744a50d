"""Adding a picture to the samples permanently, as `convoscope images add` does."""

from __future__ import annotations

import os
import re
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from .picture import Pixels
from .sample_table import NAME_PATTERN, read_rows_without_pictures, write_table
from .samples import Sample

_UPLOAD_PREFIX = "u-"


@dataclass(frozen=True, slots=True)
class Credit:
    """What is shown beside an added picture. An empty title or alt text is made from its name."""

    title: str = ""
    alt: str = ""
    author: str = "not stated"
    source: str = "added here"
    licence: str = "not stated"


def add_sample(
    folder: Path, pixels: Pixels, name: str, credit: Credit | None = None, taken: Container[str] = ()
) -> Sample:
    """Writes a picture, uint8 (height, width, 3), to the folder as a PNG, and a row to the folder's table.

    Adding a name again replaces its picture. The picture is cropped around its center. A running server shows it after
    its next start. Raises ValueError for a name in `taken`, those of the built-in samples, and for one that a link
    cannot contain.
    """
    if name in taken:
        raise ValueError(f"{name!r} is the name of a built-in sample; please choose another.")
    if not NAME_PATTERN.fullmatch(name) or name.startswith(_UPLOAD_PREFIX):
        raise ValueError(
            f"{name!r} cannot be a sample's name: allowed are 1 to 64 of a-z, 0-9, - and _, "
            "with a letter or digit first, and not beginning with u- (those are uploads)."
        )
    folder.mkdir(parents=True, exist_ok=True)
    row = _make_row(name, (0, 0, pixels.shape[0], pixels.shape[1]), credit or Credit())
    unfinished = folder / f".{name}.png"
    Image.fromarray(pixels).save(unfinished)
    os.replace(unfinished, folder / row["file"])
    write_table(folder, [*(other for other in read_rows_without_pictures(folder) if other["name"] != name), row])
    return Sample.from_row(row)


def make_sample_name(file: Path) -> str:
    """A sample name from a file name: "Mein Foto.JPG" becomes "mein-foto". Raises ValueError if nothing is left."""
    name = re.sub(r"[^a-z0-9_]+", "-", file.stem.lower()).strip("-_")[:64]
    if not name:
        raise ValueError(f"No name can be made from {file.name!r}; please give one with --name.")
    return name


def _make_row(name: str, focus: tuple[int, int, int, int], credit: Credit) -> dict[str, Any]:
    title = credit.title or name.replace("-", " ").replace("_", " ").capitalize()
    return {
        "name": name,
        "title": title,
        "kind": "photo",
        "file": f"{name}.png",
        "focus": focus,
        "alt": credit.alt or f"The picture {title}.",
        "author": credit.author,
        "source": credit.source,
        "licence": credit.licence,
    }
