"""What the view of a whole network draws: its columns, how they hang together, and which maps stand in each.

All of it follows from facts that every stage has (kind, shape, what it reads) and from the numbers of the maps; a page
can find it from a Trace in the same way. The laws:

* **Columns.** The input is one column. The preprocessing of a model belongs to the column of what it reads, if nothing
  else reads that, and is not drawn there. A stage that changes numbers place by place (an activation, a normalization,
  a dropout) belongs to the column of what it reads, if nothing else reads that, and unless that is the input: a
  convolution and its ReLU are one column, which opens. Every other stage is a column.
* **The end.** Where the last stage has one cell a map, the stages with one cell a map that lead to it one after the
  other are no columns of maps. The last of them with weights, or before a softmax, has the scores: it is the `bars`
  with all that follows; those before it are the `bracket`.
* **Places.** A column stands one step to the right of the farthest that it reads; of several at one step the first
  stands in lane 0, the next in lane 1, and so on.
* **Maps.** Of each column at most so many maps are drawn, the strongest: those with the largest magnitude of any cell,
  of equal ones the first, in the order of their numbers. A column that is made map by map from one other draws the maps
  of that one, so that a map and its pool stand in one row.
* **Folds.** Where there are more columns than a picture takes, equal blocks that follow one another are drawn once: as
  many columns as can be hidden at once, again and again. Columns are equal where their stages have the same operations,
  options and shapes, and read what stands as many columns before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..arrays import Maps, Shape
from ..trace.plan import Plan
from ..trace.trace import Trace

MOST_DRAWN = 9
"""Maps of a column, unless more are asked for."""
MOST_COLUMNS = 14
"""Columns of a picture; with more, equal blocks fold."""
MOST_BLOCK = 32
"""Columns of a block that folds."""
CELLWISE_KINDS = frozenset(("pointwise", "batchnorm", "lrn", "dropout"))
"""Kinds of steps that change numbers place by place."""
WEIGHTED_KINDS = frozenset(("conv", "linear"))
OWN_NUMBERS = frozenset(("from", "seed", "bias", "mean", "var", "weight"))
"""Options in which equal layers may differ: what they read, and their weights."""

ColumnKind = Literal["picture", "maps", "bracket", "bars"]


@dataclass(frozen=True, slots=True)
class NetworkStage:
    """What the columns need to know of a stage: `words` are its layer as text, alike for equal layers."""

    number: int
    kind: str
    shape: Shape
    reads: tuple[int, ...]
    is_map_by_map: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class NetworkColumn:
    """One column: the numbers of its `stages` in order; the maps of the stage `shown` are drawn.

    `reads` are the indices of the columns that it is made from. `step` counts from the left, `lane` from the top. Of a
    `bracket` and of `bars`, `stages` follow one another from the maps to the answer.
    """

    kind: ColumnKind
    stages: tuple[int, ...]
    shown: int
    shape: Shape
    reads: tuple[int, ...] = ()
    step: int = 0
    lane: int = 0


@dataclass(frozen=True, slots=True)
class BlockFold:
    """`times` equal blocks of `length` columns from the column `first` on, of which the first block is drawn."""

    first: int
    length: int
    times: int

    @property
    def hidden(self) -> range:
        """The columns that are not drawn."""
        return range(self.first + self.length, self.first + self.length * self.times)


def list_trace_stages(trace: Trace) -> tuple[NetworkStage, ...]:
    """The stages of a Trace."""
    made = []
    for stage in trace.stages:
        info, capabilities = stage.info, stage.info.operation.capabilities
        words = _write_layer(stage.plan) if stage.plan else ""
        made.append(
            NetworkStage(info.index, info.operation.kind, info.shape, info.reads, "map_by_map" in capabilities, words)
        )
    return tuple(made)


def list_planned_stages(shape: Shape, plans: Sequence[Plan]) -> tuple[NetworkStage, ...]:
    """The stages of a chain that is planned and not computed, on an input of `shape`."""
    made = [NetworkStage(0, "input", shape, ())]
    for number, plan in enumerate(plans, 1):
        words = _write_layer(plan)
        is_map_by_map = "map_by_map" in plan.op.capabilities
        made.append(NetworkStage(number, plan.op.kind, plan.shape, plan.reads or (number - 1,), is_map_by_map, words))
    return tuple(made)


def _write_layer(plan: Plan) -> str:
    """The layer as text, without its weights and the numbers of the stages that it reads."""
    head = "" if plan.op.join or plan.op.kind in WEIGHTED_KINDS else str(plan.layer.head)
    kernel = plan.bank.kernel_size if plan.bank else ""
    options = [(name, value) for name, value in plan.layer.options if name not in OWN_NUMBERS]
    return f"{plan.op.name} {head} {kernel} {options}"


def make_columns(stages: Sequence[NetworkStage]) -> tuple[NetworkColumn, ...]:
    """The columns of a network, in the order of their stages."""
    groups = _group_stages(stages)
    column_of = {number: index for index, (_, numbers) in enumerate(groups) for number in numbers}
    columns: list[NetworkColumn] = []
    lanes: dict[int, int] = {}
    for index, (kind, numbers) in enumerate(groups):
        reads = tuple(
            dict.fromkeys(
                column_of[read] for number in numbers for read in stages[number].reads if column_of[read] != index
            )
        )
        step = 1 + max((columns[read].step for read in reads), default=-1)
        shown = [number for number in numbers if stages[number].kind != "prepare"][-1]
        columns.append(NetworkColumn(kind, numbers, shown, stages[shown].shape, reads, step, lanes.get(step, 0)))
        lanes[step] = lanes.get(step, 0) + 1
    return tuple(columns)


def _group_stages(stages: Sequence[NetworkStage]) -> list[tuple[ColumnKind, tuple[int, ...]]]:
    """The stages of each column, with its kind."""
    readers = _count_readers(stages)
    end = _find_end(stages, readers)
    groups: list[tuple[ColumnKind, list[int]]] = [("picture", [0])]
    place = {0: 0}
    for stage in stages[1:]:
        if stage.number in end:
            break
        read = stage.reads[0]
        is_alone = len(stage.reads) == 1 and readers[read] == 1
        is_cellwise = stage.kind in CELLWISE_KINDS and groups[place[read]][0] != "picture"
        joins = stage.kind == "prepare" or is_cellwise
        if is_alone and joins:
            groups[place[read]][1].append(stage.number)
            place[stage.number] = place[read]
        else:
            place[stage.number] = len(groups)
            groups.append(("maps", [stage.number]))
    first = _find_scores(stages, end)
    if end and first > end[0]:
        groups.append(("bracket", list(range(end[0], first))))
    if end:
        groups.append(("bars", list(range(first, end[-1] + 1))))
    return [(kind, tuple(numbers)) for kind, numbers in groups]


def _count_readers(stages: Sequence[NetworkStage]) -> list[int]:
    counts = [0] * len(stages)
    for stage in stages:
        for read in stage.reads:
            counts[read] += 1
    return counts


def _find_end(stages: Sequence[NetworkStage], readers: Sequence[int]) -> range:
    """The stages with one cell a map that lead to the last one, one after the other; none where it has maps."""
    first = len(stages)
    while first > 1:
        stage = stages[first - 1]
        is_next = first == len(stages) or (readers[first - 1] == 1 and stages[first].reads == (first - 1,))
        if stage.shape[1:] != (1, 1) or len(stage.reads) != 1 or not is_next or stage.kind == "prepare":
            break
        first -= 1
    return range(first, len(stages))


def _find_scores(stages: Sequence[NetworkStage], end: range) -> int:
    """The stage of the scores: before a softmax at the end, else the last with weights, else the last."""
    if not end:
        return len(stages)
    last = end[-1]
    if stages[last].kind == "softmax":
        return max(last - 1, end[0])
    return next((number for number in reversed(end) if stages[number].kind in WEIGHTED_KINDS), last)


def find_strongest_maps(maps: Maps, count: int = MOST_DRAWN) -> tuple[int, ...]:
    """At most `count` maps of (C, H, W) with the largest magnitude of any cell, in the order of their numbers."""
    strength = np.abs(maps.reshape(len(maps), -1)).max(axis=1)
    chosen = np.argsort(-strength, kind="stable")[:count]
    return tuple(sorted(int(map) for map in chosen))


def choose_maps(
    trace: Trace, columns: Sequence[NetworkColumn], count: int = MOST_DRAWN, more: Sequence[int] = ()
) -> tuple[tuple[int, ...], ...]:
    """The maps that are drawn of each column, all of those in `more`; none of a bracket, the picture and bars have all.

    "9 of 64 drawn" is the length of an entry, and the number of maps in the shape of its column.
    """
    stages = list_trace_stages(trace)
    chosen: list[tuple[int, ...]] = []
    for index, column in enumerate(columns):
        everything = tuple(range(column.shape[0]))
        before = columns[column.reads[0]] if len(column.reads) == 1 else None
        follows = before and before.kind == "maps" and before.shape[0] == column.shape[0]
        if column.kind in ("picture", "bars"):
            chosen.append(everything)
        elif column.kind == "bracket":
            chosen.append(())
        elif index in more:
            chosen.append(everything)
        elif follows and all(stages[number].is_map_by_map for number in column.stages):
            chosen.append(chosen[column.reads[0]])
        else:
            chosen.append(find_strongest_maps(trace.stages[column.shown].output, count))
    return tuple(chosen)


def find_folds(
    stages: Sequence[NetworkStage], columns: Sequence[NetworkColumn], most: int = MOST_COLUMNS
) -> tuple[BlockFold, ...]:
    """The blocks that fold so that at most so many columns are left, or as few as there can be; none overlap."""
    known: dict[tuple[object, ...], int] = {}
    signatures = [known.setdefault(_describe(stages, columns, i), len(known)) for i in range(len(columns))]
    folds: list[BlockFold] = []
    taken: set[int] = set()
    while len(columns) - sum(len(fold.hidden) for fold in folds) > most:
        found = _find_longest_fold(signatures, taken)
        if found is None:
            break
        folds.append(found)
        taken |= set(range(found.first, found.first + found.length * found.times))
    return tuple(sorted(folds, key=lambda fold: fold.first))


def _describe(stages: Sequence[NetworkStage], columns: Sequence[NetworkColumn], index: int) -> tuple[object, ...]:
    """What makes columns equal; a column of the input, a bracket and bars equal no other."""
    column = columns[index]
    if column.kind != "maps":
        return (index,)
    layers = tuple(stages[number].words for number in column.stages)
    return layers, column.shape, tuple((index - read, columns[read].shape) for read in column.reads)


def _find_longest_fold(signatures: Sequence[int], taken: set[int]) -> BlockFold | None:
    """The fold that hides most columns, of equal ones the one of the shortest block and of these the first."""
    best: BlockFold | None = None
    count = len(signatures)
    for length in range(1, min(count // 2, MOST_BLOCK) + 1):
        for first in range(count - 2 * length + 1):
            times = 1
            while (
                first + length * (times + 1) <= count
                and signatures[first : first + length]
                == signatures[first + length * times : first + length * (times + 1)]
            ):
                times += 1
            found = BlockFold(first, length, times)
            is_free = not taken & set(range(first, first + length * times))
            if times > 1 and is_free and (best is None or len(found.hidden) > len(best.hidden)):
                best = found
    return best


def fold_columns(columns: Sequence[NetworkColumn], folds: Sequence[BlockFold]) -> tuple[NetworkColumn | None, ...]:
    """The columns with the steps that are left when blocks fold; None for those that are not drawn."""
    hidden = {index for fold in folds for index in fold.hidden}
    left = sorted({column.step for index, column in enumerate(columns) if index not in hidden})
    place = {step: number for number, step in enumerate(left)}
    return tuple(
        None if index in hidden else replace(column, step=place[column.step]) for index, column in enumerate(columns)
    )
