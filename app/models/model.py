"""A trained model: what its file says of it, its weights, and how they were learned."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ..core.arrays import Maps
from ..core.link.coerce import find_near_name
from ..core.messages import join_names, say
from ..core.operation_table import find_operation
from ..core.ops.preprocessing import Preprocessing
from ..core.problems import Problem
from ..core.scene import Layer, LearnedFilters, OptionValue
from ..core.trace.wire import read_header, unpack
from ..core.weights.bank import LearnedBank
from ..core.weights.pretrained import LearnedLinear, ModelLayer
from .film import Film, read_film

HEADER_BYTES = 100_000
"""What is read of a file to learn what is in it."""
FILM = ".film.safetensors"


@dataclass(frozen=True)
class Model:
    """One model. Laws: its name never changes its meaning; arrays are read from disk when first asked for.

    `header` is the description in the file, ready for JSON: title, card, prepare, classes, layers. `shapes` holds
    the shape of every array by its name (`conv1.weight`). Names of layers have `-` where the file has dots.
    `data` is the whole file where that is no longer, or never was, on the disk by that name.
    """

    header: Mapping[str, Any]
    shapes: Mapping[str, tuple[int, ...]]
    file: Path
    data: bytes | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """What links call it."""
        return str(self.header["name"])

    @property
    def title(self) -> str:
        """What menus call it."""
        return str(self.header["title"])

    @property
    def classes(self) -> tuple[str, ...]:
        """What its outputs stand for; none where that is not known."""
        return tuple(self.header.get("classes") or ())

    @cached_property
    def prepare(self) -> Preprocessing:
        """How pictures are brought to what it reads."""
        said = self.header["prepare"]
        size = (int(said["size"][0]), int(said["size"][1])) if said.get("size") else None
        invert = said.get("invert", False)
        return Preprocessing(self.name, size, tuple(said["mean"]), tuple(said["std"]), invert)

    @cached_property
    def layers(self) -> tuple[ModelLayer, ...]:
        """Preparation and all layers, as a link would write them."""
        rows = (ModelLayer(_dashed(row["name"]), self._as_layer(row)) for row in self.header["layers"])
        return (ModelLayer("", Layer("prepare", head=self.name)), *rows)

    @property
    def first(self) -> str:
        """The first layer with filters."""
        return self.banks[0]

    @cached_property
    def banks(self) -> tuple[str, ...]:
        """The layers whose weights are filters: convolutions, and templates as large as the picture."""
        return tuple(name for name, shape in self._bank_shapes.items() if shape)

    @cached_property
    def linears(self) -> tuple[str, ...]:
        """The fully connected layers."""
        return tuple(one.name for one in self.layers if one.layer.op == "linear")

    def bank_shape(self, layer: str) -> tuple[int, ...]:
        """(K, C, h, w) of a layer with filters."""
        return self._bank_shapes[layer]

    def bank(self, layer: str, moment: int | None = None) -> LearnedBank | Problem:
        """The filters of a layer, at the kept moment nearest to a step of training if one is said."""
        if layer not in self.banks:
            return unknown("no_layer", "filters", layer, self.banks, model=self.name)
        if moment is not None:
            return self._filmed(layer, moment)
        return self._finished[layer]

    def linear(self, layer: str) -> LearnedLinear | Problem:
        """A fully connected layer; the last one's outputs are the classes."""
        if layer not in self.linears:
            return unknown("no_linear", "layers", layer, self.linears, model=self.name)
        return LearnedLinear(self.weights[f"{layer}.weight"], self._bias(layer), self._names(layer))

    @cached_property
    def _finished(self) -> Mapping[str, LearnedBank]:
        """The filters of every layer that has some, at the end of training."""
        return {layer: self._bank(layer) for layer in self.banks}

    def _bank(self, layer: str) -> LearnedBank:
        weight, bias = self.weights[f"{layer}.weight"], self._bias(layer)
        return LearnedBank(weight.reshape(self.bank_shape(layer)), bias, self._options(layer), names=self._names(layer))

    @cached_property
    def weights(self) -> Mapping[str, Maps]:
        """Every array as float32, by its name. They cannot be written to."""
        arrays, _ = unpack(self.file.read_bytes() if self.data is None else self.data)
        return {_dashed_array(name): _float32(array) for name, array in arrays.items()}

    @cached_property
    def film(self) -> Film | None:
        """How the first layer was learned, if that was kept."""
        if self.data is not None:
            return None
        file = self.file.with_name(self.file.name.removesuffix(".safetensors") + FILM)
        return read_film(file) if file.exists() else None

    def to_json(self) -> dict[str, Any]:
        """The model as menus show it."""
        shape = self.bank_shape(self.first)
        return {
            "name": self.name,
            "title": self.title,
            "layer": self.first,
            "filters": shape[0],
            "shape": list(shape[1:]),
            "options": {name: _json(value) for name, value in self._options(self.first)},
            "prepare": dict(self.header["prepare"]),
            "classes": list(self.classes),
            "card": dict(self.header["card"]),
            "layers": [self._layer_json(one) for one in self.layers[1:]],
            "film": self.film.to_json() if self.film else None,
        }

    def _layer_json(self, one: ModelLayer) -> dict[str, Any]:
        row, arrays = find_operation(one.layer.op), [f"{one.name}.{kind}" for kind in ("weight", "bias")]
        shape = self.shapes.get(arrays[0])
        return {
            "name": one.name,
            "op": one.layer.op,
            "title": row.title if row else one.layer.op,
            "head": _json(one.layer.head) if one.layer.op != "linear" else None,
            "options": {name: _json(value) for name, value in (self._options(one.name) or one.layer.options)},
            "shape": list(shape) if shape else None,
            "parameters": sum(int(np.prod(self.shapes[name])) for name in arrays if name in self.shapes),
            "filters": one.name in self.banks,
        }

    def _as_layer(self, row: Mapping[str, Any]) -> Layer:
        name = _dashed(row["name"])
        if row["op"] == "conv":
            return Layer("conv", (LearnedFilters(self.name, name),))
        if row["op"] == "linear":
            return Layer("linear", head=f"{self.name}/{name}")
        head = row.get("head")
        return Layer(row["op"], head=_value(head), options=_options_of(row))

    def _options(self, layer: str) -> tuple[tuple[str, OptionValue], ...]:
        rows = {_dashed(row["name"]): row for row in self.header["layers"]}
        return _options_of(rows[layer]) if rows[layer]["op"] == "conv" else ()

    def _names(self, layer: str) -> tuple[str, ...]:
        """What the outputs of the last fully connected layer stand for; of other layers nothing is known."""
        last = self.linears[-1:] == (layer,) and len(self.classes) == self.shapes[f"{layer}.weight"][0]
        return self.classes if last else ()

    def _bias(self, layer: str) -> Maps:
        bias = self.weights.get(f"{layer}.bias")
        return np.zeros(self.shapes[f"{layer}.weight"][0], np.float32) if bias is None else bias

    @cached_property
    def _bank_shapes(self) -> Mapping[str, tuple[int, ...]]:
        """(K, C, h, w) by layer; of fully connected layers only the first counts, where it reads the picture itself."""
        found: dict[str, tuple[int, ...]] = {}
        for row in self.header["layers"]:
            name, shape = _dashed(row["name"]), self.shapes.get(f"{_dashed(row['name'])}.weight", ())
            if row["op"] == "conv":
                found[name] = shape
            elif row["op"] == "linear" and not found and self.prepare.size:
                picture = (self.prepare.channels, *self.prepare.size)
                found[name] = (shape[0], *picture) if shape[1] == int(np.prod(picture)) else ()
        return found

    def _filmed(self, layer: str, moment: int) -> LearnedBank | Problem:
        film, name = self.film, f"{self.name}/{layer}"
        if film is None or film.layer != layer:
            left_out = say("no_moment_left")
            text = say("no_film", name=name, value=moment, allowed=left_out)
            return Problem("filters", str(moment), left_out, text)
        if moment > film.last:
            can_be = say("whole", least=0, most=film.last)
            text = say("no_moment", name=name, value=moment, last=film.last, allowed=can_be)
            return Problem("filters", str(moment), can_be, text)
        frame = film.nearest(moment)
        step = int(film.moment[frame])
        notes = () if step == moment else (say("nearest_moment", asked=moment, shown=step),)
        bias = film.bias[frame].astype(np.float32)
        indices, names = tuple(film.map.tolist()), self._names(layer)
        return LearnedBank(film.weight(frame), bias, self._options(layer), indices, step, notes, names)


def read_model(file: Path) -> Model:
    """The model in a safetensors file, of which only the header is read. Raises ValueError or KeyError."""
    with file.open("rb") as stream:
        return _model_in(stream.read(HEADER_BYTES), file)


def model_of(data: bytes) -> Model:
    """The model in the bytes of a safetensors file. Raises ValueError or KeyError."""
    return replace(_model_in(data, Path()), data=data)


def _model_in(head: bytes, file: Path) -> Model:
    entries, metadata, _ = read_header(head)
    shapes = {_dashed_array(name): tuple(entry["shape"]) for name, entry in entries.items()}
    return Model(json.loads(metadata["model"]), shapes, file)


def unknown(sentence: str, field: str, name: str, names: Iterable[str], **parts: str) -> Problem:
    """A name that nothing has, with those that there are and the one that may have been meant."""
    names = list(names)
    can_be = join_names(names)
    near = find_near_name(name, names)
    text = say(sentence, value=name, allowed=can_be, **parts) + (say("near_name", used=near) if near else "")
    return Problem(field, name, can_be, text)


def _dashed(name: str) -> str:
    """The name of a layer as links can write it: a dot there chooses a filter."""
    return name.replace(".", "-")


def _dashed_array(name: str) -> str:
    layer, dot, kind = name.rpartition(".")
    return _dashed(layer) + dot + kind


def _float32(array: Any) -> Maps:
    made: Maps = array.astype(np.float32)
    made.flags.writeable = False
    return made


def _options_of(row: Mapping[str, Any]) -> tuple[tuple[str, OptionValue], ...]:
    known = find_operation(row["op"])
    said = row.get("options") or {}
    names = [option.name for option in known.options if option.name in said] if known else []
    return tuple((name, value) for name in names if (value := _value(said[name])) is not None)


def _value(said: Any) -> OptionValue | None:
    value: OptionValue | None = tuple(said) if isinstance(said, list) else said
    return value


def _json(value: OptionValue | None) -> Any:
    return list(value) if isinstance(value, tuple) else value
