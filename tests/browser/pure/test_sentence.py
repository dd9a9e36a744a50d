"""A sentence and its words, and the edits of a scene that they make; words are the same ones as on the server."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.limits import Limits
from app.core.link.scene_json import scene_from_json
from app.core.words.vocabulary import list_vocabulary
from tests.browser.pure_page import Run

SPLIT = """return (await import("convoscope/pure/link/sentence.js")).splitSentence(given);"""
EDIT = """
const M = await import("convoscope/pure/link/sentence.js");
const { changeScene } = await import("convoscope/pure/scene-edits.js");
const edits = { words: M.changeWords, vectors: M.changeVectors, reads: M.readWords, image: changeScene };
return given.edits.reduce((scene, [name, value]) => edits[name](value)(scene), given.scene);
"""
ONE_HOT: dict[str, Any] = {
    "version": 2,
    "image": {"one_hot": True},
    "rows": ["a", "b", "A"],
    "layers": [
        {"op": "conv", "filters": [{"random": [2, 2, 2]}], "options": {"seed": 1}},
        {"op": "relu", "options": {}},
    ],
}


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("the cat  sat\non", ["the", "cat", "sat", "on"]),
        ("Hello, world!", ["Hello", ",", "world", "!"]),
        ("don't e-mail (me)...", ["don't", "e-mail", "(", "me", ")", ".", ".", "."]),
        ("שלום עולם", ["שלום", "עולם"]),
        ("猫 が、いる", ["猫", "が、いる"]),
        ("\N{GRINNING FACE} ok", ["\N{GRINNING FACE}", "ok"]),
        ("<script>alert(1)</script>", ["<script>alert(1)</script>"]),
        ("?!", ["?", "!"]),
        ("   ", []),
        ("", []),
    ],
)
def test_a_sentence_is_split_at_spaces_and_punctuation_at_the_ends_of_a_word_stands_alone(
    run: Run, sentence: str, words: list[str]
) -> None:
    assert run(SPLIT, sentence) == words


@settings(max_examples=40, deadline=None)
@given(
    words=st.lists(st.sampled_from(["The", "THE", "the", "Maße", "MASSE", "É", "é", "猫", "a"]), min_size=1, max_size=8)
)
def test_the_same_words_are_the_same_ones_here_and_on_the_server(run: Run, words: list[str]) -> None:
    count = """return (await import("convoscope/pure/link/sentence.js")).countDifferent(given);"""
    assert run(count, words) == len(list_vocabulary(words))


def edited(run: Run, scene: dict[str, Any], *edits: tuple[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = run(EDIT, {"scene": scene, "edits": edits})
    assert scene_from_json({key: value for key, value in made.items() if value is not None}, Limits())[1] == ()
    return made


def test_filters_follow_the_width_of_the_vectors(run: Run) -> None:
    made = edited(run, ONE_HOT, ("words", ["a", "b", "c"]))
    assert made["layers"][0]["filters"] == [{"random": [2, 2, 3]}]
    made = edited(run, ONE_HOT, ("words", [chr(97 + n) for n in range(16)]))
    assert made["layers"][0]["filters"] == [{"shape": [2, 2, 16]}]
    made = edited(run, ONE_HOT, ("vectors", {"random_vectors": 7, "seed": 3}), ("reads", 3))
    assert made["layers"][0]["filters"] == [{"random": [2, 3, 7]}]
    assert made["rows"] == ["a", "b", "A"]


def test_a_typed_filter_gets_columns_of_zeros_or_loses_them(run: Run) -> None:
    typed = {
        **ONE_HOT,
        "layers": [{"op": "conv", "filters": [{"planes": [[["1", "2"]]], "divisor": 1}], "options": {}}],
    }
    assert edited(run, typed, ("words", ["a", "b", "c"]))["layers"][0]["filters"][0]["planes"] == [[["1", "2", "0"]]]
    assert edited(run, typed, ("words", ["a"]))["layers"][0]["filters"][0]["planes"] == [[["1"]]]


def test_typed_vectors_stay_with_their_words(run: Run) -> None:
    typed = {**ONE_HOT, "image": {"planes": [[["1", "2"], ["3", "4"], ["5", "6"]]], "divisor": 2}}
    made = edited(run, typed, ("words", ["b", "new", "a"]))
    assert made["image"] == {"planes": [[["3", "4"], ["0", "0"], ["5", "6"]]], "divisor": 2}


@pytest.mark.parametrize(
    ("image", "rows"),
    [
        ({"planes": [[["1"], ["2"]]], "divisor": 1}, ["a", "b"]),
        ({"planes": [[["1"]] * 4], "divisor": 1}, ["a", "b", "A", "row 3"]),
        ({"random": [2, 3, 4], "seed": 1}, ["a", "b", "A"]),
        ({"random": [1, 33, 1], "seed": 1}, None),
        ({"sample": "coffee"}, None),
    ],
)
def test_another_input_keeps_the_words_that_it_has_rows_for(
    run: Run, image: dict[str, Any], rows: list[str] | None
) -> None:
    assert edited(run, ONE_HOT, ("image", {"image": image})).get("rows") == rows
