"""Weights that others trained: the layers of a file in one of five formats, read without executing anything."""

from .layer import Candidate, FirstLayer, UnreadableWeights
from .limits import OWN, ReadLimits
from .opening import layers_in, read_first_layer
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

read_layer = read_first_layer
