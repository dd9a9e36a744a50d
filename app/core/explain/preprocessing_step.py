"""A step of preparation: the cells that a smaller picture's cell was made of, with their shares."""

from __future__ import annotations

from ..ops.preprocessing import Resampling
from .cell import MOST_LISTED_CELLS, Cell, Step
from .window import apply_weights, read_window


def explain_preprocessing(asked: Cell) -> Step:
    """Preparation for a model: shares of cells and channels added up, then (sum / white − mean) / std.

    Turned from black on white, white − sum stands for the sum: the divisor is negative and the bias larger. A cell that
    is taken as it is has no weights.
    """
    law = asked.stage.meta["prepare"]
    top, down = Resampling(**law["rows"]).share(asked.row)
    left, across = Resampling(**law["columns"]).share(asked.col)
    rows, columns = list(range(top, top + len(down))), list(range(left, left + len(across)))
    channels = []
    for c, part in enumerate(law["mix"][asked.map]):
        if part:
            seen, shares = (
                read_window(asked.input, c, rows, columns),
                [[part * high * wide for wide in across] for high in down],
            )
            whole = shares == [[1.0]]
            channels.append(seen | {"sum": seen["values"][0][0]} if whole else apply_weights(seen, shares))
    total = float(sum(channel["sum"] for channel in channels))
    white, mean, std = law["white"], law["mean"][asked.map], law["std"][asked.map]
    divisor, bias = (-white * std, (1 - mean) / std) if law["inverted"] else (white * std, -mean / std)
    listed = channels if len(rows) * len(columns) <= MOST_LISTED_CELLS else []
    ends = {"sum": total, "divisor": divisor, "bias": bias, "result": total / divisor + bias}
    return {"rows": rows, "columns": columns, "channels": listed} | ends
