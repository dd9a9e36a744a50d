"""Arrays into colors and pictures: the only place that encodes one."""

from .color import Scale, gray, photo, signed
from .png import data_uri, enlarge, png
from .stage import map_png, pixels_of, scale_of
from .tray import tray

__all__ = [
    "Scale",
    "data_uri",
    "enlarge",
    "gray",
    "map_png",
    "photo",
    "pixels_of",
    "png",
    "scale_of",
    "signed",
    "tray",
]
