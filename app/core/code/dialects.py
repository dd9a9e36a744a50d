"""The dialects in which a stage is written, and the lines that all of them share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ..arrays import Maps
from .literals import MOST_WRITTEN, format_numbers

DialectName = Literal["torch", "numpy"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A library in whose words a program is written.

    `array` makes an array of written numbers, `loader` is the module that reads a safetensors file, `imports` has the
    beginning of a name and the import that it needs, and `turned` follows a filter that is turned by 180°.
    """

    name: DialectName
    title: str
    array: str
    loader: str
    imports: tuple[tuple[str, str], ...]
    turned: str


TORCH = Dialect(
    "torch",
    "PyTorch",
    "torch.tensor",
    "safetensors.torch",
    (("torch.", "import torch"), ("F.", "import torch.nn.functional as F")),
    ".flip(2, 3)",
)
NUMPY = Dialect(
    "numpy", "NumPy", "np.array", "safetensors.numpy", (("np.", "import numpy as np"),), "[:, :, ::-1, ::-1]"
)


def format_comment(text: str) -> str:
    """A comment behind code."""
    return f"  # {text}"


@lru_cache(512)
def format_shape(shape: tuple[int, ...], axes: str = "") -> str:
    """A comment with the shape, and the names of the axes: `# 3 × 32 × 32: channels, rows, columns`."""
    return format_comment(" × ".join(map(str, shape)) + (f": {axes}" if axes else ""))


def write_array(dialect: Dialect, name: str, values: Maps, entry: str, axes: str, after: str = "") -> str:
    """The line that makes an array: with its numbers and what comes `after` them where they are few, else from an
    entry of the Trace.
    """
    shape = format_shape(values.shape, axes) if axes else ""
    if values.size > MOST_WRITTEN:
        return f'{name} = figure["{entry}"]{shape}'
    before = f"{name} = {dialect.array}("
    return f"{before}{format_numbers(values, before)}){after}{shape}"


def write_divisor(divisors: tuple[int, ...], array: str) -> tuple[str, list[str]]:
    """(what sums are divided by, the line that defines it where filters differ)."""
    if len(set(divisors)) == 1:
        return str(divisors[0]), []
    values = f"[{', '.join(f'{divisor}.' for divisor in divisors)}]"
    return "divisor", [f"divisor = {array}({values}){format_comment('of each filter')}"]
