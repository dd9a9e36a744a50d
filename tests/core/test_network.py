"""Parts of a large network's Trace: previews, chosen maps, limits of cost and of memory."""

from __future__ import annotations

import json
import math
import tracemalloc

import numpy as np
import pytest

from app.core.limits import Limits, NetworkLimits
from app.core.link.query_string import parse_link
from app.core.network.network_parts import NetworkParts
from app.core.trace.stage_json import stage_to_json
from app.core.trace.wire import unpack
from app.lab import Lab
from app.lab.networks import NetworkLab, PlannedNetwork
from app.models.library import load_models
from app.resources import find_resource
from tests.figures import answer, samples

CHAIN = (
    "image=chelsea&size=37x50&channels=rgb&layers=conv:random*6@3x3,padding=1,seed=4~relu~maxpool:2~conv:random*5@3x3"
)
MODELS = load_models(find_resource("models/data"))
FACTS = ("ranges", "telling")
PICTURE_AND_CIFAR = "image=chelsea&size=48&channels=rgb&layers=model:cifar10"


def network_lab(**limits: int) -> NetworkLab:
    return NetworkLab(samples(), None, Limits(), NetworkLimits(**limits), MODELS)


def planned(lab: NetworkLab, query: str, parts: NetworkParts) -> PlannedNetwork:
    return lab.plan(parse_link(query, NetworkLimits().widen(Limits())).scene, parts)


def computed(query: str, parts: NetworkParts, **limits: int) -> tuple[dict[str, np.ndarray], dict]:
    lab = network_lab(**limits)
    plan = planned(lab, query, parts)
    assert not plan.has_errors, [problem.message for problem in plan.problems]
    tensors, texts = unpack(lab.compute(plan, parts))
    return tensors, json.loads(texts["trace"])


def message(query: str, parts: NetworkParts | None = None, **limits: int) -> str:
    problems = planned(network_lab(**limits), query, parts or NetworkParts()).problems
    assert [problem.severity for problem in problems] == ["error"]
    return problems[0].message


def mean_of_blocks(plane: np.ndarray, longest: int) -> list[list[float]]:
    """The reduction as the documentation words it, cell by cell."""
    rows, columns = plane.shape
    block = math.ceil(max(rows, columns) / longest)
    return [
        [
            math.fsum(plane[top : top + block, left : left + block].ravel().tolist())
            / plane[top : top + block, left : left + block].size
            for left in range(0, columns, block)
        ]
        for top in range(0, rows, block)
    ]


# --- previews and maps --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("longest", [1, 7, 16, 32, 64])
def test_a_preview_holds_the_means_of_square_blocks_of_cells(longest: int) -> None:
    tensors, header = computed(CHAIN, NetworkParts(longest))
    whole = answer(CHAIN).trace
    for stage in whole.stages:
        k, entry = stage.info.index, header["stages"][stage.info.index]
        offset, step = entry["preview"]
        shown = offset + step * tensors[f"{k}.preview"].astype(np.float64)
        assert max(shown.shape[1:]) <= longest
        assert entry["preview_block"] == math.ceil(max(stage.output.shape[1:]) / longest)
        expected = np.array([mean_of_blocks(plane, longest) for plane in stage.output.astype(np.float64)])
        assert shown.shape == expected.shape
        assert np.abs(shown - expected).max() <= step / 2 + 1e-3


def test_the_facts_about_stages_are_those_of_the_whole_trace() -> None:
    tensors, header = computed(CHAIN, NetworkParts(8))
    whole = json.loads(json.dumps([stage_to_json(stage) for stage in answer(CHAIN).trace.stages]))
    for entry in header["stages"]:
        entry.pop("preview")
        entry.pop("preview_block")
        entry["ranges"], entry["telling"] = (tensors[f"{entry['index']}.{name}"].tolist() for name in FACTS)
    assert header["stages"] == whole
    assert header["link"] == answer(CHAIN).link


def test_maps_that_are_asked_for_equal_those_of_the_whole_trace_bit_by_bit() -> None:
    tensors, header = computed(CHAIN, NetworkParts(8, (1, 4), (2, 5)))
    stages = answer(CHAIN).trace.stages
    for k in (1, 4):
        assert np.array_equal(tensors[f"{k}.maps"], stages[k].output[2:5])
        assert np.array_equal(tensors[f"{k}.weight"], stages[k].weight[2:5])
        assert np.array_equal(tensors[f"{k}.bias"], stages[k].bias[2:5])
        assert header["stages"][k]["maps"] == [2, 5]
    assert {name for name in tensors if name.startswith("2.")} == {"2.preview", "2.ranges", "2.telling"}
    assert not [name for name in tensors if name.endswith(".output")]


def test_stages_of_single_cells_such_as_scores_come_whole() -> None:
    tensors, header = computed(PICTURE_AND_CIFAR, NetworkParts(4))
    ordinary = Lab(samples(), None, Limits(), MODELS).compute(parse_link(PICTURE_AND_CIFAR, Limits()).scene)
    assert ordinary.trace
    stages = ordinary.trace.stages
    scores = len(stages) - 1
    assert np.array_equal(tensors[f"{scores}.output"], stages[scores].output)
    assert header["stages"][scores]["classes"] == list(stages[scores].info.classes)
    assert "preview" not in header["stages"][scores]


def test_only_some_stages_have_previews_if_that_is_asked() -> None:
    tensors, header = computed(CHAIN, NetworkParts(8, (1,), (0, 1), (3,)))
    assert sorted(tensors) == ["1.bias", "1.maps", "1.weight", "3.preview", "3.ranges", "3.telling"]
    assert len(header["stages"]) == 5


def test_a_computation_that_is_repeated_gives_the_same_bytes() -> None:
    lab, parts = network_lab(), NetworkParts(8)
    plan = planned(lab, CHAIN, parts)
    assert lab.compute(plan, parts) == lab.compute(plan, parts)


BRANCHED = "image=chelsea&size=40&channels=rgb&layers=" + "~".join(
    ("conv:8@3x3,padding=1", "relu", "conv:8@3x3,padding=1", "add:2", "relu,from=1", "concat:(4,2)")
)


def test_maps_are_let_go_only_when_no_later_stage_reads_them_also_over_a_branch() -> None:
    tensors, header = computed(BRANCHED, NetworkParts(8, tuple(range(7)), (0, 3)))
    stages = answer(BRANCHED).trace.stages
    assert [entry["reads"] for entry in header["stages"]] == [[], [0], [1], [2], [3, 2], [1], [5, 4, 2]]
    for k, stage in enumerate(stages):
        assert np.array_equal(tensors[f"{k}.maps"], stage.output[:3])
    again = computed(BRANCHED, NetworkParts(8, (6,), (8, 24)))[0]["6.maps"]
    assert np.array_equal(again, stages[6].output[8:24])


def test_memory_of_a_branch_counts_until_the_last_stage_that_reads_it() -> None:
    """A stage of 8 × 40 × 40 cells has 51 kB; that of the branch is one more, for as long as it is read."""
    straight = "size=40&layers=conv:8@3x3,padding=1~relu~relu~relu~relu"
    parts = NetworkParts()
    plain, late = (planned(network_lab(), query, parts).peak_bytes for query in (straight, f"{straight}~add:2"))
    assert late - plain >= 8 * 40 * 40 * 4


# --- limits -------------------------------------------------------------------------------------------------------


def test_a_network_is_bounded_by_its_cost_and_each_sentence_names_number_limit_and_setting() -> None:
    said = message(CHAIN, multiply_adds=100_000)
    assert "multiplications" in said
    assert "at most 100,000" in said
    assert "CONVOSCOPE_NETWORK_MULTIPLY_ADDS" in said
    said = message(CHAIN, trace_bytes=50_000)
    assert "at most 50,000" in said
    assert "CONVOSCOPE_NETWORK_TRACE_BYTES" in said
    said = message("image=random*65536@512x512&layers=relu")
    assert "would hold" in said
    assert "CONVOSCOPE_NETWORK_TRACE_BYTES" in said
    said = message(CHAIN, NetworkParts(50), answer_bytes=1_000)
    assert "at most 1,000" in said
    assert "CONVOSCOPE_NETWORK_ANSWER_BYTES" in said


def test_vgg16_passes_with_the_limits_as_they_are() -> None:
    """At 224 × 224 cells, typed: more layers, maps and work than an ordinary figure may have."""
    layers = []
    for filters in (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0):
        layers += ["maxpool:2"] if not filters else [f"conv:{filters}@3x3,padding=1", "relu"]
    layers += ["linear:4096", "relu", "linear:4096", "relu", "linear:1000", "softmax"]
    query = f"image=chelsea&size=224&channels=rgb&layers={'~'.join(layers)}"
    assert not parse_link(query, NetworkLimits().widen(Limits())).problems
    plan = planned(network_lab(), query, NetworkParts())
    assert not plan.problems
    assert sum(one.multiply_adds for one in plan.plans) == 15_470_264_320
    assert plan.plans[-1].shape == (1000, 1, 1)


def test_what_is_asked_for_and_is_not_there_gets_a_sentence() -> None:
    assert "there is no such stage; it can be 0 to 4" in message(CHAIN, NetworkParts(8, (9,), (0, 1)))
    assert "only has 7" in message(CHAIN, NetworkParts(8, only=(7,)))
    assert "of stage 4 it can be a:b with numbers from 0 to 5" in message(CHAIN, NetworkParts(8, (4,), (0, 6)))
    with pytest.raises(ValueError, match="errors"):
        network_lab().compute(planned(network_lab(), CHAIN, NetworkParts(8, (9,), (0, 1))), NetworkParts(8))


def test_a_layer_that_does_not_fit_is_an_error_and_nothing_is_left_out_silently() -> None:
    assert "window" in message("image=face&size=8&layers=maxpool:2~maxpool:2~maxpool:2~maxpool:2~relu")


# --- memory -------------------------------------------------------------------------------------------------------

DEEP = "~".join(["conv:random*24@3x3,padding=1,seed=1~relu~gelu~sigmoid~maxpool:3,stride=1,padding=1"] * 6)


def test_no_more_memory_is_used_than_was_planned_however_long_the_chain_is() -> None:
    """Each stage has 3.9 MB of maps; thirty of them kept would be 116 MB."""
    query, parts = f"image=chelsea&size=200&channels=rgb&layers={DEEP}", NetworkParts(8)
    lab = network_lab()
    plan = planned(lab, query, parts)
    lab.compute(plan, parts)  # what is cached once is no part of a figure
    tracemalloc.start()
    try:
        body = lab.compute(plan, parts)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < plan.peak_bytes + 3 * len(body) + 1_000_000
    assert plan.peak_bytes < 30_000_000


def test_a_chain_of_any_length_has_the_same_peak() -> None:
    layers = "conv:random*24@3x3,padding=1~relu"
    peaks = {
        times: planned(network_lab(), f"size=64&layers={'~'.join([layers] * times)}", NetworkParts()).peak_bytes
        for times in (2, 8)
    }
    assert peaks[2] == peaks[8]


def test_filters_that_are_kept_are_those_of_their_layer_whatever_other_layers_say() -> None:
    lab, parts = network_lab(), NetworkParts(8, (1,), (0, 2))
    for layer in ("conv:2@2x2", "convtranspose:2@2x2", "conv:2@2x2,seed=1", "conv:2@2x2", "linear:2"):
        query = f"image=(1,2;3,4)(5,6;7,8)&layers={layer}"
        tensors, _ = unpack(lab.compute(planned(lab, query, parts), parts))
        kept = tensors["1.output"] if "1.output" in tensors else tensors["1.maps"]
        assert np.array_equal(kept, answer(query).trace.stages[1].output), layer


def test_random_filters_are_kept_within_the_limit_of_memory() -> None:
    lab, parts = network_lab(trace_bytes=2_000_000), NetworkParts(8)
    for seed in range(12):
        query = f"image=face&size=8&layers=conv:random*64@7x7,padding=3~conv:random*64@5x5,padding=2,seed={seed}"
        lab.compute(planned(lab, query, parts), parts)
    banks = lab._kept_banks
    assert banks._used == sum(bank.weight.nbytes for bank in banks._banks.values()) <= 2_000_000
