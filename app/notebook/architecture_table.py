"""What a network costs, as a value with a table for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from ..core.architecture.architecture import Architecture, price_net
from ..core.architecture.architecture_tables import architecture_to_csv, architecture_to_json
from ..core.architecture.priced_stage import PricedStage, PriceTotals
from ..core.texts import write_message
from ..local_lab import get_models

Cells = tuple[str, ...]
KILOBYTE, MEGABYTE = 1_000, 1_000_000
COLUMNS = ("stage", "part", "layer", "shape", "parameters", "activations", "multiply-adds", "field", "jump", "start")
TEXT_COLUMNS = ("part", "layer", "shape")
BAD_NET = "net is {value!r}; it can be the name of a network, or layers, as a text."
BAD_INPUT = "input is {value!r}; it can be a side such as 224, (rows, columns), (channels, rows, columns), or a text."


@dataclass(frozen=True, slots=True, eq=False)
class ArchitectureTable:
    """A priced network: `rows` are its stages, the input first, and `totals` their sums.

    A notebook shows it as a table. A row has `layer`, `shape` (C, H, W), `weights`, `biases`, `parameters`, `kept` (the
    numbers of its output that are stored), `multiply_adds`, `receptive_field`, `jump`, `start` and others. `csv()` is
    the text of a table, `to_dict()` what the HTTP interface answers.
    """

    priced: Architecture = field(repr=False)

    @property
    def rows(self) -> tuple[PricedStage, ...]:
        """The stages; `rows[0]` is the input."""
        return self.priced.stages

    @property
    def totals(self) -> PriceTotals:
        """The sums: `parameters`, `kept`, `pair`, `multiply_adds` and others."""
        return self.priced.totals

    @property
    def layers(self) -> str:
        """The layers in the words of links, unfolded."""
        return "~".join(self.priced.layers)

    def __len__(self) -> int:
        """The number of stages, including the input."""
        return len(self.rows)

    def __iter__(self) -> Iterator[PricedStage]:
        """The stages in order."""
        return iter(self.rows)

    def __getitem__(self, index: int) -> PricedStage:
        """The stage at an index."""
        return self.rows[index]

    def to_dict(self) -> dict[str, object]:
        """The network as /api/architecture answers it."""
        return architecture_to_json(self.priced)

    def csv(self) -> str:
        """The network as a table with commas, as /api/architecture.csv answers it."""
        return architecture_to_csv(self.priced)

    def save(self, path: str | Path) -> Path:
        """Write the CSV table to `path`; return the path."""
        file = Path(path)
        file.write_text(self.csv(), encoding="utf-8", newline="")
        return file

    def __repr__(self) -> str:
        """The heading, and a line for each stage."""
        rows = [COLUMNS, *map(_write_cells, self.rows)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(
                cell.ljust(width) if name in TEXT_COLUMNS else cell.rjust(width)
                for name, cell, width in zip(COLUMNS, row, widths, strict=True)
            ).rstrip()
            for row in rows
        ]
        return "\n".join((*self._write_heading(), *lines))

    def _repr_html_(self) -> str:
        """The heading, and a table with a row for each stage."""
        heading = "".join(f"<p>{escape(line)}</p>" for line in self._write_heading())
        head = _write_html_row("th", COLUMNS)
        body = "".join(_write_html_row("td", _write_cells(stage)) for stage in self.rows)
        return f"<div>{heading}<table><thead>{head}</thead><tbody>{body}</tbody></table></div>"

    def _write_heading(self) -> tuple[str, ...]:
        priced, totals = self.priced, self.totals
        named = f"{priced.title}: {write_message(priced.version)} ({priced.source})"
        shape = " × ".join(map(str, priced.input))
        return (
            *((named,) if priced.title else ()),
            f"{len(self.rows) - 1:,} layers on {shape}: {totals.parameters:,} parameters ({totals.weights:,} weights, "
            f"{totals.biases:,} biases), {totals.multiply_adds:,} multiply-adds",
            f"{totals.kept:,} activations = {_write_bytes(totals.bytes)} for training; the largest pair of "
            f"neighbors is {totals.pair:,} = {_write_bytes(totals.pair_bytes)}",
        )


def architecture(net: str, input: str | int | Sequence[int] = "") -> ArchitectureTable:
    """What a network costs: `architecture("resnet-50")`, or `architecture("[conv:8@3x3~relu]*2~flatten", (3, 9, 9))`.

    `net` is the name of a known network, the layers of a link, or a pattern of them with groups to repeat. `input` is a
    side, (rows, columns) or (channels, rows, columns), as numbers or as a text such as `3x224x224`; by default that of
    the network, and 3 × 224 × 224 for layers. Nothing is computed. Raises ValueError with a sentence for an invalid
    argument.
    """
    if not isinstance(net, str):
        raise ValueError(BAD_NET.format(value=net))
    return ArchitectureTable(price_net(net, _write_input(input), get_models()))


def _write_input(given: str | int | Sequence[int]) -> str:
    """The input as links write it."""
    if isinstance(given, str):
        return given
    sides = list(given) if isinstance(given, Iterable) else [given]
    if not 1 <= len(sides) <= 3 or any(isinstance(side, bool) or not hasattr(side, "__index__") for side in sides):
        raise ValueError(BAD_INPUT.format(value=given))
    return "x".join(str(side.__index__()) for side in sides)


def _write_cells(stage: PricedStage) -> Cells:
    return (
        str(stage.index),
        stage.part,
        stage.layer or write_message(stage.title),
        " × ".join(map(str, stage.shape)),
        f"{stage.parameters:,}",
        f"{stage.kept:,}",
        f"{stage.multiply_adds:,}",
        "all" if stage.sees_all else _write_pair(stage.receptive_field),
        _write_pair(stage.jump),
        _write_pair(stage.start),
    )


def _write_bytes(count: int) -> str:
    """Bytes in kB or MB, with one decimal."""
    return f"{count / MEGABYTE:,.1f} MB" if count >= MEGABYTE else f"{count / KILOBYTE:,.1f} kB"


def _write_pair(pair: tuple[float, float]) -> str:
    """One number where both are the same."""
    rows, columns = (f"{one:,}" for one in pair)
    return rows if rows == columns else f"{rows} × {columns}"


def _write_html_row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
