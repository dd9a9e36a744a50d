"""The catalogue of what the view Code writes in the picture of a figure.

The live page writes the same: the texts belong to TABS in `static/pure/strings/tab-strings.js` and are repeated here;
tests/render/test_program_picture.py holds each of them to its owner, word for word.
"""

from __future__ import annotations

from ...core.texts import Text, add_catalogue, make_text, write_message

PROGRAM_TEXTS = add_catalogue(
    {
        "program_stage": "This stage in {library}",
        "program_chain": "The whole chain in {library}",
        "program_line": "{beat}: line {lines}",
        "program_lines": "{beat}: lines {lines}",
        "program_chain_lacks": "The whole chain is not offered in {library}: "
        "stage {stage}, “{title}”, has no code there.",
    }
)


def write_program_text(code: str, /, **params: Text | str) -> str:
    """Write a text of the view Code. Raises KeyError for a code that is not there."""
    return write_message(make_text(code, **params))
