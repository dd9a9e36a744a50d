"""How an item of QTI 2.1 grades a response: points for what is right, a feedback for each known mistake."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from ..exercise import Exercise, NumberField
from ..exercise_texts import write_exercise_text


def write_points(points: float) -> str:
    """Points as a number of QTI."""
    return f"{points:.6f}".rstrip("0").rstrip(".")


def add_field_processing(processing: Element, exercise: Exercise, tolerance: str) -> dict[str, str]:
    """Grades each number to type by a share of the points; the identifiers of the feedback, with their sentences."""
    share = write_points(exercise.points / len(exercise.fields))
    feedback = {}
    for place, field in enumerate(exercise.fields, 1):
        condition = SubElement(processing, "responseCondition")
        variable = f"RESPONSE-{place}"
        is_right = SubElement(condition, "responseIf")
        _add_equal(is_right, variable, str(field.right), tolerance)
        _add_score(is_right, share)
        _add_feedback(is_right, f"right-{place}")
        feedback[f"right-{place}"] = _write_feedback(exercise, field, write_exercise_text("exercise_right"))
        for number, wrong in enumerate(field.wrong, 1):
            is_wrong = SubElement(condition, "responseElseIf")
            _add_equal(is_wrong, variable, str(wrong.number), "0")
            _add_feedback(is_wrong, f"wrong-{place}-{number}")
            feedback[f"wrong-{place}-{number}"] = _write_feedback(exercise, field, wrong.sentence)
    return feedback


def add_choice_processing(processing: Element, exercise: Exercise) -> dict[str, str]:
    """Grades a choice; the identifiers of the feedback, with their sentences."""
    condition = SubElement(processing, "responseCondition")
    feedback = {}
    ordered = sorted(enumerate(exercise.offered, 1), key=lambda numbered: not numbered[1].is_right)
    for place, one in ordered:
        case = SubElement(condition, "responseIf" if one.is_right else "responseElseIf")
        match = SubElement(case, "match")
        SubElement(match, "variable", identifier="RESPONSE")
        SubElement(match, "baseValue", baseType="identifier").text = f"choice-{place}"
        if one.is_right:
            _add_score(case, write_points(exercise.points))
        _add_feedback(case, f"feedback-{place}")
        feedback[f"feedback-{place}"] = one.sentence or write_exercise_text("exercise_right")
    return feedback


def _write_feedback(exercise: Exercise, field: NumberField, sentence: str) -> str:
    return sentence if len(exercise.fields) == 1 else f"{field.label}: {sentence}"


def _add_equal(case: Element, variable: str, number: str, tolerance: str) -> None:
    """The comparison of a response with a number, exactly or within a tolerance."""
    modes = {"toleranceMode": "exact"}
    if tolerance != "0":
        modes = {"toleranceMode": "absolute", "tolerance": f"{tolerance} {tolerance}"}
    equal = SubElement(case, "equal", modes)
    SubElement(equal, "variable", identifier=variable)
    SubElement(equal, "baseValue", baseType="float").text = number


def _add_score(case: Element, points: str) -> None:
    total = SubElement(SubElement(case, "setOutcomeValue", identifier="SCORE"), "sum")
    SubElement(total, "variable", identifier="SCORE")
    SubElement(total, "baseValue", baseType="float").text = points


def _add_feedback(case: Element, identifier: str) -> None:
    given = SubElement(SubElement(case, "setOutcomeValue", identifier="FEEDBACK"), "multiple")
    SubElement(given, "variable", identifier="FEEDBACK")
    SubElement(given, "baseValue", baseType="identifier").text = identifier
