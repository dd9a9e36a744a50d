"""A lesson as one HTML file that opens from disk: its figures are pages of their own, whose code is there once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from markupsafe import Markup, escape

from .. import __version__
from ..core.scene import View
from ..core.texts import Text, add_catalogue, make_text, write_message
from ..lab import ComputeLink
from ..render.offline import PageTooLarge, compress_bytes, render_offline_page
from ..render.offline_shell import ALL_PARTS, load_lesson_shell, load_shell
from ..render.templates import load_templates, to_script_json
from .computed_lesson import ComputedLesson

CODE_MARK = "{{code}}"
"""Stands for the code in each figure; `static/shells/lesson/file-pages.js` puts it in its place."""
EMBED = "embed?"
FILE_TEXTS = add_catalogue(
    {
        "lesson_file_elsewhere": "This figure needs a server.",
        "lesson_file_large": "The figure of scene {scene} does not fit in a file: {reason} Take a smaller picture.",
        "lesson_file_broken": "The figure of scene {scene} does not open, and cannot go into a file: {reason}",
    }
)


class NoLessonFile(ValueError):
    """A lesson with a figure that cannot go into a file; `text` says which and why."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def render_lesson_file(computed: ComputedLesson, compute: ComputeLink, texts: Mapping[str, str], base: str = "") -> str:
    """Render the file of a lesson. `texts` are the sentences of the page's script, `base` the address of a server that
    the file links to, "" for none.

    A figure of another page than the Lab's is a sentence there. Raises NoLessonFile where a figure does not open, or
    has too many numbers.
    """
    scenes = dict(_list_addresses(computed))
    addresses = tuple(scenes)
    shell, inner = load_lesson_shell(), load_shell(ALL_PARTS)
    pages = [
        _render_figure(address, scene, compute, base).replace(inner.import_map, CODE_MARK)
        for address, scene in scenes.items()
    ]
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


def _list_addresses(computed: ComputedLesson) -> Iterator[tuple[str, int]]:
    """The addresses of all figures, each with the number of its scene."""
    for number, scene in enumerate(computed.scenes, 1):
        yield scene.embed, number
        if scene.question:
            yield scene.question.embed or scene.embed, number
            if scene.question.reveal:
                yield scene.question.reveal, number


def _render_figure(address: str, scene: int, compute: ComputeLink, base: str) -> str:
    if not address.startswith(EMBED):
        sentence = write_message(make_text("lesson_file_elsewhere"))
        return f"<!doctype html><title>Convoscope</title><p>{escape(sentence)}</p>"
    try:
        result, view = compute(address.removeprefix(EMBED))
        if result.trace is None:
            reason = result.errors[0].message if result.errors else ""
            raise NoLessonFile(make_text("lesson_file_broken", scene=scene, reason=reason))
        return render_offline_page(result, view, base, parts=ALL_PARTS)
    except PageTooLarge as reason:
        raise NoLessonFile(make_text("lesson_file_large", scene=scene, reason=reason.text)) from reason
