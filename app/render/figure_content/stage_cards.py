"""The cards of the strip of stages, and the answer of a chain at its right end, as the first paint shows them.

`static/pure/frame/stage-cards.js` has the same rules, and tests/golden/answers.json holds both to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...core.explain.answer import Answer, ClassValue, find_answer
from ...core.explain.receptive_box import find_receptive_box
from ...core.number_text import add_plus_sign, format_share, format_short_number
from ...core.scene import Sides
from ...core.texts import write_message
from ...core.trace.stage_info import StageInfo
from ...core.trace.trace import Stage, Trace
from ..view_position import ViewPosition
from .figure_texts import write_figure_text
from .stage_names import name_card

MOST_WIDE = 5
"""Chains of more stages have compact cards, and blocks that are folded."""


@dataclass(frozen=True, slots=True)
class StageCard:
    """One stage in the strip: `name` is short, `label` says title and shape in words.

    `is_vector`: its maps are single cells, and an icon stands for them. `is_joined`: it belongs to the block of the
    card before; `is_folded`: only its icon is shown. `branches` says which stages it reads other than the one before,
    "" for none.
    """

    index: int
    name: str
    title: str
    label: str
    shape: str
    family: str
    kind: str
    thumbnail: str
    is_selected: bool
    is_signed: bool
    is_vector: bool
    is_joined: bool
    is_folded: bool
    branches: str


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One class of an answer: its name, its value as a text, and the length of its bar, in percent of the chip's."""

    name: str
    text: str
    length: str


@dataclass(frozen=True, slots=True)
class AnswerChip:
    """The answer of a chain: a line for each of its highest classes, and a sentence that says what they are."""

    lines: tuple[AnswerLine, ...]
    sentence: str
    is_selected: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """The strip of stages: its cards, the answer, and the receptive field of the cell in focus on the input.

    `field` is (top, left, height, width) in cells of the input, of `size` (rows, columns); None where the input itself
    is shown.
    """

    cards: tuple[StageCard, ...]
    answer: AnswerChip | None
    field: Sides | None
    size: tuple[int, int]

    @property
    def is_compact(self) -> bool:
        """Whether there are many cards."""
        return len(self.cards) > MOST_WIDE

    @property
    def is_branched(self) -> bool:
        """Whether some stage reads another one than that before it."""
        return any(card.branches for card in self.cards)


def make_strip(trace: Trace, position: ViewPosition, thumbnails: Sequence[str], signed: Sequence[bool]) -> Strip:
    """Make the strip of a Trace; `thumbnails` are the pictures of the stages, `signed` whether they show signs."""
    index = position.stage.info.index
    heads = find_block_heads([stage.info for stage in trace.stages])
    shapes, count = position.view.shapes, len(trace.scene.stack) if trace.scene.batch else None
    cards = tuple(
        _make_card(stage, thumbnail, is_signed, heads, index, write_shape(stage.info.shape, shapes, count))
        for stage, thumbnail, is_signed in zip(trace.stages, thumbnails, signed, strict=True)
    )
    answer = find_answer(trace)
    _, rows, columns = trace.stages[0].output.shape
    field = find_receptive_box(trace, index, position.map, *position.cell) if index else None
    return Strip(cards, _make_chip(answer, index) if answer else None, field, (rows, columns))


def find_block_heads(stages: Sequence[StageInfo]) -> list[int]:
    """For each stage the first of its block: a layer with weights, and the activations and poolings that follow it.

    In a chain of few stages each is a block of its own.
    """
    heads: list[int] = []
    for index, stage in enumerate(stages):
        kind = stage.operation.kind
        is_next = index > 0 and stage.reads[0] == index - 1
        follows = is_next and kind in ("pointwise", "pool") and len(stages) > MOST_WIDE
        head = heads[-1] if follows else index
        heads.append(head if stages[head].operation.kind in ("conv", "linear") else index)
    return heads


def _make_card(
    stage: Stage, thumbnail: str, is_signed: bool, heads: Sequence[int], selected: int, written: str
) -> StageCard:
    info = stage.info
    title = write_message(info.title)
    maps, rows, columns = info.shape
    branches = write_branches(info)
    label = write_figure_text("card_label", title=title, maps=maps, rows=rows, columns=columns)
    if written:
        label = f"{title}, {written}"
    return StageCard(
        info.index,
        name_card(title),
        title,
        f"{label}; {branches}" if branches else label,
        written.replace(" ", "") or f"{maps}×{rows}×{columns}",
        info.family,
        info.operation.kind,
        thumbnail,
        info.index == selected,
        is_signed,
        rows * columns == 1,
        heads[info.index] != info.index,
        heads[info.index] != info.index and heads[selected] != heads[info.index],
        branches,
    )


def write_shape(shape: Sequence[int], order: str, count: int | None) -> str:
    """Write a shape in an order that a link asks for, `chw` or `hwc`, with the pictures of a stack in front; or "".

    6 × 28 × 28, 28 × 28 × 6, or of a stack 2 × 6 × 28 × 28.
    """
    channels, *places = shape
    parts = [*([count] if count else []), *([*places, channels] if order == "hwc" else [channels, *places])]
    return " × ".join(map(str, parts)) if order else ""


def write_branches(info: StageInfo) -> str:
    """Write the stages, other than the one before, that a stage reads: "from 3, 7"; "" for none."""
    reads = [read for read in dict.fromkeys(info.reads) if read != info.index - 1]
    return write_figure_text("card_from", stages=", ".join(map(str, reads))) if reads else ""


def _make_chip(answer: Answer, selected: int) -> AnswerChip:
    lines = tuple(_make_line(one, answer) for one in answer.classes)
    listed = " · ".join(f"{line.name} {line.text}" for line in lines)
    sentence = write_figure_text("answer_shares" if answer.is_share else "answer_scores", classes=listed)
    return AnswerChip(lines, sentence, answer.stage == selected)


def _make_line(one: ClassValue, answer: Answer) -> AnswerLine:
    name = one.name or write_figure_text("answer_class", index=one.map)
    if answer.is_share:
        return AnswerLine(name, format_share(one.value), f"{100 * one.value:.1f}")
    most = max(abs(other.value) for other in answer.classes) or 1
    length = 100 * max(0.0, one.value) / most
    return AnswerLine(name, add_plus_sign(format_short_number(one.value)), f"{length:.1f}")
