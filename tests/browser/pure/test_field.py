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
    "size=9&layers=convtranspose:random*2@3x4,stride=2,padding=1~conv:random*1@3x3,padding=1",
    "size=9&layers=conv:random*1@3x3~convtranspose:random*1@2x3,stride=3,dilation=1x2",
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


PATHS = [
    ("size=9&layers=upsample:2~conv:random*1@3x3", (0, 0), [2, 1]),
    ("size=9&layers=upsample:2~conv:random*1@3x3", (3, 3), [1, 2]),
    ("size=9&layers=upsample:2,mode=bilinear~conv:random*1@3x3", (2, 2), [1, 3, 2]),
    ("size=9&layers=convtranspose:random*1@3x3,stride=2", (4, 4), [1, 1]),
    ("size=9&layers=convtranspose:random*1@3x3,stride=2,padding=1~conv:random*1@3x3", (0, 0), [2, 2]),
    ("size=9&layers=convtranspose:random*1@3x3,stride=2~conv:random*1@2x2", (5, 5), [2, 1]),
]


def test_layers_that_enlarge_maps_count_a_path_for_each_cell_that_they_read(run: Run):
    traces = [make_trace(link) for link, _, _ in PATHS]
    script = f"""{IMPORT}
      const {{attachLaws}} = await import("convoscope/pure/frame/laws/layer-laws.js");
      return given.chains.map((stages, i) => {{
        attachLaws({{stages}});
        const [row, col] = given.cells[i];
        const boxes = field.fieldOf({{stages}}, {{stage: stages.length - 1, map: 0, row, col}});
        return [...field.countPaths({{stages}}, boxes)];
      }});"""
    chains = [[stage_to_json(stage) for stage in trace.stages] for trace in traces]
    assert run(script, {"chains": chains, "cells": [cell for _, cell, _ in PATHS]}) == [
        [down * across for down, across in product(counts, repeat=2)] for _, _, counts in PATHS
    ]


def test_the_paths_from_all_cells_of_the_largest_picture_are_told(run: Run):
    trace = make_trace("size=512&layers=conv:random*1@3x3~globalavgpool")
    script = """const {fieldView} = await import("convoscope/pure/tabs/field/field-tab.js");
      const context = {view: {paths: true}, press: 9, size: {width: 900, height: 400, text: 12}};
      return JSON.stringify(fieldView({stages: given}, {stage: 2, map: 0, row: 0, col: 0}, context));"""
    drawn = run(script, [stage_to_json(stage) for stage in trace.stages])
    assert "At most 9 paths lead from a cell to this one, at least 1;" in drawn
