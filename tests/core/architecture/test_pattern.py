from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.architecture.architecture_error import ArchitectureError
from app.core.architecture.pattern import MOST_LAYERS, unfold_pattern
from app.core.architecture.pattern_words import translate_layer


def unfolded(text: str) -> list[str]:
    return [layer.text for layer in unfold_pattern(text)]


def refusal(text: str) -> str:
    with pytest.raises(ArchitectureError) as caught:
        unfold_pattern(text)
    assert caught.value.problem.field == "net"
    return str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "layers"),
    [
        ("relu", "relu"),
        ("conv:64@3x3~relu", "conv:64@3x3 relu"),
        ("[relu]", "relu"),
        ("[relu]*3", "relu relu relu"),
        ("[relu~abs]*2~tanh", "relu abs relu abs tanh"),
        ("[(conv:64@3x3~relu)*2~maxpool:2]*2~flatten", "C relu C relu maxpool:2 C relu C relu maxpool:2 flatten"),
        ("[[relu]*2]*2", "relu relu relu relu"),
        ("([relu]*2~abs)", "relu relu abs"),
        ("[conv:(1,0,-1)~relu]*2", "conv:(1,0,-1) relu conv:(1,0,-1) relu"),
        ("[conv:(1)(2)(3)/9,padding=(0,1,2,3)]*2", "conv:(1)(2)(3)/9,padding=(0,1,2,3) " * 2),
        ("(conv:(1;2);random*4@3x3)*2", "conv:(1;2);random*4@3x3 " * 2),
        ("relu~add:(0,1)", "relu add:(0,1)"),
        (" [ relu ~ abs ] * 2 ~\n tanh ", "relu abs relu abs tanh"),
        ("[relu]*1~[abs]*01", "relu abs"),
    ],
)
def test_a_pattern_unfolds_into_layers(pattern, layers):
    assert unfolded(pattern) == layers.replace("C", "conv:64@3x3").split()


groups = st.recursive(
    st.sampled_from(["relu", "conv:64@3x3,stride=2", "conv:(1,2;3,4)", "maxpool:2"]).map(lambda one: (one, [one])),
    lambda inner: st.tuples(
        st.lists(inner, min_size=1, max_size=3), st.integers(1, 3), st.sampled_from(["[]", "()"])
    ).map(
        lambda drawn: (
            f"{drawn[2][0]}{'~'.join(text for text, _ in drawn[0])}{drawn[2][1]}*{drawn[1]}",
            [layer for _, layers in drawn[0] for layer in layers] * drawn[1],
        )
    ),
    max_leaves=12,
)


@given(groups)
def test_nested_groups_unfold_as_they_were_made(made):
    text, layers = made
    assert unfolded(text) == layers


def test_a_layer_knows_where_it_stands_in_the_pattern():
    text = "[(conv:64@3x3~relu)*2~maxpool:2]*2"
    for layer in unfold_pattern(text):
        assert text[layer.position - 1 :].startswith(layer.text)


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("", "net is empty; it can be the name of a network, or a pattern of layers."),
        ("  ", "net is empty; it can be the name of a network, or a pattern of layers."),
        ("[relu~abs", "The [ at character 1 of the pattern is never closed."),
        ("relu~[(abs)*2~tanh", "The [ at character 6 of the pattern is never closed."),
        ("conv:(1,0~relu", "The ( at character 6 of the pattern is never closed."),
        ("relu]*2", "The ] at character 5 of the pattern closes nothing."),
        ("relu)", "The ) at character 5 of the pattern closes nothing."),
        ("[relu)*2", "The ) at character 6 of the pattern would close the [ at character 1; that needs ]."),
        ("(relu]", "The ] at character 6 of the pattern would close the ( at character 1; that needs )."),
        ("relu~~abs", "At character 6 of the pattern a layer is missing."),
        ("relu~", "At character 6 of the pattern a layer is missing."),
        ("~relu", "At character 1 of the pattern a layer is missing."),
        ("[]*2", "At character 2 of the pattern a layer is missing."),
        ("[relu~]*2", "At character 7 of the pattern a layer is missing."),
        (
            "[relu]*0",
            "The number of repetitions at character 8 is 0; it can be a whole number from 1 to 2,000.",
        ),
        (
            "[relu]*",
            "The number of repetitions at character 8 is empty; it can be a whole number from 1 to 2,000.",
        ),
        (
            "[relu]*-1",
            "The number of repetitions at character 8 is -1; it can be a whole number from 1 to 2,000.",
        ),
        (
            "[relu]*2.5",
            "The number of repetitions at character 8 is 2.5; it can be a whole number from 1 to 2,000.",
        ),
        (
            "[relu]*x",
            "The number of repetitions at character 8 is x; it can be a whole number from 1 to 2,000.",
        ),
        (
            "[relu]*٣",
            "The number of repetitions at character 8 is ٣; it can be a whole number from 1 to 2,000.",
        ),
        (
            "[relu]*9999999999",
            "The number of repetitions at character 8 is 9999999999; it can be a whole number from 1 to 2,000.",
        ),
        ("[relu]2", "At character 7 of the pattern stands 2, where there can be ~, a closing bracket, the end, or"),
        ("[relu][abs]", "At character 7 of the pattern stands [, where there can be"),
        ("relu[abs]", "At character 5 of the pattern stands [, where there can be"),
        ("[relu]*2*3", "The number of repetitions at character 8 is 2*3; it can be a whole number from 1 to"),
        ("[relu]*2001", "Unfolded up to character 11, the pattern has 2,001 layers; it can have at most 2,000."),
    ],
)
def test_what_is_wrong_with_a_pattern_is_said_with_its_place(pattern, sentence):
    assert refusal(pattern).startswith(sentence)


def test_a_pattern_may_unfold_to_the_most_layers():
    assert len(unfold_pattern("[[relu~abs]*10]*100")) == MOST_LAYERS
    assert "2,001 layers" in refusal("[[relu~abs]*10]*100~tanh")


@pytest.mark.parametrize(
    "pattern",
    [
        f"{'[' * 300}relu{']*9' * 300}",
        f"{'[' * 9_000}relu{']*9' * 4_000}",
        f"{'(' * 9_000}relu{')' * 9_000}*2001",
        "[relu]*2000~" * 1_500 + "abs",
        "~".join(["relu"] * 4_000),
        "[" * 23_000,
        "conv:" + "(" * 23_000,
        "]" * 23_000,
        "relu~" * 40_000,
    ],
)
def test_a_hostile_pattern_is_refused_at_once(pattern):
    started = time.perf_counter()
    assert refusal(pattern)
    assert time.perf_counter() - started < 3


def test_ten_thousand_brackets_around_a_layer_are_read_without_recursion():
    assert unfolded(f"{'[' * 10_000}relu{']' * 10_000}*2") == ["relu", "relu"]


@given(st.text(alphabet="[]()*~,:=@-. 012a relu", max_size=60))
def test_any_text_is_unfolded_or_refused_with_a_sentence(text):
    try:
        count = len(unfold_pattern(text))
    except ArchitectureError as error:
        said = str(error)
    else:
        said = "." if 0 < count <= MOST_LAYERS else ""
    assert said.endswith(".")


def translated(text: str, number: int) -> tuple[str, bool]:
    (layer,) = unfold_pattern(text)
    words = translate_layer(layer, number)
    return words.text, words.has_bias


@pytest.mark.parametrize(
    ("text", "number", "words", "has_bias"),
    [
        ("add:-3", 7, "add:4", True),
        ("add:-7", 7, "add:0", True),
        ("add:3", 7, "add:3", True),
        ("add:(-3,-1)", 7, "add:(4,6)", True),
        ("concat:(2,-1),from=-4", 9, "concat:(2,8),from=5", True),
        ("mul:-2", 5, "mul:3", True),
        ("maxpool:3,stride=1,padding=1,from=-4", 5, "maxpool:3,stride=1,padding=1,from=1", True),
        ("conv:64@3x3,bias=none", 1, "conv:64@3x3", False),
        ("conv:64@3x3,bias=none,from=-2", 6, "conv:64@3x3,from=4", False),
        ("linear:10,bias=none", 1, "linear:10", False),
        ("conv:64@3x3,bias=none,bias=1", 1, "conv:64@3x3,bias=1", True),
        ("conv:64@3x3,bias=1,bias=none,stride=2", 1, "conv:64@3x3,stride=2", False),
        ("conv:64@3x3,bias=0", 1, "conv:64@3x3,bias=0", True),
        ("conv:(1,-2;-3,4),bias=-1", 3, "conv:(1,-2;-3,4),bias=-1", True),
        ("conv:sobel-x", 3, "conv:sobel-x", True),
        ("shift:-1x2", 3, "shift:-1x2", True),
        ("relu,bias=none", 1, "relu,bias=none", True),
    ],
)
def test_a_layer_of_a_pattern_is_written_in_the_words_of_links(text, number, words, has_bias):
    assert translated(text, number) == (words, has_bias)


@pytest.mark.parametrize(
    ("text", "allowed"), [("add:-8", "1 to 7"), ("relu,from=-0", "1 to 7"), ("add:(1,-9)", "1 to 7")]
)
def test_a_layer_that_counts_back_beyond_the_input_is_refused(text, allowed):
    with pytest.raises(
        ArchitectureError, match=rf"counts . layers back, but it is layer 7; it can count back {allowed}"
    ):
        translated(text, 7)
