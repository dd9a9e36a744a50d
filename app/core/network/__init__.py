"""Whole networks: their Trace in parts, the memory that it takes, and what is asked of a chain on many inputs."""
