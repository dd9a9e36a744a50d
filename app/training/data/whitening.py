"""Steps of equal size along everything that pictures do: neighbouring pixels are so alike that flat blobs of color
would be learned first and fast, and the edges between them late or never.
"""

from __future__ import annotations

import torch
from torch.nn import functional

VARIANCE_FLOOR = 0.03
"""Added to each variance, as a share of the mean one, so that what hardly varies, noise, is not blown up."""


def compute_whitening(pictures: torch.Tensor, side: int, power: float) -> torch.Tensor:
    """The matrix (C·side², C·side²) that divides steps by the power of how much the pictures vary along them.

    With the patches' covariance U Λ Uᵀ, and λ̄ the mean of Λ, it is U (Λ/λ̄ + FLOOR)^−power Uᵀ: 0 changes nothing,
    1 is a step along which all patches vary alike. `pictures`: (N, C, H, W), cut into patches side by side.
    """
    patches = functional.unfold(pictures.contiguous(), side, stride=side).transpose(1, 2).flatten(0, 1)
    variances, axes = torch.linalg.eigh(torch.cov(patches.double().T))
    shares = variances / variances.mean() + VARIANCE_FLOOR
    return ((axes * shares**-power) @ axes.T).float()
