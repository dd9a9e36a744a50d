"""What strangers and whole classes do to a server, for minutes: `make soak`. Outside CI; the quick forms are tests."""
