"""From arrays to colors, PNGs and pages. No other folder encodes images."""

from .color import Scale, to_photo_colors, to_signed_colors
from .kernel_thumbnails import draw_kernel_thumbnails
from .map_image import choose_scale, color_map, render_map_png
from .png import encode_png, enlarge, make_data_url

__all__ = [
    "Scale",
    "choose_scale",
    "color_map",
    "draw_kernel_thumbnails",
    "encode_png",
    "enlarge",
    "make_data_url",
    "render_map_png",
    "to_photo_colors",
    "to_signed_colors",
]
