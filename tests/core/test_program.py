"""The programs of a stage and of the whole chain run as they are written and compute the numbers of the figure."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, given, settings

from app.core.code.beat_lines import BEATS, find_beat_lines
from app.core.code.dialects import DIALECTS
from app.core.code.stage_code import write_code
from app.core.explain.beats import list_beats
from app.core.operation_table import OPERATIONS
from app.core.program.number_list import write_number, write_numbers
from app.core.program.program import Program, ProgramPlace, find_missing, write_program
from app.core.trace.stage_json import stage_to_json
from tests.figures import lab, small_scenes
from tests.programs import SOURCE, assert_programs_compute, write_programs
from tests.stage_code import (
    MODEL_SITUATIONS,
    NINE,
    SITUATIONS,
    compute,
    compute_nearest,
    list_dialects,
    skip_without,
    window_links,
)

TORCH, NUMPY = (next(one for one in DIALECTS if one.name == name) for name in ("torch", "numpy"))
SMALL = f"{NINE}&layers=conv:(1,2;3,4),padding=1,bias=2~relu~conv:(1,0;0,1),from=0,padding=1~add:2"
INPUTS = (f"{NINE}&layers=", "image=face&size=32&layers=", "image=(0.1,-1/3;1,2)&layers=")


def program_of(link: str, stage: int, beat: str = "sum", is_chain: bool = False, library: str = "numpy") -> Program:
    trace = compute(link)
    (found,) = [one for one in DIALECTS if one.name == library]
    return write_program(trace, ProgramPlace(stage, 0, 0, 0, beat), found, SOURCE, is_chain)


# --- they compute the numbers -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=list_dialects("torch", "keras", "jax", "numpy", "scipy"))
def library(request: pytest.FixtureRequest) -> str:
    """Each library that is installed."""
    skip_without(request.param)
    return request.param


@pytest.mark.parametrize("link", [*INPUTS, *SITUATIONS, *MODEL_SITUATIONS])
@pytest.mark.parametrize("is_chain", [False, True])
def test_a_program_runs_as_it_is_written_and_computes_the_numbers(link: str, is_chain: bool, library: str):
    count = assert_programs_compute(compute(link), library, is_chain)
    assert count >= 1 or library in ("keras", "scipy")


@settings(max_examples=100)
@given(small_scenes())
def test_the_program_of_any_chain_runs_and_computes_every_stage(library: str, scene):
    assert_chain(scene, library)


@pytest.mark.long
@settings(max_examples=600)
@given(small_scenes(), window_links())
def test_hundreds_of_chains_run_and_compute_every_stage(scene, link: str):
    assert_chain(scene, "numpy")
    trace = compute_nearest(link)
    assume(trace is not None)
    assert trace is not None
    assert_programs_compute(trace, "numpy", is_chain=True)


def assert_chain(scene, library: str) -> None:
    trace = lab(multiply_adds=10_000, trace_bytes=20_000).compute(scene, (), repair=True).trace
    assert trace is not None
    assert_programs_compute(trace, library, is_chain=True)


@pytest.mark.parametrize(
    "layers",
    [
        "conv:sobel-x,padding=1~relu~add:0~concat:(1,2)~mul:4",
        "relu~conv:(1,2;3,4),from=0~maxpool:2,from=0,stride=1~add:2",
        "prepare:lenet5~relu,from=0~prepare:lenet5,from=0~add:1",
        "dropout~flatten~concat:(1,0),from=1",
        "shift:1x0~shift:0x1,from=0~add:1~add:0",
    ],
)
def test_branches_read_the_stages_that_they_name(layers: str, library: str):
    head = "image=coffee&size=28" if "prepare" in layers else NINE
    count = assert_programs_compute(compute(f"{head}&layers={layers}"), library, is_chain=True)
    assert count == 1 or library == "scipy"


@pytest.mark.parametrize("model", ["lenet5", "mlp10", "linear10"])
def test_a_trained_network_is_one_program_with_its_weights_from_the_trace(model: str, library: str):
    trace = compute(f"image=coffee&size=28&channels=rgb&layers=model:{model}")
    assert all(program.reads for _, program in write_programs(trace, library, is_chain=True))
    assert assert_programs_compute(trace, library, is_chain=True) == 1 or library == "scipy"


# --- what they say ----------------------------------------------------------------------------------------------------


def test_the_chain_defines_the_numbers_then_each_stage_in_order_then_prints_the_cell():
    trace = compute(SMALL)
    place = ProgramPlace(4, 0, 1, 2, "write", float(trace.stages[4].output[0, 1, 2]))
    assert write_program(trace, place, TORCH, SOURCE, True).lines == (
        "import torch",
        "import torch.nn.functional as F",
        "",
        "x = torch.tensor([[[1., 2., 3.],",
        "                   [4., 5., 6.],",
        "                   [7., 8., 9.]]])  # 1 × 3 × 3: channels, rows, columns",
        "",
        "# 1 Convolution: 1 × 4 × 4",
        "weight1 = torch.tensor([[[[1., 2.],",
        "                          [3., 4.]]]])  # 1 × 1 × 2 × 2: filters, channels, rows, columns",
        "bias1 = torch.tensor([2.])",
        "y1 = F.conv2d(x[None], weight1, bias1, padding=1)[0]  # 1 × 4 × 4",
        "",
        "# 2 ReLU: 1 × 4 × 4",
        "y2 = torch.relu(y1)  # 1 × 4 × 4",
        "",
        "# 3 Convolution: 1 × 4 × 4",
        "weight3 = torch.tensor([[[[1., 0.],",
        "                          [0., 1.]]]])  # 1 × 1 × 2 × 2: filters, channels, rows, columns",
        "bias3 = torch.tensor([0.])",
        "y3 = F.conv2d(x[None], weight3, bias3, padding=1)[0]  # 1 × 4 × 4",
        "",
        "# 4 Add: 1 × 4 × 4",
        "y4 = y3 + y2  # 1 × 4 × 4",
        "",
        f"print(y4[0, 1, 2])  # {trace.stages[4].output[0, 1, 2]:.0f}",
    )


def test_code_that_changes_its_input_works_on_a_copy_of_the_name():
    program = program_of("image=coffee&size=56&layers=prepare:lenet5~relu,from=0", 1, is_chain=True)
    assert "x1 = x" in program.lines
    assert not any(line.startswith("x = x") for line in program.lines)


@pytest.mark.parametrize("link", [*INPUTS, *SITUATIONS])
@pytest.mark.parametrize("is_chain", [False, True])
def test_a_program_imports_what_it_uses_and_no_more(link: str, is_chain: bool):
    trace = compute(link)
    for library in DIALECTS:
        for stage in trace.stages:
            index = stage.info.index
            if find_missing(trace, index, library.name, is_chain) is not None:
                continue
            program = write_program(trace, ProgramPlace(index, 0, 0, 0, "sum"), library, SOURCE, is_chain)
            tree = ast.parse(program.text)
            imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
            imported = {(alias.asname or alias.name).split(".")[0] for node in imports for alias in node.names}
            used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            assigned = {
                node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
            arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
            defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            known = assigned | arguments | defined | {*dir(builtins), "Source"}
            assert imported == used - known
            assert ("Source" in used) == program.reads


def test_a_stage_that_a_library_lacks_is_named_and_its_chain_is_not_offered():
    trace = compute("image=(1000000,1)&layers=" + "~".join(["conv:(1000000)"] * 7))
    assert find_missing(trace, 6, "torch", is_chain=False) == 6
    assert find_missing(trace, 5, "torch", is_chain=False) is None
    assert find_missing(trace, 1, "torch", is_chain=True) == 6
    with pytest.raises(KeyError):
        write_program(trace, ProgramPlace(1, 0, 0, 0, "sum"), TORCH, SOURCE, True)


def test_python_reads_back_the_numbers_that_a_program_has_written():
    bits = np.random.default_rng(9).integers(0, 2**32, 4000, dtype=np.uint32).view(np.float32)
    values = np.concatenate([bits[np.isfinite(bits)], np.array([0.1, 1e-5, 1e21, 2**24, 2**24 + 2, 1e20, -0.25, 3])])
    numbers = values.astype(np.float32).reshape(1, -1)
    read = ast.literal_eval(write_numbers(numbers, numbers.shape, 0))[0]
    assert all(isinstance(value, float) for value in read)
    assert np.array_equal(np.array(read, np.float32), numbers[0])
    said = [write_number(value) for value in (3.0, -0.25, float(np.float32(0.1)), 1e21, 2.0**24)]
    assert said == ["3.", "-0.25", "0.1", "1e+21", "16777216."]


# --- the lines of a beat ----------------------------------------------------------------------------------------------


def lit(program: Program) -> list[str]:
    return [program.lines[index].strip().partition("  #")[0] for index in program.lit]


@pytest.mark.parametrize(
    ("beat", "lines"),
    [
        (
            "window",
            [
                "for i in range(2):",
                "for j in range(2):",
                "r, q = row - 1 + i, col - 1 + j",
                "if 0 <= r < 3 and 0 <= q < 3:",
            ],
        ),
        ("products", ["total += weight[0, 0, i, j] * x[0, r, q]"]),
        ("channel-2", ["total += weight[0, 0, i, j] * x[0, r, q]"]),
        ("sum", ["total += weight[0, 0, i, j] * x[0, r, q]"]),
        ("bias", ["y[0, row, col] = total + bias[0]"]),
        ("write", ["y[0, row, col] = total + bias[0]"]),
    ],
)
def test_each_beat_of_a_convolution_lights_its_own_lines(beat: str, lines: Sequence[str]):
    link = f"{NINE}&layers=conv:(1,2;3,4),padding=1,bias=5"
    assert lit(program_of(link, 1, beat)) == lines
    renamed = [line.replace("weight[", "weight1[").replace("bias[", "bias1[").replace("y[", "y1[") for line in lines]
    assert lit(program_of(link, 1, beat, is_chain=True)) == renamed


@pytest.mark.parametrize(
    ("layers", "beat", "lines"),
    [
        ("conv:(1,2;3,4),padding=same", "window", ["padded = F.pad(x, (0, 1, 0, 1))"]),
        ("conv:(1,2;3,4),padding=same", "sum", ["y = F.conv2d(padded[None], weight, bias)[0]"]),
        ("conv:(1,2;3,4)", "window", ["y = F.conv2d(x[None], weight, bias)[0]"]),
        ("relu", "write", ["y = torch.relu(x)"]),
    ],
)
def test_one_call_of_a_library_is_lit_where_it_does_all(layers: str, beat: str, lines: Sequence[str]):
    assert lit(program_of(f"{NINE}&layers={layers}", 1, beat, library="torch")) == lines


@pytest.mark.parametrize(
    ("layers", "beat", "lines"),
    [
        ("maxpool:2,padding=1,stride=1", "window", ["top, left = row - 1, col - 1", "window = x["]),
        ("maxpool:2,padding=1,stride=1", "sum", ["y[0, row, col] = window.max()"]),
        ("linear:random*2", "window", ["column = x.reshape(-1)", "for n in range(9):"]),
        ("linear:random*2", "products", ["total += weight[k, n] * column[n]"]),
        ("softmax", "products", ["e = np.exp(x - x.max())"]),
        ("softmax", "sum", ["y = e / e.sum()"]),
        ("convtranspose:(1,2;3,4)", "sum", ["y[0, row + i, col + j] += weight[0, 0, i, j] * x[0, row, col]"]),
        ("convtranspose:(1,2;3,4)", "bias", ["y = y + bias[:, None, None]"]),
    ],
)
def test_beats_of_other_layers_light_the_lines_that_do_it(layers: str, beat: str, lines: Sequence[str]):
    shown = lit(program_of(f"{NINE}&layers={layers}", 1, beat))
    assert len(shown) == len(lines)
    assert all(line.startswith(start) for line, start in zip(shown, lines, strict=True))


@pytest.mark.parametrize("link", [*SITUATIONS, *MODEL_SITUATIONS])
def test_every_beat_of_every_layer_lights_lines_of_its_stage_in_every_library(link: str):
    trace = compute(link)
    for stage in trace.stages[1:]:
        for name, text in write_code(stage).to_json().items():
            (library,) = [one for one in DIALECTS if one.name == name]
            body = text.splitlines()
            for beat in list_beats(stage):
                place = ProgramPlace(stage.info.index, 0, 0, 0, beat)
                program = write_program(trace, place, library, SOURCE)
                lines = [program.lines[index] for index in program.lit]
                assert lines
                assert set(lines) <= set(body)
                assert not any(line.startswith(("print", "import", "weight =", "bias =")) for line in lines)
                assert all(line.strip() not in ("", "total = 0") for line in lines)


def test_the_situations_light_every_kind_of_layer():
    seen = {stage.info.op for link in (*SITUATIONS, *MODEL_SITUATIONS) for stage in compute(link).stages}
    assert seen >= {row.name for row in OPERATIONS} - {"model"}


def test_a_stage_tells_the_lines_of_its_beats_and_leaves_out_the_last_line_alone():
    stage = compute(f"{NINE}&layers=conv:(1,2;3,4),padding=1,bias=5").stages[1]
    entry = stage_to_json(stage)
    assert entry["code_beats"]["numpy"] == {"window": (4, 5, 6, 7), "products": (8,), "sum": (8,)}
    assert "torch" not in entry["code_beats"]
    assert stage_to_json(compute(f"{NINE}&layers=relu").stages[1])["code_beats"] == {}
    assert set(BEATS) >= set(find_beat_lines(write_code(stage)["numpy"]))


def test_the_program_of_the_picture_lights_its_numbers():
    program = program_of(f"{NINE}&layers=relu", 0, "write")
    assert program.lines == (
        "import numpy as np",
        "",
        "x = np.array([[[1., 2., 3.],",
        "               [4., 5., 6.],",
        "               [7., 8., 9.]]])  # 1 × 3 × 3: channels, rows, columns",
        "print(x[0, 0, 0])",
    )
    assert program.lit == (2, 3, 4)
