"""The sentences of the tables: titles and sentences of operations and classic filters, labels and helps of options.

A row holds its English texts, which are their own catalogue here; a row is written in the current language where it
leaves the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..core.limits import Limits
from ..core.operation_table import OPERATIONS
from ..core.ops.adjust_options import ADJUST_OPTIONS
from ..core.options import SCENE_OPTIONS, VIEW_OPTIONS, Option, make_kernel_size_option
from ..core.texts import add_catalogue, make_text, write_message
from ..core.weights.kernels import KERNELS

WRITTEN_FIELDS = ("title", "sentence", "label", "help")


def list_option_texts(owner: str, options: Iterable[Option]) -> Iterator[tuple[str, str]]:
    """(code, sentence) of the label and the help of each option."""
    for option in options:
        yield f"label_{owner}_{option.name}", option.label
        yield f"help_{owner}_{option.name}", option.help


def _list_table_texts() -> Iterator[tuple[str, str]]:
    for row in OPERATIONS:
        yield f"title_{row.name}", row.title
        yield f"sentence_{row.name}", row.sentence
        yield from list_option_texts(row.name, (*([row.head] if row.head else []), *row.options))
    yield from list_option_texts("scene", SCENE_OPTIONS)
    yield from list_option_texts("adjust", ADJUST_OPTIONS)
    yield from list_option_texts("view", (*VIEW_OPTIONS, make_kernel_size_option(Limits())))
    for kernel in KERNELS:
        yield f"title_{kernel.name}", kernel.title
        yield f"sentence_{kernel.name}", kernel.sentence


class TableTexts:
    """The texts of some tables by their English sentences; a sentence that several rows share has one code."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        codes: dict[str, str] = {}
        for code, sentence in rows:
            codes.setdefault(sentence, code)
        add_catalogue({code: sentence for sentence, code in codes.items()})
        self._codes = codes

    def write_row(self, row: Mapping[str, object]) -> dict[str, object]:
        """A row for the browser with its texts, and those of its options, in the current language."""
        return {key: self._write_field(key, value) for key, value in row.items()}

    def _write_field(self, key: str, value: object) -> object:
        if isinstance(value, str):
            code = self._codes.get(value) if key in WRITTEN_FIELDS else None
            return write_message(make_text(code)) if code else value
        if isinstance(value, Mapping):
            return self.write_row(value)
        if isinstance(value, list):
            return [self.write_row(one) if isinstance(one, Mapping) else one for one in value]
        return value


TABLE_TEXTS = TableTexts(_list_table_texts())
