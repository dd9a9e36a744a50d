"""Arrays into colors and pictures: the only place that encodes one."""

from .color import Scale, gray, photo, signed
from .kernel_thumbnails import tray
from .map_image import map_png, pixels_of, scale_of
from .png import data_uri, enlarge, png

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
