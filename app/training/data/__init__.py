"""Data sets on disk become the batches that a network learns from."""
