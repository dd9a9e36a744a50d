"""The words beside the rows of a map: in the picture of a figure and in the first paint of a page."""
