"""Trace: the arrays of every stage of a scene, and the facts about them.

A Trace holds arrays, not steps: `explain` computes any step from a stage's input, weights and output, so that the
browser needs no second request to draw one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ..arrays import Maps
from ..operation_table import INPUT
from ..ops.geometry import Geometry
from ..scene import Scene
from ..texts import Text, make_text
from ..weights.bank import Bank
from ..weights.bank_plan import BankPlan
from .denominators import ExactGrid, find_grid_after, find_input_grid
from .execute import VALUE_LIMIT, apply_layer
from .metadata import describe_filters, describe_pool, label_maps, make_stage_title, note_preprocessing
from .plan import Plan, read_shift, read_slope
from .receptive_fields import ReceptiveFields
from .stage_info import ImageInfo, PreprocessingInfo, StageInfo
from .value_facts import ValueFacts, facts_after, input_facts, sums_are_exact
from .value_ranges import Interior, Places, Ranges, describe_values, find_interior, find_salient_map

TRACE_VERSION = 1
MakeBank = Callable[[BankPlan], Bank]


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage: the facts about it, its output maps, its weights and biases, and its plan, None for the input.

    `interior` holds the cells that do not depend on padding, None for all.
    """

    info: StageInfo
    output: Maps
    weight: Maps | None = None
    bias: Maps | None = None
    plan: Plan | None = None
    interior: Interior | None = None

    @property
    def geometry(self) -> Geometry | None:
        """The sliding window of the layer, None where nothing slides."""
        return self.info.geometry

    @property
    def ranges(self) -> Ranges:
        """The least and largest value of each map, over all its cells."""
        return self._described[0]

    @property
    def salient_places(self) -> Places:
        """The cell (row, column) of each map that is worth showing first."""
        return self._described[1]

    @property
    def salient_map(self) -> int | None:
        """The map that is worth showing first: the winner of scores and shares, None where no map stands out."""
        has_scores = self.info.classes or self.info.operation.kind == "softmax"
        return find_salient_map(self.output) if has_scores else None

    @cached_property
    def _described(self) -> tuple[Ranges, Places]:
        _, height, width = self.output.shape
        return describe_values(self.output, self.interior or ((0, height), (0, width)))


@dataclass(frozen=True, eq=False)
class TraceInput:
    """The input of a chain: its values (C, H, W) and their origin.

    `scale` is the value of black and of white, None for numbers that are not a picture. `denominator` is that of typed
    decimals and fractions.
    """

    values: Maps
    image: ImageInfo
    scale: tuple[float, float] | None
    notes: tuple[Text | str, ...] = ()
    denominator: int = 1

    @cached_property
    def grid(self) -> ExactGrid | None:
        """The multiples that its values are, if they are known exactly."""
        if self.facts.is_whole:
            return ExactGrid(1, 0.0, self.facts.largest).if_certain()
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
        channels, height, width = self.values.shape
        info = StageInfo(
            INPUT,
            make_text("input_title"),
            (channels, height, width),
            self.facts,
            exact=self.facts.is_whole,
            denominator=self.grid.denominator if self.grid else None,
            sees_whole_input=(height, width) == (1, 1),
            image=self.image,
            notes=self.notes,
        )
        return Stage(info, self.values)


@dataclass(frozen=True, slots=True)
class Trace:
    """A computed Scene. Stage 0 is the input. `version` is that of the format."""

    scene: Scene
    stages: tuple[Stage, ...]
    version: int = TRACE_VERSION


def get_image(trace: Trace) -> ImageInfo:
    """The origin of a Trace's input."""
    return trace.stages[0].info.image or ImageInfo("numbers")


@dataclass(slots=True)
class _TraceState:
    """The last stage computed so far, and what the next one needs of all before it."""

    maps: Maps
    facts: ValueFacts
    interior: Interior
    white: float
    fields: ReceptiveFields
    grid: ExactGrid | None
    classes: tuple[str, ...] = ()


def compute_trace(scene: Scene, source: TraceInput, plans: Iterable[Plan]) -> Trace:
    """Computes every stage in order. Each plan must fit the output of the one before."""
    return Trace(scene, tuple(compute_stages(scene, source, plans)))


def compute_stages(
    scene: Scene, source: TraceInput, plans: Iterable[Plan], make_bank: MakeBank = BankPlan.make
) -> Iterator[Stage]:
    """The stages of `compute_trace`, each computed when it is asked for; only the maps of the last one are kept here.

    `make_bank` makes the filters of a layer.
    """
    white = 1.0 if scene.range == "unit" else 255.0
    _, height, width = source.values.shape
    fields = ReceptiveFields((height, width))
    state = _TraceState(source.values, source.facts, source.interior, white, fields, source.grid)
    yield source.stage
    for index, plan in enumerate(plans, 1):
        yield _compute_stage(plan, state, index, make_bank(plan.bank) if plan.bank else None)


def _compute_stage(plan: Plan, state: _TraceState, index: int, bank: Bank | None) -> Stage:
    """The next stage; updates the state."""
    before = state.facts
    preprocessing = _describe_preprocessing(plan, state)
    output, largest, is_clipped = apply_layer(plan, bank, state.maps, state.white)
    exact = sums_are_exact(plan, bank, before) and not is_clipped
    state.maps = output
    state.facts = facts_after(plan, bank, before, largest, exact)
    state.grid = None if is_clipped else find_grid_after(plan, bank, state.grid, largest)
    state.interior = find_interior(plan, state.interior)
    state.fields.add(plan)
    state.classes = _find_classes(plan, bank, state.classes)
    info = StageInfo(
        plan.op,
        make_stage_title(plan),
        plan.shape,
        state.facts,
        index,
        plan.index,
        plan.in_shape,
        plan.geometry,
        plan.parameters,
        plan.multiply_adds,
        state.fields.current,
        exact,
        denominator=state.grid.denominator if state.grid else None,
        sees_whole_input=state.fields.is_whole_input,
        filters=describe_filters(plan, bank) if bank else None,
        pool=describe_pool(plan),
        preprocessing=preprocessing,
        slope=read_slope(plan.layer) if plan.op.kind == "pointwise" and plan.op.head else None,
        by=read_shift(plan.layer) if plan.op.kind == "shift" else None,
        labels=label_maps(plan.linear, bank, before.channels),
        classes=state.classes,
        notes=(
            *plan.notes,
            *(note_preprocessing(preprocessing) if preprocessing else ()),
            *((make_text("cut_off", most=f"{VALUE_LIMIT:g}"),) if is_clipped else ()),
        ),
    )
    return Stage(info, output, *_select_weights(plan, bank), plan, state.interior)


def _describe_preprocessing(plan: Plan, state: _TraceState) -> PreprocessingInfo | None:
    """The numbers of a preprocessing stage; whether it inverts depends on the picture."""
    made = plan.preprocessing
    return PreprocessingInfo(made, state.white, made.should_invert(state.maps, state.white)) if made else None


def _find_classes(plan: Plan, bank: Bank | None, before: tuple[str, ...]) -> tuple[str, ...]:
    """The class names of a stage's values, which activations keep. A filter of a whole picture can be a class's."""
    if plan.linear:
        return plan.linear.classes
    if bank and plan.bank and plan.bank.has_class_names and plan.shape[1:] == (1, 1):
        return tuple(label for label in bank.labels if isinstance(label, str))
    return before if plan.op.family == "activation" else ()


def _select_weights(plan: Plan, bank: Bank | None) -> tuple[Maps | None, Maps | None]:
    """(weights as they are applied, turned by 180° with `flip`; biases)."""
    if plan.linear:
        return plan.linear.weight, plan.linear.bias
    if bank is None:
        return None, None
    weight = bank.weight[:, :, ::-1, ::-1] if plan.conv and plan.conv.flip else bank.weight
    return weight, bank.bias.astype("float32")
