"""What the files of exercises have in common: an exercise as HTML elements, and its name."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from ...core.number_text import format_number
from ..exercise import Exercise, ExerciseSet, Grid
from ..exercise_texts import write_exercise_text

Draw = Callable[[Exercise], bytes]
"""Makes the picture of an exercise, as a PNG."""


@dataclass(frozen=True, slots=True)
class ExerciseFile:
    """What a file is made of: the set, its exercises (a tuple for each seed), and who draws their pictures."""

    chosen: ExerciseSet
    sheets: tuple[tuple[Exercise, ...], ...]
    draw: Draw

    @property
    def numbers(self) -> range:
        """The numbers of the exercises of a set, from 1."""
        return range(1, len(self.chosen.specs) + 1)

    def list_variants(self, number: int) -> tuple[Exercise, ...]:
        """The exercise with a number, for each seed."""
        return tuple(sheet[number - 1] for sheet in self.sheets)


def name_question(number: int, exercise: Exercise) -> str:
    """The name of a question: "1. One cell of a map, seed 7"."""
    return write_exercise_text("exercises_question_name", number=number, title=exercise.title, seed=exercise.seed)


def name_category(number: int, exercise: Exercise) -> str:
    """The name of all variants of an exercise: "1. One cell of a map"."""
    return write_exercise_text("exercises_category", number=number, title=exercise.title)


def list_body(exercise: Exercise, source: str) -> list[Element]:
    """The sentence, the numbers as tables and the picture at `source`, as block elements of XHTML."""
    blocks = [make_paragraph(exercise.sentence)]
    blocks += [make_table(table.rows, table.title) for table in exercise.tables]
    picture = Element("p")
    alt = write_exercise_text("exercises_picture_alt" if exercise.tables else "exercises_picture_alt_alone")
    SubElement(picture, "img", src=source, alt=alt)
    return [*blocks, picture]


def make_paragraph(text: str) -> Element:
    """A paragraph."""
    paragraph = Element("p")
    paragraph.text = text
    return paragraph


def make_table(rows: Grid, title: str = "") -> Element:
    """Numbers as a table with a caption, "" for none."""
    table = Element("table")
    if title:
        SubElement(table, "caption").text = title
    body = SubElement(table, "tbody")
    for row in rows:
        line = SubElement(body, "tr")
        for value in row:
            SubElement(line, "td").text = format_number(value)
    return table


def make_field_table(exercise: Exercise, fields: Sequence[Element | str]) -> Element:
    """The fields of an exercise as a table: `exercise.columns` in a row, each with its label before it."""
    table = Element("table")
    body = SubElement(table, "tbody")
    for first in range(0, len(fields), exercise.columns):
        line = SubElement(body, "tr")
        for place in range(first, min(first + exercise.columns, len(fields))):
            cell = SubElement(line, "td")
            cell.text = f"{exercise.fields[place].label}: "
            field = fields[place]
            if isinstance(field, str):
                cell.text += field
            else:
                cell.append(field)
    return table


def write_elements(elements: Sequence[Element]) -> str:
    """Elements as HTML, their tables with lines."""
    for element in elements:
        for table in element.iter("table"):
            table.set("border", "1")
    return "".join(tostring(element, encoding="unicode", method="html") for element in elements)


def encode_png_text(png: bytes) -> str:
    """A PNG in base64."""
    return base64.b64encode(png).decode("ascii")
