"""Which arrays of a file are a layer, and how they are read as filters."""
