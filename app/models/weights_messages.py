"""The catalogue of files of weights: every sentence by its code."""

from __future__ import annotations

from ..core.texts import add_catalogue

WEIGHTS_MESSAGES = add_catalogue(
    {
        "weights_expected": "weights with a 2-D convolution",
        "unreadable_weights": "{reason}",
    }
)
