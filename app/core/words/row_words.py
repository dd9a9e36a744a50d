"""The words at the rows of each stage: a row of a later stage has those that its window reads, an n-gram.

A row is a tuple of places: 0 … n − 1 are the words of the input, all others are padding, before or after them. Windows
of later layers unite the places of the rows that they read, in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..arrays import Maps
from ..ops.geometry import Axis, find_source_index
from ..ops.transposed import TransposedAxis
from ..texts import Text, make_text
from ..trace.plan import Plan

Row = tuple[int, ...]
RowWords = tuple[Row, ...]
"""For each row of a stage the places of its words; () for a stage whose rows have none."""
MOST_WRITTEN, MOST_TIES = 5, 3
"""Of more words a row shows the first and the last; of more equal numbers the others are counted."""
_NO_ROWS = frozenset(("flatten", "shift", "prepare", "linear", "upsample", "center"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of an input, and a sentence on where their vectors are from."""

    words: tuple[str, ...] = ()
    vectors: Text | None = None

    @property
    def rows(self) -> RowWords:
        """One word for each row of the input."""
        return tuple((place,) for place in range(len(self.words)))

    def write(self, rows: RowWords) -> tuple[Text | str, ...]:
        """The words of each row as one text."""
        return tuple(self._write_row(row) for row in rows)

    def _write_row(self, row: Row) -> Text | str:
        if len(row) > MOST_WRITTEN:
            ends = {"first": self._write_place(row[0]), "last": self._write_place(row[-1])}
            return make_text("long_words", count=len(row), **ends)
        made: Text | str = self._write_place(row[0])
        for before, place in pairwise(row):
            code = "words_beside" if place == before + 1 else "words_apart"
            made = _join(code, made, self._write_place(place))
        return made

    def _write_place(self, place: int) -> Text | str:
        return self.words[place] if 0 <= place < len(self.words) else make_text("padding_word")


NO_WORDS = Sentence()


def _join(code: str, first: Text | str, second: Text | str) -> Text | str:
    if isinstance(first, str) and isinstance(second, str):
        return f"{first} {second}" if code == "words_beside" else f"{first} … {second}"
    return make_text(code, first=first, second=second)


def find_row_words(plan: Plan, read: Sequence[RowWords], count: int) -> RowWords:
    """The words at the rows of a stage, from those of the stages that it reads; `count` is the number of words."""
    rows = plan.shape[1]
    if plan.op.kind in _NO_ROWS or not any(read):
        return ()
    if plan.geometry and not isinstance(plan.geometry.rows, TransposedAxis):
        return _slide(plan.geometry.rows, read[0], _find_mode(plan), count) if read[0] else ()
    known = [one for one in read if len(one) == rows]
    if plan.transposed or not known:
        return ()
    return tuple(_unite([one[row] for one in known]) for row in range(rows))


def _find_mode(plan: Plan) -> str:
    return plan.conv.padding_mode if plan.conv else str(getattr(plan.law, "mode", "zeros"))


def _slide(axis: Axis, read: RowWords, mode: str, count: int) -> RowWords:
    def find(cell: int) -> Row:
        source = find_source_index(cell, len(read), mode)
        if source is not None:
            return read[source]
        return (cell,) if cell < 0 else (count + cell - len(read),)

    return tuple(_unite([find(cell) for cell in axis.window_cells(place)]) for place in range(axis.positions))


def _unite(rows: Sequence[Row]) -> Row:
    """All places once, in the order in which they are met."""
    return tuple(dict.fromkeys(place for row in rows for place in row))


# --- what is said of a layer ------------------------------------------------------------------------------------


def note_words(plan: Plan, read: Sequence[RowWords], sentence: Sentence, reads_input: bool) -> tuple[Text, ...]:
    """What a layer on single words does: how many n-grams its filter finds, and what the vectors are."""
    if not read or not read[0]:
        return ()
    made = []
    if plan.conv and plan.geometry and all(len(row) == 1 for row in read[0]):
        axis = plan.geometry.rows
        words, size, positions = len(read[0]), axis.kernel, axis.positions
        is_plain = (axis.stride, axis.dilation, axis.before, axis.after) == (1, 1, 0, 0)
        code = "grams_one" if is_plain and size == 1 else "grams" if is_plain else "grams_moved"
        made.append(make_text(code, size=size, words=words, count=positions))
    if reads_input and sentence.vectors:
        made.append(sentence.vectors)
    return tuple(made)


def find_winners(plan: Plan, maps: Maps, rows: RowWords) -> tuple[tuple[Row, ...], ...]:
    """For each map the rows that a global maximum or minimum is from, several where numbers are equal; else ()."""
    if not rows or plan.pool is not None or plan.op.pool not in ("max", "min") or plan.shape[1:] != (1, 1):
        return ()
    ends = maps.max((1, 2)) if plan.op.pool == "max" else maps.min((1, 2))
    found = [np.unique(np.argwhere(plane == end)[:, 0]) for plane, end in zip(maps, ends, strict=True)]
    return tuple(tuple(rows[row] for row in places.tolist()) for places in found)


def write_winners(winners: Sequence[Sequence[Row]], sentence: Sentence) -> tuple[Text | str, ...]:
    """The words of each map's winner in quotation marks; of equal numbers all, and that it is a tie."""
    return tuple(
        _write_equal([make_text("quoted_word", word=word) for word in sentence.write(tuple(rows))]) for rows in winners
    )


def _write_equal(words: Sequence[Text]) -> Text:
    made = words[0]
    for word in words[1:MOST_TIES]:
        made = make_text("words_equal", first=made, second=word)
    more = len(words) - MOST_TIES
    if more > 0:
        return make_text("words_tied_more", words=made, count=more)
    return make_text("words_tied", words=made) if len(words) > 1 else made
