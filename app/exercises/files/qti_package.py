"""Exercises as a content package of IMS QTI 2.1: a manifest, a test, an item for each exercise and seed, and pictures.

The test has a section for each exercise of the set, of which each student gets one variant. The elements of an item
stand in the order of the specification: declarations, body, processing of the response, feedback.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.etree.ElementTree import Element, SubElement, tostring

from ..exercise import Exercise, NumberField
from ..exercise_texts import write_exercise_text
from .qti_response import add_choice_processing, add_field_processing, write_points
from .question_html import (
    ExerciseFile,
    list_body,
    make_field_table,
    make_paragraph,
    make_table,
    name_category,
    name_question,
)

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGING = "http://www.imsglobal.org/xsd/imscp_v1p1"
SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
ITEM_TYPE, TEST_TYPE = "imsqti_item_xmlv2p1", "imsqti_test_xmlv2p1"
TEST_FILE, TEST_NAME = "test.xml", "test"
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of all files in the package, so that the same set gives the same bytes."""


def write_qti_package(file: ExerciseFile) -> bytes:
    """The package, a ZIP file."""
    items = {
        _name_item(number, variant): exercise
        for number in file.numbers
        for variant, exercise in enumerate(file.list_variants(number), 1)
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        _add(package, "imsmanifest.xml", _write_xml(_make_manifest(list(items))))
        _add(package, TEST_FILE, _write_xml(_make_test(file)))
        for name, exercise in items.items():
            number = int(name.split("-")[1])
            _add(package, f"items/{name}.xml", _write_xml(_make_item(file, name, number, exercise)))
            _add(package, f"images/{name}.png", file.draw(exercise))
    return packed.getvalue()


def _name_item(number: int, variant: int) -> str:
    return f"item-{number}-{variant}"


def _add(package: zipfile.ZipFile, name: str, body: bytes) -> None:
    info = zipfile.ZipInfo(name, ZIP_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    package.writestr(info, body)


def _write_xml(root: Element) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode").encode() + b"\n"


def _make_root(name: str, namespace: str, **attributes: str) -> Element:
    located = {"xmlns": namespace, "xmlns:xsi": SCHEMA_INSTANCE}
    located["xsi:schemaLocation"] = f"{namespace} {namespace}.xsd"
    return Element(name, {**located, **attributes})


def _make_manifest(items: list[str]) -> Element:
    manifest = _make_root("manifest", PACKAGING, identifier="convoscope-exercises")
    metadata = SubElement(manifest, "metadata")
    SubElement(metadata, "schema").text = "QTIv2.1 Package"
    SubElement(metadata, "schemaversion").text = "1.0.0"
    SubElement(manifest, "organizations")
    resources = SubElement(manifest, "resources")
    test = SubElement(resources, "resource", identifier=TEST_NAME, type=TEST_TYPE, href=TEST_FILE)
    SubElement(test, "file", href=TEST_FILE)
    for name in items:
        SubElement(test, "dependency", identifierref=name)
    for name in items:
        resource = SubElement(resources, "resource", identifier=name, type=ITEM_TYPE, href=f"items/{name}.xml")
        SubElement(resource, "file", href=f"items/{name}.xml")
        SubElement(resource, "file", href=f"images/{name}.png")
    return manifest


def _make_test(file: ExerciseFile) -> Element:
    test = _make_root("assessmentTest", QTI, identifier=TEST_NAME, title=write_exercise_text("exercises_title"))
    _add_outcome(test, "SCORE")
    part = SubElement(test, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="individual")
    SubElement(part, "itemSessionControl", maxAttempts=str(file.chosen.tries), showFeedback="true")
    for number in file.numbers:
        variants = file.list_variants(number)
        title = name_category(number, variants[0])
        section = SubElement(part, "assessmentSection", identifier=f"section-{number}", title=title, visible="true")
        if len(variants) > 1:
            SubElement(section, "selection", select="1")
        for variant in range(1, len(variants) + 1):
            name = _name_item(number, variant)
            SubElement(section, "assessmentItemRef", identifier=name, href=f"items/{name}.xml")
    processing = SubElement(test, "outcomeProcessing")
    total = SubElement(SubElement(processing, "setOutcomeValue", identifier="SCORE"), "sum")
    SubElement(total, "testVariables", variableIdentifier="SCORE")
    return test


def _make_item(file: ExerciseFile, name: str, number: int, exercise: Exercise) -> Element:
    title = name_question(number, exercise)
    item = _make_root("assessmentItem", QTI, identifier=name, title=title, adaptive="false", timeDependent="false")
    _add_responses(item, exercise)
    _add_outcome(item, "SCORE")
    _add_outcome(item, "MAXSCORE", write_points(exercise.points))
    SubElement(item, "outcomeDeclaration", identifier="FEEDBACK", cardinality="multiple", baseType="identifier")
    body = SubElement(item, "itemBody")
    body.extend(list_body(exercise, f"../images/{name}.png"))
    body.append(_make_choices(exercise) if exercise.is_chosen else _make_fields(exercise))
    processing = SubElement(item, "responseProcessing")
    feedback = (
        add_choice_processing(processing, exercise)
        if exercise.is_chosen
        else add_field_processing(processing, exercise, file.chosen.tolerance)
    )
    for identifier, sentence in feedback.items():
        shown = SubElement(item, "modalFeedback", outcomeIdentifier="FEEDBACK", identifier=identifier, showHide="show")
        shown.append(make_paragraph(sentence))
    return item


def _add_outcome(parent: Element, name: str, default: str = "0") -> None:
    declared = SubElement(parent, "outcomeDeclaration", identifier=name, cardinality="single", baseType="float")
    SubElement(SubElement(declared, "defaultValue"), "value").text = default


def _add_responses(item: Element, exercise: Exercise) -> None:
    if exercise.is_chosen:
        right = next(place for place, one in enumerate(exercise.offered, 1) if one.is_right)
        _add_response(item, "RESPONSE", "identifier", f"choice-{right}")
    for place, field in enumerate(exercise.fields, 1):
        _add_response(item, f"RESPONSE-{place}", "float", str(field.right))


def _add_response(item: Element, name: str, base: str, right: str) -> None:
    declared = SubElement(item, "responseDeclaration", identifier=name, cardinality="single", baseType=base)
    SubElement(SubElement(declared, "correctResponse"), "value").text = right


def _make_fields(exercise: Exercise) -> Element:
    entries = [_make_entry(place, field) for place, field in enumerate(exercise.fields, 1)]
    return make_field_table(exercise, entries)


def _make_entry(place: int, field: NumberField) -> Element:
    length = str(len(str(field.right)) + 4)
    return Element("textEntryInteraction", responseIdentifier=f"RESPONSE-{place}", expectedLength=length)


def _make_choices(exercise: Exercise) -> Element:
    shuffle = "false" if exercise.kind == "mistake" else "true"
    interaction = Element("choiceInteraction", responseIdentifier="RESPONSE", shuffle=shuffle, maxChoices="1")
    for place, one in enumerate(exercise.offered, 1):
        choice = SubElement(interaction, "simpleChoice", identifier=f"choice-{place}")
        choice.append(make_table(one.grid) if one.grid else make_paragraph(one.text))
    return interaction
