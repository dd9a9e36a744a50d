"""Models made from a layer of somebody's weights: uploaded for a limited time, or added permanently by an operator."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Container
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..core.operation_table import OPERATIONS
from ..core.problems import Problem
from ..core.scene import Layer, LearnedFilters, Scene
from ..core.texts import Text, make_text, write_in_english
from ..core.trace.wire import pack
from ..core.weights.bank import LearnedBank
from ..processes.file_errors import pack_text
from .formats import OPERATOR_LIMITS, ByteSource, FirstLayer, read_layer
from .model import Model, parse_model

TRAINED_OPERATIONS = frozenset(row.name for row in OPERATIONS if row.names_model)
UPLOAD_PREFIX = "w-"
"""Names that begin so are ids of uploaded weights in the store."""
UNTITLED = "Uploaded weights"
TITLE_CHARACTERS = 60
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_USUAL_STRIDES = ((14, None), (10, 4), (7, 2))
"""The usual stride of filters of at least such a side: 4 as AlexNet, 2 as ResNet, None for patches: their own side."""


def find_uploaded_models(scene: Scene) -> tuple[str, ...]:
    """The ids of uploaded weights in a scene, each once, sorted."""
    names = {name for layer in scene.layers for name in _list_named_models(layer) if name.startswith(UPLOAD_PREFIX)}
    return tuple(sorted(names))


def uses_uploaded_model(layer: Layer) -> bool:
    """Whether a layer uses uploaded weights, which expire while the program runs."""
    if not layer.filters and layer.op not in TRAINED_OPERATIONS:
        return False
    return any(name.startswith(UPLOAD_PREFIX) for name in _list_named_models(layer))


def _list_named_models(layer: Layer) -> list[str]:
    """The names of the models that a layer uses."""
    named = layer.op in TRAINED_OPERATIONS and isinstance(layer.head, str)
    heads = [str(layer.head).partition("/")[0]] if named else []
    return heads + [one.model for one in layer.filters if isinstance(one, LearnedFilters)]


def encode_model_file(layer: FirstLayer, name: str, title: str) -> bytes:
    """The safetensors file of a model with this layer alone. Unknown options get a usual stride."""
    shape = layer.weight.shape
    is_gray = shape[1] * layer.groups == 1
    is_guessed = layer.options is None
    options = dict(layer.options) if layer.options is not None else _guess_options(shape)
    if layer.groups > 1:
        options["groups"] = layer.groups
    arrays = {f"{layer.name}.weight": layer.weight}
    if layer.bias is not None:
        arrays[f"{layer.name}.bias"] = layer.bias
    notes = [*_make_notes(options, is_guessed, layer.reordered), *layer.notes]
    header = {
        "version": 1,
        "name": name,
        "title": title,
        "card": {
            "parameters": sum(array.size for array in arrays.values()),
            "notes": list(map(write_in_english, notes)),
            "texts": list(map(pack_text, notes)),
        },
        "prepare": {
            "size": None,
            "channels": "gray" if is_gray else "rgb",
            "range": "unit",
            "invert": False,
            "mean": [0.0] if is_gray else [0.0, 0.0, 0.0],
            "std": [1.0] if is_gray else [1.0, 1.0, 1.0],
        },
        "classes": None,
        "layers": [{"name": layer.name, "op": "conv", "options": options}],
    }
    return pack(arrays, {"model": json.dumps(header)})


def make_model_title(file: str) -> str:
    """A title from a file name: its last part, printable, of limited length."""
    last = file.replace("\\", "/").rpartition("/")[2]
    clean = "".join(c for c in last if c.isprintable()).strip()[:TITLE_CHARACTERS]
    return clean or UNTITLED


def read_uploaded_model(id: str, data: bytes) -> Model | None:
    """The model in the bytes of an upload, named by its id; None for damaged bytes.

    Reads everything that is used later, so that all damage is found here.
    """
    try:
        model = parse_model(data)
        model = replace(model, header={**model.header, "name": id})
        model.to_json()
        banks = [model.bank(layer) for layer in model.filter_layers]
    except Exception:  # damaged bytes may raise any exception
        return None
    return model if banks and all(_is_usable_bank(bank) for bank in banks) else None


def _is_usable_bank(bank: LearnedBank | Problem) -> bool:
    return isinstance(bank, LearnedBank) and bank.weight.ndim == 4 and bank.weight.size > 0


def add_model(folder: Path, source: ByteSource, name: str, title: str = "", layer: str | None = None) -> FirstLayer:
    """Reads a layer of a weights file, by default the first, and writes it to the folder as a model.

    Adding a name again replaces its filters. A running server shows it after its next start. Raises ValueError for a
    name that a link cannot contain, and its subclass UnreadableWeights for a file without such a layer.
    """
    check_model_name(name)
    read = read_layer(source, OPERATOR_LIMITS, layer)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{name}.unfinished"
    title = title or name.replace("-", " ").replace("_", " ").capitalize()
    unfinished.write_bytes(encode_model_file(read, name, title))
    os.replace(unfinished, folder / f"{name}.safetensors")
    return read


def check_model_name(name: str, taken: Container[str] = ()) -> None:
    """Raises ValueError for a name that no link can contain, or one in `taken`, those of the built-in models."""
    if name in taken:
        raise ValueError(f"{name!r} is the name of a built-in model; please choose another.")
    if not _NAME.fullmatch(name) or name.startswith(UPLOAD_PREFIX):
        raise ValueError(
            f"{name!r} cannot be a model's name: allowed are 1 to 64 of a-z, 0-9, - and _, "
            "with a letter or digit first, and not beginning with w- (those are uploads)."
        )


def make_model_name(file: str) -> str:
    """A model name from a file name or URL: "AlexNet.pth" becomes "alexnet". Raises ValueError if nothing is left."""
    stem = re.split(r"[?#]", file)[0].rstrip("/").replace("\\", "/").rpartition("/")[2].rpartition(".")
    name = re.sub(r"[^a-z0-9_]+", "-", (stem[0] or stem[2]).lower()).strip("-_")[:64]
    if not name:
        raise ValueError(f"No name can be made from {file!r}; please give one with --name.")
    return name


def _guess_options(shape: tuple[int, ...]) -> dict[str, Any]:
    side = max(shape[2:]) if shape[2] == shape[3] else 1
    stride = next((step or side for least, step in _USUAL_STRIDES if side >= least), 1)
    return {"stride": [stride, stride]} if stride > 1 else {}


def _make_notes(options: dict[str, Any], is_guessed: bool, reordered: bool) -> list[Text]:
    stride = options.get("stride", [1, 1])[0]
    notes = [make_text("unknown_preprocessing_note")]
    if is_guessed:
        notes.append(make_text("guessed_stride_note", stride=stride))
    if reordered:
        notes.append(make_text("tensorflow_order_note"))
    return notes
