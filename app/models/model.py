"""A trained model: the description in its file, its weights and its film."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np

from ..core.arrays import Maps
from ..core.link.coerce import find_near_name
from ..core.messages import join_names
from ..core.operation_table import find_operation
from ..core.ops.preprocessing import Preprocessing
from ..core.problems import Problem, make_problem
from ..core.scene import Layer, LearnedFilters, OptionValue
from ..core.texts import Text, make_text, read_text_json
from ..core.trace.wire import read_header, unpack
from ..core.weights.bank import LearnedBank
from ..core.weights.pretrained import LearnedLinear, ModelLayer
from .film import Film, read_film
from .peak_file import PEAKS_SUFFIX, ModelPeaks, read_peaks

HEADER_BYTES = 100_000
"""The bytes of a file that are read for its header."""
LEAST_MAPPED_BYTES = 16_000_000
"""Smaller files are read at once."""
FILM_SUFFIX = ".film.safetensors"
PICTURE_SIDE = 227
"""Cells of a sample's side for a model that takes pictures of any size."""


@dataclass(frozen=True)
class Model:
    """One model. Its arrays are read from disk when they are first used.

    `header` is the JSON description in the file: name, title, card, prepare, classes, layers. `shapes` holds the shape
    of every array by its name (`conv1.weight`). Layer names have `-` where the file has dots. `data` is the whole file
    for models that are not read from disk.
    """

    header: Mapping[str, Any]
    shapes: Mapping[str, tuple[int, ...]]
    file: Path
    data: bytes | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The name in links."""
        return str(self.header["name"])

    @property
    def title(self) -> str:
        """The title in menus."""
        return str(self.header["title"])

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of its outputs; none if they are not known."""
        return tuple(self.header.get("classes") or ())

    @cached_property
    def prepare(self) -> Preprocessing:
        """The preprocessing of its pictures."""
        row = self.header["prepare"]
        size = (int(row["size"][0]), int(row["size"][1])) if row.get("size") else None
        invert = row.get("invert", False)
        return Preprocessing(self.name, size, tuple(row["mean"]), tuple(row["std"]), invert)

    @cached_property
    def layers(self) -> tuple[ModelLayer, ...]:
        """The preprocessing and all layers, as in a link."""
        rows = (ModelLayer(_to_link_name(row["name"]), self._make_layer(row)) for row in self.header["layers"])
        return (ModelLayer("", Layer("prepare", head=self.name)), *rows)

    @property
    def first_layer(self) -> str:
        """The name of the first layer with filters."""
        return self.filter_layers[0]

    @cached_property
    def filter_layers(self) -> tuple[str, ...]:
        """The names of the layers whose weights are filters: convolutions, and templates as large as the picture."""
        return tuple(name for name, shape in self._bank_shapes.items() if shape)

    @cached_property
    def linear_layers(self) -> tuple[str, ...]:
        """The names of the fully connected layers."""
        return tuple(one.name for one in self.layers if one.layer.op == "linear")

    def bank_shape(self, layer: str) -> tuple[int, ...]:
        """(K, C, h, w) of a layer with filters."""
        return self._bank_shapes[layer]

    def bank(self, layer: str, moment: int | None = None) -> LearnedBank | Problem:
        """The filters of a layer, trained, or at the film's moment nearest to a training step."""
        if layer not in self.filter_layers:
            return make_unknown_name_problem("no_layer", "filters", layer, self.filter_layers, model=self.name)
        if moment is not None:
            return self._find_bank_at(layer, moment)
        return self._trained_banks[layer]

    @property
    def first_bank(self) -> LearnedBank:
        """The trained filters of the first layer."""
        return self._trained_banks[self.first_layer]

    def linear(self, layer: str) -> LearnedLinear | Problem:
        """A fully connected layer; the outputs of the last one are the classes."""
        if layer not in self.linear_layers:
            return make_unknown_name_problem("no_linear", "layers", layer, self.linear_layers, model=self.name)
        return LearnedLinear(self.weights[f"{layer}.weight"], self._bias(layer), self._names(layer))

    @cached_property
    def _trained_banks(self) -> Mapping[str, LearnedBank]:
        """The filters of every layer with filters, at the end of the training."""
        return {layer: self._make_bank(layer) for layer in self.filter_layers}

    def _make_bank(self, layer: str) -> LearnedBank:
        weight, bias = self.weights[f"{layer}.weight"], self._bias(layer)
        return LearnedBank(weight.reshape(self.bank_shape(layer)), bias, self._options(layer), names=self._names(layer))

    @cached_property
    def weights(self) -> Mapping[str, Maps]:
        """Every array by its name, as read-only float32.

        A large file is mapped into memory: the system reads what is used, and its float32 are not copied. Such a file
        must not be written over in place while it is open.
        """
        arrays, _ = unpack(_read_or_map(self.file) if self.data is None else self.data)
        return {_to_link_array_name(name): _to_float32(array) for name, array in arrays.items()}

    @cached_property
    def film(self) -> Film | None:
        """The film of the training, if there is one."""
        if self.data is not None:
            return None
        file = self.file.with_name(self.file.name.removesuffix(".safetensors") + FILM_SUFFIX)
        return read_film(file) if file.exists() else None

    @cached_property
    def peaks(self) -> ModelPeaks | None:
        """What excites its convolutions most, for a model that comes with the program."""
        if self.data is not None:
            return None
        file = self.file.with_name(self.file.name.removesuffix(".safetensors") + PEAKS_SUFFIX)
        return read_peaks(file) if file.exists() else None

    def to_json(self) -> dict[str, Any]:
        """The model as menus show it."""
        shape = self.bank_shape(self.first_layer)
        return {
            "name": self.name,
            "title": self.title,
            "layer": self.first_layer,
            "filters": shape[0],
            "shape": list(shape[1:]),
            "options": {name: _value_to_json(value) for name, value in self._options(self.first_layer)},
            "prepare": dict(self.header["prepare"]),
            "classes": list(self.classes),
            "card": _write_card(self.header["card"]),
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
            "head": _value_to_json(one.layer.head) if one.layer.op != "linear" else None,
            "options": {name: _value_to_json(value) for name, value in (self._options(one.name) or one.layer.options)},
            "shape": list(shape) if shape else None,
            "parameters": sum(int(np.prod(self.shapes[name])) for name in arrays if name in self.shapes),
            "filters": one.name in self.filter_layers,
        }

    def _make_layer(self, row: Mapping[str, Any]) -> Layer:
        name = _to_link_name(row["name"])
        if row["op"] == "conv":
            return Layer("conv", (LearnedFilters(self.name, name),))
        if row["op"] == "linear":
            return Layer("linear", head=f"{self.name}/{name}")
        head = row.get("head")
        return Layer(row["op"], head=_parse_value(head), options=_parse_options(row))

    def _options(self, layer: str) -> tuple[tuple[str, OptionValue], ...]:
        rows = {_to_link_name(row["name"]): row for row in self.header["layers"]}
        return _parse_options(rows[layer]) if rows[layer]["op"] == "conv" else ()

    def _names(self, layer: str) -> tuple[str, ...]:
        """The classes for the last fully connected layer; () for other layers, whose outputs have no names."""
        is_last = self.linear_layers[-1:] == (layer,) and len(self.classes) == self.shapes[f"{layer}.weight"][0]
        return self.classes if is_last else ()

    def _bias(self, layer: str) -> Maps:
        bias = self.weights.get(f"{layer}.bias")
        return np.zeros(self.shapes[f"{layer}.weight"][0], np.float32) if bias is None else bias

    @cached_property
    def _bank_shapes(self) -> Mapping[str, tuple[int, ...]]:
        """(K, C, h, w) by layer. A fully connected layer is included only if it is the first and reads the picture."""
        shapes: dict[str, tuple[int, ...]] = {}
        for row in self.header["layers"]:
            name, shape = _to_link_name(row["name"]), self.shapes.get(f"{_to_link_name(row['name'])}.weight", ())
            if row["op"] == "conv":
                shapes[name] = shape
            elif row["op"] == "linear" and not shapes and self.prepare.size:
                picture = (self.prepare.channels, *self.prepare.size)
                shapes[name] = (shape[0], *picture) if shape[1] == int(np.prod(picture)) else ()
        return shapes

    def _find_bank_at(self, layer: str, moment: int) -> LearnedBank | Problem:
        film, name = self.film, f"{self.name}/{layer}"
        if film is None or film.layer != layer:
            return make_problem("no_film", "filters", moment, make_text("no_moment_left"), name=name)
        if moment > film.last_step:
            can_be = make_text("whole", least=0, most=film.last_step)
            return make_problem("no_moment", "filters", moment, can_be, name=name, last=film.last_step)
        frame = film.find_nearest_frame(moment)
        step = int(film.moment[frame])
        notes = () if step == moment else (make_text("nearest_moment", asked=moment, shown=step),)
        bias = film.bias[frame].astype(np.float32)
        indices, names = tuple(film.map.tolist()), self._names(layer)
        return LearnedBank(film.decode_weight(frame), bias, self._options(layer), indices, step, notes, names)


def read_model(file: Path) -> Model:
    """The model in a safetensors file, of which only the header is read now. Raises ValueError or KeyError."""
    with file.open("rb") as stream:
        return _parse_header(stream.read(HEADER_BYTES), file)


def parse_model(data: bytes) -> Model:
    """The model in the bytes of a safetensors file. Raises ValueError or KeyError."""
    return replace(_parse_header(data, Path()), data=data)


def _parse_header(head: bytes, file: Path) -> Model:
    entries, metadata, _ = read_header(head)
    shapes = {_to_link_array_name(name): tuple(entry["shape"]) for name, entry in entries.items()}
    return Model(json.loads(metadata["model"]), shapes, file)


def make_unknown_name_problem(code: str, field: str, name: Text | str, names: Iterable[str], **parts: Any) -> Problem:
    """The Problem for an unknown name, with the names that exist and the most similar one."""
    names = list(names)
    near = find_near_name(name, names) if isinstance(name, str) else None
    hint = [make_text("near_name", used=near)] if near else []
    return make_problem(code, field, name, join_names(names), *hint, **parts)


def _to_link_name(name: str) -> str:
    """A layer's name for links, in which a dot would select a filter."""
    return name.replace(".", "-")


def _to_link_array_name(name: str) -> str:
    layer, dot, kind = name.rpartition(".")
    return _to_link_name(layer) + dot + kind


def _read_or_map(file: Path) -> bytes | memoryview:
    """The bytes of a file; a large one is mapped into memory."""
    if file.stat().st_size < LEAST_MAPPED_BYTES:
        return file.read_bytes()
    with file.open("rb") as opened:
        return memoryview(mmap(opened.fileno(), 0, access=ACCESS_READ))


def _to_float32(array: Any) -> Maps:
    values: Maps = array.astype(np.float32, copy=False)
    values.flags.writeable = False
    return values


def _parse_options(row: Mapping[str, Any]) -> tuple[tuple[str, OptionValue], ...]:
    op = find_operation(row["op"])
    options = row.get("options") or {}
    names = [option.name for option in op.options if option.name in options] if op else []
    return tuple((name, value) for name in names if (value := _parse_value(options[name])) is not None)


def _parse_value(raw: Any) -> OptionValue | None:
    value: OptionValue | None = tuple(raw) if isinstance(raw, list) else raw
    return value


def _value_to_json(value: object) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _write_card(card: Mapping[str, Any]) -> dict[str, Any]:
    """The card with its notes in the current language, where the file has their codes."""
    written = {key: value for key, value in card.items() if key != "texts"}
    with suppress(ValueError, TypeError):
        if "texts" in card:
            written["notes"] = [str(read_text_json(text)) for text in card["texts"]]
    return written
