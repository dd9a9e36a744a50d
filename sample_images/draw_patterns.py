"""Draws the pattern samples of this folder. After a change: python sample_images/draw_patterns.py"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Gray = NDArray[np.uint8]

SIDE = 32
STRIPE = 4

# Twelve columns, sixteen rows. Each digit is a shade, so that the whole face can be read as numbers.
FACE = """
000011110000
001111111100
011111111110
011222222110
012333333210
013333333310
013113311310
013343343310
013043340310
013333333310
003332233300
003322223300
003300003300
000334433000
000033330000
005553355500
"""
SHADES = (20, 60, 140, 190, 230, 100)


def checkerboard() -> Gray:
    """Dark and bright squares of four pixels."""
    row, column = np.indices((SIDE, SIDE)) // STRIPE
    return _bright((row + column) % 2 == 1)


def bars(angle: int) -> Gray:
    """Bars along a direction, in degrees counter-clockwise from lying flat, each four pixels in a row."""
    row, column = np.indices((SIDE, SIDE))
    across = {0: row, 45: row + column, 90: column, 135: column - row}[angle]
    return _bright(across // STRIPE % 2 == 1)


def circle() -> Gray:
    """A bright disc of radius 11 in the middle; a pixel on its rim is as bright as the share it covers."""
    fine = 16
    y, x = (np.indices((SIDE * fine, SIDE * fine)) + 0.5) / fine - SIDE / 2
    inside = (y**2 + x**2 < 11**2).reshape(SIDE, fine, SIDE, fine)
    brightness: NDArray[np.float64] = np.rint(255 * inside.mean(axis=(1, 3)))
    return brightness.astype(np.uint8)


def gradient() -> Gray:
    """Each column is brighter by 8 than the one before."""
    return np.tile(np.arange(SIDE, dtype=np.uint8) * 8, (SIDE, 1))


def impulse() -> Gray:
    """One bright pixel in the middle of 15 × 15 dark ones."""
    pixels = np.zeros((15, 15), np.uint8)
    pixels[7, 7] = 255
    return pixels


def face() -> Gray:
    """A face of 16 × 12 pixels in six shades."""
    digits = [[int(digit) for digit in line] for line in FACE.split()]
    shades: Gray = np.array(SHADES, np.uint8)[np.array(digits)]
    return shades


def empty() -> Gray:
    """Seven by seven zeros, for walking through the sizes."""
    return np.zeros((7, 7), np.uint8)


def patterns() -> dict[str, Gray]:
    """Every pattern by its name."""
    drawn = {f"bars-{angle}": bars(angle) for angle in (0, 45, 90, 135)}
    others = {"checkerboard": checkerboard(), "circle": circle(), "gradient": gradient()}
    small = {"impulse": impulse(), "face": face(), "empty-7": empty()}
    return others | drawn | small


def _bright(where: NDArray[np.bool_]) -> Gray:
    return np.where(where, 255, 0).astype(np.uint8)


if __name__ == "__main__":
    for name, pixels in patterns().items():
        Image.fromarray(pixels).save(Path(__file__).parent / f"{name}.png", optimize=True)
