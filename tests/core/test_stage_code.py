"""The code of every stage is run: what it computes are the numbers of the figure."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from app.core.code.dialects import DIALECTS
from app.core.code.stage_code import write_code
from app.core.operation_table import OPERATIONS, OperationCode
from app.core.trace.stage_json import stage_to_json
from tests.figures import lab, small_scenes
from tests.stage_code import (
    MODEL_SITUATIONS,
    NINE,
    SITUATIONS,
    assert_computes_if_offered,
    compute,
    compute_nearest,
    list_dialects,
    skip_without,
    stages_of,
    transposed_links,
    window_links,
)

FOLDER = Path(__file__).parents[1] / "golden" / "stage_code"
GOLDEN = {path.stem: json.loads(path.read_text(encoding="utf-8"))["cases"] for path in sorted(FOLDER.glob("*.json"))}
"""By dialect: the texts that its library has run."""


@pytest.fixture(scope="module", params=list_dialects())
def dialect(request: pytest.FixtureRequest) -> str:
    """Each dialect whose library is installed."""
    skip_without(request.param)
    return request.param


@pytest.fixture(scope="module", params=list_dialects("torch", "keras", "jax", "scipy"))
def library(request: pytest.FixtureRequest) -> str:
    """The same but NumPy, whose programs are loops."""
    skip_without(request.param)
    return request.param


@pytest.mark.parametrize("query", [*SITUATIONS, *MODEL_SITUATIONS])
def test_a_program_computes_the_numbers_of_its_stage(query: str, dialect: str):
    for trace, stage in stages_of(query):
        assert_computes_if_offered(dialect, stage, trace)


def test_pytorch_jax_and_numpy_have_every_stage_and_the_others_lack_only_what_they_say():
    lacking = {
        (dialect.name, stage.info.op)
        for query in (*SITUATIONS, *MODEL_SITUATIONS)
        for _, stage in stages_of(query)
        for dialect in DIALECTS
        if dialect.name not in write_code(stage).to_json()
    }
    assert lacking == {
        ("keras", "maxpool"),
        ("keras", "minpool"),
        ("keras", "convtranspose"),
        ("scipy", "batchnorm"),
        ("scipy", "center"),
        ("scipy", "dropout"),
        ("scipy", "prepare"),
    }


def test_the_situations_have_every_kind_of_layer():
    ops = {stage.info.op for query in (*SITUATIONS, *MODEL_SITUATIONS) for _, stage in stages_of(query)}
    assert ops >= {row.name for row in OPERATIONS} - {"model"}


def assert_windows_agree(link: str, dialect: str) -> None:
    trace = compute_nearest(link)
    assume(trace is not None)
    assert trace is not None
    for stage in trace.stages[1:]:
        assert_computes_if_offered(dialect, stage, trace)


@settings(max_examples=150)
@given(window_links())
def test_the_loops_of_any_window_compute_the_numbers_of_the_figure(link: str):
    assert_windows_agree(link, "numpy")


@settings(max_examples=200)
@given(window_links())
def test_a_library_computes_the_numbers_of_any_window(library: str, link: str):
    assert_windows_agree(link, library)


@settings(max_examples=80)
@given(transposed_links())
def test_a_library_computes_the_numbers_of_any_transposed_convolution(library: str, link: str):
    assert_windows_agree(link, library)


def assert_chain_agrees(scene, dialect: str) -> None:
    trace = lab(multiply_adds=10_000, trace_bytes=20_000).compute(scene, (), repair=True).trace
    assert trace is not None
    for stage in trace.stages[1:]:
        assert_computes_if_offered(dialect, stage, trace)


@settings(max_examples=60)
@given(small_scenes())
def test_every_stage_of_a_chain_is_computed_by_its_loops(scene):
    assert_chain_agrees(scene, "numpy")


@settings(max_examples=100)
@given(small_scenes())
def test_every_stage_of_a_chain_is_computed_by_a_library(library: str, scene):
    assert_chain_agrees(scene, library)


@pytest.mark.long
@settings(max_examples=400)
@given(window_links(), small_scenes())
def test_hundreds_of_programs_compute_the_numbers_of_their_figures(link: str, scene):
    assert_windows_agree(link, "numpy")
    assert_chain_agrees(scene, "numpy")


@pytest.mark.long
@pytest.mark.parametrize("library", ["torch", "scipy"])
@settings(max_examples=400)
@given(link=window_links(), scene=small_scenes())
def test_hundreds_of_programs_of_a_library_compute_the_numbers_of_their_figures(library: str, link: str, scene):
    skip_without(library)
    assert_windows_agree(link, library)
    assert_chain_agrees(scene, library)


@pytest.mark.parametrize("model", ["cifar10", "lenet5", "mlp10", "linear10", "photos"])
def test_a_library_computes_every_stage_of_a_trained_model(library: str, model: str):
    for trace, stage in stages_of(f"image=coffee&size=64&channels=rgb&layers=model:{model}"):
        assert_computes_if_offered(library, stage, trace)


# --- what the libraries computed ----------------------------------------------------------------------------------


def test_every_library_has_run_its_programs():
    assert set(GOLDEN) == {dialect.name for dialect in DIALECTS} - {"numpy"}


@pytest.mark.parametrize("query", [*SITUATIONS, *MODEL_SITUATIONS])
@pytest.mark.parametrize("name", GOLDEN)
def test_the_text_of_a_program_is_the_one_that_its_library_has_run(name: str, query: str):
    has_run = {case["stage"]: case["text"] for case in GOLDEN[name] if case["link"] == query}
    texts = {stage.info.index: write_code(stage).to_json().get(name) for _, stage in stages_of(query)}
    assert {stage: text.splitlines() for stage, text in texts.items() if text} == has_run


# --- the text -----------------------------------------------------------------------------------------------------


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
    assert write_code(compute(f"{NINE}&layers={layer}").stages[1])["torch"].splitlines() == lines


def test_one_filter_on_one_channel_is_four_loops_that_add_the_bias():
    stage = compute(f"{NINE}&layers=conv:(1,2;3,4),padding=1,bias=5").stages[1]
    assert write_code(stage)["numpy"].splitlines() == [
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
        write_code(compute(f"image=coffee&size={size}&layers=conv:random*64@5x5").stages[1])["numpy"]
        for size in (200, 32)
    )
    assert "# 61,465,600 products: loops of Python take minutes for them" in long
    assert "minutes" not in short


def test_a_stage_whose_values_were_clipped_has_no_program_and_says_why():
    trace = compute("image=(1000000,1)&layers=" + "~".join(["conv:(1000000)"] * 7))
    assert stage_to_json(trace.stages[5])["code"] == write_code(trace.stages[5]).to_json() != {}
    entry = stage_to_json(trace.stages[6])
    assert entry["code"] == {}
    assert entry["code_notes"] == [
        "There is no code for this stage: its values are clipped at ±1e+38, which no library does."
    ]


def test_a_layer_that_a_dialect_does_not_have_is_not_offered_in_it_and_the_entry_says_so():
    stage = compute(f"{NINE}&layers=relu").stages[1]
    operation = replace(stage.info.operation, code=OperationCode("y = torch.relu(x)", jax="y = jax.nn.relu(x)"))
    entry = stage_to_json(replace(stage, info=replace(stage.info, operation=operation)))
    assert entry["code"] == {
        "torch": "y = torch.relu(x)  # 1 × 3 × 3",
        "jax": "y = jax.nn.relu(x)  # 1 × 3 × 3",
    }
    assert entry["code_notes"] == [
        f"There is no code in {title} for this layer: ReLU." for title in ("Keras", "NumPy", "SciPy")
    ]


@pytest.mark.parametrize(
    ("layer", "notes"),
    [
        ("maxpool:2,dilation=2", ["There is no code in Keras: its pools have no dilation."]),
        ("avgpool:2,dilation=2", []),
        ("convtranspose:2@2x2,groups=2", ["There is no code in Keras: its transposed convolution has no groups."]),
        (
            "batchnorm",
            ["There is no code in SciPy: it has no batch normalization. NumPy's lines are the formula."],
        ),
        (
            "dropout:0.5,train=1",
            ["There is no code in SciPy: it has no dropout. NumPy's lines draw the same values."],
        ),
        ("dropout:0.5", []),
    ],
)
def test_the_reason_names_what_a_library_lacks(layer: str, notes: list[str]):
    assert stage_to_json(compute(f"image=random*2@5x5&layers={layer}").stages[1]).get("code_notes", []) == notes


def test_the_input_of_a_chain_has_no_code_and_needs_no_note():
    entry = stage_to_json(compute(f"{NINE}&layers=").stages[0])
    assert (entry["code"], "code_notes" in entry) == ({}, False)


def test_a_dilated_pool_with_more_padding_than_pytorch_takes_pads_before_it():
    """PyTorch's pools take at most half of the window, as it is without its dilation."""
    stage = compute("image=(110)&layers=maxpool:3,padding=2,dilation=2").stages[1]
    assert write_code(stage)["torch"].splitlines()[0].startswith('padded = F.pad(x, (2, 2, 2, 2), value=float("-inf"))')
