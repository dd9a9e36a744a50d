"""Finds what excites the maps of the models that come with the program: `python -m tests.golden.make_peaks`.

It writes app/models/data/NAME.peaks.safetensors for each model with convolutions; run it when a model was trained
again, or when a sample was added, removed or moved in the table.
"""

from __future__ import annotations

from pathlib import Path

from app.core.limits import Limits, NetworkLimits
from app.core.network.peaks import LayerPeaks
from app.images.samples import Samples, load_samples
from app.lab.excitation.peak_search import PeakSearch, list_convolutions, list_peak_samples, make_peak_scene
from app.lab.networks import NetworkLab
from app.models.library import Models, load_models
from app.models.model import Model
from app.models.peak_file import PEAKS_SUFFIX, ModelPeaks, pack_peaks

CHECKOUT = Path(__file__).parents[2]
FOLDER = CHECKOUT / "app" / "models" / "data"


def find_model_peaks(model: Model, samples: Samples, models: Models) -> ModelPeaks:
    """The peaks of all convolutions of a model."""
    names, stages = list_peak_samples(samples, model), list_convolutions(model)
    lab = NetworkLab(samples, None, Limits(), NetworkLimits(), models)
    search = PeakSearch(tuple(stages.values()), names)
    found = lab.compute_peaks(lab.plan_peaks(make_peak_scene(model, names[0]), search), search)
    layers: dict[str, LayerPeaks] = {layer: found[stage] for layer, stage in stages.items()}
    return ModelPeaks(names, layers)


def main() -> None:
    """Writes the file of each model."""
    models, samples = load_models(FOLDER), load_samples(CHECKOUT / "sample_images")
    for model in models.values():
        if list_convolutions(model):
            peaks = pack_peaks(find_model_peaks(model, samples, models))
            (FOLDER / f"{model.name}{PEAKS_SUFFIX}").write_bytes(peaks)


if __name__ == "__main__":
    main()
