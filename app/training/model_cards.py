"""The cards of all models in a folder as one page, README.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..core.number_text import format_percent
from ..core.trace.wire import unpack
from ..models.library import list_model_files

HEAD = """# The models

Each model is two files. `NAME.safetensors` holds the weights of all its layers, and under `__metadata__`.`model` its
description and its card as JSON; `NAME.film.safetensors` holds the first layer at some moments of its training
(`value = low + step · byte`), with the loss and the accuracy measured then. Written by `convoscope train`, as is this
page. All sums and pictures of a model are computed from exactly these weights, and so is the accuracy. None of the
pictures that they learned from is in here.

A model with convolutions has a third file, `NAME.peaks.safetensors`, which `python -m tests.golden.make_peaks` writes:
the samples in which each of its maps is largest, with row and column.
"""


def write_cards(folder: Path) -> None:
    """Write README.md from the models in the folder."""
    (folder / "README.md").write_text(format_cards(folder), encoding="utf-8")


def format_cards(folder: Path) -> str:
    """Format the page: an introduction, then the card of each model, by name."""
    files = list_model_files(folder)
    return "\n".join([HEAD, *(_format_card(file) for file in files)])


def _format_card(file: Path) -> str:
    weights, metadata = unpack(file.read_bytes())
    model: dict[str, Any] = json.loads(metadata["model"])
    card = model["card"]
    rows = {
        "layers": " → ".join(_format_layer(layer, weights) for layer in model["layers"]),
        "accuracy": f"{format_percent(card['accuracy'])} on {card['accuracy_on']}",
        "parameters": f"{card['parameters']:,}, kept in {'/'.join(sorted({str(w.dtype) for w in weights.values()}))}",
        "learned from": f"{card['data']}, {card['data_source']}",
        "licence of the data": card["data_licence"],
        "recipe": card["recipe"],
        "seed, date": f"{card['seed']}, {card['date']}",
        "made by": f"`{card['command']}`",
    }
    table = "\n".join(f"| {name} | {text} |" for name, text in rows.items())
    notes = "".join(f"\n{note}\n" for note in card["notes"])
    return f"## {model['name']}: {model['title']}\n\n| | |\n|---|---|\n{table}\n{notes}"


def _format_layer(layer: dict[str, Any], weights: dict[str, Any]) -> str:
    weight = weights.get(f"{layer['name']}.weight")
    if weight is None:
        return str(layer["op"])
    if weight.ndim == 2:
        return f"linear {len(weight)}"
    stride = layer["options"]["stride"][0]
    return f"conv {len(weight)}@{weight.shape[2]}×{weight.shape[3]}" + (f" stride {stride}" if stride > 1 else "")
