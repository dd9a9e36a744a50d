"""What every catalogue of the browser says: each constant, and each function called with examples of its parameters.

The types of the parameters are read from the comment above a function. A parameter that names a row of a table, as in
`({ auto: "Theme: auto" })[theme]`, takes each name of the table and one that is not in it.
"""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDER = CHECKOUT / "static" / "pure" / "strings"
GOLDEN = CHECKOUT / "tests" / "golden" / "strings.json"
MODULES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*strings.js"))

AXIS = {"size": 9, "kernel": 3, "stride": 2, "dilation": 1, "before": 1, "after": 1, "positions": 5, "leftover": 1}
STAGE = {
    "op": "conv",
    "family": "convolution",
    "title": "‹title›",
    "shape": [2, 5, 5],
    "input_shape": [3, 9, 9],
    "labels": ["‹label 0›", "‹label 1›"],
    "rows": AXIS,
    "columns": AXIS,
    "groups": 1,
    "bias_text": ["0.5", "1"],
    "padding_mode": "zeros",
    "by": [0, 1],
    "reads": [1, 0],
    "prepare": {"white": 255, "inverted": True},
    "law": {
        "train": True,
        "p": 0.5,
        "size": 5,
        "alpha": 0.0001,
        "beta": 0.75,
        "k": 2,
        "mode": "bilinear",
        "value": 0,
        "factor": [2, 3],
        "box": 20,
        "starts": [-8, 12],
        "length": 13,
    },
}
STORY = {
    "name": "‹name›",
    "next": "‹next›",
    "value": "+5",
    "source": "−2",
    "size": "3 × 3",
    "bias": "1",
    "weights": "27",
    "channels": 3,
    "stride": "2",
    "maps": 4,
    "map": 2,
    "rows": 5,
    "columns": 5,
    "cells": "25",
    "values": "100",
    "parameters": "28",
    "inputs": "100",
    "isNegative": False,
    "isKept": False,
    "zeros": "40.0 %",
    "pool": "max",
    "winner": "‹winner›",
    "terms": "‹terms›",
}
DESCRIBED = {"STORY": "StoryFacts"}
"""What the functions of a table describe whose parameters have no types of their own; of others it is a stage."""
EXAMPLES: dict[str, list[Any]] = {
    "FieldTerm[]": [[{"window": 3, "jump": 1}] * 3, [{"window": 5, "jump": 1}, {"window": 2, "jump": 2}], []],
    "StoryFacts": [
        {**STORY, "kind": "several maps"},
        {**STORY, "kind": "one map", "channels": 1, "maps": 1, "isNegative": True, "isKept": True, "pool": "avg"},
        {**STORY, "kind": "one weight", "channels": 1, "weights": "1"},
        {**STORY, "kind": "the end", "maps": 1, "next": "", "zeros": "", "winner": ""},
    ],
    "number": [1, 3],
    "number[]": [[2, 3, 4, 5]],
    "string[]": [["‹one›", "‹two›"]],
    "boolean": [False, True],
    "unknown": [2],
    "Stage": [STAGE],
    "Frame": [
        {"kind": kind}
        for kind in (
            *("conv", "pool", "pointwise", "softmax", "shift", "flatten", "prepare", "join"),
            *("batchnorm", "center", "dropout", "lrn", "mean", "pad", "upsample"),
        )
    ],
    "Option": [
        {"label": "‹option›", "kind": kind, "least": 1, "most": 7, "choices": ["‹one›", "‹two›"]}
        for kind in ("whole", "pair", "shift", "padding", "number", "numbers")
    ],
    "CommonSetting": [
        {"filter": 3, "stride": 1, "padding": [1, 1, 1, 1], "size": [5, 7], "isRandom": False},
        {"filter": 5, "stride": 2, "padding": [1, 2, 1, 2], "size": None, "isRandom": True},
    ],
    "{start: number, step: number, count: number}": [{"start": 0, "step": 2, "count": 5}],
    "{inverted: boolean, isCentered: boolean}": [{"inverted": True, "isCentered": True}],
}

FUNCTION = re.compile(
    r"(?:/\*\*((?:(?!\*/).)*)\*/\s*)?^  (\w+): \((.*?)\) =>(.*?)(?=^  (?:\w+:|/\*\*|//)|^\}\);)", re.M | re.S
)
PARAMETER = re.compile(r"@param \{((?:[^{}]|\{[^{}]*\})*)\} \[?(\w+)")
TABLE = re.compile(r"\(\{((?:[^{}]|\{[^{}]*\})*)\}\)\[(\w+)\]")
NAME = re.compile(r"""(?:^|[,{])\s*(?:(\w+)|"([^"]+)"):""")

CALL = """async ([modules, calls]) => {
  const written = {};
  const write = (name, part) => {
    if (typeof part === "function")
      for (const params of calls[name] ?? [[]]) written[`${name}(${params.map(show).join(", ")})`] = part(...params);
    else if (part && typeof part === "object")
      for (const [key, value] of Object.entries(part)) write(`${name}.${key}`, value);
    else written[name] = part;
  };
  const show = (param) => param?.kind ?? (param?.op ? "stage" : JSON.stringify(param));
  for (const module of modules)
    for (const [name, table] of Object.entries(await import(`convoscope/pure/strings/${module}`))) write(name, table);
  return written;
}"""


def list_calls() -> dict[str, list[list[Any]]]:
    """Examples of the parameters of each function, by `TABLE.name`. Fails for a type without examples."""
    calls: dict[str, list[list[Any]]] = {}
    for name in MODULES:
        source = (FOLDER / name).read_text(encoding="utf-8")
        for table in re.finditer(r"^(?:export )?const (\w+) = inLanguage\(\{\n(.*?^\}\);)", source, re.M | re.S):
            for comment, function, params, body in FUNCTION.findall(table[2]):
                types = PARAMETER.findall(comment) or ([(DESCRIBED.get(table[1], "Stage"), "stage")] if params else [])
                examples = [find_examples(kind, param, body) for kind, param in types]
                calls[f"{table[1]}.{function}"] = [list(row) for row in product(*examples)]
    return calls


def find_examples(kind: str, param: str, body: str) -> list[Any]:
    """Examples of one parameter."""
    if kind != "string":
        return EXAMPLES[kind.removeprefix("readonly ")]
    names = [word or quoted for rows, key in TABLE.findall(body) if key == param for word, quoted in NAME.findall(rows)]
    compared = re.findall(rf'\b{param} ===? "([^"]+)"', body)
    return [*dict.fromkeys([*names, *compared]), f"‹{param}›"]


def write_golden(sentences: dict[str, object]) -> None:
    """Writes the golden file."""
    GOLDEN.write_text(json.dumps(sentences, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
