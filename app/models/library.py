"""All trained models of an installation, and their answers to what a link asks of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ..core.messages import quote_text, say
from ..core.ops.preprocessing import Preprocessing
from ..core.problems import Problem
from ..core.scene import LearnedFilters
from ..core.weights.bank import LearnedBank
from ..core.weights.pretrained import LearnedLinear, ModelLayer, NoTrainedModels, make_no_model_problem
from ..resources import UnusableFile, must_be_readable
from .custom_model import BROUGHT, brought_model
from .model import FILM, Model, read_model, unknown

Kept = Callable[[str], bytes | None]
NO_MODEL = (
    "{file} holds no model that can be read ({kind}: {reason}); a file that `convoscope models add` made was expected."
)


class Models(Mapping[str, Model]):
    """Models by name. What is asked for and not here is answered by a Problem that names what is.

    `kept` gives the file of weights that somebody brought, by its name, while it is there. Such models answer like
    all others; they are in no list.
    """

    def __init__(self, models: Mapping[str, Model], kept: Kept | None = None) -> None:
        self._models = dict(models)
        self._kept = kept
        self._none = NoTrainedModels()

    def __getitem__(self, name: str) -> Model:
        return self._models[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._models)

    def __len__(self) -> int:
        return len(self._models)

    def bank(self, learned: LearnedFilters, /) -> LearnedBank | Problem:
        """The filters that a link names."""
        if not self and not learned.model.startswith(BROUGHT):
            return self._none.bank(learned)
        model = self._model(learned.model, "filters")
        return model if isinstance(model, Problem) else model.bank(learned.layer, learned.moment)

    def linear(self, name: str, /) -> LearnedLinear | Problem:
        """The fully connected layer `model/layer`."""
        first, _, layer = name.partition("/")
        model = self._model(first, "layers")
        return model if isinstance(model, Problem) else model.linear(layer)

    def prepare(self, model: str, /) -> Preprocessing | Problem:
        """How a model's pictures are prepared."""
        found = self._model(model, "layers")
        return found if isinstance(found, Problem) else found.prepare

    def layers(self, model: str, /) -> tuple[ModelLayer, ...] | Problem:
        """All layers of a model, its preparation first."""
        found = self._model(model, "layers")
        return found if isinstance(found, Problem) else found.layers

    def find(self, name: str) -> Model | None:
        """A model of the list, or one that was brought and is still there."""
        return self._models.get(name) or self.brought(name)

    def brought(self, name: str) -> Model | None:
        """A model that was brought and is still there, whole; its `data` is its file."""
        data = self._kept(name) if self._kept and name.startswith(BROUGHT) else None
        return brought_model(name, data) if data is not None else None

    def _model(self, name: str, field: str) -> Model | Problem:
        found = self.find(name)
        if found is not None:
            return found
        if name.startswith(BROUGHT):
            return Problem(field, quote_text(name), say("kept_weights"), say("gone_weights"))
        if not self:
            return make_no_model_problem(name)
        return unknown("no_model_of", field, quote_text(name), self)


def load_models(*folders: Path) -> Models:
    """The models of all folders by name, each folder's in alphabetical order; of a repeated name the first counts.

    A published name never changes its meaning, so that nothing added can take one. A folder that does not exist yet
    has no models. Raises UnusableFile, with the file's name, for a file that holds no model.
    """
    models: dict[str, Model] = {}
    for folder in folders:
        must_be_readable(folder)
        for model in map(whole_model, model_files(folder)):
            models.setdefault(model.name, model)
    return Models(models)


def model_files(folder: Path) -> list[Path]:
    """The files of models in a folder, without those of their films."""
    return [file for file in sorted(folder.glob("*.safetensors")) if not file.name.endswith(FILM)]


def whole_model(file: Path) -> Model:
    """The model in a file, described from end to end: what is wrong with it is found now and not when it is shown.

    Raises UnusableFile.
    """
    try:
        model = read_model(file)
        model.to_json()
    except Exception as reason:  # damaged bytes may break any line that reads them
        raise UnusableFile(NO_MODEL.format(file=file, kind=type(reason).__name__, reason=reason)) from reason
    return model
