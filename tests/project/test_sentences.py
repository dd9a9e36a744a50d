"""The catalogues of sentences, held against the code that uses them and against their snapshot."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest

from app.core.pseudo_letters import make_pseudo_sentence
from app.core.texts import Text, list_places, make_text, read_text_json, use_language, write_message
from tests.golden.make_sentences import FILE, read_sentences

APP = Path(__file__).resolve().parents[2] / "app"
FILLED = MappingProxyType(
    {
        "make_text": (),
        "make_problem": ("field", "value", "allowed"),
        "for_value": ("field", "value", "allowed"),
        "add_error": ("field", "value", "allowed"),
        "add_note": ("field", "value", "allowed"),
        "add_unknown_name": ("field", "value", "allowed"),
        "make_layer_error": ("field", "value", "allowed"),
        "make_unknown_name_problem": ("field", "value", "allowed"),
        "make_file_error": ("allowed",),
        "too_large_error": ("most",),
    }
)
"""The functions whose first argument is a code, with the places that their other arguments fill."""
COMPOSED = re.compile(
    r"(title|sentence|label|help|status|store|sample|hue|filter|page|predict|question|version|exercise)_[\w-]+|shown_in_\w+|\w+_(alt|name)"
    r"|signal_(full|own|shared)_is|compare_((op|label|1|on)_\w+|down|up|left|right|gray|rgb|byte|unit|stage|map)",
)
"""Codes that the program composes of a fixed part and a name; those of pages are held against the templates."""


@cache
def sentences() -> dict[str, str]:
    return read_sentences()


def calls() -> Iterator[tuple[str, ast.Call]]:
    """(place in the code, call) of every function whose first argument is the code of a sentence."""
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and function(node) in FILLED:
                yield f"{path.relative_to(APP)}:{node.lineno}", node


def function(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def written_strings() -> set[str]:
    """All strings in the code, and those in keys of dictionaries only where they are used elsewhere, too."""
    found: set[str] = set()
    for path in APP.rglob("*.py"):
        keys: set[int] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                keys |= {id(key) for key in node.keys}
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in keys:
                found.add(node.value)
    return found


def test_the_sentences_are_those_of_the_snapshot():
    """A changed sentence is meant: python -m tests.golden.make_sentences writes the snapshot anew."""
    assert sentences() == json.loads(FILE.read_text(encoding="utf-8"))


def test_every_code_in_the_program_has_a_sentence():
    missing = {
        place: call.args[0].value
        for place, call in calls()
        if isinstance(call.args[0], ast.Constant) and call.args[0].value not in sentences()
    }
    assert missing == {}


def test_every_place_of_a_sentence_is_filled_where_it_is_used():
    empty = {}
    for place, call in calls():
        code = call.args[0]
        if not isinstance(code, ast.Constant) or any(keyword.arg is None for keyword in call.keywords):
            continue
        given = {keyword.arg for keyword in call.keywords} | set(FILLED[function(call)])
        if not list_places(sentences()[code.value]) <= given:
            empty[place] = set(list_places(sentences()[code.value])) - given
    assert empty == {}


def test_every_sentence_is_used():
    used = written_strings()
    assert [code for code in sentences() if code not in used and not COMPOSED.fullmatch(code)] == []


def test_every_sentence_differs_in_pseudo_letters_and_keeps_its_places():
    for code, sentence in sentences().items():
        pseudo = make_pseudo_sentence(sentence)
        assert pseudo.startswith("[!! "), code
        assert pseudo.endswith(" !!]"), code
        assert list_places(pseudo) == list_places(sentence), code
        plain = re.sub(r"\{\w*\}", "", sentence)
        if re.search(r"(?<![\w(.*/`={:-])[A-Za-z]{4,}(?![\w(*/`=:-]|\.\w)", plain):
            assert pseudo != f"[!! {sentence} !!]", code


@pytest.mark.parametrize(
    ("sentence", "pseudo"),
    [
        ("Convolution", "[!! Çöñṽöļûţîöñ !!]"),
        ("{field} is {value}.", "[!! {field} îš {value}. !!]"),
        ("Add picture=1 to allow that.", "[!! Åðð picture=1 ţö åļļöŵ ţĥåţ. !!]"),
        ("Use np.savez('weights.npz', **arrays) here.", "[!! Ûšé np.savez('weights.npz', **arrays) ĥéŕé. !!]"),
        ("the .onnx file of CONVOSCOPE_STORE", "[!! ţĥé .onnx ƒîļé öƒ CONVOSCOPE_STORE !!]"),
    ],
)
def test_pseudo_letters_spare_places_code_options_and_names_of_files(sentence, pseudo):
    assert make_pseudo_sentence(sentence) == pseudo


def test_texts_of_users_are_never_translated():
    with use_language("pseudo"):
        written = write_message(make_text("unknown", field="image", value="my cat", allowed=make_text("flag")))
    assert written == "[!! my cat îš ûñķñöŵñ; image çåñ ƀé [!! 0 öŕ 1 !!]. !!]"
    assert write_message("my cat") == "my cat"


def test_a_text_comes_back_from_json_and_others_are_refused():
    text = make_text("nearest", used=make_text("whole", least=1, most=9))
    assert read_text_json(json.loads(json.dumps(text.to_json()))) == text
    assert read_text_json("as it is") == "as it is"
    for bad in (
        3,
        {"code": "nearest"},
        {"code": "no such code", "params": {}},
        {"code": "nearest", "params": {}},
        {"code": "nearest", "params": {"used": ["a list"]}},
    ):
        with pytest.raises(ValueError, match=r"text|code|place"):
            read_text_json(bad)
    deep: Text | str = "x"
    for _ in range(9):
        deep = make_text("nearest", used=deep)
    with pytest.raises(ValueError, match="not a text"):
        read_text_json(json.loads(json.dumps(deep.to_json())) if isinstance(deep, Text) else deep)
