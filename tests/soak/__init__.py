"""Hours of what strangers and whole classes do to a server: `make soak`. Outside CI; the quick forms are tests."""
