"""What the view of a whole network draws: columns, maps, folded blocks, and the wires of a cell or a map."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.network.network_columns import (
    choose_maps,
    find_folds,
    find_strongest_maps,
    fold_columns,
    list_planned_stages,
    list_trace_stages,
    make_columns,
)
from app.core.network.network_wires import find_cell_wires, find_map_wires, find_summing_stage
from app.core.trace.trace import Trace
from app.lab.chain import Planner, cache_plans
from app.local_lab import compute_figure, get_models

CIFAR = "image=cat&channels=rgb&layers=model:cifar10"
LENET = "image=digit-3&layers=model:lenet5"
BLOCK = "conv:random*8@3x3,padding=1~batchnorm~relu~conv:random*8@3x3,padding=1,seed=2~batchnorm"
RESIDUAL = f"image=cat&channels=rgb&size=12&layers=conv:random*8@3x3,padding=1~relu~{BLOCK}~add:2~relu"


def trace_of(query: str) -> Trace:
    return compute_figure(query).trace


def columns_of(query: str):
    return make_columns(list_trace_stages(trace_of(query)))


def planned_columns(layers: str, side: int = 64):
    limits = Limits(layers=400, filters=4_096)
    scene = parse_link(f"layers={layers}", limits).scene
    planner = Planner(4_096, cache_plans(get_models()), False, trained=get_models())
    chain = planner.plan(scene.layers, (3, side, side))
    assert chain.problems == ()
    stages = list_planned_stages((3, side, side), chain.plans)
    return stages, make_columns(stages)


def summary(columns) -> list[tuple[str, tuple[int, ...], tuple[int, ...]]]:
    return [(column.kind, column.stages, column.reads) for column in columns]


# --- columns ---


def test_a_convolution_and_its_relu_are_one_column_and_the_end_is_a_bracket_and_bars():
    assert summary(columns_of(CIFAR)) == [
        ("picture", (0, 1), ()),
        ("maps", (2, 3), (0,)),
        ("maps", (4,), (1,)),
        ("maps", (5, 6), (2,)),
        ("maps", (7,), (3,)),
        ("maps", (8, 9), (4,)),
        ("maps", (10,), (5,)),
        ("bracket", (11,), (6,)),
        ("bars", (12, 13), (7,)),
    ]


def test_all_fully_connected_layers_before_the_scores_are_in_the_bracket():
    columns = columns_of(LENET)
    assert summary(columns)[-2:] == [("bracket", (8, 9, 10, 11, 12), (4,)), ("bars", (13, 14), (5,))]
    assert columns[-1].shape == (10, 1, 1)


def test_the_picture_and_a_centered_drawing_are_drawn_as_they_are_and_not_prepared():
    assert columns_of(LENET)[0].shown == 0
    columns = columns_of("image=digit-3&layers=center~model:lenet5")
    assert summary(columns)[:2] == [("picture", (0,), ()), ("maps", (1, 2), (0,))]
    assert columns[1].shown == 1


def test_templates_have_no_columns_of_maps():
    assert [column.kind for column in columns_of("image=cat&channels=rgb&layers=model:linear10")] == [
        "picture",
        "bracket",
        "bars",
    ]


def test_a_global_pool_opens_the_bracket_and_a_chain_that_ends_in_maps_has_none():
    kinds = [column.kind for column in columns_of("image=cat&layers=conv:4@3x3~globalavgpool~linear:3~softmax")]
    assert kinds == ["picture", "maps", "bracket", "bars"]
    assert [column.kind for column in columns_of("image=cat&layers=conv:4@3x3~relu")] == ["picture", "maps"]
    assert [column.kind for column in columns_of("image=cat&layers=conv:4@3x3~softmax")] == ["picture", "maps", "maps"]


def test_a_relu_on_the_picture_or_on_what_something_else_reads_is_a_column_of_its_own():
    assert summary(columns_of("image=cat&layers=relu~conv:4@3x3"))[1] == ("maps", (1,), (0,))
    forked = summary(columns_of("image=cat&size=8&layers=conv:4@3x3,padding=1~relu~add:1"))
    assert forked[1:] == [("maps", (1,), (0,)), ("maps", (2,), (1,)), ("maps", (3,), (2, 1))]


def test_branches_stand_above_each_other_at_the_same_step():
    columns = columns_of(RESIDUAL)
    assert [(column.step, column.lane) for column in columns] == [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0)]
    assert columns[4].reads == (3, 1)
    branches = columns_of(
        "image=cat&size=8&layers=conv:2@1x1~conv:2@3x3,padding=1,from=0~conv:2@5x5,padding=2,from=0~concat:(1,2)"
    )
    assert [(column.step, column.lane) for column in branches] == [(0, 0), (1, 0), (1, 1), (1, 2), (2, 0)]
    assert branches[4].reads == (3, 1, 2)


def test_a_plan_without_numbers_has_the_columns_of_the_trace():
    _, planned = planned_columns("model:cifar10", 32)
    assert summary(planned) == summary(columns_of(CIFAR))


# --- maps ---


def test_the_strongest_maps_are_those_with_the_largest_magnitude_in_their_order():
    maps = np.zeros((5, 2, 2), np.float32)
    maps[:, 0, 1] = [1, -7, 3, 0, 7]
    assert find_strongest_maps(maps, 3) == (1, 2, 4)
    assert find_strongest_maps(maps, 2) == (1, 4)
    assert find_strongest_maps(maps[:1] * 0, 9) == (0,)


def test_nine_of_64_maps_are_drawn_and_a_pool_shows_the_maps_that_it_pools():
    trace = trace_of(CIFAR)
    columns = make_columns(list_trace_stages(trace))
    drawn = choose_maps(trace, columns)
    assert [len(maps) for maps in drawn] == [3, 9, 9, 9, 9, 9, 9, 0, 10]
    assert drawn[1] == drawn[2]
    strength = np.abs(trace.stages[6].output).max(axis=(1, 2))
    assert set(drawn[3]) == set(np.argsort(-strength, kind="stable")[:9].tolist())
    assert len(choose_maps(trace, columns, more=[3])[3]) == 64
    assert choose_maps(trace, columns, more=[3])[4] == tuple(range(64)), "its pool follows"
    assert len(choose_maps(trace, columns, count=4)[1]) == 4


# --- folds ---


def test_equal_blocks_fold_so_that_few_columns_are_left():
    unit = "conv:8@3x3,padding=1~batchnorm~relu"
    stages, columns = planned_columns("~".join([unit] * 31))
    assert len(columns) == 32
    (fold,) = find_folds(stages, columns)
    assert fold.times * fold.length == 30, "the first one reads three channels, and is no equal"
    left = [column for column in fold_columns(columns, (fold,)) if column]
    assert len(left) <= 14
    assert [column.step for column in left] == list(range(len(left)))


def test_residual_blocks_fold_with_their_branch():
    block = "conv:8@3x3,padding=1~relu~conv:8@3x3,padding=1,seed=2~add:{}~relu"
    layers = ["conv:8@3x3,padding=1", "relu"]
    for number in range(9):
        layers.append(block.format(2 + 5 * number))
    stages, columns = planned_columns("~".join(layers))
    (fold,) = find_folds(stages, columns)
    assert (fold.length, fold.times) == (3, 9)
    assert [column is None for column in fold_columns(columns, (fold,))].count(True) == 24


def test_blocks_of_other_sizes_do_not_fold_and_short_networks_are_whole():
    stages, columns = planned_columns("~".join(["conv:8@3x3~relu"] * 20))
    assert find_folds(stages, columns) == (), "each map is smaller than the one before"
    stages, columns = planned_columns("~".join(["conv:8@3x3,padding=1~relu"] * 9))
    assert find_folds(stages, columns) == ()


# --- wires ---


def parts_by_hand(trace: Trace, stage: int, map: int, row: int, column: int) -> dict[int, float]:
    """The sum of each channel in the window of a convolution with stride 1 and padding 2, with plain loops."""
    x, weight = trace.stages[stage - 1].output.astype(float), trace.stages[stage].weight.astype(float)
    padded = np.pad(x, ((0, 0), (2, 2), (2, 2)))
    found = {}
    for channel in range(len(x)):
        window = padded[channel, row : row + 5, column : column + 5]
        if window.any():
            found[channel] = float((window * weight[map, channel]).sum())
    return found


@pytest.mark.parametrize("place", [(3, 4, 5), (0, 0, 0), (63, 15, 8)])
def test_the_wires_of_a_cell_are_the_shares_of_its_channels_and_add_up_to_its_sum(place):
    trace = trace_of(CIFAR)
    wires = find_cell_wires(trace, 5, *place)
    expected = parts_by_hand(trace, 5, *place)
    assert {wire.map: wire.amount for wire in wires} == pytest.approx(expected, rel=1e-4, abs=1e-5)
    assert {wire.stage for wire in wires} == {4}
    whole = sum(map(abs, expected.values()))
    assert [wire.share for wire in wires] == pytest.approx([abs(wire.amount) / whole for wire in wires], rel=1e-4)
    assert sum(wire.share for wire in wires) == pytest.approx(1)
    total = sum(wire.amount for wire in wires) + float(trace.stages[5].bias[place[0]])
    assert total == pytest.approx(float(trace.stages[5].output[place]), rel=1e-4, abs=1e-4)


def test_where_the_input_is_0_there_is_no_wire():
    trace = trace_of("image=(0,0,0;0,0,0;0,0,0)(1,2,3;4,5,6;7,8,9)(0,0,0;0,0,0;0,0,5)&layers=conv:(1,1;1,1)")
    assert [wire.map for wire in find_cell_wires(trace, 1, 0, 0, 0)] == [1]
    assert [wire.map for wire in find_cell_wires(trace, 1, 0, 1, 1)] == [1, 2]
    assert [(wire.map, wire.share) for wire in find_map_wires(trace, 1, 0)] == [(1, None), (2, None)]
    blank = trace_of("image=(0,0;0,0)&layers=conv:(1,1;1,1),bias=3")
    assert find_cell_wires(blank, 1, 0, 0, 0) == ()


def test_channels_that_cancel_have_wires_of_both_signs_and_a_sum_of_0_has_no_shares():
    trace = trace_of("image=(4)(4)&layers=conv:(1)(-1)")
    first, second = find_cell_wires(trace, 1, 0, 0, 0)
    assert (first.amount, first.share, second.amount, second.share) == (4, 0.5, -4, 0.5)
    (only,) = find_cell_wires(trace_of("image=(1,1)&layers=conv:(1,-1)"), 1, 0, 0, 0)
    assert (only.amount, only.share) == (0, 0)


def test_a_score_has_a_wire_from_each_map_that_was_flattened():
    trace = trace_of(CIFAR)
    wires = find_cell_wires(trace, 12, 3, 0, 0)
    maps, weight = trace.stages[10].output, trace.stages[12].weight[3].reshape(64, 4, 4)
    expected = (maps.astype(float) * weight).sum(axis=(1, 2))
    assert {wire.stage for wire in wires} == {10}
    assert {wire.map: wire.amount for wire in wires} == pytest.approx(
        {one: value for one, value in enumerate(expected) if maps[one].any()}, rel=1e-4, abs=1e-6
    )
    typed = trace_of("image=(1,2)(3,4)&layers=linear:(1,0,2,1)/10")
    assert [(wire.map, wire.amount) for wire in find_cell_wires(typed, 1, 0, 0, 0)] == [
        (0, pytest.approx(0.1)),
        (1, pytest.approx(1.0)),
    ]


def test_groups_wire_their_own_channels_alone():
    trace = trace_of("image=cat&channels=rgb&size=8&layers=conv:sharpen,groups=3")
    assert [wire.map for wire in find_map_wires(trace, 1, 2)] == [2]
    assert [wire.map for wire in find_cell_wires(trace, 1, 1, 2, 2)] == [1]


def test_layers_without_weights_have_gray_wires():
    trace = trace_of("image=cat&channels=rgb&size=8&layers=maxpool:2~concat:1~mean~add:3")
    assert [(wire.stage, wire.map, wire.share) for wire in find_cell_wires(trace, 1, 2, 0, 0)] == [(0, 2, None)]
    assert [(wire.stage, wire.map) for wire in find_map_wires(trace, 2, 4)] == [(1, 1)]
    assert [(wire.stage, wire.map) for wire in find_map_wires(trace, 3, 0)] == [(2, n) for n in range(6)]
    assert [(wire.stage, wire.map) for wire in find_cell_wires(trace, 4, 0, 0, 0)] == [(3, 0), (3, 0)]
    assert find_cell_wires(trace, 0, 0, 0, 0) == ()


def test_the_wires_of_a_column_are_those_of_its_convolution():
    trace = trace_of(CIFAR)
    columns = make_columns(list_trace_stages(trace))
    assert [find_summing_stage(trace, column.stages) for column in columns[1:]] == [2, 4, 5, 7, 8, 10, 11, 12]
