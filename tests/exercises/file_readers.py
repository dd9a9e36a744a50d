"""Readers of the files of exercises, written apart from the writers, by what the formats say.

GIFT and cloze follow Moodle's own rules: escapes first, then braces, then answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from xml.etree.ElementTree import Element

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
SPECIAL = {":": "\x01", "#": "\x02", "=": "\x03", "{": "\x04", "}": "\x05", "~": "\x06"}


@dataclass
class Answer:
    text: str
    fraction: float
    feedback: str
    tolerance: float = 0


@dataclass
class Question:
    kind: str
    name: str
    text: str
    answers: list[Answer] = field(default_factory=list)
    general: str = ""


def read_gift(text: str) -> list[Question]:
    """The questions and categories of a GIFT file, which empty lines separate."""
    return [_read_gift_question(part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def _hide(text: str) -> str:
    text = text.replace("\\\\", "\x07")
    for character, stand_in in SPECIAL.items():
        text = text.replace(f"\\{character}", stand_in)
    return text.replace("\x07", "\\")


def _show(text: str) -> str:
    for character, stand_in in SPECIAL.items():
        text = text.replace(stand_in, character)
    return text.strip()


def _read_gift_question(part: str) -> Question:
    part = _hide(part)
    if part.startswith("$CATEGORY:"):
        return Question("category", part[10:].strip(), "")
    assert part.startswith("::")
    name, _, rest = part[2:].partition("::")
    start, end = rest.index("{"), rest.index("}")
    assert rest.count("{") == rest.count("}") == 1, "a brace is not escaped"
    assert end == len(rest) - 1
    body, answers = rest[:start], rest[start + 1 : end].strip()
    assert body.startswith("[html]")
    answers, _, general = answers.rpartition("####")
    if answers.startswith("#"):
        found = [_read_gift_number(one) for one in answers[1:].split("=") if one.strip()]
        return Question("numerical", _show(name), _show(body[6:]), found, _show(general))
    assert "~" in answers
    listed = [one.strip() for one in answers.replace("=", "~=").split("~") if one.strip()]
    choices = []
    for one in listed:
        shown, _, feedback = one.lstrip("=").partition("#")
        choices.append(Answer(_show(shown), 1 if one.startswith("=") else 0, _show(feedback)))
    return Question("multichoice", _show(name), _show(body[6:]), choices, _show(general))


def _read_gift_number(one: str) -> Answer:
    weight = re.match(r"\s*%(-?[\d.]+)%", one)
    assert weight is not None
    number, _, feedback = one[weight.end() :].partition("#")
    value, _, tolerance = number.partition(":")
    return Answer(str(int(value)), float(weight[1]) / 100, _show(feedback), float(tolerance))


CLOZE = re.compile(r"\{(\d*):(NUMERICAL|NM):((?:[^}\\]|\\.)*)\}")


def read_cloze(text: str) -> list[list[Answer]]:
    """The numbers that a cloze text asks for, each with all known answers."""
    fields = []
    for _, _, alternatives in CLOZE.findall(text):
        answers = []
        for one in re.split(r"(?<!\\)~", alternatives):
            weight = re.match(r"=|%(-?\d+)%", one)
            assert weight is not None, one
            number, _, feedback = one[weight.end() :].partition("#")
            found = re.fullmatch(r"(-?\d+):([\d.]+)", number)
            assert found is not None, number
            fraction = 1 if weight[0] == "=" else int(weight[1]) / 100
            answers.append(Answer(found[1], fraction, unescape(feedback), float(found[2])))
        fields.append(answers)
    return fields


def grade_qti(item: Element, responses: dict[str, str]) -> tuple[float, list[str]]:
    """The score of an item for some responses, and the sentences that it shows, by its own processing."""
    values: dict[str, object] = {"SCORE": 0.0, "FEEDBACK": [], **responses}
    types = {one.get("identifier"): one.get("baseType") for one in item.iter(f"{QTI}responseDeclaration")}
    processing = item.find(f"{QTI}responseProcessing")
    assert processing is not None
    for condition in processing:
        assert condition.tag == f"{QTI}responseCondition"
        for case in condition:
            test, *rules = case
            if _holds(test, values, types):
                for rule in rules:
                    assert rule.tag == f"{QTI}setOutcomeValue"
                    values[str(rule.get("identifier"))] = _evaluate(rule[0], values)
                break
    shown = values["FEEDBACK"]
    assert isinstance(shown, list)
    sentences = ["".join(one.itertext()) for one in item.iter(f"{QTI}modalFeedback") if one.get("identifier") in shown]
    return float(str(values["SCORE"])), sentences


def _holds(test: Element, values: dict[str, object], types: dict[str | None, str | None]) -> bool:
    variable, base = test
    name = str(variable.get("identifier"))
    assert base.get("baseType") == types[name]
    given = values.get(name)
    if given is None:
        return False
    if test.tag == f"{QTI}match":
        return given == base.text
    assert test.tag == f"{QTI}equal"
    tolerance = 0.0
    if test.get("toleranceMode") == "absolute":
        below, above = map(float, str(test.get("tolerance")).split())
        assert below == above
        tolerance = above
    else:
        assert test.get("toleranceMode") == "exact"
    return abs(float(str(given)) - float(str(base.text))) <= tolerance


def _evaluate(expression: Element, values: dict[str, object]) -> object:
    variable, base = expression
    before = values[str(variable.get("identifier"))]
    if expression.tag == f"{QTI}sum":
        return float(str(before)) + float(str(base.text))
    assert expression.tag == f"{QTI}multiple"
    assert isinstance(before, list)
    return [*before, base.text]
