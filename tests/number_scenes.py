"""Random figures of every range, and what the numbers of their steps must satisfy as they are written."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.trace.trace import Trace
from app.lab import Lab
from app.models.library import load_models
from tests.figures import FOLDER, samples

MODELS = FOLDER.parent / "app" / "models" / "data"
SAMPLES = ["chelsea", "coffee", "face", "checkerboard", "cat"]
NAMES = ["sobel-x", "box-blur", "gaussian", "sharpen", "edges", "emboss", "motion-blur", "gabor-45", "prewitt-y"]
BIASES = ["", "", ",bias=1", ",bias=0.5", ",bias=-0.25", ",bias=1/9", ",bias=0.123456", ",bias=-12.5"]


def make_random_query(seed: int) -> str:
    """A link to a small figure: pictures from 0 to 255 or to 1, typed numbers, filters and layers of every kind."""
    draw = random.Random(seed)
    if seed % 12 == 11:
        return draw.choice(["layers=model:lenet5", "layers=model:mlp10", "image=cat&channels=rgb&layers=model:cifar10"])
    depth = 1
    if draw.random() < 0.3:
        depth = draw.choice([1, 1, 3])
        image = "image=" + "".join(f"({_draw_plane(draw, 6, 6)})" for _ in range(depth))
    else:
        image = f"image={draw.choice(SAMPLES)}&size={draw.randint(6, 10)}x{draw.randint(6, 10)}"
        image += draw.choice(["", "&range=unit", "&range=unit"])
        if draw.random() < 0.4:
            image, depth = f"{image}&channels=rgb", 3
    layers = [_draw_convolution(draw), *(_draw_layer(draw) for _ in range(draw.randint(1, 3)))]
    if draw.random() < 0.4:
        last = len(layers)
        layers += [draw.choice(["abs", "tanh", "leaky_relu:0.1", "conv:(1/3)"]), draw.choice(["add", "mul", "concat"])]
        layers[-1] += f":{draw.choice([last, f'({last},{last + 1})'])}"
        if draw.random() < 0.5:
            layers += [f"{draw.choice(['add', 'concat'])}:{last + 2}"]
    return f"{image}&layers={'~'.join(layers)}"


def _draw_plane(draw: random.Random, rows: int, columns: int) -> str:
    kind = draw.choice(["whole", "tenths", "hundredths", "fractions", "large", "tiny"])
    return ";".join(",".join(_draw_number(draw, kind) for _ in range(columns)) for _ in range(rows))


def _draw_number(draw: random.Random, kind: str) -> str:
    match kind:
        case "whole":
            return str(draw.randint(-9, 9))
        case "tenths":
            return str(Decimal(draw.randint(-30, 30)) / 10)
        case "hundredths":
            return str(Decimal(draw.randint(-300, 300)) / 100)
        case "fractions":
            return f"{draw.randint(-9, 9)}/{draw.choice([2, 3, 7, 8, 9])}"
        case "large":
            return str(Decimal(draw.randint(-999_999, 999_999)) / draw.choice([1, 100]))
    return f"{Decimal(draw.randint(-99, 99)) / 1_000_000:f}"


def _draw_convolution(draw: random.Random) -> str:
    bias = draw.choice(BIASES)
    stride = draw.choice(["", "", ",stride=2", ",padding=1", ",padding=1,padding_mode=reflect", ",flip=1"])
    if draw.random() < 0.5:
        return f"conv:{draw.choice(NAMES)}{stride}{bias}"
    if draw.random() < 0.3:
        return f"conv:random*{draw.randint(1, 3)}@3x3,seed={draw.randint(0, 99)}{stride}{bias}"
    divisor = draw.choice(["", "", "/3", "/9", "/16"])
    return f"conv:({_draw_plane(draw, 3, 3)}){divisor}{stride}{bias}"


def _draw_layer(draw: random.Random) -> str:
    return draw.choice(
        [
            *("relu", "abs", "leaky_relu", "leaky_relu:0.1", "tanh", "sigmoid", "maxpool:2", "minpool:2", "l2pool:2"),
            *("avgpool:2", "avgpool:2,padding=1,count_include_pad=0", "globalavgpool", "softmax", "shift:1x0"),
            _draw_convolution(draw),
        ]
    )


def make_trace(query: str) -> Trace | None:
    """The Trace of a link, None where its layers do not fit."""
    link = parse_link(query, Limits())
    assert link.problems == (), link.problems
    return _make_lab().compute(link.scene, ()).trace


@cache
def _make_lab() -> Lab:
    return Lab(samples(), None, Limits(), load_models(MODELS))


def list_places(trace: Trace, seed: int, each: int = 4) -> list[tuple[int, int, int, int]]:
    """Some (stage, map, row, column) of every stage: the corners, and others."""
    draw = random.Random(seed)
    places = []
    for index, stage in enumerate(trace.stages):
        maps, rows, columns = stage.output.shape
        for _ in range(each):
            places.append((index, draw.randrange(maps), draw.randrange(rows), draw.randrange(columns)))
    return places


def read_text(text: str) -> Fraction:
    """The exact number that a text says."""
    return Fraction(Decimal(text.replace("−", "-").replace("+", "")))


def count_units(text: str) -> Fraction:
    """One unit of the last decimal that is written."""
    mantissa, _, exponent = text.replace("−", "-").partition("e")
    return Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def find_fault(texts: dict[str, Any], step: dict[str, Any]) -> str:
    """What does not add up in the texts of a step, "" where everything does."""
    channels = texts["channels"]
    if step["kind"] in ("conv", "linear") and channels and not (texts["strongest"] and len(channels) > 3):
        for n, channel in enumerate(channels):
            added = sum(read_text(text) for line in channel["products"] for text in line)
            if added != read_text(channel["sum"]):
                return f"the products of channel {n} add up to {float(added)}, not to {channel['sum']}"
        by_size = sorted(range(len(channels)), key=lambda place: -abs(step["channels"][place]["sum"]))
        listed = [read_text(channels[place]["sum"]) for place in (by_size[:8] if texts["channel_rest"] else by_size)]
        if sum(listed) + read_text(texts["channel_rest"] or "0") != read_text(texts["sum"]):
            return f"the channels do not add up to {texts['sum']}"
    if step["kind"] in ("conv", "linear", "pool") and texts["quotient"] + texts["rounding"] + texts["divisor"]:
        fault = _find_fault_at_the_end(texts)
        if fault:
            return fault
    if step["kind"] == "join" and channels and channels[0]["sum"]:
        added = sum(read_text(channel["sum"]) for channel in channels) + read_text(texts["rounding"] or "0")
        if added != read_text(texts["result"]):
            return f"the terms add up to {float(added)}, not to {texts['result']}"
    if step["kind"] == "pool" and texts["divisor"] and channels:
        added = sum(read_text(text) for line in channels[0]["values"] for text in line if text)
        if added != read_text(texts["sum"]):
            return f"the window adds up to {float(added)}, not to {texts['sum']}"
    for shown, rest in enumerate(texts["rests"]):
        terms = [read_text(term["product"]) for term in texts["strongest"][:shown]]
        if len(channels) <= 3 and channels:
            break
        if sum(terms) + read_text(rest) != read_text(texts["sum"]):
            return f"{shown} terms and the rest do not add up to {texts['sum']}"
    if texts["powers"] and sum(map(read_text, texts["powers"])) != read_text(texts["sum"]):
        return f"the powers do not add up to {texts['sum']}"
    return find_untrue_product(texts, step)


def _find_fault_at_the_end(texts: dict[str, Any]) -> str:
    quotient = read_text(texts["sum"]) / read_text(texts["divisor"] or "1")
    end = quotient + read_text(texts["bias"] or "0") + read_text(texts["rounding"] or "0") - read_text(texts["result"])
    if texts["divisor"]:
        half = max(count_units(texts[name]) for name in ("result", "quotient") if texts[name]) / 2
        if abs(end) > (half if not texts["is_result_exact"] else max(half, Fraction(1, 10**9))):
            return (
                f"{texts['sum']} ÷ {texts['divisor']} + {texts['bias']} is off from {texts['result']} by {float(end)}"
            )
    elif end:
        return f"{texts['sum']} + {texts['bias']} + {texts['rounding']} is not {texts['result']}"
    if texts["quotient"]:
        parts = [read_text(texts[name] or "0") for name in ("quotient", "bias", "rounding")]
        if sum(parts) != read_text(texts["result"]):
            return f"{texts['quotient']} + {texts['bias']} + {texts['rounding']} is not {texts['result']}"
    return ""


def find_untrue_product(texts: dict[str, Any], step: dict[str, Any]) -> str:
    """A product that its value and weight, as they are written, do not give within their rounding."""
    for channel in texts["channels"]:
        for values, weights, products in zip(channel["values"], channel["weights"], channel["products"], strict=False):
            for value, weight, product in zip(values, weights, products, strict=True):
                v, w, p = map(read_text, (value, weight, product))
                halves = [count_units(text) / 2 for text in (value, weight)]
                # A product may be rounded to the other side, by less than one unit.
                last = count_units(product) / (2 if abs(w) == 1 else 1)
                room = abs(v) * halves[1] + abs(w) * halves[0] + halves[0] * halves[1] + last
                if abs(v * w - p) > room * Fraction(1001, 1000):
                    return f"{value} × {weight} is not {product}"
    return ""


def find_fault_in_sentences(said: dict[str, str], texts: dict[str, Any], step: dict[str, Any]) -> str:
    """What does not fit in the line above the result, the result, and the equation of a step."""
    if (said["value"].startswith("≈")) == texts["is_result_exact"]:
        return f"{said['value']} has a wrong sign of rounding"
    if said["value"].strip("≈ +") != texts["result"]:
        return f"{said['value']} is not {texts['result']}"
    if texts["rounding"] and f"rounded: {texts['rounding']}" not in said["before"]:
        return f"{said['before']} does not say {texts['rounding']}"
    averages = step["kind"] == "pool" and texts["divisor"]
    return find_fault_in_equation(said["equation"]) if step["kind"] in ("conv", "linear") or averages else ""


def find_fault_in_equation(text: str) -> str:
    """The last sum of an equation, where it is not its result."""
    plain = re.sub(r" \(\d+ more terms?\)", "", text.replace("−", "-").replace("·", "*"))
    rounding = re.search(r" \(rounded: ([^)]+)\)", plain)
    *left, end = re.split(r" [=≈] ", plain.replace(rounding[0], "") if rounding else plain)
    exact = re.sub(r"\d+(\.\d+)?(e-?\d+)?", lambda number: f"Fraction('{number[0]}')", left[-1])
    rest = eval(exact, {"Fraction": Fraction}) + (read_text(rounding[1]) if rounding else 0) - read_text(end)
    is_divided = "/" in left[-1]
    return "" if abs(rest) <= (count_units(end) if is_divided else 0) / 2 else f"{text} is off by {float(rest)}"
