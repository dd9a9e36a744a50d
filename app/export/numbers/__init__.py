"""The numbers of a figure as tables and arrays."""
