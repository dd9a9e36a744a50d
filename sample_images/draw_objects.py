"""Draws a few things that networks were taught to name. After a change: python sample_images/draw_objects.py"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Color = tuple[int, int, int]
Pen = ImageDraw.ImageDraw

SIDE = 96
FINE = 4
"""Everything is drawn four times as large and then reduced, so that no edge is jagged."""


def airplane(pen: Pen) -> None:
    """An airliner from the side, high up."""
    white, shade, dark = (236, 240, 245), (168, 178, 192), (70, 80, 100)
    shape(pen, (120, 128, 146), "52,47 30,70 38,70 66,50")
    shape(pen, white, "10,44 16,40 72,38 84,41 88,45 82,49 66,51 22,50")
    shape(pen, shade, "12,46 88,46 82,49 66,51 22,50")
    shape(pen, (44, 84, 156), "12,43 5,25 12,25 24,41")
    shape(pen, shade, "14,44 3,40 8,39 24,43")
    shape(pen, (206, 212, 222), "56,46 32,62 40,62 70,47")
    shape(pen, dark, "80,41 85,42 86,44 81,44")
    oval(pen, dark, "44,54 54,59")


def ship(pen: Pen) -> None:
    """A freighter on open water."""
    shape(pen, (150, 40, 40), "8,62 88,58 84,66 80,70 16,70 12,67")
    shape(pen, (40, 48, 70), "6,54 26,55 74,55 92,50 86,62 8,64")
    shape(pen, (240, 240, 236), "12,54 12,36 30,36 30,55")
    shape(pen, (206, 210, 214), "14,36 14,29 26,29 26,36")
    shape(pen, (200, 70, 50), "16,29 16,20 22,20 22,29")
    for left, color in ((34, (196, 110, 60)), (46, (90, 130, 150)), (58, (200, 170, 90))):
        shape(pen, color, f"{left},55 {left},46 {left + 10},46 {left + 10},55")
    shape(pen, (60, 66, 80), "80,52 80,34 82,34 82,52")
    for left in (15, 20, 25):
        shape(pen, (70, 90, 120), f"{left},42 {left},39 {left + 3},39 {left + 3},42")


def automobile(pen: Pen) -> None:
    """A red car from the side."""
    red, glass = (196, 30, 34), (62, 78, 96)
    oval(pen, (44, 44, 48), "6,66 90,78")
    shape(pen, red, "6,66 6,54 12,48 28,46 38,34 62,33 74,46 88,50 92,58 91,67 84,69 10,69")
    shape(pen, glass, "32,46 40,37 50,36 50,46")
    shape(pen, glass, "53,46 53,36 61,36 70,46")
    shape(pen, (150, 18, 22), "6,60 92,60 91,67 84,69 10,69")
    shape(pen, (250, 240, 200), "86,51 91,54 90,57 85,56")
    wheels(pen, 24, 74)


def truck(pen: Pen) -> None:
    """A lorry from the side."""
    shape(pen, (40, 42, 46), "4,68 92,68 92,72 4,72")
    shape(pen, (232, 234, 236), "4,66 4,22 62,22 62,66")
    shape(pen, (196, 200, 206), "4,66 4,60 62,60 62,66")
    shape(pen, (214, 60, 40), "64,68 64,34 80,34 90,50 92,68")
    shape(pen, (70, 96, 120), "70,50 70,38 79,38 87,50")
    wheels(pen, 18, 34, 78)


def frog(pen: Pen) -> None:
    """A green frog that sits and looks."""
    green, light, dark = (98, 142, 48), (152, 176, 84), (58, 88, 30)
    oval(pen, dark, "8,46 44,84")
    oval(pen, dark, "52,46 88,84")
    oval(pen, green, "18,34 78,82")
    oval(pen, green, "22,22 74,60")
    oval(pen, light, "30,56 66,82")
    oval(pen, green, "22,14 42,34")
    oval(pen, green, "54,14 74,34")
    for left in (27, 59):
        oval(pen, (214, 186, 70), f"{left},18 {left + 11},29")
        oval(pen, (20, 20, 16), f"{left + 3},21 {left + 8},27")
    shape(pen, dark, "30,47 48,51 66,47 66,49 48,54 30,49")
    shape(pen, dark, "26,66 30,66 32,84 20,86")
    shape(pen, dark, "66,66 70,66 76,86 64,84")


def horse(pen: Pen) -> None:
    """A brown horse from the side."""
    coat, dark = (122, 70, 36), (56, 32, 20)
    oval(pen, coat, "22,36 72,60")
    shape(pen, coat, "60,44 70,22 78,16 84,24 92,32 88,37 80,34 74,40 72,54")
    shape(pen, dark, "60,44 66,26 74,16 78,15 70,30 66,44")
    shape(pen, dark, "74,18 76,11 79,17")
    shape(pen, dark, "24,40 14,46 10,66 16,62 20,50 27,46")
    for left in (26, 34, 58, 65):
        leg = f"{left},52 {left + 8},52 {left + 5},70 {left + 6},86 {left + 2},86 {left + 1},70"
        shape(pen, coat if left in (26, 65) else dark, leg)


def bird(pen: Pen) -> None:
    """A robin on a branch."""
    back, breast, dark = (112, 92, 72), (206, 108, 50), (58, 46, 38)
    shape(pen, (92, 72, 52), "0,76 96,68 96,73 0,82")
    shape(pen, dark, "26,60 6,76 10,80 34,68")
    oval(pen, back, "22,36 66,72")
    oval(pen, breast, "42,38 70,68")
    oval(pen, (226, 216, 200), "40,58 60,72")
    oval(pen, back, "46,20 74,48")
    oval(pen, breast, "56,28 74,50")
    shape(pen, (80, 62, 48), "24,52 48,44 52,54 36,66 22,66")
    shape(pen, (60, 54, 50), "72,32 84,35 72,38")
    oval(pen, (16, 14, 12), "62,27 67,32")
    for left in (46, 54):
        shape(pen, dark, f"{left},70 {left + 2},70 {left + 2},78 {left},78")


def deer(pen: Pen) -> None:
    """A roe deer at the edge of a wood."""
    coat, pale, dark = (150, 104, 62), (206, 176, 140), (84, 56, 36)
    for left in (30, 38, 60, 67):
        color = coat if left in (30, 67) else dark
        shape(pen, color, f"{left},54 {left + 6},54 {left + 4},72 {left + 4},88 {left + 1},88 {left + 1},72")
    oval(pen, coat, "25,40 74,62")
    oval(pen, pale, "23,42 32,54")
    shape(pen, coat, "60,46 68,24 78,22 76,36 72,54")
    shape(pen, coat, "68,24 72,17 80,17 88,27 86,30 76,29")
    shape(pen, coat, "71,19 62,13 66,21")
    shape(pen, coat, "78,18 84,10 82,20")
    for points in ("73,18 69,4 71,4 75,17", "71,9 64,5 65,4 71,7", "77,17 80,3 82,4 79,17", "80,9 87,5 87,7 80,11"):
        shape(pen, dark, points)
    oval(pen, (24, 18, 14), "77,20 80,23")
    shape(pen, dark, "85,27 89,27 88,30 86,30")


def shape(pen: Pen, color: Color, points: str) -> None:
    """A filled polygon: x,y of its corners."""
    corners = [tuple(float(part) * FINE for part in pair.split(",")) for pair in points.split()]
    pen.polygon(corners, fill=color)


def oval(pen: Pen, color: Color, points: str) -> None:
    """A filled ellipse in the box from the first point to the second."""
    corners = [tuple(float(part) * FINE for part in pair.split(",")) for pair in points.split()]
    pen.ellipse([*corners[0], *corners[1]], fill=color)


def wheels(pen: Pen, *middles: int) -> None:
    """Wheels on the ground."""
    for x in middles:
        oval(pen, (24, 24, 26), f"{x - 9},60 {x + 9},78")
        oval(pen, (150, 152, 156), f"{x - 4},65 {x + 4},73")


def scene(draw: Callable[[Pen], None], bands: tuple[tuple[int, Color, Color], ...], grain: float) -> Image.Image:
    """A thing before a background: each band from one height to the next, from a color to another, with some grain."""
    back = np.zeros((SIDE * FINE, SIDE * FINE, 3))
    for (top, first, last), bottom in zip(bands, [*(band[0] for band in bands[1:]), SIDE], strict=True):
        share = np.linspace(0, 1, (bottom - top) * FINE)[:, None, None]
        back[top * FINE : bottom * FINE] = np.array(first) * (1 - share) + np.array(last) * share
    picture = Image.fromarray(back.astype(np.uint8))
    draw(ImageDraw.Draw(picture))
    small = picture.resize((SIDE, SIDE), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.6))
    rough = np.random.default_rng(7).normal(0, grain, (SIDE // 3, SIDE // 3, 1)).repeat(3, 0).repeat(3, 1)
    noisy: NDArray[np.float64] = np.clip(np.asarray(small, np.float64) + rough, 0, 255)
    return Image.fromarray(noisy.astype(np.uint8))


SKY = ((96, 150, 214), (178, 208, 236))
ASPHALT = ((128, 128, 130), (96, 96, 98))
MEADOW = ((132, 150, 78), (98, 124, 52))
SCENES: dict[str, tuple[Callable[[Pen], None], tuple[tuple[int, Color, Color], ...], float]] = {
    "airplane": (airplane, ((0, *SKY),), 2),
    "ship": (ship, ((0, (170, 200, 228), (214, 226, 236)), (58, (70, 112, 150), (40, 78, 116))), 4),
    "automobile": (automobile, ((0, (186, 190, 190), (170, 176, 172)), (56, *ASPHALT)), 5),
    "truck": (truck, ((0, (176, 200, 224), (206, 216, 222)), (60, *ASPHALT)), 5),
    "bird": (bird, ((0, *SKY),), 5),
    "deer": (deer, ((0, (64, 84, 52), (90, 108, 62)), (60, *MEADOW)), 10),
    "frog": (frog, ((0, (108, 92, 66), (84, 68, 46)),), 14),
    "horse": (horse, ((0, (150, 176, 140), (170, 190, 150)), (56, *MEADOW)), 8),
}

if __name__ == "__main__":
    for name, parts in SCENES.items():
        scene(*parts).save(Path(__file__).parent / f"{name}.jpg", quality=88, optimize=True)
