"""The check of a lesson that is being made: files and forms of strangers get sentences, and the right status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.lessons.lesson_file import read_lesson, write_lesson
from app.lessons.lesson_shelf import load_built_in_lessons
from tests.web_client import Client, running

PATH = "/api/lessons/check"
HEAD = "---\ntitle: Mine\naim: Look.\nminutes: 2\n---\n"
GOOD = f"{HEAD}\n## Look\n[figure](/?image=face)\n\nA **face**.\n"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("store")) as started:
        yield started


def check(client: Client, body: str | bytes, kind: str = "text/markdown") -> Any:
    content = body.encode() if isinstance(body, str) else body
    return client.ask("POST", f"{PATH}?name=mine", content=content, headers={"Content-Type": kind})


def sentences(reply: Any) -> str:
    assert reply.status_code == 200, reply.text
    return "\n".join(problem["sentence"] for problem in reply.json()["problems"])


def test_a_file_comes_back_as_form_text_and_lesson(client: Client) -> None:
    reply = check(client, GOOD).json()
    assert reply["problems"] == []
    assert reply["text"] == GOOD
    assert reply["form"]["scenes"][0]["link"] == "?image=face"
    assert "<strong>face</strong>" in reply["lesson"]["scenes"][0]["html"]


@pytest.mark.parametrize("name", ["one-stop", "turned", "scores-and-shares"])
def test_the_form_of_a_file_gives_the_same_lesson(client: Client, name: str) -> None:
    lesson = load_built_in_lessons()[name]
    form = check(client, write_lesson(lesson)).json()["form"]
    again = check(client, json.dumps(form), "application/json").json()
    assert read_lesson(again["text"], name) == lesson


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is not text"),
        (b"---\n\xff", "is not UTF-8"),
        ("Hello", "must begin with a line ---"),
        (GOOD.replace("/?image=face", "https://example.org/?image=face"), "is no link of a figure"),
        (GOOD.replace("?image=face", "?image=u-abcdefgh"), "uploaded picture"),
        (HEAD + "\n## Look\n[figure](/?image=face)\n\nOne.\n" * 1_000, "There are 1,000 scenes"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(client: Client, body: str | bytes, said: str) -> None:
    assert said in sentences(check(client, body))


def test_a_problem_has_its_line_and_its_scene(client: Client) -> None:
    body = GOOD + "\n## Next\n[figure](/?image=nothing)\n\nWords.\n"
    (problem,) = check(client, body).json()["problems"]
    assert (problem["scene"], body.splitlines()[problem["line"] - 1]) == (1, "[figure](/?image=nothing)")


def test_one_call_computes_a_bounded_number_of_figures(client: Client) -> None:
    values = " ".join(f"{{cell /?image=({i},{i};{i},{i})&layers=conv:mean&at=0,0}}" for i in range(60))
    assert "more than 40 different figures" in sentences(check(client, GOOD + values))


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("x" * 100_001, "text/markdown", 413),
        (GOOD, "image/png", 415),
        ("{", "application/json", 422),
        ("[" * 50_000, "application/json", 422),
        ("[]", "application/json", 422),
        ('{"scenes": [1]}', "application/json", 422),
        ('{"minutes": "x"}', "application/json", 422),
        ('{"title": "\\ud800"}', "application/json", 422),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_with_a_sentence(
    client: Client, body: str, kind: str, status: int
) -> None:
    reply = check(client, body, kind)
    assert reply.status_code == status, reply.text
    assert reply.json()["detail"]


def test_the_page_opens(client: Client) -> None:
    assert 'data-part="maker"' in client.get("/lessons/make").text
    assert "lessons/make" in client.get("/lessons").text


def make_file(client: Client, body: str) -> Any:
    headers = {"Content-Type": "text/markdown"}
    return client.ask("POST", "/api/lessons/file?name=mine", content=body.encode(), headers=headers)


def test_a_made_lesson_becomes_one_html_file(client: Client) -> None:
    reply = make_file(client, GOOD)
    assert reply.status_code == 200
    assert 'filename="convoscope-mine.html"' in reply.headers["content-disposition"]
    assert "A <strong>face</strong>." in reply.text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "The file is empty"),
        (GOOD.replace("A **face**.", ""), "neither text nor a question"),
        (GOOD.replace("?image=face", "?image=random*1@512x512&layers=conv:random*16@3x3,groups=1"), "scene 1"),
    ],
)
def test_a_lesson_that_cannot_be_a_file_gets_a_sentence(client: Client, body: str, said: str) -> None:
    reply = make_file(client, body)
    assert reply.status_code == 422, reply.text[:200]
    assert said in reply.json()["detail"]
