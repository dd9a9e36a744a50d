"""Data sets from disk, and the batches that a network is trained on."""
