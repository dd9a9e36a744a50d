"""The numbers of a step as texts that add up, the same as in the browser's `static/pure/text/`.

The products add up to the sum of their channel, these to the sum; the sum ÷ divisor + bias is the result, or
`rounding` says what is missing. tests/golden/number_text.json and the tests of `step-texts.js` hold both sides.
"""

from .step_texts import ChannelTexts, StepTexts, TermTexts
from .step_writer import write_step

__all__ = ["ChannelTexts", "StepTexts", "TermTexts", "write_step"]
