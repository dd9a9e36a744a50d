"""The examples of the page /examples: figures of lectures, each with its link. The rows are in `examples.json`."""

from .example_table import EXAMPLES, Example, Topic, read_examples

__all__ = ["EXAMPLES", "Example", "Topic", "read_examples"]
