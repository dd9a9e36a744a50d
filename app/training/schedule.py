"""The learning rate, batch and random numbers of a step, computed from its index alone, so that runs can resume."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .recipe import Recipe

WARMUP_SHARE = 0.25
"""Share of the steps in which the learning rate rises; then it falls."""


def count_epoch_steps(recipe: Recipe, pictures: int) -> int:
    """Count the full batches in one epoch, at least one."""
    return max(1, pictures // recipe.batch_size)


def compute_learning_rate(recipe: Recipe, step: int, steps: int) -> float:
    """Compute the one-cycle learning rate: linear from a tenth to the recipe's rate, then along a cosine to 0."""
    progress = step / max(1, steps)
    if progress < WARMUP_SHARE:
        return recipe.learning_rate * (0.1 + 0.9 * progress / WARMUP_SHARE)
    return recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * (progress - WARMUP_SHARE) / (1 - WARMUP_SHARE)))


def choose_batch(recipe: Recipe, step: int, pictures: int) -> NDArray[np.int64]:
    """Choose the indices of the pictures of a step; each epoch has its own order."""
    epoch, batch = divmod(step, count_epoch_steps(recipe, pictures))
    order = np.random.default_rng((recipe.seed, 0, epoch)).permutation(pictures)
    return order[batch * recipe.batch_size : (batch + 1) * recipe.batch_size]


def make_step_rng(recipe: Recipe, step: int) -> np.random.Generator:
    """Make the random generator for the augmentation of one step."""
    return np.random.default_rng((recipe.seed, 1, step))


def choose_film_steps(steps: int, count: int) -> list[int]:
    """Choose `count` steps for film frames, including the first and the last, closer together early.

    A run with fewer steps has fewer frames.
    """
    film_steps = [0]
    for i in range(1, min(count, steps + 1)):
        film_steps.append(max(film_steps[-1] + 1, round(steps * (i / (count - 1)) ** 2.5)))
    return [*film_steps[:-1], steps] if steps else film_steps
