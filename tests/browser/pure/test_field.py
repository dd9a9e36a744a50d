"""The receptive field in the browser: boxes and paths as an oracle counts them, and as on the server."""

from __future__ import annotations

import json
from itertools import product

from app.core.trace.stage_json import stage_to_json
from app.core.views.field import find_field, find_first, list_shown, list_terms
from tests.browser.pure_page import CHECKOUT, Run
from tests.number_scenes import make_trace

GOLDEN = json.loads((CHECKOUT / "tests" / "golden" / "fields.json").read_text(encoding="utf-8"))
IMPORT = 'const field = await import("convoscope/pure/tabs/field/field-boxes.js");'


def test_boxes_and_paths_are_those_of_the_golden_file(run: Run):
    chains = [[stage_to_json(stage) for stage in make_trace(case["link"]).stages] for case in GOLDEN]
    script = f"""{IMPORT}
      return given.chains.map((stages, i) => ({{
        first: field.firstOf({{stages}}, stages.length - 1),
        cells: given.cases[i].cells.map(({{cell: [row, col]}}) => {{
          const boxes = field.fieldOf({{stages}}, {{stage: stages.length - 1, map: 0, row, col}});
          return {{
            cell: [row, col],
            boxes: boxes.map(({{rows, columns, inside}}) => [rows, columns, inside.rows, inside.columns]),
            paths: [...field.countPaths({{stages}}, boxes)],
          }};
        }}),
      }}));"""
    expected = [
        {
            "first": case["first"],
            "cells": [
                {**one, "paths": [down * across for down, across in product(*one["paths"])]} for one in case["cells"]
            ],
        }
        for case in GOLDEN
    ]
    assert run(script, {"chains": chains, "cases": GOLDEN}) == expected


LINKS = [
    "size=9&layers=conv:random*2@3x3,padding=1~linear:random*3",
    "size=12&layers=conv:random*1@3x3,padding=1~add:0~maxpool:2",
    "size=12&layers=shift:0x4~add:0",
    "size=12&layers=conv:random*2@3x3~maxpool:2~flatten~softmax",
    "size=12&layers=conv:random*2@3x3~globalavgpool",
    "size=12&layers=conv:random*2@3x3,padding=1~concat:0~conv:random*1@3x3",
    "size=12&layers=pad:2~conv:random*1@3x3~upsample:2~batchnorm",
    "image=cat&channels=rgb&size=40&layers=prepare:cifar10~conv:cifar10/conv1~relu~maxpool:2",
]


def test_every_kind_of_layer_has_the_field_that_the_server_finds(run: Run):
    traces = [make_trace(link) for link in LINKS]
    cells = []
    for trace in traces:
        last = trace.stages[-1]
        maps, rows, columns = last.output.shape
        cells.append([(last.info.index, map % maps, 0, 0) for map in (0, 1)])
        cells[-1].append((last.info.index, 0, rows // 2, columns // 2))
    script = f"""{IMPORT}
      const {{attachLaws}} = await import("convoscope/pure/frame/laws/layer-laws.js");
      return given.chains.map((stages, i) => {{
        attachLaws({{stages}});
        return given.cells[i].map(([stage, map, row, col]) => {{
          const boxes = field.fieldOf({{stages}}, {{stage, map, row, col}});
          return {{
            boxes: boxes.map((one) => [one.stage, one.map, one.rows, one.columns, one.inside.rows, one.inside.columns,
              one.isBound]),
            shown: field.shownBoxes({{stages}}, boxes).map(({{stage}}) => stage),
            terms: [0, 1].map((axis) => field.termsOf({{stages}}, boxes, axis)),
            first: field.firstOf({{stages}}, stage),
          }};
        }});
      }});"""
    chains = [[stage_to_json(stage) for stage in trace.stages] for trace in traces]
    assert run(script, {"chains": chains, "cells": cells}) == [
        [describe(trace, cell) for cell in some] for trace, some in zip(traces, cells, strict=True)
    ]


def describe(trace, cell):
    """The field of a cell as JSON."""
    field = find_field(trace, *cell)
    terms = [list_terms(trace, field, axis) for axis in (0, 1)]
    return {
        "boxes": [
            [one.stage, one.map, list(one.rows), list(one.columns), *map(list, one.inside), one.is_bound]
            for one in field
        ],
        "shown": [one.stage for one in list_shown(trace, field)],
        "terms": [some and [{"window": one.window, "jump": one.jump} for one in some] for some in terms],
        "first": list(find_first(trace, cell[0])),
    }
