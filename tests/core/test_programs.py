"""The programs of the Code tab are run: what they compute are the numbers of the figure."""

from __future__ import annotations

import ast
import builtins
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.core.code.literals import MOST_WRITTEN, format_numbers
from app.core.code.program import write_programs
from app.core.operation_table import OPERATIONS, OperationCode
from tests.figures import lab, small_scenes
from tests.programs import (
    MODEL_SITUATIONS,
    NINE,
    SITUATIONS,
    assert_computes,
    compute,
    compute_nearest,
    program_of,
    run_program,
    stages_of,
    window_links,
)

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "programs.json").read_text(encoding="utf-8"))


@pytest.fixture(params=["numpy", "torch"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Each dialect whose library is installed."""
    if request.param == "torch":
        pytest.importorskip("torch")
    return request.param


@pytest.mark.parametrize("query", [*SITUATIONS, *MODEL_SITUATIONS])
def test_a_program_computes_the_numbers_of_its_stage(query: str, dialect: str):
    for trace, stage in stages_of(query):
        assert_computes(program_of(stage, dialect), stage, trace)


def test_the_situations_have_every_kind_of_layer():
    ops = {stage.info.op for query in (*SITUATIONS, *MODEL_SITUATIONS) for _, stage in stages_of(query)}
    assert ops >= {row.name for row in OPERATIONS} - {"model"}


def assert_windows_agree(link: str, dialect: str) -> None:
    trace = compute_nearest(link)
    assume(trace is not None)
    assert trace is not None
    for stage in trace.stages:
        assert_computes(program_of(stage, dialect), stage, trace)


@settings(max_examples=150)
@given(window_links())
def test_the_loops_of_any_window_compute_the_numbers_of_the_figure(link: str):
    assert_windows_agree(link, "numpy")


@settings(max_examples=300)
@given(window_links())
def test_pytorch_computes_the_numbers_of_any_window(link: str):
    pytest.importorskip("torch")
    assert_windows_agree(link, "torch")


def assert_chain_agrees(scene, dialect: str) -> None:
    trace = lab(multiply_adds=10_000, trace_bytes=20_000).compute(scene, (), repair=True).trace
    assert trace is not None
    for stage in trace.stages:
        program = program_of(stage, dialect)
        if program.missing is None:
            assert_computes(program, stage, trace)


@settings(max_examples=60)
@given(small_scenes())
def test_every_stage_of_a_chain_is_computed_by_its_loops(scene):
    assert_chain_agrees(scene, "numpy")


@settings(max_examples=150)
@given(small_scenes())
def test_every_stage_of_a_chain_is_computed_by_pytorch(scene):
    pytest.importorskip("torch")
    assert_chain_agrees(scene, "torch")


@pytest.mark.long
@settings(max_examples=400)
@given(window_links(), small_scenes())
def test_hundreds_of_programs_compute_the_numbers_of_their_figures(link: str, scene):
    assert_windows_agree(link, "numpy")
    assert_chain_agrees(scene, "numpy")


@pytest.mark.long
@settings(max_examples=400)
@given(window_links(), small_scenes())
def test_hundreds_of_programs_of_pytorch_compute_the_numbers_of_their_figures(link: str, scene):
    pytest.importorskip("torch")
    assert_windows_agree(link, "torch")
    assert_chain_agrees(scene, "torch")


@pytest.mark.parametrize("model", ["cifar10", "lenet5", "mlp10", "linear10", "photos"])
def test_pytorch_computes_every_stage_of_a_trained_model(model: str):
    pytest.importorskip("torch")
    for trace, stage in stages_of(f"image=coffee&size=64&channels=rgb&layers=model:{model}"):
        assert_computes(program_of(stage, "torch"), stage, trace)


# --- what PyTorch computed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", GOLDEN["programs"], ids=lambda case: f"{case['link']}:{case['stage']}")
def test_the_text_of_a_program_is_the_one_that_pytorch_has_run(case):
    stage = compute(case["link"]).stages[case["stage"]]
    assert program_of(stage, "torch").text.splitlines() == case["text"]


def test_every_situation_has_been_run_by_pytorch():
    assert {case["link"] for case in GOLDEN["programs"]} == {*SITUATIONS, *MODEL_SITUATIONS}


# --- the text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", SITUATIONS)
def test_a_program_is_complete_and_imports_what_it_uses_and_no_more(query: str):
    for _, stage in stages_of(query):
        for program in write_programs(stage):
            tree = ast.parse(program.text.replace("{source}", 'urlopen("")'))
            names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
            imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
            imported = {(alias.asname or alias.name).split(".")[0] for node in imports for alias in node.names}
            made = {name.id for name in names if isinstance(name.ctx, ast.Store)} | imported | set(dir(builtins))
            used = {name.id for name in names if isinstance(name.ctx, ast.Load)}
            assert used <= made
            assert imported <= used
            assert ("y" in made) == (stage.info.op != "input")


@pytest.mark.parametrize(
    ("layer", "lines"),
    [
        ("relu", ["y = torch.relu(x)  # 1 × 3 × 3"]),
        ("maxpool:2", ["y = F.max_pool2d(x, 2)  # 1 × 1 × 1"]),
        ("avgpool:3,stride=1,padding=1", ["y = F.avg_pool2d(x, 3, stride=1, padding=1)  # 1 × 3 × 3"]),
        ("conv:(1,2;3,4)", ["y = F.conv2d(x[None], weight, bias)[0]  # 1 × 2 × 2"]),
        ("conv:(1,2;3,4),stride=2", ["y = F.conv2d(x[None], weight, bias, stride=2)[0]  # 1 × 1 × 1"]),
        ("conv:box-blur", ["y = F.conv2d(x[None], weight)[0] / 9 + bias[:, None, None]  # 1 × 1 × 1"]),
        (
            "conv:(1,2;3,4),padding=same",
            [
                "padded = F.pad(x, (0, 1, 0, 1))  # left, right, top, bottom",
                "y = F.conv2d(padded[None], weight, bias)[0]  # 1 × 3 × 3",
            ],
        ),
        ("shift:1x-1", ["y = torch.zeros_like(x)", "y[:, 1:, :-1] = x[:, :-1, 1:]  # 1 × 3 × 3"]),
    ],
)
def test_a_program_says_no_more_than_it_has_to(layer: str, lines: list[str]):
    text = program_of(compute(f"{NINE}&layers={layer}").stages[1], "torch").text
    assert text.split("\n\n")[-1].splitlines() == lines


def test_one_filter_on_one_channel_is_four_loops_that_add_the_bias():
    text = program_of(compute(f"{NINE}&layers=conv:(1,2;3,4),padding=1,bias=5").stages[1], "numpy").text
    assert text.split("\n\n")[-1].splitlines() == [
        "y = np.zeros((1, 4, 4))  # filters, rows, columns",
        "for row in range(4):",
        "    for col in range(4):",
        "        total = 0",
        "        for i in range(2):",
        "            for j in range(2):",
        "                r, q = row - 1 + i, col - 1 + j",
        "                if 0 <= r < 3 and 0 <= q < 3:  # the padding around it is 0",
        "                    total += weight[0, 0, i, j] * x[0, r, q]",
        "        y[0, row, col] = total + bias[0]",
    ]


def test_loops_that_would_take_minutes_say_so():
    long, short = (
        program_of(compute(f"image=coffee&size={size}&layers=conv:random*64@5x5").stages[1], "numpy").text
        for size in (200, 32)
    )
    assert "# 61,465,600 products: loops of Python take minutes for them" in long
    assert "minutes" not in short


def test_few_numbers_are_written_out_and_many_are_read_from_the_trace():
    first, second = compute("image=face&size=8&layers=conv:random*8@3x3").stages
    written, read = program_of(first, "numpy"), program_of(second, "numpy")
    assert first.output.size == MOST_WRITTEN
    assert (written.query, "{source}" in written.text) == ("", False)
    assert read.query == "only=0,1&stages=0"
    assert 'weight = figure["1.weight"]  # 8 × 1 × 3 × 3' in read.text
    assert "bias = np.array([0., 0., 0., 0., 0., 0., 0., 0.])" in read.text


def test_a_stage_whose_values_were_clipped_has_no_program_and_says_why():
    trace = compute("image=(1000000,1)&layers=" + "~".join(["conv:(1000000)"] * 7))
    assert all(program.text for program in write_programs(trace.stages[5]))
    for program in write_programs(trace.stages[6]):
        entry = program.to_json()
        assert entry["text"] == ""
        assert entry["missing"] == (
            "There is no code for this stage: its values are clipped at ±1e+38, which no library does."
        )


def test_a_layer_that_a_dialect_does_not_have_is_not_offered_in_it_and_the_entry_says_so():
    stage = compute(f"{NINE}&layers=relu").stages[1]
    operation = replace(stage.info.operation, code=OperationCode("y = torch.relu(x)"))
    programs = write_programs(replace(stage, info=replace(stage.info, operation=operation)))
    entries = [program.to_json() for program in programs]
    assert entries[0]["text"] == program_of(stage, "torch").text
    assert entries[1]["text"] == ""
    assert entries[1]["missing"] == "There is no code in NumPy for this layer: ReLU."


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=12))
def test_python_reads_back_the_numbers_that_a_program_has_written(values: list[float]):
    numbers = np.array(values, np.float32).reshape(1, -1)
    text = format_numbers(numbers, "x = ")
    assert np.array_equal(np.array(ast.literal_eval(text), np.float32), numbers)
    assert all(isinstance(value, float) for value in ast.literal_eval(text)[0])


def test_a_program_reads_no_more_of_the_trace_than_its_query_names():
    trace = compute("image=face&size=9&layers=relu~maxpool:2~flatten")
    program = program_of(trace.stages[2], "numpy")
    assert program.query == "only=1&stages=1"
    assert np.array_equal(run_program(program, trace), trace.stages[2].output)
