"""The pages of figures side by side."""
