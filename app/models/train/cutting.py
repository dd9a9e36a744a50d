"""Bytes into what a network reads: a batch cut out, mirrored by chance, brought to mean 0 and deviation 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from .pictures import Pictures
from .recipe import Recipe


@dataclass(frozen=True, slots=True)
class Scale:
    """x = (byte/255 − mean) / deviation, for each channel."""

    mean: tuple[float, ...]
    std: tuple[float, ...]

    @classmethod
    def of(cls, pictures: Pictures) -> Scale:
        """Of all pictures, to four digits: these stand in the description, and are what is computed with."""
        counts = [np.bincount(pictures.pixels[:, c].ravel(), minlength=256) for c in range(pictures.pixels.shape[1])]
        values = np.arange(256) / 255
        means = [float(count @ values / count.sum()) for count in counts]
        deviations = [
            float(np.sqrt(count @ (values - mean) ** 2 / count.sum()))
            for count, mean in zip(counts, means, strict=True)
        ]
        return cls(tuple(round(m, 4) for m in means), tuple(max(round(d, 4), 1e-4) for d in deviations))

    def apply(self, pixels: torch.Tensor) -> torch.Tensor:
        """uint8 (N, C, H, W) → float32."""
        mean = torch.tensor(self.mean).reshape(1, -1, 1, 1)
        std = torch.tensor(self.std).reshape(1, -1, 1, 1)
        return (pixels.float() / 255 - mean) / std


class Cutter:
    """All places of all pictures at which a window can be cut, without a copy of any."""

    def __init__(self, pictures: Pictures, recipe: Recipe, scale: Scale) -> None:
        pixels, s = pictures.pixels, recipe.shift
        if s:
            pixels = np.pad(pixels, ((0, 0), (0, 0), (s, s), (s, s)), mode="reflect")
        window = recipe.window
        self._windows = torch.from_numpy(pixels).unfold(2, window, 1).unfold(3, window, 1)
        self._labels = torch.from_numpy(pictures.labels)
        self._mirror = recipe.mirror
        self._scale = scale

    def batch(self, which: NDArray[np.int64], chance: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """These pictures, each cut at its own place, half of them mirrored; and their labels."""
        n = len(which)
        rows, columns = (torch.from_numpy(chance.integers(self._windows.shape[i], size=n)) for i in (2, 3))
        mirrored = torch.from_numpy(chance.random(n) < 0.5) & self._mirror
        cut = self._windows[torch.from_numpy(which), :, rows, columns]
        cut = torch.where(mirrored.reshape(-1, 1, 1, 1), cut.flip(3), cut)
        return self._scale.apply(cut), self._labels[torch.from_numpy(which)]
