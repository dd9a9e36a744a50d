"""Names in place of numbers: A B C … for the inputs, Greek letters for the weights, P Q R … for the results.

Where they are too many, and with several channels, they are indices: x₀₀, w₀₀, y₀₀. `letter-names.js` in
`static/pure/tabs/sharing/` is the same in JavaScript.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .wires import Wiring

INPUTS = "ABCDEFGHJKLM"
"""Without I, which is read as a one."""
OUTPUTS, WEIGHTS = "PQRSTUVWX", "αβγδεζηθκ"
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, slots=True)
class LetterNames:
    """The names of all values of a layer; `are_letters` where each value has a letter of its own."""

    wiring: Wiring
    are_letters: bool

    def input(self, index: int) -> str:
        """The name of an index of the flattened input."""
        return INPUTS[index] if self.are_letters else f"x{subscript(self._place_in_input(index))}"

    def weight(self, index: int) -> str:
        """The name of a weight of the filter."""
        return WEIGHTS[index] if self.are_letters else f"w{subscript(self._place_in_filter(index))}"

    def output(self, neuron: int) -> str:
        """The name of the result of a neuron."""
        if self.are_letters:
            return OUTPUTS[neuron]
        place = self.wiring.place_of(neuron)
        return f"y{subscript(place[:1] if self.wiring.is_linear else place[1:])}"

    def _place_in_input(self, index: int) -> Sequence[int]:
        channels, height, width = self.wiring.before
        place = self.wiring.cell_of_input(index)
        if height * width == 1:
            return place[:1]
        return place if channels > 1 else place[1:]

    def _place_in_filter(self, index: int) -> Sequence[int]:
        place = self.wiring.place_of_weight(index)
        if self.wiring.before[0] == 1:
            return place[1:]
        rows, columns = self.wiring.kernel
        return place[:1] if rows * columns == 1 else place


def name_values(wiring: Wiring) -> LetterNames:
    """Name the values of a layer: by letters up to 12 inputs, 9 results and 9 weights of one channel."""
    are_letters = (
        not wiring.is_linear
        and wiring.before[0] == 1
        and wiring.inputs <= len(INPUTS)
        and wiring.neurons <= len(OUTPUTS)
        and wiring.weights <= len(WEIGHTS)
    )
    return LetterNames(wiring, are_letters)


def subscript(numbers: Sequence[int]) -> str:
    """Write digits below the line: 0, 1 as ₀₁; with commas where one of them has two digits."""
    return (",".join if max(numbers) > 9 else "".join)(map(str, numbers)).translate(SUBSCRIPTS)
