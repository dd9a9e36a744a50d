"""Pictures: samples and uploads made into safe pixels, kept for a while, and cut into cells."""

from .added import Credit, add_sample, name_from
from .cut import cells, cut_box, size_of_cut
from .decode import Decoded, DecodeLimits
from .picture import Box, Picture, Pixels
from .refusal import Refusal, UnreadablePicture
from .samples import Sample, Samples, load_samples
from .store import Store, Stored, StoreFull
from .worker import Decoder

__all__ = [
    "Box",
    "Credit",
    "DecodeLimits",
    "Decoded",
    "Decoder",
    "Picture",
    "Pixels",
    "Refusal",
    "Sample",
    "Samples",
    "Store",
    "StoreFull",
    "Stored",
    "UnreadablePicture",
    "add_sample",
    "cells",
    "cut_box",
    "load_samples",
    "name_from",
    "size_of_cut",
]
