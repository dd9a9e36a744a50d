"""Exercises as Moodle XML: a category for each exercise of the set, with a question for each seed.

An exercise with one number becomes a question of type `numerical`, one with several numbers `cloze`, and a choice
`multichoice`. The picture is in the file. A question has a hint for each try but the last one, so that "Interactive
with multiple tries" gives as many tries as were chosen; the penalty of a try is the points divided by the tries.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from ..exercise import Exercise, ExerciseSet, NumberField
from ..exercise_texts import write_exercise_text
from .question_html import (
    ExerciseFile,
    encode_png_text,
    list_body,
    make_field_table,
    make_paragraph,
    make_table,
    name_category,
    name_question,
    write_elements,
)

PICTURE_NAME = "figure.png"
CLOZE_ESCAPES = {"}": "&#125;", "{": "&#123;", "#": "&#35;", "~": "&#126;", "\\": "&#92;", '"': "&quot;", "/": "&#47;"}
"""Characters that end a part of a cloze answer. Moodle decodes entities in feedback once it has found its end."""
WHOLE_FRACTION, NO_FRACTION = "100", "0"


def write_moodle_xml(file: ExerciseFile) -> bytes:
    """The file, in UTF-8; the same bytes for the same set."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    for number in file.numbers:
        variants = file.list_variants(number)
        parts.append(_write(_make_category(number, variants[0])))
        parts += [_write(_make_question(file, number, one)) for one in variants]
    return "\n".join([*parts, "</quiz>", ""]).encode()


def write_cloze(field: NumberField, tolerance: str) -> str:
    """A field as Moodle's cloze notation: `{1:NUMERICAL:=5:0#Right.~%0%4:0#…}`."""
    right = f"={field.right}:{tolerance}#{_escape_cloze(write_exercise_text('exercise_right'))}"
    wrong = [f"~%0%{one.number}:0#{_escape_cloze(one.sentence)}" for one in field.wrong]
    return f"{{1:NUMERICAL:{right}{''.join(wrong)}}}"


def _escape_cloze(text: str) -> str:
    return "".join(CLOZE_ESCAPES.get(character, character) for character in text)


def _write(element: Element) -> str:
    return tostring(element, encoding="unicode", short_empty_elements=False)


def _make_category(number: int, exercise: Exercise) -> Element:
    question = Element("question", type="category")
    path = f"$course$/top/{write_exercise_text('exercises_title')}/{name_category(number, exercise)}"
    _add_text(question, "category", path, "")
    return question


def _make_question(file: ExerciseFile, number: int, exercise: Exercise) -> Element:
    kind = "multichoice" if exercise.is_chosen else "numerical" if len(exercise.fields) == 1 else "cloze"
    question = Element("question", type=kind)
    _add_text(question, "name", name_question(number, exercise), "")
    body = list_body(exercise, f"@@PLUGINFILE@@/{PICTURE_NAME}")
    if kind == "cloze":
        fields = [write_cloze(field, file.chosen.tolerance) for field in exercise.fields]
        body.append(make_field_table(exercise, fields))
    text = _add_text(question, "questiontext", _write_question_text(body))
    picture = SubElement(text, "file", name=PICTURE_NAME, path="/", encoding="base64")
    picture.text = encode_png_text(file.draw(exercise))
    _add_text(question, "generalfeedback", write_elements([make_paragraph(line) for line in exercise.lines]))
    if kind != "cloze":
        SubElement(question, "defaultgrade").text = str(exercise.points)
    SubElement(question, "penalty").text = f"{1 / file.chosen.tries:.7f}"
    SubElement(question, "hidden").text = "0"
    if kind == "numerical":
        _add_numbers(question, exercise.fields[0], file.chosen.tolerance)
    elif kind == "multichoice":
        _add_choices(question, exercise)
    _add_hints(question, file.chosen)
    return question


def _write_question_text(body: list[Element]) -> str:
    """The elements as HTML. The entities of a cloze answer, escaped once more by the writer, are restored."""
    text = write_elements(body)
    for entity in CLOZE_ESCAPES.values():
        text = text.replace(f"&amp;{entity[1:]}", entity)
    return text


def _add_numbers(question: Element, field: NumberField, tolerance: str) -> None:
    answers = [(field.right, write_exercise_text("exercise_right"), WHOLE_FRACTION, tolerance)]
    answers += [(one.number, one.sentence, NO_FRACTION, "0") for one in field.wrong]
    for number, sentence, fraction, accepted in answers:
        answer = SubElement(question, "answer", fraction=fraction, format="moodle_auto_format")
        SubElement(answer, "text").text = str(number)
        _add_text(answer, "feedback", write_elements([make_paragraph(sentence)]))
        SubElement(answer, "tolerance").text = accepted


def _add_choices(question: Element, exercise: Exercise) -> None:
    """The choices; places of a map stay in reading order."""
    SubElement(question, "single").text = "true"
    SubElement(question, "shuffleanswers").text = "false" if exercise.kind == "mistake" else "true"
    SubElement(question, "answernumbering").text = "abc"
    for one in exercise.offered:
        answer = SubElement(question, "answer", fraction=WHOLE_FRACTION if one.is_right else NO_FRACTION, format="html")
        shown = make_table(one.grid) if one.grid else make_paragraph(one.text)
        SubElement(answer, "text").text = write_elements([shown])
        sentence = one.sentence or write_exercise_text("exercise_right")
        _add_text(answer, "feedback", write_elements([make_paragraph(sentence)]))


def _add_hints(question: Element, chosen: ExerciseSet) -> None:
    for _ in range(chosen.tries - 1):
        _add_text(question, "hint", write_elements([make_paragraph(write_exercise_text("exercise_again"))]))


def _add_text(parent: Element, name: str, text: str, format: str = "html") -> Element:
    element = SubElement(parent, name, {"format": format} if format else {})
    SubElement(element, "text").text = text
    return element
