"""The sentences around the numbers of a step: "their sum ÷ 9 + bias 0", the result, what the next layer does with it.

The live page writes the same in `static/pure/text/caption.js`; tests/browser/pages/test_one_figure.py compares them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.number_text import MINUS, add_plus_sign, bracket_negative, format_number
from ...core.trace.trace import Stage, Trace
from ...core.writing import StepTexts
from .figure_texts import COUNT_WORDS, write_figure_text
from .next_use import describe_next_use, describe_place
from .shown_map import reads_outside

UNKNOWN = "?"
POOL_CODES = {"max": "step_largest", "min": "step_smallest", "avg": "step_mean", "l2": "step_squares"}
KNOWN_BEATS = ("sum", "bias", "write")

Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ResultTexts:
    """The result of a step: the text before it, the number, what the next layer does with it.

    `is_known` is False before the beat of the sum; the number is then a question mark.
    """

    before: str
    value: str
    after: str
    is_known: bool


def write_result(trace: Trace, step: Step, texts: StepTexts, beat: str) -> ResultTexts:
    """Write the result of a step at one of its beats."""
    stage = trace.stages[step["stage"]]
    is_halfway = beat == "sum" and "bias" in list_beats(stage, step)
    before = _describe_result(stage, step, texts, beat, is_halfway)
    if beat not in KNOWN_BEATS:
        return ResultTexts(before, UNKNOWN, "", False)
    if texts.rounding and not is_halfway:
        # Preprocessing rounds the sum that its formula starts with, other steps their result.
        rounding = write_figure_text("step_rounded", rest=texts.rounding)
        before = f"{rounding}, {before}" if step["kind"] == "prepare" else f"{before}, {rounding}"
    value, is_exact = (texts.quotient, texts.is_quotient_exact) if is_halfway else (texts.result, texts.is_result_exact)
    if stage.info.colors == "signed" and step["kind"] != "softmax":
        value = add_plus_sign(value)
    after = "" if is_halfway else describe_next_use(trace, step)
    return ResultTexts(before, value if is_exact else f"≈ {value}", after, True)


def write_products_caption(count: int) -> str:
    """Write what a grid of products is: "nine products"."""
    if count == 1:
        return write_figure_text("step_one_product")
    return write_figure_text("step_product_count", count=COUNT_WORDS[count] if count < len(COUNT_WORDS) else count)


def list_beats(stage: Stage, step: Step) -> Sequence[str]:
    """List the beats of a step, as `beatsOf` in `static/pure/frame/stage.js`."""
    match step["kind"]:
        case "input":
            return ("write",)
        case "linear":
            return ("window", "products", "sum", "bias", "write")
        case "softmax":
            return ("window", "products", "sum", "write")
        case "conv":
            channels = stage.weight.shape[1] if stage.weight is not None else 1
            if channels == 1:
                return ("window", "products", "sum", "write")
            terms = ["products"] if channels > 8 else [f"channel-{index}" for index in range(channels)]
            return ("window", *terms, "sum", "bias", "write")
    return ("window", "sum", "write")


def _describe_result(stage: Stage, step: Step, texts: StepTexts, beat: str, is_halfway: bool) -> str:
    match step["kind"]:
        case "conv" | "linear":
            return _describe_weighted_sum(step, texts, beat, is_halfway)
        case "prepare":
            return _describe_preprocessing(stage, step, texts)
        case "pool":
            return _describe_pooling(stage, step, texts, beat)
        case "pointwise":
            return write_formula(stage.info.operation.formula, texts.sum, stage.info.slope)
        case "softmax":
            return _describe_softmax(step, texts, beat)
        case "shift" | "flatten":
            if reads_outside(step):
                return write_figure_text("step_from_outside")
            return write_figure_text("step_moved", place=describe_place(step["rows"][0], step["columns"][0]))
    return ""


def _describe_weighted_sum(step: Step, texts: StepTexts, beat: str, is_halfway: bool) -> str:
    channels = len(step["channels"]) if step["kind"] == "conv" else 1
    what = write_figure_text("step_channel_sum", count=channels) if channels > 1 else write_figure_text("step_sum")
    dividend = f" {texts.sum}" if beat in KNOWN_BEATS else ""
    divided = f"{dividend} ÷ {texts.divisor}" if texts.divisor else ""
    if is_halfway:
        return what + divided
    code = "step_minus_bias" if texts.bias.startswith(MINUS) else "step_plus_bias"
    bias = texts.bias.removeprefix(MINUS)
    if texts.bias_written:
        typed = texts.bias_written.replace("-", MINUS).removeprefix(MINUS)
        bias = write_figure_text("step_rounded_bias", typed=typed, bias=bias)
    return what + divided + write_figure_text(code, bias=bias)


def _describe_preprocessing(stage: Stage, step: Step, texts: StepTexts) -> str:
    law = stage.info.preprocessing
    if law is None:
        return texts.sum
    white, numbers = f"{law.white:g}", law.plan.preprocessing
    value = bracket_negative(texts.sum)
    value = f"({white} {MINUS} {value})" if law.inverted else value
    value = value if law.white == 1 else f"{value} ÷ {white}"
    mean, std = (
        repr(float(part[step["map"]])).removesuffix(".0").replace("-", MINUS) for part in (numbers.mean, numbers.std)
    )
    return f"({value} {MINUS} {bracket_negative(mean)}) ÷ {std}"


def write_formula(formula: str, x: str, slope: float | None = None) -> str:
    """Write the law of an activation with the text of a number in place of x: "max(0, x)" as "max(0, −5)".

    What follows a colon only explains the law. Of "… if x > 0, else …" the part that holds for the number is written.
    """
    law = formula.partition(":")[0]
    positive, _, other = law.partition(" if x > 0, else ")
    law = other if other and x.startswith(MINUS) else positive
    law = law.replace(" / ", "/").replace(" · ", "·")
    if slope is not None:
        law = law.replace("slope·x", f"{format_number(slope)}·{bracket_negative(x)}")
    negated = x[1:] if x.startswith(MINUS) else MINUS + x
    law = law.replace(f"e^{MINUS}x", f"e^({negated})")
    if law.startswith("x·"):
        law = bracket_negative(x) + law[1:]
    return re.sub(r"\bx\b", x, law) or x


def _describe_softmax(step: Step, texts: StepTexts, beat: str) -> str:
    share = write_figure_text("step_share")
    if beat not in KNOWN_BEATS:
        return share
    own = next((index for index, one in enumerate(step["channels"]) if one["channel"] == step["map"]), None)
    if own is not None and texts.powers:
        power = texts.powers[own]
    elif own is not None:
        power = format_number(step["channels"][own]["products"][step["row"]][step["col"]])
    else:
        power = format_number(step["result"] * step["sum"])
    return f"{power} ÷ {texts.sum}, {share}"


def _describe_pooling(stage: Stage, step: Step, texts: StepTexts, beat: str) -> str:
    pool, geometry = stage.info.pool, stage.info.geometry
    if pool is None or geometry is None:
        return ""
    if pool.kind == "avg" and beat != "window":
        return f"{write_figure_text('step_mean')}: {texts.sum} ÷ {step['count']}"
    down = sum(0 <= row < geometry.rows.size for row in step["rows"])
    across = sum(0 <= column < geometry.columns.size for column in step["columns"])
    return write_figure_text(POOL_CODES[pool.kind], cells=down * across)
