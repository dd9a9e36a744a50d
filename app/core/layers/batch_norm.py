"""Batch normalization: the mean of each channel is subtracted, its deviation divides, then a gain and a shift."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Maps, Shape
from ..code.dialects import DialectName, find_dialect
from ..layer_error import make_layer_error
from ..number_text import MINUS, format_number
from ..scene import Layer, parse_number
from ..texts import Text, make_text
from .layer_law import LayerLaw, LayerPlan, Step, read_cell, read_flag, write_number

if TYPE_CHECKING:
    from ..writing import StepTexts

FRESH = {"mean": "0", "var": "1", "weight": "1", "bias": "0"}
"""The numbers of torch.nn.BatchNorm2d before any training, in prediction."""
MOST_SAID = 4
"""Of so many channels a note says the mean and the variance."""
Numbers = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class BatchNorm(LayerLaw):
    """y = (x − mean) / √(var + eps) · weight + bias, with a number for each channel: torch.nn.BatchNorm2d.

    In training `mean` and `var` are those of each channel of the maps, var without Bessel's correction: F.batch_norm
    with training=True on a batch of one.
    """

    mean: Numbers
    var: Numbers
    weight: Numbers
    bias: Numbers
    eps: float
    is_training: bool = False

    def bind(self, x: Maps) -> BatchNorm:
        """The law with the mean and the variance of each channel of these maps, in training."""
        if not self.is_training:
            return self
        mean = tuple(float(one) for one in x.mean(axis=(1, 2), dtype=np.float64))
        return replace(self, mean=mean, var=tuple(float(one) for one in x.var(axis=(1, 2), dtype=np.float64)))

    @property
    def notes(self) -> tuple[Text, ...]:
        """The mean and the variance that were measured."""
        if not self.is_training:
            return ()
        if len(self.mean) > MOST_SAID:
            return (make_text("batchnorm_measured"),)
        mean, var = (", ".join(map(format_number, values)) for values in (self.mean, self.var))
        return (make_text("batchnorm_measured_as", mean=mean, var=var),)

    def apply(self, x: Maps) -> Maps:
        """Each value from that of the same place, computed in float64 and rounded once."""
        y = np.empty(x.shape, np.float32)
        for channel, plane in enumerate(x):
            y[channel] = self._normalize(plane.astype(np.float64), channel)
        return y

    def explain(self, x: Maps, map: int, row: int, col: int) -> Step:
        """The value of one cell, and what becomes of it."""
        read = read_cell(x, map, row, col)
        result = float(self._normalize(np.float64(read["sum"]), map)) + 0.0
        return {"rows": [row], "columns": [col], "channels": [read], "sum": read["sum"], "result": result}

    def describe(self, step: Mapping[str, Any], texts: StepTexts, is_known: bool) -> str:
        """The formula with its numbers: (5 − 2) ÷ √(4 + 1e−5) · 1 + 0."""
        mean, var, weight, bias = (
            write_number(numbers[step["map"]]) for numbers in (self.mean, self.var, self.weight, self.bias)
        )
        return f"({texts.sum} {MINUS} {mean}) ÷ √({var} + {write_number(self.eps)}) · {weight} + {bias}"

    def to_json(self) -> dict[str, object]:
        """The numbers of each channel."""
        numbers = {name: list(getattr(self, name)) for name in FRESH}
        return {**numbers, "eps": self.eps, "train": self.is_training}

    def write_code(self, dialect: DialectName) -> tuple[str, ...]:
        """The function of a library, or the formula; SciPy has no batch normalization."""
        named = ("weight", "bias") if self.is_training else tuple(FRESH)
        match dialect:
            case "torch":
                lines = [f"{name} = {_write_tensor(getattr(self, name), 'torch')}" for name in named]
                read, options = ("None, None", "training=True, ") if self.is_training else ("mean, var", "")
                return *lines, f"y = F.batch_norm(x[None], {read}, weight, bias, {options}eps={self.eps!r})[0]"
            case "keras":
                measured = ["mean, var = ops.moments(x, axes=(1, 2))"] if self.is_training else []
                lines = [f"{name} = {_write_tensor(getattr(self, name), 'keras')}" for name in named]
                options = f"axis=0, offset=bias, scale=weight, epsilon={self.eps!r}"
                return *measured, *lines, f"y = ops.batch_normalization(x, mean, var, {options})"
            case "scipy":
                return ()
        lines = [f"{name} = {_write_array(getattr(self, name), dialect)}" for name in named]
        if self.is_training:
            lines = [*(f"{name} = x.{name}(axis=(1, 2), keepdims=True)" for name in ("mean", "var")), *lines]
        normed = f"(x - mean) / np.sqrt(var + {self.eps!r})"
        if dialect == "jax":
            normed = f"jax.nn.standardize(x, mean=mean, variance=var, epsilon={self.eps!r})"
        return *lines, f"y = {normed} * weight + bias"

    def _normalize(self, x: Any, channel: int) -> Any:
        deviation = math.sqrt(self.var[channel] + self.eps)
        return (x - self.mean[channel]) / deviation * self.weight[channel] + self.bias[channel]


def plan_batch_norm(layer: Layer, in_shape: Shape) -> LayerPlan:
    """The plan of a batch normalization: one number of a list for each channel. Raises LayerError."""
    channels, rows, columns = in_shape
    is_training = read_flag(layer.get("train"))
    if is_training and rows * columns == 1:
        raise make_layer_error("batchnorm_single", "train", 1, "0")
    numbers = {name: _read_numbers(layer, name, channels) for name in FRESH}
    negative = next((one for one in numbers["var"] if one < 0), None)
    if negative is not None:
        raise make_layer_error("negative_variance", "var", f"{negative:g}", make_text("zero_or_more"))
    eps = float(parse_number(str(layer.get("eps") or "0.00001")))
    missing = [name for name in FRESH if layer.get(name) is None]
    law = BatchNorm(**numbers, eps=eps, is_training=is_training)
    return LayerPlan(law, in_shape, parameters=2 * channels, notes=_note_numbers(layer, missing, is_training))


def _note_numbers(layer: Layer, missing: list[str], is_training: bool) -> tuple[Text, ...]:
    """The notes on numbers that the link leaves out, and on those that training does not use."""
    if is_training:
        unused = [name for name in ("mean", "var") if layer.get(name) is not None]
        return (make_text("batchnorm_unused", names=" and ".join(unused)),) if unused else ()
    if not missing:
        return ()
    return (make_text("batchnorm_fresh", numbers=", ".join(f"{name} {FRESH[name]}" for name in missing)),)


def _read_numbers(layer: Layer, name: str, channels: int) -> Numbers:
    given = layer.get(name)
    if isinstance(given, tuple) and len(given) != channels:
        allowed = make_text("one_number" if channels == 1 else "one_or_all_channels", channels=channels)
        raise make_layer_error("channel_numbers", name, len(given), allowed, channels=channels, name=name)
    if isinstance(given, tuple):
        return tuple(float(parse_number(str(text))) for text in given)
    return (float(parse_number(str(FRESH[name] if given is None else given))),) * channels


def _write_tensor(values: Numbers, name: DialectName) -> str:
    dialect = find_dialect(name)
    if len(set(values)) == 1:
        return f"{dialect.module}.full(({len(values)},), {values[0]!r})"
    return f"{dialect.array}({list(values)})"


def _write_array(values: Numbers, name: DialectName) -> str:
    return repr(values[0]) if len(set(values)) == 1 else f"{find_dialect(name).array}({list(values)})[:, None, None]"
