"""The pictures of sharing are made twice, for the page and for a file: both know the same wires, names and numbers."""

from __future__ import annotations

import base64
import colorsys
import random
import re
from typing import Any

import pytest

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.trace import wire
from app.core.trace.trace import Trace
from app.core.views.sharing_values import read_sharing_values
from app.core.views.weight_counts import count_weights
from app.core.views.wires import has_wires
from app.render.figure import lay_out_figure
from app.render.view_position import fit_view
from app.render.views.sharing.identity_colors import fill_of_weight, line_of_weight
from tests.browser.pure_page import Run
from tests.number_scenes import make_random_query, make_trace

LINKS = [
    "image=(1,2,3;4,5,6;7,8,9)&layers=conv:(10,20;30,40),bias=5",
    "image=(1,2,3,4,5,6)&layers=conv:(1,-1),stride=2,bias=1",
    "image=coffee&size=9x7&channels=rgb&layers=conv:random*4@3x3,seed=2,stride=2,padding=(1,0,2,1)",
    "image=coffee&size=9&channels=rgb&layers=conv:gaussian;box-blur,groups=3,padding=1,padding_mode=circular",
    "image=coffee&size=9&layers=conv:sobel-x,dilation=2,padding=2,flip=1,padding_mode=reflect",
    "image=coffee&size=8&layers=conv:random*2@11x11,seed=3,padding=5,padding_mode=replicate,bias=1/3",
    "image=random*6@5x5,seed=1&layers=conv:random*4@1x1,groups=2,seed=4~relu",
    "image=(1,2;3,4)&layers=convtranspose:(1,2,1;2,4,2;1,2,1)/4,stride=2,padding=1,output_padding=1",
    "image=random*4@4x3,seed=1&layers=convtranspose:random*4@3x3,seed=5,stride=3,dilation=2,groups=2",
    "image=(5,6;7,8)&layers=linear:(1,0,-1,2;2,1,0,3),bias=(1,2)",
    "image=coffee&size=5&channels=rgb&layers=flatten~linear:random*3,seed=2",
    "image=(0.5,-1.25,0.00003;100000,0.1,2;7.25,-3.5,1)&layers=conv:(1,-1;0.5,0.25)",
    "image=coffee&size=20&layers=conv:(1/7,2/7;-0.5,0.125)~conv:random*3@2x2,seed=1",
]
SCRIPT = """
  const {valuesOf} = await import("convoscope/pure/tabs/sharing/values.js");
  const G = await import("convoscope/pure/tabs/sharing/wires.js");
  const {countSharing} = await import("convoscope/pure/tabs/sharing/weight-counts.js");
  const trace = W.readTrace(buffer(given.trace));
  return given.places.map(([stage, map, row, col, beat, letters]) => {
    const frame = F.frameAt(trace, {stage, map, at: [row, col], beat});
    const values = valuesOf(trace, frame, {letters, written: 3});
    const sources = [...G.sourcesOf(values.stage, map, row, col)];
    const weights = sources.map((_, n) => n).slice(0, 30);
    const inputs = [...new Set(sources)].filter((cell) => cell >= -1).slice(0, 30);
    const copies = G.countCopies(values.stage);
    return {
      sources, rows: values.rows, here: values.here,
      names: [inputs.filter((cell) => cell >= 0).map(values.names.input), weights.map(values.names.weight),
        values.names.output(0), values.names.output(values.here), values.names.areLetters],
      input: inputs.map(values.input), weight: weights.map(values.weight),
      others: weights.map((n) => values.weightNumber(n, given.maps[stage] - 1)),
      output: [values.output(0), values.output(values.here), values.output(values.rows - 1)],
      ends: [values.bias, values.biasNumber, values.divisor],
      copies: [copies.least, copies.most],
      counts: countSharing(values.stage).map(({count, product}) => [count, product]),
    };
  });
"""


def pack(trace: Trace, link: str) -> str:
    return base64.b64encode(wire.trace_to_bytes(trace, wire.make_header(trace, link, ()))).decode()


def choose_places(trace: Trace, seed: int) -> list[tuple[int, int, int, int, str, bool]]:
    """Some cells of each layer that has wires, its first and last among them."""
    draw = random.Random(seed)
    places = []
    for stage in filter(has_wires, trace.stages):
        maps, rows, columns = stage.output.shape
        cells = [(0, 0, 0), (maps - 1, rows - 1, columns - 1)]
        cells += [(draw.randrange(maps), draw.randrange(rows), draw.randrange(columns)) for _ in range(2)]
        places += [
            (stage.info.index, *cell, draw.choice(["products", "sum", "write"]), draw.random() < 0.4) for cell in cells
        ]
    return places


def describe(trace: Trace, place: tuple[int, int, int, int, str, bool]) -> dict[str, Any]:
    index, map, row, column, beat, has_letters = place
    values = read_sharing_values(trace, (map, row, column), trace.stages[index], beat, 3, has_letters)
    wiring, names = values.wiring, values.names
    sources = wiring.find_sources(values.here).tolist()
    weights = list(range(len(sources)))[:30]
    inputs = [cell for cell in dict.fromkeys(sources) if cell >= -1][:30]
    return {
        "sources": sources,
        "rows": wiring.neurons,
        "here": values.here,
        "names": [
            [names.input(cell) for cell in inputs if cell >= 0],
            [names.weight(n) for n in weights],
            names.output(0),
            names.output(values.here),
            names.are_letters,
        ],
        "input": [values.input(cell) for cell in inputs],
        "weight": [values.weight(n) for n in weights],
        "others": [values.weight_number(n, wiring.maps - 1) for n in weights],
        "output": [values.output(0), values.output(values.here), values.output(wiring.neurons - 1)],
        "ends": [values.bias, values.bias_number, values.divisor],
        "copies": list(wiring.count_copies()),
        "counts": [[one.count, one.product] for one in count_weights(wiring)],
    }


def compare(run: Run, link: str, seed: int) -> int:
    """Compare both sides at some places of a link; returns how many."""
    trace = make_trace(link)
    places = choose_places(trace, seed) if trace else []
    if trace is None or not places:
        return 0
    maps = [len(stage.output) for stage in trace.stages]
    page = run(SCRIPT, {"trace": pack(trace, link), "places": places, "maps": maps})
    for place, one in zip(places, page, strict=True):
        made = describe(trace, place)
        assert {key: (one[key], made[key]) for key in made if one[key] != made[key]} == {}, place
    return len(places)


@pytest.mark.parametrize("link", LINKS)
def test_wires_names_and_numbers_of_a_layer_are_those_of_the_page(run: Run, link: str):
    assert compare(run, link, len(link)) >= 4


@pytest.mark.parametrize("seeds", [range(6), pytest.param(range(6, 80), marks=pytest.mark.long)])
def test_wires_names_and_numbers_of_random_figures_are_those_of_the_page(run: Run, seeds: range):
    assert sum(compare(run, make_random_query(seed), seed) for seed in seeds) > 10


def test_a_weight_has_the_color_of_the_page(run: Run):
    counts = (1, 4, 9, 12, 13, 75, 300)
    page = run(
        """const colors = await import("convoscope/pure/tabs/sharing/identity-colors.js");
        return given.map((count) => Array.from({length: count}, (_, n) => [false, true].flatMap((isDark) =>
          [colors.identityFill(n, count, isDark), colors.identityLine(n, count, isDark)])));""",
        counts,
    )
    made = [
        [
            [color(n, count, is_dark) for is_dark in (False, True) for color in (fill_of_weight, line_of_weight)]
            for n in range(count)
        ]
        for count in counts
    ]
    assert [[[to_hex(one) for one in some] for some in colors] for colors in page] == made


def to_hex(color: str) -> str:
    hue, strong, light = map(int, re.findall(r"\d+", color))
    parts = colorsys.hls_to_rgb(hue % 360 / 360, light / 100, strong / 100)
    return "#{:02x}{:02x}{:02x}".format(*(round(part * 255) for part in parts))


SMALL = LINKS[0]
VIEWS = [
    (SMALL, "tab=neuron&at=1,0", ["view-value", "view-bias", "view-result", "view-cell"]),
    (f"{SMALL}~relu", "stage=1&tab=neuron&letters=1", ["view-value", "view-bias", "view-sum", "view-function"]),
    (LINKS[2], "tab=neuron&at=1,2&map=2", ["view-value", "view-result"]),
    (LINKS[9], "tab=neuron&map=1", ["view-value", "view-result"]),
    (SMALL, "tab=neuron&neuron=map&at=1,0", ["view-input", "view-neuron", "view-label", "view-identity"]),
    (SMALL, "tab=neuron&neuron=map&letters=1&press=1", ["view-input", "view-neuron", "view-label", "view-identity"]),
    (LINKS[7], "tab=neuron&neuron=map&at=1,1", ["view-input", "view-neuron", "view-label"]),
    (LINKS[9], "tab=neuron&neuron=map", ["view-says"]),
    (LINKS[2], "tab=neuron&neuron=full", ["view-says", "view-name"]),
    (LINKS[2], "tab=neuron&neuron=column&at=1,2", ["view-neuron", "view-name", "view-window"]),
    (LINKS[3], "tab=neuron&neuron=column&at=1,2&map=3", ["view-neuron", "view-name", "view-window"]),
    (SMALL, "tab=matrix&at=1,0", ["view-head", "view-matrix", "view-input", "view-map", "view-identity"]),
    (SMALL, "tab=matrix&letters=1", ["view-head", "view-matrix", "view-input", "view-map", "view-identity"]),
    (LINKS[7], "tab=matrix&at=2,1", ["view-head", "view-matrix", "view-input", "view-map"]),
    (LINKS[9], "tab=matrix&map=1", ["view-head", "view-matrix", "view-input", "view-map"]),
    (LINKS[2], "tab=matrix&at=1,2&map=1", ["view-head", "view-entry-column", "view-entry", "view-entry-input"]),
    (SMALL, "tab=matrix&matrix=windows&at=1,0", ["view-head", "view-place", "view-window", "view-filter", "view-map"]),
    (LINKS[3], "tab=matrix&matrix=windows&at=4,3&map=2", ["view-head", "view-window", "view-filter", "view-map"]),
    (SMALL, "letters=1", ["view-window-of", "view-around"]),
]


@pytest.mark.parametrize(("link", "view", "parts"), VIEWS, ids=[f"{link[-30:]} {view}" for link, view, _ in VIEWS])
def test_every_number_and_name_of_the_picture_stands_in_the_view_as_often(
    run: Run, link: str, view: str, parts: list[str]
):
    trace = make_trace(link)
    assert trace is not None
    position = fit_view(trace, parse_link(f"{link}&{view}", Limits()).view)
    figure = lay_out_figure(trace, position)
    place = {"stage": position.stage.info.index, "map": position.map, "at": position.cell, "beat": position.view.beat}
    keys = ("tab", "matrix", "neuron", "letters", "press")
    written = run(
        """const {viewOf} = await import("convoscope/pure/tabs/tabs.js");
        const {countWritten} = await import("convoscope/pure/frame/written.js");
        const trace = W.readTrace(buffer(given.trace)), frame = F.frameAt(trace, given.place);
        const view = {...given.view, ...given.place, stops: [], ghost: false, colors: "auto"};
        const context = {view, press: view.press ?? 9, size: {width: 1112, height: 600, text: 12}, turned: new Set(),
          written: countWritten(trace, view)[frame.stage]};
        const texts = [];
        const list = (node) => {
          if (typeof node === "string") return texts.push(node);
          if (!Array.isArray(node)) return;
          const rest = typeof node[0] === "string" && node.length > 1 ? node.slice(1) : node;
          for (const one of rest) if (Array.isArray(one)) list(one);
          texts.push(rest.filter((one) => typeof one === "string").join(""), textOf(node));
        };
        const textOf = (node) => typeof node === "string" ? node
          : Array.isArray(node) ? node.slice(1).map(textOf).join("") : "";
        list(viewOf(view.tab || "equation", trace, frame, context));
        return texts;""",
        {
            "trace": pack(trace, link),
            "place": place,
            "view": {key: getattr(position.view, key) for key in keys},
        },
    )
    for part in parts:
        said = figure.texts(part)
        assert said, part
        missing = [text for text in said if text and written.count(text) < said.count(text)]
        assert missing == [], part
