"""Figures side by side as one HTML file that opens from disk, with the player, its styles and all numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from markupsafe import Markup

from ... import __version__
from ...core.compare.difference import PictureNames
from ...core.link.query_string import format_link
from ...core.options import VIEW_OPTIONS
from ...core.scene import View
from ...core.texts import make_text
from ...core.trace.trace import Trace, has_own_laws
from ...core.trace.wire import trace_to_bytes
from ...lab import LabResult
from ..offline import MAX_TRACE_BYTES, PageTooLarge, compress_bytes, hide_upload_id, slugify
from ..offline_shell import load_comparison_shell
from ..templates import load_templates, to_script_json
from .compared_figures import make_compared_paint
from .comparison_data import make_comparison_data


def render_comparison_file(
    answers: Mapping[str, LabResult],
    views: Mapping[str, View],
    own: Mapping[str, str],
    pictures: PictureNames,
    base: str = "",
) -> tuple[str, str]:
    """Render the page of figures by their letters, and make a name for its file.

    `base` is the address of a server whose Lab the page links to. Raises ValueError where an answer has no Trace,
    PageTooLarge where all Traces together have more than MAX_TRACE_BYTES.
    """
    traces = {letter: _get_trace(answer) for letter, answer in answers.items()}
    size = sum(stage.output.nbytes for trace in traces.values() for stage in trace.stages)
    if size > MAX_TRACE_BYTES:
        raise PageTooLarge(make_text("page_bytes", size=f"{size / 1e6:.1f}", most=f"{MAX_TRACE_BYTES / 1e6:g}"))
    public = {letter: hide_upload_id(answer, traces[letter]) for letter, answer in answers.items()}
    scenes = {letter: answer.scene for letter, answer in answers.items()}
    paint = make_compared_paint(traces, scenes, views, pictures)
    has_laws = any(map(has_own_laws, traces.values()))
    shell = load_comparison_shell(has_laws)
    is_private = any(answer.scene.upload_ids for answer in answers.values())
    data = make_comparison_data(paint, public, views, own, _carry_numbers)
    page = (
        load_templates()
        .get_template("offline-compare.html")
        .render(
            version=__version__,
            title=paint.title,
            description=make_text("site_description"),
            policy=shell.policy,
            style=Markup(shell.style),
            import_map=Markup(shell.import_map),
            boot=Markup(shell.boot),
            view=asdict(next(iter(views.values()))),
            heading=paint.title,
            paint=paint,
            figures=[(figure, ()) for figure in paint.figures],
            links={letter: format_link(answer.scene, views[letter]) for letter, answer in public.items()},
            lab=f"{base.rstrip('/')}/" if base and not is_private else "",
            problems=(),
            framed=True,
            in_file=True,
            data=to_script_json({"view": [option.to_json() for option in VIEW_OPTIONS], **data}),
        )
    )
    return page, f"{slugify(f'convoscope {paint.title}')}.html"


def _get_trace(answer: LabResult) -> Trace:
    if answer.trace is None:
        raise ValueError(answer.problems[0].message)
    return answer.trace


def _carry_numbers(answer: LabResult) -> Mapping[str, object]:
    return {"zipped": compress_bytes(trace_to_bytes(_get_trace(answer), answer.header(), None, MAX_TRACE_BYTES))}
