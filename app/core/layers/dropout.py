"""Dropout: in training a seeded part of the values becomes 0 and the others grow; in prediction it changes nothing."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps, Shape
from ..code.dialects import DialectName, find_dialect
from ..operation_table import ValueBehavior
from ..scene import Layer, parse_number
from ..texts import Text, make_text
from .layer_law import LayerLaw, LayerPlan, Step, read_cell, read_flag, write_number

if TYPE_CHECKING:
    from ..writing import StepTexts

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Dropout(LayerLaw):
    """y = x · kept / (1 − p) in training, y = x in prediction: torch.nn.Dropout with a mask of our own.

    `kept` is True with the probability 1 − p. It is drawn by `draw_kept`, which is not PyTorch's generator.
    """

    p: float
    seed: int
    is_training: bool
    shape: Shape

    @property
    def factor(self) -> float:
        """What kept values are multiplied by."""
        return 1 / (1 - self.p) if self.is_training and self.p < 1 else 1.0

    @property
    def kept(self) -> Mask | None:
        """Which values are kept, (C, H, W); None where all are."""
        return draw_kept(self.p, self.seed, self.shape) if self.is_training else None

    @property
    def notes(self) -> tuple[Text, ...]:
        """Whether anything is dropped, and how it is chosen."""
        kept = self.kept
        if kept is None:
            return (make_text("dropout_off"),)
        return (make_text("dropout_on", dropped=int((~kept).sum()), count=kept.size, seed=self.seed, p=f"{self.p:g}"),)

    @property
    def values(self) -> ValueBehavior | None:
        """In training the values are no picture any more; whole numbers stay whole where the factor is whole."""
        if not self.is_training:
            return None
        is_whole = self.factor == int(self.factor)
        return ValueBehavior(is_whole, True, is_signed=True, multiples="kept" if is_whole else None)

    def apply(self, x: Maps) -> Maps:
        """The maps with zeros where a value is dropped."""
        kept = self.kept
        if kept is None:
            return x
        y: Maps = np.where(kept, x * np.float32(self.factor), np.float32(0))
        return y

    def explain(self, x: Maps, map: int, row: int, col: int) -> Step:
        """The value of one cell, and what becomes of it."""
        read = read_cell(x, map, row, col)
        result = read["sum"] * self.factor if self._keeps(map, row, col) else 0.0
        return {"rows": [row], "columns": [col], "channels": [read], "sum": read["sum"], "result": result}

    def describe(self, step: Mapping[str, Any], texts: StepTexts, is_known: bool) -> Text:
        """Whether the value is kept, with its formula."""
        if not self.is_training:
            return make_text("dropout_unchanged", x=texts.sum)
        code = "dropout_kept" if self._keeps(step["map"], step["row"], step["col"]) else "dropout_dropped"
        return make_text(code, x=texts.sum, p=write_number(self.p))

    def to_json(self) -> dict[str, object]:
        """`kept` has a bit for each value, in the order C, H, W and the highest first; null where all are kept."""
        kept = self.kept
        bits = None if kept is None else base64.b64encode(np.packbits(kept).tobytes()).decode("ascii")
        return {"p": self.p, "seed": self.seed, "train": self.is_training, "kept": bits}

    def write_code(self, dialect: DialectName) -> tuple[str, ...]:
        """The same mask, drawn by NumPy, and the division; SciPy has no dropout."""
        if not self.is_training:
            return ("y = x",)
        if dialect == "scipy":
            return ()
        module = find_dialect(dialect).module
        if self.p >= 1:
            return (f"y = {module}.zeros_like(x)",)
        drawn = f"np.random.default_rng({self.seed}).random({self.shape}) >= {self.p!r}"
        kept = f"torch.from_numpy({drawn})" if dialect == "torch" else drawn
        return f"kept = {kept}", f"y = {module}.where(kept, x / (1 - {self.p!r}), 0.0)"

    def _keeps(self, map: int, row: int, col: int) -> bool:
        kept = self.kept
        return kept is None or bool(kept[map, row, col])


@lru_cache(8)
def draw_kept(p: float, seed: int, shape: Shape) -> Mask:
    """The mask of a dropout: where numpy.random.default_rng(seed).random((C, H, W)) ≥ p. Read-only."""
    kept: Mask = np.random.default_rng(seed).random(shape) >= p
    kept.flags.writeable = False
    return kept


def plan_dropout(layer: Layer, in_shape: Shape) -> LayerPlan:
    """The plan of a dropout."""
    p = float(parse_number(layer.head if isinstance(layer.head, str) else "0.5"))
    seed = layer.get("seed")
    law = Dropout(p, seed if isinstance(seed, int) else 0, read_flag(layer.get("train")), in_shape)
    return LayerPlan(law, in_shape)
