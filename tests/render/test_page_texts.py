"""The sentences of the templates are in one catalogue, and in no template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.core.texts import PSEUDO, get_english_sentences, use_language
from app.render.page_texts import PAGE_TEXTS, get_language_tag, write_page_text
from app.render.templates import load_templates

TEMPLATES = sorted((Path(__file__).resolve().parents[2] / "templates").glob("*.html"))
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES}
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
STYLE = re.compile(r"<style>.*?</style>", re.S)
SPOKEN = re.compile(r"""\b(?:aria-label|aria-roledescription|title|placeholder|alt)=(?:"([^"]*)"|'([^']*)')""")
PRODUCT = "Convoscope"


@pytest.mark.parametrize("name", SOURCES)
def test_a_template_holds_no_sentence_of_its_own(name: str):
    html = STYLE.sub("", JINJA.sub("", SOURCES[name]))
    outside_of_tags = re.sub(r"<code>.*?</code>|<[^>]*>", " ", html, flags=re.S)
    attributes = [one or other for one, other in SPOKEN.findall(html)]
    words = [
        word for text in (outside_of_tags, *attributes) for word in re.findall(r"(?<![\w-])[A-Za-z]{2,}(?![\w-])", text)
    ]
    assert set(words) <= {PRODUCT}


def test_the_catalogue_has_every_text_that_a_template_names_and_no_other():
    used = set(re.findall(r"""text\(\s*["'](\w+)["']\s*[,)]""", "".join(SOURCES.values())))
    assert used <= get_english_sentences().keys()
    composed = re.compile(  # as "page_" ~ name
        "page_(?:(?:lab|filters)(?:_tagline)?|(?:first|previous|next|last)(?:_key)?|step|row|story|steady|finish|layer"
        "|beat_.+|examples|lessons_(?:lecture|school)"
        "|exercises_(?:gift|moodle|qti|points?|seed|sheet_(?:a4|letter)|tries|variants)"
        "|equation|neuron|matrix|field|function|code|network|occlusion|docs_.+)"
    )
    assert [code for code in PAGE_TEXTS.keys() - used if not composed.fullmatch(code)] == []


def test_a_text_is_escaped_in_an_attribute():
    template = load_templates().from_string('<img alt="{{ text("page_wall_alt", shape=1, model=name) }}">')
    assert template.render(name='"><b>') == (
        '<img alt="All 1 numbers of the first layer of &#34;&gt;&lt;b&gt;, as colors.">'
    )


def test_in_another_language_what_a_text_is_given_stays_as_it_is():
    with use_language(PSEUDO):
        written = write_page_text("page_wall_alt", shape="64 × 3", model="LeNet")
        assert get_language_tag() == "en-x-pseudo"
    assert "LeNet" in written
    assert not re.search(r"numbers|layer", written)
    assert get_language_tag() == "en"
