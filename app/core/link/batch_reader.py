"""Reads the stack of pictures of a scene, `batch=NAME,NAME` and `item=1`, for links and for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from ..scene import MOST_BATCH, Image
from ..texts import Text, make_text
from .coerce import clamp_whole
from .reader import SceneReader
from .syntax import split_outside_parentheses

BATCH_KEYS = ("batch", "item")
"""The keys of a link, and the members of a scene in JSON."""
_Image = TypeVar("_Image")


def split_images(text: str) -> list[str]:
    """The images of `batch` as texts; those of random numbers keep their seed, which stands behind a comma."""
    parts = split_outside_parentheses(text, ",") if text else []
    starts = [index for index, part in enumerate(parts) if index == 0 or not part.startswith("seed=")]
    return [",".join(parts[start:after]) for start, after in pairwise([*starts, len(parts)])]


def take_images(reader: SceneReader, images: Sequence[_Image]) -> Sequence[_Image]:
    """The images that a batch can have behind the first one; a problem where there are more."""
    if len(images) > MOST_BATCH:
        allowed = make_text("at_most", most=MOST_BATCH)
        reader.add_error("batch_many", "batch", str(len(images)), allowed, make_text("rest_dropped"))
    return images[:MOST_BATCH]


def read_item(reader: SceneReader, text: str | None, count: int, written: Text | str | None = None) -> int:
    """Which of `count` images is shown, from 0; for a text that is none of them the nearest, with a problem."""
    value, is_exact = (None, False) if text is None else clamp_whole(text, 0, count - 1)
    nearest = value or 0
    if is_exact:
        return nearest
    ending = make_text("nearest", used=str(nearest))
    quoted = (text or "") if written is None else written
    if count == 1:
        reader.add_error("item_alone", "item", quoted, "0", ending)
    else:
        reader.add_error("item_of", "item", quoted, make_text("range", least=0, most=count - 1), ending, count=count)
    return nearest


def keep_images(images: Sequence[Image | None], item: int) -> tuple[tuple[Image, ...], int]:
    """The images behind the first one without those left out (None), and the number of the picture that is shown:
    where that is left out, of the one before it.
    """
    kept = [image is not None for image in images]
    return tuple(image for image in images if image is not None), sum(kept[:item])
