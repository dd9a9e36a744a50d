"""What is said of a file whose weights hang on something unknown, or that has none."""

from __future__ import annotations

from .entries import Contents, quote


def describe_unknown_object(name: str) -> str:
    """The sentence for weights that hang on something that is not known here."""
    if name.startswith(("torch.nn.modules", "torch.nn.parallel")):
        return (
            f"This file holds a whole model ({quote(name)}), which opening would run, so it was not opened. Only "
            "plain weights are read: in PyTorch, torch.save(model.state_dict(), …)."
        )
    return (
        f"Opening this file would run {quote(name)}, so it was not opened. Only plain weights are read: "
        "in PyTorch, torch.save(model.state_dict(), …)."
    )


def explain_missing_layers(contents: Contents) -> str:
    """Why there is no convolution among the arrays of a file."""
    known = contents.entries
    if contents.unknown:
        return describe_unknown_object(contents.unknown[0])
    if any(len(entry.shape) == 5 for entry in known):
        return "The convolutions in this file are 3-D, for films or volumes; pictures need 2-D ones (K, C, h, w)."
    if not known:
        return "There are no arrays in this file."
    if any(entry.kind == "object" for entry in known):
        return (
            "There is no convolution in this file that can be read: its arrays are Python objects, which are not "
            "opened. np.savez('weights.npz', **arrays) makes a file of a dictionary of arrays."
        )
    if any(len(entry.shape) == 4 for entry in known):
        return "There is no convolution in this file: what has four axes is no weights of a model, but an optimizer's."
    return f"There is no convolution in this file: none of its {len(known):,} arrays has four axes (K, C, h, w)."


def describe_skipped(contents: Contents) -> tuple[str, ...]:
    """What is said of objects beside the weights, if there were any."""
    if not contents.unknown:
        return ()
    some = ", ".join(quote(name) for name in contents.unknown[:3])
    return (f"Skipped, and nothing of it run: {some}{' and others' if len(contents.unknown) > 3 else ''}.",)
