"""Pictures: samples and uploads made into safe pixels, kept for a while, and cut into cells."""

from .cut import cells, cut_box, size_of_cut
from .picture import Box, Picture, Pixels
from .samples import Sample, Samples, load_samples

__all__ = [
    "Box",
    "Picture",
    "Pixels",
    "Sample",
    "Samples",
    "cells",
    "cut_box",
    "load_samples",
    "size_of_cut",
]
