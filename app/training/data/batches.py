"""Bytes into what a network reads: a batch cut out, mirrored by chance, brought to mean 0 and deviation 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from ..recipe import Recipe
from .labelled_pictures import LabelledPictures


@dataclass(frozen=True, slots=True)
class Standardization:
    """x = (byte/255 − mean) / deviation, for each channel."""

    mean: tuple[float, ...]
    std: tuple[float, ...]

    @classmethod
    def of(cls, pictures: LabelledPictures) -> Standardization:
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


class BatchSampler:
    """Cuts windows out of pictures, without a copy of any beforehand."""

    def __init__(self, pictures: LabelledPictures, recipe: Recipe, scale: Standardization) -> None:
        pixels, s = pictures.pixels, recipe.shift
        if s:
            pixels = np.pad(pixels, ((0, 0), (0, 0), (s, s), (s, s)), mode="reflect")
        self._pixels = torch.from_numpy(pixels)
        self._labels = torch.from_numpy(pictures.labels)
        self._recipe = recipe
        self._scale = scale

    def batch(self, which: NDArray[np.int64], chance: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """These pictures, each cut, turned, mirrored and lit by chance as the recipe says; and their labels."""
        recipe, n = self._recipe, len(which)
        chosen = torch.from_numpy(which)
        cut = self._turned(chosen, chance) if recipe.turn else self._upright(chosen, chance)
        mirrored = torch.from_numpy(chance.random(n) < 0.5) & recipe.mirror
        cut = torch.where(mirrored.reshape(-1, 1, 1, 1), cut.flip(3), cut)
        scaled = self._scale.apply(cut)
        if recipe.gray:
            drained = torch.from_numpy(chance.random(n) < recipe.gray).reshape(-1, 1, 1, 1)
            scaled = torch.where(drained, scaled.mean(1, keepdim=True), scaled)
        if recipe.light:
            light = chance.normal(0, recipe.light, (n, cut.shape[1], 1, 1))
            scaled = scaled + torch.from_numpy(light.astype(np.float32))
        return scaled, self._labels[chosen]

    def _upright(self, chosen: torch.Tensor, chance: np.random.Generator) -> torch.Tensor:
        """Bytes, from a view of all places at which a window can lie."""
        window = self._recipe.window
        windows = self._pixels.unfold(2, window, 1).unfold(3, window, 1)
        rows, columns = (torch.from_numpy(chance.integers(windows.shape[i], size=len(chosen))) for i in (2, 3))
        return windows[chosen, :, rows, columns]

    def _turned(self, chosen: torch.Tensor, chance: np.random.Generator) -> torch.Tensor:
        """Between four pixels by their distances; beyond the edge, the mirror image goes on."""
        n, window, whole = len(chosen), self._recipe.window, self._pixels.shape[3]
        angle = np.deg2rad(chance.uniform(-self._recipe.turn, self._recipe.turn, n))
        share = window / whole
        place = chance.uniform(share - 1, 1 - share, (n, 2, 1))
        turn = share * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]).transpose(2, 0, 1)
        where = torch.from_numpy(np.concatenate([turn, place], axis=2).astype(np.float32))
        shape = [n, self._pixels.shape[1], window, window]
        grid = functional.affine_grid(where, shape, align_corners=False)
        pixels = self._pixels[chosen].float()
        return functional.grid_sample(pixels, grid, padding_mode="reflection", align_corners=False)
