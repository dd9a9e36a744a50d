"""The numbers of a chain without its facts: for many inputs one after the other, as an occlusion needs them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..arrays import Maps
from ..trace.execute import apply_layer
from ..trace.plan import Plan, list_last_uses
from ..weights.bank import Bank
from ..weights.bank_plan import BankPlan


@dataclass(frozen=True, slots=True)
class Forward:
    """A planned chain that can be run on any input of its shape.

    Stage 0 is the input and stage k the output of plan k. The same functions are applied in the same order as in a
    Trace, so that each number is that of the Trace; what a Trace says about its numbers is left out,
    which is most of its time. A stage that no later one reads is dropped from memory.
    """

    plans: tuple[Plan, ...]
    white: float
    make_bank: Callable[[BankPlan], Bank] = BankPlan.make

    def run(self, x: Maps, wanted: Sequence[int]) -> dict[int, Maps]:
        """The stages `wanted` on an input (C, H, W), by their numbers; later stages are not computed."""
        last = max(wanted)
        stages, last_uses = {0: x}, list_last_uses(self.plans[:last])
        for number, plan in enumerate(self.plans[:last], 1):
            read = [stages[index] for index in plan.reads or (number - 1,)]
            bound = replace(plan, law=plan.law.bind(read[0])) if plan.law else plan
            bank = self.make_bank(plan.bank) if plan.bank else None
            stages[number], _, _ = apply_layer(bound, bank, read[0], self.white, read[1:])
            for index in {number, *(plan.reads or (number - 1,))}:
                if last_uses[index] <= number and index not in wanted:
                    del stages[index]
        return {index: stages[index] for index in wanted}
