"""All trained models of an installation, and the weights that a link names in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ..core.messages import quote_text
from ..core.ops.preprocessing import Preprocessing
from ..core.problems import Problem
from ..core.scene import LearnedFilters
from ..core.texts import make_text
from ..core.weights.bank import LearnedBank
from ..core.weights.pretrained import LearnedLinear, ModelLayer, NoTrainedModels, make_no_model_problem
from ..resources import UnusableFile, check_readable
from .custom_model import UPLOAD_PREFIX, read_uploaded_model
from .model import FILM_SUFFIX, Model, make_unknown_name_problem, read_model
from .peak_file import PEAKS_SUFFIX

ReadStoredFile = Callable[[str], bytes | None]
NO_MODEL_MESSAGE = (
    "{file} is not a readable model ({kind}: {reason}); a file that `convoscope models add` made was expected."
)


class Models(Mapping[str, Model]):
    """Models by name. The methods return a Problem, with the names that exist, for a name that does not.

    `read_stored` returns the file of uploaded weights by its id, until it expires. Uploaded models can be used like all
    others, but are not listed.
    """

    def __init__(self, models: Mapping[str, Model], read_stored: ReadStoredFile | None = None) -> None:
        self._models = dict(models)
        self._read_stored = read_stored
        self._untrained = NoTrainedModels()

    def __getitem__(self, name: str) -> Model:
        return self._models[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._models)

    def __len__(self) -> int:
        return len(self._models)

    def bank(self, learned: LearnedFilters, /) -> LearnedBank | Problem:
        """The filters that a link names."""
        if not self and not learned.model.startswith(UPLOAD_PREFIX):
            return self._untrained.bank(learned)
        model = self._model(learned.model, "filters")
        return model if isinstance(model, Problem) else model.bank(learned.layer, learned.moment)

    def linear(self, name: str, /) -> LearnedLinear | Problem:
        """The fully connected layer `model/layer`."""
        model_name, _, layer = name.partition("/")
        model = self._model(model_name, "layers")
        return model if isinstance(model, Problem) else model.linear(layer)

    def prepare(self, model: str, /) -> Preprocessing | Problem:
        """The preprocessing of a model's pictures."""
        found = self._model(model, "layers")
        return found if isinstance(found, Problem) else found.prepare

    def layers(self, model: str, /) -> tuple[ModelLayer, ...] | Problem:
        """All layers of a model, its preprocessing first."""
        found = self._model(model, "layers")
        return found if isinstance(found, Problem) else found.layers

    def find(self, name: str) -> Model | None:
        """A listed model, or an uploaded one that has not expired."""
        return self._models.get(name) or self.find_uploaded(name)

    def find_uploaded(self, name: str) -> Model | None:
        """An uploaded model that has not expired and is not damaged; its `data` is its file."""
        data = self._read_stored(name) if self._read_stored and name.startswith(UPLOAD_PREFIX) else None
        return read_uploaded_model(name, data) if data is not None else None

    def _model(self, name: str, field: str) -> Model | Problem:
        found = self.find(name)
        if found is not None:
            return found
        if name.startswith(UPLOAD_PREFIX):
            return Problem(field, quote_text(name), make_text("kept_weights"), make_text("gone_weights"))
        if not self:
            return make_no_model_problem(name)
        return make_unknown_name_problem("no_model_of", field, quote_text(name), self)


def load_models(*folders: Path) -> Models:
    """The models of all folders by name, each folder's in alphabetical order; the first of a repeated name is used.

    So an added model cannot replace a built-in one. A folder that does not exist yet has no models. Raises
    UnusableFile, with the file's name, for a file that is not a model.
    """
    models: dict[str, Model] = {}
    for folder in folders:
        check_readable(folder)
        for model in map(read_checked_model, list_model_files(folder)):
            models.setdefault(model.name, model)
    return Models(models)


def list_model_files(folder: Path) -> list[Path]:
    """The model files in a folder, without the films and the peaks."""
    others = FILM_SUFFIX, PEAKS_SUFFIX
    return [file for file in sorted(folder.glob("*.safetensors")) if not file.name.endswith(others)]


def read_checked_model(file: Path) -> Model:
    """The model in a file, whose description is read completely. Raises UnusableFile for any damage to it."""
    try:
        model = read_model(file)
        model.to_json()
    except Exception as reason:  # damaged bytes may raise any exception
        raise UnusableFile(NO_MODEL_MESSAGE.format(file=file, kind=type(reason).__name__, reason=reason)) from reason
    return model
