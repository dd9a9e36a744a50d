"""Backends: each translates the display list of a figure to one format, in a module of its own."""
