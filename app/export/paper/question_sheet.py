"""Questions on paper: each with its figure, its sentence and boxes to tick, and a last page with the answers."""

from __future__ import annotations

import io
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from ...core.texts import add_catalogue, make_text
from ...render.figure.fonts import BUNDLED
from ...render.figure.primitives import Box, CellImage, DisplayList, Face, Primitive, Rect, TextLine
from ...render.figure.theme import THEMES
from .sheet import MARGIN, SHEETS, measure_height, place_figure

QUESTION_SHEET_TEXTS = add_catalogue(
    {
        "sheet_answers": "Answers: {title}",
        "sheet_name": "Name: ______________________________",
    }
)
TITLE_SIZE, SENTENCE_SIZE, CHOICE_SIZE = 16.0, 12.0, 11.0
LINE = 1.5
"""The distance of two lines, in parts of the size of their letters."""
FIGURE_SHARE = 0.72
"""The width of a figure, in parts of the page's."""
TICK, PICTURE, GAP = 9.0, 40.0, 10.0
"""The sides of a box to tick and of the picture of a map; the distance of two questions."""


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """An answer to choose: its words, a small map as a `data:` URL, and the rows of a filter; "" and () for none."""

    text: str
    png: str = ""
    filter: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """A question on paper. `query` is the link of its figure, "" where it has none.

    `facts` stand below the sentence; `asked` is the map or the filter that the question is about.
    """

    query: str
    sentence: str
    choices: tuple[SheetChoice, ...]
    answer: str
    facts: tuple[str, ...] = ()
    asked: SheetChoice = SheetChoice("")


@dataclass(slots=True)
class _Page:
    """A page that is filled from top to bottom."""

    width: float
    bottom: float
    y: float = MARGIN
    parts: list[Primitive] = field(default_factory=list)

    def write(self, text: str, size: float, face: Face = "sans", indent: float = 0) -> None:
        """Write a text in as many lines as it needs."""
        for line in _wrap(text, face, size, self.width - 2 * MARGIN - indent):
            self.y += size * LINE
            at = (MARGIN + indent, self.y - size * (LINE - 1))
            self.parts.append(TextLine("question", *at, line, THEMES["light"].text, face, size))


def lay_out_question_sheet(
    title: str, questions: Sequence[tuple[DisplayList | None, SheetQuestion]], paper: str
) -> tuple[DisplayList, ...]:
    """Lay out the pages: as many questions on each as fit, then the answers. Law: no question is cut in two."""
    width, height = SHEETS[paper]
    pages = [_begin(width, height, title, str(make_text("sheet_name")))]
    for number, (figure, question) in enumerate(questions, 1):
        if pages[-1].y + _measure(figure, question, width) > pages[-1].bottom and number > 1:
            pages.append(_begin(width, height))
        _add_question(pages[-1], number, figure, question)
    key = _begin(width, height, str(make_text("sheet_answers", title=title)))
    for number, (_, question) in enumerate(questions, 1):
        key.write(f"{number}. {question.sentence}", CHOICE_SIZE)
        key.write(question.answer, SENTENCE_SIZE, "bold", 16)
    background = THEMES["light"].surface
    return tuple(DisplayList(width, height, background, tuple(page.parts)) for page in (*pages, key))


def _begin(width: float, height: float, title: str = "", name: str = "") -> _Page:
    page = _Page(width, height - MARGIN)
    if title:
        page.write(title, TITLE_SIZE, "bold")
    if name:
        page.write(name, CHOICE_SIZE)
    page.y += GAP
    return page


def _add_question(page: _Page, number: int, figure: DisplayList | None, question: SheetQuestion) -> None:
    page.write(f"{number}. {question.sentence}", SENTENCE_SIZE, "bold")
    page.write("; ".join(question.facts), CHOICE_SIZE)
    if question.asked.png or question.asked.filter:
        page.parts += _lay_out_thing(page, question.asked, MARGIN)
    if figure:
        wide = (page.width - 2 * MARGIN) * FIGURE_SHARE
        high = measure_height(figure, wide)
        page.parts += place_figure(figure, Box(MARGIN + (page.width - 2 * MARGIN - wide) / 2, page.y, wide, high))
        page.y += high
    for choice in question.choices:
        page.parts += _lay_out_choice(page, choice)
    page.y += GAP


def _lay_out_choice(page: _Page, choice: SheetChoice) -> Iterator[Primitive]:
    yield Rect("tick", Box(MARGIN, page.y + 5, TICK, TICK), stroke=THEMES["light"].text, stroke_width=1)
    yield from _lay_out_thing(page, choice, MARGIN + 20)


def _lay_out_thing(page: _Page, one: SheetChoice, left: float) -> Iterator[Primitive]:
    """Words, with the picture of a map before them or the rows of a filter behind."""
    top = page.y
    if one.png:
        yield CellImage("map", Box(left, top + 3, PICTURE, PICTURE), _read_png(one.png))
    rows = "; ".join(" ".join(row) for row in one.filter)
    words = ": ".join(part for part in (one.text, rows) if part)
    page.write(words, CHOICE_SIZE, "sans", left - MARGIN + (PICTURE + 8 if one.png else 0))
    if one.png:
        page.y = max(page.y, top + PICTURE + 6)


def _measure(figure: DisplayList | None, question: SheetQuestion, width: float) -> float:
    """How much of a page a question takes."""
    page = _Page(width, 0, 0)
    _add_question(page, 1, figure, question)
    return page.y


def _read_png(url: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Image.open(io.BytesIO(b64decode(url.partition(",")[2]))) as picture:
        return np.asarray(picture.convert("RGB"))


def _wrap(text: str, face: Face, size: float, room: float) -> Iterator[str]:
    """The lines of a text that are no wider than the room; a longer word stays whole."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and BUNDLED.measure(longer, face, size) > room:
            yield line
            longer = word
        line = longer
    if line:
        yield line
