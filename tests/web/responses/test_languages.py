"""Sentences in the language of the settings: the answers of programs, the data of pages, uploads and errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

import pytest
from pydantic import ValidationError

from app.core.texts import LANGUAGES, get_language
from app.settings import Settings, format_errors
from tests.pictures import file, photo
from tests.web_client import Client, page_data, running

BROKEN = "/api/trace?size=8&layers=conv:sobel-x,stride=0"


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("pseudo"), language="pseudo") as client:
        yield client


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory, pseudo: Client) -> Iterator[Client]:
    """Another server in the same process."""
    with running(tmp_path_factory.mktemp("english")) as client:
        yield client


def test_a_problem_has_the_same_code_and_parameters_in_every_language(pseudo: Client, english: Client):
    there, here = pseudo.get(BROKEN).json(), english.get(BROKEN).json()
    assert (there["code"], there["params"], there["field"]) == (here["code"], here["params"], here["field"])
    assert here["detail"].startswith("Convolution (layer 1): stride is 0; it can be a whole number")
    assert "[!! stride îš 0; " in there["detail"]
    assert there["detail"].endswith("[!! Ţĥé ñéåŕéšţ ṽåļîð ṽåļûé îš 1. !!]")
    assert there["title"] == "[!! Îñṽåļîð ṽåļûé !!]"
    assert there["problems"][0]["message"] == there["detail"]


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/samples/none.png", 404, "no_sample"),
        ("/api/nothing", 404, "not_here"),
        ("/api/images/u-aaaaaaaaaaaaaaaaaaaaaaaa.png", 410, "gone"),
        ("/api/portraits?model=none", 422, "no_model_called"),
        ("/api/steps?size=8&count=0", 422, "not_whole_number"),
        ("/api/qr.svg?link=ftp://x", 422, "no_link"),
        ("/api/trace?size=8&stages=77", 422, "not_whole_number"),
    ],
)
def test_an_error_has_a_code_and_is_written_in_the_language(pseudo: Client, address, status, code):
    answer = pseudo.get(address)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"].startswith("[!! ")


def test_the_tables_of_the_controls_are_written_in_the_language(pseudo: Client, english: Client):
    there, here = (
        data | client.get(data["controls"]).json()
        for client, data in ((client, page_data(client.get("/").text)) for client in (pseudo, english))
    )
    assert here["operations"][0]["title"] == "Convolution"
    assert there["operations"][0]["title"] == "[!! Çöñṽöļûţîöñ !!]"
    for table in ("operations", "view", "kernels", "samples"):
        assert [row["name"] for row in there[table]] == [row["name"] for row in here[table]]
        for row in there[table]:
            assert all(
                row[field].startswith("[!! ") for field in ("title", "sentence", "label", "help") if field in row
            )
    options = [option for row in there["operations"] for option in row["options"]]
    options += there["view_texts"].values()
    assert all(option[field].startswith("[!! ") for option in options for field in ("label", "help"))


def test_a_figure_that_is_computed_in_a_thread_is_written_in_the_language(pseudo: Client):
    answer = pseudo.get("/?size=512&layers=conv:random*16@5x5~relu~nothing~maxpool:2")
    assert answer.status_code == 200
    problems = page_data(answer.text)["problems"]
    assert all(problem["message"].startswith("[!! ") for problem in problems)
    assert "nothing îš" in problems[0]["message"]


def test_the_notes_of_an_upload_are_written_in_the_language(pseudo: Client):
    sent = pseudo.ask("POST", "/api/images", files={"file": ("a.png", file(photo(1100, 40), "PNG"))})
    assert sent.json()["notes"] == ["[!! šçåļéð ƒŕöɱ 40 × 1100 ţö 37 × 1024 þîẋéļš !!]"]
    other = pseudo.ask("POST", "/api/images", files={"file": ("a.gz", b"\x1f\x8b" + bytes(40))})
    assert (other.status_code, other.json()["code"]) == (415, "unsupported_picture")
    assert other.json()["params"]["kind"] == {"code": "kind_compressed_file", "params": {}}
    assert other.json()["detail"].startswith("[!! Ţĥîš ƒîļé îš ")


def test_the_etag_knows_the_language(pseudo: Client, english: Client):
    address = "/api/trace?size=8"
    there, here = pseudo.get(address).headers["etag"], english.get(address).headers["etag"]
    assert there != here
    assert pseudo.get(address, if_none_match=here).status_code == 200
    assert pseudo.get(address, if_none_match=there).status_code == 304


def test_the_language_of_one_server_is_not_that_of_another_in_the_process(pseudo: Client, english: Client):
    for client, is_pseudo in ((pseudo, True), (english, False)) * 2:
        title = re.search(r"<h1[^>]*>([^<]*)", client.get("/nothing").text)
        assert title is not None
        assert title[1].startswith("[!! ") == is_pseudo
    assert get_language() == "en"


def test_an_embed_of_a_picture_that_is_gone_gives_no_advice_to_drop_it(pseudo: Client, english: Client):
    query = "?image=u-aaaaaaaaaaaaaaaaaaaaaaaa&size=8"
    assert "Drop the photo here again." in english.get(f"/{query}").text
    for client, advice in ((english, "Drop the photo"), (pseudo, "Ðŕöþ ţĥé þĥöţö")):
        page = client.get(f"/embed{query}").text
        shown = page[page.index('data-part="problems"') :].partition("</p>")[0]
        assert advice not in shown
        assert advice in client.get(f"/{query}").text


def test_the_languages_of_the_settings_are_those_of_the_catalogues():
    assert get_args(Settings.model_fields["language"].annotation) == LANGUAGES
    with pytest.raises(ValidationError) as refused:
        Settings(language="klingon")
    (sentence,) = format_errors(refused.value)
    assert sentence == "CONVOSCOPE_LANGUAGE=klingon: Input should be 'en' or 'pseudo'."
