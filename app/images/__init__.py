"""Pictures: samples and uploads made into safe pixels, kept for a while, and cut into cells."""

from .added import Credit, add_sample, name_from
from .cut import cells, cut_box, size_of_cut
from .decode import Decoded, DecodeLimits
from .picture import Box, Picture, Pixels
from .samples import Sample, Samples, load_samples
from .store import Store, Stored, StoreFull
from .task import picture_now, picture_task

__all__ = [
    "Box",
    "Credit",
    "DecodeLimits",
    "Decoded",
    "Picture",
    "Pixels",
    "Sample",
    "Samples",
    "Store",
    "StoreFull",
    "Stored",
    "add_sample",
    "cells",
    "cut_box",
    "load_samples",
    "name_from",
    "picture_now",
    "picture_task",
    "size_of_cut",
]
