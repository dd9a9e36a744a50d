"""What each channel adds to the sum of a cell: the wires of the view “Network”, held to loops over windows."""

from __future__ import annotations

import pytest

from tests.browser.pure_page import CASES, Run

WIRED = [case for case in CASES if any(stage["weight"] is not None for stage in case["trace"]["stages"])]


@pytest.mark.parametrize("case", WIRED, ids=[case["name"] for case in WIRED])
def test_the_channels_add_up_to_the_cell_and_their_shares_to_one(run: Run, case):
    """Stride, padding of all kinds, dilation, groups, turned filters, fully connected layers."""
    wrong = run(
        """const {sharesOf} = await import("convoscope/pure/tabs/network/channel-shares.js");
        const trace = traceOf(given), wrong = [];
        let count = 0;
        for (const stage of trace.stages) {
          if (!stage.weight || (stage.kind !== "conv" && stage.kind !== "linear")) continue;
          const [maps, rows, columns] = stage.shape;
          for (let map = 0; map < maps; map++) for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) {
            const shares = sharesOf(trace, stage, map, [r, c]);
            const divisor = (stage.divisors?.[map] ?? 1) * (stage.scales?.[map] ?? 1);
            const made = shares.reduce((sum, one) => sum + one.sum, 0) / divisor + (stage.bias?.[map] ?? 0);
            const value = stage.output[(map * rows + r) * columns + c];
            const whole = shares.reduce((sum, {share}) => sum + Math.abs(share), 0);
            if (Math.abs(made - value) > 1e-4 * Math.max(1, Math.abs(value))) wrong.push([map, r, c, made, value]);
            if (Math.abs(whole - 1) > 1e-6 && shares.some(({sum}) => sum !== 0)) wrong.push([map, r, c, whole]);
            if (shares.some(({isSilent, sum}) => isSilent && sum !== 0)) wrong.push([map, r, c, "silent"]);
            count++;
          }
        }
        return [count > 0, wrong];""",
        case["trace"],
    )
    assert wrong == [True, []]


def test_a_channel_of_zeros_has_no_wire_and_others_the_sign_of_their_sum(run: Run):
    """Three channels, the second all 0; the filter's slices are 1, 1 and −1 at one place."""
    wires = run(
        """const {sharesOf} = await import("convoscope/pure/tabs/network/channel-shares.js");
        const axis = {size: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0, positions: 1};
        const input = {index: 0, kind: "input", shape: [3, 1, 1], reads: [], output: Float32Array.of(3, 0, 1),
                       capabilities: []};
        const layer = {index: 1, kind: "conv", shape: [1, 1, 1], input_shape: [3, 1, 1], reads: [0], rows: axis,
                       columns: axis, groups: 1, weight: Float32Array.of(1, 1, -1), output: null, capabilities: []};
        return sharesOf({stages: [input, layer]}, layer, 0, [0, 0])
          .map(({channel, share, isSilent}) => [channel, share, isSilent]);"""
    )
    assert wires == [[0, 0.75, False], [1, 0, True], [2, -0.25, False]]
