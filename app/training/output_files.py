"""The files of a finished run: the weights with the description and card of the model, and the film."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.trace.wire import pack
from .data.labelled_pictures import Dataset
from .film_recorder import encode_film, find_strongest_filters
from .filter_structure import measure_structure
from .loop import Training, evaluate
from .model_cards import write_cards
from .recipe import Recipe
from .torch_network import fold_network, load_network

MAX_ACCURACY_LOSS = 0.0005
"""Largest accuracy that weights in float16 may lose."""


def write_files(training: Training, data: Dataset, folder: Path) -> dict[str, Any]:
    """Write NAME.safetensors, NAME.film.safetensors and README.md into `folder`; return the card."""
    recipe = training.recipe
    weights, accuracy = _choose_weights(training, data)
    card = make_card(recipe, data, accuracy, sum(array.size for array in weights.values()))
    if recipe.layers[0].op == "conv":
        card["notes"].append(_describe_structure(weights[f"{recipe.first}.weight"]))
    description = {
        "version": 1,
        "name": recipe.name,
        "title": recipe.title,
        "card": card,
        "prepare": describe_preprocessing(training),
        "classes": list(data.classes),
        "layers": [layer.to_json() for layer in recipe.layers],
    }
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(description, ensure_ascii=False)
    (folder / f"{recipe.name}.safetensors").write_bytes(pack(weights, {"model": text}))
    filters = find_strongest_filters(training.film[-1].weight, recipe.film_filters)
    measured = f"{len(training.test_sample):,} held-out pictures, the same at every moment"
    film = encode_film(recipe.name, recipe.first, training.film, filters, measured)
    (folder / f"{recipe.name}.film.safetensors").write_bytes(film)
    write_cards(folder)
    return card


def _choose_weights(training: Training, data: Dataset) -> tuple[dict[str, NDArray[Any]], float]:
    """Return the folded weights, in float16 where the accuracy allows it, and their accuracy."""
    full = fold_network(training.network)
    half = {name: array.astype(np.float16) for name, array in full.items()}
    accuracies = [
        evaluate(load_network(training.recipe, weights), data.test, training.standardization)[1]
        for weights in (full, half)
    ]
    return (half, accuracies[1]) if accuracies[1] >= accuracies[0] - MAX_ACCURACY_LOSS else (full, accuracies[0])


def make_card(recipe: Recipe, data: Dataset, accuracy: float, parameters: int) -> dict[str, Any]:
    """Make the model card: data, training, accuracy."""
    credit = recipe.credit
    return {
        "data": credit.data,
        "data_licence": credit.licence,
        "data_source": credit.source,
        "recipe": describe_recipe(recipe, len(data.train)),
        "accuracy": round(accuracy, 4),
        "accuracy_on": f"{credit.test}, {len(data.test):,} pictures",
        "date": date.today().isoformat(),
        "parameters": parameters,
        "seed": recipe.seed,
        "notes": list(recipe.notes),
        "command": f"convoscope train {recipe.name} --data DATA",
    }


def describe_recipe(recipe: Recipe, pictures: int) -> str:
    """Describe every number of the recipe in one line."""
    crop = f"random {recipe.window}×{recipe.window} cuts" if recipe.window < recipe.side else ""
    parts = (
        f"{recipe.epochs} passes over {pictures:,} pictures",
        f"batches of {recipe.batch_size}",
        f"SGD, Nesterov momentum 0.9, one cycle to a rate of {recipe.learning_rate:g}",
        f"weight decay {recipe.weight_decay:g}, first layer {recipe.first_weight_decay:g}",
        f"first layer smoothed by {recipe.smoothness:g}" if recipe.smoothness else "",
        f"its steps divided by the pictures' variance along them to the power {recipe.whitening_power:g}"
        if recipe.whitening_power
        else "",
        f"first layer started at {recipe.initial_scale:g} of the usual size" if recipe.initial_scale != 1 else "",
        crop,
        f"shifted by up to {recipe.max_shift} pixels" if recipe.max_shift else "",
        "half of them mirrored" if recipe.flip else "",
        f"turned by up to {recipe.max_rotation:g}°" if recipe.max_rotation else "",
        f"light of each channel changed by {recipe.color_jitter:g} deviations" if recipe.color_jitter else "",
        f"{recipe.gray_share:.0%} of them without color" if recipe.gray_share else "",
        f"label smoothing {recipe.label_smoothing:g}" if recipe.label_smoothing else "",
        "batch normalisation, folded in" if recipe.batch_norm else "",
        "products in bfloat16" if recipe.bfloat16 else "",
    )
    return "; ".join(part for part in parts if part) + "."


def describe_preprocessing(training: Training) -> dict[str, Any]:
    """Describe the preprocessing of a picture: (x/255 − mean)/std."""
    preprocessing = training.recipe.preprocessing
    return {
        "size": [preprocessing.side, preprocessing.side] if preprocessing.side else None,
        "channels": "rgb" if preprocessing.channels == 3 else "gray",
        "range": "unit",
        "invert": preprocessing.invert,
        "mean": list(training.standardization.mean),
        "std": list(training.standardization.std),
    }


def _describe_structure(bank: NDArray[Any]) -> str:
    structure = measure_structure(bank)
    return (
        f"First layer: {structure.clear:.0%} of the filters have clear structure (autocorrelation of at least 0.6 at a "
        f"shift of one pixel), {structure.dead} are dead."
    )
