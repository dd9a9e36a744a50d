"""Texts of a lesson as safe HTML: paragraphs, lists, bold, emphasis, code, and links to parts, terms and figures.

No HTML of a text is kept: it is shown as it is written. A link to anything else is shown as its words alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .format.lesson_links import read_figure_link
from .lesson import PARTS

TERM = "glossary:"
_LEFT_OUT = ("heading", "lheading", "hr", "image", "html_block", "html_inline", "autolink", "reference", "fence")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class RenderedText:
    """The HTML of a text, its words alone, and what it links to: parts, terms, and addresses that are not allowed."""

    html: str
    plain: str
    parts: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def word_count(self) -> int:
        """How many words the text has."""
        return sum(1 for word in self.plain.split() if _WORD.search(word))


def render_text(text: str, root: str = "") -> RenderedText:
    """Renders the Markdown of a text. `root` is the path of the site's root, with a slash at its end, or ""."""
    tokens = _MARKDOWN.parse(text)
    inner = [token for block in tokens for token in block.children or ()]
    targets = [str(token.attrGet("href") or "") for token in inner if token.type == "link_open"]
    plain = " ".join(_write_plain(block.children or ()) for block in tokens if block.type == "inline")
    for block in tokens:
        if block.children:
            block.children = _replace_links(block.children, root)
    return RenderedText(
        _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}).strip(),
        plain,
        tuple(target[1:] for target in targets if target.startswith("#")),
        tuple(target.removeprefix(TERM) for target in targets if target.startswith(TERM)),
        tuple(target for target in targets if not target.startswith(("#", TERM)) and not read_figure_link(target)),
    )


def remove_marks(text: str) -> str:
    """The words of a text without the marks of Markdown, on one line."""
    return render_text(text).plain


def _write_plain(tokens: Sequence[Token]) -> str:
    breaks = {"softbreak": " ", "hardbreak": " "}
    return "".join(breaks.get(token.type, token.content) for token in tokens)


def _replace_links(tokens: Sequence[Token], root: str) -> list[Token]:
    """The tokens with the site's own links; the marks of refused ones are left out, their words stay."""
    kept: list[Token] = []
    is_refused = False
    for token in tokens:
        if token.type == "link_open":
            attributes = _make_attributes(str(token.attrGet("href") or ""), root)
            is_refused = attributes is None
            if attributes is not None:
                token.attrs = dict(attributes)
                kept.append(token)
        elif token.type != "link_close" or not is_refused:
            kept.append(token)
    return kept


def _make_attributes(target: str, root: str) -> dict[str, str] | None:
    if target.startswith("#") and target[1:] in PARTS:
        part = target[1:]
        return {"href": f"#{part}", "class": f"part is-{part}", "data-light": part}
    if target.startswith(TERM):
        return {"class": "term", "href": f"{root}glossary#{target.removeprefix(TERM)}"}
    link = read_figure_link(target)
    return {"class": "figure-link", "href": f"{root}{link}"} if link else None


def _make_markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).disable(list(_LEFT_OUT))
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]  # all are looked at here
    markdown.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return markdown


_MARKDOWN = _make_markdown()
