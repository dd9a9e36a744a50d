"""Prices networks without weights: patterns that unfold into layers, known networks, and counts by one set of rules."""
