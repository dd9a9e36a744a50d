"""Filters as arrays: the bank of a convolution, and a trained layer as stored."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps
from ..scene import OptionValue
from ..texts import Text, make_text


@dataclass(frozen=True)
class Bank:
    """K filters over the channels of one group.

    `weight` is (K, C / groups, kh, kw), of whole numbers where the filter was typed or is a classic one. A sum is
    divided by `divisors[k] · scales[k]` before `bias` (float64) is added: the divisor is the written one (1/9), the
    scale the common denominator of decimals and fractions in the cells. `exact`: the weights are whole numbers that
    represent the written ones exactly.
    """

    weight: Maps
    divisors: tuple[int, ...]
    scales: tuple[int, ...]
    bias: NDArray[np.float64]
    bias_text: tuple[str, ...]
    labels: tuple[Text | str, ...]
    groups: int
    exact: bool

    @cached_property
    def total_divisors(self) -> tuple[int, ...]:
        """The divisor of each map's sum."""
        return tuple(d * s for d, s in zip(self.divisors, self.scales, strict=True))

    @cached_property
    def is_undivided(self) -> bool:
        """Whether no sum is divided."""
        return all(d == 1 for d in self.total_divisors)

    @property
    def keeps_brightness(self) -> bool:
        """Whether each filter's weights sum to 1 and there is no bias, so that a picture remains a picture."""
        return len(self.brightness_maps) == len(self.weight)

    @property
    def brightness_maps(self) -> tuple[int, ...]:
        """The filters whose weights sum to 1 and that have no bias; none where the weights are not exact."""
        if not self.exact:
            return ()
        sums = self.weight.sum(axis=(1, 2, 3), dtype=np.float64)
        kept = (sums == np.array(self.total_divisors, np.float64)) & (self.bias == 0)
        return tuple(np.flatnonzero(kept).tolist())

    @cached_property
    def weight_sums(self) -> list[float]:
        """The sum of each filter's absolute weights: times the largest input, it bounds every sum."""
        sums: list[float] = np.abs(self.weight).reshape(len(self.weight), -1).sum(axis=1, dtype=np.float64).tolist()
        return sums


@dataclass(frozen=True)
class LearnedBank:
    """A trained layer as stored: its filters, their bias, and the options it was trained with.

    `indices` are the filters' indices in the layer, empty for all of it; `moment` is their training step, None for
    the end. `names` are the classes of a layer with one filter for each.
    """

    weight: Maps
    bias: Maps
    options: tuple[tuple[str, OptionValue], ...] = ()
    indices: tuple[int, ...] = ()
    moment: int | None = None
    notes: tuple[Text | str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def groups(self) -> int:
        """The groups of the channels in training."""
        groups = dict(self.options).get("groups")
        return groups if isinstance(groups, int) else 1

    @property
    def filter_indices(self) -> tuple[int, ...]:
        """The index of each filter in its layer."""
        return self.indices or tuple(range(len(self.weight)))

    @cached_property
    def labels(self) -> tuple[Text | str, ...]:
        """The label of each filter."""
        return tuple(self._label(place) for place in range(len(self.weight)))

    @cached_property
    def bias_text(self) -> tuple[str, ...]:
        """Each filter's bias as text."""
        return tuple(map(format_bias, self.bias.tolist()))

    def _label(self, place: int) -> Text | str:
        number = self.indices[place] if self.indices else place
        label = self.names[number] if self.names else make_text("learned_label", index=number)
        return label if self.moment is None else make_text("learned_then", label=label, moment=self.moment)


def format_bias(bias: float) -> str:
    """A bias as text, with six significant digits."""
    return f"{bias:.6g}"
