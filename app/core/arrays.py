"""The arrays of the core, their shapes, and the whole numbers that they hold exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Maps = NDArray[np.float32]
"""Feature maps, (channels, rows, columns); also filters, (maps, channels, rows, columns), and biases."""

Shape = tuple[int, int, int]
"""(channels, rows, columns)."""

EXACT_BELOW = 2**24
"""float32 holds every whole number up to here exactly."""

FLOAT32_BYTES = 4
"""Of one number."""
