"""Sentences on a file whose weights depend on unknown objects, or that has no convolution."""

from __future__ import annotations

from ...core.texts import Text, make_text
from .entries import Contents, quote


def describe_unknown_object(name: str) -> Text:
    """Why weights that depend on an unknown object were not read."""
    if name.startswith(("torch.nn.modules", "torch.nn.parallel")):
        return make_text("whole_model", name=quote(name))
    return make_text("unknown_object", name=quote(name))


def explain_missing_layers(contents: Contents) -> Text:
    """Why no convolution was found among the arrays of a file."""
    entries = contents.entries
    if contents.unknown:
        return describe_unknown_object(contents.unknown[0])
    if any(len(entry.shape) == 5 for entry in entries):
        return make_text("convolutions_3d")
    if not entries:
        return make_text("no_arrays")
    if any(entry.dtype == "object" for entry in entries):
        return make_text("object_arrays")
    if any(len(entry.shape) == 4 for entry in entries):
        return make_text("optimizer_arrays")
    return make_text("no_four_axes", count=len(entries))


def describe_skipped(contents: Contents) -> tuple[Text, ...]:
    """A note on objects that were skipped, if there were any."""
    if not contents.unknown:
        return ()
    some = ", ".join(quote(name) for name in contents.unknown[:3])
    code = "skipped_and_others_note" if len(contents.unknown) > 3 else "skipped_note"
    return (make_text(code, names=some),)
