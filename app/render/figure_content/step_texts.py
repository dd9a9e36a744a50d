"""The texts of one step around its numbers: "their sum ÷ 9 + bias 0", the result, what the next layer does with it.

The live page writes the same in `static/pure/text/caption.js`; tests/browser/pages/test_one_figure.py compares them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.trace.trace import Stage, Trace
from .figure_texts import COUNT_WORDS, write_figure_text
from .next_use import describe_next_use, describe_place
from .number_format import MINUS, add_plus_sign, bracket_negative, format_number, is_text_exact, write_plainly

UNKNOWN = "?"
POOL_CODES = {"max": "step_largest", "min": "step_smallest", "avg": "step_mean", "l2": "step_squares"}

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


def write_result(trace: Trace, step: Step, beat: str) -> ResultTexts:
    """Write the result of a step at a beat."""
    stage = trace.stages[step["stage"]]
    beats = list_beats(stage, step)
    beat = beat if beat in beats else "sum" if "sum" in beats else beats[-1]
    is_halfway = beat == "sum" and "bias" in beats
    before = _describe_result(stage, step, beat, is_halfway)
    if beat not in ("sum", "bias", "write"):
        return ResultTexts(before, UNKNOWN, "", False)
    result = step["sum"] / (step["divisor"] * step["scale"]) if is_halfway else step["result"]
    after = "" if is_halfway else describe_next_use(trace, step)
    return ResultTexts(before, write_value(stage, result), after, True)


def write_value(stage: Stage, value: float) -> str:
    """Write a value of a stage, with ≈ where the text is not exactly the number."""
    text = format_number(value)
    if stage.info.colors == "signed" and stage.info.op != "softmax":
        text = add_plus_sign(text)
    return text if stage.info.exact and is_text_exact(value) else f"≈ {text}"


def write_channel_sum(stage: Stage, channel: Step) -> str:
    """Write the sum of one channel's products."""
    total = channel["sum"]
    text = format_number(total)
    return add_plus_sign(text) if stage.info.exact or total == int(total) else f"≈ {text}"


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


def _describe_result(stage: Stage, step: Step, beat: str, is_halfway: bool) -> str:
    match step["kind"]:
        case "conv" | "linear":
            return _describe_weighted_sum(stage, step, beat, is_halfway)
        case "prepare":
            return _describe_preprocessing(stage, step)
        case "pool":
            return _describe_pooling(stage, step, beat)
        case "pointwise":
            return _describe_activation(stage, format_number(step["sum"]))
        case "softmax":
            return _describe_softmax(step, beat)
        case "shift" | "flatten":
            padded = step["kind"] == "shift" and step["channels"][0]["padded"][0][0]
            place = describe_place(step["rows"][0], step["columns"][0])
            return write_figure_text("step_from_outside") if padded else write_figure_text("step_moved", place=place)
    return ""


def _describe_weighted_sum(stage: Stage, step: Step, beat: str, is_halfway: bool) -> str:
    channels = len(step["channels"]) if step["kind"] == "conv" else 1
    divisor = step["divisor"] * step["scale"]
    what = write_figure_text("step_channel_sum", count=channels) if channels > 1 else write_figure_text("step_sum")
    dividend = f" {format_number(step['sum'])}" if beat in ("sum", "bias", "write") else ""
    divided = "" if divisor == 1 else f"{dividend} ÷ {format_number(divisor)}"
    if is_halfway:
        return what + divided
    texts = stage.info.filters.bias_text if stage.info.filters else ()
    bias = texts[step["map"]].replace("-", MINUS) if texts else write_plainly(step["bias"])
    code = "step_minus_bias" if bias.startswith(MINUS) else "step_plus_bias"
    return what + divided + write_figure_text(code, bias=bias.removeprefix(MINUS))


def _describe_preprocessing(stage: Stage, step: Step) -> str:
    law, value = stage.info.preprocessing, format_number(step["sum"])
    if law is None:
        return value
    white, numbers = f"{law.white:g}", law.plan.preprocessing
    value = f"({white} {MINUS} {bracket_negative(value)})" if law.inverted else bracket_negative(value)
    value = value if law.white == 1 else f"{value} ÷ {white}"
    mean, std = write_plainly(numbers.mean[step["map"]]), write_plainly(numbers.std[step["map"]])
    return f"({value} {MINUS} {bracket_negative(mean)}) ÷ {std}"


def _describe_activation(stage: Stage, x: str) -> str:
    negative = x.startswith(MINUS)
    match stage.info.op:
        case "relu":
            return f"max(0, {x})"
        case "leaky_relu" if negative:
            return f"{format_number(0.01 if stage.info.slope is None else stage.info.slope)}·({x})"
        case "sigmoid":
            return f"1/(1 + e^({x[1:] if negative else MINUS + x}))"
        case "tanh":
            return f"tanh({x})"
        case "abs":
            return f"|{x}|"
    return x


def _describe_softmax(step: Step, beat: str) -> str:
    if beat not in ("sum", "write"):
        return write_figure_text("step_share")
    own = next((one for one in step["channels"] if one["channel"] == step["map"]), None)
    power = own["products"][step["row"]][step["col"]] if own else step["result"] * step["sum"]
    return f"{format_number(power)} ÷ {format_number(step['sum'])}, {write_figure_text('step_share')}"


def _describe_pooling(stage: Stage, step: Step, beat: str) -> str:
    pool, geometry = stage.info.pool, stage.info.geometry
    if pool is None or geometry is None:
        return ""
    if pool.kind == "avg" and beat != "window":
        return f"{write_figure_text('step_mean')}: {format_number(step['sum'])} ÷ {step['count']}"
    down = sum(0 <= row < geometry.rows.size for row in step["rows"])
    across = sum(0 <= column < geometry.columns.size for column in step["columns"])
    return write_figure_text(POOL_CODES[pool.kind], cells=down * across)
