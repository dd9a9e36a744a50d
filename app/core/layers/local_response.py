"""Local response normalization: a value is divided by a power of the squares of the channels around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Maps, Shape
from ..code.dialects import DialectName, find_dialect
from ..number_text import bracket_negative
from ..scene import Layer, parse_number
from ..texts import Text, make_text
from .layer_law import LayerLaw, LayerPlan, Step, read_place, write_number

if TYPE_CHECKING:
    from ..writing import StepTexts

MOST_SQUARES = 5
"""Of more channels the formula has the sum of the squares, not each of them."""


@dataclass(frozen=True, slots=True)
class LocalResponse(LayerLaw):
    """y[c] = x[c] / (k + alpha / size · Σ x[c′]²)^beta: torch.nn.LocalResponseNorm, which divides alpha by the size.

    c′ are the `size` channels from c − size // 2 on; those that do not exist count as 0.
    """

    channels: int
    size: int
    alpha: float
    beta: float
    k: float

    def list_channels(self, channel: int) -> range:
        """The channels whose squares divide a channel."""
        first = channel - self.size // 2
        return range(max(0, first), min(self.channels, first + self.size))

    def apply(self, x: Maps) -> Maps:
        """Each channel divided, computed in float64 and rounded once."""
        y = np.empty(x.shape, np.float32)
        for channel, plane in enumerate(x):
            around = self.list_channels(channel)
            squares = np.square(x[around.start : around.stop].astype(np.float64)).sum(axis=0)
            y[channel] = plane / self._divide_by(squares)
        return y

    def explain(self, x: Maps, map: int, row: int, col: int) -> Step:
        """The values of the channels at one place, and their squares; `sum` is that of the squares."""
        step = read_place(x, self.list_channels(map), row, col)
        for channel in step["channels"]:
            square = channel["values"][0][0] ** 2
            channel |= {"products": [[square]], "sum": square}
        total = float(sum(channel["sum"] for channel in step["channels"]))
        result = float(x[map, row, col]) / float(self._divide_by(np.float64(total))) + 0.0
        return step | {"sum": total, "result": result, "count": self.size}

    def describe(self, step: Mapping[str, Any], texts: StepTexts, is_known: bool) -> str:
        """The formula with its numbers: 7 ÷ (1 + 0.0001/3 · (2² + 7² + 3²))^0.75."""
        numbers = [bracket_negative(channel.values[0][0]) for channel in texts.channels]
        own = [channel["channel"] for channel in step["channels"]].index(step["map"])
        squares = "(" + " + ".join(f"{number}²" for number in numbers) + ")"
        total = squares if len(numbers) <= MOST_SQUARES else texts.sum
        k, alpha, beta = (write_number(number) for number in (self.k, self.alpha, self.beta))
        return f"{texts.channels[own].values[0][0]} ÷ ({k} + {alpha}/{self.size} · {total})^{beta}"

    def to_json(self) -> dict[str, object]:
        """The size and the three numbers."""
        return {"size": self.size, "alpha": self.alpha, "beta": self.beta, "k": self.k}

    def write_code(self, dialect: DialectName) -> tuple[str, ...]:
        """F.local_response_norm, or the sum of the squares of neighboring channels."""
        if dialect == "torch":
            options = f"{self.size}, alpha={self.alpha!r}, beta={self.beta!r}, k={self.k!r}"
            return (f"y = F.local_response_norm(x[None], {options})[0]",)
        before, after = self.size // 2, (self.size - 1) // 2
        sides, share = ((before, after), (0, 0), (0, 0)), f"{self.alpha!r} / {self.size} * sums"
        match dialect:
            case "jax":
                window = f"{(self.size, 1, 1)}, (1, 1, 1), {sides}"
                lines = [f"sums = lax.reduce_window(x ** 2, 0.0, lax.add, {window})"]
            case "scipy":
                means = f'ndimage.uniform_filter1d(x ** 2, {self.size}, axis=0, mode="constant")'
                lines, share = [f"means = {means}"], f"{self.alpha!r} * means"
            case _:
                pad = f"{find_dialect(dialect).module}.pad"
                lines = [
                    f"squares = {pad}(x ** 2, {sides})  # channels that do not exist are 0",
                    f"sums = sum(squares[i : i + {self.channels}] for i in range({self.size}))",
                ]
        return *lines, f"y = x / ({self.k!r} + {share}) ** {self.beta!r}"

    def _divide_by(self, squares: Any) -> Any:
        return (self.k + self.alpha / self.size * squares) ** self.beta


def plan_local_response(layer: Layer, in_shape: Shape) -> LayerPlan:
    """The plan of a local response normalization."""
    size = layer.head if isinstance(layer.head, int) else 5
    numbers = {
        name: float(parse_number(str(layer.get(name) or default)))
        for name, default in (("alpha", "0.0001"), ("beta", "0.75"), ("k", "1"))
    }
    notes: tuple[Text, ...] = (make_text("lrn_law", size=size),)
    return LayerPlan(LocalResponse(in_shape[0], size, **numbers), in_shape, notes=notes)
