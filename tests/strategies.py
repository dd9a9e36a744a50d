"""Scenes and views of every kind, for property tests: valid, in normal form (defaults left out, table order)."""

from __future__ import annotations

from itertools import cycle
from typing import cast

from hypothesis import strategies as st

from app.core.limits import Limits
from app.core.link.adjust_reader import make_adjustments
from app.core.link.syntax import is_redundant
from app.core.link.word_reader import list_row_moves
from app.core.operation_table import OPERATIONS, Operation
from app.core.ops.adjust_options import ADJUST_OPTIONS
from app.core.options import SCENE_OPTIONS, VIEW_OPTIONS, Option
from app.core.scene import (
    MOST_BATCH,
    SCENE_VERSION,
    Adjustments,
    Image,
    Layer,
    LearnedFilters,
    NamedFilter,
    OneHot,
    Planes,
    RandomFilters,
    RandomMaps,
    RandomRows,
    RandomVectors,
    SampleName,
    Scene,
    ShapeFilters,
    ShapeRows,
    UploadId,
    View,
    parse_number,
)
from app.core.weights.kernels import KERNELS
from app.core.words.vocabulary import clean_word

LIMITS = Limits()
NAMES = st.from_regex(r"[a-z0-9_-]{1,12}", fullmatch=True)
SAMPLES = st.one_of(st.just("chelsea"), NAMES.filter(lambda name: not name.startswith("u-")))
UPLOADS = st.from_regex(r"u-[A-Za-z0-9_-]{1,22}", fullmatch=True)


def numbers(least: int = -1_000_000, most: int = 1_000_000) -> st.SearchStrategy[str]:
    """Numbers in any valid notation."""
    whole = st.integers(least, most)
    thousandths = st.integers(least * 1000, most * 1000)
    decimals = thousandths.map(lambda n: f"{'-' * (n < 0)}{abs(n) // 1000}.{abs(n) % 1000:03}")
    fractions = st.builds("{}/{}".format, whole, st.integers(1, 10**9))
    odd = ["0", "0.50", "007", "1/03", "1.0/2", "0.0"] + ["-0", "-0.5", "-1/3"] * (least < 0)
    return st.one_of(st.integers(max(least, -9), 9).map(str), whole.map(str), decimals, fractions, st.sampled_from(odd))


NUMBERS = numbers()


@st.composite
def planes(draw: st.DrawFn, side: int = 4, most: int = 3) -> Planes:
    """Typed numbers of a few cells, repeated from a few numbers."""
    count, rows, columns = draw(st.tuples(st.integers(1, most), st.integers(1, side), st.integers(1, side)))
    cells = cycle(draw(st.lists(NUMBERS, min_size=1, max_size=5)))
    divisor = draw(st.one_of(st.just(1), st.integers(1, 1_000_000)))
    return Planes(
        tuple(tuple(tuple(next(cells) for _ in range(columns)) for _ in range(rows)) for _ in range(count)), divisor
    )


def filters() -> st.SearchStrategy[object]:
    """One filter of any kind."""
    some = st.one_of(st.none(), st.integers(0, 1_000_000))
    return st.one_of(
        st.sampled_from([row.name for row in KERNELS]).map(NamedFilter),
        planes(),
        st.builds(RandomFilters, st.integers(1, 8), st.integers(1, 15), st.integers(1, 15)),
        st.builds(ShapeFilters, st.integers(1, 65_536), st.integers(1, 512), st.integers(1, 512)),
        st.builds(LearnedFilters, NAMES, NAMES, some, some),
    )


def rows_of_weights() -> st.SearchStrategy[object]:
    """The weights of a fully connected layer, or the name of a trained one."""
    return st.one_of(
        st.builds("{}/{}".format, NAMES, NAMES),
        planes(side=4, most=1),
        st.builds(RandomRows, st.integers(1, 64)),
        st.builds(ShapeRows, st.integers(1, 65_536)),
    )


def random_maps() -> st.SearchStrategy[RandomMaps]:
    """Random inputs of any shape that a Trace holds."""
    side = st.integers(1, 15)
    return st.builds(RandomMaps, st.integers(1, 65_536), side, side, st.integers(0, 999_999_999))


def texts_in_a_line(most: int) -> st.SearchStrategy[str]:
    """Words in one line, often with the characters that separate and escape."""
    any_character = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))
    return st.text(any_character | st.sampled_from(";%&+ 25bB3"), max_size=most).map(lambda text: text.strip(" "))


def without_empty_end(lines: list[str]) -> tuple[str, ...]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    return tuple(lines)


def values(option: Option) -> st.SearchStrategy[object]:
    """Valid values of an option of the table."""
    whole = st.integers(option.least, option.most)
    kinds = {
        "whole": whole,
        "number": numbers(option.least, option.most).filter(
            lambda text: (
                option.least <= parse_number(text) <= option.most
                and not (option.above and parse_number(text) == option.least)
            )
        ),
        "numbers": st.one_of(numbers(), st.lists(numbers(), min_size=1, max_size=4).map(tuple)),
        "pair": st.one_of(whole.map(lambda n: (n, n)), st.tuples(whole, whole)),
        "shift": st.tuples(whole, whole),
        "padding": st.one_of(
            st.sampled_from(option.choices or ("valid",)),
            whole.map(lambda n: (n,) * 4),
            st.tuples(*[whole] * 4),
        ),
        "flag": st.booleans(),
        "word": st.sampled_from(option.choices or ("",)),
        "words": st.sets(st.sampled_from(option.choices or ("",))).map(
            lambda chosen: tuple(word for word in option.choices if word in chosen)
        ),
        "cell": st.tuples(whole, whole),
        "cells": st.lists(st.tuples(whole, whole), max_size=4).map(tuple),
        "line": texts_in_a_line(option.most),
        "lines": st.lists(texts_in_a_line(12), max_size=4).map(without_empty_end),
        "box": st.tuples(*[st.integers(0, 60_000)] * 2, *[st.integers(1, 60_000)] * 2),
        "stage": st.integers(0, 8),
        "stages": st.lists(st.integers(0, 8), min_size=1, max_size=3).map(tuple),
        "text": st.one_of(NAMES, st.builds("{}/{}".format, NAMES, NAMES)),
        "weights": rows_of_weights(),
    }
    return kinds[option.kind]


@st.composite
def layers(draw: st.DrawFn, row: Operation | None = None) -> Layer:
    """One layer, of the operation or of any."""
    row = row or draw(st.sampled_from(OPERATIONS))
    head, given = None, []
    if row.head is not None and (row.head.default is None or draw(st.booleans())):
        head = draw(values(row.head))
    some = tuple(draw(st.lists(filters(), min_size=1, max_size=4))) if row.family == "convolution" else ()
    for option in row.options:
        if draw(st.integers(0, 3)) == 0:
            value = draw(values(option)) if draw(st.integers(0, 3)) else option.default
            silent = value is None or is_redundant(option, value, some, head)
            given += [] if silent or value == (0, 0, 0, 0) else [(option.name, value)]
    return Layer(row.name, some, head, tuple(given))


@st.composite
def adjustments(draw: st.DrawFn) -> Adjustments | None:
    """What changes a picture on purpose, in normal form."""
    return make_adjustments({row.name: draw(values(row)) for row in ADJUST_OPTIONS if draw(st.integers(0, 2)) == 0})


ROW_WORDS = st.text(max_size=8).map(lambda text: clean_word(text)[:24].strip()).filter(bool)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Any scene that a link can express."""
    image = draw(st.one_of(SAMPLES.map(SampleName), UPLOADS.map(UploadId), planes(side=6), random_maps()))
    said = {row.name: draw(values(row)) for row in SCENE_OPTIONS if draw(st.booleans())}
    if draw(st.booleans()):
        said["layers"] = tuple(draw(st.lists(layers(), max_size=5)))
    said["adjust"] = draw(adjustments()) if draw(st.booleans()) else None
    if draw(st.integers(0, 3)) == 0 and not list_row_moves(said["adjust"]):
        image, said["rows"] = draw(images_of_words())
    elif draw(st.integers(0, 3)) == 0:
        others = st.one_of(SAMPLES.map(SampleName), UPLOADS.map(UploadId), planes(side=3), random_maps())
        said["batch"] = tuple(draw(st.lists(others, min_size=1, max_size=MOST_BATCH)))
        said["item"] = draw(st.integers(0, len(said["batch"])))
    return Scene(image=image, version=draw(st.sampled_from([1, SCENE_VERSION])), **said)


@st.composite
def images_of_words(draw: st.DrawFn) -> tuple[Image, tuple[str, ...]]:
    """An input whose rows have words, and the words: any text in one line."""
    words = draw(st.lists(ROW_WORDS, min_size=1, max_size=6).map(tuple))
    numbers_of_words = st.builds(RandomMaps, st.integers(1, 3), st.just(len(words)), st.integers(1, 9))
    made = draw(
        st.one_of(
            st.just(OneHot(words)),
            st.builds(RandomVectors, st.just(words), st.integers(1, 15), st.integers(0, 999_999_999)),
            numbers_of_words,
        )
    )
    return made, words


@st.composite
def views(draw: st.DrawFn) -> View:
    """Any view; one with stops has no story."""
    given = {row.name: draw(values(row)) for row in VIEW_OPTIONS if draw(st.integers(0, 2)) == 0}
    stops, notes = (cast(list[str], list(given.get(name, ()))) for name in ("stops", "notes"))
    if stops:
        given.pop("story", None)
    return View(**{**given, "notes": without_empty_end(notes[: len(stops)])})


def texts() -> st.SearchStrategy[str]:
    """Any text at all, lone surrogates and NULs too, and texts of the characters of links."""
    alphabet = st.sampled_from(list("&=~:;,()/*@.x%+-_0123456789aeu \x00\ud800é−"))
    words = st.sampled_from([*KEY_WORDS, *(row.name for row in OPERATIONS)])
    mixed = st.lists(st.one_of(words, st.text(alphabet, max_size=6)), max_size=12).map("".join)
    return st.one_of(st.text(st.characters(), max_size=80), st.text(alphabet, max_size=80), mixed)


KEY_WORDS = (
    *(
        "image=",
        "&size=",
        "&crop=",
        "&batch=",
        "&item=1",
        "&adjust=",
        "&rows=the,cat",
        "one-hot",
        "random-vectors*5",
        ",turn:15",
        ",from=",
        "~add:",
        "&layers=",
        "&at=",
        "&hide=",
        "&stage=",
        "&scene={",
        "&tempo=",
        ",stride=",
        ",bias=(",
    ),
    *(
        "(1,2;3,4)",
        "(1,2;3)",
        "random*4@3x3",
        "m/conv1.3@2",
        "sobel-x",
        "NaN",
        "1e999",
        "9" * 5000,
        "9223372036854775808",
    ),
    *("%ff", "%26", "%", "-1", "1/0", "same", "u-", "~", "~~", "(", ")", "()", "{}", "[1]"),
)


@st.composite
def mutations(draw: st.DrawFn, text: str) -> str:
    """A text with a few places changed, cut out or doubled."""
    for _ in range(draw(st.integers(1, 3))):
        start, length = draw(st.integers(0, len(text))), draw(st.integers(0, 6))
        put = draw(st.one_of(st.just(""), st.just(text[start : start + length] * 2), texts()))
        text = text[:start] + put + text[start + length :]
    return text
