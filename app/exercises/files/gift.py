"""Exercises as GIFT, the text format of Moodle: a category for each exercise of the set, a question for each seed.

GIFT has no files and no question with several numbers. So the picture stands in the text as a `data:` URL, beside the
numbers as tables, and an exercise with several numbers becomes a multiple-choice question. How often a student may
answer is a setting of the quiz.
"""

from __future__ import annotations

from ..exercise import Exercise, NumberField, OfferedAnswer
from ..exercise_texts import write_exercise_text
from .question_html import (
    ExerciseFile,
    encode_png_text,
    list_body,
    make_paragraph,
    make_table,
    name_category,
    name_question,
    write_elements,
)

RESERVED = "\\~=#{}:"
"""Characters with a meaning in GIFT; a backslash before one takes it away."""


def write_gift(file: ExerciseFile) -> bytes:
    """The file, in UTF-8; an empty line ends each question."""
    parts = []
    for number in file.numbers:
        variants = file.list_variants(number)
        title = write_exercise_text("exercises_title")
        parts.append(f"$CATEGORY: $course$/top/{title}/{name_category(number, variants[0])}")
        parts += [_write_question(file, number, one) for one in variants]
    return ("\n\n".join(parts) + "\n").encode()


def escape_gift(text: str) -> str:
    """A text in which no character has a meaning; line breaks become spaces."""
    escaped = "".join(f"\\{character}" if character in RESERVED else character for character in text)
    return " ".join(escaped.split("\n"))


def _write_question(file: ExerciseFile, number: int, exercise: Exercise) -> str:
    source = f"data:image/png;base64,{encode_png_text(file.draw(exercise))}"
    body = escape_gift(write_elements(list_body(exercise, source)))
    is_number = len(exercise.fields) == 1
    answers = (
        _write_numbers(exercise.fields[0], file.chosen.tolerance)
        if is_number
        else [_write_choice(one) for one in exercise.offered]
    )
    lines = escape_gift(write_elements([make_paragraph(line) for line in exercise.lines]))
    name = escape_gift(name_question(number, exercise))
    start = "{#" if is_number else "{"
    return "\n".join([f"::{name}::[html]{body}{start}", *answers, f"####{lines}", "}"])


def _write_numbers(field: NumberField, tolerance: str) -> list[str]:
    right = f"=%100%{field.right}:{tolerance}#{escape_gift(write_exercise_text('exercise_right'))}"
    return [right, *(f"=%0%{one.number}:0#{escape_gift(one.sentence)}" for one in field.wrong)]


def _write_choice(one: OfferedAnswer) -> str:
    shown = escape_gift(write_elements([make_table(one.grid) if one.grid else make_paragraph(one.text)]))
    sentence = escape_gift(one.sentence or write_exercise_text("exercise_right"))
    return f"{'=' if one.is_right else '~'}{shown}#{sentence}"
