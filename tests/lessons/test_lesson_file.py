"""A lesson is read from its file and written to it, and each thing that is wrong in the form has a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.lessons.lesson import LessonAnswer
from app.lessons.lesson_file import MOST_BYTES, decode_lesson, read_lesson, write_lesson
from app.lessons.lesson_messages import LessonProblems
from app.lessons.lesson_shelf import load_built_in_lessons
from tests.lessons.lesson_texts import HEAD, LINK, QUESTION, WHY, make_scene, read, say

WHOLE = f"{HEAD}{make_scene(question=QUESTION + WHY)}"


def test_a_lesson_has_what_its_file_says():
    lesson = read(WHOLE)
    assert (lesson.title, lesson.minutes, lesson.tracks) == ("One stop", 4, ("lecture", "school"))
    assert (lesson.needs, lesson.next) == (("picture-numbers",), "filter-question")
    (scene,) = lesson.scenes
    assert (scene.heading, scene.link, scene.text) == ("A stop", LINK[1:], "The [window](#window).")
    assert scene.question is not None
    assert scene.question.answers == (LessonAnswer("3", True), LessonAnswer("4", False, "the first stop again"))
    assert scene.question.why is not None
    assert [one.is_right for one in scene.question.why.answers] == [True, False, False]
    assert scene.question.answers[1].file_line == WHOLE.split("\n").index("- [ ] 4 (the first stop again)") + 1


@pytest.mark.parametrize("lesson", load_built_in_lessons().values(), ids=lambda lesson: lesson.name)
def test_a_written_lesson_is_read_as_it_was(lesson):
    assert read_lesson(write_lesson(lesson), lesson.name) == lesson


def test_parentheses_that_are_no_reason_are_kept():
    text = WHOLE.replace("- [ ] Three", "- [ ] the map f(x) (of x) ()")
    why = read(text).scenes[0].question.why  # type: ignore[union-attr]
    assert why is not None
    assert why.answers[2] == LessonAnswer("the map f(x) (of x)", False)
    assert read_lesson(write_lesson(read(text)), "mine") == read(text)


def test_line_ends_of_windows_and_a_mark_of_byte_order_change_nothing():
    data = b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode()
    assert read(decode_lesson(data)) == read(WHOLE)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "The file is not text"),
        (WHOLE.encode("utf-16"), "The file is not text"),
        (b"---\ntitle: caf\xe9\n---", "Line 2: The character at byte 14 is not UTF-8; save the file in UTF-8."),
        (b"x" * (MOST_BYTES + 1), f"The file has more than {MOST_BYTES:,} bytes"),
    ],
)
def test_a_file_that_is_no_text_of_a_lesson_has_a_sentence(data: bytes, sentence: str):
    with pytest.raises(LessonProblems) as raised:
        decode_lesson(data)
    assert str(raised.value).startswith(sentence)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Line 1: The file is empty; a lesson begins with a head between two lines ---."),
        (" \n\n", "Line 1: The file is empty; a lesson begins with a head between two lines ---."),
        ("## A\n", "Line 1: The file begins with “## A”; it must begin with a line --- and the head of the lesson."),
        ("---\ntitle: A\n", "Line 1: The head has no end; a second line --- ends it."),
        (WHOLE.replace("minutes: 4", "minutes: long"), "Line 4: minutes is “long”; it can be a whole number from 1"),
        (WHOLE.replace("minutes: 4", "minutes: 0"), "Line 4: minutes is “0”; it can be a whole number from 1 to 90."),
        (WHOLE.replace("minutes: 4\n", ""), "Line 1: The head lacks minutes; it needs title, aim, minutes."),
        (WHOLE.replace("aim:", "goal:"), "Line 3: “goal” is no key of the head; the keys are title, aim, minutes"),
        (WHOLE.replace("aim: ", "title: "), "Line 3: title stands twice in the head; leave one."),
        (WHOLE.replace("aim:", "aim"), "Line 3: “aim Multiply, add, write.” is no line of the head; write KEY: VALUE."),
        (WHOLE.replace("school", "uni"), "Line 5: “uni” is no track; tracks can be lecture, school."),
        (HEAD, "Line 9: The lesson has no scene"),
        (f"{HEAD}words\n{make_scene()}", "Line 9: “words” stands before the first scene"),
        (f"{HEAD}# Scene\n{make_scene()}", "Line 9: “# Scene” is no heading of a lesson; a scene begins with ##"),
        (f"{HEAD}## \n[figure]({LINK})\n\nx", "Line 9: The scene has no heading; write it behind ##."),
        (f"{HEAD}## A\nwords", "Line 10: The scene begins with “words”; the first line below its heading must be [fig"),
        (f"{HEAD}## A\n", "Line 9: The scene begins with “”; the first line below its heading must be [figure]"),
        (WHOLE.replace("(/?", "(https://a.b/?"), "“https://a.b/?image="),
        (WHOLE.replace("(/?", "(//a.b/?"), "is no link of a figure; it can be /?…, /compare?… or /filters?…"),
        (WHOLE.replace("(/?", "(javascript:alert(1)?"), "“javascript:alert(1)?image="),
        (WHOLE.replace("(/?", "(/docs?"), "“/docs?image="),
        (f"{HEAD}## A\n[figure](/?{'x' * 30_000})", "The link is 30,001 characters long; it can have at most 24,000."),
        (WHOLE.replace("Question: cell", "Question: colour"), "“colour” is no kind of question; it can be cell, size"),
        (WHOLE + QUESTION, "The scene has a second question; a scene can have one."),
        (WHOLE + WHY, "The question has a second ### Why?; leave one."),
        (f"{HEAD}{make_scene()}{WHY}", "### Why? stands without a question above it."),
        (WHOLE.replace("- [ ] Three", "- [] Three"), "“- [] Three” is no answer; write - [x] for the right one"),
        (WHOLE.replace("- [ ] Three", "- [ ]"), "“- [ ]” is no answer; write - [x] for the right one"),
        (f"{WHOLE}\nwords", "“words” stands behind the answers; only Line: … can stand there."),
        (f"{HEAD}{make_scene()}[figure]({LINK})", "There is a second figure here; leave one."),
        (f"{WHOLE}\n# For teachers\n## Hint\n", "“## Hint” is no part for teachers; the parts are ## Ask"),
        (f"{WHOLE}\n# For teachers\nwords\n", "“words” stands before the first part for teachers"),
        (f"{WHOLE}\n# For teachers\n## Misconceptions\nwords\n", "“words” is no line of the misconceptions"),
    ],
)
def test_each_error_of_form_has_a_sentence_with_its_line(text: str, sentence: str):
    said = say(text)
    assert any(sentence in one for one in said), said
    assert all(one.startswith("Line ") for one in said), said


def test_all_errors_are_said_at_once_in_the_order_of_their_lines():
    said = say(WHOLE.replace("minutes: 4", "minutes: x").replace("school", "uni").replace("cell\n", "colour\n"))
    assert [one.partition(":")[0] for one in said] == ["Line 4", "Line 5", "Line 15"]


def test_a_name_that_no_address_can_have_is_said():
    assert say(WHOLE, "My Lesson!")[0].startswith("“My Lesson!” cannot be the name of a lesson")


PIECES = [*WHOLE.split("\n"), "#", "##", "- [", "{", "```", "---", "\r", "[figure](", ")", " more", "- [x] a (b) (c)"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(PIECES)), max_size=6))
def test_no_text_makes_the_reader_fail_otherwise_than_with_sentences(inserted: list[tuple[int, str]]):
    lines = WHOLE.split("\n")
    for place, line in inserted:
        lines.insert(min(place, len(lines)), line)
    try:
        lesson = read("\n".join(lines))
    except LessonProblems:
        return
    assert read_lesson(write_lesson(lesson), lesson.name) == lesson


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail_otherwise_than_with_sentences(data: bytes):
    with pytest.raises(LessonProblems):
        read(decode_lesson(data))
