"""The figure as one HTML file that opens from disk: the player, its styles and every number inside, no network.

The modules are those of `static/`, byte for byte: an import map gives each bare name its code as a `data:` address.
The page's policy lets nothing else run or load. The Trace is the safetensors file that the server would send, with
the numbers of every stage, zipped and written as base64.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from .. import __version__
from ..core.link.query_string import format_link
from ..core.messages import say
from ..core.options import VIEW_OPTIONS
from ..core.scene import OMITTED_UPLOAD, UploadId, View
from ..core.trace.trace import Trace
from ..core.trace.wire import trace_to_bytes
from ..lab import LabResult
from ..resources import resource
from .first_paint import paint, sentence, title
from .templates import script_json, templates
from .view_position import stand

ENTRY = "offline.js"
LINKER = "linker.js"
BOOT = f'import "convoscope/{ENTRY}";'
STYLES = (
    ("style.css", ""),
    ("embed.css", "(min-width: 700px), (max-height: 599px)"),
    ("offline.css", ""),
    ("present.css", ""),
)
"""The styles and where they hold: a phone held upright has a page before it, and not the frame of an embed."""
MOST_BYTES = 16_000_000
"""Numbers in a page, as float32; what is larger is slow to open and to send."""
IMPORTED = re.compile(
    r"""^\s*(?:import|export)\b[^;'"()]*["']convoscope/([^"']+)["']|\bimport\s*\(\s*["']convoscope/([^"']+)["']""",
    re.MULTILINE,
)
"""Static imports, and those that wait until they are needed: on disk there is nowhere to fetch them from."""
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Shell:
    """What is the same in every page: the player's code as an import map, its styles, and the script that starts it."""

    import_map: str
    style: str
    boot: str
    may_evaluate: bool = False

    @property
    def policy(self) -> str:
        """The page's Content-Security-Policy: nothing but what stands in the file."""
        scripts = " ".join(map(_hash, (self.import_map, self.boot)))
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src data: {scripts}" + (" 'unsafe-eval'" if self.may_evaluate else ""),
                f"style-src {_hash(self.style)}",
                "img-src data:",
                "base-uri 'none'",
                "form-action 'none'",
            )
        )


@cache
def shell() -> Shell:
    """The shell, read once from the files that come with the program."""
    folder = resource("static")
    urls = {f"convoscope/{name}": _address(code) for name, code in sorted(modules(folder).items())}
    style = "".join(_styles(folder / name, where) for name, where in STYLES)
    return Shell(json.dumps({"imports": urls}, separators=(",", ":")), style, BOOT)


@cache
def framed_shell() -> Shell:
    """The shell for a notebook's frame, which has to live with the policy of what is around it.

    VS Code lets nothing run from `data:` addresses, and does let text be evaluated: there the same modules are run so.
    """
    linker = (resource("static") / LINKER).read_text(encoding="utf-8")
    return replace(shell(), boot=linker, may_evaluate=True)


def modules(folder: Path) -> Mapping[str, bytes]:
    """The player's modules by name: the entry and all that it imports, directly or not, now or later."""
    found: dict[str, bytes] = {}
    waiting = [ENTRY]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = (folder / name).read_bytes()
            code = COMMENT.sub("", found[name].decode())
            waiting += [now or later for now, later in IMPORTED.findall(code)]
    return found


def offline_page(answer: LabResult, view: View, base: str = "", framed: bool = False) -> str:
    """The page for a figure as a View shows it. With `base`, the address of a server, it links to the Lab there.

    `framed` is for the frame of a notebook.

    Raises ValueError, a sentence, for an answer without numbers or with more than a page can hold.
    """
    trace = _held(answer)
    standpoint = stand(trace, view)
    told = _without_address(answer, trace)
    trace = told.trace or trace
    problems = [problem.to_json() for problem in (*answer.problems, *standpoint.notes)]
    header = told.header()
    query = format_link(told.scene, standpoint.view)
    figure = {"scene": header["scene"], "link": told.link, "query": query, "problems": problems}
    page, frame = templates().get_template("offline.html"), framed_shell() if framed else shell()
    return page.render(
        version=__version__,
        title=view.title or title(trace),
        description=sentence(standpoint.stage),
        policy=frame.policy,
        style=Markup(frame.style),
        import_map=Markup(frame.import_map),
        boot=Markup(frame.boot),
        view=asdict(standpoint.view),
        paint=paint(trace, standpoint),
        problems=problems,
        query=query,
        lab=lab_address(base, answer, standpoint.view),
        data=script_json({"view": [option.to_json() for option in VIEW_OPTIONS], **figure}),
        trace=_packed(trace_to_bytes(trace, header, None, MOST_BYTES)),
    )


def lab_address(base: str, answer: LabResult, view: View) -> str:
    """The figure's address in the Lab of a server; none where no server is known, or the picture is somebody's own."""
    if not base or isinstance(answer.scene.image, UploadId):
        return ""
    query = format_link(answer.scene, view)
    return f"{base.rstrip('/')}/{'?' if query else ''}{query}"


def file_name(trace: Trace, view: View) -> str:
    """A name for the page's file: its title, or else what is in it, as convoscope-cat-sobel-x-relu.html."""
    inside = slug(" ".join(_words(trace)))
    return f"{slug(view.title) or f'convoscope-{inside}'}.html"


def slug(text: str) -> str:
    """A text as a file may be called: a-z, 0-9 and -, at most 80 of them."""
    plain = unicodedata.normalize("NFKD", text.replace("×", "x")).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace(" x ", "x")).strip("-")
    return words if len(words) <= NAME_LENGTH else words[:NAME_LENGTH].rpartition("-")[0] or words[:NAME_LENGTH]


def _words(trace: Trace) -> Iterator[str]:
    """The picture, then the filter or else the name of each layer."""
    source: Any = trace.stages[0].meta["image"]
    yield str(source["title"])
    for stage in trace.stages[1:]:
        labels: Any = stage.meta.get("labels") or ()
        filters = {label.partition(",")[0] for label in labels}  # without the channel that each reads
        yield filters.pop() if len(filters) == 1 else str(stage.meta["title"])


def _held(answer: LabResult) -> Trace:
    """The Trace, if a page can hold it."""
    if answer.trace is None:
        raise ValueError(answer.problems[0].message)
    size = sum(stage.output.nbytes for stage in answer.trace.stages)
    if size > MOST_BYTES:
        raise ValueError(say("page_bytes", value=f"{size / 1e6:.1f}", most=f"{MOST_BYTES / 1e6:g}"))
    return answer.trace


def _without_address(answer: LabResult, trace: Trace) -> LabResult:
    """The answer without the address of an upload, under which others could fetch more than what is shown."""
    if not isinstance(answer.scene.image, UploadId):
        return answer
    first = trace.stages[0]
    image = {**first.meta["image"], "name": OMITTED_UPLOAD.id}  # type: ignore[dict-item]
    scene = replace(answer.scene, image=OMITTED_UPLOAD)
    stages = (replace(first, meta={**first.meta, "image": image}), *trace.stages[1:])
    hidden = replace(trace, scene=replace(trace.scene, image=OMITTED_UPLOAD), stages=stages)
    return replace(answer, scene=scene, link=format_link(scene), trace=hidden)


def _styles(file: Path, where: str) -> str:
    text = file.read_text(encoding="utf-8")
    return f"@media {where} {{\n{text}}}\n" if where else text


def _packed(data: bytes) -> Markup:
    return Markup(base64.b64encode(gzip.compress(data, 6, mtime=0)).decode())


def _address(code: bytes) -> str:
    return f"data:text/javascript;base64,{base64.b64encode(code).decode()}"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
