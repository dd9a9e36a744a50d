"""The sentences of the browser, each held once, and the two languages that they can be shown in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.catalogues import CALL, GOLDEN, MODULES, list_calls
from tests.browser.pure_page import Run, empty_page

PLAIN_WORD = re.compile(r"(?<!\w)[A-Za-z]{2,}(?!\w)")
EXAMPLE = re.compile(r"‹[^›]*›")
KEPT = re.compile(r"[a-z]\[[^\]]*\]|e\^\w+|Reveal.initialize\(...\)|[\w-]+\.(?:html|js|md)|RGB|\bch, i, j|\bjump\b")
"""Formulas and code in a sentence."""


@pytest.fixture(scope="module")
def pseudo_run(browser: Browser) -> Iterator[Run]:
    """What a script says in a page of the pseudo language."""
    with empty_page(browser) as page:
        page.evaluate("document.documentElement.lang = 'en-x-pseudo'")
        yield page.evaluate


def test_the_catalogues_say_what_the_golden_file_holds(run: Run):
    """After a change of sentences: `PYTHONPATH=. python tests/golden/make_strings.py`, and read its diff."""
    said = run(f"return ({CALL})(given)", [MODULES, list_calls()])
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert {key: text for key, text in said.items() if golden.get(key) != text} == {}
    assert said.keys() == golden.keys()


def test_no_sentence_fails_for_a_missing_value():
    golden = GOLDEN.read_text(encoding="utf-8")
    assert not re.findall(r".*(?:undefined|NaN|\[object).*", golden)


def test_in_another_language_every_sentence_is_translated_and_what_it_is_given_stays(pseudo_run: Run):
    english = json.loads(GOLDEN.read_text(encoding="utf-8"))
    said = pseudo_run(CALL, [MODULES, list_calls()])
    assert said.keys() == english.keys()
    names = set(pseudo_run('async () => (await import("convoscope/pure/strings/share-strings.js")).PRODUCTS').values())
    plain, lost = {}, {}
    for key, text in ((key, text) for key, text in said.items() if isinstance(text, str)):
        if text not in names and PLAIN_WORD.search(KEPT.sub("", EXAMPLE.sub("", text))):
            plain[key] = text
        # A stage and the facts of a story bring their own texts; every beat has a name.
        own_texts = "stage" in key or "‹beat›" in key or key.startswith("STORY.")
        if not own_texts and EXAMPLE.findall(text) != EXAMPLE.findall(english[key]):
            lost[key] = text
    assert plain == {}
    assert lost == {}


def test_a_sentence_in_a_sentence_is_enclosed_once(pseudo_run: Run):
    said = pseudo_run(
        """async () => {
          const { PAGE } = await import("convoscope/pure/strings/strings.js");
          return PAGE.everyNthShown(3);
        }"""
    )
    assert re.fullmatch(r"\[!! [^\[\]]+ !!\]", said)


def test_what_a_control_tries_out_is_no_sentence(pseudo_run: Run):
    """The explanation of padding offers the value `same`, which stays a word of links."""
    tried = pseudo_run(
        """async () => {
          const { EXPLANATIONS } = await import("convoscope/pure/strings/explanation-strings.js");
          return EXPLANATIONS.padding({ rows: { before: 0, after: 0, size: 5, positions: 3 } }).trial;
        }"""
    )
    assert tried["value"] == "same"
    assert not PLAIN_WORD.search(tried["text"])


def test_only_the_maps_of_a_color_picture_are_red_green_and_blue(run: Run):
    places = run(
        """const { ARITHMETIC } = await import("convoscope/pure/strings/arithmetic-strings.js");
        return ["input", "prepare", "pointwise", "conv"].map((kind) =>
          ARITHMETIC.place({ kind, shape: [3, 8, 8] }, [1, 2, 3]));"""
    )
    assert places == ["G, 2, 3", "G, 2, 3", "map 1, 2, 3", "map 1, 2, 3"]
