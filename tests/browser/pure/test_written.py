"""Which cells of the stages are written while one stage is explained: the page counts as the server does."""

from __future__ import annotations

import json
from pathlib import Path

from tests.browser.pure_page import Run

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "written.json").read_text(encoding="utf-8"))


def test_a_stage_is_written_up_to_the_first_cell_that_reads_one_to_come(run: Run):
    wrong = run(
        """const {countBehind} = await import("convoscope/pure/frame/written.js");
        return given.flatMap(({size, kernel, stride, dilation, padding, mode, counts}) => {
          const axis = (k) => ({kernel: kernel[k], stride: stride[k], dilation: dilation[k], before: padding[k][0]});
          const reach = (k) => size[k] + padding[k][0] + padding[k][1] - (kernel[k] - 1) * dilation[k] - 1;
          const shape = [1, ...[0, 1].map((k) => Math.floor(reach(k) / stride[k]) + 1)];
          const stage = {kind: "conv", shape, rows: axis(0), columns: axis(1), padding_mode: mode,
            capabilities: []};
          return counts.filter(([written, count]) => countBehind(stage, [1, ...size], written) !== count);
        });""",
        GOLDEN,
    )
    assert wrong == []


def test_later_stages_follow_the_step_and_with_ghost_all_is_written(run: Run):
    said = run(
        """const {countWritten} = await import("convoscope/pure/frame/written.js");
        const stage = (index, kind) => ({index, kind, reads: index ? [index - 1] : [],
          shape: [1, 4, 4], capabilities: [], input_shape: [1, 4, 4]});
        const trace = {stages: [stage(0, "input"), stage(1, "pointwise"), stage(2, "pointwise"), stage(3, "flatten")]};
        const view = {stage: 1, map: 0, at: [1, 2], beat: "sum", ghost: false};
        return [view, {...view, beat: "write"}, {...view, stage: 0}, {...view, stage: 2}, {...view, ghost: true}]
          .map((one) => countWritten(trace, one));"""
    )
    assert said == [[16, 6, 6, 0], [16, 7, 7, 0], [16, 0, 0, 0], [16, 16, 6, 0], [16] * 4]
