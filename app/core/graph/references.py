"""The references of a layer: the numbers of the earlier stages that it reads.

A stage number counts expanded stages: 0 is the input, and each layer of a model counts. A layer without `from` reads
the stage before it; a join (`add`, `concat`, `mul`) reads the stages of its head, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ..operation_table import find_operation
from ..scene import Layer, OptionValue

FROM: Literal["from"] = "from"


@dataclass(frozen=True, slots=True)
class References:
    """What a layer says of the stages that it reads.

    `start` is its `from`, None for the stage before it. `joined` are the stages in the head of a join, in its order.
    """

    start: int | None = None
    joined: tuple[int, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the layer names no stage, and reads the one before it."""
        return self.start is None and not self.joined


CHAINED = References()


def read_references(layer: Layer) -> References:
    """The stages that a layer names."""
    start = next((value for name, value in layer.options if name == FROM), None)
    row = find_operation(layer.op)
    joined = layer.head if row and row.join and isinstance(layer.head, tuple) else ()
    if start is None and not joined:
        return CHAINED
    return References(start if isinstance(start, int) else None, tuple(int(stage) for stage in joined))  # type: ignore[arg-type]


def write_references(layer: Layer, references: References) -> Layer:
    """The layer with these stages in place of its own; a join that is left without any has no head."""
    before = read_references(layer)
    if references == before:
        return layer
    options: tuple[tuple[str, OptionValue], ...] = tuple(one for one in layer.options if one[0] != FROM)
    if references.start is not None:
        options = (*options, (FROM, references.start))  # the last option of every operation
    return replace(layer, head=(references.joined or None) if before.joined else layer.head, options=options)


def list_reads(references: References, number: int) -> tuple[int, ...]:
    """The stages that a layer reads whose first stage has this number: the one before it or `from`, then the joined."""
    return (number - 1 if references.start is None else references.start, *references.joined)
