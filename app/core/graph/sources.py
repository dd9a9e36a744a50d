"""The stages that a layer reads, found among those before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..arrays import Shape
from ..layer_error import LayerError, make_layer_error
from ..scene import Layer
from ..texts import make_text
from .references import CHAINED, FROM, list_reads, read_references


@dataclass(frozen=True, slots=True)
class Sources:
    """The earlier stages that a layer reads: their numbers and shapes. `number` is that of its own first stage."""

    number: int
    reads: tuple[int, ...]
    shapes: tuple[Shape, ...]


def find_sources(layer: Layer, shapes: Sequence[Shape]) -> Sources:
    """The stages that a layer reads; `shapes` are those of all stages before it, the input first.

    Raises LayerError for a stage that does not lie before the layer.
    """
    number, references = len(shapes), read_references(layer)
    if references is CHAINED:
        return Sources(number, (number - 1,), (shapes[-1],))
    if references.start is not None and references.start >= number:
        raise _make_stage_error(FROM, references.start, number)
    for part, stage in enumerate(references.joined):
        if stage >= number:
            raise _make_stage_error("stages", stage, number, part=part)
    reads = list_reads(references, number)
    return Sources(number, reads, tuple(shapes[stage] for stage in reads))


def _make_stage_error(field: str, stage: int, number: int, **parts: int) -> LayerError:
    allowed = make_text("range", least=0, most=number - 1) if number > 1 else "0"
    return make_layer_error("no_stage", field, stage, allowed, number=number, **parts)
