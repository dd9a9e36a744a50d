"""Where work runs, in which order, and what is cached of it."""
