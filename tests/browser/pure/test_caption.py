"""Numbers and sentences about a step and about a layer."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.browser.pure_page import CASES, CHECKOUT, Run

GOLDEN = json.loads((CHECKOUT / "tests" / "golden" / "number_text.json").read_text(encoding="utf-8"))


def test_numbers_are_written_as_python_writes_them(run: Run):
    written = run("return given.map(([value]) => [C.numberText(value), C.shortNumber(value)]);", GOLDEN["numbers"])
    assert written == [case[1:] for case in GOLDEN["numbers"]]
    shares = run("return given.map(([share]) => C.percentText(share));", GOLDEN["percents"])
    assert shares == [text for _, text in GOLDEN["percents"]]
    assert run("return [NaN, Infinity, -Infinity].map(C.numberText);") == ["?", "∞", "−∞"]


def captions(run: Run, name: str, place: list[int], beat: str = "sum") -> dict[str, Any]:
    """Everything that is said of one step of a golden trace."""
    trace = next(case["trace"] for case in CASES if case["name"] == name)
    return run(
        """const trace = traceOf(given.trace), [stage, map, row, col] = given.place;
        const frame = F.frameAt(trace, {stage, map, at: [row, col], beat: given.beat});
        return {...C.resultParts(trace, frame), spoken: C.describeStep(trace, frame),
          equation: C.textOf(C.equationParts(trace, frame)), title: C.stageTitle(trace, stage)};""",
        {"trace": trace, "place": place, "beat": beat},
    )


def test_a_step_is_said_in_numbers_that_add_up(run: Run):
    said = captions(run, "Sobel, ReLU, max pool", [1, 0, 2, 3])
    terms = "47·(−1) + 251·0 + 207·1 + 42·(−2) + 97·0 + 129·2 + 136·(−1) + 119·0 + 112·1"
    assert said["equation"] == f"{terms} = 310"
    assert eval(terms.replace("·", "*").replace("−", "-")) == 310
    assert said["before"] == "their sum + bias 0"
    assert said["value"] == "+310"


def test_before_the_sum_the_result_is_a_question_mark(run: Run):
    for beat in ("window", "products"):
        said = captions(run, "Sobel, ReLU, max pool", [1, 0, 2, 3], beat)
        assert (said["value"], said["after"], said["known"]) == ("?", "", False)


def test_a_divisor_is_shown_as_one_and_what_is_rounded_says_so(run: Run):
    said = captions(run, "box blur with a divisor and a bias", [1, 0, 0, 0])
    assert said["before"] == "their sum 1097 ÷ 9 + bias 0.5"
    assert said["value"] == "≈ +122.4"
    assert said["equation"].endswith(") / 9 + 0.5 ≈ 122.4")


def test_the_sum_of_several_channels_is_written_whole_channel_by_channel(run: Run):
    beats = ("window", "channel-0", "channel-1", "channel-2", "sum", "bias", "write")
    said = [captions(run, "two filters on three channels", [1, 1, 0, 4], beat) for beat in beats]
    assert said[0]["before"] == "R + G + B − bias 2"
    red, green, blue = re.fullmatch(r"(−?\d+) ([+−] \d+) ([+−] \d+) =", said[4]["before"]).groups()
    assert said[1]["before"] == f"{red} + G + B − bias 2"
    assert said[2]["before"] == f"{red} {green} + B − bias 2"
    assert said[3]["before"] == f"{red} {green} {blue} − bias 2"
    assert said[5]["before"] == said[6]["before"] == f"{red} {green} {blue} − 2 ="
    assert [one["value"] for one in said[:4]] == ["?"] * 4
    for one in said[4:]:
        assert eval(one["before"].replace("−", "-").removesuffix(" =")) == int(one["value"].replace("−", "-"))
    assert said[6]["equation"].endswith(f" = {red} {green} {blue} + (−2) = {said[6]['value']}")
    assert f", {red} {green} {blue} − 2 = {said[6]['value']}" in said[6]["spoken"]


@pytest.mark.parametrize(
    ("place", "after"),
    [
        ([1, 0, 2, 3], "relu keeps it"),
        ([1, 0, 0, 3], "relu makes it 0"),
        ([2, 0, 2, 3], "loses to 424 in its 2 × 2 window"),
        ([2, 0, 3, 2], "wins its 2 × 2 window"),
        ([2, 0, 0, 6], "the next layer never reads it"),
        ([3, 0, 0, 0], ""),
    ],
)
def test_it_is_said_what_becomes_of_a_cell(run: Run, place, after):
    assert captions(run, "Sobel, ReLU, max pool", place, "write")["after"] == after


def stage_of(size: int, kernel: int, stride: int = 1, before: int = 0, after: int = 0, **more: Any) -> dict[str, Any]:
    from app.core.ops.geometry import Axis
    from tests.golden.make_steps import axis_meta

    axis = axis_meta(Axis(size, kernel, stride, more.pop("dilation", 1), before, after, more.pop("ceil", False)))
    return {"rows": axis, "columns": axis, "family": "convolution", "shape": [1, 1, 1], "parameters": 0} | more


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        (stage_of(32, 3), "(N + 2P − F)/S + 1, (32 + 2·0 − 3)/1 + 1 = 30"),
        (stage_of(7, 3, 3), "(N + 2P − F)/S + 1, (7 + 2·0 − 3)/3 + 1 = 2.33, rounded down to 2"),
        (stage_of(32, 5, 1, 2, 2), "(N + 2P − F)/S + 1, (32 + 2·2 − 5)/1 + 1 = 32"),
        (stage_of(8, 2, 1, 0, 1), "(N + P₁ + P₂ − F)/S + 1, (8 + 0 + 1 − 2)/1 + 1 = 8"),
        (
            stage_of(32, 3, dilation=2),
            "(N + 2P − D·(F − 1) − 1)/S + 1, (32 + 2·0 − 2·(3 − 1) − 1)/1 + 1 = 28",
        ),
        (stage_of(6, 3, 2, ceil=True), "(N + 2P − F)/S + 1, (6 + 2·0 − 3)/2 + 1 = 2.5, rounded up to 3"),
    ],
)
def test_a_size_is_said_in_letters_and_in_numbers(run: Run, stage, sentence):
    assert run("return S.sizeSentence(given.rows);", stage) == sentence


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        (stage_of(32, 3), ""),
        (
            stage_of(7, 3, 3),
            "(7 − 3)/3 + 1 = 2.33 is not whole: by the lecture's rule it does not fit. PyTorch rounds down to 2; "
            "row 6 and column 6 are never read. Padding 1 makes it fit: 3.",
        ),
        (
            stage_of(7, 2, 2, family="pooling"),
            "(7 − 2)/2 + 1 = 3.5 is not whole: by the lecture's rule it does not fit. PyTorch rounds down to 3; "
            "row 6 and column 6 are never read. Ceil mode counts the window that hangs over the edge: 4.",
        ),
        (
            stage_of(6, 3, 2, ceil=True, family="pooling"),
            "(6 − 3)/2 + 1 = 2.5 is not whole: by the lecture's rule it does not fit. Ceil mode rounds up to 3; "
            "the last window hangs 1 cell over the edge.",
        ),
    ],
)
def test_a_stride_that_does_not_fit_names_the_unread_rows_and_what_would_fit(run: Run, stage, sentence):
    assert run("return S.misfitSentence(given);", stage) == sentence


def test_parameters_are_counted_in_groups_of_channels(run: Run):
    script = """const stage = {...given, weight: new Float32Array(given.weights)};
      const {letters} = S.parametersFormula(stage);
      return [C.textOf(letters), S.parametersSentence(stage)];"""
    stage = stage_of(32, 3, parameters=30, weights=27, shape=[3, 30, 30], groups=3)
    assert run(script, stage) == ["K·(F·F·C/G + 1)", "3·(3·3·3/3 + 1) = 30 parameters"]


def test_parameters_are_counted_filter_by_filter(run: Run):
    script = "return S.parametersSentence({...given, weight: new Float32Array(given.weights)});"
    assert run(script, stage_of(32, 3, parameters=10, weights=9)) == "1·(3·3·1 + 1) = 10 parameters"
    ten = stage_of(32, 5, 1, 2, 2, parameters=760, weights=750, shape=[10, 32, 32])
    assert run(script, ten) == "10·(5·5·3 + 1) = 760 parameters"
