"""Trace: the arrays of every stage of a scene, and the facts about them.

A Trace holds arrays, not steps: `explain` computes any step from a stage's input, weights and output, so that the
browser needs no second request to draw one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from ..arrays import Maps
from ..operation_table import INPUT
from ..ops.geometry import Geometry
from ..ops.join import find_starts
from ..scene import Scene
from ..texts import Text, make_text
from ..weights.bank import Bank
from ..weights.bank_plan import BankPlan
from ..words.row_words import (
    NO_WORDS,
    RowWords,
    Sentence,
    find_row_words,
    find_winners,
    note_words,
    write_winners,
)
from .denominators import ExactGrid, find_grid_after, find_input_grid
from .execute import VALUE_LIMIT, apply_layer
from .metadata import describe_filters, describe_pool, label_maps, make_stage_title, note_preprocessing
from .plan import Plan, list_last_uses, read_shift, read_slope
from .receptive_fields import ReceptiveFields
from .stage_info import ImageInfo, PreprocessingInfo, StageInfo
from .value_facts import ValueFacts, facts_after, input_facts, sums_are_exact
from .value_ranges import Interior, Places, Ranges, describe_values, find_interior, find_salient_map

TRACE_VERSION = 2
"""Since version 2 each stage says in `reads` which stages it reads; in version 1 it was the one before."""
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
        is_vector = self.output.shape[1:] == (1, 1)
        has_scores = (is_vector and self.info.classes) or self.info.operation.kind == "softmax"
        return find_salient_map(self.output) if has_scores else None

    @cached_property
    def _described(self) -> tuple[Ranges, Places]:
        _, height, width = self.output.shape
        return describe_values(self.output, self.interior or ((0, height), (0, width)))


@dataclass(frozen=True, eq=False)
class TraceInput:
    """The input of a chain: its values (C, H, W) and their origin.

    `scale` is the value of black and of white, None for numbers that are not a picture. `denominator` is that of typed
    decimals and fractions. `sentence` are the words of its rows.
    """

    values: Maps
    image: ImageInfo
    scale: tuple[float, float] | None
    notes: tuple[Text | str, ...] = ()
    denominator: int = 1
    sentence: Sentence = NO_WORDS

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
            words=self.sentence.words,
            notes=(*self.notes, *((self.sentence.vectors,) if self.sentence.vectors else ())),
        )
        return Stage(info, self.values)


@dataclass(frozen=True, slots=True)
class Trace:
    """A computed Scene. Stage 0 is the input. `version` is that of the format."""

    scene: Scene
    stages: tuple[Stage, ...]
    version: int = TRACE_VERSION


def has_own_laws(trace: Trace) -> bool:
    """Whether a layer has a law of its own: the browser loads the code of its steps."""
    return any("own_law" in stage.info.operation.capabilities for stage in trace.stages)


def get_image(trace: Trace) -> ImageInfo:
    """The origin of a Trace's input."""
    return trace.stages[0].info.image or ImageInfo("numbers")


@dataclass(slots=True, eq=False)
class _Computed:
    """What later stages need of one, besides its arrays and facts."""

    stage: Stage
    interior: Interior
    grid: ExactGrid | None
    classes: tuple[str, ...] = ()
    words: RowWords = ()


@dataclass(slots=True)
class _TraceState:
    """The stages computed so far, by their numbers; `count` includes those that were removed since."""

    stages: dict[int, _Computed]
    white: float
    fields: ReceptiveFields
    sentence: Sentence = NO_WORDS
    count: int = 1


def compute_trace(scene: Scene, source: TraceInput, plans: Iterable[Plan]) -> Trace:
    """Computes every stage in order. Each plan must fit the output of the stages that it reads."""
    state = _begin(scene, source)
    for plan in plans:
        _compute_stage(plan, state, plan.bank.make() if plan.bank else None)
    return Trace(scene, tuple(computed.stage for computed in state.stages.values()))


def compute_stages(
    scene: Scene, source: TraceInput, plans: Iterable[Plan], make_bank: MakeBank = BankPlan.make
) -> Iterator[Stage]:
    """Yields the stages of `compute_trace`; computes each only when the caller takes it.

    A stage that no later one reads is removed from memory. `make_bank` makes the filters of a layer.
    """
    plans, state = tuple(plans), _begin(scene, source)
    yield source.stage
    last_uses = list_last_uses(plans)
    for number, plan in enumerate(plans, 1):
        stage = _compute_stage(plan, state, make_bank(plan.bank) if plan.bank else None)
        for index in {number, *stage.info.reads}:
            if last_uses[index] <= number:
                del state.stages[index]
        yield stage
        del stage  # here it would stay while the next one is computed


def _begin(scene: Scene, source: TraceInput) -> _TraceState:
    """The state before the first layer."""
    _, height, width = source.values.shape
    first = _Computed(source.stage, source.interior, source.grid, words=source.sentence.rows)
    white = 1.0 if scene.range == "unit" else 255.0
    return _TraceState({0: first}, white, ReceptiveFields((height, width)), source.sentence)


def _compute_stage(plan: Plan, state: _TraceState, bank: Bank | None) -> Stage:
    """The next stage, which is added to the state."""
    number = state.count
    reads = plan.reads or (number - 1,)
    read = [state.stages[index] for index in reads]
    inputs = [computed.stage.output for computed in read]
    facts = [computed.stage.info.values for computed in read]
    plan, before = _bind_law(plan, inputs[0]), facts[0]
    preprocessing = _describe_preprocessing(plan, inputs[0], state.white)
    output, largest, is_clipped = apply_layer(plan, bank, inputs[0], state.white, inputs[1:])
    exact = sums_are_exact(plan, bank, facts) and not is_clipped
    grid = None if is_clipped else find_grid_after(plan, bank, [computed.grid for computed in read], largest)
    interior = find_interior(plan, [computed.interior for computed in read], [maps.shape for maps in inputs])
    seen = state.fields.add(plan, reads)
    classes = _find_classes(plan, bank, read[0].classes)
    sentence, words_read = state.sentence, [computed.words for computed in read]
    words = find_row_words(plan, words_read, len(sentence.words))
    winners = find_winners(plan, inputs[0], words_read[0])
    info = StageInfo(
        plan.op,
        make_stage_title(plan),
        plan.shape,
        facts_after(plan, bank, facts, largest, exact),
        number,
        plan.index,
        plan.in_shape,
        plan.geometry,
        plan.parameters,
        plan.multiply_adds,
        seen.current.rounded,
        exact,
        denominator=grid.denominator if grid else None,
        sees_whole_input=state.fields.sees_whole_input(number),
        filters=describe_filters(plan, bank) if bank else None,
        pool=describe_pool(plan),
        preprocessing=preprocessing,
        slope=read_slope(plan.layer) if plan.op.kind == "pointwise" and plan.op.head else None,
        by=read_shift(plan.layer) if plan.op.kind == "shift" else None,
        labels=label_maps(plan, bank, before.channels),
        classes=classes,
        words=sentence.write(words),
        winners=write_winners(winners, sentence),
        notes=(
            *note_words(plan, words_read, sentence, 0 in reads),
            *plan.notes,
            *(note_preprocessing(preprocessing) if preprocessing else ()),
            *((make_text("cut_off", most=f"{VALUE_LIMIT:g}"),) if is_clipped else ()),
        ),
        reads=reads,
        starts=find_starts([len(maps) for maps in inputs]) if plan.op.join == "concat" else (),
    )
    stage = Stage(info, output, *_select_weights(plan, bank), plan, interior)
    state.stages[number] = _Computed(stage, interior, grid, classes, words)
    state.count += 1
    return stage


def _bind_law(plan: Plan, maps: Maps) -> Plan:
    """The plan with what its law measures of the maps, and the notes on that."""
    if plan.law is None:
        return plan
    law = plan.law.bind(maps)
    return replace(plan, law=law, notes=(*plan.notes, *law.notes))


def get_reads(trace: Trace, stage: Stage) -> tuple[Stage, ...]:
    """The stages that a stage reads, in their order: one, for a join several, for the input none."""
    return tuple(trace.stages[index] for index in stage.info.reads)


def get_read(trace: Trace, stage: Stage, map: int = 0) -> Stage:
    """The stage that a map of a stage is made from, the first of several; the input itself for the input."""
    info = stage.info
    return trace.stages[info.reads[info.find_part(map)]] if info.reads else stage


def find_readers(trace: Trace, index: int) -> tuple[Stage, ...]:
    """The stages that read a stage, in order."""
    return tuple(stage for stage in trace.stages if index in stage.info.reads)


def _describe_preprocessing(plan: Plan, maps: Maps, white: float) -> PreprocessingInfo | None:
    """The numbers of a preprocessing stage; whether it inverts depends on the picture."""
    made = plan.preprocessing
    return PreprocessingInfo(made, white, made.should_invert(maps, white)) if made else None


def _find_classes(plan: Plan, bank: Bank | None, before: tuple[str, ...]) -> tuple[str, ...]:
    """The class names of a stage's maps, which activations keep. A filter as large as a picture can be a class's: on a
    larger picture it makes a map of scores.
    """
    if plan.linear:
        return plan.linear.classes
    if bank and plan.bank and plan.bank.has_class_names:
        return tuple(label for label in bank.labels if isinstance(label, str))
    return before if plan.op.family == "activation" else ()


def _select_weights(plan: Plan, bank: Bank | None) -> tuple[Maps | None, Maps | None]:
    """(weights as they are applied, turned by 180° with `flip`; biases)."""
    if plan.linear:
        return plan.linear.weight, plan.linear.bias
    if bank is None:
        return None, None
    if plan.op.kind == "linear":
        return bank.weight.reshape(len(bank.weight), -1), bank.bias.astype("float32")
    weight = bank.weight[:, :, ::-1, ::-1] if plan.conv and plan.conv.flip else bank.weight
    return weight, bank.bias.astype("float32")
