"""The mean over all channels at each place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Maps, Shape
from ..code.dialects import DialectName
from ..scene import Layer
from ..texts import Text, make_text
from .layer_law import LayerLaw, LayerPlan, Step, read_place

if TYPE_CHECKING:
    from ..writing import StepTexts


@dataclass(frozen=True, slots=True)
class ChannelMean(LayerLaw):
    """y = Σ x[c] / C at each place, one map: torch.mean(x, dim=0, keepdim=True) of maps (C, H, W)."""

    channels: int

    @property
    def multiple(self) -> int:
        """The sum of all channels is divided by their count."""
        return self.channels

    def apply(self, x: Maps) -> Maps:
        """(C, H, W) → (1, H, W)."""
        y: Maps = x.mean(axis=0, keepdims=True, dtype=np.float64).astype(np.float32)
        return y

    def explain(self, x: Maps, map: int, row: int, col: int) -> Step:
        """The values of all channels at one place, their sum and their count."""
        step = read_place(x, range(self.channels), row, col)
        total = float(sum(channel["sum"] for channel in step["channels"]))
        return step | {"sum": total, "count": self.channels, "result": total / self.channels}

    def describe(self, step: Mapping[str, Any], texts: StepTexts, is_known: bool) -> Text:
        """The sum and the count."""
        if not is_known:
            return make_text("mean_of_channels", count=self.channels)
        return make_text("mean_of_sum", sum=texts.sum, count=self.channels)

    def to_json(self) -> dict[str, object]:
        """It has no numbers of its own."""
        return {}

    def write_code(self, dialect: DialectName) -> tuple[str, ...]:
        """The mean along the first axis."""
        match dialect:
            case "torch":
                return ("y = x.mean(dim=0, keepdim=True)",)
            case "keras":
                return ("y = ops.mean(x, axis=0, keepdims=True)",)
        return ("y = x.mean(axis=0, keepdims=True)",)


def plan_channel_mean(layer: Layer, in_shape: Shape) -> LayerPlan:
    """The plan of a mean over the channels."""
    channels, height, width = in_shape
    return LayerPlan(ChannelMean(channels), (1, height, width))
