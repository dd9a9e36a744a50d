"""Everything that a worker process keeps between requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.types import Scope

from .. import __version__
from ..core.limits import Limits
from ..core.texts import ENGLISH
from ..images.samples import Samples, load_samples
from ..images.store.store import Store
from ..lab import Lab, LabResult
from ..lab.network_task import NetworkFolders
from ..lab.networks import NetworkLab
from ..lessons.computed_lesson import ComputedLesson
from ..lessons.lesson import Lesson
from ..lessons.lesson_shelf import load_lessons
from ..models.library import Models, load_models
from ..resources import find_resource
from ..settings import Settings
from .metrics import Metrics
from .requests.public_url import PublicUrl, get_public_url
from .responses.ready_response import Reply
from .static_files import StaticFiles, hash_folders, read_static_files
from .work.cache import LRUCache, SingleFlight
from .work.export_pool import ExportPool
from .work.network_pool import NetworkPool
from .work.stored_inputs import StoredInputs
from .work.uploads import Uploads
from .work.work_executor import WorkExecutor

REPLIES_BYTES = 48_000_000
ANSWERS_BYTES = 96_000_000
SHORTCUTS_BYTES = 8_000_000
SHORTCUT_BYTES = 4_000


@dataclass(frozen=True, slots=True, eq=False)
class AppState:
    """The parts of the server and its three caches: replies, answers of the Lab, and the reply's key by address.

    `content_hash` is the hash of code, templates, samples and weights, with the language unless that is English; it
    goes into every ETag. `part_limits` are those of the link of a large network, of which a request chooses parts.
    """

    settings: Settings
    limits: Limits
    part_limits: Limits
    samples: Samples
    models: Models
    lessons: Mapping[str, Lesson]
    lab: Lab
    networks: NetworkLab
    network_pool: NetworkPool
    export_pool: ExportPool
    uploads: Uploads
    stored_inputs: StoredInputs
    static_files: StaticFiles
    executor: WorkExecutor
    metrics: Metrics
    content_hash: str
    replies: LRUCache[Reply] = field(default_factory=lambda: LRUCache(REPLIES_BYTES, lambda reply: reply.size))
    answers: LRUCache[LabResult] = field(default_factory=lambda: LRUCache(ANSWERS_BYTES, _answer_size))
    shortcuts: LRUCache[tuple[object, ...]] = field(
        default_factory=lambda: LRUCache(SHORTCUTS_BYTES, lambda _: SHORTCUT_BYTES)
    )
    reply_flights: SingleFlight[Reply] = field(default_factory=SingleFlight)
    picture_flights: SingleFlight[bytes] = field(default_factory=SingleFlight)
    computed_lessons: dict[tuple[str, str], ComputedLesson] = field(default_factory=dict)
    """By the lesson's name and the path to the site's root: at most as many as there are lessons, twice."""
    answer_flights: SingleFlight[LabResult] = field(default_factory=SingleFlight)

    def forget(self, id: str) -> None:
        """Drops all that this process has cached of a deleted upload."""
        self.lab.forget(id)
        self.networks.forget(id)
        self.answers.drop_mentioning(id)
        self.replies.drop_mentioning(id)


def make_app_state(settings: Settings) -> AppState:
    """The parts of the server for these settings."""
    folders = (find_resource("sample_images"), settings.samples)
    samples = load_samples(*folders)
    store = Store(settings.store, settings.store_seconds, settings.store_bytes, settings.store_protect_seconds)
    uploads = Uploads(settings, store)
    stored_inputs = StoredInputs(store, uploads.threads, settings.figures_waiting)
    models = Models(load_models(find_resource("models/data"), settings.models), stored_inputs.get_file)
    static_files = _read_own_static_files()
    language = "" if settings.language == ENGLISH else f"-{settings.language}"
    program_folders = (Path(__file__).resolve().parents[1], find_resource("static"), find_resource("templates"))
    return AppState(
        settings,
        settings.limits(),
        settings.network_limits().widen(settings.limits()),
        samples,
        models,
        load_lessons(settings.lessons),
        Lab(samples, stored_inputs, settings.limits(), models),
        NetworkLab(samples, stored_inputs, settings.limits(), settings.network_limits(), models),
        NetworkPool(settings, _find_network_folders(settings)),
        ExportPool(settings, _find_network_folders(settings)),
        uploads,
        stored_inputs,
        static_files,
        WorkExecutor(settings.threads, settings.heavy_per_address, settings.figures_waiting),
        Metrics(__version__, static_files.build),
        f"{hash_folders(*program_folders, *folders, settings.models)}{language}",
    )


def _find_network_folders(settings: Settings) -> NetworkFolders:
    return NetworkFolders(
        (str(find_resource("sample_images")), str(settings.samples)),
        (str(find_resource("models/data")), str(settings.models)),
        str(settings.store),
        settings.store_seconds,
    )


@cache
def _read_own_static_files() -> StaticFiles:
    """The files that browsers load. They come with the program, so a process reads them once."""
    return read_static_files(find_resource("static"))


def get_app_state(request: Request) -> AppState:
    """The parts of the server that handles this request."""
    state: AppState = request.app.state.app_state
    return state


def get_address_key(scope: Scope) -> tuple[str, bytes, PublicUrl]:
    """The cache key of a GET: path and query as they were sent, and the public address, which pages contain."""
    return scope["path"], scope["query_string"], get_public_url(scope)


def get_query_string(request: Request) -> str:
    """The query string as it was sent, undecoded."""
    raw: bytes = request.scope["query_string"]
    return raw.decode("utf-8", errors="replace")


def _answer_size(answer: LabResult) -> int:
    """The size for the cache, at least a hundredth of it: thousands of Traces would slow down garbage collection."""
    stages = answer.trace.stages if answer.trace else ()
    return max(ANSWERS_BYTES // 100, sum(stage.output.nbytes for stage in stages))
