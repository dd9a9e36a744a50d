"""The views of a step in the picture of a figure: each lays itself out in the place of the maps."""
