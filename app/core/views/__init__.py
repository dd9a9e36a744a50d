"""The views of a step: which of them a layer has, and what they show beyond its numbers."""
