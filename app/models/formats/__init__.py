"""Weights that others trained: the layers of a file in one of five formats, read without executing anything."""

from .byte_source import Held, OnDisk, Source
from .detect import layers_in, read_first_layer
from .entries import Candidate, FirstLayer, UnreadableWeights
from .read_limits import OWN, ReadLimits

__all__ = [
    "OWN",
    "Candidate",
    "FirstLayer",
    "Held",
    "OnDisk",
    "ReadLimits",
    "Source",
    "UnreadableWeights",
    "layers_in",
    "read_first_layer",
    "read_layer",
]

read_layer = read_first_layer
