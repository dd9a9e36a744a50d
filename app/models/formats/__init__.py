"""Weights that others trained: the layers of a file in one of five formats, read without executing anything."""

from .byte_source import ByteSource, DiskSource, MemorySource
from .detect import list_layers, read_layer
from .entries import Candidate, FirstLayer, UnreadableWeights
from .read_limits import OPERATOR_LIMITS, ReadLimits

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

read_layer = read_layer
