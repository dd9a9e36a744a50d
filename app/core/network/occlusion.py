"""Occlusion: the score of a class while a gray square covers one part of the picture after the other.

The square is a window of h × w cells that moves by a stride of s × t cells, as that of a convolution without padding:
stop (r, q) covers the rows r·s … r·s + h − 1 and the columns q·t … q·t + w − 1 of all channels, and there are
⌊(H − h)/s⌋ + 1 times ⌊(W − w)/t⌋ + 1 stops. The square is laid on the input, stage 0, after the adjustments of the
link and before the preprocessing of the network, by the function that also covers for `adjust=cover`. Its value is that
of a gray of the picture, g/255 of white, with 0 black and 255 white.

At each stop the whole chain is computed, and what is kept is the score of one class: the number before the softmax at
the end, as a Trace of the covered picture has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps
from ..limits import NetworkLimits
from ..link.coerce import find_near_name
from ..link.syntax import parse_whole
from ..messages import join_names, quote_text
from ..ops.adjustment import STEPS, cover
from ..ops.geometry import Axis
from ..problems import Problem, make_problem
from ..scene import Pair
from ..texts import Text, make_text
from ..trace.plan import Plan
from .forward import Forward

MIDDLE_GRAY = 128
"""Of the 256 steps from black to white."""
MOST_STOPS = 4_096
LEAST_SCORES = 2
MOST_NAMED = 12
"""A sentence names so many classes at most."""
COPY_WORK = 8
"""About how many multiply-adds it is worth to copy a number of the input and to cover it."""

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Occlusion:
    """What is asked: the window and the stride of the square in cells (rows, columns), its gray and the class.

    `target` is the number of a class from 0, or its name; "" is the class that wins on the picture without the square.
    `place` is the first row and column of the only stop, and the stride then counts for nothing; None for all stops.
    """

    window: Pair = (8, 8)
    stride: Pair = (4, 4)
    gray: int = MIDDLE_GRAY
    target: str = ""
    place: Pair | None = None


@dataclass(frozen=True, slots=True, eq=False)
class OcclusionMap:
    """The answer: what the square does to a class at each of R × Q stops.

    `index` is the number of the class, `value` the number that lies in the covered cells. `score` and `scores` (R, Q)
    are those of the class before the softmax, without the square and at each stop; a low score says that the network
    needs what is covered there. `winner` and `winners` (R, Q) are the numbers of the classes with the largest score.
    `share` and `shares` (R, Q) are what the softmax at the end makes of the score of the class; None where the chain
    does not end in one. `class_scores` and `class_shares` (C,) are those of all classes at the only stop; None where
    there are more.
    """

    index: int
    value: float
    score: float
    scores: Maps
    winner: int
    winners: Indices
    share: float | None = None
    shares: Maps | None = None
    class_scores: Maps | None = None
    class_shares: Maps | None = None


def list_stops(occlusion: Occlusion, size: Pair) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(the top row of the square in each row of stops, the left column in each column) on an input of `size`."""
    if occlusion.place:
        return occlusion.place[:1], occlusion.place[1:]
    axes = zip(size, occlusion.window, occlusion.stride, strict=True)
    tops, lefts = (
        tuple(position * step for position in range(Axis(cells, window, step).positions))
        for cells, window, step in axes
    )
    return tops, lefts


def find_score_stage(plans: Sequence[Plan]) -> int | None:
    """The stage with the scores of the classes: the last one, or what a softmax at the end reads.

    None where a chain does not end so: it has to end in two or more numbers, each a map of one cell.
    """
    number = len(plans)
    if number and plans[-1].op.kind == "softmax":
        number = (plans[-1].reads or (number - 1,))[0]
    if number == 0:
        return None
    count, *size = plans[number - 1].shape
    return number if size == [1, 1] and count >= LEAST_SCORES else None


def find_class_names(plans: Sequence[Plan], stage: int) -> tuple[str, ...]:
    """The names of the classes at a stage, () where they have none; activations keep those of what they read."""
    while stage > 0:
        plan = plans[stage - 1]
        if plan.linear:
            return plan.linear.classes
        if plan.bank and plan.bank.has_class_names and plan.shape[1:] == (1, 1):
            return tuple(label for label in plan.bank.make().labels if isinstance(label, str))
        if plan.op.family != "activation":
            return ()
        stage = (plan.reads or (stage - 1,))[0]
    return ()


def find_class(target: str, names: Sequence[str], count: int) -> int | Problem | None:
    """The number of the class that is asked for, of `count`; None for the winner, a Problem for none of them.

    What can be read as a number is one. Names are compared without regard to case.
    """
    if not target:
        return None
    number = parse_whole(target)
    if number is not None and 0 <= number < count:
        return number
    folded = [name.casefold() for name in names]
    if number is None and target.casefold() in folded:
        return folded.index(target.casefold())
    near = find_near_name(target.casefold(), [name.casefold() for name in names]) if number is None else None
    hint = [make_text("near_name", used=names[folded.index(near)])] if near else []
    return make_problem("invalid_value", "class", quote_text(target), _describe_classes(names, count), *hint)


def _describe_classes(names: Sequence[str], count: int) -> Text:
    numbers = {"least": 0, "most": count - 1}
    if not names:
        return make_text("whole", **numbers)
    code = "class_or_name" if len(names) <= MOST_NAMED else "class_or_such_name"
    return make_text(code, names=join_names(names[:MOST_NAMED]), **numbers)


def find_occlusion_problem(
    occlusion: Occlusion, shape: Sequence[int], plans: Sequence[Plan], limits: NetworkLimits
) -> Problem | None:
    """What does not fit a chain on an input of `shape`: no scores, no such class, too large a window, too much work."""
    stage = find_score_stage(plans)
    if stage is None:
        channels, rows, columns = plans[-1].shape if plans else shape
        shown = f"{channels} × {rows} × {columns}"
        return make_problem("occlusion_scores", "layers", shown, make_text("occlusion_chain"))
    found = find_class(occlusion.target, find_class_names(plans, stage), plans[stage - 1].shape[0])
    if isinstance(found, Problem):
        return found
    rows, columns = shape[1:]
    if occlusion.window[0] > rows or occlusion.window[1] > columns:
        allowed = make_text("occlusion_sizes", rows=rows, columns=columns)
        return make_problem("occlusion_window", "window", "x".join(map(str, occlusion.window)), allowed)
    last = rows - occlusion.window[0], columns - occlusion.window[1]
    if occlusion.place and (occlusion.place[0] > last[0] or occlusion.place[1] > last[1]):
        allowed = make_text("occlusion_places", row=last[0], column=last[1])
        return make_problem("occlusion_place", "square", ",".join(map(str, occlusion.place)), allowed)
    stops = prod(map(len, list_stops(occlusion, (rows, columns))))
    if stops > MOST_STOPS:
        return make_problem("occlusion_stops", "stride", stops, make_text("at_most", most=MOST_STOPS))
    work = count_occlusion_work(occlusion, shape, plans)
    if work > limits.multiply_adds:
        return make_problem("occlusion_work", "multiply_adds", work, make_text("at_most", most=limits.multiply_adds))
    return None


def count_occlusion_work(occlusion: Occlusion, shape: Sequence[int], plans: Sequence[Plan]) -> int:
    """The multiply-adds of all stops together, with the picture without the square."""
    stops = prod(map(len, list_stops(occlusion, (shape[1], shape[2]))))
    return (stops + 1) * (sum(plan.work for plan in plans) + COPY_WORK * prod(shape))


def compute_occlusion(occlusion: Occlusion, x: Maps, forward: Forward) -> OcclusionMap:
    """The map of an input x (C, H, W) that `find_occlusion_problem` has nothing against.

    Each stop is computed by itself, and from the first layer on: a network that reads 32 × 32 cells takes 1 or 2 ms,
    and the preprocessing may depend on the whole picture.
    """
    stage, last = find_score_stage(forward.plans), len(forward.plans)
    if stage is None:
        raise ValueError("the chain does not end in scores")
    names, count = find_class_names(forward.plans, stage), forward.plans[stage - 1].shape[0]
    value = find_gray(occlusion.gray, forward.white)
    tops, lefts = list_stops(occlusion, (x.shape[1], x.shape[2]))
    plain = forward.run(x, (stage, last))
    chosen = find_class(occlusion.target, names, count)
    index = int(plain[stage].argmax()) if chosen is None else chosen
    if isinstance(index, Problem):
        raise ValueError(str(index.text))
    scores, shares = (np.empty((len(tops), len(lefts)), np.float32) for _ in range(2))
    winners = np.empty((len(tops), len(lefts)), np.int64)
    for row, top in enumerate(tops):
        for column, left in enumerate(lefts):
            covered = cover(x, (top, left, *occlusion.window), value)
            made = forward.run(covered, (stage, last))
            scores[row, column] = made[stage][index, 0, 0]
            shares[row, column] = made[last][index, 0, 0]
            winners[row, column] = made[stage].argmax()
    has_shares = last > stage
    return OcclusionMap(
        index,
        value,
        float(plain[stage][index, 0, 0]),
        scores,
        int(plain[stage].argmax()),
        winners,
        float(plain[last][index, 0, 0]) if has_shares else None,
        shares if has_shares else None,
        made[stage][:, 0, 0] if occlusion.place else None,
        made[last][:, 0, 0] if occlusion.place and has_shares else None,
    )


def find_gray(gray: int, white: float) -> float:
    """The value of a gray, of the 256 steps from 0 (black) to 255, in a picture where `white` is white."""
    return gray if white == STEPS else float(np.float32(gray) / np.float32(STEPS) * np.float32(white))
