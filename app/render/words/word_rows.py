"""The words beside the rows of a map in a picture, and the name of a window by the words that it reads.

`static/pure/maps/row-words.js` is the same for the live page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...core.ops.transposed import TransposedAxis
from ...core.texts import write_message
from ...core.trace.trace import Stage
from ..figure_content.figure_texts import write_figure_text


@dataclass(frozen=True, slots=True)
class WordRow:
    """The words of one row, negative in the padding above; one that `is_lit` belongs to the step."""

    row: int
    text: str
    is_lit: bool = False


def list_input_words(stage: Stage, reader: Stage, step: Mapping[str, Any]) -> tuple[WordRow, ...]:
    """List the words beside the map that a step reads, with its padding."""
    if not stage.info.words:
        return ()
    axis = reader.geometry.rows if reader.geometry else None
    before, after = (
        (axis.before, axis.after + axis.overhang) if axis and not isinstance(axis, TransposedAxis) else (0, 0)
    )
    rows, height = frozenset(step["rows"]), stage.output.shape[1]
    padding = write_figure_text("word_padding")
    texts = dict(enumerate(map(write_message, stage.info.words)))
    return tuple(WordRow(row, texts.get(row, padding), row in rows) for row in range(-before, height + after))


def list_output_words(stage: Stage, map: int, lit: int | None) -> tuple[WordRow, ...]:
    """List the words beside a map; of a global maximum those that it is from."""
    texts = (stage.info.winners[map],) if stage.info.winners else stage.info.words
    return tuple(WordRow(row, write_message(text), row == lit) for row, text in enumerate(texts))


def name_window(stage: Stage, step: Mapping[str, Any]) -> str:
    """Name the window of a step, by its words where rows have any: 2-gram “cat sat”."""
    info, name = stage.info, write_figure_text("step_window")
    if not info.words or info.winners or not step["rows"]:
        return name
    text = write_message(info.words[step["row"]])
    if info.operation.kind == "conv" and info.reads[0] == 0:
        return write_figure_text("word_gram", size=len(step["rows"]), words=text)
    return write_figure_text("word_quoted", words=text)
