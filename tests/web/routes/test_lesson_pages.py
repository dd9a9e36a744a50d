"""The pages of lessons, and lessons as JSON."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import pytest

from app.lessons.glossary import TERMS
from app.lessons.lesson_shelf import load_built_in_lessons
from tests.web_client import Client, running

NAME = "one-stop"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("lessons")
    added = folder / "mine.md"
    added.write_text(
        "---\ntitle: My lesson\naim: Look.\nminutes: 2\n---\n\n## Look\n[figure](/?image=face)\n\nA <b>face</b>.\n",
        encoding="utf-8",
    )
    (folder / "damaged.md").write_bytes(b"\xff\xfe\x00")
    with running(tmp_path_factory.mktemp("store"), lessons=folder) as started:
        yield started


def test_all_lessons_are_on_the_page_and_in_the_json(client: Client) -> None:
    page = client.get("/lessons").text
    rows = client.get("/api/lessons").json()
    assert [row["name"] for row in rows] == [*load_built_in_lessons(), "mine"]
    for row in rows:
        assert f'href="./lessons/{row["name"]}"' in page
        assert row["title"] in page


def test_a_track_has_its_lessons_alone(client: Client) -> None:
    page = client.get("/lessons?track=school").text
    assert f"lessons/{NAME}?track=school" in page
    assert "lessons/mine" not in page


def test_a_lesson_is_whole_before_any_script_runs(client: Client) -> None:
    page = client.get(f"/lessons/{NAME}").text
    first = client.get(f"/api/lessons/{NAME}").json()["scenes"][0]
    assert first["heading"] in page
    assert 'iframe src="../embed?' in page
    assert page.count("<template data-words=") == len(load_built_in_lessons()[NAME].scenes)


def test_html_in_an_added_lesson_is_shown_as_it_is_written(client: Client) -> None:
    page = client.get("/lessons/mine").text
    assert "&lt;b&gt;face&lt;/b&gt;" in page
    assert "<b>face</b>" not in page


def test_a_lesson_that_does_not_exist_is_not_found_with_a_sentence(client: Client) -> None:
    for address in (
        "/lessons/none",
        "/embed/lesson/none",
        "/api/lessons/none",
        "/lessons/none.png",
        "/lessons/damaged",
    ):
        answer = client.get(address)
        assert answer.status_code == 404, address
    assert "There is no lesson called none" in client.get("/lessons/none").text


@pytest.mark.parametrize("scene", ["0", "99", "two", "-1", "1e9", "%00", "", "²"])
def test_a_wrong_number_of_a_scene_opens_the_nearest_with_a_sentence(client: Client, scene: str) -> None:
    answer = client.get(f"/lessons/{NAME}?scene={scene}")
    assert answer.status_code == 200
    count = len(load_built_in_lessons()[NAME].scenes)
    assert f"This is scene {count if scene == '99' else 1}." in answer.text


def test_only_the_frame_of_a_lesson_may_stand_on_any_site(client: Client) -> None:
    assert "frame-ancestors 'self'" in client.get(f"/lessons/{NAME}").headers["content-security-policy"]
    assert "frame-ancestors 'self'" not in client.get(f"/embed/lesson/{NAME}").headers["content-security-policy"]


def test_the_thumbnail_of_a_lesson_is_its_first_figure(client: Client) -> None:
    answer = client.get(f"/lessons/{NAME}.png?theme=dark")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert client.get(f"/lessons/{NAME}.png?theme=pink").status_code == 422


def test_the_json_of_a_lesson_has_the_answer_that_is_computed(client: Client) -> None:
    scenes = client.get(f"/api/lessons/{NAME}").json()["scenes"]
    question = next(scene["question"] for scene in scenes if scene["question"] and scene["question"]["kind"] == "cell")
    assert question["choices"][question["right"]]["text"] == question["answer"]
    assert json.dumps(question["rules"])


def test_lessons_are_read_from_the_folder_of_the_setting(tmp_path: Path) -> None:
    with running(tmp_path, lessons=tmp_path / "nothing") as other:
        assert "mine" not in {row["name"] for row in other.get("/api/lessons").json()}


def test_the_page_for_teachers_has_answers_reasons_and_a_place_for_the_class(client: Client) -> None:
    page = client.get(f"/lessons/{NAME}/teacher").text
    lesson = client.get(f"/api/lessons/{NAME}").json()
    question = next(scene["question"] for scene in lesson["scenes"] if scene["question"])
    assert question["sentence"] in page
    assert page.count('<td class="share">%</td>') >= len(question["choices"])
    assert all(escape(choice["reason"], quote=False) in page for choice in question["choices"])


def test_every_term_has_a_place_on_the_page_of_the_glossary(client: Client) -> None:
    page = client.get("/glossary").text
    assert all(f'id="{name}"' in page for name in TERMS)


def test_a_scene_has_a_thumbnail_of_its_own(client: Client) -> None:
    one, two = (client.get(f"/lessons/{NAME}.png?scene={number}") for number in (1, 3))
    assert one.content != two.content
    assert client.get(f"/lessons/{NAME}.png?scene=99").status_code == 422
