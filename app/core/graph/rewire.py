"""Edits of a chain that keep its references true: `static/pure/link/rewire.js` is the same in JavaScript.

tests/golden/rewire.json holds both. A reference means a stage and not a place: after an edit it has the new number of
the same stage. A reference to a layer that is removed means what that layer read, and so on back.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from ..scene import Layer
from .references import References, list_reads, read_references, write_references

EditKind = Literal["insert", "remove", "move", "replace"]


@dataclass(frozen=True, slots=True)
class LayerEdit:
    """One edit of a list of layers, at `index`.

    `insert` puts `layer` before the one at `index`; its references count the stages of the new chain. `replace` puts
    it in the place of that layer. `move` takes a layer to the index `to` of the list without it. `count` is the number
    of stages of `layer`, more than one for a model.
    """

    kind: EditKind
    index: int
    layer: Layer | None = None
    to: int = 0
    count: int = 1


@dataclass(frozen=True, slots=True)
class ReplacedStage:
    """A written reference that means another stage since an edit: `layer` is the index of its layer after the edit,
    `stage` the number that was written, `used` the number of the stage that is read instead.
    """

    layer: int
    stage: int
    used: int


@dataclass(frozen=True, slots=True)
class RewiredChain:
    """The layers after an edit, and which of their references no longer mean the stage that they meant."""

    layers: tuple[Layer, ...]
    replaced: tuple[ReplacedStage, ...] = ()


def rewire(layers: Sequence[Layer], edit: LayerEdit, counts: Sequence[int]) -> RewiredChain:
    """The layers after an edit, with every reference renumbered. `counts` are the numbers of stages of the layers.

    A layer behind a removed one that named no stage reads what the removed one read. A moved layer keeps its
    references; one to a stage that no longer lies before it means what that stage read. A `from` that became the stage
    before is left out. Raises IndexError for an index that the list does not have.
    """
    renumbering = _Renumbering(layers, counts, edit)
    replaced: list[ReplacedStage] = []
    made: list[Layer] = []
    for place, old in enumerate(renumbering.order):
        if old is None or renumbering.is_new(old):
            made.append(_require_layer(edit))
        else:
            made.append(renumbering.translate(old, place, replaced))
    return RewiredChain(tuple(made), tuple(replaced))


def _require_layer(edit: LayerEdit) -> Layer:
    if edit.layer is None:
        raise ValueError(f"{edit.kind} needs a layer")
    return edit.layer


class _Renumbering:
    """The numbers of the stages before and after an edit; `order` holds the old index of each layer after it."""

    def __init__(self, layers: Sequence[Layer], counts: Sequence[int], edit: LayerEdit) -> None:
        self.layers = layers
        self.edit = edit
        self.first = _number(counts)
        self.order: list[int | None] = list(range(len(layers)))
        if not 0 <= edit.index < len(layers) + (edit.kind == "insert"):
            raise IndexError(f"there is no place {edit.index} among {len(layers)} layers")
        if edit.kind == "insert":
            self.order.insert(edit.index, None)
        elif edit.kind != "replace":
            taken = self.order.pop(edit.index)
            if edit.kind == "move":
                self.order.insert(edit.to, taken)
        self._places = {old: place for place, old in enumerate(self.order) if old is not None}
        self.new_first = _number([edit.count if self.is_new(old) else counts[old or 0] for old in self.order])

    def is_new(self, old: int | None) -> bool:
        """Whether the layer at a place of the order is that of the edit."""
        return old is None or (self.edit.kind == "replace" and old == self.edit.index)

    def translate(self, old: int, place: int, replaced: list[ReplacedStage]) -> Layer:
        """The layer that had the index `old` at its new place; adds which references mean another stage."""
        layer, number = self.layers[old], self.new_first[place]
        written = read_references(layer)

        def follow(stage: int) -> int:
            used, is_same = self._follow(stage, old, number)
            if not is_same:
                replaced.append(ReplacedStage(place, stage, used))
            return used

        start = None if written.start is None else follow(written.start)
        joined = tuple(follow(stage) for stage in written.joined)
        if written.start is None and self.edit.kind == "remove" and old == self.edit.index + 1:
            start = self._renumber(self._step_back(self.first[self.edit.index]))[0]
        if start == number - 1 and written.start != self.first[old] - 1:
            start = None
        return write_references(layer, References(start, joined))

    def _follow(self, stage: int, old: int, number: int) -> tuple[int, bool]:
        """(the new number of a stage that a layer reads, whether it is the same stage).

        `old` is the index that the layer had, `number` its new number. A reference that was no earlier stage stays so.
        """
        used, is_same = self._renumber(stage)
        while used >= number and stage < self.first[old]:
            stage, is_same = self._step_back(stage), False
            used, _ = self._renumber(stage)
        return used, is_same

    def _renumber(self, stage: int) -> tuple[int, bool]:
        """(the new number of a stage or of what stands for it, whether it is the same stage)."""
        if stage == 0:
            return 0, True
        if stage >= self.first[-1]:
            return stage + self.new_first[-1] - self.first[-1], True
        old = self._find_layer(stage)
        if old not in self._places:
            return self._renumber(self._step_back(self.first[old]))[0], False
        first, offset = self.new_first[self._places[old]], stage - self.first[old]
        last = self.first[old + 1] - self.first[old] - 1
        if self.is_new(old) and last + 1 != self.edit.count:
            return first + self.edit.count - 1, offset == last
        return first + offset, True

    def _step_back(self, stage: int) -> int:
        """What a stage reads first, in the old numbers."""
        old = self._find_layer(stage)
        if stage > self.first[old]:
            return stage - 1
        return min(list_reads(read_references(self.layers[old]), stage)[0], stage - 1)

    def _find_layer(self, stage: int) -> int:
        return bisect_right(self.first, stage) - 1


def _number(counts: Sequence[int]) -> list[int]:
    """The number of the first stage of each layer, and of one after the last."""
    return list(accumulate(counts, initial=1))
