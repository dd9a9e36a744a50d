"""The sentences around the numbers of a step: "their sum ÷ 9 + bias 0", the result, what the next layer does with it.

The live page writes the same in `static/pure/text/caption.js`; tests/browser/pages/test_one_figure.py compares them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.explain.beats import KNOWN_BEATS, list_beats
from ...core.number_text import MINUS, add_plus_sign, bracket_negative, format_number
from ...core.texts import write_message
from ...core.trace.trace import Stage, Trace, get_read
from ...core.writing import StepTexts
from .figure_texts import COUNT_WORDS, write_figure_text
from .next_use import describe_next_use, describe_place
from .shown_map import reads_outside
from .stage_names import name_card

UNKNOWN = "?"
POOL_CODES = {"max": "step_largest", "min": "step_smallest", "avg": "step_mean", "l2": "step_squares"}
COLORS = "RGB"
MOST_WRITTEN_CHANNELS = 4
"""Of more channels the line before the result has their sum, not the sum of each."""

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
    is_halfway = beat == "sum" and "bias" in list_beats(stage)
    before = _describe_result(trace, step, texts, beat, is_halfway)
    if beat not in KNOWN_BEATS:
        return ResultTexts(before, UNKNOWN, "", False)
    if stage.info.winners:
        before += f": {write_message(stage.info.winners[step['map']])}"
    if texts.rounding and not is_halfway:
        # Preprocessing rounds the sum that its formula starts with, other steps their result.
        rounding = write_figure_text("step_rounded", rest=texts.rounding)
        before = f"{rounding}, {before}" if step["kind"] == "prepare" else f"{before}, {rounding}"
    value, is_exact = (texts.quotient, texts.is_quotient_exact) if is_halfway else (texts.result, texts.is_result_exact)
    is_whole = step["kind"] == "conv" and len(step["channels"]) > 1
    is_signed = stage.info.colors == "signed" and step["map"] not in stage.info.values.photo_maps
    if is_signed and step["kind"] != "softmax" and not is_whole:
        value = add_plus_sign(value)
    if is_whole and is_exact:
        before += " ="
    after = "" if is_halfway else describe_next_use(trace, step)
    return ResultTexts(before, value if is_exact else f"≈ {value}", after, True)


def write_products_caption(count: int) -> str:
    """Write what a grid of products is: "nine products"."""
    if count == 1:
        return write_figure_text("step_one_product")
    return write_figure_text("step_product_count", count=COUNT_WORDS[count] if count < len(COUNT_WORDS) else count)


def name_channels(trace: Trace, step: Step) -> Sequence[str]:
    """Name the channels that a step reads: R, G and B of a color picture, else "channel 0", "channel 1" …"""
    is_color = is_color_stage(get_read(trace, trace.stages[step["stage"]], step["map"]))
    return [
        COLORS[one["channel"]] if is_color else write_figure_text("step_channel", index=one["channel"])
        for one in step["channels"]
    ]


def is_color_stage(stage: Stage) -> bool:
    """Whether a stage's three maps are red, green and blue."""
    info = stage.info
    return info.shape[0] == len(COLORS) and bool(info.values.channels or info.operation.kind == "input")


def name_slice(stage: Stage, map: int) -> str:
    """Name a map that is read: R, G or B of a color picture, else its number."""
    return COLORS[map] if is_color_stage(stage) else str(map)


def _describe_result(trace: Trace, step: Step, texts: StepTexts, beat: str, is_halfway: bool) -> str:
    stage, channels = trace.stages[step["stage"]], name_channels(trace, step)
    if stage.plan and stage.plan.law:
        return write_message(stage.plan.law.describe(step, texts, beat in KNOWN_BEATS))
    match step["kind"]:
        case "conv" | "linear":
            depth = stage.info.input_shape[0] if stage.info.input_shape else 1
            is_alone = step["kind"] == "conv" and len(channels) == 1 < depth
            return _describe_weighted_sum(step, texts, beat, is_halfway, channels, is_alone)
        case "prepare":
            return _describe_preprocessing(stage, step, texts)
        case "pool":
            return _describe_pooling(stage, step, texts, beat)
        case "pointwise":
            return write_formula(stage.info.operation.formula, texts.sum, stage.info.slope)
        case "softmax":
            return _describe_softmax(step, texts, beat)
        case "join":
            return _describe_join(trace, step, texts)
        case "shift" | "flatten":
            if reads_outside(step):
                return write_figure_text("step_from_outside")
            return write_figure_text("step_moved", place=describe_place(step["rows"][0], step["columns"][0]))
    return ""


def _describe_join(trace: Trace, step: Step, texts: StepTexts) -> str:
    """Describe where the cells of a join come from: "12 of ReLU (2) + 3 of Input (0)"."""
    stage = trace.stages[step["stage"]]
    reads = [trace.stages[term["stage"]] for term in step["terms"]]
    named = [{"title": name_card(write_message(read.info.title)), "stage": read.info.index} for read in reads]
    if stage.info.operation.join == "concat":
        if len(reads[0].output) == 1:
            return write_figure_text("step_copy", **named[0])
        return write_figure_text("step_copy_of_map", index=step["terms"][0]["source"][0], **named[0])
    is_sum = stage.info.operation.join == "add"
    values = [channel.values[0][0] for channel in texts.channels]
    terms = [
        write_figure_text("step_term", value=value if is_sum else bracket_negative(value), **name)
        for value, name in zip(values, named, strict=True)
    ]
    return add_up(terms) if is_sum else " · ".join(terms)


def add_up(terms: Sequence[str]) -> str:
    """Write a sum: "0.1 + 0.2 − 0.3"."""
    return " + ".join(terms).replace(f"+ {MINUS}", f"{MINUS} ")


def _describe_weighted_sum(
    step: Step, texts: StepTexts, beat: str, is_halfway: bool, channels: Sequence[str], is_alone: bool
) -> str:
    """Describe a sum; of several channels it has the sum of each: "679 − 334 + 97 + 0".

    `is_alone`: the step reads one of several channels, each of which is filtered alone.
    """
    count, is_known = len(channels) if step["kind"] == "conv" else 1, beat in KNOWN_BEATS
    divisor = f" ÷ {texts.divisor}" if texts.divisor else ""
    if 1 < count <= MOST_WRITTEN_CHANNELS:
        terms = _add_channel_sums(texts, beat, channels)
        return (f"({terms}){divisor}" if divisor else terms) + ("" if is_halfway else _describe_bias(texts, is_known))
    if count > 1 and is_known and not (is_halfway and not divisor):
        what = write_figure_text("step_channel_sum_is", count=count, sum=texts.sum)
        return what + divisor + ("" if is_halfway else _describe_bias(texts, True))
    if count > 1:
        what = write_figure_text("step_channel_sum", count=count)
    elif is_alone:
        what = write_figure_text("step_sum_alone", channel=channels[0])
    else:
        what = write_figure_text("step_sum")
    divided = f"{f' {texts.sum}' if is_known else ''}{divisor}" if divisor else ""
    return what + divided + ("" if is_halfway else _describe_bias(texts, False))


def _add_channel_sums(texts: StepTexts, beat: str, names: Sequence[str]) -> str:
    """Add the sums of the channels that are known at a beat, and the names of the others: "679 − 334 + B"."""
    last = int(beat.removeprefix("channel-")) if beat.startswith("channel-") else -1 if beat == "window" else len(names)
    terms = [texts.channels[i].sum.replace("+", "") if i <= last else name for i, name in enumerate(names)]
    return add_up(terms)


def _describe_bias(texts: StepTexts, is_number: bool) -> str:
    """Describe the bias, as a number alone where the sums before it are numbers."""
    is_negative, bias = texts.bias.startswith(MINUS), texts.bias.removeprefix(MINUS)
    if texts.bias_written:
        typed = texts.bias_written.removeprefix(MINUS)
        bias = write_figure_text("step_rounded_bias", typed=typed, bias=bias)
    if is_number:
        return f" {MINUS if is_negative else '+'} {bias}"
    return write_figure_text("step_minus_bias" if is_negative else "step_plus_bias", bias=bias)


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
        place = step["rows"].index(step["row"]), step["columns"].index(step["col"])
        power = format_number(step["channels"][own]["products"][place[0]][place[1]])
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
