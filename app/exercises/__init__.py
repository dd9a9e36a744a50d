"""Exercises with small numbers: made from a seed, checked by the tested core, written as files for courses."""
