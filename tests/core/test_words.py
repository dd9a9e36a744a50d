"""Words at the rows of an input: their links, their vectors, the n-grams of later rows, and who won."""

from __future__ import annotations

import json
from urllib.parse import quote

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.code.dialects import find_dialect
from app.core.limits import Limits
from app.core.link.query_string import format_link, parse_link
from app.core.link.scene_json import scene_from_json, scene_to_json
from app.core.program.program import ProgramPlace, write_program
from app.core.trace.stage_json import stage_to_json
from app.local_lab import compute_figure
from app.notebook import show, trace
from app.render.figure import lay_out_figure
from app.render.view_position import fit_view

LIMITS = Limits()
SENTENCE = ["the", "cat", "sat", "on", "The", "mat"]


def read(query):
    return parse_link(query, LIMITS)


def messages(query):
    return [problem.message for problem in read(query).problems]


def stages(query):
    """The stages of a figure as the API writes them, with their arrays."""
    return [(stage_to_json(one), one.output) for one in compute_figure(query).trace.stages]


def sentence(words, image="one-hot", layers=""):
    return f"image={image}&rows={','.join(quote(word, safe='') for word in words)}&layers={layers}"


# --- links ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "image=(1,2;3,4)&rows=the,cat",
        "image=one-hot&rows=the,cat,sat,the",
        "image=random-vectors*5,seed=1&rows=the,cat",
        "image=random-vectors*1&rows=the",
        "image=random*2@3x4,seed=2&rows=a,b,c",
        "image=one-hot&rows=a%252Cb,50%25,x%25252Cy",
        "image=one-hot&rows=New%20York,%D7%A9%D7%9C%D7%95%D7%9D,%E7%8C%AB,%F0%9F%98%80",
    ],
)
def test_words_stand_in_a_link_as_they_are_written_there(query):
    found = read(query)
    assert found.problems == ()
    assert format_link(found.scene) == query
    assert scene_from_json(json.loads(json.dumps(scene_to_json(found.scene))), LIMITS) == (found.scene, ())


@settings(max_examples=200)
@given(st.lists(st.text(max_size=30), max_size=40))
def test_any_words_are_read_or_refused_with_a_sentence_and_stay_what_they_are(words):
    found = read(f"image=one-hot&rows={quote(','.join(w.replace('%', '%25').replace(',', '%2C') for w in words))}")
    assert all(problem.message for problem in found.problems)
    again = read(format_link(found.scene))
    assert (again.scene, again.problems) == (found.scene, ())
    assert len(found.scene.rows) <= 32
    assert all(0 < len(word) <= 24 for word in found.scene.rows)


def test_a_comma_within_a_word_is_escaped_twice():
    assert read("image=one-hot&rows=a%252Cb,c").scene.rows == ("a,b", "c")
    assert read("image=one-hot&rows=a%2Cb").scene.rows == ("a", "b")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("image=(1,2;3,4)&rows=a,b,c", "The number of words in rows is 3; it can be 2, one for each row of the input."),
        ("image=(1,2;3,4)&rows=a", "The number of words in rows is 1; it can be 2"),
        ("image=one-hot", "These vectors need words"),
        ("image=one-hot&rows=", "These vectors need words"),
        ("image=one-hot&rows=a,,b", "Word 2 of rows is empty; a word has 1 to 24 characters."),
        ("image=one-hot&rows=a,%20,b", "Word 2 of rows is empty"),
        (f"image=one-hot&rows={'x' * 25}", "Word 1 of rows has 25 characters; a word has 1 to 24 characters."),
        (f"image=one-hot&rows={','.join(['a'] * 33)}", "There are 33 words; there can be at most 32."),
        ("image=one-hot&rows=a%E2%80%AEb", "Word 1 of rows is a\N{REPLACEMENT CHARACTER}b"),
        ("image=coffee&rows=a,b", "the rows of a picture are no words"),
        ("image=random-vectors*16&rows=a", "The nearest valid value is random-vectors*15."),
        ("image=random-vectors*0&rows=a", "The nearest valid value is random-vectors*1."),
        ("image=random-vectors&rows=a", "random-vectors*5 with a seed"),
        ("image=random-vectors*5,speed=1&rows=a", "speed=1 is not a key here"),
        ("image=random-vectors*5,seed=-1&rows=a", "seed is -1"),
        ("image=one-hot&rows=a,b&adjust=turn:15", "adjust=turn:15 would move the rows away from their words"),
        ("image=one-hot&rows=a,b&adjust=flip:hv", "flip:hv would move the rows"),
        ("image=one-hot&rows=a,b&adjust=shift:1x0", "shift:1x0 would move the rows"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(query, said):
    assert any(said in message for message in messages(query)), messages(query)
    with pytest.raises(ValueError, match=r"."):
        compute_figure(query)


def test_what_keeps_the_rows_in_their_place_goes_with_words():
    assert messages("image=one-hot&rows=a,b&adjust=brightness:2,flip:h,shift:0x1") == []


@pytest.mark.parametrize("rows", ["cat", [1, 2], {"a": 1}, [None], 3])
def test_json_words_of_another_type_are_refused(rows):
    scene, problems = scene_from_json({"image": {"one_hot": True}, "rows": rows}, LIMITS)
    assert scene.rows == ()
    assert "rows" in [problem.field for problem in problems]


# --- vectors ----------------------------------------------------------------------------------------------------


def test_one_hot_vectors_have_a_column_for_each_different_word_in_order():
    (info, maps), *_ = stages(sentence(SENTENCE))
    vocabulary = list(dict.fromkeys(word.lower() for word in SENTENCE))
    expected = np.array([[float(word.lower() == column) for column in vocabulary] for word in SENTENCE])
    np.testing.assert_array_equal(maps[0], expected)
    assert info["words"] == SENTENCE
    assert info["notes"] == [
        "Vectors: one-hot. Each different word has a column: the, cat, sat, on, mat. Capital and small letters are the "
        "same word."
    ]


def draw_vector(word, size, seed):
    """The law of the documents, in plain integers."""
    mask, state = 2**64 - 1, 0xCBF29CE484222325
    for byte in word.lower().encode():
        state = ((state ^ byte) * 0x100000001B3) & mask
    made = []
    for step in range(1, size + 1):
        z = ((seed ^ state) + step * 0x9E3779B97F4A7C15) & mask
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        made.append(((z ^ (z >> 31)) % 19 - 9) / 10)
    return made


@pytest.mark.parametrize("seed", [0, 1, 999_999_999])
def test_random_vectors_are_those_of_the_law_and_the_same_for_the_same_word(seed):
    (info, maps), *_ = stages(sentence(SENTENCE, f"random-vectors*7,seed={seed}"))
    np.testing.assert_array_equal(maps[0], np.float32([draw_vector(word, 7, seed) for word in SENTENCE]))
    np.testing.assert_array_equal(maps[0][0], maps[0][4])
    assert info["denominator"] == 10
    assert f"random numbers, seed {seed} — not learned" in info["notes"][0]
    alone = stages(sentence(["mat"], f"random-vectors*3,seed={seed}"))[0][1]
    np.testing.assert_array_equal(alone[0, 0], maps[0][5][:3])


def test_typed_vectors_say_that_they_are_typed():
    assert stages("image=(1,2;3,4)&rows=a,b&layers=")[0][0]["notes"] == ["Vectors: typed."]


# --- n-grams ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_a_row_of_the_map_is_named_by_the_words_of_its_window(size):
    info, _ = stages(sentence(SENTENCE, layers=f"conv:random*1@{size}x5,seed=1"))[1]
    grams = [" ".join(SENTENCE[row : row + size]) for row in range(len(SENTENCE) - size + 1)]
    assert info["shape"] == [1, len(grams), 1]
    assert info["words"] == (grams if size < 6 else ["the … mat (6 words)"])
    assert f"{size}-gram" in info["notes"][0]


def test_seven_words_have_five_3_grams_and_the_figure_says_so():
    words = [*SENTENCE, "today"]
    info, _ = stages(sentence(words, layers="conv:random*1@3x6"))[1]
    assert info["shape"][1] == 5
    assert "7 words have 5: 7 − 3 + 1 = 5" in info["notes"][0]


def test_padding_is_named():
    info, _ = stages(sentence(["the", "cat"], layers="conv:random*1@2x2,padding=1x0~relu"))[1]
    assert info["words"] == ["(padding) the", "the cat", "cat (padding)"]
    info, _ = stages(sentence(["the", "cat"], layers="pad:1x0~conv:random*1@2x2"))[2]
    assert info["words"] == ["(padding) the", "the cat", "cat (padding)"]
    info, _ = stages(sentence(["a", "b", "c"], layers="conv:random*1@2x3,padding=(1,0,0,0),padding_mode=circular"))[1]
    assert info["words"] == ["c … a", "a b", "b c"]


def test_stride_and_dilation_choose_the_words_that_are_read():
    info, _ = stages(sentence(SENTENCE, layers="conv:random*1@2x5,stride=2x1"))[1]
    assert info["words"] == ["the cat", "sat on", "The mat"]
    info, _ = stages(sentence(SENTENCE, layers="conv:random*1@2x5,dilation=2x1"))[1]
    assert info["words"] == ["the … sat", "cat … on", "sat … The", "on … mat"]


def test_later_layers_have_the_words_that_they_see_and_reshaped_ones_none():
    found = [
        info for info, _ in stages(sentence(SENTENCE, layers="conv:random*1@2x5~relu~maxpool:2x1~flatten~linear:2"))
    ]
    assert found[2]["words"] == found[1]["words"]
    assert found[3]["words"] == ["the cat sat", "sat on The"]
    assert "words" not in found[4]
    assert "words" not in found[5]


def test_a_centered_drawing_has_no_words_beside_its_rows():
    found = stages(sentence(["a", "b", "c"], layers="center:2,size=3x3"))
    assert ["words" in info for info, _ in found] == [True, False]


def test_branches_keep_the_words_of_their_rows():
    found = stages(sentence(["a", "b", "c"], layers="relu~abs~add:1~concat:(0,1)"))
    assert [info.get("words") for info, _ in found] == [["a", "b", "c"]] * 5


# --- winners ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pool", ["globalmaxpool"])
@pytest.mark.parametrize("seed", range(6))
def test_a_global_maximum_names_the_n_gram_that_numpy_finds(pool, seed):
    found = stages(sentence(SENTENCE, f"random-vectors*5,seed={seed}", f"conv:random*3@2x5,seed={seed}~{pool}"))
    maps, (info, _) = found[1][1], found[2]
    for map, winner in enumerate(info["winners"]):
        rows = np.flatnonzero(maps[map, :, 0] == maps[map].max())
        grams = [f"“{SENTENCE[row]} {SENTENCE[row + 1]}”" for row in rows]
        assert winner == (grams[0] if len(grams) == 1 else f"{' = '.join(grams[:3])}, a tie")
        assert rows[0] == np.argmax(maps[map, :, 0])


def test_ties_are_said():
    info, _ = stages("image=(1;1;0;1;1;1)&rows=a,b,c,d,e,f&layers=globalmaxpool")[1]
    assert info["winners"] == ["“a” = “b” = “d” and 2 more, a tie"]
    info, _ = stages("image=(1;1;0)&rows=a,b,c&layers=globalmaxpool")[1]
    assert info["winners"] == ["“a” = “b”, a tie"]


def test_an_average_has_no_winner():
    info, _ = stages(sentence(SENTENCE, layers="globalavgpool"))[1]
    assert "winners" not in info
    assert info["words"] == ["the … mat (6 words)"]


# --- notebooks --------------------------------------------------------------------------------------------------


def test_a_notebook_gives_words_to_an_array_or_to_a_link():
    array = np.array([[1, 0], [0, 1], [1, 0]])
    made = trace("layers=conv:random*1@2x2~globalmaxpool", image=array, rows=["the", "cat, sat", "the"])
    np.testing.assert_array_equal(made.stages[0].output[0], array)
    assert made.stages[1].meta["words"] == ["the cat, sat", "cat, sat the"]
    assert "cat, sat" in show("layers=relu", image=array, rows=["the", "cat, sat", "the"]).html
    linked = trace("image=one-hot&layers=", rows=["a", "b"])
    np.testing.assert_array_equal(linked.stages[0].output[0], np.eye(2))


@pytest.mark.parametrize("rows", [["a"], "abc", [], [1, 2, 3], ["a", "b", "x" * 25]])
def test_a_notebook_refuses_rows_that_do_not_fit(rows):
    with pytest.raises(ValueError, match="rows"):
        trace("layers=", image=np.eye(3), rows=rows)


@pytest.mark.parametrize(
    ("query", "said", "kept"),
    [
        ("image=(1,2;3,4)&batch=(5,6;7,8)&rows=the,cat", "batch has 1 beside rows", ()),
        ("image=one-hot&batch=coffee,chelsea&rows=the,cat", "batch has 2 beside rows", ()),
        ("image=coffee&batch=one-hot,chelsea&item=2", "one-hot is made of words", ("chelsea",)),
        ("image=coffee&batch=random-vectors*3,seed=2", "random-vectors*3,seed=2 is made of words", ()),
    ],
)
def test_a_figure_has_words_or_a_stack_of_pictures(query, said, kept):
    link = parse_link(query, Limits())
    assert [said in problem.message for problem in link.problems] == [True]
    assert tuple(image.name for image in link.scene.batch) == kept
    assert link.scene.item == len(kept)


# --- the picture and the program --------------------------------------------------------------------------------


def picture_texts(query):
    computed = compute_figure(query)
    position = fit_view(computed.trace, computed.view)
    return [(one.part, one.text) for one in lay_out_figure(computed.trace, position).primitives if hasattr(one, "text")]


def test_the_picture_of_a_figure_has_the_words_beside_its_rows():
    made = picture_texts(f"{sentence(SENTENCE, layers='conv:random*1@2x5,padding=1x0~relu')}&stage=1&at=1,0&beat=write")
    beside = [text for part, text in made if part == "input-words"]
    assert beside == ["(padding)", *SENTENCE, "(padding)"]
    beside = [text for part, text in made if part == "output-words"]
    assert beside[:2] == ["(padding) the", "the cat"]
    assert ("window-caption", "2-gram “the cat”") in made
    assert any(text.startswith("Vectors: one-hot") for _, text in made)


def test_a_picture_names_rows_whose_words_its_fonts_cannot_write():
    made = picture_texts(sentence(["שלום", "مرحبا", "猫", "\N{GRINNING FACE}", "Ünïcode"]) + "&stage=0")
    assert [text for part, text in made if part == "output-words"] == ["row 0", "row 1", "row 2", "row 3", "Ünïcode"]


def test_the_picture_hides_the_winner_until_it_is_written():
    query = "image=(1;3;2)&rows=a,b,c&layers=globalmaxpool&stage=1&at=0,0"
    assert "“b”" not in " ".join(text for _, text in picture_texts(f"{query}&beat=window"))
    assert "the largest of 3: “b”" in [text for _, text in picture_texts(f"{query}&beat=write")]


def test_a_program_names_the_words_in_a_comment():
    computed = compute_figure(sentence(["the", "cat"], layers="conv:(1,1)"))
    place = ProgramPlace(1, 0, 0, 0, "write", 1.0)
    lines = "\n".join(write_program(computed.trace, place, find_dialect("torch"), "").lines)
    assert "# 1 × 2 × 2: channels, rows (the, cat), columns" in lines
    compile(lines, "program", "exec")
