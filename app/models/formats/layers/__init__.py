"""Finds the convolutions among the arrays of a file, and reads their filters."""
