"""Labelled pictures to learn from, and those held out to measure with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SquareDecoder = Callable[[bytes, int], NDArray[np.uint8]]
"""A picture file and a side to the square around its centre, uint8 (3, side, side). Raises ValueError."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPictures:
    """Pictures of one size, uint8 (N, C, H, W), and the number of each one's class, int64 (N,).

    Raises ValueError where the two do not belong together.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.pixels.ndim != 4 or self.pixels.dtype != np.uint8:
            raise ValueError(f"pictures are bytes (N, C, H, W), not {self.pixels.dtype} {self.pixels.shape}")
        if len(self.pixels) != len(self.labels):
            raise ValueError(f"there are {len(self.pixels)} pictures and {len(self.labels)} labels")

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, which: NDArray[Any] | slice) -> LabelledPictures:
        """Those pictures, in that order."""
        return LabelledPictures(self.pixels[which], self.labels[which])


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """What a model learns from (`train`), what it is measured on (`test`), and what the classes are called.

    Raises ValueError for an empty part and for a label without a name.
    """

    train: LabelledPictures
    test: LabelledPictures
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        for name, part in (("to learn from", self.train), ("to measure with", self.test)):
            if not len(part):
                raise ValueError(f"There are no pictures {name}.")
            if part.labels.min() < 0 or part.labels.max() >= len(self.classes):
                raise ValueError(
                    f"Labels run from {part.labels.min()} to {part.labels.max()}; {len(self.classes)} classes "
                    f"have the numbers 0 to {len(self.classes) - 1}."
                )

    @classmethod
    def held_out(cls, pictures: LabelledPictures, classes: tuple[str, ...]) -> Dataset:
        """One tenth is held out, always the same one, where the data names no test part of its own."""
        order = np.random.default_rng(0).permutation(len(pictures))
        tenth = max(1, len(pictures) // 10)
        return cls(pictures.take(np.sort(order[tenth:])), pictures.take(np.sort(order[:tenth])), classes)
