"""The array that every operation takes and gives."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Maps = NDArray[np.float32]
"""Feature maps, (channels, rows, columns); also filters, (maps, channels, rows, columns), and biases."""
