"""Calls that ask a network why: what may be covered, and what excites a map of a layer most."""
