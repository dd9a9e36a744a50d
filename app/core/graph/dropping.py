"""Leaves a layer out of a chain that somebody wrote, where the number of its stages may be unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..problems import Problem, add_ending, make_problem
from ..scene import Layer
from ..texts import Text, make_text
from .references import FROM, References, read_references, write_references
from .rewire import LayerEdit, ReplacedStage, rewire


@dataclass(frozen=True, slots=True)
class LostStage:
    """A written reference that cannot be told any more: `layer` is the index of its layer after the edit."""

    layer: int
    field: Literal["from", "stages"]
    stage: int


@dataclass(frozen=True, slots=True)
class ShortenedChain:
    """The layers without one of them. References that are lost are left out of `layers`; a join may have no head."""

    layers: tuple[Layer, ...]
    replaced: tuple[ReplacedStage, ...] = ()
    lost: tuple[LostStage, ...] = ()


def drop_layer(layers: Sequence[Layer], index: int, counts: Sequence[int | None]) -> ShortenedChain:
    """The layers without the one at `index`, as `rewire` does it.

    `counts` are the numbers of stages of the layers, None where that is not known: what counts past the first of these
    up to the dropped one is lost.
    """
    known = [count if count is not None else 1 for count in counts]
    unknown = next((n for n in range(index + 1) if counts[n] is None), None)
    lost: list[LostStage] = []
    kept = list(layers)
    if unknown is not None:
        limit = 1 + sum(known[:unknown])
        for later in range(index + 1, len(layers)):
            kept[later] = _drop_references(kept[later], limit, later - 1, lost)
    made = rewire(kept, LayerEdit("remove", index), known)
    return ShortenedChain(made.layers, made.replaced, tuple(lost))


def _drop_references(layer: Layer, limit: int, place: int, lost: list[LostStage]) -> Layer:
    """The layer without its references from stage `limit` on."""
    written = read_references(layer)
    start = written.start
    if start is not None and start >= limit:
        lost.append(LostStage(place, FROM, start))
        start = None
    lost += [LostStage(place, "stages", stage) for stage in written.joined if stage >= limit]
    return write_references(layer, References(start, tuple(stage for stage in written.joined if stage < limit)))


def list_drop_problems(chain: ShortenedChain, dropped: Text) -> list[tuple[int, Problem]]:
    """(index of the layer after the edit, what became of its references); `dropped` names the layer left out."""
    notes = [
        (one.layer, make_problem("stage_replaced", "layers", one.stage, severity="note", used=one.used))
        for one in chain.replaced
    ]
    errors = []
    for one in chain.lost:
        allowed = make_text("stage")
        problem = make_problem("lost_stage", one.field, one.stage, allowed, lost=dropped)
        errors.append((one.layer, add_ending(problem, make_text("part_dropped"))))
    return [*errors, *notes]
