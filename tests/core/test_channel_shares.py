"""What each channel adds to the sum of a cell, added up with plain loops: the wires of the view of a network."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.trace.trace import Trace
from app.core.views.channel_shares import list_shares
from app.local_lab import compute_figure

CIFAR = "image=cat&channels=rgb&layers=model:cifar10"


def trace_of(query: str) -> Trace:
    return compute_figure(query).trace


def sums_by_hand(trace: Trace, map: int, row: int, column: int) -> list[float]:
    """The sum of each channel in the window of the second convolution: 5 × 5, stride 1, padding 2."""
    x, weight = trace.stages[4].output.astype(float), trace.stages[5].weight.astype(float)
    padded = np.pad(x, ((0, 0), (2, 2), (2, 2)))
    return [
        sum(padded[c, row + i, column + j] * weight[map, c, i, j] for i in range(5) for j in range(5))
        for c in range(len(x))
    ]


@pytest.mark.parametrize("place", [(3, 4, 5), (0, 0, 0), (63, 15, 8)])
def test_shares_are_those_of_the_sums_of_the_channels_and_add_up_to_the_cell(place):
    trace = trace_of(CIFAR)
    found, expected = list_shares(trace, trace.stages[5], place[0], place[1:]), sums_by_hand(trace, *place)
    assert [one.sum for one in found] == pytest.approx(expected, rel=1e-5, abs=1e-6)
    whole = sum(map(abs, expected))
    assert [one.share for one in found] == pytest.approx([one / whole for one in expected], rel=1e-5, abs=1e-7)
    total = sum(one.sum for one in found) + float(trace.stages[5].bias[place[0]])
    assert total == pytest.approx(float(trace.stages[5].output[place]), rel=1e-4, abs=1e-4)


def test_a_channel_that_is_0_in_the_window_is_silent():
    trace = trace_of("image=(0,0,0;0,0,0;0,0,0)(1,2,3;4,5,6;7,8,9)(0,0,0;0,0,0;0,0,5)&layers=conv:(1,1;1,1)")
    stage = trace.stages[1]
    assert [one.is_silent for one in list_shares(trace, stage, 0, (0, 0))] == [True, False, True]
    assert [one.is_silent for one in list_shares(trace, stage, 0, (1, 1))] == [True, False, False]


def test_a_score_has_a_share_of_each_map_that_was_flattened():
    trace = trace_of(CIFAR)
    found = list_shares(trace, trace.stages[12], 3, (0, 0))
    expected = (trace.stages[10].output.astype(float) * trace.stages[12].weight[3].reshape(64, 4, 4)).sum(axis=(1, 2))
    assert [one.sum for one in found] == pytest.approx(expected.tolist(), rel=1e-4, abs=1e-6)


def test_groups_have_shares_of_their_own_channels_alone():
    trace = trace_of("image=cat&channels=rgb&size=8&layers=conv:sharpen,groups=3")
    assert [(one.channel, one.share) for one in list_shares(trace, trace.stages[1], 1, (2, 2))] in (
        [(1, 1.0)],
        [(1, -1.0)],
    )
