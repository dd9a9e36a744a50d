"""The programs of the Code tab are complete: each runs as it is written and computes the numbers of the figure."""

from __future__ import annotations

import ast
import base64
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import assume, given, settings

from app.core.trace.trace import Trace
from app.core.trace.wire import trace_to_bytes
from tests.browser.pure_page import Run
from tests.stage_code import MODEL_SITUATIONS, NINE, SITUATIONS, compute, compute_nearest, largest_sum, window_links

DIALECTS = [name for name, library in (("numpy", "numpy"), ("torch", "torch")) if find_spec(library)]
INPUTS = (f"{NINE}&layers=", "image=face&size=32&layers=", "image=(0.1,-1/3;1,2)&layers=")
PROGRAMS = """
  const M = await import("convoscope/pure/tabs/program.js");
  const [text, dialects] = given, trace = W.readTrace(buffer(text));
  return trace.stages.flatMap((stage) => M.DIALECTS.filter(({ name }) => dialects.includes(name)).map((dialect) => ({
    stage: stage.index, query: M.programQuery(stage), reads: M.readsTrace(trace, stage),
    text: M.writeProgram(trace, stage, dialect, "Source()"),
  })));"""


def encode(trace: Trace) -> str:
    header = {"version": trace.version, "scene": {}, "link": "", "problems": []}
    return base64.b64encode(trace_to_bytes(trace, header)).decode()


def run_program(text: str, data: bytes) -> np.ndarray:
    """What a program computes when its source is these bytes: `y`, or `x` where it is the program of the input."""
    names: dict[str, object] = {"Source": lambda: type("Opened", (), {"read": lambda _: data})()}
    exec(compile(text, "program", "exec"), names)
    return np.asarray(names.get("y", names["x"]))


def send(trace: Trace, query: str) -> bytes:
    """What the server sends for the query of a program."""
    keys = {key: [int(index) for index in value.split(",")] for key, value in (p.split("=") for p in query.split("&"))}
    return trace_to_bytes(trace, {}, keys["stages"], only=keys["only"])


@pytest.mark.parametrize("link", [*INPUTS, *SITUATIONS, *MODEL_SITUATIONS])
def test_a_program_runs_as_it_is_written_and_computes_the_numbers_of_its_stage(run: Run, link: str):
    assert_programs_compute(run, compute(link))


@settings(max_examples=60)
@given(window_links())
def test_the_programs_of_any_window_run_as_they_are_written(run: Run, link: str):
    trace = compute_nearest(link)
    assume(trace is not None)
    assert trace is not None
    assert_programs_compute(run, trace)


def assert_programs_compute(run: Run, trace: Trace) -> None:
    programs = run(PROGRAMS, [encode(trace), DIALECTS])
    assert len(programs) == len(trace.stages) * len(DIALECTS)
    for program in programs:
        stage = trace.stages[program["stage"]]
        y = run_program(program["text"], send(trace, program["query"]) if program["reads"] else b"")
        size = largest_sum(stage, trace) if program["stage"] else 0
        assert y.shape == stage.output.shape
        assert np.abs(y.astype(np.float32).astype(float) - stage.output).max() <= 2e-6 * size, program["text"]


@pytest.mark.parametrize("link", [*INPUTS, *SITUATIONS])
def test_a_program_imports_what_it_uses_and_no_more(run: Run, link: str):
    for program in run(PROGRAMS, [encode(compute(link)), ["torch", "numpy"]]):
        tree = ast.parse(program["text"])
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        imported = {(alias.asname or alias.name).split(".")[0] for node in imports for alias in node.names}
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert imported == used & {"torch", "F", "math", "np", "load", "urlopen"}
        assert ("Source" in used) == program["reads"]


def test_few_numbers_are_written_out_and_many_are_read_from_the_trace(run: Run):
    trace = compute("image=face&size=8&layers=conv:random*8@3x3")
    written, read = run(PROGRAMS, [encode(trace), ["numpy"]])
    assert trace.stages[0].output.size == 64
    assert (written["reads"], read["reads"], read["query"]) == (False, True, "only=0,1&stages=0")
    assert 'weight = figure["1.weight"]  # 8 × 1 × 3 × 3: filters, channels, rows, columns' in read["text"]
    assert "bias = np.array([0., 0., 0., 0., 0., 0., 0., 0.])" in read["text"]


def test_a_turned_filter_is_written_as_it_was_drawn(run: Run):
    program = run(PROGRAMS, [encode(compute(f"{NINE}&layers=conv:(1,2;3,4),flip=1")), ["torch"]])[1]["text"]
    assert program.splitlines()[6:8] == [
        "weight = torch.tensor([[[[1., 2.],",
        "                         [3., 4.]]]]).flip(2, 3)"
        "  # 1 × 1 × 2 × 2: filters, channels, rows, columns; turned by 180°",
    ]


def test_python_reads_back_the_numbers_that_a_program_has_written(run: Run):
    bits = np.random.default_rng(9).integers(0, 2**32, 4000, dtype=np.uint32).view(np.float32)
    values = np.concatenate([bits[np.isfinite(bits)], np.array([0.1, 1e-5, 1e21, 2**24, 2**24 + 2, 1e20, -0.25, 3])])
    numbers = values.astype(np.float32)
    script = """const M = await import("convoscope/pure/tabs/program.js");
      return M.formatNumbers(Float32Array.from(given), [1, given.length], 0);"""
    read = ast.literal_eval(run(script, numbers.tolist()))[0]
    assert all(isinstance(value, float) for value in read)
    assert np.array_equal(np.array(read, np.float32), numbers)
