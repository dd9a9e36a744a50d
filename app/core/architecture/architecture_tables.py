"""A priced network as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..texts import write_message
from .architecture import Architecture
from .nets.net_definition import NetDefinition
from .priced_stage import PricedStage, PriceTotals

COLUMNS = (
    *("stage", "part", "layer", "op", "title", "reads", "channels", "rows", "columns"),
    *("weights", "biases", "parameters", "folded_parameters"),
    *("activations", "activation_bytes", "copied_activations", "pair", "multiply_adds"),
    *("unshared_parameters", "dense_parameters"),
    *("field_rows", "field_columns", "jump_rows", "jump_columns", "start_row", "start_column"),
    *("receptive_field_at_most", "sees_whole_input"),
)
"""Of the CSV: a row for each stage, and one with the totals."""


def architecture_to_json(found: Architecture) -> dict[str, object]:
    """The network with a row for each stage, and the totals. Whole numbers may be of any size."""
    return {
        "name": found.name,
        "title": found.title,
        "version": write_message(found.version),
        "source": found.source,
        "input": list(found.input),
        "output": list(found.output),
        "pattern": found.pattern,
        "layers": "~".join(found.layers),
        "totals": _totals_to_json(found.totals),
        "stages": [_stage_to_json(stage) for stage in found.stages],
    }


def net_to_json(net: NetDefinition, totals: PriceTotals) -> dict[str, object]:
    """A known network in a list of them."""
    return {
        "name": net.name,
        "title": net.title,
        "version": write_message(net.version_text),
        "source": net.source,
        "input": list(net.shape),
        "pattern": net.pattern,
        "totals": _totals_to_json(totals),
    }


def _totals_to_json(totals: PriceTotals) -> dict[str, object]:
    return {
        "weights": totals.weights,
        "biases": totals.biases,
        "parameters": totals.parameters,
        "folded_parameters": totals.folded,
        "activations": totals.kept,
        "activation_bytes": totals.bytes,
        "copied_activations": totals.copied,
        "pair": totals.pair,
        "pair_bytes": totals.pair_bytes,
        "multiply_adds": totals.multiply_adds,
    }


def _stage_to_json(stage: PricedStage) -> dict[str, object]:
    return {
        "stage": stage.index,
        "part": stage.part,
        "layer": stage.layer,
        "op": stage.op,
        "title": write_message(stage.title),
        "reads": list(stage.reads),
        "shape": list(stage.shape),
        "weights": stage.weights,
        "biases": stage.biases,
        "parameters": stage.parameters,
        "folded_parameters": stage.folded,
        "activations": stage.kept,
        "activation_bytes": stage.bytes,
        "copied_activations": stage.copied,
        "pair": stage.pair,
        "multiply_adds": stage.multiply_adds,
        "unshared_parameters": stage.unshared,
        "dense_parameters": stage.dense,
        "receptive_field": list(stage.receptive_field),
        "jump": list(stage.jump),
        "start": list(stage.start),
        "receptive_field_at_most": stage.is_bound,
        "sees_whole_input": stage.sees_all,
    }


def architecture_to_csv(found: Architecture) -> str:
    """The network as CSV (RFC 4180): COLUMNS, a row for each stage, and a row with the totals."""
    totals = found.totals
    sums = {**_totals_to_json(totals), "stage": "total", "title": found.title}
    rows = [_flatten_row(_stage_to_json(stage)) for stage in found.stages]
    return write_csv(COLUMNS, [*rows, sums])


def _flatten_row(row: dict[str, object]) -> dict[str, object]:
    """A row of the JSON with one value in each column."""
    flat = dict(row)
    for name, columns in (
        ("shape", ("channels", "rows", "columns")),
        ("receptive_field", ("field_rows", "field_columns")),
        ("jump", ("jump_rows", "jump_columns")),
        ("start", ("start_row", "start_column")),
    ):
        values = flat.pop(name)
        assert isinstance(values, list)
        flat |= dict(zip(columns, values, strict=True))
    reads = flat["reads"]
    assert isinstance(reads, list)
    flags = {name: int(bool(flat[name])) for name in ("receptive_field_at_most", "sees_whole_input")}
    return flat | flags | {"reads": " ".join(map(str, reads))}


def write_csv(columns: Sequence[str], rows: Iterable[dict[str, object]]) -> str:
    """Lines of values with commas between them; a text with a comma or a quotation mark is quoted."""
    lines = [",".join(columns)]
    lines += [",".join(_quote_cell(str(row.get(column, ""))) for column in columns) for row in rows]
    return "".join(f"{line}\r\n" for line in lines)


def _quote_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\r\n') else text
