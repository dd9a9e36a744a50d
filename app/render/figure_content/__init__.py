"""What a figure shows, before it is laid out: maps with their channel and colors, the numbers and texts of a step.

The first paint of a page and the picture of a figure both show it.
"""
