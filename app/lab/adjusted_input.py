"""Changes an input on purpose, with notes that say what was changed and what was clipped."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from ..core.link.adjust_reader import list_adjustments
from ..core.ops.adjustment import HUNDREDTHS, adjust_maps
from ..core.scene import Adjustments, Sides
from ..core.texts import Text, make_text
from ..core.trace.trace import TraceInput


def adjust_input(source: TraceInput, adjust: Adjustments) -> TraceInput:
    """The input with its numbers changed; those of a picture stay between black and white."""
    made = adjust_maps(source.values, adjust, source.scale[1] if source.scale else None)
    notes = [make_text("adjusted", changes=", ".join(list_adjustments(adjust)))]
    if made.clipped:
        notes.append(make_text("adjusted_clipped", count=made.clipped, all=prod(made.values.shape)))
    _, rows, columns = made.values.shape
    notes += _describe_cover(adjust.cover, rows, columns) if adjust.cover else ()
    is_typed = made.is_rounded and source.scale is None
    return replace(
        source,
        values=made.values,
        notes=(*source.notes, *notes),
        denominator=HUNDREDTHS if is_typed else source.denominator,
    )


def _describe_cover(box: Sides, rows: int, columns: int) -> tuple[Text, ...]:
    """A note on a box that lies outside the input, in part or wholly."""
    top, left, height, width = box
    if top + height <= rows and left + width <= columns:
        return ()
    code = "cover_cut" if top < rows and left < columns else "cover_outside"
    return (make_text(code, rows=rows, columns=columns),)
