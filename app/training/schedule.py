"""What a step does, from its number alone: so a run that was interrupted goes on as if it had not been."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .recipe import Recipe

WARMUP_SHARE = 0.25
"""The share of the run in which the learning rate rises; it falls in the rest."""


def count_epoch_steps(recipe: Recipe, pictures: int) -> int:
    """Full batches in one pass over the data, and at least one."""
    return max(1, pictures // recipe.batch)


def compute_learning_rate(recipe: Recipe, step: int, steps: int) -> float:
    """One cycle: from a tenth up to the recipe's rate in a straight line, down to 0 along a cosine."""
    done = step / max(1, steps)
    if done < WARMUP_SHARE:
        return recipe.rate * (0.1 + 0.9 * done / WARMUP_SHARE)
    return recipe.rate * 0.5 * (1 + math.cos(math.pi * (done - WARMUP_SHARE) / (1 - WARMUP_SHARE)))


def choose_batch(recipe: Recipe, step: int, pictures: int) -> NDArray[np.int64]:
    """Which pictures a step sees: each pass over the data shuffles them anew."""
    epoch, place = divmod(step, count_epoch_steps(recipe, pictures))
    order = np.random.default_rng((recipe.seed, 0, epoch)).permutation(pictures)
    return order[place * recipe.batch : (place + 1) * recipe.batch]


def make_step_rng(recipe: Recipe, step: int) -> np.random.Generator:
    """The dice for the cuts and mirrorings of one step."""
    return np.random.default_rng((recipe.seed, 1, step))


def choose_film_steps(steps: int, count: int) -> list[int]:
    """`count` steps at which the film is taken, the first and the last among them, close together early.

    Fewer where the whole run has fewer steps.
    """
    moments = [0]
    for i in range(1, min(count, steps + 1)):
        moments.append(max(moments[-1] + 1, round(steps * (i / (count - 1)) ** 2.5)))
    return [*moments[:-1], steps] if steps else moments
