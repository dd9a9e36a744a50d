"""Each file of exercises is read by a reader of its format, and says what the exercises say."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, fromstring

import pytest
from PIL import Image

from app.exercises.exercise import KINDS, Exercise, NumberField, WrongNumber
from app.exercises.files.gift import escape_gift, write_gift
from app.exercises.files.moodle_xml import write_cloze, write_moodle_xml
from app.exercises.files.print_sheet import write_print_sheet
from app.exercises.files.qti_package import write_qti_package
from app.exercises.files.question_html import ExerciseFile
from tests.exercises.file_readers import QTI, grade_qti, read_cloze, read_gift
from tests.exercises.made_exercises import file_of

ALL = "~".join(KINDS)
FILES = [(kind, variants) for kind in KINDS for variants in (1, 3)]
every_file = pytest.mark.parametrize(("kind", "variants"), FILES)


class Words(HTMLParser):
    """The words of some HTML, and the tags that are open at its end."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.open, self.pictures = "", [], []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.pictures.append(dict(attributes))
        else:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def words(html: str) -> str:
    read = Words(html)
    assert read.open == []
    return " ".join(read.text.split())


def is_picture(data: bytes) -> bool:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.format == "PNG" and picture.width == 720


def exercises_of(file: ExerciseFile) -> list[Exercise]:
    return [one for number in file.numbers for one in file.list_variants(number)]


def text_of(question: Element, path: str) -> str:
    return question.findtext(f"{path}/text") or ""


# --- Moodle XML ---------------------------------------------------------------------------------------------


@every_file
def test_moodle_xml_has_a_category_and_a_question_for_each_seed_with_its_picture(kind: str, variants: int):
    file = file_of(kind, variants)
    quiz = fromstring(write_moodle_xml(file))
    category, *questions = quiz
    assert quiz.tag == "quiz"
    assert category.get("type") == "category"
    assert text_of(category, "category").startswith("$course$/top/Convoscope exercises/1. ")
    assert len(questions) == variants
    for question, exercise in zip(questions, exercises_of(file), strict=True):
        html = text_of(question, "questiontext")
        assert words(html).startswith(" ".join(exercise.sentence.split()))
        assert [picture["src"] for picture in Words(html).pictures] == ["@@PLUGINFILE@@/figure.png"]
        (picture,) = question.findall("questiontext/file")
        assert picture.attrib == {"name": "figure.png", "path": "/", "encoding": "base64"}
        assert is_picture(base64.b64decode(picture.text or "", validate=True))
        assert [words(hint.findtext("text") or "") for hint in question.findall("hint")] == [
            "That is not it. Try again."
        ] * 2
        assert question.findtext("penalty") == "0.3333333"
        assert words(text_of(question, "generalfeedback")) == " ".join(exercise.lines)
        check_moodle_answers(question, exercise)


def check_moodle_answers(question: Element, exercise: Exercise) -> None:
    if exercise.is_chosen:
        assert question.get("type") == "multichoice"
        assert question.findtext("single") == "true"
        answers = question.findall("answer")
        assert [one.get("fraction") for one in answers] == ["100" if one.is_right else "0" for one in exercise.offered]
        said = [words(text_of(one, "feedback")) for one in answers]
        assert said == [" ".join((one.sentence or "Right.").split()) for one in exercise.offered]
    elif len(exercise.fields) == 1:
        assert question.get("type") == "numerical"
        right, *wrong = question.findall("answer")
        (field,) = exercise.fields
        assert (right.findtext("text"), right.get("fraction"), right.findtext("tolerance")) == (
            str(field.right),
            "100",
            "0.1",
        )
        assert [(int(one.findtext("text") or ""), words(text_of(one, "feedback"))) for one in wrong] == [
            (one.number, one.sentence) for one in field.wrong
        ]
        assert {one.findtext("tolerance") for one in wrong} == {"0"}
    else:
        assert question.get("type") == "cloze"
        check_cloze(text_of(question, "questiontext"), exercise.fields)


def check_cloze(html: str, fields: tuple[NumberField, ...]) -> None:
    read = read_cloze(html)
    assert len(read) == len(fields)
    for answers, field in zip(read, fields, strict=True):
        right, *wrong = answers
        assert (right.text, right.fraction, right.tolerance) == (str(field.right), 1, 0.1)
        assert [(int(one.text), one.fraction, one.feedback) for one in wrong] == [
            (one.number, 0, one.sentence) for one in field.wrong
        ]


def test_characters_with_a_meaning_in_cloze_are_read_back_from_feedback():
    sentence = 'Half } way # through ~ this / \\ "sentence" {'
    written = write_cloze(NumberField("Number", -3, (WrongNumber(4, sentence),)), "0.5")
    ((right, wrong),) = read_cloze(written)
    assert (right.text, right.tolerance, right.feedback) == ("-3", 0.5, "Right.")
    assert (wrong.text, wrong.fraction, wrong.feedback) == ("4", 0, sentence)


# --- GIFT ---------------------------------------------------------------------------------------------------


@every_file
def test_gift_has_the_same_questions_with_pictures_in_their_text(kind: str, variants: int):
    file = file_of(kind, variants)
    category, *questions = read_gift(write_gift(file).decode())
    assert category.kind == "category"
    assert category.name.startswith("$course$/top/Convoscope exercises/1. ")
    assert len(questions) == variants
    for question, exercise in zip(questions, exercises_of(file), strict=True):
        assert question.name == f"1. {exercise.title}, seed {exercise.seed}"
        assert words(question.text).startswith(" ".join(exercise.sentence.split()))
        (picture,) = Words(question.text).pictures
        kind_of_picture, _, data = (picture["src"] or "").partition(",")
        assert kind_of_picture == "data:image/png;base64"
        assert is_picture(base64.b64decode(data, validate=True))
        assert words(question.general) == " ".join(exercise.lines)
        if len(exercise.fields) == 1:
            (field,) = exercise.fields
            read = [(int(one.text), one.fraction, one.feedback, one.tolerance) for one in question.answers]
            assert read == [
                (field.right, 1, "Right.", 0.1),
                *((one.number, 0, one.sentence, 0) for one in field.wrong),
            ]
        else:
            assert [(one.fraction, one.feedback) for one in question.answers] == [
                (1 if one.is_right else 0, one.sentence or "Right.") for one in exercise.offered
            ]
            assert len({one.text for one in question.answers}) == len(exercise.offered)


def test_characters_with_a_meaning_in_gift_are_read_back():
    name = "A {brace}, an = sign, # ~ : and a \\ in\na name"
    (question,) = read_gift(f"::{escape_gift(name)}::[html]<p>Text</p>{{#\n=%100%5:0#Right.\n####Done.\n}}\n")
    assert question.name == name.replace("\n", " ")


# --- QTI 2.1 ------------------------------------------------------------------------------------------------

ITEM_ORDER = [
    *("responseDeclaration", "outcomeDeclaration", "templateDeclaration", "templateProcessing"),
    *("stylesheet", "itemBody", "responseProcessing", "modalFeedback"),
]
TEST_ORDER = ["outcomeDeclaration", "timeLimits", "stylesheet", "testPart", "outcomeProcessing", "testFeedback"]
SECTION_ORDER = [
    *("preCondition", "branchRule", "itemSessionControl", "timeLimits", "rubricBlock"),
    *("selection", "ordering", "assessmentSection", "assessmentItemRef"),
]
BLOCKS = {"p", "div", "table", "choiceInteraction"}


def check_order(element: Element, order: list[str]) -> None:
    places = [order.index(child.tag.removeprefix(QTI)) for child in element]
    assert places == sorted(places)


def package_of(file: ExerciseFile) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(write_qti_package(file))) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


@every_file
def test_a_qti_package_names_all_of_its_files_and_its_elements_stand_in_order(kind: str, variants: int):
    package = package_of(file_of(kind, variants))
    packaging = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
    manifest = fromstring(package["imsmanifest.xml"])
    assert [child.tag.removeprefix(packaging) for child in manifest] == ["metadata", "organizations", "resources"]
    resources = manifest.findall(f"{packaging}resources/{packaging}resource")
    named = {file.get("href") for resource in resources for file in resource.findall(f"{packaging}file")}
    assert named | {"imsmanifest.xml"} == set(package)
    assert all(resource.get("href") in named for resource in resources)
    identifiers = [resource.get("identifier") for resource in resources]
    assert len(set(identifiers)) == len(identifiers)
    wanted = [one.get("identifierref") for one in manifest.iter(f"{packaging}dependency")]
    assert wanted == identifiers[1:]
    test = fromstring(package["test.xml"])
    check_order(test, TEST_ORDER)
    references = list(test.iter(f"{QTI}assessmentItemRef"))
    assert [one.get("identifier") for one in references] == wanted
    assert all(one.get("href") in package for one in references)
    for section in test.iter(f"{QTI}assessmentSection"):
        check_order(section, SECTION_ORDER)
        assert [one.get("select") for one in section.findall(f"{QTI}selection")] == ["1"] * (variants > 1)
    assert [one.get("maxAttempts") for one in test.iter(f"{QTI}itemSessionControl")] == ["3"]


@every_file
def test_a_qti_item_grades_the_right_answer_and_every_known_mistake(kind: str, variants: int):
    file = file_of(kind, variants)
    package = package_of(file)
    for variant, exercise in enumerate(exercises_of(file), 1):
        name = f"item-1-{variant}"
        item = fromstring(package[f"items/{name}.xml"])
        assert (item.tag, item.get("identifier")) == (f"{QTI}assessmentItem", name)
        check_order(item, ITEM_ORDER)
        body = item.find(f"{QTI}itemBody")
        assert body is not None
        assert {child.tag.removeprefix(QTI) for child in body} <= BLOCKS
        assert [f"../images/{name}.png"] == [picture.get("src") for picture in body.iter(f"{QTI}img")]
        assert is_picture(package[f"images/{name}.png"])
        declared = {one.get("identifier") for one in item.iter(f"{QTI}responseDeclaration")}
        assert declared == {one.get("responseIdentifier") for one in body.iter() if one.get("responseIdentifier")}
        check_qti_grades(item, exercise)


def check_qti_grades(item: Element, exercise: Exercise) -> None:
    assert grade_qti(item, {}) == (0, [])
    if exercise.is_chosen:
        for place, one in enumerate(exercise.offered, 1):
            graded = grade_qti(item, {"RESPONSE": f"choice-{place}"})
            assert graded == (exercise.points if one.is_right else 0, [one.sentence or "Right."])
        return
    rights = {f"RESPONSE-{place}": str(field.right + 0.05) for place, field in enumerate(exercise.fields, 1)}
    score, sentences = grade_qti(item, rights)
    assert score == pytest.approx(exercise.points, abs=1e-4)
    assert len(sentences) == len(exercise.fields)
    for place, field in enumerate(exercise.fields, 1):
        for wrong in field.wrong:
            score, (sentence,) = grade_qti(item, {f"RESPONSE-{place}": str(wrong.number)})
            assert score == 0
            assert sentence.endswith(wrong.sentence)
        assert grade_qti(item, {f"RESPONSE-{place}": str(field.right + 1000)}) == (0, [])


# --- all ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [write_moodle_xml, write_gift, write_qti_package, write_print_sheet])
def test_the_same_set_gives_the_same_bytes(write):
    file = file_of(ALL)
    assert write(file) == write(file)


@pytest.mark.parametrize("write", [write_moodle_xml, write_gift])
def test_a_file_with_all_kinds_has_all_of_them(write):
    text = write(file_of(ALL)).decode()
    for exercise in exercises_of(file_of(ALL)):
        assert f"{exercise.title}, seed {exercise.seed}" in text


def test_a_printed_sheet_has_a_sheet_for_each_seed_and_the_answers_on_the_pages_of_the_key_alone():
    file = file_of(ALL)
    html = write_print_sheet(file, "letter").decode()
    assert "size: letter" in html
    assert html.count('<section class="sheet">') == 2
    sheets, _, key = html.partition('<section class="key">')
    assert "<script" not in html
    assert html.count("data:image/png;base64,") == 14
    for exercise in exercises_of(file):
        assert exercise.sentence in sheets
        for line in exercise.lines:
            assert line in key
            assert line not in sheets
        for one in exercise.offered:
            assert not one.sentence or one.sentence not in sheets
    assert not re.search(r'(src|href)="(?!data:)', html)
