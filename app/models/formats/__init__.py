"""Reads the layers of weights files in five formats, without executing anything in them."""

from .byte_source import ByteSource, DiskSource, MemorySource
from .entries import Candidate, FirstLayer, UnreadableWeights
from .read_limits import OPERATOR_LIMITS, ReadLimits
from .weights_file import list_layers, read_layer

__all__ = [
    "OPERATOR_LIMITS",
    "ByteSource",
    "Candidate",
    "DiskSource",
    "FirstLayer",
    "MemorySource",
    "ReadLimits",
    "UnreadableWeights",
    "list_layers",
    "read_layer",
]
