"""Edits of a chain: every reference still means the stage that it meant. The cases are written by hand."""

from __future__ import annotations

import json
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.graph.references import read_references
from app.core.graph.rewire import LayerEdit, rewire
from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.link.syntax import format_layer
from app.core.scene import Layer
from tests.figures import answer

CASES = json.loads((Path(__file__).parents[1] / "golden" / "rewire.json").read_text(encoding="utf-8"))


def layer_of(text: str) -> Layer:
    return parse_link(f"layers={text}", Limits()).scene.layers[0]


def edit_of(case) -> LayerEdit:
    given_edit = case["edit"]
    layer = layer_of(given_edit["layer"]) if "layer" in given_edit else None
    return LayerEdit(
        given_edit["kind"], given_edit["index"], layer, given_edit.get("to", 0), given_edit.get("count", 1)
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_an_edit_renumbers_every_reference(case):
    layers = [layer_of(text) for text in case["layers"]]
    made = rewire(layers, edit_of(case), case.get("counts", [1] * len(layers)))
    assert [format_layer(layer) for layer in made.layers] == case["after"]
    assert [[one.layer, one.stage, one.used] for one in made.replaced] == case["replaced"]


@pytest.mark.parametrize("edit", [LayerEdit("remove", 2), LayerEdit("move", -1), LayerEdit("insert", 3, Layer("abs"))])
def test_an_edit_outside_the_chain_is_refused(edit):
    with pytest.raises(IndexError):
        rewire([Layer("relu"), Layer("abs")], edit, [1, 1])


@st.composite
def chains(draw: st.DrawFn) -> tuple[list[Layer], list[int]]:
    """Named layers (by their slope) of one stage or several, each with references to stages before it."""
    layers, counts, number = [], [], 1
    for name in range(draw(st.integers(1, 6))):
        start = draw(st.one_of(st.none(), st.integers(0, number - 1)))
        options = () if start is None else (("from", start),)
        joined = tuple(draw(st.lists(st.integers(0, number - 1), min_size=1, max_size=3)))
        kind = draw(st.sampled_from(["leaky_relu", "add"]))
        layers.append(Layer(kind, (), joined if kind == "add" else str(name), options))
        counts.append(draw(st.integers(1, 3)))
        number += counts[-1]
    return layers, counts


@given(chains(), st.data())
def test_after_an_insertion_every_layer_reads_what_it_named(chain, data):
    layers, counts = chain
    index = data.draw(st.integers(0, len(layers)))
    count = data.draw(st.integers(1, 3))
    made = rewire(layers, LayerEdit("insert", index, Layer("abs"), count=count), counts)
    before, after = (
        list(accumulate(sizes, initial=1)) for sizes in (counts, [*counts[:index], count, *counts[index:]])
    )

    def owner(first: list[int], stage: int) -> tuple[int, int]:
        at = max(n for n, start in enumerate(first) if start <= stage) if stage else -1
        return (at, 0) if at < 0 else (at, stage - first[at])

    for old, layer in enumerate(layers):
        new = made.layers[old + (old >= index)]
        pairs = zip(read_references(layer).joined, read_references(new).joined, strict=True)
        for one, other in pairs:
            (was, offset), (now, new_offset) = owner(before, one), owner(after, other)
            assert (was + (was >= index) if was >= 0 else was, offset) == (now, new_offset)
    assert made.replaced == ()


@given(chains(), st.data())
def test_no_edit_leaves_a_reference_to_itself_or_to_a_later_stage(chain, data):
    layers, counts = chain
    kind = data.draw(st.sampled_from(["remove", "move"]))
    index = data.draw(st.integers(0, len(layers) - 1))
    to = data.draw(st.integers(0, len(layers) - 1))
    made = rewire(layers, LayerEdit(kind, index, to=to), counts)
    left = [count for n, count in enumerate(counts) if n != index]
    if kind == "move":
        left.insert(to, counts[index])
    for number, layer in zip(accumulate(left, initial=1), made.layers, strict=False):
        references = read_references(layer)
        assert all(stage < number for stage in (*references.joined, *filter(None, [references.start])))


# --- what a page repairs ------------------------------------------------------------------------------------------


def repaired(query: str) -> tuple[str, list[str]]:
    result = answer(f"image=(1,-2;3,4)&layers={query}", repair=True)
    return result.link.partition("layers=")[2], [problem.message for problem in result.problems]


def test_a_layer_that_does_not_fit_is_left_out_and_those_that_read_it_say_so():
    link, said = repaired("relu~maxpool:9~abs~add:2~concat:4")
    assert link == "relu~abs~add:1~concat:3"
    assert said[0].startswith("Max pool (layer 2): The window spans 9 rows")
    assert said[1:] == ["Add (layer 4): Stage 2 is left out; what read it reads stage 1 instead."]


def test_a_branch_goes_on_from_where_the_layer_that_is_left_out_began():
    assert repaired("relu~abs~maxpool:9,from=1~tanh~add:2")[0] == "relu~abs~tanh,from=1~add:2"


def test_stages_that_do_not_fit_a_join_are_left_out_one_by_one_with_both_shapes():
    link, said = repaired("relu~maxpool:2~globalavgpool,from=1~add:(1,2)")
    assert link == "relu~maxpool:2~globalavgpool,from=1~add:2"
    assert said == [
        "Add (layer 4): Add cannot join stage 1, which has 1 × 2 × 2 cells, with stage 3, which has 1 × 1 × 1; the "
        "stages can be those with 1 × 1 × 1 cells. It is left out."
    ]


def test_a_join_without_any_stage_that_fits_is_left_out():
    link, said = repaired("relu~maxpool:2~add:1~abs,from=3")
    assert link == "relu~maxpool:2~abs,from=2"
    assert said[-1] == "Absolute value (layer 4): Stage 3 is left out; what read it reads stage 2 instead."


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ("relu~abs,from=2", "Absolute value (layer 2): from is 2, and this is stage 2; it can be 0 to 1."),
        ("relu~add:7", "Add (layer 2): stages is 7, and this is stage 2; it can be 0 to 1."),
        ("add:(0,1)", "Add (layer 1): stages is 1, and this is stage 1; it can be 0."),
    ],
)
def test_a_stage_that_is_not_before_the_layer_is_refused(layers, sentence):
    result = answer(f"image=(1,-2;3,4)&layers={layers}")
    assert result.trace is None
    assert [problem.message for problem in result.problems] == [sentence]
