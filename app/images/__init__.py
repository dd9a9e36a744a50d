"""Pictures: samples and uploads made into safe pixels, kept for a while, and cut into cells."""

from .crop import cells, cut_box, size_of_cut
from .decoding.decode import Decoded, DecodeLimits
from .picture import Box, Picture, Pixels
from .picture_tasks import picture_now, picture_task
from .sample_writer import Credit, add_sample, name_from
from .samples import Sample, Samples, load_samples
from .store.store import Store, Stored, StoreFull

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
