"""Weights that others trained: the first layer of a file in one of four formats, read without executing anything."""

from .layer import FirstLayer, UnreadableWeights
from .limits import OWN, ReadLimits
from .listing import Candidate, layers_in, read_layer
from .opening import read_first_layer
from .source import Held, OnDisk, Source

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
