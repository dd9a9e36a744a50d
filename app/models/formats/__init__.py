"""Weights that others trained: the first layer of a file in one of four formats, read without executing anything."""

from .layer import FirstLayer, UnreadableWeights
from .opening import read_first_layer
from .source import Held, OnDisk, Source

__all__ = ["FirstLayer", "Held", "OnDisk", "Source", "UnreadableWeights", "read_first_layer"]
