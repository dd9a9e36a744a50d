"""The story of a stage: what each press of a clicker shows, from the first window to the whole map.

`static/pure/story/story.js` is the same in JavaScript, and `tests/golden/stories.json` holds both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..arrays import Maps
from ..scene import Pair
from ..trace.trace import Stage, Trace, get_read
from .beats import list_beats


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One press: the map, the cell and the beat that it shows, and the code of its line of words.

    With `is_whole` the whole map is written, else the cells up to this one.
    """

    line: str
    map: int
    cell: Pair
    beat: str
    is_whole: bool = False


def list_story(trace: Trace, index: int) -> tuple[StoryStep, ...]:
    """List the presses that tell a stage, at least one. None shows what the one before it showed, so that small maps
    have fewer. The map is the winner of scores and shares, else the first.
    """
    stage = trace.stages[index]
    before = get_read(trace, stage)
    map = stage.salient_map or 0
    operation = stage.info.operation
    is_function = {"one_place", "map_by_map"} <= {*operation.capabilities}
    match "pointwise" if is_function else operation.kind:
        case "conv" if stage.plan and stage.plan.transposed:
            steps = _tell_transposed(stage)
        case "conv":
            steps = _tell_convolution(stage)
        case "pool":
            steps = _tell_pooling(stage)
        case "pointwise":
            steps = _tell_activation(stage, before)
        case "linear":
            steps = iter([StoryStep(f"linear_{beat}", map, (0, 0), beat) for beat in ("products", "bias", "write")])
        case "softmax":
            steps = iter([StoryStep(f"softmax_{beat}", map, (0, 0), beat) for beat in ("products", "sum", "write")])
        case "join":
            steps = iter(
                [
                    StoryStep("join_window", map, (0, 0), "window"),
                    StoryStep("join_write", map, (0, 0), "write"),
                    StoryStep("join_map", map, *_end(stage)),
                ]
            )
        case "input":
            steps = iter([StoryStep("input", map, (0, 0), "write")])
        case _:
            steps = iter([StoryStep("other_window", map, (0, 0), "window"), StoryStep("other_map", map, *_end(stage))])
    return tuple(_drop_repeated(steps))


def _tell_convolution(stage: Stage) -> Iterator[StoryStep]:
    maps, rows, columns = stage.output.shape
    beats = list_beats(stage)
    products, result = beats[beats.index("sum") - 1], "bias" if "bias" in beats else "sum"
    yield StoryStep("conv_window", 0, (0, 0), "window")
    yield StoryStep("conv_products", 0, (0, 0), products)
    yield StoryStep("conv_sum", 0, (0, 0), result)
    yield StoryStep("conv_written", 0, (0, 0), "write")
    if rows * columns > 1:
        second = (0, 1) if columns > 1 else (1, 0)
        yield StoryStep("conv_next", 0, second, products)
        yield StoryStep("conv_next_written", 0, second, "write")
        yield StoryStep("conv_row", 0, (0, columns - 1), "write")
        if rows > 1 and columns > 1:
            yield StoryStep("conv_next_row", 0, (1, 0), "write")
        yield StoryStep("conv_map", 0, *_end(stage))
    for map in dict.fromkeys((1, maps - 1)) if maps > 1 else ():
        yield StoryStep("conv_all_maps" if map == maps - 1 else "conv_other_map", map, *_end(stage))
    if rows * columns > 1:
        yield StoryStep("conv_highest", 0, _find_lowest(-stage.output[0]), "write", True)
        yield StoryStep("conv_lowest", 0, _find_lowest(stage.output[0]), "write", True)
    yield StoryStep("conv_end", 0, *_end(stage))


def _tell_transposed(stage: Stage) -> Iterator[StoryStep]:
    beats = list_beats(stage)
    yield StoryStep("transposed_products", 0, (0, 0), beats[beats.index("sum") - 1])
    yield StoryStep("transposed_written", 0, (0, 0), "write")
    yield StoryStep("transposed_map", 0, *_end(stage))


def _tell_pooling(stage: Stage) -> Iterator[StoryStep]:
    columns = stage.output.shape[2]
    yield StoryStep("pool_window", 0, (0, 0), "window")
    yield StoryStep("pool_result", 0, (0, 0), "write")
    yield StoryStep("pool_row", 0, (0, columns - 1), "write")
    yield StoryStep("pool_map", 0, *_end(stage))


def _tell_activation(stage: Stage, before: Stage) -> Iterator[StoryStep]:
    values = before.output[0]
    yield StoryStep("pointwise_low", 0, _find_lowest(values), "write")
    yield StoryStep("pointwise_high", 0, _find_lowest(-values), "write")
    yield StoryStep("pointwise_map", 0, *_end(stage))


def _end(stage: Stage) -> tuple[Pair, str, bool]:
    """The last cell of a map, written, with all before it."""
    _, rows, columns = stage.output.shape
    return (rows - 1, columns - 1), "write", True


def _find_lowest(values: Maps) -> Pair:
    """The first of the lowest cells of a map, (row, column)."""
    row, column = divmod(int(values.argmin()), values.shape[-1])
    return row, column


def _drop_repeated(steps: Iterator[StoryStep]) -> Iterator[StoryStep]:
    """Leave out each step that shows what the one before it showed, but for the last, which ends the story."""
    shown: tuple[object, ...] = ()
    for step in steps:
        now = (step.map, step.cell, step.beat)
        if now != shown or step.line == "conv_end":
            yield step
        shown = now
