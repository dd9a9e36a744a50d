"""The settings: limits and folders, each from a variable CONVOSCOPE_… with a default and a range.

The core gets its part as a frozen value.
"""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from collections.abc import Callable, Collection, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from .addresses import read_networks, read_patterns, read_root_path
from .core.limits import Limits, NetworkLimits
from .logging_setup import LogFormat, LogLevel, LogSettings

PREFIX = "CONVOSCOPE_"
HOUR = 3600
CSP_SOURCE = r"('self'|https?:|(https?://)?(\*\.)?[A-Za-z0-9.-]+(:([0-9]{1,5}|\*))?)"
CSP_SOURCES = rf"^('none'|{CSP_SOURCE}( {CSP_SOURCE})*)?$"


def default_store() -> Path:
    """The folder of uploads, in the platform's cache folder, which backups skip and cleaners may empty."""
    return _find_platform_folder("XDG_CACHE_HOME", {"darwin": "Library/Caches", "linux": ".cache"}) / "uploads"


def default_samples() -> Path:
    """The folder of added pictures, in the platform's data folder."""
    folders_at_home = {"darwin": "Library/Application Support", "linux": ".local/share"}
    return _find_platform_folder("XDG_DATA_HOME", folders_at_home) / "samples"


def default_models() -> Path:
    """The folder of added weights, beside that of the samples."""
    return default_samples().with_name("models")


def default_lessons() -> Path:
    """The folder of added lessons, beside that of the samples."""
    return default_samples().with_name("lessons")


def _find_platform_folder(variable: str, folders_at_home: dict[str, str]) -> Path:
    """The program's folder in the folder `variable`, in the platform's default one, or in a temporary one."""
    if sys.platform == "win32":
        variable = "LOCALAPPDATA"
    folder = os.environ.get(variable)
    if folder and Path(folder).is_absolute():
        return Path(folder) / "convoscope"
    home = Path(os.path.expanduser("~"))
    if not os.access(home, os.W_OK):  # as in a container whose user has no home folder
        return Path(tempfile.gettempdir()) / "convoscope"
    return home / folders_at_home.get(sys.platform, folders_at_home["linux"]) / "convoscope"


def is_in_jupyterhub() -> bool:
    """Whether a JupyterHub started this process; its proxy forwards requests from other machines."""
    return bool(os.environ.get("JUPYTERHUB_SERVICE_PREFIX"))


def _validate_with(read: Callable[[str], object]) -> AfterValidator:
    """A validator with `read`: its ValueError is the setting's error, a text that it returns the setting's value."""

    def check(text: str) -> str:
        try:
            found = read(text)
        except ValueError as reason:
            raise PydanticCustomError("address", "{reason}", {"reason": str(reason)}) from None
        return found if isinstance(found, str) else text

    return AfterValidator(check)


class Settings(BaseSettings):
    """The settings of the server, read from the environment once at the start. All ranges are inclusive."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    # Serving
    host: str = Field("127.0.0.1", min_length=1, description="The address to listen on; 0.0.0.0 is all of them.")
    port: int = Field(8000, ge=0, le=65_535, description="The port; 0 takes any free one.")
    workers: int = Field(1, ge=1, le=256, description="Server processes; at most one a core is of use.")
    threads: int = Field(
        2,
        ge=1,
        le=64,
        description="Threads for figures that are not small; large ones have further threads, one fewer, at least one.",
    )

    connections: int = Field(
        8_192,
        ge=16,
        le=1_000_000,
        description="Connections to one server process; then the longest idle are closed.",
    )
    header_bytes: int = Field(
        65_536, ge=8_192, le=1_000_000, description="Largest headers of a request, its address included, in bytes."
    )
    header_seconds: float = Field(15, gt=0, le=600, description="Time for the headers of a request, in seconds.")
    figures_waiting: int = Field(
        2_000, ge=1, le=100_000, description="Figures that wait to be computed, in each queue of a server process."
    )
    heavy_per_address: int = Field(
        1_000, ge=1, le=100_000, description="Large figures that one address may have waiting and computed at once."
    )

    frame_ancestors: str = Field(
        "",
        pattern=CSP_SOURCES,
        max_length=2_000,
        description="Who may put /embed into a frame, as the sources of a Content-Security-Policy with spaces between "
        "them, such as 'self' https://moodle.example.org; empty is anyone.",
    )
    allowed_hosts: Annotated[str, _validate_with(read_patterns)] = Field(
        "",
        description="Hosts that browsers may ask this server for: names such as lab.example.org or *.example.org and "
        "addresses, with commas between them; * is any. Empty is localhost and all literal addresses where only this "
        "machine is listened to, else any.",
    )
    root_path: Annotated[str, _validate_with(read_root_path)] = Field(
        "", description="The path under which a proxy shows this server, such as /convoscope."
    )
    trusted_proxies: Annotated[str, _validate_with(read_networks)] = Field(
        "127.0.0.0/8,::1",
        description="Addresses and networks of the proxies whose X-Forwarded headers count, with commas between them; "
        "* is all, empty is none.",
    )

    log_level: Annotated[LogLevel, BeforeValidator(str.lower)] = Field(
        "warning",
        description="From which level on events are written to stderr: debug, info, warning, error or critical.",
    )
    log_format: Annotated[LogFormat, BeforeValidator(str.lower)] = Field(
        "text", description="How they are written, each in a line with its time: text, or json for other programs."
    )

    language: Literal["en", "pseudo"] = Field(
        "en",
        description="Language of all sentences: en, or pseudo, English in accented letters, which shows in tests what "
        "is not translated.",
    )

    # Uploads
    upload_bytes: int = Field(20_000_000, ge=1_000, le=200_000_000, description="Largest body of an upload, in bytes.")
    scene_bytes: int = Field(
        2_000_000, ge=10_000, le=50_000_000, description="Largest body of a figure that is sent as JSON, in bytes."
    )
    body_seconds: float = Field(120, gt=0, le=3_600, description="Time for a whole body to arrive, in seconds.")
    body_stall_seconds: float = Field(
        10,
        gt=0,
        le=600,
        description="In so many seconds a body brings 1,000 bytes (160,000 where memory is short), or it is given up.",
    )
    body_memory: int = Field(
        500_000_000,
        ge=1_000_000,
        le=64_000_000_000,
        description="Bodies that one server process holds at once, in bytes; beyond, all but eight of them wait.",
    )
    upload_wait_seconds: float = Field(
        60, gt=0, le=600, description="How long an upload waits for its turn before the server is busy, in seconds."
    )
    upload_megapixels: float = Field(50, gt=0, le=500, description="Largest uploaded picture, in millions of pixels.")
    upload_side: int = Field(16_384, ge=1, le=65_535, description="Longest side of an uploaded picture, in pixels.")
    upload_scans: int = Field(
        64, ge=1, le=1_000, description="Scans in one JPEG; photos have up to 10, thousands hold a decoder."
    )
    decode_seconds: float = Field(
        10, gt=0, le=120, description="Time for reading one picture or file of weights before it is stopped."
    )
    decode_memory: int = Field(
        2_000_000_000,
        ge=256_000_000,
        le=16_000_000_000,
        description="Address space of a decoding process in bytes, where the system can limit it.",
    )
    decode_workers: int = Field(2, ge=1, le=32, description="Files read at once by one server process.")
    working_side: int = Field(1_024, ge=64, le=4_096, description="Longest side of the copy that is kept, in pixels.")

    # The store
    store: Path = Field(default_factory=default_store, description="Folder of the uploads; shared by all workers.")
    store_seconds: int = Field(
        24 * HOUR, ge=60, le=30 * 24 * HOUR, description="How long an upload is kept, in seconds."
    )
    store_bytes: int = Field(
        2_000_000_000, ge=1_000_000, le=1_000_000_000_000, description="Size of the whole store, in bytes."
    )
    store_protect_seconds: int = Field(
        2 * HOUR, ge=0, le=24 * HOUR, description="A picture used this recently is never evicted, in seconds."
    )
    store_wait_seconds: float = Field(
        10, gt=0, le=120, description="How long a request waits for the folder of the store, in seconds."
    )
    samples: Path = Field(
        default_factory=default_samples, description="Folder of pictures added with `convoscope images add`."
    )
    models: Path = Field(
        default_factory=default_models, description="Folder of weights added with `convoscope models add`."
    )
    lessons: Path = Field(
        default_factory=default_lessons, description="Folder of lessons added with `convoscope lessons add`."
    )
    weights_bytes: int = Field(
        2_000_000, ge=10_000, le=50_000_000, description="Largest uploaded file of weights, in bytes."
    )
    weights_instructions: int = Field(
        20_000,
        ge=1_000,
        le=1_000_000,
        description="Instructions of a pickle in uploaded weights; a tensor takes about 40.",
    )
    weights_members: int = Field(
        2_000, ge=10, le=100_000, description="Members of an archive (.npz, .pt) of uploaded weights."
    )
    download_bytes: int = Field(
        1_000_000_000,
        ge=100_000,
        le=100_000_000_000,
        description="Largest file that `models add` fetches from a server that sends whole files only, in bytes.",
    )

    # The figure
    side: int = Field(512, ge=8, le=2_048, description="Cells per side of the input.")
    kernel_side: int = Field(
        15, ge=3, le=63, description="Cells per side of a typed filter; a learned one may be larger."
    )
    filters: int = Field(64, ge=1, le=512, description="Filters of a layer.")
    layers: int = Field(16, ge=3, le=64, description="Layers of a chain; three is the opening one.")
    multiply_adds: int = Field(
        1_000_000_000, ge=1_000_000, le=100_000_000_000, description="Multiply-adds of the whole chain."
    )
    trace_bytes: int = Field(
        64_000_000, ge=1_000_000, le=1_000_000_000, description="All arrays of a Trace as float32, in bytes."
    )
    wire_float_bytes: int = Field(
        4_000_000,
        ge=100_000,
        le=64_000_000,
        description="Up to this size a Trace travels as float32; above it, in part as previews. In bytes.",
    )
    link_characters: int = Field(6_000, ge=500, le=60_000, description="Length of a query string.")

    # Large networks, of which a request asks for parts
    network_layers: int = Field(1_024, ge=3, le=4_096, description="Layers of a large network as they are written.")
    network_multiply_adds: int = Field(
        40_000_000_000,
        ge=1_000_000,
        le=10_000_000_000_000,
        description="Multiply-adds of a large network; VGG-16 at 224 × 224 cells has 15.5 · 10⁹.",
    )
    network_trace_bytes: int = Field(
        1_000_000_000,
        ge=1_000_000,
        le=64_000_000_000,
        description="Arrays of a large network that are in memory at once, in bytes: maps that are still read, working "
        "memory and random weights. As many bytes of random weights are kept for the next request. The weights in a "
        "model's file do not count: the file is mapped into memory.",
    )
    network_answer_bytes: int = Field(
        64_000_000,
        ge=100_000,
        le=1_000_000_000,
        description="The previews and maps of a large network in one answer, in bytes.",
    )
    network_seconds: float = Field(
        60, gt=0, le=3_600, description="Time for computing one large network before it is stopped."
    )
    network_wait_seconds: float = Field(
        120, gt=0, le=3_600, description="How long a large network waits for its turn before the server is busy."
    )
    network_memory: int = Field(
        6_000_000_000,
        ge=512_000_000,
        le=1_000_000_000_000,
        description="Address space of a process that computes large networks in bytes, the mapped files of models "
        "included, where the system can limit it.",
    )
    network_workers: int = Field(
        1, ge=1, le=32, description="Large networks computed at once by one server process, each on one core."
    )

    export_frames: int = Field(600, ge=2, le=20_000, description="Pictures of one film.")
    export_pixels: int = Field(
        700_000_000,
        ge=1_000_000,
        le=100_000_000_000,
        description="Pixels of all pictures of one film together; 600 of 1280 × 720 have 553 million.",
    )
    export_seconds: float = Field(
        90, gt=0, le=3_600, description="Time for writing one film, presentation or other file before it is stopped."
    )
    export_wait_seconds: float = Field(
        60, gt=0, le=3_600, description="How long a file waits for its turn before the server is busy."
    )
    export_memory: int = Field(
        3_000_000_000,
        ge=512_000_000,
        le=1_000_000_000_000,
        description="Address space of a process that writes files in bytes, where the system can limit it.",
    )
    export_workers: int = Field(
        1, ge=1, le=32, description="Files written at once by one server process, each on one core."
    )

    def logs(self) -> LogSettings:
        """The settings of the log."""
        return LogSettings(self.log_level, self.log_format)

    def limits(self) -> Limits:
        """The limits of a scene in the core."""
        return Limits(
            side=self.side,
            kernel_side=self.kernel_side,
            filters=self.filters,
            layers=self.layers,
            multiply_adds=self.multiply_adds,
            trace_bytes=self.trace_bytes,
            link_characters=self.link_characters,
        )

    def network_limits(self) -> NetworkLimits:
        """The limits of a large network."""
        return NetworkLimits(
            self.network_layers, self.network_multiply_adds, self.network_trace_bytes, self.network_answer_bytes
        )


def format_errors(error: ValidationError, options: Collection[str] = ()) -> list[str]:
    """One sentence for each invalid setting: its name, its value, what is allowed.

    The name is that of its variable, or of its option if that was given on the command line.
    """
    found = []
    for fault in error.errors(include_url=False):
        name, value = "_".join(map(str, fault["loc"])), str(fault["input"])
        setting = f"--{name} {shlex.quote(value)}" if name in options else f"{PREFIX}{name.upper()}={value}"
        found.append(f"{setting}: {fault['msg']}.")
    return found


def find_variable_warnings() -> list[str]:
    """A warning for each CONVOSCOPE_… variable that is not a setting, with the nearest setting."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    found = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)
    return [
        f"{name} is not a setting and has no effect; the nearest one is {_find_nearest(name, known)}." for name in found
    ]


def _find_nearest(name: str, known: Sequence[str]) -> str:
    return get_close_matches(name.upper(), known, 1, 0)[0]
