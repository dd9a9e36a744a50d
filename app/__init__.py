"""Convoscope: a picture, a filter, and the arithmetic between them, number by number."""

__version__ = "0.1.0"
