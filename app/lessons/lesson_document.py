"""A lesson as one HTML file that opens from disk: its figures are pages of their own, whose code is there once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from markupsafe import Markup, escape

from .. import __version__
from ..core.scene import View
from ..lab import ComputeLink
from ..render.offline import compress_bytes, render_offline_page
from ..render.offline_shell import ALL_PARTS, load_lesson_shell, load_shell
from ..render.page_texts import write_page_text
from ..render.templates import load_templates, to_script_json
from .computed_lesson import ComputedLesson

CODE_MARK = "{{code}}"
"""Stands for the code in each figure; `static/shells/lesson/file-pages.js` puts it in its place."""
EMBED = "embed?"


def render_lesson_file(computed: ComputedLesson, compute: ComputeLink, texts: Mapping[str, str], base: str = "") -> str:
    """Render the file of a lesson. `texts` are the sentences of the page's script, `base` the address of a server that
    the file links to, "" for none.

    A figure of another page than the Lab's is a sentence there. Raises ValueError where a figure has no Trace,
    PageTooLarge where one has too many numbers.
    """
    addresses = tuple(dict.fromkeys(_list_addresses(computed)))
    shell, inner = load_lesson_shell(), load_shell(ALL_PARTS)
    pages = [_render_figure(address, compute, base).replace(inner.import_map, CODE_MARK) for address in addresses]
    data = {
        "lesson": computed.to_json(),
        "scene": 0,
        "texts": texts,
        "pages": {address: number for number, address in enumerate(addresses)},
    }
    return (
        load_templates()
        .get_template("offline-lesson.html")
        .render(
            version=__version__,
            title=computed.title,
            description=computed.aim,
            policy=shell.policy,
            style=Markup(shell.style),
            import_map=Markup(shell.import_map),
            boot=Markup(shell.boot),
            view=View(),
            lesson=computed,
            scene=computed.scenes[0],
            number=1,
            note="",
            track="",
            following=None,
            framed=True,
            in_file=True,
            root="",
            lab=f"{base.rstrip('/')}/lessons/{computed.lesson.name}" if base else "",
            data=to_script_json(data),
            code=compress_bytes(inner.import_map.encode()),
            pages=[compress_bytes(page.encode()) for page in pages],
        )
    )


def _list_addresses(computed: ComputedLesson) -> Iterator[str]:
    for scene in computed.scenes:
        yield scene.embed
        if scene.question:
            yield scene.question.embed or scene.embed
            if scene.question.reveal:
                yield scene.question.reveal


def _render_figure(address: str, compute: ComputeLink, base: str) -> str:
    if not address.startswith(EMBED):
        return f"<!doctype html><title>Convoscope</title><p>{escape(write_page_text('page_lesson_no_figure'))}</p>"
    result, view = compute(address.removeprefix(EMBED))
    return render_offline_page(result, view, base, parts=ALL_PARTS)
