"""Steps of layers with numbers of their own, dilated pools and softmax over channels: the browser's are Python's."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import asdict

import pytest

from app.core.explain import explain_step
from app.core.explain.receptive_box import find_receptive_box
from app.core.trace import wire
from app.core.writing import write_step
from app.render.figure_content.step_sentences import write_result
from tests.browser.pure.test_step_texts import to_lists, to_python_names
from tests.browser.pure_page import Run
from tests.number_scenes import find_fault, find_fault_in_sentences, list_places, make_trace

NINE = "image=(1,2,3;4,-5,6;7,8,0.5)"
RGB = "image=face&size=6x7&channels=rgb"
LARGE = "image=random*1@40x30,seed=3&layers=center:2,size=2"
"""Each new cell covers more cells than a step lists."""
LINKS = (
    f"{RGB}&layers=batchnorm,mean=(99,1/3,5),var=(400,2,1),weight=2,bias=(0,1,-1)~batchnorm,train=1~relu",
    f"{RGB}&range=unit&layers=lrn:2,alpha=1,beta=0.5,k=2~lrn",
    f"{NINE}&layers=conv:random*7@2x2,seed=3~lrn:7,alpha=0.3",
    f"{NINE}&layers=dropout:0.3~dropout:0.25,train=1,seed=3~dropout:0.5,train=1,seed=9~dropout:1,train=1",
    f"{NINE}&layers=upsample:2x3~upsample:3x1,mode=bilinear",
    f"{RGB}&layers=upsample:2,mode=bilinear~conv:sobel-x",
    f"{NINE}&layers=pad:1x0,value=-0.25~pad:(1,0,2,1),mode=reflect~pad:1,mode=replicate~pad:1,mode=circular~maxpool:2",
    f"{RGB}&range=unit&layers=softmax:channels~mean~hardswish",
    f"{RGB}&layers=center:8,size=9x10~center:5,size=6~relu",
    f"{NINE}&layers=center:7,size=8",
    "image=(0,0,0,0;0,9,0,0;0,7,0,0;0,0,0,0)&layers=center:4,size=6x5",
    LARGE,
    "image=(3,3;3,3)&layers=center:2,size=3~conv:(1,1)",
    f"{RGB}&layers=mean~abs",
    f"{NINE}&layers=maxpool:2,dilation=2,stride=1,padding=1~minpool:2x1,dilation=2x1,padding=(1,0,0,0)",
    f"{RGB}&layers=avgpool:2x3,dilation=2x1,stride=3,padding=(1,0,1,1),ceil_mode=1,count_include_pad=0",
    f"{RGB}&layers=avgpool:2,divisor_override=3,padding=(0,1,1,0),ceil_mode=1~l2pool:2,dilation=2,padding=1,stride=2",
)
SCRIPT = """
  const {attachLaws} = await import("convoscope/pure/frame/laws/layer-laws.js");
  const {receptiveBox} = await import("convoscope/pure/frame/receptive-box.js");
  const trace = W.readTrace(buffer(given.trace));
  attachLaws(trace);
  return given.places.map(([stage, map, row, col]) => {
    const frame = F.frameAt(trace, {stage, map, at: [row, col], beat: "write"});
    const texts = N.writeStep(trace, frame);
    const channels = texts.channels.map(({values, weights, products, sum}) => ({values, weights, products, sum}));
    const said = {...C.resultParts(trace, frame), equation: C.textOf(C.equationParts(trace, frame))};
    const {top, left, height, width} = receptiveBox(trace, frame);
    return {agrees: frame.agrees, texts: {...texts, channels}, said, box: [top, left, height, width]};
  });
"""


def sent(trace, query: str) -> str:
    return base64.b64encode(wire.trace_to_bytes(trace, wire.make_header(trace, query, ()))).decode()


@pytest.mark.parametrize("query", LINKS)
def test_a_step_has_the_numbers_the_words_and_the_field_of_python(run: Run, query: str):
    trace = make_trace(query)
    places = list_places(trace, 5, 12)
    faults = []
    for place, page in zip(places, run(SCRIPT, {"trace": sent(trace, query), "places": places}), strict=True):
        step = explain_step(trace, *place)
        texts = write_step(trace, step)
        shown, expected = to_python_names(page["texts"]), to_lists(asdict(texts))
        different = [f"{name}: {shown[name]} ≠ {expected[name]}" for name in expected if shown[name] != expected[name]]
        first = write_result(trace, step, texts, "write")
        said = {name: page["said"][name] for name in ("before", "value", "after")}
        if said != {"before": first.before, "value": first.value, "after": first.after}:
            different.append(f"{said} ≠ {first}")
        if not page["agrees"]:
            different.append("does not agree with the Trace")
        if page["box"] != list(find_receptive_box(trace, *place)):
            different.append(f"box {page['box']} ≠ {find_receptive_box(trace, *place)}")
        faults += [f"{place}: {text}" for text in (*different, find_fault(shown, step)) if text]
        faults += [text for text in [find_fault_in_sentences(page["said"], shown, step)] if text]
    assert faults == []


@pytest.mark.parametrize("query", [link for link in LINKS if re.search("pad:|upsample|center", link) and link != LARGE])
def test_the_readers_of_a_cell_are_those_whose_steps_read_it(run: Run, query: str):
    trace = make_trace(query)
    wrong = run(
        """const {attachLaws} = await import("convoscope/pure/frame/laws/layer-laws.js");
        const trace = W.readTrace(buffer(given)), wrong = [];
        attachLaws(trace);
        for (const stage of trace.stages.slice(1).filter(({own}) => own?.readers)) {
          const [, height, width] = stage.input_shape;
          const readers = Array.from({length: height * width}, () => new Set());
          for (let i = 0; i < F.positionsOf(stage).count; i++) {
            const frame = F.frameAt(trace, {stage: stage.index, map: 0, at: F.placeOf(stage, i), beat: "sum"});
            for (const from of frame.channels[0].sources.flat()) if (from) readers[from[0] * width + from[1]].add(i);
          }
          readers.forEach((positions, cell) => {
            const {rows, columns} = F.readersOf(trace, stage.index, [Math.floor(cell / width), cell % width]);
            const said = rows.flatMap((row) => columns.map((col) => F.positionOf(stage, row, col)));
            const seen = [...positions].sort((a, b) => a - b);
            if (String(said) !== String(seen)) wrong.push([stage.op, cell, said, seen]);
          });
        }
        return wrong;""",
        sent(trace, query),
    )
    assert wrong == []


def test_a_step_whose_code_is_not_loaded_has_its_place_and_no_numbers(run: Run):
    trace = make_trace(f"{NINE}&layers=batchnorm")
    frame = run(
        """const trace = W.readTrace(buffer(given));
        const {hasNumbers, agrees, row, col} = F.frameAt(trace, {stage: 1, map: 0, at: [1, 2], beat: "write"});
        return {hasNumbers, agrees, row, col, said: C.resultParts(trace, F.frameAt(trace, {stage: 1, map: 0, at: [1, 2],
          beat: "write"})).value};""",
        sent(trace, ""),
    )
    assert frame == {"hasNumbers": False, "agrees": False, "row": 1, "col": 2, "said": "?"}


def test_the_words_of_laws_are_those_of_the_server(run: Run):
    said = run(
        """const {LAWS} = await import("convoscope/pure/strings/arithmetic-strings.js");
        return [LAWS.kept("5", "0.5"), LAWS.dropped("5"), LAWS.unchanged("5"), LAWS.copied(1, 2), LAWS.padding,
          LAWS.paddingFrom(1, 2), LAWS.shares(4), LAWS.mean(3), LAWS.meanOf("9", 3)];""",
        None,
    )
    from app.core.texts import make_text, write_message

    expected = [
        make_text("dropout_kept", x="5", p="0.5"),
        make_text("dropout_dropped", x="5"),
        make_text("dropout_unchanged", x="5"),
        make_text("copied_from", row=1, column=2),
        make_text("padding_value"),
        make_text("padding_from", row=1, column=2),
        make_text("shares_of", count=4),
        make_text("mean_of_channels", count=3),
        make_text("mean_of_sum", sum="9", count=3),
    ]
    assert said == [write_message(text) for text in expected], json.dumps(said)
