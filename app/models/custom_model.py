"""A first layer that somebody brought becomes a model like any other: a bank in a safetensors file of this program."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Container
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..core.problems import Problem
from ..core.scene import Layer, LearnedFilters, Scene
from ..core.trace.wire import pack
from ..core.weights.bank import LearnedBank
from .formats import OWN, FirstLayer, Source, read_first_layer
from .model import Model, model_of

BROUGHT = "w-"
"""Names that begin so belong to the store, where weights stay for a while."""
UNTITLED = "Brought weights"
TITLE_CHARACTERS = 60
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_STRIDES = ((14, None), (10, 4), (7, 2))
"""What filters of at least such a side usually move by: patches by themselves, AlexNet's by 4, ResNet's by 2."""


def brought_in(scene: Scene) -> tuple[str, ...]:
    """The names in a scene that stand for weights in the store, each once."""
    names = {name for layer in scene.layers for name in _models_in(layer) if name.startswith(BROUGHT)}
    return tuple(sorted(names))


def can_vanish(layer: Layer) -> bool:
    """Whether what a layer means may change while the program runs, since somebody brought its weights."""
    return any(name.startswith(BROUGHT) for name in _models_in(layer))


def _models_in(layer: Layer) -> list[str]:
    """The models that a layer names."""
    named = layer.op in ("prepare", "model", "linear") and isinstance(layer.head, str)
    heads = [str(layer.head).partition("/")[0]] if named else []
    return heads + [one.model for one in layer.filters if isinstance(one, LearnedFilters)]


def bank_file(layer: FirstLayer, name: str, title: str) -> bytes:
    """The file of a model that has this layer alone. A file of weights keeps no stride: the usual one is taken."""
    shape = layer.weight.shape
    gray = shape[1] * layer.groups == 1
    guessed = layer.options is None
    options = dict(layer.options) if layer.options is not None else _usual(shape)
    if layer.groups > 1:
        options["groups"] = layer.groups
    arrays = {f"{layer.name}.weight": layer.weight}
    if layer.bias is not None:
        arrays[f"{layer.name}.bias"] = layer.bias
    about = {
        "version": 1,
        "name": name,
        "title": title,
        "card": {
            "parameters": sum(array.size for array in arrays.values()),
            "notes": [*_notes(options, guessed, layer.turned), *layer.notes],
        },
        "prepare": {
            "size": None,
            "channels": "gray" if gray else "rgb",
            "range": "unit",
            "invert": False,
            "mean": [0.0] if gray else [0.0, 0.0, 0.0],
            "std": [1.0] if gray else [1.0, 1.0, 1.0],
        },
        "classes": None,
        "layers": [{"name": layer.name, "op": "conv", "options": options}],
    }
    return pack(arrays, {"model": json.dumps(about)})


def title_of(file: str) -> str:
    """A title made of a file's name: its last part, printable and not long."""
    last = file.replace("\\", "/").rpartition("/")[2]
    clean = "".join(c for c in last if c.isprintable()).strip()[:TITLE_CHARACTERS]
    return clean or UNTITLED


def brought_model(id: str, data: bytes) -> Model | None:
    """The model in bytes that the store kept, under the name that the store gave it.

    None for bytes that are none: whatever a model is asked for later is read here once.
    """
    try:
        model = model_of(data)
        model = replace(model, header={**model.header, "name": id})
        model.to_json()
        read = [model.bank(layer) for layer in model.banks]
    except Exception:  # damaged bytes may break any line that reads them
        return None
    return model if read and all(_is_bank(bank) for bank in read) else None


def _is_bank(bank: LearnedBank | Problem) -> bool:
    return isinstance(bank, LearnedBank) and bank.weight.ndim == 4 and bank.weight.size > 0


def add_model(folder: Path, source: Source, name: str, title: str = "", layer: str | None = None) -> FirstLayer:
    """Reads a layer of a file of weights, the first if none is named, and keeps it in the folder as a model, for good.

    Adding a name again replaces its filters. A running server shows it after its next start. Raises ValueError for a
    name that a link could not hold, and UnreadableWeights, which is one, for a file without such a layer.
    """
    must_be_free(name)
    found = read_first_layer(source, OWN, layer)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{name}.unfinished"
    unfinished.write_bytes(bank_file(found, name, title or name.replace("-", " ").replace("_", " ").capitalize()))
    os.replace(unfinished, folder / f"{name}.safetensors")
    return found


def must_be_free(name: str, taken: Container[str] = ()) -> None:
    """Raises ValueError for a name that no link can hold, or that is in `taken`: those of models that ship."""
    if name in taken:
        raise ValueError(f"{name!r} is the name of a built-in model; please choose another.")
    if not _NAME.fullmatch(name) or name.startswith(BROUGHT):
        raise ValueError(
            f"{name!r} cannot be a model's name: allowed are 1 to 64 of a-z, 0-9, - and _, "
            "with a letter or digit first, and not w- (those are kept for a while only)."
        )


def name_of(file: str) -> str:
    """A model's name made of a file's: "AlexNet.pth" becomes "alexnet". Raises ValueError where none is left."""
    stem = re.split(r"[?#]", file)[0].rstrip("/").replace("\\", "/").rpartition("/")[2].rpartition(".")
    name = re.sub(r"[^a-z0-9_]+", "-", (stem[0] or stem[2]).lower()).strip("-_")[:64]
    if not name:
        raise ValueError(f"No name can be made of {file!r}; please give one with --name.")
    return name


def _usual(shape: tuple[int, ...]) -> dict[str, Any]:
    side = max(shape[2:]) if shape[2] == shape[3] else 1
    stride = next((step or side for least, step in _STRIDES if side >= least), 1)
    return {"stride": [stride, stride]} if stride > 1 else {}


def _notes(options: dict[str, Any], guessed: bool, turned: bool) -> list[str]:
    stride = options.get("stride", [1, 1])[0]
    notes = [
        "Pictures are scaled to 0 to 1; what mean and deviation the network was trained with, its file does not say."
    ]
    if guessed:
        notes.append(f"The file does not say the stride; shown with stride {stride}, usual for filters of this size.")
    if turned:
        notes.append("The file keeps them as TensorFlow does, (h, w, C, K); here they are (K, C, h, w).")
    return notes
