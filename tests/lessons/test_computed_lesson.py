"""A computed lesson has the values of its figures, safe HTML, and questions with their answers."""

from __future__ import annotations

import json

import pytest

from app.core.texts import write_for_json
from app.lessons.lesson_html import render_text
from tests.lessons.lesson_texts import FIVE, LINK, QUESTION, WHY, compute

NETWORK = "/?image=digit-3&size=28&layers=model:lenet5"
COLOR = "/?image=coffee&channels=rgb&layers=conv:random*10@5x5,groups=1,padding=2,seed=1"
THREE = "/?image=chelsea&layers=conv:box-blur~conv:box-blur~conv:box-blur&stage=3"


@pytest.mark.parametrize(
    ("text", "link", "words"),
    [
        ("{cell}", LINK, "3"),
        ("{cell at=0,0}", LINK, "4"),
        ("{cell stage=0 at=0,3}", LINK, "0"),
        ("{cell /?image=(1,2;3,4)&layers=conv:(1,1;1,1)&at=0,0}", LINK, "10"),
        ("{cell image=(2,2;2,2)&layers=relu at=0,0}", LINK, None),
        ("{cell layers=relu at=0,0}", LINK, "1"),
        ("{size} {maps} {shape} {numbers}", COLOR, "32 × 32 10 10 × 32 × 32 10,240"),
        ("{parameters}", COLOR, "760"),
        ("{numbers stage=0}", COLOR, "3,072"),
        ("{window} {field}", THREE, "3 × 3 7 × 7"),
        ("{smallest} {largest}", LINK, "2 4"),
        ("{all-parameters}", NETWORK, "61,706"),
        ("{class}", NETWORK, "3"),
        ("{share at=0,0}", "/?image=(2.0,0.3,-1.7,-2.4)&layers=softmax", "82.0 %"),
        ("{{cell}}", LINK, "{cell}"),
    ],
)
def test_a_computed_value_is_that_of_the_figure(text: str, link: str, words: str | None):
    html = compute(text, link).scenes[0].html
    if words is None:
        assert "?" in html
    else:
        assert html == f"<p>{words}</p>"


def test_the_share_of_a_class_is_in_percent():
    first, second = compute("{share} {share target=8} {value}", NETWORK).scenes[0].html.split(" %")[:2]
    assert float(first.removeprefix("<p>").lstrip("> ").replace("&gt;", "")) > 50
    assert second


def test_parts_terms_and_figures_are_links_and_html_is_shown_as_it_is_written():
    rendered = render_text(
        "[the *window*](#window), a [stride](glossary:stride), [it](/?image=face), <b>x</b>", "/lab/"
    )
    assert rendered.html == (
        '<p><a href="#window" class="part is-window" data-light="window">the <em>window</em></a>, a '
        '<a class="term" href="/lab/glossary#stride">stride</a>, '
        '<a class="figure-link" href="/lab/?image=face">it</a>, &lt;b&gt;x&lt;/b&gt;</p>'
    )
    assert rendered.plain == "the window, a stride, it, <b>x</b>"
    assert (rendered.parts, rendered.terms, rendered.refused) == (("window",), ("stride",), ())


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](<//evil.example/?a>)",
        "![x](javascript:alert(1))",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        '[x](#window "onclick=alert(1)")',
        '[x](glossary:"><script>alert(1)</script>)',
        "[x](#window\"onclick='a')",
        '[x](/?image="><script>alert(1)</script>)',
        "&lt;script&gt;",
        "```html\n<script>alert(1)</script>\n```",
        "# <script>alert(1)</script>",
    ],
)
def test_no_text_brings_code_into_the_page(text: str):
    html = render_text(text).html
    rest = html
    for allowed in ("<p>", "</p>", "<em>", "</em>", "<code>", "</code>", "</a>"):
        rest = rest.replace(allowed, "")
    assert "<script" not in html
    assert "<img" not in html
    assert not any(f'href="{start}' in html.lower() for start in ("javascript", "data", "//", "http"))
    assert all(one.startswith(("a href=", "a class=")) for one in rest.split("<")[1:]), html
    assert "onclick=" not in html.replace("&quot;", "").split(">")[1] if "onclick" in html else True


def test_the_choices_of_a_question_are_those_of_the_file_before_those_of_the_rules():
    question = compute(question=QUESTION + "- [ ] 77 (a wild guess)\n" + WHY).scenes[0].question
    assert question is not None
    assert (question.sentence, question.field, question.answer) == ("What is written?", "number", "3")
    texts = [choice.text for choice in question.choices]
    assert {"3", "4", "77"} <= set(texts)
    assert texts[question.right] == "3"
    reasons = dict(zip(texts, (choice.reason for choice in question.choices), strict=True))
    assert (reasons["3"], reasons["4"], reasons["77"]) == ("", "(the first stop again)", "(a wild guess)")
    assert ((77.0,), "(a wild guess)") in question.rules
    assert question.why is not None
    assert (question.why.sentence, question.why.right) == ("Why?", 0)


def test_a_question_hides_its_answer_from_the_frame_and_the_screen_reader():
    scene = compute(question=QUESTION).scenes[0]
    assert scene.embed == f"embed{LINK[1:]}&predict=cell"
    assert scene.question is not None
    assert scene.question.embed == scene.embed
    assert "3." not in scene.screen_text.replace("3 × 3.", "")
    size = compute(question="### Question: size\n").scenes[0]
    assert "3 × 3" not in size.screen_text


def test_a_question_about_another_figure_has_an_address_of_its_own():
    other = "/?image=empty-7&layers=conv:sobel-x,stride=2"
    question = f"### Question: size\n[figure]({other})\n[reveal](/?image=face)\nLine: It is {{size}}.\n"
    scene = compute("Words", question=question).scenes[0]
    assert scene.question is not None
    assert scene.embed == f"embed{LINK[1:]}"
    assert scene.question.embed == f"embed{other[1:]}&predict=size"
    assert scene.question.reveal == "embed?image=face"
    assert scene.question.answer == "3 × 3"


def test_the_line_of_a_question_is_computed_where_none_is_written():
    parameters = compute(question="### Question: parameters\n").scenes[0].question
    assert parameters is not None
    assert parameters.line == "1·(3·3·1 + 1) = 10 parameters"
    cell = compute(question=QUESTION).scenes[0].question
    assert cell is not None
    assert cell.line.endswith("= 3")


def test_a_map_question_has_pictures_and_a_sentence_question_the_words_of_the_file():
    link = "/?image=chelsea&layers=conv:sobel-x;sobel-y;sharpen;box-blur"
    maps = compute(link=link, question="### Question: map\n").scenes[0].question
    assert maps is not None
    assert all(choice.png.startswith("data:image/png;base64,") for choice in maps.choices)
    words = compute(question="### Question: sentence\nWhich?\n- [ ] **a** (no)\n- [x] {cell}\n").scenes[0].question
    assert words is not None
    assert ([choice.text for choice in words.choices], words.right, words.answer) == (["a", "3"], 1, "3")
    assert words.choices[0].reason == "no"


def test_the_json_of_a_lesson_has_the_keys_of_its_script():
    told = json.loads(json.dumps(compute(question=QUESTION + WHY).to_json(), default=write_for_json))
    assert list(told) == ["name", "title", "aim", "minutes", "tracks", "needs", "next", "scenes", "teacher"]
    (scene,) = told["scenes"]
    assert list(scene) == ["heading", "html", "link", "embed", "screen_text", "question"]
    assert set(scene["question"]) == {
        *("kind", "sentence", "embed", "facts", "filter", "field", "choices", "right", "rules", "answer"),
        *("line", "lines", "picture", "reveal", "why"),
    }
    assert set(scene["question"]["choices"][0]) == {"text", "png", "filter", "reason"}
    assert set(scene["question"]["why"]) == {"sentence", "choices", "right"}


def test_the_address_of_figures_side_by_side_is_that_of_their_frame():
    scene = compute("Words", "/compare?a=%3Fimage%3Dface&b=%3Fimage%3Dcoffee").scenes[0]
    assert scene.embed == "embed/compare?a=%3Fimage%3Dface&b=%3Fimage%3Dcoffee"
    assert scene.screen_text.startswith("Two figures side by side. The input")
    assert FIVE in compute("Words").scenes[0].link
