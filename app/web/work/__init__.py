"""Where work is done, in which order, and what is kept of it."""
