"""How one cell of a Trace is computed: which cells it reads, what each contributes, what the result is.

A step is computed from the Trace's arrays on request. The browser's `frame.js` computes the same step;
tests/golden/steps.json holds independent numbers that both are tested against.
"""

from .step import explain_step

__all__ = ["explain_step"]
