"""The pages with a figure: the Lab and the embed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from fastapi import APIRouter, Request, Response
from jinja2 import Environment
from markupsafe import Markup

from ...core.link.query_string import format_link
from ...core.problems import remove_ending
from ...core.texts import make_text, use_language
from ...core.trace.trace import Trace, has_own_laws
from ...core.trace.wire import trace_to_bytes
from ...lab import LabResult
from ...lab.asking import choose_linked_view, choose_view
from ...lab.unsaid_groups import GROUPS_NOT_GIVEN
from ...render.figure_content.question_panel import make_question_data, make_question_panel
from ...render.first_paint import make_first_paint
from ...render.stage_texts import describe_stage, make_linked_stack, make_title
from ...render.templates import load_templates, merge_script_json, to_script_json
from ...render.view_position import fit_view
from ..app_state import AppState, get_app_state, get_query_string
from ..figure_replies import ReplySpec, require_trace, send_figure_reply
from ..http_messages import get_status_title
from ..requests.query_params import RequestParams, read_known_keys, read_page_params
from ..requests.request_route import RequestRoute
from ..responses.http_errors import HTTPError
from ..responses.open_graph import get_base_url, make_preview
from ..responses.ready_response import HTML_TYPE, NO_CACHE, Reply, ReplyResponse, make_etag
from ..static_files import CACHE_FOREVER, StaticFiles
from .catalog import make_control_tables, make_page_tables

SITE_NAME = "Convoscope"
DESCRIPTION = make_text("site_description")

CARRIED_TRACE_BYTES = 64_000
"""The most bytes of arrays in a Trace that a page carries; the browser requests a larger one separately."""

FOLD_RAIL = (
    'try{if(localStorage.getItem("convoscope-rail")==="folded")'
    'document.currentScript.parentElement.dataset.rail="folded"}catch{}'
)
"""Folds the settings of the Lab before anything is painted, if they were folded when it was last open."""

router = APIRouter(include_in_schema=False, route_class=RequestRoute)


@router.get("/")
async def get_lab_page(request: Request) -> Response:
    """The Lab."""
    return await _send_page(request, "viewer.html", "lab")


@router.get("/embed")
async def get_embed_page(request: Request) -> Response:
    """The bare figure, for an iframe."""
    return await _send_page(request, "embed.html", "embed")


@router.get("/controls.json")
async def get_control_tables(request: Request) -> Response:
    """The tables of the Lab's controls, which its page loads after the first figure; `v` is their ETag."""
    pages: Pages = request.app.state.pages
    is_current = read_known_keys(get_query_string(request), ("v",)).get("v") == pages.control_tables_reply.etag
    return ReplyResponse(replace(pages.control_tables_reply, headers=CACHE_FOREVER if is_current else NO_CACHE))


@dataclass(frozen=True, slots=True, eq=False)
class Pages:
    """Renders templates with what every page has: static files, the content policy, the tables of the controls.

    `control_tables_reply` has them as a file of its own.
    """

    environment: Environment
    static_files: StaticFiles
    ancestors: str
    tables: Markup
    control_tables: Markup
    control_tables_reply: Reply

    def render(self, name: str, context: Mapping[str, object], status: int = 200, root: str = "./") -> Reply:
        """A page as a reply, with its content policy; `root` is the relative path to the site's root.

        Other sites may show an embed in a frame, and a page whose context has `framed`.
        """
        script = str(context.get("script", ""))
        import_map = self.static_files.make_import_map(root, script)
        values = {
            "build": self.static_files.build,
            "root": root,
            "static": root + self.static_files.url_path,
            "import_map": Markup(import_map),
            "fold_rail": Markup(FOLD_RAIL),
            "script_path": self.static_files.get_script(script) if script else "",
            **context,
        }
        body = self.environment.get_template(name).render(values)
        ancestors = self.ancestors if name == "embed.html" or context.get("framed") else "'self'"
        inline = (import_map, FOLD_RAIL) if script == "lab" else (import_map,)
        headers = {"Content-Security-Policy": make_content_policy(inline, ancestors)}
        return Reply(body.encode(), HTML_TYPE, status, headers).with_gzip()

    def render_checked(self, name: str, context: Mapping[str, object], root: str = "./") -> Reply:
        """The same of a page without a figure: browsers keep it, and ask each time whether it has changed."""
        reply = self.render(name, context, root=root)
        return replace(reply, headers={**reply.headers, **NO_CACHE}, etag=make_etag(reply.body))

    def make_page_data(self, figure: Mapping[str, object]) -> Markup:
        """The data for a page's scripts: tables that never change, and its figure."""
        return merge_script_json(self.tables, to_script_json(figure))

    def make_data_of_controls(self, figure: Mapping[str, object]) -> Markup:
        """The data of a page that shows its controls at once."""
        return merge_script_json(self.control_tables, self.make_page_data(figure))

    def render_error(self, error: HTTPError, root: str) -> Reply:
        """The page for an error."""
        title = get_status_title(error.status)
        reply = self.render(
            "error.html",
            {"title": f"{title} · {SITE_NAME}", "heading": title, "sentence": error.detail, "description": DESCRIPTION},
            error.status,
            root,
        )
        return replace(reply, headers={**reply.headers, **error.headers, "Cache-Control": "no-store"})


def make_pages(state: AppState) -> Pages:
    """The renderer of the program's own templates."""
    with use_language(state.settings.language):
        tables = to_script_json(make_page_tables(state))
        control_tables = to_script_json(make_control_tables(state))
    reply = Reply(control_tables.encode(), "application/json", etag=make_etag(control_tables)).with_gzip()
    return Pages(load_templates(), state.static_files, state.settings.frame_ancestors, tables, control_tables, reply)


def make_content_policy(inline: Sequence[str], ancestors: str) -> str:
    """The Content-Security-Policy of a page: its own files, its inline scripts by their digests, who may frame it.

    Without `ancestors` there is no rule for frames: `*` would exclude decks that are opened from a file.
    """
    digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in inline]
    rules = [
        "default-src 'none'",
        " ".join(["script-src 'self'", *(f"'sha256-{digest}'" for digest in digests)]),
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        *([f"frame-ancestors {ancestors}"] if ancestors else []),
    ]
    return "; ".join(rules)


async def _send_page(request: Request, template: str, script: str) -> Response:
    state = get_app_state(request)
    params = read_page_params(get_query_string(request), state.limits)
    pages: Pages = request.app.state.pages
    base = get_base_url(request)
    path: str = request.scope["path"]

    def build(answer: LabResult) -> Reply:
        can_edit = {"controls": f"/controls.json?v={pages.control_tables_reply.etag}"} if script == "lab" else {}
        figure = make_figure_context(state, pages, params, answer, can_edit)
        link_preview = make_preview(
            base, path, str(figure["query"]), _get_preview_query(state, params, answer, str(figure["query"]))
        )
        return pages.render(template, {"script": script, "preview": link_preview, **figure})

    spec = ReplySpec(
        ("page", template, base, params.full_link),
        build,
        repair=True,
    )
    return await send_figure_reply(request, params, spec)


def _get_preview_query(state: AppState, params: RequestParams, answer: LabResult, query: str) -> str | None:
    """The query of the preview picture; None for a figure with uploads, which is private, or with a long link."""
    private = answer.gone or bool(params.upload_ids)
    return None if private or len(query) > state.limits.link_characters else query


def make_figure_context(
    state: AppState, pages: Pages, params: RequestParams, answer: LabResult, more: Mapping[str, object]
) -> dict[str, object]:
    """The variables of a figure for templates; the page's scripts get `more`, too."""
    trace = require_trace(answer)
    position = fit_view(trace, choose_view(answer, params.view))
    query = format_link(answer.scene, choose_linked_view(answer, params.view, position.linked_view))
    panel = make_question_panel(answer)
    found = (*answer.problems, *position.notes)
    problems = [problem.to_json() for problem in found]
    header = answer.header()
    figure = {"scene": header["scene"], "link": answer.link, "query": query, "problems": problems, "gone": answer.gone}
    carried = answer.gone or is_small(trace)  # the API has no Trace of a picture that is gone
    if carried:
        data = trace_to_bytes(trace, header, None, state.settings.wire_float_bytes)
        figure["trace"] = base64.b64encode(data).decode()
    if has_own_laws(trace):
        figure["laws"] = True
    if panel:
        figure["question"] = make_question_data(answer, params.view)
    return {
        "title": _make_title(params, trace),
        "description": f"{panel.sentence if panel else describe_stage(position.stage)} {DESCRIPTION}",
        "problems": problems,
        "problems_without_advice": [
            {"message": remove_ending(problem, "drop_again").message}
            for problem in found
            if problem.code != GROUPS_NOT_GIVEN
        ],
        "query": query,
        "trace_query": None if carried else query if panel else answer.link,
        "view": asdict(position.view),
        "paint": make_first_paint(trace, position, make_linked_stack(answer, position, panel is not None)),
        "question": panel,
        "learned": bool(state.models),
        "data": pages.make_page_data({**figure, **more}),
    }


def is_small(trace: Trace) -> bool:
    """Whether a page carries its Trace, so that the browser need not ask for it."""
    arrays = (array for stage in trace.stages for array in (stage.output, stage.weight, stage.bias))
    return sum(array.nbytes for array in arrays if array is not None) <= CARRIED_TRACE_BYTES


def _make_title(params: RequestParams, trace: Trace) -> str:
    """The page's title: the site's name, after the figure's title if it is not the default figure."""
    if not params.full_link:
        return SITE_NAME
    return f"{make_title(trace)} · {SITE_NAME}"
