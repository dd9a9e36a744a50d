"""The offline page: a figure as one HTML file that opens from disk, with the player, its styles and all numbers.

The Content-Security-Policy of the page lets nothing else run or load. The Trace is the safetensors file that the
server would send, with the numbers of every stage, gzipped, in base64.
"""

from __future__ import annotations

import base64
import gzip
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from markupsafe import Markup

from .. import __version__
from ..core.link.query_string import format_image, format_link
from ..core.options import VIEW_OPTIONS
from ..core.problems import Problem
from ..core.scene import OMITTED_UPLOAD, UploadId, View, hide_uploads
from ..core.texts import Text, make_text, write_message
from ..core.trace.trace import Trace, get_image, has_own_laws
from ..core.trace.wire import MOST_THUMBNAIL, trace_to_bytes
from ..lab import LabResult
from ..lab.asking import ask, choose_linked_view, choose_view
from ..lab.unsaid_groups import GROUPS_NOT_GIVEN
from .figure_content.question_panel import make_answer_data, make_question_data, make_question_panel
from .first_paint import make_first_paint
from .map_image import color_map, subsample
from .offline_shell import PageParts, load_notebook_shell, load_shell
from .png import make_data_urls
from .stage_texts import describe_stage, make_linked_stack, make_title
from .templates import load_templates, to_script_json
from .view_position import fit_view
from .views.response_data import ResponseData

MAX_TRACE_BYTES = 16_000_000
"""Largest Trace in a page, in bytes of float32 numbers; larger pages open slowly."""
MAX_NAME_LENGTH = 80


class PageTooLarge(ValueError):
    """A figure with more numbers than a page in one file can hold; `text` says so."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def render_offline_page(
    answer: LabResult,
    view: View,
    base: str = "",
    framed: bool = False,
    list_items: Callable[[LabResult], Sequence[LabResult]] = lambda _: (),
    response: ResponseData | None = None,
    parts: PageParts | None = None,
) -> str:
    """Render the page of a figure as a View shows it. `base` is the address of a server whose Lab the page links to.

    `framed` is for the frame of a notebook. `list_items` computes the answers of all pictures of a stack: the page has
    all of them where they fit, else the one that is shown and a sentence. `response` has the numbers of a response
    curve, and of the answers before the picture was changed. `parts` are those of the code, None what the figure
    needs. Raises ValueError with a sentence where the answer has no
    Trace or one of more than MAX_TRACE_BYTES.
    """
    answer = ask(answer, view)
    trace = _get_small_trace(answer)
    position = fit_view(trace, choose_view(answer, view))
    linked = choose_linked_view(answer, view, position.linked_view)
    panel = make_question_panel(answer)
    public = hide_upload_id(answer, trace)
    trace = public.trace or trace
    found = (*answer.problems, *position.notes)
    items = _pack_items(answer, list_items) if trace.scene.batch and not panel else None
    if trace.scene.batch and not items:
        found = (*found, _make_alone_note(answer))
    problems = [problem.to_json() for problem in found if problem.code != GROUPS_NOT_GIVEN]
    header = _make_item_header(public, items.thumbnails if items else ())
    query = format_link(public.scene, linked)
    figure = {"scene": header["scene"], "link": public.link, "query": query, "problems": problems}
    if has_own_laws(trace):
        figure["laws"] = True
    if response and (carried := response.to_json()):
        figure["response"] = carried
    if panel:
        figure["question"] = make_question_data(answer, view)
    page = load_templates().get_template("offline.html")
    parts = parts or PageParts(laws=has_own_laws(trace), words=bool(trace.scene.rows), question=panel is not None)
    shell = (load_notebook_shell if framed else load_shell)(parts)
    return page.render(
        version=__version__,
        title=view.title or make_title(trace),
        description=panel.sentence if panel else describe_stage(position.stage),
        policy=shell.policy,
        style=Markup(shell.style),
        import_map=Markup(shell.import_map),
        boot=Markup(shell.boot),
        view=asdict(position.view),
        paint=make_first_paint(
            trace, position, make_linked_stack(public, position, False, items.thumbnails) if items else None
        ),
        items=items.others if items else (),
        problems=problems,
        query=query,
        question=panel,
        whole=_pack_whole(answer) if panel else "",
        lab=make_lab_address(base, answer, linked),
        data=to_script_json({"view": [option.to_syntax_json() for option in VIEW_OPTIONS], **figure}),
        trace=compress_bytes(trace_to_bytes(trace, header, None, MAX_TRACE_BYTES)),
    )


def make_lab_address(base: str, answer: LabResult, view: View) -> str:
    """Make the address of the figure in the Lab of a server; "" without a server, and for an uploaded image."""
    if not base or answer.scene.upload_ids:
        return ""
    query = format_link(answer.scene, view)
    return f"{base.rstrip('/')}/{'?' if query else ''}{query}"


def make_file_name(trace: Trace, view: View) -> str:
    """Make a name for the file of a page, from its title or its layers: convoscope-cat-sobel-x-relu.html."""
    parts = slugify(" ".join(_list_name_parts(trace)))
    return f"{slugify(view.title) or f'convoscope-{parts}'}.html"


def slugify(text: str) -> str:
    """Reduce a text to at most 80 of a-z, 0-9 and -, for a file name."""
    plain = unicodedata.normalize("NFKD", text.replace("×", "x")).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain.replace(" x ", "x")).strip("-")
    if len(name) <= MAX_NAME_LENGTH:
        return name
    return name[:MAX_NAME_LENGTH].rpartition("-")[0] or name[:MAX_NAME_LENGTH]


def _list_name_parts(trace: Trace) -> Iterator[str]:
    """Yield the title of the image, then of each layer its only filter or its title."""
    yield write_message(get_image(trace).title)
    for stage in trace.stages[1:]:
        # without the channel that each reads
        filters = {write_message(label).partition(",")[0] for label in stage.info.labels}
        yield filters.pop() if len(filters) == 1 else write_message(stage.info.title)


def _get_small_trace(answer: LabResult) -> Trace:
    """Return the Trace. Raises ValueError where there is none, PageTooLarge where a page cannot hold it."""
    if answer.trace is None:
        raise ValueError(answer.problems[0].message)
    size = sum(stage.output.nbytes for stage in answer.trace.stages)
    if size > MAX_TRACE_BYTES:
        raise PageTooLarge(make_text("page_bytes", size=f"{size / 1e6:.1f}", most=f"{MAX_TRACE_BYTES / 1e6:g}"))
    return answer.trace


def hide_upload_id(answer: LabResult, trace: Trace) -> LabResult:
    """Return the answer without the id of an upload, with which others could fetch the whole image."""
    if not answer.scene.upload_ids:
        return answer
    scene, stages = hide_uploads(answer.scene), trace.stages
    if isinstance(answer.scene.shown_image, UploadId):
        image = replace(get_image(trace), name=OMITTED_UPLOAD.id)
        stages = (replace(stages[0], info=replace(stages[0].info, image=image)), *stages[1:])
    hidden = replace(trace, scene=hide_uploads(trace.scene), stages=stages)
    return replace(answer, scene=scene, link=format_link(scene), trace=hidden)


@dataclass(frozen=True, slots=True)
class _PackedItems:
    """The pictures of a stack in a page: their thumbnails, and the Traces of those that are not shown, by index."""

    thumbnails: tuple[str, ...]
    others: tuple[tuple[int, Markup], ...]


def _pack_items(answer: LabResult, list_items: Callable[[LabResult], Sequence[LabResult]]) -> _PackedItems | None:
    """Pack all pictures of a stack; None where a page cannot hold their numbers, or one cannot be computed."""
    if _count_stack_bytes(answer) > MAX_TRACE_BYTES:
        return None
    items = list_items(answer)
    traces = [item.trace for item in items if item.trace]
    if len(traces) < len(answer.scene.stack):
        return None
    inputs = [subsample(color_map(trace.stages[0]), MOST_THUMBNAIL) for trace in traces]
    thumbnails = tuple(make_data_urls(inputs))
    others = []
    for index, (item, trace) in enumerate(zip(items, traces, strict=True)):
        if index != answer.scene.item:
            public = hide_upload_id(item, trace)
            data = trace_to_bytes(public.trace or trace, _make_item_header(public, thumbnails), None, MAX_TRACE_BYTES)
            others.append((index, compress_bytes(data)))
    return _PackedItems(thumbnails, tuple(others))


def _make_item_header(public: LabResult, thumbnails: Sequence[str]) -> dict[str, object]:
    """Make the header of a Trace; the thumbnails of its stack are in the file, or it has none."""
    header, scene = public.header(), public.scene
    if not scene.batch:
        return header
    batch = {"count": len(scene.stack), "item": scene.item, "names": [format_image(image) for image in scene.stack]}
    titles = {"titles": [write_message(title) for title in public.titles]}
    return {**header, "batch": {**batch, **titles, **({"thumbnails": list(thumbnails)} if thumbnails else {})}}


def _count_stack_bytes(answer: LabResult) -> int:
    """Count the bytes of the numbers of all pictures of a stack, which are as many for each."""
    stages = answer.trace.stages if answer.trace else ()
    return len(answer.scene.stack) * sum(stage.output.nbytes for stage in stages)


def _make_alone_note(answer: LabResult) -> Problem:
    """Make the note of a page that has one picture of a stack."""
    size, most = f"{_count_stack_bytes(answer) / 1e6:.1f}", f"{MAX_TRACE_BYTES / 1e6:g}"
    number, count = str(answer.scene.item + 1), str(len(answer.scene.stack))
    is_large = _count_stack_bytes(answer) > MAX_TRACE_BYTES
    code = "batch_alone_large" if is_large else "batch_alone"
    given = {"size": size, "most": most} if is_large else {}
    return Problem("batch", count, "", make_text(code, number=number, count=count, **given), severity="note")


def _pack_whole(answer: LabResult) -> Markup:
    """Pack the Trace with the answer of a page that asks."""
    whole = replace(answer, trace=answer.whole)
    public = hide_upload_id(whole, _get_small_trace(whole))
    header = {**public.header(), "answer": make_answer_data(answer)}
    return compress_bytes(trace_to_bytes(_get_small_trace(public), header, None, MAX_TRACE_BYTES))


def compress_bytes(data: bytes) -> Markup:
    return Markup(base64.b64encode(gzip.compress(data, 6, mtime=0)).decode())
