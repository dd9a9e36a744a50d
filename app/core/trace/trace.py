"""Trace: the arrays and metadata of every stage of a scene.

A Trace holds arrays, not steps: `explain` computes any step from a stage's input, weights and output, so that the
browser needs no second request to draw one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ..arrays import Maps
from ..link.scene_json import scene_to_json
from ..messages import say
from ..ops.geometry import ONE_CELL, Axis, Geometry, ReceptiveField
from ..ops.preprocessing import Resampling
from ..scene import Scene
from ..weights.bank import Bank
from .denominators import ExactGrid, find_grid_after, find_input_grid
from .execute import VALUE_LIMIT, apply_layer
from .metadata import Meta, describe_bank, describe_linear, describe_plan, describe_preprocessing, note_preprocessing
from .plan import Plan
from .value_facts import ValueFacts, facts_after, input_facts, sums_are_exact
from .value_ranges import Interior, describe_values, find_interior

TRACE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its output maps, weights and bias, and its metadata (`meta`, ready for JSON)."""

    meta: Meta
    output: Maps
    weight: Maps | None = None
    bias: Maps | None = None


@dataclass(frozen=True, eq=False)
class TraceInput:
    """The input of a chain: its values (C, H, W) and their origin.

    `info` goes to the browser unchanged (kind, name, title, alt, credit, stored size, crop); `scale` is the value of
    black and of white, None for numbers that are not a picture. `denominator` is that of typed decimals and fractions.
    """

    values: Maps
    info: Meta
    scale: tuple[float, float] | None
    notes: tuple[str, ...] = ()
    denominator: int = 1

    @cached_property
    def grid(self) -> ExactGrid | None:
        """The multiples that its values are, if they are known exactly."""
        return find_input_grid(self.values, (1, self.denominator, 255) if self.scale else (1, self.denominator))

    @cached_property
    def facts(self) -> ValueFacts:
        """The facts about its values."""
        return input_facts(self.values, self.scale)

    @property
    def interior(self) -> Interior:
        """All of its cells."""
        _, height, width = self.values.shape
        return (0, height), (0, width)

    @cached_property
    def stage(self) -> Stage:
        """The first stage of every chain on it."""
        meta = {
            "index": 0,
            "op": "input",
            "title": say("input_title"),
            "family": "input",
            "layer": None,
            "shape": list(self.values.shape),
            "input_shape": None,
            "image": dict(self.info),
            "parameters": 0,
            "multiply_adds": 0,
            "receptive_field": [1, 1],
            "jump": [1, 1],
            "exact": self.facts.is_whole,
            "denominator": self.grid.denominator if self.grid else None,
            **describe_values(self.values, self.interior, self.facts),
            "notes": list(self.notes),
        }
        return Stage(meta, self.values)


@dataclass(frozen=True, slots=True)
class Trace:
    """A computed Scene. Stage 0 is the input. `version` is that of the format."""

    scene: Scene
    stages: tuple[Stage, ...]
    version: int = TRACE_VERSION

    def header(self) -> dict[str, object]:
        """All but the arrays, ready for JSON."""
        return {
            "version": self.version,
            "scene": scene_to_json(self.scene),
            "stages": [dict(stage.meta) for stage in self.stages],
        }


@dataclass(slots=True)
class _TraceState:
    """The last stage computed so far, and what the next one needs of all before it."""

    maps: Maps
    facts: ValueFacts
    interior: Interior
    white: float
    grid: ExactGrid | None
    classes: tuple[str, ...] = ()
    flattened: Geometry | None = None
    receptive_field: ReceptiveField = ONE_CELL


def compute_trace(scene: Scene, source: TraceInput, plans: Iterable[Plan]) -> Trace:
    """Computes every stage in order. Each plan must fit the output of the one before."""
    white = 1.0 if scene.range == "unit" else 255.0
    state = _TraceState(source.values, source.facts, source.interior, white, source.grid)
    stages = [source.stage]
    for plan in plans:
        stages.append(_compute_stage(plan, state, len(stages)))
    return Trace(scene, tuple(stages))


def _compute_stage(plan: Plan, state: _TraceState, index: int) -> Stage:
    """The next stage; updates the state."""
    bank, before = plan.bank.make() if plan.bank else None, state.facts
    preprocessing, notes = _describe_preprocessing(plan, state)
    output, largest, is_clipped = apply_layer(plan, bank, state.maps, state.white)
    exact = sums_are_exact(plan, bank, before) and not is_clipped
    state.maps = output
    state.facts = facts_after(plan, bank, before, largest, exact)
    state.grid = None if is_clipped else find_grid_after(plan, bank, state.grid, largest)
    state.interior = find_interior(plan, state.interior)
    for geometry in _list_receptive_geometries(plan, state):
        state.receptive_field = state.receptive_field.extend(geometry)
    state.classes = _find_classes(plan, bank, state.classes)
    meta = {
        "index": index,
        **describe_plan(plan),
        **(describe_bank(bank, before.channels) if bank else {}),
        **(describe_linear(plan.linear) if plan.linear else {}),
        **preprocessing,
        **({"classes": list(state.classes)} if state.classes else {}),
        "receptive_field": list(state.receptive_field.size),
        "jump": list(state.receptive_field.jump),
        "exact": exact,
        "denominator": state.grid.denominator if state.grid else None,
        **describe_values(output, state.interior, state.facts),
        "notes": [*plan.notes, *notes, *([say("cut_off", most=f"{VALUE_LIMIT:g}")] if is_clipped else [])],
    }
    return Stage(meta, output, *_select_weights(plan, bank))


def _describe_preprocessing(plan: Plan, state: _TraceState) -> tuple[Meta, list[str]]:
    """Metadata and notes of a preprocessing stage; whether it inverts depends on the picture."""
    made = plan.preprocessing
    if made is None:
        return {}, []
    inverted = made.should_invert(state.maps, state.white)
    return describe_preprocessing(made, state.white, inverted), note_preprocessing(made, state.white, inverted)


def _find_classes(plan: Plan, bank: Bank | None, before: tuple[str, ...]) -> tuple[str, ...]:
    """The class names of a stage's values, which activations keep. A filter of a whole picture can be a class's."""
    if plan.linear:
        return plan.linear.classes
    if bank and plan.bank and plan.bank.has_class_names and plan.shape[1:] == (1, 1):
        return bank.labels
    return before if plan.op.family == "activation" else ()


def _list_receptive_geometries(plan: Plan, state: _TraceState) -> list[Geometry]:
    """The geometries that enlarge the receptive field. Softmax reads all cells, and so does a sum after `flatten`."""
    if plan.op.name == "flatten" and state.flattened is None:
        state.flattened = _cover_input(plan)
    everywhere = plan.op.name in ("softmax", "linear") or (plan.bank and state.flattened)
    wide = [state.flattened or _cover_input(plan)] if everywhere else []
    if plan.preprocessing:
        wide = [
            Geometry(*(_approximate_resampling(axis) for axis in (plan.preprocessing.rows, plan.preprocessing.columns)))
        ]
    return wide + ([plan.geometry] if plan.geometry else [])


def _approximate_resampling(axis: Resampling) -> Axis:
    """Resampling as a window: exact where it averages whole cells, else the largest part."""
    return Axis(axis.size, axis.most_cells, max(1, round(axis.length / axis.parts)))


def _cover_input(plan: Plan) -> Geometry:
    _, height, width = plan.in_shape
    return Geometry(Axis(height, height), Axis(width, width))


def _select_weights(plan: Plan, bank: Bank | None) -> tuple[Maps | None, Maps | None]:
    """(weights as they are applied, turned by 180° with `flip`; biases)."""
    if plan.linear:
        return plan.linear.weight, plan.linear.bias
    if bank is None:
        return None, None
    weight = bank.weight[:, :, ::-1, ::-1] if plan.conv and plan.conv.flip else bank.weight
    return weight, bank.bias.astype("float32")
