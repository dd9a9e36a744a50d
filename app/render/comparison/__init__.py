"""The first paint of figures side by side."""
