"""Weights that others trained: the first layer of a file in one of four formats, read without executing anything."""

from .layer import FirstLayer, UnreadableWeights
from .limits import OWN, ReadLimits
from .opening import read_first_layer
from .source import Held, OnDisk, Source

__all__ = ["OWN", "FirstLayer", "Held", "OnDisk", "ReadLimits", "Source", "UnreadableWeights", "read_first_layer"]
