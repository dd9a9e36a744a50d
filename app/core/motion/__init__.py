"""What moves between two steps of a figure, as values: films move as the page does.

Each module is the same as one of `static/pure/motion/`; tests/golden/motion.json and tests/browser/pure/
test_film_twins.py hold both.
"""
