"""What a finished run leaves: the weights with the description and the card of the model, and the film."""

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
"""What float16 may cost in accuracy and still count as nothing."""


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
    shown = find_strongest_filters(training.film[-1].weight, recipe.filmed)
    measured = f"{len(training.sample):,} held-out pictures, the same at every moment"
    film = encode_film(recipe.name, recipe.first, training.film, shown, measured)
    (folder / f"{recipe.name}.film.safetensors").write_bytes(film)
    write_cards(folder)
    return card


def _choose_weights(training: Training, data: Dataset) -> tuple[dict[str, NDArray[Any]], float]:
    """Folded weights, in float16 where that costs nothing, and the accuracy of exactly these."""
    whole = fold_network(training.network)
    half = {name: array.astype(np.float16) for name, array in whole.items()}
    scores = [
        evaluate(load_network(training.recipe, weights), data.test, training.scale)[1] for weights in (whole, half)
    ]
    return (half, scores[1]) if scores[1] >= scores[0] - MAX_ACCURACY_LOSS else (whole, scores[0])


def make_card(recipe: Recipe, data: Dataset, accuracy: float, parameters: int) -> dict[str, Any]:
    """The model card: what it learned from and how, and how well it does."""
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
    """Every number of the recipe in one line."""
    cut = f"random {recipe.window}×{recipe.window} cuts" if recipe.window < recipe.side else ""
    parts = (
        f"{recipe.epochs} passes over {pictures:,} pictures",
        f"batches of {recipe.batch}",
        f"SGD, Nesterov momentum 0.9, one cycle to a rate of {recipe.rate:g}",
        f"weight decay {recipe.decay:g}, first layer {recipe.first_decay:g}",
        f"first layer smoothed by {recipe.smooth:g}" if recipe.smooth else "",
        f"its steps divided by the pictures' variance along them to the power {recipe.even:g}" if recipe.even else "",
        f"first layer started at {recipe.start:g} of the usual size" if recipe.start != 1 else "",
        cut,
        f"shifted by up to {recipe.shift} pixels" if recipe.shift else "",
        "half of them mirrored" if recipe.mirror else "",
        f"turned by up to {recipe.turn:g}°" if recipe.turn else "",
        f"light of each channel changed by {recipe.light:g} deviations" if recipe.light else "",
        f"{recipe.gray:.0%} of them without color" if recipe.gray else "",
        f"label smoothing {recipe.label_smoothing:g}" if recipe.label_smoothing else "",
        "batch normalisation, folded in" if recipe.normalised else "",
        "products in bfloat16" if recipe.bfloat16 else "",
    )
    return "; ".join(part for part in parts if part) + "."


def describe_preprocessing(training: Training) -> dict[str, Any]:
    """How a picture is brought to what the network reads: (x/255 − mean)/std."""
    prepare = training.recipe.prepare
    return {
        "size": [prepare.side, prepare.side] if prepare.side else None,
        "channels": "rgb" if prepare.channels == 3 else "gray",
        "range": "unit",
        "invert": prepare.invert,
        "mean": list(training.scale.mean),
        "std": list(training.scale.std),
    }


def _describe_structure(bank: NDArray[Any]) -> str:
    found = measure_structure(bank)
    return (
        f"First layer: {found.clear:.0%} of the filters have clear structure (autocorrelation of at least 0.6 at a "
        f"shift of one pixel), {found.dead} are dead."
    )
