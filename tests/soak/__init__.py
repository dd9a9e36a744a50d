"""Load from hostile clients and whole classes, for minutes: `make soak`. Not in CI; short forms are tests."""
