"""Labelled pictures for training, and held-out ones for testing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SquareDecoder = Callable[[bytes, int], NDArray[np.uint8]]
"""Decodes a picture file to the square of a given side around its center, uint8 (3, side, side). Raises ValueError."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPictures:
    """Pictures of one size, uint8 (N, C, H, W), and the indices of their classes, int64 (N,).

    Raises ValueError where the shapes do not match.
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

    def take(self, indices: NDArray[Any] | slice) -> LabelledPictures:
        """Return the pictures at `indices`, in that order."""
        return LabelledPictures(self.pixels[indices], self.labels[indices])


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Pictures for training and for testing, and the names of the classes.

    Raises ValueError for an empty part and for a label without a name.
    """

    train: LabelledPictures
    test: LabelledPictures
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        for name, part in (("training", self.train), ("testing", self.test)):
            if not len(part):
                raise ValueError(f"There are no pictures for {name}.")
            if part.labels.min() < 0 or part.labels.max() >= len(self.classes):
                raise ValueError(
                    f"Labels are {part.labels.min()} to {part.labels.max()}; for {len(self.classes)} classes "
                    f"they can be 0 to {len(self.classes) - 1}."
                )

    @classmethod
    def split(cls, pictures: LabelledPictures, classes: tuple[str, ...]) -> Dataset:
        """Hold out a tenth for testing, always the same one, where the data has no test part."""
        order = np.random.default_rng(0).permutation(len(pictures))
        tenth = max(1, len(pictures) // 10)
        return cls(pictures.take(np.sort(order[tenth:])), pictures.take(np.sort(order[:tenth])), classes)
