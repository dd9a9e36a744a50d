"""What the pictures of sharing write in place of each value of a layer: its number, or its letter.

`static/pure/tabs/sharing/values.js` is the same in JavaScript.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from ..explain.beats import KNOWN_BEATS, fit_beat
from ..explain.step import explain_step
from ..number_text import format_number
from ..trace.trace import Stage, Trace, get_read
from ..writing.amounts import read_amount, read_filter
from ..writing.decimals import Amount, choose_format, write_amount
from ..writing.step_texts import StepTexts
from ..writing.step_writer import write_step
from .letter_names import LetterNames, name_values
from .wires import NO_CELL, Place, Wiring, find_wiring

MOST_ALIKE = 256
"""The most input cells that are written in one format."""
WriteOne = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class SharingValues:
    """The values of a layer as they are shown at a step. `here` is the neuron of the step, `texts` its numbers.

    `written` cells of the map are known, besides the step's own where `is_known`. With `has_letters` a value is shown
    as its name. `bias` is what is added last, `divisor` what each sum is divided by, "" for nothing, and `unit` what
    each product is divided by to be in the units of the sum.
    """

    trace: Trace
    stage: Stage
    before: Stage
    wiring: Wiring
    names: LetterNames
    here: int
    texts: StepTexts
    written: int
    is_known: bool
    has_letters: bool
    unit: int
    input_number: WriteOne
    _writers: dict[int, WriteOne] = field(default_factory=dict)
    _results: dict[Place, str] = field(default_factory=dict)

    @property
    def divisor(self) -> str:
        """What every sum is divided by, "" for nothing."""
        return self.texts.divisor

    @property
    def bias_number(self) -> str:
        """The bias as it is written: as it was typed where decimals cannot write it."""
        return self.texts.bias_written or self.texts.bias or "0"

    def write_bias(self, map: int) -> str:
        """The number of the bias of a map."""
        texts = write_step(self.trace, explain_step(self.trace, self.stage.info.index, map, 0, 0))
        return texts.bias_written or texts.bias or "0"

    @property
    def bias(self) -> str:
        """The bias as it is shown."""
        return "b" if self.has_letters else self.bias_number

    def input(self, index: int) -> str:
        """What is shown of an input cell; 0 for NO_CELL."""
        if index == NO_CELL:
            return "0"
        return self.names.input(index) if self.has_letters else self.input_number(index)

    def weight(self, index: int) -> str:
        """What is shown of a weight of the map in focus."""
        return self.names.weight(index) if self.has_letters else self.weight_number(index)

    def output(self, neuron: int) -> str:
        """What is shown of a result, "" for a number to come."""
        return self.names.output(neuron) if self.has_letters else self.output_number(neuron)

    def weight_number(self, index: int, map: int | None = None) -> str:
        """The number of a weight of a map; all weights of a filter are written in one format."""
        of_map = self.wiring.map if map is None else map
        if of_map not in self._writers:
            self._writers[of_map] = _write_weights(self.stage, of_map, self.wiring.weights, self.unit)
        return self._writers[of_map](index)

    def output_number(self, neuron: int) -> str:
        """The number of a result, "" for one to come."""
        is_own = neuron == self.here or self.wiring.is_linear
        if not (self.is_known if is_own else neuron < self.written):
            return ""
        return self.texts.result if neuron == self.here else self.write_output(self.wiring.place_of(neuron))

    def write_output(self, place: Place) -> str:
        """The number of a cell of any map of the layer."""
        if place not in self._results:
            step = explain_step(self.trace, self.stage.info.index, *place)
            self._results[place] = write_step(self.trace, step).result
        return self._results[place]


def read_sharing_values(
    trace: Trace, place: Place, stage: Stage, beat: str, written: int, has_letters: bool
) -> SharingValues:
    """Read the values of a layer at a step: of the cell (map, row, column), at a beat of it.

    Raises ValueError for a stage that has no weights, and for a place that it does not have.
    """
    before = get_read(trace, stage, place[0])
    wiring = find_wiring(stage, before, place[0])
    step = explain_step(trace, stage.info.index, *place)
    return SharingValues(
        trace,
        stage,
        before,
        wiring,
        name_values(wiring),
        wiring.neuron_at(*place[1:]),
        write_step(trace, step),
        written,
        fit_beat(stage, beat) in KNOWN_BEATS,
        has_letters,
        read_filter(stage, before, step).cell_divisor,
        _write_inputs(before),
    )


def _write_inputs(before: Stage) -> WriteOne:
    """The texts of input cells, written alike where they are few."""
    numbers = before.output.ravel()
    if numbers.size > MOST_ALIKE:
        return lambda index: format_number(read_amount(before, float(numbers[index])).value)
    amounts = [read_amount(before, value) for value in numbers.tolist()]
    format = choose_format(amounts)
    return lambda index: write_amount(amounts[index], format)


def _write_weights(stage: Stage, map: int, count: int, unit: int) -> WriteOne:
    """The texts of the weights of a filter, in one format as the figure writes them."""
    if stage.weight is None:
        raise ValueError(f"the stage {stage.info.index} has no weights")
    weights = stage.weight.reshape(-1, count)[map].tolist()
    amounts = [Amount(weight / unit, weight == int(weight)) for weight in weights]
    format = choose_format(amounts)
    return cache(lambda index: write_amount(amounts[index], format))
