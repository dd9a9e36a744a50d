"""The values of exercises: what a teacher chooses, and one exercise with its answers."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("cell", "map", "size", "parameters", "field", "filter", "mistake")
"""What an exercise asks for: a cell, a whole map, the size of a map, the parameters of a layer, a receptive field,
which filter made a map, which cell of a map is wrong. Their order is part of every seed: a new kind goes to the end."""
SIDES = ("size", "filter", "stride", "padding", "channels")
"""The options of an exercise that its seed draws where they are left out."""
Grid = tuple[tuple[int, ...], ...]
"""Whole numbers in rows."""


@dataclass(frozen=True, slots=True)
class ExerciseSpec:
    """One exercise of a set: its kind, its options (None where the seed draws one), and its points.

    `size` is the side of the input, `filter` that of the window, both in cells.
    """

    kind: str
    size: int | None = None
    filter: int | None = None
    stride: int | None = None
    padding: int | None = None
    channels: int | None = None
    points: int = 1


@dataclass(frozen=True, slots=True)
class ExerciseSet:
    """What a teacher chooses: the exercises, and how many seeds from the first one on have variants of them.

    `tries` is how often a student may answer. A number within `tolerance` of the right one is right; the text of a
    decimal number below 1, so that no other whole number is.
    """

    specs: tuple[ExerciseSpec, ...]
    variants: int = 5
    seed: int = 1
    tries: int = 2
    tolerance: str = "0"


@dataclass(frozen=True, slots=True)
class WrongNumber:
    """A wrong answer, with the sentence on the mistake that leads to it."""

    number: int
    sentence: str


@dataclass(frozen=True, slots=True)
class NumberField:
    """A number to type: its label, the right one, and wrong ones that come from mistakes."""

    label: str
    right: int
    wrong: tuple[WrongNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferedAnswer:
    """An answer to choose: a text or a grid of numbers. `sentence` is the mistake behind it, "" for the right one."""

    text: str
    sentence: str
    grid: Grid = ()

    @property
    def is_right(self) -> bool:
        """Whether it is the right one."""
        return not self.sentence


@dataclass(frozen=True, slots=True)
class NumberTable:
    """Numbers that an exercise gives, with their title."""

    title: str
    rows: Grid


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise.

    `link` is the figure with the answer, `picture_link` the one without. `fields` are the numbers to type, () where one
    can only choose. `offered` has the right answer and at least three wrong ones. `columns` is how many fields stand in
    a row. `lines` work the answer out.
    """

    kind: str
    seed: int
    points: int
    title: str
    sentence: str
    link: str
    picture_link: str
    tables: tuple[NumberTable, ...]
    fields: tuple[NumberField, ...]
    offered: tuple[OfferedAnswer, ...]
    lines: tuple[str, ...]
    columns: int = 1

    @property
    def right(self) -> OfferedAnswer:
        """The right answer to choose."""
        return next(one for one in self.offered if one.is_right)

    @property
    def is_chosen(self) -> bool:
        """Whether one answers by choosing."""
        return not self.fields
