"""A network as columns from the picture to the scores: which stages share a column, and which of its maps are drawn.

`static/pure/tabs/network/network-columns.js` is the same in JavaScript, and tests/browser/pure/test_network_twins.py
holds both to each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from ..arrays import Shape
from ..scene import Planes
from ..trace.trace import Stage, Trace, find_readers, get_read

ColumnKind = Literal["picture", "maps", "values", "scores"]
"""`picture`: the input, with a preprocessing that keeps its cells; `maps`: stages with maps; `values`: a line of single
numbers; `scores`: the numbers that the network ends with."""
MOST_SCORES = 10
"""The most scores that have a line each."""


@dataclass(frozen=True, slots=True)
class NetworkColumn:
    """A column of a network.

    `stages` are all that share it, in their order, and `shown` is the one whose maps are drawn: the last of them.
    `depth` is one more than the deepest column that it reads, `reads` are these. `template` is the shape of the weights
    as a picture where each number compares the whole picture with weights of its own, else None. `repeats` counts the
    columns that were folded into this one.
    """

    kind: ColumnKind
    stages: tuple[int, ...]
    shown: int
    depth: int
    reads: tuple[int, ...]
    template: Shape | None = None
    repeats: int = 1


def list_columns(trace: Trace) -> tuple[NetworkColumn, ...]:
    """List the columns of a network, in the order of their stages.

    A stage shares the column of the one that it reads, where nothing else reads that one, if it changes each map by
    itself and keeps its shape, as an activation does; a preprocessing belongs to its picture, a flattening to the layer
    behind it, and softmax to the scores.
    """
    columns: list[NetworkColumn] = []
    column_of: dict[int, int] = {}
    waiting: list[int] = []
    for stage in trace.stages:
        info = stage.info
        if info.operation.kind == "flatten" and len(find_readers(trace, info.index)) == 1:
            waiting.append(info.index)
            column_of[info.index] = column_of[info.reads[0]]
            continue
        read = trace.stages[info.reads[0]] if len(info.reads) == 1 else None
        if read is not None:
            before = columns[column_of[read.info.index]]
            is_alone = len(find_readers(trace, read.info.index)) == 1
            if before.shown == read.info.index and is_alone and _joins(stage, read):
                place = columns.index(before)
                columns[place] = replace(before, stages=(*before.stages, info.index), shown=info.index)
                column_of[info.index] = place
                continue
        reads = tuple(dict.fromkeys(column_of[index] for index in info.reads))
        column_of[info.index] = len(columns)
        own = [index for index in waiting if index in info.reads]
        waiting = [index for index in waiting if index not in own]
        columns.append(
            NetworkColumn(
                _find_kind(stage),
                (*own, info.index),
                info.index,
                max((columns[index].depth + 1 for index in reads), default=0),
                reads,
                _find_template(trace, stage, columns[reads[0]] if len(reads) == 1 else None),
            )
        )
    last = columns[-1]
    if last.kind == "values" and len(trace.stages[last.shown].output) > 1:
        columns[-1] = replace(last, kind="scores")
    return tuple(
        replace(column, kind="maps") if column.kind == "values" and column.template else column for column in columns
    )


def _joins(stage: Stage, read: Stage) -> bool:
    """Whether a stage shares the column of the one that it reads."""
    kind, capabilities = stage.info.operation.kind, stage.info.operation.capabilities
    if kind == "softmax":
        return read.output.shape[1:] == (1, 1)
    is_same = stage.output.shape == read.output.shape
    if kind == "prepare":
        return read.info.operation.kind == "input" and is_same
    slides = stage.geometry is not None
    return is_same and read.info.operation.kind != "input" and "map_by_map" in capabilities and not slides


def _find_kind(stage: Stage) -> ColumnKind:
    if stage.info.operation.kind == "input":
        return "picture"
    return "values" if stage.output.shape[1:] == (1, 1) else "maps"


def _find_template(trace: Trace, stage: Stage, read: NetworkColumn | None) -> Shape | None:
    if stage.info.operation.kind != "linear" or stage.weight is None or read is None or read.kind != "picture":
        return None
    channels, rows, columns = find_before_flattening(trace, stage).output.shape
    return (channels, rows, columns) if rows * columns > 1 else None


def find_before_flattening(trace: Trace, stage: Stage) -> Stage:
    """Find the maps that a stage reads, before they were flattened."""
    read = get_read(trace, stage)
    while read.info.operation.kind == "flatten":
        read = get_read(trace, read)
    return read


def get_work(trace: Trace, column: NetworkColumn) -> Stage:
    """Get the stage of a column that has its weights, or else does its work."""
    stages = [trace.stages[index] for index in column.stages]
    return next((stage for stage in stages if stage.info.operation.kind != "flatten"), trace.stages[column.shown])


def find_column(columns: Sequence[NetworkColumn], stage: int) -> NetworkColumn:
    """Find the column that a stage stands in; that of a stage which is in none is the last."""
    return next((column for column in columns if stage in column.stages), columns[-1])


def measure_strength(stage: Stage, map: int) -> float:
    """Measure how strong a map is: its largest magnitude."""
    least, most = stage.ranges[map]
    return max(abs(least), abs(most))


def choose_maps(
    trace: Trace, columns: Sequence[NetworkColumn], room: Sequence[int], chosen: tuple[int, int] | None
) -> tuple[tuple[int, ...], ...]:
    """Choose the maps of each column that are drawn, by their numbers, where it has `room` for so many.

    All where there is room, else the strongest, of equal ones the first; a column that changes each map by itself draws
    the maps of the column before it. The `chosen` (stage, map) is always among them, in place of the weakest.
    """
    drawn: list[tuple[int, ...]] = []
    chosen_column = find_column(columns, chosen[0]) if chosen else None
    for column, most in zip(columns, room, strict=True):
        stage = trace.stages[column.shown]
        count = len(stage.output)
        before = drawn[column.reads[0]] if len(column.reads) == 1 else ()
        is_single = "map_by_map" in get_work(trace, column).info.operation.capabilities and bool(before)
        if count <= most:
            taken = tuple(range(count))
        elif is_single and columns[column.reads[0]].kind == "maps" and len(before) <= most:
            taken = before
        else:
            order = sorted(range(count), key=lambda map, stage=stage: (-measure_strength(stage, map), map))  # type: ignore[misc]
            taken = tuple(sorted(order[:most]))
        if chosen and column is chosen_column and len(taken) < count and chosen[1] not in taken and taken:
            weakest = min(taken, key=lambda map, stage=stage: measure_strength(stage, map))  # type: ignore[misc]
            taken = tuple(sorted({*taken, chosen[1]} - {weakest}))
        drawn.append(taken)
    return tuple(drawn)


def fold_columns(trace: Trace, columns: tuple[NetworkColumn, ...], most: int) -> tuple[NetworkColumn, ...]:
    """Fold columns until no more than `most` stand side by side, or none can be folded.

    The longest run of neighbors whose maps have one shape is folded first, as the repeated blocks of a deep network,
    then the pair of neighbors with the fewest layers. A folded column draws the maps of its last layer.
    """
    while max(column.depth for column in columns) + 1 > most:
        run = _find_longest_run(trace, columns) or _find_shortest_pair(columns)
        if run is None:
            return columns
        columns = _fold_run(columns, *run)
    return columns


def _find_longest_run(trace: Trace, columns: tuple[NetworkColumn, ...]) -> tuple[int, int] | None:
    longest: tuple[int, int] | None = None
    first = 0
    for index in range(1, len(columns) + 1):
        head = columns[first]
        if index < len(columns):
            column = columns[index]
            shapes = {trace.stages[one.shown].output.shape for one in (head, column)}
            stays = all(read >= first or read in head.reads[:1] for read in column.reads)
            if column.kind == head.kind == "maps" and len(shapes) == 1 and stays:
                continue
        if index - 1 > first and (longest is None or index - 1 - first > longest[1] - longest[0]):
            longest = first, index - 1
        first = index
    return longest


def _find_shortest_pair(columns: tuple[NetworkColumn, ...]) -> tuple[int, int] | None:
    """Find the first of the pairs with the fewest layers, of which nothing else reads the first column."""
    shortest: tuple[int, int] | None = None
    fewest = len(columns) * max(column.repeats for column in columns) + 1
    for index, (one, other) in enumerate(pairwise(columns)):
        readers = [column for column in columns if index in column.reads]
        is_chain = readers == [other] and other.reads == (index,)
        count = one.repeats + other.repeats
        if one.kind == other.kind == "maps" and is_chain and count < fewest:
            shortest, fewest = (index, index + 1), count
    return shortest


def order_scores(trace: Trace, press: int | None) -> list[int]:
    """Order the classes that a network ends with for their bars: the largest first, of equal ones the first class.

    By class while the presses are used, and for typed numbers, as a drawing is: then bars keep their places. Of more
    scores than have lines, always the largest first. `static/pure/tabs/network/score-order.js` is the same.
    """
    values = trace.stages[-1].output[:, 0, 0].astype(float).tolist()
    if len(values) <= MOST_SCORES and (press is not None or isinstance(trace.scene.shown_image, Planes)):
        return list(range(len(values)))
    return sorted(range(len(values)), key=lambda map: (-values[map], map))


def _fold_run(columns: tuple[NetworkColumn, ...], first: int, last: int) -> tuple[NetworkColumn, ...]:
    run = columns[first : last + 1]
    made = replace(
        run[0],
        stages=tuple(stage for column in run for stage in column.stages),
        shown=run[-1].shown,
        repeats=sum(column.repeats for column in run),
    )

    def place(index: int) -> int:
        return index if index < first else first if index <= last else index - (last - first)

    folded: list[NetworkColumn] = []
    for index, column in enumerate((*columns[:first], made, *columns[last + 1 :])):
        reads = column.reads
        if index > first:
            reads = tuple(dict.fromkeys(place(read) for read in reads if place(read) < index))
        depth = max((folded[read].depth + 1 for read in reads), default=0)
        folded.append(replace(column, reads=reads, depth=depth))
    return tuple(folded)
