"""Sweeps: the response of one cell while one adjustment of the picture runs through values, as a tuning curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import prod

from ..core.limits import NetworkLimits
from ..core.messages import make_range, quote_text
from ..core.problems import Problem, make_problem
from ..core.scene import Adjustments, Pair, Scene, parse_number
from ..core.texts import make_text
from ..core.trace.plan import Plan
from ..core.trace.trace import Trace

SWEEPS = ("turn", "down", "right")
"""What can run: the angle in degrees, or one direction of the shift in cells."""
QUARTER_TURN, HALF_TURN, TURN_STEP, CELLS = 90, 180, 5, 8
ADJUST_WORK = 64
"""About how many multiply-adds the adjustments of one number of the input are worth."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """What is measured: the cell `at` of a map of a stage, for None the largest of the map, at each of the `values`.

    `kind` is one of SWEEPS. A value is degrees or cells; it takes the place of what the Scene says of it, and all other
    adjustments stay.
    """

    kind: str
    values: tuple[int, ...]
    stage: int = 1
    map: int = 0
    at: Pair | None = None


def set_value(scene: Scene, kind: str, value: int) -> Scene:
    """The Scene with one value of a sweep in place of its own."""
    adjust = scene.adjust or Adjustments()
    down, right = adjust.shift
    changes: dict[str, Adjustments] = {
        "turn": replace(adjust, turn=str(value)),
        "down": replace(adjust, shift=(value, right)),
        "right": replace(adjust, shift=(down, value)),
    }
    changed = changes[kind]
    return replace(scene, adjust=None if changed == Adjustments() else changed)


def list_values(kind: str, now: float) -> tuple[int, ...]:
    """The values of a curve around the one that a picture has: every 5 degrees, or every cell.

    A quarter turn or 8 cells to both sides, or as far as `now` lies; half a turn at most.
    """
    if kind == "turn":
        ends = HALF_TURN if abs(now) > QUARTER_TURN else QUARTER_TURN
        return tuple(range(-ends, ends + 1, TURN_STEP))
    ends = max(CELLS, round(abs(now)))
    return tuple(range(-ends, ends + 1))


def read_value(scene: Scene, kind: str) -> float:
    """The value of a sweep that the picture has now, in degrees or cells."""
    adjust = scene.adjust or Adjustments()
    if kind == "turn":
        return float(parse_number(adjust.turn))
    return adjust.shift[SWEEPS.index(kind) - 1]


def measure_responses(sweep: Sweep, scene: Scene, compute: Callable[[Scene], Trace]) -> tuple[float, ...]:
    """The response at each value, by computing the whole figure with each."""
    found = []
    for value in sweep.values:
        output = compute(set_value(scene, sweep.kind, value)).stages[sweep.stage].output[sweep.map]
        found.append(float(output.max() if sweep.at is None else output[sweep.at]))
    return tuple(found)


def find_sweep_problem(
    sweep: Sweep, shape: Sequence[int], plans: Sequence[Plan], limits: NetworkLimits
) -> Problem | None:
    """The first stage, map or cell that a chain on an input of `shape` lacks, or the limit of work, if exceeded."""
    shapes = (tuple(shape), *(plan.shape for plan in plans))
    if sweep.stage >= len(shapes):
        allowed = make_range(0, len(shapes) - 1)
        return make_problem("network_stage", "stage", sweep.stage, allowed)
    maps, rows, columns = shapes[sweep.stage]
    if sweep.map >= maps:
        allowed = make_range(0, maps - 1)
        return make_problem("sweep_map", "map", sweep.map, allowed, stage=sweep.stage)
    if sweep.at and (sweep.at[0] >= rows or sweep.at[1] >= columns):
        allowed = make_text(
            "sweep_cells",
            rows=make_text("range", least=0, most=rows - 1) if rows > 1 else "0",
            columns=make_text("range", least=0, most=columns - 1) if columns > 1 else "0",
        )
        text = quote_text(",".join(map(str, sweep.at)))
        return make_problem("sweep_cell", "at", text, allowed, stage=sweep.stage)
    work = count_sweep_work(sweep, shape, plans)
    if work > limits.multiply_adds:
        return make_problem("sweep_work", "multiply_adds", work, make_text("at_most", most=limits.multiply_adds))
    return None


def count_sweep_work(sweep: Sweep, shape: Sequence[int], plans: Sequence[Plan]) -> int:
    """The multiply-adds of all values together."""
    once = sum(plan.work for plan in plans[: sweep.stage]) + ADJUST_WORK * prod(shape)
    return once * len(sweep.values)
