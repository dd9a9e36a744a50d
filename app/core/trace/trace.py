"""Trace: everything that the picture needs, each stage's arrays and geometry.

A Trace holds arrays, not steps: any step of a stage is explained from the stage's input, its weights and its
output (`steps`), so that no second request is needed to draw one.
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
from .execute import VALUE_LIMIT, apply_layer
from .metadata import (
    Interior,
    Meta,
    describe_bank,
    describe_linear,
    describe_plan,
    describe_preprocessing,
    describe_values,
    find_interior,
    note_preprocessing,
)
from .plan import Plan
from .value_facts import ValueFacts, facts_after, input_facts, sums_are_exact

TRACE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its maps, what made them, and what can be said about them (`meta`, ready for JSON)."""

    meta: Meta
    output: Maps
    weight: Maps | None = None
    bias: Maps | None = None


@dataclass(frozen=True, eq=False)
class TraceInput:
    """The input of a chain: its values (C, H, W) and where they come from.

    `info` goes to the browser as it is (kind, name, title, alt, credit, stored size, cut); `scale` is the value of
    black and of white, None for numbers that are no picture.
    """

    values: Maps
    info: Meta
    scale: tuple[float, float] | None
    notes: tuple[str, ...] = ()

    @cached_property
    def nature(self) -> ValueFacts:
        """What is known of its values."""
        return input_facts(self.values, self.scale)

    @property
    def inside(self) -> Interior:
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
            "exact": self.nature.whole,
            **describe_values(self.values, self.inside, self.nature),
            "notes": list(self.notes),
        }
        return Stage(meta, self.values)


@dataclass(frozen=True, slots=True)
class Trace:
    """A Scene computed. Stage 0 is the input. Laws: every stage equals the oracle's; `version` names the format."""

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
    """The end of the growing trace, and what the next stage needs to know of all before it."""

    maps: Maps
    nature: ValueFacts
    inside: Interior
    white: float
    classes: tuple[str, ...] = ()
    flat: Geometry | None = None
    field: ReceptiveField = ONE_CELL


def compute_trace(scene: Scene, source: TraceInput, plans: Iterable[Plan]) -> Trace:
    """Computes every stage in turn. The plans must fit one another, as `plan_layer` made them."""
    white = 1.0 if scene.range == "unit" else 255.0
    chain = _TraceState(source.values, source.nature, source.inside, white)
    stages = [source.stage]
    for plan in plans:
        stages.append(_compute_stage(plan, chain, len(stages)))
    return Trace(scene, tuple(stages))


def _compute_stage(plan: Plan, chain: _TraceState, index: int) -> Stage:
    """The next stage of a chain, which moves on."""
    bank, before = plan.bank.make() if plan.bank else None, chain.nature
    prepared, notes = _describe_preprocessing(plan, chain)
    output, largest, cut_off = apply_layer(plan, bank, chain.maps, chain.white)
    exact = sums_are_exact(plan, bank, before) and not cut_off
    chain.maps = output
    chain.nature = facts_after(plan, bank, before, largest, exact)
    chain.inside = find_interior(plan, chain.inside)
    for geometry in _list_receptive_geometries(plan, chain):
        chain.field = chain.field.through(geometry)
    chain.classes = _find_classes(plan, chain.classes)
    meta = {
        "index": index,
        **describe_plan(plan),
        **(describe_bank(bank, before.channels) if bank else {}),
        **(describe_linear(plan.linear) if plan.linear else {}),
        **prepared,
        **({"classes": list(chain.classes)} if chain.classes else {}),
        "receptive_field": list(chain.field.size),
        "jump": list(chain.field.jump),
        "exact": exact,
        **describe_values(output, chain.inside, chain.nature),
        "notes": [*plan.notes, *notes, *([say("cut_off", most=f"{VALUE_LIMIT:g}")] if cut_off else [])],
    }
    return Stage(meta, output, *_select_weights(plan, bank))


def _describe_preprocessing(plan: Plan, chain: _TraceState) -> tuple[Meta, list[str]]:
    """What is said of a stage that prepares: only the picture tells whether it is turned to white on black."""
    made = plan.preparation
    if made is None:
        return {}, []
    inverted = made.inverts(chain.maps, chain.white)
    return describe_preprocessing(made, chain.white, inverted), note_preprocessing(made, chain.white, inverted)


def _find_classes(plan: Plan, before: tuple[str, ...]) -> tuple[str, ...]:
    """What the values of a stage stand for; activations change nothing in that."""
    if plan.linear:
        return plan.linear.classes
    return before if plan.op.family == "activation" else ()


def _list_receptive_geometries(plan: Plan, chain: _TraceState) -> list[Geometry]:
    """How far a stage looks. Softmax looks at all cells, and so does what sums flattened ones."""
    if plan.op.name == "flatten" and chain.flat is None:
        chain.flat = _cover_input(plan)
    everywhere = plan.op.name in ("softmax", "linear") or (plan.bank and chain.flat)
    wide = [chain.flat or _cover_input(plan)] if everywhere else []
    if plan.preparation:
        wide = [
            Geometry(*(_approximate_resampling(span) for span in (plan.preparation.rows, plan.preparation.columns)))
        ]
    return wide + ([plan.geometry] if plan.geometry else [])


def _approximate_resampling(span: Resampling) -> Axis:
    """An average as a window: exact where it joins whole cells, else as far as any of its cells looks."""
    return Axis(span.size, span.cells, max(1, round(span.length / span.parts)))


def _cover_input(plan: Plan) -> Geometry:
    _, height, width = plan.in_shape
    return Geometry(Axis(height, height), Axis(width, width))


def _select_weights(plan: Plan, bank: Bank | None) -> tuple[Maps | None, Maps | None]:
    """Weights as they are applied, turned by 180° where the layer says so, and biases."""
    if plan.linear:
        return plan.linear.weight, plan.linear.bias
    if bank is None:
        return None, None
    weight = bank.weight[:, :, ::-1, ::-1] if plan.conv and plan.conv.flip else bank.weight
    return weight, bank.bias.astype("float32")
