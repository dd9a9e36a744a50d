"""Programs for tests: they are run as they are written, and compared with the Trace."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from app.core.code.dialects import DIALECTS
from app.core.program.program import Program, ProgramPlace, find_missing, write_program
from app.core.trace.trace import Stage, Trace
from app.core.trace.wire import trace_to_bytes
from tests.stage_code import largest_sum

SOURCE = "Source()"
"""What opens the bytes of the Trace in a program of a test."""


def run_program(text: str, data: bytes) -> dict[str, Any]:
    """The names that a program leaves; what it prints is the name `printed`."""
    printed: list[object] = []
    names: dict[str, Any] = {
        "Source": lambda: type("Opened", (), {"read": lambda _: data})(),
        "print": lambda value: printed.append(value),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras doubts that a softmax of one value is meant
        exec(compile(text, "program", "exec"), names)
    return names | {"printed": printed}


def write_programs(trace: Trace, library: str, is_chain: bool) -> Iterator[tuple[Stage, Program]]:
    """The programs that a library has of every stage, or of the chain, which print the last cell."""
    dialect = next(one for one in DIALECTS if one.name == library)
    for stage in trace.stages[-1:] if is_chain else trace.stages:
        index, (maps, rows, columns) = stage.info.index, stage.output.shape
        if find_missing(trace, index, library, is_chain) is None:
            place = ProgramPlace(index, maps - 1, rows - 1, columns - 1, "sum")
            yield stage, write_program(trace, place, dialect, SOURCE, is_chain)


def assert_programs_compute(trace: Trace, library: str, is_chain: bool) -> int:
    """Every program runs and has the numbers of the Trace, of the chain those of every stage; their count."""
    count = 0
    for stage, program in write_programs(trace, library, is_chain):
        data = trace_to_bytes(trace, {}) if program.reads else b""
        assert_computes(trace, stage, program.text, is_chain, library, data)
        count += 1
    return count


def assert_computes(trace: Trace, stage: Stage, text: str, is_chain: bool, library: str, data: bytes) -> None:
    """A program computes the numbers of its stage, or of all stages, and prints that of a last cell."""
    names = run_program(text, data)
    checked = trace.stages if is_chain else (stage,)
    allowed = list_tolerances(trace)
    for one in checked:
        index = one.info.index
        y = np.asarray(names[f"y{index}" if is_chain and index else "y" if index else "x"], np.float64)
        own = 2e-6 * (largest_sum(one, trace) if index else 0.0)
        is_whole = one.info.exact and np.array_equal(one.output, np.rint(one.output))
        tolerance = allowed[index] if is_chain else 0.0 if is_whole else own
        assert y.shape == one.output.shape, (library, text)
        if np.isfinite(tolerance):
            worst = float(np.abs(y - one.output.astype(np.float64)).max())
            assert worst <= max(tolerance, 1e-6 * float(np.abs(one.output).max()) * (index == 0)), (
                library,
                index,
                text,
            )
    assert len(names["printed"]) == 1
    last = names[f"y{stage.info.index}" if is_chain and stage.info.index else "y" if stage.info.index else "x"]
    assert np.asarray(names["printed"][0]) == np.asarray(last)[-1, -1, -1]


def list_tolerances(trace: Trace) -> list[float]:
    """How far each stage of a chain may be off: nothing while all is exact, then a share of its largest sums.

    Behind a step or a root, which make much of little, nothing can be said.
    """
    sizes, tolerances = [0.0], [0.0]
    for stage in trace.stages[1:]:
        before = max(sizes[read] for read in stage.info.reads)
        is_whole = stage.info.exact and np.array_equal(stage.output, np.rint(stage.output))
        if before == 0 and is_whole:
            size = 0.0
        elif before and (stage.info.op in ("step", "l2pool", "batchnorm") or not np.isfinite(before)):
            size = np.inf
        else:
            most = max(float(np.abs(trace.stages[read].output).max()) for read in stage.info.reads)
            own = largest_sum(stage, trace)
            size = max(own, before * own / max(most, 1e-9))
        sizes.append(size)
        tolerances.append(1e-4 * size)
    return tolerances
