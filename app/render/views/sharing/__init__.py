"""The pictures of sharing: neurons, the layer as a matrix, and its windows in letters."""
