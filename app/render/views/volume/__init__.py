"""A layer as volumes: slices of input and output, all filters between them, the depth column, a flattened layer."""
