"""The strip of stages before scripts run: cards, blocks, the answer, the receptive field on the picture."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.core.explain.answer import find_answer, find_opening_stage, find_opening_tab
from app.core.explain.receptive_box import find_receptive_box
from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.number_text import format_share
from app.core.operation_table import OPERATIONS
from app.core.scene import Layer, View
from app.core.trace.trace import Stage
from app.render.figure_content.stage_cards import find_block_heads, make_strip, write_branches
from app.render.view_position import fit_view
from tests.figures import answer

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "answers.json").read_text(encoding="utf-8"))
SHARES = "image=(1,3;0,2)&layers=flatten~softmax"
BY_KIND = {row.kind: row for row in OPERATIONS}


def trace_of(query: str):
    trace = answer(query).trace
    assert trace is not None
    return trace


@pytest.mark.parametrize(("share", "text"), GOLDEN["shares"])
def test_shares_are_whole_percent_and_never_written_with_a_power_of_ten(share: float, text: str):
    assert format_share(share) == text


@pytest.mark.parametrize("case", GOLDEN["blocks"], ids=lambda case: " ".join(case["kinds"]))
def test_a_block_is_a_layer_with_weights_and_what_follows_it(case):
    info = trace_of("size=8").stages[0].info
    infos = [
        replace(info, operation=replace(info.operation, kind=kind), index=index, reads=(index - 1,) if index else ())
        for index, kind in enumerate(case["kinds"])
    ]
    assert find_block_heads(infos) == case["heads"]


def test_a_branch_begins_a_block_of_its_own_and_says_where_it_begins():
    trace = trace_of("size=8&layers=conv:sobel-x,padding=1~relu~relu,from=1~abs~add:(2,3)~relu,from=5")
    assert find_block_heads([stage.info for stage in trace.stages]) == [0, 1, 1, 3, 4, 5, 6]
    assert [write_branches(stage.info) for stage in trace.stages] == ["", "", "", "from 1", "", "from 2, 3", ""]


@pytest.mark.parametrize("case", GOLDEN["answers"], ids=lambda case: f"{case['kind']} {len(case['values'])}")
def test_the_answer_names_the_three_highest_classes(case):
    trace = trace_of("size=8")
    side = case["side"]
    values = np.repeat(np.array(case["values"], np.float32), side * side).reshape(-1, side, side)
    info = replace(trace.stages[0].info, operation=BY_KIND[case["kind"]], classes=tuple(case["names"]), index=1)
    found = find_answer(replace(trace, stages=(trace.stages[0], Stage(info, values))))
    assert case["highest"] == (found and [[one.map, one.name, one.value] for one in found.classes])
    assert found is None or found.is_share == (case["kind"] == "softmax")


@pytest.mark.parametrize("case", GOLDEN["boxes"], ids=lambda case: case["link"])
def test_the_receptive_field_of_a_cell_is_the_box_of_all_cells_that_it_depends_on(case):
    trace = trace_of(case["link"])
    for map, row, column, *box in case["boxes"]:
        assert list(find_receptive_box(trace, len(trace.stages) - 1, map, row, column)) == box


def test_a_network_opens_on_its_answer_and_another_chain_on_its_first_layer():
    trace = trace_of(SHARES)
    assert find_opening_stage(trace) == 1
    network = replace(trace, scene=replace(trace.scene, layers=(Layer("model", head="lenet5"),)))
    assert find_opening_stage(network) == 2
    assert find_opening_stage(trace_of("size=8&layers=")) == 0


@pytest.mark.parametrize("case", GOLDEN["openings"], ids=lambda case: f"{case['layers']} {case['view']}")
def test_a_link_that_says_no_place_and_no_view_opens_the_network(case):
    link = parse_link(f"layers={case['layers']}&{case['view']}".removesuffix("&"), Limits())
    trace = replace(trace_of(SHARES), scene=link.scene)
    assert find_opening_tab(trace, link.view) == case["tab"]
    assert fit_view(trace, link.view).view.tab == case["tab"]


def test_the_stage_of_a_link_wins_and_the_opening_stage_is_left_out():
    trace = trace_of(SHARES)
    network = replace(trace, scene=replace(trace.scene, layers=(Layer("model", head="lenet5"),)))
    for chain in (trace, network):
        opening = find_opening_stage(chain)
        for said, shown, linked in ((None, opening, None), (0, 0, 0), (opening, opening, None)):
            position = fit_view(chain, View(stage=said, tab="equation"))
            assert (position.view.stage, position.linked_view.stage) == (shown, linked)


def test_the_link_of_a_network_opens_what_is_shown():
    trace = trace_of(SHARES)
    network = replace(trace, scene=replace(trace.scene, layers=(Layer("model", head="lenet5"),)))
    for said, tab, stage in ((View(), "network", None), (View(stage=2), "", 2), (View(map=0), "", 2)):
        linked = fit_view(network, said).linked_view
        assert (linked.tab, linked.stage) == (tab, stage)
        again = fit_view(network, linked)
        assert (again.view, again.linked_view) == (fit_view(network, said).view, linked)


def test_the_first_paint_has_the_answer_with_its_meaning_and_the_field_of_the_cell():
    trace = trace_of(SHARES)
    position = fit_view(trace, View(stage=2))
    strip = make_strip(trace, position, ["", "", ""], [False, True, True])
    assert strip.answer is not None
    assert [f"{line.name} {line.text}" for line in strip.answer.lines] == [
        "class 1 64 %",
        "class 3 24 %",
        "class 0 9 %",
    ]
    assert strip.answer.sentence.endswith("Shares, not chances of being right.")
    assert (strip.field, strip.size) == ((0, 0, 2, 2), (2, 2))
    assert [card.is_vector for card in strip.cards] == [False, True, True]
    assert make_strip(trace, fit_view(trace, View(stage=0)), ["", "", ""], [False] * 3).field is None
