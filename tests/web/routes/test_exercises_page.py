"""The pages, pictures and files of exercises over HTTP."""

from __future__ import annotations

import io
import json
import re
import zipfile
from html import unescape
from xml.etree.ElementTree import fromstring

import pytest
from PIL import Image

from app.exercises.exercise import KINDS
from tests.web_client import Client, read_detail, running

ALL = f"exercises={'~'.join(KINDS)}"
FILES = {
    "moodle.xml": "text/xml",
    "exercises.gift": "text/plain; charset=utf-8",
    "qti.zip": "application/octet-stream",
    "sheet.html": "text/html; charset=utf-8",
    "links.csv": "text/csv; charset=utf-8",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site")) as client:
        yield client


@pytest.mark.parametrize(("name", "media_type"), FILES.items())
def test_a_file_has_its_type_and_the_same_bytes_each_time(site: Client, name: str, media_type: str):
    first, second = (site.get(f"/api/exercises/{name}?{ALL}&variants=2") for _ in range(2))
    assert first.status_code == 200
    assert first.headers["content-type"] == media_type
    assert first.content == second.content
    if name not in ("sheet.html",):
        assert first.headers["content-disposition"].startswith("attachment")


def test_files_are_those_of_the_set_in_the_address(site: Client):
    quiz = fromstring(site.get("/api/exercises/moodle.xml?exercises=cell~size,points=3&variants=4&seed=20").content)
    assert [one.get("type") for one in quiz] == ["category", *["numerical"] * 4, "category", *["cloze"] * 4]
    assert "seed 23" in (quiz[4].findtext("name/text") or "")
    package = site.get("/api/exercises/qti.zip?exercises=cell&variants=2").content
    assert len([name for name in zipfile.ZipFile(io.BytesIO(package)).namelist() if name.endswith(".png")]) == 2
    assert "size: letter" in site.get("/api/exercises/sheet.html?paper=letter&variants=1").text


def test_the_links_of_the_students_are_a_row_for_each_seed_and_open(site: Client):
    rows = site.get("/api/exercises/links.csv?exercises=cell,size=5&seed=8&variants=3&tries=1").text.splitlines()
    assert rows[0] == "seed,link"
    assert [row.partition(",")[0] for row in rows[1:]] == ["8", "9", "10"]
    link = rows[2].partition(",")[2].strip('"')
    assert link == "http://lab.example:8000/exercises/try?exercises=cell,size=5&seed=9&tries=1"
    page = site.get(link.removeprefix("http://lab.example:8000"))
    assert page.status_code == 200
    assert "Seed 9" in page.text


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("moodle.xml?exercises=wall", "Exercise 1 is wall; a kind of exercise is"),
        ("exercises.gift?variants=0", "variants is 0; it can be a whole number from 1 to 200."),
        ("qti.zip?exercises=cell~cell~cell&variants=200", "3 exercises with 200 variants are 600 questions"),
        ("sheet.html?paper=napkin", "paper is napkin; it can be A4 or letter."),
        ("links.csv?kind=cell", "There is no parameter kind here."),
        ("moodle.xml?exercises=map,size=8,filter=2", "Exercise 1 (map): no exercise with these options"),
    ],
)
def test_what_is_not_allowed_is_refused_in_a_sentence(site: Client, address: str, sentence: str):
    assert read_detail(site.get(f"/api/exercises/{address}")).startswith(sentence)


def test_json_has_the_exercises_with_their_answers(site: Client):
    answer = site.get("/api/exercises.json?exercises=cell~filter&variants=2&seed=4").json()
    assert (answer["link"], answer["seed"]) == ("exercises=cell~filter&variants=2&seed=4", 4)
    assert [one["seed"] for one in answer["variants"]] == [4, 5]
    cell, filter = answer["variants"][0]["exercises"]
    assert cell["fields"][0]["right"] == int(cell["offered"][cell["right"]]["text"].replace("−", "-"))
    assert filter["fields"] == []
    assert filter["offered"][filter["right"]]["sentence"] == ""
    figure = site.get(f"/api/trace.json?{cell['link']}").json()
    assert figure["problems"] == []


def test_the_page_shows_the_first_three_seeds_and_leads_to_all_files(site: Client):
    html = unescape(site.get(f"/exercises?{ALL}&variants=9").text)
    assert [int(seed) for seed in re.findall(r"<h3>Seed (\d+)</h3>", html)] == [1, 2, 3]
    assert html.count('data-part="student-link"') == 9
    for address in re.findall(r'href="\./(api/exercises[^"]*)"', html):
        assert site.get(f"/{address}").status_code == 200
    for address in re.findall(r'<img src="\./(exercises/picture[^"]*)"', html)[:8]:
        assert Image.open(io.BytesIO(site.get(f"/{address}").content)).width == 720


def test_a_page_says_what_is_wrong_with_its_address_and_shows_the_usual_set(site: Client):
    for path in ("/exercises", "/exercises/try"):
        page = site.get(f"{path}?exercises=<b>wall")
        assert page.status_code == 200
        assert "Exercise 1 is &lt;b&gt;wall; a kind of exercise is" in page.text
        assert "<b>wall" not in page.text


def test_a_server_with_lower_limits_says_so(tmp_path):
    with running(tmp_path, side=16) as small:
        assert "16" in read_detail(small.get("/api/exercises/moodle.xml?exercises=field&variants=1"))
        page = small.get("/exercises?exercises=field")
        assert page.status_code == 200
        assert 'role="alert"' in page.text
        assert small.get("/exercises/try?exercises=cell").status_code == 200


def test_the_page_of_a_student_has_the_tables_and_no_answer_in_words(site: Client):
    page = site.get(f"/exercises/try?{ALL}&seed=5&tries=3")
    html, _, data = page.text.partition('<script type="application/json"')
    read = json.loads(data.partition(">")[2].partition("</script>")[0])
    assert (read["tries"], len(read["exercises"])) == (3, 7)
    for exercise in read["exercises"]:
        assert exercise["sentence"] in unescape(html)
        assert not any(line in html for line in exercise["lines"])


def test_a_whole_class_behind_one_address_opens_its_links_at_once(site: Client):
    pages = site.ask_together(*(f"/exercises/try?{ALL}&seed={seed}" for seed in range(40)))
    assert {page.status_code for page in pages} == {200}
    pictures = site.ask_together(*(f"/exercises/picture.png?{ALL}&seed={seed}&number=2" for seed in range(20)))
    assert {picture.status_code for picture in pictures} == {200}


def test_the_picture_of_an_exercise_has_its_number_and_theme(site: Client):
    light, dark, other = (
        site.get(f"/exercises/picture.png?{ALL}&seed=5&{rest}").content
        for rest in ("number=1", "number=1&theme=dark", "number=2")
    )
    assert len({light, dark, other}) == 3
    refused = site.get("/exercises/picture.png?number=9")
    assert refused.status_code == 422
    assert "number is 9; it can be 1, 2 or 3." in refused.text
