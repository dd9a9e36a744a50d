"""The strip of stages in the browser: shares, blocks, answers and receptive fields as on the server."""

from __future__ import annotations

import json

from app.core.options import VIEW_OPTIONS
from app.core.trace.stage_json import stage_to_json
from tests.browser.pure_page import CHECKOUT, Run
from tests.figures import stages

GOLDEN = json.loads((CHECKOUT / "tests" / "golden" / "answers.json").read_text(encoding="utf-8"))


def test_shares_are_whole_percent_and_never_written_with_a_power_of_ten(run: Run):
    script = """const {shareText} = await import("convoscope/pure/text/number-text.js");
      return given.filter(([share, text]) => shareText(share) !== text);"""
    assert run(script, GOLDEN["shares"]) == []


def test_a_block_is_a_layer_with_weights_and_what_follows_it(run: Run):
    script = """const {blockHeads} = await import("convoscope/pure/frame/stage-cards.js");
      return given.map(({kinds}) => blockHeads(kinds.map((kind, i) => ({kind, reads: [i - 1]}))));"""
    assert run(script, GOLDEN["blocks"]) == [case["heads"] for case in GOLDEN["blocks"]]


def test_the_answer_names_the_three_highest_classes(run: Run):
    script = """const {findAnswer, openingStage} = await import("convoscope/pure/frame/answer.js");
      return given.map(({kind, values, names, side}) => {
        const output = Float32Array.from(values.flatMap((value) => Array(side * side).fill(value)));
        const last = {index: 1, kind, classes: names, shape: [values.length, side, side], output};
        const trace = (op) => ({scene: {layers: [{op}]}, stages: [{index: 0}, {...last}]});
        const found = findAnswer(trace("conv"));
        const opening = [openingStage(trace("conv")), openingStage(trace("model"))];
        return [found && found.classes.map(({map, name, value}) => [map, name, value]), opening];
      });"""
    assert run(script, GOLDEN["answers"]) == [[case["highest"], [1, 1]] for case in GOLDEN["answers"]]


def test_a_network_opens_on_its_answer_and_another_chain_on_its_first_layer(run: Run):
    script = """const {openingStage} = await import("convoscope/pure/frame/answer.js");
      const stage = (index, kind) => ({index, kind, shape: [2, 1, 1], output: new Float32Array([1, 2])});
      const stages = [stage(0, "input"), stage(1, "conv"), stage(2, "softmax")];
      return ["conv", "model"].map((op) => openingStage({scene: {layers: [{op}]}, stages}));"""
    assert run(script) == [1, 2]


def test_a_link_that_says_no_place_and_no_view_opens_the_network(run: Run):
    script = """const {openingTab} = await import("convoscope/pure/frame/answer.js");
      const {parseView} = await import("convoscope/pure/link/view.js");
      const opened = ({view, layers}) => openingTab(
        {scene: {layers: layers.split("~").map((layer) => ({op: layer.split(":")[0]}))}},
        parseView(view, given.table));
      return given.cases.filter((one) => opened(one) !== one.tab);"""
    table = [option.to_json() for option in VIEW_OPTIONS]
    assert run(script, {"cases": GOLDEN["openings"], "table": table}) == []


def test_the_receptive_field_of_a_cell_is_the_box_of_all_cells_that_it_depends_on(run: Run):
    chains = [[stage_to_json(stage) for stage in stages(case["link"])] for case in GOLDEN["boxes"]]
    script = """const {receptiveBox} = await import("convoscope/pure/frame/receptive-box.js");
      return given.chains.map((stages, i) => given.cases[i].boxes.map(([map, row, col]) => {
        const {top, left, height, width} = receptiveBox({stages}, {stage: stages.length - 1, map, row, col});
        return [map, row, col, top, left, height, width];
      }));"""
    found = run(script, {"chains": chains, "cases": GOLDEN["boxes"]})
    assert found == [case["boxes"] for case in GOLDEN["boxes"]]
