"""Steps of a model's preprocessing: the cells that one resampled cell averages, with their shares."""

from __future__ import annotations

from .cell import MOST_LISTED_CELLS, Cell, Step
from .window import apply_weights, read_window


def explain_preprocessing(cell: Cell) -> Step:
    """Preprocessing for a model: the weighted sum of cells and channels, then (sum / white − mean) / std.

    An inverted picture has white − sum in place of the sum, so the divisor is negative and the bias larger. A cell that
    is copied has no weights.
    """
    formula = cell.stage.info.preprocessing
    if formula is None:
        raise ValueError("the stage has no preprocessing; its operation needs it")
    plan = formula.plan
    top, down = plan.rows.cell_shares(cell.row)
    left, across = plan.columns.cell_shares(cell.col)
    rows, columns = list(range(top, top + len(down))), list(range(left, left + len(across)))
    channels = []
    for c, part in enumerate(plan.mix[cell.map]):
        if part:
            read, shares = (
                read_window(cell.input, c, rows, columns),
                [[part * high * wide for wide in across] for high in down],
            )
            is_copy = shares == [[1.0]]
            channels.append(read | {"sum": read["values"][0][0]} if is_copy else apply_weights(read, shares))
    total = float(sum(channel["sum"] for channel in channels))
    white, mean, std = formula.white, plan.preprocessing.mean[cell.map], plan.preprocessing.std[cell.map]
    divisor, bias = (-white * std, (1 - mean) / std) if formula.inverted else (white * std, -mean / std)
    listed = channels if len(rows) * len(columns) <= MOST_LISTED_CELLS else []
    ends = {"sum": total, "divisor": divisor, "bias": bias, "result": total / divisor + bias}
    return {"rows": rows, "columns": columns, "channels": listed} | ends
