"""The equations of the neurons of a signal: h₂ = w₁·x₃ + w₂·x₄ + b, then in numbers, as far as the beat is.

`static/pure/tabs/signal/signal-lines.js` writes the same on the page.
"""

from __future__ import annotations

from collections.abc import Sequence

from ....core.explain import explain_step
from ....core.explain.beats import KNOWN_BEATS, fit_beat
from ....core.number_text import bracket_negative
from ....core.ops.geometry import find_source_index
from ....core.texts import write_message
from ....core.writing.step_texts import StepTexts
from ....core.writing.step_writer import write_step
from ...figure_content.cell_digits import list_number_texts
from .signal_parts import SignalParts
from .signal_texts import write_signal_text

MOST_TERMS = 6
"""A sum of more terms is written with its first and its last ones alone."""


def write_equation(parts: SignalParts, map: int, index: int) -> str:
    """Write the equation of a circle as far as it is known."""
    map, column = parts.place_of(map, index)
    beat = fit_beat(parts.stage, parts.find_beat(map, index))
    row = 0
    texts = write_step(parts.trace, explain_step(parts.trace, parts.stage.info.index, map, row, column))
    is_known = beat in KNOWN_BEATS and not (parts.is_linear and beat == "sum")
    name = parts.name_output(map, index)
    if not parts.has_weights:
        return f"{name} = {_write_other(parts, texts, column, is_known)}"
    law = _write_law(parts, map, column, texts.divisor)
    if beat == "window":
        return f"{name} = {law}"
    numbers = _write_numbers(texts, beat != "products")
    if not is_known:
        return f"{name} = {law} = {numbers}"
    rest = f" ({write_signal_text('signal_rounded', rest=texts.rounding)})" if texts.rounding else ""
    return f"{name} = {law} = {numbers} {'=' if texts.is_result_exact else '≈'} {texts.result}{rest}"


def write_convolution_law(parts: SignalParts) -> Sequence[str]:
    """Write the law of the convolution of two signals: in general, then with the numbers of the layer."""
    axis, taps = parts.axis, parts.taps
    assert axis is not None
    is_plain = axis.stride == 1 and axis.dilation == 1 and axis.before == taps - 1
    tap = f"({taps - 1} − i)·{axis.dilation}" if axis.dilation > 1 else f"{taps - 1} − i"
    start = f"n·{axis.stride}" if axis.stride > 1 else "n"
    index = "n − i" if is_plain else f"{start}{f' − {axis.before}' if axis.before else ''} + {tap}"
    several = len(parts.stage.output) > 1
    y, b, g = ("y[k, n]", "b[k]", "g[k, i]") if several else ("y[n]", "b", "g[i]")
    left, right = ("y[k]", "g[k]") if several else ("y", "g")
    law = f"{left} = x ∗ {right}: {y} = {b} + Σ {g}·x[n·S − P + (F − 1 − i)·D], i = 0 … F − 1"
    numbers = f"F = {taps}, S = {axis.stride}, P = {axis.before}, D = {axis.dilation}"
    return law, write_signal_text("signal_here", numbers=numbers, cell=f"x[{index}]")


def write_padding(parts: SignalParts, cell: int) -> str:
    """What stands at a cell of the padding: 0, what its mode repeats, or nothing where a pool leaves it out."""
    stage, mode = parts.stage, parts.stage.info.filters.padding_mode if parts.stage.info.filters else "zeros"
    source = find_source_index(cell, parts.size, mode)
    if source is not None:
        return list_number_texts(float(parts.source.output[parts.channel, 0, source]))[0]
    return "" if stage.info.operation.pool in ("max", "min") else "0"


def _write_law(parts: SignalParts, map: int, column: int, divisor: str) -> str:
    terms = [f"{parts.name_weight(map, tap)}·{_name_cell(parts, cell)}" for cell, tap in parts.list_taps(column)] or [
        "0"
    ]
    total = " + ".join(_shorten(terms))
    return f"{f'({total}) ÷ {divisor}' if divisor else total} + {parts.name_bias(map)}"


def _name_cell(parts: SignalParts, cell: int) -> str:
    return parts.name_input(cell) if 0 <= cell < parts.size else bracket_negative(write_padding(parts, cell) or "0")


def _shorten(terms: Sequence[str]) -> Sequence[str]:
    return (*terms[:2], "…", terms[-1]) if len(terms) > MOST_TERMS else terms


def _write_numbers(texts: StepTexts, is_summed: bool) -> str:
    channel = texts.channels[0] if texts.channels else None
    terms = (
        [
            f"{bracket_negative(weight)}·{bracket_negative(value)}"
            for weights, values in zip(channel.weights, channel.values, strict=True)
            for weight, value in zip(weights, values, strict=True)
        ]
        if channel
        else []
    )
    is_long = not terms or (len(terms) > MOST_TERMS and is_summed)
    total = texts.sum.removeprefix("+") if is_long else " + ".join(_shorten(terms))
    bias = bracket_negative(texts.bias_written or texts.bias or "0")
    return f"{f'({total}) ÷ {texts.divisor}' if texts.divisor else total} + {bias}"


def _write_other(parts: SignalParts, texts: StepTexts, column: int, is_known: bool) -> str:
    """A step without weights: a pool, an activation."""
    cells = [cell for cell, _ in parts.list_taps(column) if 0 <= cell < parts.size]
    names = _shorten([parts.name_input(cell) for cell in cells])
    pool = parts.stage.info.operation.pool
    if pool:
        law = _pool(pool, names, len(cells))
    else:
        law = f"{write_message(parts.stage.info.title).split(' · ')[-1]}({', '.join(names)})"
    if not is_known:
        return law
    return f"{law} {'=' if texts.is_result_exact else '≈'} {texts.result}"


def _pool(pool: str, names: Sequence[str], count: int) -> str:
    match pool:
        case "avg":
            return f"({' + '.join(names)}) / {count}"
        case "l2":
            return f"√({'² + '.join(names)}²)"
    return f"{pool}({', '.join(names)})"
