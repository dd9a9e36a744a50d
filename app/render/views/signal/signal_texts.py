"""The catalogue of what the picture of a signal writes.

The live page writes the same: they belong to SIGNAL in `static/pure/strings/tab-strings.js` and are repeated here;
tests/render/test_signal_picture.py holds each of them to its owner, word for word.
"""

from __future__ import annotations

from ....core.texts import add_catalogue, make_text, write_message

SIGNAL_TEXTS = add_catalogue(
    {
        "signal_full": "fully connected",
        "signal_own": "local",
        "signal_shared": "shared",
        "signal_full_is": "each neuron reads everything",
        "signal_own_is": "each its own window and weights",
        "signal_shared_is": "the same weights at every place",
        "signal_numbers": "{count} numbers",
        "signal_one_number": "{count} number",
        "signal_part_drawn": "{drawn} of {all} inputs are drawn; the counts are those of the whole line.",
        "signal_equations_drawn": "{drawn} of {all} equations.",
        "signal_as_it_stands": "{letter} as it stands",
        "signal_turned": "{letter} turned",
        "signal_here": "here {numbers}: {cell}",
        "signal_rounded": "rounded: {rest}",
    }
)


def write_signal_text(code: str, **params: object) -> str:
    """Write a text of a signal."""
    return write_message(make_text(code, **params))
