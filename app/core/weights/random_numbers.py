"""Random numbers that are the same everywhere: those of filters, of fully connected layers, and of inputs.

The generator is SplitMix64 (Steele, Lea and Flood, 2014), started at a seed. Numbers are drawn in reading order, so
that the first of more numbers are those of fewer, and the rows of a fully connected layer are those of a convolution
whose filters are as large as its input.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps, Shape

PARTS_OF_ONE = 100
"""Numbers of a random input are multiples of 1 / this, so that its sums can be written exactly."""
INPUT_STREAM = 0xA5A5_A5A5_A5A5_A5A5
"""A random input starts the generator at its seed XOR this, so that weights of the same seed are not its copy."""
_BLOCK = 1 << 14
"""Normal numbers that are drawn at a time: their arrays stay in the cache."""


def draw_whole_numbers(seed: int, shape: Shape, times: int) -> NDArray[np.float32]:
    """(times, *shape) whole numbers from -2 to 2."""
    drawn = draw_words(seed, math.prod(shape), times)
    return np.stack([(words % np.uint64(5)).astype(np.float32).reshape(shape) - 2 for words in drawn])


def draw_he_weights(seed: int, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Normal numbers of mean 0 and deviation √(2 / fan_in); `shape` is (filters, …), fan_in the numbers of a filter."""
    made, deviation = np.empty(math.prod(shape), np.float32), find_he_deviation(math.prod(shape[1:]))
    for first in range(0, made.size, _BLOCK):
        part = made[first : first + _BLOCK]
        part[...] = _draw_normal_block(seed, first, part.size) * deviation
    return made.reshape(shape)


def find_he_deviation(fan_in: int) -> float:
    """The standard deviation of He et al. (2015) of weights before a ReLU: √(2 / fan_in)."""
    return math.sqrt(2 / fan_in)


def draw_input(seed: int, shape: Shape) -> Maps:
    """An input (C, H, W): normal numbers of mean 0 and deviation 1, rounded to hundredths."""
    hundredths = np.rint(draw_normal_numbers(seed ^ INPUT_STREAM, math.prod(shape)) * PARTS_OF_ONE)
    return (hundredths / PARTS_OF_ONE + 0.0).astype(np.float32).reshape(shape)


def draw_normal_numbers(seed: int, count: int) -> NDArray[np.float64]:
    """`count` standard normal numbers, by the method of Box and Muller (1958).

    Two words u, v of the generator make two numbers: √(-2 ln a) · cos(2πb) and √(-2 ln a) · sin(2πb), with
    a = (⌊u / 2^11⌋ + 1) / 2^53, b = ⌊v / 2^11⌋ / 2^53. An odd count leaves out the last.
    """
    made = np.empty(count, np.float64)
    for first in range(0, count, _BLOCK):
        part = made[first : first + _BLOCK]
        part[...] = _draw_normal_block(seed, first, part.size)
    return made


def _draw_normal_block(seed: int, first: int, count: int) -> NDArray[np.float64]:
    """`count` normal numbers from index `first` on, which is even."""
    words = _draw_block(seed, first, count + count % 2) >> np.uint64(11)
    radius = np.sqrt(-2 * np.log((words[::2] + np.uint64(1)) * 2.0**-53))
    angle = words[1::2] * (2 * math.pi * 2.0**-53)
    return np.stack((radius * np.cos(angle), radius * np.sin(angle)), axis=1).ravel()[:count]


def draw_words(seed: int, length: int, times: int) -> Iterator[NDArray[np.uint64]]:
    """The generator's 64-bit numbers in order, `length` at a time."""
    for part in range(times):
        yield _draw_block(seed, part * length, length)


def _draw_block(seed: int, first: int, length: int) -> NDArray[np.uint64]:
    """The generator's numbers from index `first` on. uint64 arithmetic wraps around, as it must."""
    steps = np.arange(first + 1, first + length + 1, dtype=np.uint64)
    z = np.uint64(seed) + steps * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    drawn: NDArray[np.uint64] = z ^ (z >> np.uint64(31))
    return drawn
