"""Sentences on a file whose weights depend on unknown objects, or that has no convolution."""

from __future__ import annotations

from .entries import Contents, quote


def describe_unknown_object(name: str) -> str:
    """Why weights that depend on an unknown object were not read."""
    if name.startswith(("torch.nn.modules", "torch.nn.parallel")):
        return (
            f"This file contains a whole model ({quote(name)}). Opening it would run its code, so it was not opened. "
            "Only plain weights are read: in PyTorch, torch.save(model.state_dict(), …)."
        )
    return (
        f"Opening this file would run {quote(name)}, so it was not opened. Only plain weights are read: "
        "in PyTorch, torch.save(model.state_dict(), …)."
    )


def explain_missing_layers(contents: Contents) -> str:
    """Why no convolution was found among the arrays of a file."""
    entries = contents.entries
    if contents.unknown:
        return describe_unknown_object(contents.unknown[0])
    if any(len(entry.shape) == 5 for entry in entries):
        return "The convolutions in this file are 3-D, for videos or volumes; pictures need 2-D ones (K, C, h, w)."
    if not entries:
        return "There are no arrays in this file."
    if any(entry.dtype == "object" for entry in entries):
        return (
            "There is no readable convolution in this file: its arrays are Python objects, which are not opened. "
            "np.savez('weights.npz', **arrays) saves a dictionary of plain arrays."
        )
    if any(len(entry.shape) == 4 for entry in entries):
        return "There is no convolution in this file: its arrays with four axes belong to an optimizer, not to a model."
    return f"There is no convolution in this file: none of its {len(entries):,} arrays has four axes (K, C, h, w)."


def describe_skipped(contents: Contents) -> tuple[str, ...]:
    """A note on objects that were skipped, if there were any."""
    if not contents.unknown:
        return ()
    some = ", ".join(quote(name) for name in contents.unknown[:3])
    return (f"Skipped without running it: {some}{' and others' if len(contents.unknown) > 3 else ''}.",)
