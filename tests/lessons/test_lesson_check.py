"""The checker says in sentences what is wrong in a lesson, with the line, the value and what is allowed."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.lessons import lesson_check
from app.lessons.lesson import MOST_SCENES, QUESTION_KINDS
from app.lessons.lesson_check import check_lesson, compute_lesson
from app.lessons.lesson_messages import LessonProblems
from app.lessons.lesson_shelf import load_built_in_lessons
from app.local_lab import compute_link
from tests.documents import codes
from tests.lessons.lesson_texts import FIVE, HEAD, LINK, QUESTION, WHY, make_scene, read, say, say_scene


@pytest.mark.parametrize("lesson", load_built_in_lessons().values(), ids=lambda lesson: lesson.name)
def test_every_built_in_lesson_checks_without_a_problem(lesson):
    assert list(map(str, check_lesson(lesson, compute_link))) == []


def test_the_lesson_of_the_documents_checks_without_a_problem():
    (lesson,) = [code.text for code in codes("markdown") if "### Question" in code.text]
    assert say(lesson, "edges") == []


def test_a_lesson_without_a_problem_has_no_sentence():
    assert say_scene(question=QUESTION + WHY) == []


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        (
            "/?image=nobody&layers=conv:sobel-x",
            "Line 11: The figure of “?image=nobody&layers=conv:sobel-x” does not open",
        ),
        ("/?image=face&layers=conv:sobel-z", "does not open as it is written: Convolution (layer 1): sobel-z"),
        ("/?image=face&layers=conv:sobel-x&pace=2", "does not open as it is written: pace is not a key here"),
        ("/?image=face&layers=conv:sobel-x&at=90,90", "does not open as it is written: "),
        ("/?image=(1,2;3,4)&layers=conv:box-blur@7x7", "does not open as it is written: "),
        (
            "/?image=u-abcdefghijklmnop&layers=conv:sobel-x",
            "The link names an uploaded picture, which others do not have",
        ),
        ("/?image=face&batch=u-abcdefgh&layers=relu", "The link names an uploaded picture, which others do not have"),
        ("/filters?model=nobody", "There is no trained model called nobody here; it can be "),
        ("/filters?model=w-abcdefgh", "The link names an uploaded picture"),
        ("/compare?a=%3Fimage%3Dface", "A comparison needs at least two figures, a=… and b=…."),
        ("/compare?a=%3Fimage%3Dface&b=%3Fimage%3Dnobody", "nobody is unknown; image can be"),
        ("/compare?a=%3Fimage%3Dface&b=%3Fimage%3Du-abcdefgh", "The link names an uploaded picture"),
    ],
)
def test_a_scene_that_does_not_open_is_said(link: str, sentence: str):
    said = say_scene("Words.", link)
    assert any(sentence in one for one in said), said


def test_figures_side_by_side_and_filters_open():
    assert say_scene("Words.", "/compare?a=%3Fimage%3Dface&b=%3Fimage%3Dcoffee") == []
    assert say_scene("Words.", "/filters?model=photos") == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[it](#pool)",
            "Line 13: “pool” is no part of a figure; a text can name input, filter, output, window, products",
        ),
        (
            "[it](#scores)",
            "names the part “scores”, which the figure of this scene does not have; it has input, filter",
        ),
        ("[it](https://example.org/)", "A text links to “https://example.org/”; it can link to a part of the figure"),
        ("[it](javascript:alert(1))", "A text links to “javascript:alert(1)”; it can link to"),
        ("![it](/photo.png)", "A text links to “/photo.png”; it can link to"),
        ("word " * 41, "The text of the scene has 41 words; it can have at most 40."),
        ("", "The scene has neither text nor a question; write one of them."),
        ("{sum}", "“{sum}” is no computed value; it can be {cell}, {size}"),
        ("{cell row=1}", "“row=1” is no key of a figure; write KEY=VALUE, such as at=0,1."),
        ("{share}", "The figure has no value for “{share}”."),
        ("{cell at=90,90}", "The figure of “{cell at=90,90}” does not open as it is written: "),
        ("{cell /compare?a=x&b=y}", "of a comparison or of filters cannot be computed"),
        ("{cell", "A brace is not closed: “{cell”."),
    ],
)
def test_a_text_that_names_what_there_is_not_is_said(text: str, sentence: str):
    said = say_scene(text)
    assert any(sentence in one for one in said), said
    assert all(re.match(r"Line \d+: ", one) for one in said)


def test_the_line_of_a_text_is_that_of_its_words():
    said = say_scene("One.\n\nTwo [it](#pool)\nand {foo}\nand [this](https://a.b).")
    assert [one.partition(":")[0] for one in said] == ["Line 15", "Line 16", "Line 17"]


def test_a_term_that_the_glossary_lacks_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lesson_check, "TERMS", frozenset({"stride", "padding"}))
    assert say_scene("A [stride](glossary:stride).") == []
    assert say_scene("A [step](glossary:strides).") == [
        "Line 13: “strides” is no term of the glossary; did you mean stride?"
    ]
    assert say_scene("A [step](glossary:kernel).") == ["Line 13: “kernel” is no term of the glossary."]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            "next: filter-question",
            "next: nothing",
            "Line 7: next names “nothing”, which is no lesson here; it can be pict",
        ),
        (
            "needs: picture-numbers",
            "needs: one-stop, no",
            "Line 6: needs names “no”, which is no lesson here; it can be",
        ),
        ("next: filter-question", "next: mine", "Line 7: next names this lesson itself."),
    ],
)
def test_lessons_of_the_head_that_do_not_exist_are_said(before: str, after: str, sentence: str):
    (said,) = say(HEAD.replace(before, after) + make_scene())
    assert said.startswith(sentence)


def test_a_seventh_scene_and_a_thousand_scenes_are_said_and_none_is_computed():
    def refuse(query: str):
        raise AssertionError("a figure was computed")

    for count in (MOST_SCENES + 1, 1000):
        lesson = read(HEAD + f"\n## A\n[figure](/?image=face)\n\n{count}\n" * count)
        said = list(map(str, check_lesson(lesson, refuse)))
        assert said == [f"Line {lesson.scenes[6].file_line}: There are {count:,} scenes; a lesson can have at most 6."]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("### Question: cell\n- [x] 4", "The answer is typed as “4”, but the figure gives “3”."),
        ("### Question: cell\n- [x] {cell at=0,0}", "The answer is typed as “4”, but the figure gives “3”."),
        ("### Question: cell\n- [ ] three", "“three” is no answer to a question of the kind cell; it can be a number"),
        ("### Question: cell\n- [ ] 4 × 5", "“4 × 5” is no answer to a question of the kind cell; it can be a number"),
        ("### Question: cell\n- [ ] 1e999", "“1e999” is no answer to a question of the kind cell; it can be a number"),
        ("### Question: cell\n- [ ] −−1", "“−−1” is no answer to a question of the kind cell; it can be a number"),
        ("### Question: cell\n- [ ] 4 cells\n- [ ] 4", "The answer “4” stands twice; leave one."),
        ("### Question: cell\n- [ ] 4\n- [ ] 4.0", "The answer “4.0” stands twice; leave one."),
        ("### Question: cell\n- [x] 3\n- [x] 3", "2 answers are marked with [x]; one must be."),
        ("### Question: size\n- [x] 3 × 4", "The answer is typed as “3 × 4”, but the figure gives “3 × 3”."),
        ("### Question: size\n- [ ] 5", "“5” is no answer to a question of the kind size; it can be rows and columns"),
        ("### Question: parameters\n- [x] 9", "The answer is typed as “9”, but the figure gives “10”."),
        ("### Question: map\n- [x] this", "it can be left out, since the answers are pictures."),
        ("### Question: class", "The figure has no question of the kind class"),
        ("### Question: sentence\n- [x] a\n- [ ] b", "needs its sentence above the answers."),
        ("### Question: sentence\nWhat?\n- [x] a", "The question has 1 answers; it needs at least 2."),
        ("### Question: sentence\nWhat?\n- [ ] a\n- [ ] b", "0 answers are marked with [x]; one must be."),
        ("### Question: sentence\nWhat?\n- [x] a\n- [ ] b\n- [ ] B.", "The answer “B.” stands twice; leave one."),
        (f"{QUESTION}### Why?\n- [x] a\n- [ ] b", "### Why? has 2 answers; it must have exactly 3."),
        (f"{QUESTION}### Why?\n- [x] a\n- [ ] b\n- [ ] c\n- [ ] d", "### Why? has 4 answers; it must have exactly 3."),
        (f"{QUESTION}### Why?\n- [x] a\n- [x] b\n- [ ] c", "2 answers are marked with [x]; one must be."),
        (f"{QUESTION}### Why?\n- [x] a\n- [ ] a\n- [ ] c", "The wrong answer “a” is the right one, “a”"),
        ("### Question: cell\n[figure](/?image=nobody)", "Line 14: The figure of “?image=nobody” does not open"),
        ("### Question: cell\n[reveal](/?image=nobody)", "Line 14: The figure of “?image=nobody” does not open"),
        ("### Question: cell\n[figure](/filters?model=photos)", "needs the link of one figure, /?…"),
    ],
)
def test_a_question_that_does_not_fit_its_figure_is_said(question: str, sentence: str):
    said = say_scene(question=question)
    assert any(sentence in one for one in said), said
    assert all(re.match(r"Line \d+: ", one) for one in said)


NETWORK = "/?image=digit-3&size=28&layers=model:lenet5"


@pytest.mark.parametrize(
    ("kind", "link", "right", "spellings"),
    [
        ("cell", LINK, "3", ["3", "3.0", "{cell}", "+3"]),
        ("cell", "/?image=(1,2;3,4)&layers=conv:(1,2;3,4)/3", "10", ["10"]),
        ("cell", "/?image=(1,1;1,1)&layers=conv:(1,1;1,1)/3", "1.333", ["1.333", "{cell}"]),
        ("cell", "/?image=(1,1;1,1)&layers=conv:(-1,-1;0,0)", "−2", ["−2", "-2"]),
        ("size", "/?image=empty-7&layers=conv:sobel-x,stride=2", "3 × 3", ["3 × 3", "3x3", "{size}"]),
        ("parameters", "/?image=empty-7&layers=conv:random*60@5x5", "1,560", ["1,560", "1560", "{parameters}"]),
        ("class", NETWORK, "3", ["3", "{class}"]),
        ("sentence", LINK, "Nine.", ["Nine.", "nine", "NINE."]),
    ],
)
def test_a_wrong_answer_that_is_the_right_one_is_found_in_every_kind(
    kind: str, link: str, right: str, spellings: list[str]
):
    for spelling in spellings:
        question = f"### Question: {kind}\nWhat?\n- [x] {right}\n- [ ] {spelling} (no)\n- [ ] other"
        said = say_scene("", link, question)
        assert any("is the right one" in one and "change it or leave it out." in one for one in said), said
    assert not any("typed" in one for one in said)


@pytest.mark.parametrize(
    ("kind", "link"),
    [
        ("cell", "/?image=(1,1,1;1,1,1;1,1,1)&layers=conv:(1,1;1,2)&at=0,0"),  # all but one equal the right one
        ("cell", "/?image=(2,0;0,2)&layers=conv:(1,0;0,1),bias=1&at=0,0"),
        ("cell", f"/?image={FIVE}&layers=conv:(0,0;0,0),bias=1&at=0,0"),
        ("cell", "/?image=(0,0,0;0,5,0;0,0,0)&layers=conv:sobel-x,padding=1&at=1,1"),
        ("cell", "/?image=face&channels=rgb&layers=conv:sobel-x,groups=1&at=3,3"),
        ("size", "/?image=empty-7&layers=conv:(1)"),
        ("size", "/?image=(1,2)&layers=maxpool:1"),
        ("size", "/?image=empty-7&layers=conv:sobel-x,padding=1"),
        ("parameters", "/?image=(1)&layers=conv:(1)"),
        ("parameters", "/?image=face&layers=conv:sobel-x"),
    ],
)
def test_no_answer_of_a_rule_equals_the_right_one_or_another(kind: str, link: str):
    lesson = read(HEAD + make_scene("", link, f"### Question: {kind}\n"))
    question = compute_lesson(lesson, compute_link).scenes[0].question
    assert question is not None
    numbers = [tuple(map(float, one)) for one, _ in question.rules]
    assert len(set(numbers)) == len(numbers)
    assert question.choices[question.right].text == question.answer
    assert len({choice.text for choice in question.choices}) == len(question.choices)


def test_a_cell_that_every_mistake_gives_too_is_no_question():
    (said,) = say_scene(
        "", "/?image=(1,1,1;1,1,1;1,1,1)&layers=conv:(1,1;1,1)&at=0,0", QUESTION.replace("x] 3", "x] 4")
    )
    assert "no question of the kind cell with a wrong answer by the rules" in said


def test_a_figure_that_cannot_be_computed_is_a_sentence_whatever_is_raised():
    def refuse(query: str):
        raise ValueError("the server is full.")

    (said,) = map(str, check_lesson(read(HEAD + make_scene("Words.")), refuse))
    assert said.endswith("does not open as it is written: the server is full.")


def test_each_figure_is_computed_once():
    queries: list[str] = []

    def compute(query: str):
        queries.append(query)
        return compute_link(query)

    compute_lesson(read(HEAD + make_scene("{cell} {size} {cell at=0,0}", question=QUESTION) * 3), compute)
    assert len(queries) == len(set(queries)) == 3


WORDS = [
    "{cell}",
    "{",
    "}",
    "{cell at=9,9}",
    "{share target=x}",
    "{cell /?image=(1)}",
    "[a](#cell)",
    "[b](/?)",
    "](",
    "[",
    "{}",
]
LINKS = [
    "/?",
    "/?image=(1)&layers=",
    "/?%%%&=&image=%ff",
    "/compare?a=&b=",
    "/compare?a=%3F&b=x",
    "/filters?",
    "/?scene={}",
    NETWORK,
]
LISTED = [
    "- [x] 1",
    "- [ ] 1 × 1",
    "- [ ] {cell}",
    "- [ ] 1e999",
    "- [ ] −−1",
    "- [x] nan",
    "- [ ] (a)",
    "- [ ] x (y) ()",
    "Line: {size}",
]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=6),
    st.sampled_from([*LINKS, LINK]),
    st.sampled_from(QUESTION_KINDS),
    st.lists(st.sampled_from(LISTED), max_size=5),
)
def test_no_lesson_makes_the_checker_fail(words: list[str], link: str, kind: str, answers: list[str]):
    text = HEAD + make_scene(" ".join(words), link, "\n".join((f"### Question: {kind}", "What?", *answers)))
    say(text)
    try:
        lesson = read(text)
    except LessonProblems:
        return
    json.dumps(compute_lesson(lesson, compute_link).to_json(), allow_nan=False)
