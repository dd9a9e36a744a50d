"""The pages: HTML with the figure in it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from fastapi import APIRouter, Request, Response
from jinja2 import Environment
from markupsafe import Markup

from ...core.link.query_string import format_link
from ...core.scene import View
from ...core.trace.trace import Trace
from ...core.trace.wire import trace_to_bytes
from ...lab import LabResult
from ...render.first_paint import paint, sentence, title
from ...render.templates import merged, script_json, templates
from ...render.view_position import stand
from ..app_state import Computed, Site, query_of, site_of
from ..http_messages import title_of
from ..requests.query_params import Asked, ask_page
from ..responses.http_errors import Refused
from ..responses.open_graph import base_of, preview
from ..responses.ready_response import Reply
from ..static_files import Statics
from .catalog import page_tables

HTML = "text/html; charset=utf-8"
NAME = "Convoscope"
DESCRIPTION = "A microscope for convolution: your picture, a filter, and every number between them."

router = APIRouter(include_in_schema=False)


@router.get("/")
async def viewer(request: Request) -> Response:
    """The Lab."""
    return await _page(request, "viewer.html", "live.js")


@router.get("/embed")
async def embed(request: Request) -> Response:
    """The bare figure, for an iframe."""
    return await _page(request, "embed.html", "embed.js")


@dataclass(frozen=True, slots=True, eq=False)
class Pages:
    """The templates, with what every page gets: its files, what its scripts may be, and who may frame an embed."""

    environment: Environment
    statics: Statics
    ancestors: str
    tables: Markup

    def render(self, name: str, context: Mapping[str, object], status: int = 200, root: str = "./") -> Reply:
        """A page as a reply, with the policy that lets only its own scripts run; `root` leads to that of its site."""
        import_map = self.statics.import_map(root)
        values = {
            "build": self.statics.build,
            "root": root,
            "static": root + self.statics.folder,
            "import_map": Markup(import_map),
            **context,
        }
        body = self.environment.get_template(name).render(values)
        ancestors = self.ancestors if name == "embed.html" else "'self'"
        headers = {"Content-Security-Policy": policy(import_map, ancestors)}
        return Reply(body.encode(), HTML, status, headers).packed()

    def data(self, figure: Mapping[str, object]) -> Markup:
        """What a page hands to its scripts: the tables of the controls, which never change, and its figure."""
        return merged(self.tables, script_json(figure))

    def refusal(self, refused: Refused, root: str) -> Reply:
        """The page that says no, under whatever address was asked for."""
        title = title_of(refused.status)
        reply = self.render(
            "error.html",
            {"title": f"{title} · {NAME}", "heading": title, "sentence": refused.detail, "description": DESCRIPTION},
            refused.status,
            root,
        )
        return replace(reply, headers={**reply.headers, **refused.headers, "Cache-Control": "no-store"})


def make_pages(site: Site) -> Pages:
    """The pages, from the templates that come with the program."""
    return Pages(templates(), site.statics, site.settings.frame_ancestors, script_json(page_tables(site)))


def policy(import_map: str, ancestors: str) -> str:
    """What a page may load: its own files, and of inline scripts the import map alone; and who may put it into a frame.

    With no `ancestors` it says nothing of who may: `*` would leave out decks that are opened from a file.
    """
    digest = base64.b64encode(hashlib.sha256(import_map.encode()).digest()).decode()
    rules = [
        "default-src 'none'",
        f"script-src 'self' 'sha256-{digest}'",
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


async def _page(request: Request, template: str, module: str) -> Response:
    site = site_of(request)
    asked = ask_page(query_of(request), site.limits)
    pages: Pages = request.app.state.pages
    modules = site.statics.modules(module)
    base = base_of(request)
    path: str = request.scope["path"]

    def made(answer: LabResult) -> Reply:
        figure = context(site, pages, asked, answer)
        shown = preview(base, path, str(figure["query"]), _shown(site, asked, answer, str(figure["query"])))
        return pages.render(template, {"modules": modules, "preview": shown, **figure})

    computed = Computed(
        ("page", template, base, asked.full_link),
        made,
        repair=True,
    )
    return await site.send(request, asked, computed)


def _shown(site: Site, asked: Asked, answer: LabResult, query: str) -> str | None:
    """The figure that other sites may show a picture of: what somebody brought is not theirs."""
    private = answer.gone or bool(asked.brought)
    return None if private or len(query) > site.limits.link_characters else query


def context(site: Site, pages: Pages, asked: Asked, answer: LabResult) -> dict[str, object]:
    """What the templates get of a figure."""
    trace = _trace(answer)
    standpoint = stand(trace, asked.view)
    query = format_link(answer.scene, _as_said(asked, standpoint.view))
    problems = [problem.to_json() for problem in (*answer.problems, *standpoint.notes)]
    header = answer.header()
    figure = {"scene": header["scene"], "link": answer.link, "query": query, "problems": problems, "gone": answer.gone}
    if answer.gone:  # the API has no Trace of a picture that is no longer here, so the page brings its placeholder
        figure["trace"] = base64.b64encode(trace_to_bytes(trace, header, None, site.settings.wire_float_bytes)).decode()
    return {
        "title": _title(asked, trace),
        "description": f"{sentence(standpoint.stage)} {DESCRIPTION}",
        "problems": problems,
        "gone": answer.gone,
        "query": query,
        "trace_query": answer.link,
        "view": asdict(standpoint.view),
        "image": trace.stages[0].meta["image"],
        "scene": figure["scene"],
        "paint": paint(trace, standpoint),
        "learned": bool(site.models),
        "data": pages.data(figure),
    }


def _trace(answer: LabResult) -> Trace:
    if answer.trace is None:  # with repair there is always one
        raise Refused.misfit(answer.problems)
    return answer.trace


def _as_said(asked: Asked, fitted: View) -> View:
    """The View that fits, but without a stage that nobody named."""
    default = View()
    return replace(fitted, stage=default.stage) if asked.view.stage == default.stage else fitted


def _title(asked: Asked, trace: Trace) -> str:
    """The page's name; with a figure of its own, the figure's before it."""
    if not asked.full_link:
        return NAME
    return f"{title(trace)} · {NAME}"
