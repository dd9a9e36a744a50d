"""Whitening of the first layer's gradient. Neighboring pixels are so similar that without it flat blobs of color are
learned first and fast, and edges late or never.
"""

from __future__ import annotations

import torch
from torch.nn import functional

VARIANCE_FLOOR = 0.03
"""Added to each variance, as a share of the mean variance, so that noise is not amplified."""


def compute_whitening(pictures: torch.Tensor, side: int, power: float) -> torch.Tensor:
    """Compute the matrix (C·side², C·side²) that divides a gradient by a power of the variance of patches along it.

    With the covariance U Λ Uᵀ of the patches and the mean λ̄ of Λ it is U (Λ/λ̄ + VARIANCE_FLOOR)^−power Uᵀ: power 0
    changes nothing, 1 whitens fully. `pictures`: (N, C, H, W), split into patches side by side.
    """
    patches = functional.unfold(pictures.contiguous(), side, stride=side).transpose(1, 2).flatten(0, 1)
    variances, axes = torch.linalg.eigh(torch.cov(patches.double().T))
    shares = variances / variances.mean() + VARIANCE_FLOOR
    return ((axes * shares**-power) @ axes.T).float()
