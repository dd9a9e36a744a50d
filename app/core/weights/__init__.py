"""Filters as arrays: classic, typed, random and trained ones."""
