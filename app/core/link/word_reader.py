"""Reads and writes `rows`, the words of an input, and the images that are made of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import unquote

from ..messages import quote_text
from ..scene import (
    Adjustments,
    Image,
    OneHot,
    RandomVectors,
    SampleName,
    UploadId,
    Vectors,
    parse_number,
)
from ..texts import Text, make_text
from ..words.vocabulary import MOST_LETTERS, MOST_WORDS, clean_word
from .batch_reader import keep_images
from .coerce import clamp_whole
from .filter_reader import SEED, read_image_seed
from .reader import SceneReader

ONE_HOT = "one-hot"
RANDOM_VECTORS = "random-vectors"
_IN_WORDS = re.compile(r"%(?:25|2[Cc])")
"""What stands for % and , within a word."""


def split_words(text: str) -> list[str]:
    """The words of a link, unchecked; within a word %2C is a comma."""
    return [_IN_WORDS.sub(lambda found: unquote(found[0]), word) for word in text.split(",")] if text else []


def format_words(words: Sequence[str]) -> str:
    """The words of a link; `split_words` gives them back."""
    return ",".join(_IN_WORDS.sub(lambda found: f"%25{found[0][1:]}", word).replace(",", "%2C") for word in words)


def read_words(reader: SceneReader, given: Sequence[str]) -> tuple[str, ...]:
    """The words within the limits; an error for each that is empty, too long or has characters that nobody sees."""
    found: list[str] = []
    if len(given) > MOST_WORDS:
        most, name = make_text("at_most", most=MOST_WORDS), make_text("words_name")
        reader.add_error("too_many", "rows", f"{len(given):,}", most, make_text("rest_dropped"), what=name)
    for number, text in enumerate(given[:MOST_WORDS], 1):
        word = clean_word(text)
        if not word:
            can_be = make_text("word_length", most=MOST_LETTERS)
            reader.add_error("empty_word", "rows", text, can_be, make_text("part_dropped"), number=number)
            continue
        if len(word) > MOST_LETTERS:
            can_be, cut = make_text("word_length", most=MOST_LETTERS), make_text("rest_dropped")
            reader.add_error("long_word", "rows", word, can_be, cut, number=number, length=len(word))
            word = word[:MOST_LETTERS].strip()
        elif word != text.strip(" "):
            nearest = make_text("nearest", used=quote_text(word))
            reader.add_error("unclean_word", "rows", text, make_text("one_line"), nearest, number=number)
        found.append(word)
    return tuple(found)


def is_vectors_text(text: str) -> bool:
    """Whether an image of a link is made of words."""
    return text == ONE_HOT or text.startswith(RANDOM_VECTORS)


def read_vectors_text(reader: SceneReader, text: str, field: str) -> Vectors | None:
    """`one-hot` or `random-vectors*5,seed=1`, without its words yet; None where it is neither."""
    if text == ONE_HOT:
        return OneHot(())
    first, *options = text.split(",")
    size = first.removeprefix(RANDOM_VECTORS).removeprefix("*")
    return read_random_vectors(reader, size, read_image_seed(reader, options, field), text, field)


def read_random_vectors(
    reader: SceneReader, size: str, seed: str | None, written: Text | str, field: str
) -> RandomVectors | None:
    """Random vectors of so many numbers, without their words yet."""
    most = reader.limits.kernel_side
    found, is_exact = clamp_whole(size, 1, most)
    number, is_exact_seed = (0, True) if seed is None else clamp_whole(seed, SEED.least, SEED.most)
    allowed = make_text("random_vectors", most=most)
    if found is None:
        reader.add_error("invalid_value", field, written, allowed)
        return None
    if not is_exact:
        then = make_text("nearest", used=f"{RANDOM_VECTORS}*{found}")
        reader.add_error("invalid_value", field, written, allowed, then)
    if not is_exact_seed:
        can_be = make_text("whole", least=SEED.least, most=SEED.most)
        reader.add_error("invalid_value", "seed", seed or "", can_be, make_text("nearest", used=str(number or 0)))
    return RandomVectors((), found, number or 0)


def format_vectors(vectors: Vectors) -> str:
    """The value of `image`; its words are in `rows`."""
    if isinstance(vectors, OneHot):
        return ONE_HOT
    return f"{RANDOM_VECTORS}*{vectors.size}" + (f",seed={vectors.seed}" if vectors.seed else "")


def join_words(
    reader: SceneReader, image: Image, words: tuple[str, ...], adjust: Adjustments | None, otherwise: SampleName
) -> tuple[Image, tuple[str, ...], Adjustments | None]:
    """The image with the words of its rows, these words, and what changes the image.

    Parts that do not fit are left out, with an error. Vectors without words become `otherwise`. An upload is not known
    yet: the Lab counts its rows.
    """
    if isinstance(image, Vectors):
        if not words:
            can_be = make_text("words_list", words=MOST_WORDS, letters=MOST_LETTERS)
            reader.add_error("no_words", "rows", "", can_be, make_text("opening_shown", used=otherwise.name))
            return otherwise, (), adjust
        image = replace(image, words=words)
    if not words:
        return image, (), adjust
    if isinstance(image, SampleName):
        reader.add_error("words_on_picture", "rows", ",".join(words), make_text("words_allowed"), _dropped())
        return image, (), adjust
    if not isinstance(image, UploadId) and len(words) != image.shape[1]:
        can_be = make_text("words_for_rows", count=image.shape[1])
        reader.add_error("words_count", "rows", f"{len(words):,}", can_be, _dropped())
        return image, (), adjust
    moves = list_row_moves(adjust)
    if moves:
        reader.add_error("words_moved", "adjust", moves, make_text("words_kept"), make_text("part_dropped"))
        adjust = None
    return image, words, adjust


def part_words_and_batch(
    reader: SceneReader, words: Sequence[str], batch: tuple[Image, ...], item: int
) -> tuple[tuple[Image, ...], int]:
    """The stack behind the image and which of it is shown: none beside words, and none that is made of words itself."""
    if words and batch:
        dropped = make_text("part_dropped")
        reader.add_error("words_or_batch", "batch", f"{len(batch):,}", make_text("batch_empty"), dropped)
        return (), 0
    for image in batch:
        if isinstance(image, Vectors):
            can_be, dropped = make_text("batch_of_pictures"), make_text("part_dropped")
            reader.add_error("words_in_batch", "batch", format_vectors(image), can_be, dropped)
    return keep_images([None if isinstance(image, Vectors) else image for image in batch], item)


def list_row_moves(adjust: Adjustments | None) -> str:
    """What moves rows away from their words, as a link writes it; "" for nothing."""
    if adjust is None:
        return ""
    moves = [
        f"turn:{adjust.turn}" if parse_number(adjust.turn) else "",
        f"flip:{adjust.flip}" if "v" in adjust.flip else "",
        f"shift:{adjust.shift[0]}x{adjust.shift[1]}" if adjust.shift[0] else "",
    ]
    return ",".join(filter(None, moves))


def _dropped() -> Text:
    return make_text("words_dropped")
