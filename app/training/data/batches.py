"""Batches for training: random crops, augmented, standardized to mean 0 and standard deviation 1."""

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
    """x = (byte/255 − mean) / std, for each channel."""

    mean: tuple[float, ...]
    std: tuple[float, ...]

    @classmethod
    def measure(cls, pictures: LabelledPictures) -> Standardization:
        """Measure all pictures, rounded to four digits, as in the description of the model."""
        counts = [np.bincount(pictures.pixels[:, c].ravel(), minlength=256) for c in range(pictures.pixels.shape[1])]
        values = np.arange(256) / 255
        means = [float(count @ values / count.sum()) for count in counts]
        deviations = [
            float(np.sqrt(count @ (values - mean) ** 2 / count.sum()))
            for count, mean in zip(counts, means, strict=True)
        ]
        return cls(tuple(round(m, 4) for m in means), tuple(max(round(d, 4), 1e-4) for d in deviations))

    def apply(self, pixels: torch.Tensor) -> torch.Tensor:
        """Standardize pictures, uint8 (N, C, H, W) → float32."""
        mean = torch.tensor(self.mean).reshape(1, -1, 1, 1)
        std = torch.tensor(self.std).reshape(1, -1, 1, 1)
        return (pixels.float() / 255 - mean) / std


class BatchSampler:
    """Makes batches of random crops of the pictures."""

    def __init__(self, pictures: LabelledPictures, recipe: Recipe, standardization: Standardization) -> None:
        pixels, shift = pictures.pixels, recipe.max_shift
        if shift:
            pixels = np.pad(pixels, ((0, 0), (0, 0), (shift, shift), (shift, shift)), mode="reflect")
        self._pixels = torch.from_numpy(pixels)
        self._labels = torch.from_numpy(pictures.labels)
        self._recipe = recipe
        self._standardization = standardization

    def load_batch(self, indices: NDArray[np.int64], rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """Load the pictures at `indices`, with the random augmentation of the recipe, and their labels."""
        recipe, n = self._recipe, len(indices)
        chosen = torch.from_numpy(indices)
        crops = self._crop_rotated(chosen, rng) if recipe.max_rotation else self._crop(chosen, rng)
        flipped = torch.from_numpy(rng.random(n) < 0.5) & recipe.flip
        crops = torch.where(flipped.reshape(-1, 1, 1, 1), crops.flip(3), crops)
        standardized = self._standardization.apply(crops)
        if recipe.gray_share:
            grayed = torch.from_numpy(rng.random(n) < recipe.gray_share).reshape(-1, 1, 1, 1)
            standardized = torch.where(grayed, standardized.mean(1, keepdim=True), standardized)
        if recipe.color_jitter:
            offset = rng.normal(0, recipe.color_jitter, (n, crops.shape[1], 1, 1))
            standardized = standardized + torch.from_numpy(offset.astype(np.float32))
        return standardized, self._labels[chosen]

    def _crop(self, chosen: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
        """Crop at random positions, uint8."""
        window = self._recipe.window
        windows = self._pixels.unfold(2, window, 1).unfold(3, window, 1)
        rows, columns = (torch.from_numpy(rng.integers(windows.shape[i], size=len(chosen))) for i in (2, 3))
        return windows[chosen, :, rows, columns]

    def _crop_rotated(self, chosen: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
        """Crop at random positions and angles, with bilinear interpolation and reflection at the edges, float32."""
        n, window, side = len(chosen), self._recipe.window, self._pixels.shape[3]
        angle = np.deg2rad(rng.uniform(-self._recipe.max_rotation, self._recipe.max_rotation, n))
        scale = window / side
        position = rng.uniform(scale - 1, 1 - scale, (n, 2, 1))
        rotation = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]).transpose(
            2, 0, 1
        )
        affine = torch.from_numpy(np.concatenate([rotation, position], axis=2).astype(np.float32))
        shape = [n, self._pixels.shape[1], window, window]
        grid = functional.affine_grid(affine, shape, align_corners=False)
        pixels = self._pixels[chosen].float()
        return functional.grid_sample(pixels, grid, padding_mode="reflection", align_corners=False)
