"""The columns of the operation table, held to what the layers do with random maps."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.graph.sources import find_sources
from app.core.operation_table import OPERATIONS, Operation, find_operation
from app.core.ops.preprocessing import Preprocessing
from app.core.scene import Layer, NamedFilter, Scene
from app.core.trace.plan import plan_layer
from app.core.trace.stage_info import ImageInfo
from app.core.trace.trace import Stage, TraceInput, compute_trace
from app.core.weights.pretrained import LearnedLinear, NoTrainedModels

LAYERS = [row for row in OPERATIONS if row.name != "model"]
MAPS = np.random.default_rng(5).integers(-9, 10, (3, 6, 7)).astype(np.float32)


class Trained(NoTrainedModels):
    """A fully connected layer over MAPS as a column, and a preprocessing of color pictures."""

    def linear(self, name):
        weight = np.random.default_rng(6).normal(size=(4, MAPS.size)).astype(np.float32)
        return LearnedLinear(weight, np.zeros(4, np.float32))

    def prepare(self, model):
        return Preprocessing(model, (3, 3), (0.5,) * 3, (0.25,) * 3)


def computed(row: Operation, maps: np.ndarray) -> Stage:
    """The stage of a layer of this kind on these maps, as a column where it reads one."""
    maps = maps.reshape(-1, 1, 1) if row.kind == "linear" else maps
    layer = Layer(row.name, (NamedFilter("sharpen"),) if "filters" in row.capabilities else (), default_head(row))
    plan = plan_layer(layer, 0, maps.shape, Trained(), find_sources(layer, [maps.shape]))
    return compute_trace(Scene(), TraceInput(maps, ImageInfo("numbers"), None), [plan]).stages[1]


def default_head(row: Operation):
    if row.head is None:
        return None
    if row.join:
        return (0,)
    return "some/fc" if row.head.kind in ("text", "weights") else row.head.default


def changed_cells(row: Operation, place: tuple[int, int, int]) -> np.ndarray:
    """Which output cells change with one cell of the input."""
    other = MAPS.copy()
    other[place] += 64
    return computed(row, MAPS).output != computed(row, other).output


@pytest.mark.parametrize("row", LAYERS, ids=lambda row: row.name)
def test_the_capabilities_of_a_layer_are_true(row: Operation):
    stage = computed(row, MAPS)
    assert ("filters" in row.capabilities) == (stage.info.filters is not None)
    assert ("gathers" in row.capabilities) == (stage.geometry is not None or stage.info.preprocessing is not None)
    assert ("keeps_shape" in row.capabilities) <= (stage.output.shape == MAPS.shape)
    if "map_by_map" in row.capabilities and row.name != "center":  # whose place is found in all maps together
        changed = changed_cells(row, (1, int(MAPS[1].argmax()) // 7, int(MAPS[1].argmax()) % 7))
        assert not changed[[0, 2]].any()
    if "reads_all" in row.capabilities:
        assert changed_cells(row, (2, 4, 5)).all()


@pytest.mark.parametrize("row", LAYERS, ids=lambda row: row.name)
@pytest.mark.parametrize("scale", [0.03, 1, 40])
def test_the_values_of_a_layer_lie_in_its_range(row: Operation, scale: float):
    output = computed(row, MAPS * np.float32(scale)).output
    least, most = row.values.least, row.values.most
    assert least is None or output.min() >= least
    assert most is None or output.max() <= most


@pytest.mark.parametrize("row", [row for row in LAYERS if row.values.keeps_whole], ids=lambda row: row.name)
def test_whole_numbers_stay_whole_where_the_table_says_so(row: Operation):
    stage = computed(row, MAPS)
    assert stage.info.exact
    assert stage.info.values.is_whole
    assert np.array_equal(stage.output, np.rint(stage.output))


def test_every_activation_has_a_function_and_a_formula():
    for row in OPERATIONS:
        assert (row.family == "activation") == bool(row.formula)
        assert (row.kind == "pointwise") <= (row.function is not None)


@pytest.mark.parametrize("row", [row for row in LAYERS if row.kind == "pointwise"], ids=lambda row: row.name)
def test_a_function_of_one_number_is_that_of_maps(row: Operation):
    values = np.linspace(-12, 12, 481)
    of_maps = row.function(values.astype(np.float32).reshape(1, 1, -1)).ravel()
    assert of_maps.dtype == np.float32
    assert np.allclose([row.function(np.float64(x)) for x in values], of_maps, rtol=1e-6, atol=1e-7)


def test_an_unknown_name_is_no_operation():
    assert find_operation("relu7") is None
