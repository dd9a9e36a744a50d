"""One step of a Trace explained: which cells are read, what each contributes, what comes out.

A Trace holds arrays; a step is made from them when somebody asks for it. The browser's `frame.js` says the same of
the same step: tests/golden/steps.json holds both to numbers that neither of them made.
"""

from .step import explain_step

__all__ = ["explain_step"]
