"""Known networks, each defined once: its version, its source, its input, and its layers as patterns."""
