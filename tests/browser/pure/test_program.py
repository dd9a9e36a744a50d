"""The programs of the view Code: the page writes the very text that tests/core/test_program.py has run, and it runs."""

from __future__ import annotations

import ast
import base64
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings

from app.core.code.dialects import DIALECTS
from app.core.explain.beats import list_beats
from app.core.program.number_list import write_numbers
from app.core.program.program import ProgramPlace, find_missing, write_program
from app.core.trace.trace import Trace
from app.core.trace.wire import trace_to_bytes
from tests.browser.pure_page import Run
from tests.figures import lab, small_scenes
from tests.programs import SOURCE, assert_computes
from tests.stage_code import MODEL_SITUATIONS, NINE, SITUATIONS, compute, compute_nearest, window_links

INPUTS = (f"{NINE}&layers=", "image=face&size=32&layers=", "image=(0.1,-1/3;1,2)&layers=")
RUN = [name for name in ("numpy", "torch") if find_spec(name)]
PROGRAMS = """
  const M = await import("convoscope/pure/tabs/code/program.js");
  const { DIALECTS } = await import("convoscope/pure/tabs/code/dialects.js");
  const [text, places, source, pictures] = given, trace = W.readTrace(buffer(text));
  return places.flatMap((place) => [false, true].flatMap((isChain) => DIALECTS.map((library) => {
    const missing = M.findMissing(trace, place.stage, library.name, isChain)?.index ?? null;
    const program = missing === null ? M.writeProgram(trace, place, library, source, isChain, pictures) : null;
    return { library: library.name, isChain, place, missing, program,
      query: M.programQuery(trace, place.stage, isChain) };
  })));"""


def encode(trace: Trace) -> str:
    batch = {"batch": {"item": trace.scene.item, "count": len(trace.scene.stack)}} if trace.scene.batch else {}
    header = {"version": trace.version, "scene": {}, "link": "", "problems": [], **batch}
    return base64.b64encode(trace_to_bytes(trace, header)).decode()


def list_places(trace: Trace) -> list[dict[str, Any]]:
    """The last cell of each stage at each of its beats, with its number at the last two."""
    places = []
    for stage in trace.stages:
        maps, rows, columns = stage.output.shape
        beats = list_beats(stage)
        for beat in beats:
            value = float(stage.output[-1, -1, -1]) if beat in beats[-2:] else None
            place = {"stage": stage.info.index, "map": maps - 1, "row": rows - 1, "col": columns - 1}
            places.append({**place, "beat": beat, "value": value})
    return places


def send(trace: Trace, query: str) -> bytes:
    """What the server sends for the query of a program."""
    keys = {key: [int(index) for index in value.split(",")] for key, value in (p.split("=") for p in query.split("&"))}
    return trace_to_bytes(trace, {}, keys["stages"], only=keys["only"])


def assert_same_programs(
    run: Run, trace: Trace, source: str = SOURCE, pictures: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """The page and the core write the same programs, and lack the same; those of the page."""
    made = run(PROGRAMS, [encode(trace), list_places(trace), source, list(pictures)])
    rows = {library.name: library for library in DIALECTS}
    assert {one["library"] for one in made} == set(rows)
    for one in made:
        at, is_chain = one["place"], one["isChain"]
        assert one["missing"] == find_missing(trace, at["stage"], one["library"], is_chain)
        if one["program"] is None:
            continue
        place = ProgramPlace(at["stage"], at["map"], at["row"], at["col"], at["beat"], at["value"])
        expected = write_program(trace, place, rows[one["library"]], source, is_chain, pictures)
        assert one["program"]["lines"] == list(expected.lines)
        assert (one["program"]["lit"], one["program"]["reads"]) == (list(expected.lit), expected.reads)
    return made


@pytest.mark.parametrize("link", [*INPUTS, *SITUATIONS, *MODEL_SITUATIONS])
def test_the_page_writes_the_programs_of_the_core_and_they_run(run: Run, link: str):
    trace = compute(link)
    for one in assert_same_programs(run, trace):
        stage = trace.stages[one["place"]["stage"]]
        if one["library"] in RUN and one["program"] and one["place"]["beat"] == list_beats(stage)[-1]:
            program, text = one["program"], "\n".join(one["program"]["lines"])
            data = send(trace, one["query"]) if program["reads"] else b""
            assert_computes(trace, stage, text, one["isChain"], one["library"], data)


@pytest.mark.parametrize("link", ["image=face&size=8&layers=conv:sobel-x~relu", *SITUATIONS[:40]])
def test_the_page_writes_the_programs_of_a_stack_of_pictures(run: Run, link: str):
    trace = compute(link)
    trace = replace(trace, scene=replace(trace.scene, batch=(trace.scene.image,) * 2, item=1))
    assert_same_programs(run, trace, SOURCE, [f'urlopen("{item}")' for item in range(3)])


@settings(max_examples=40)
@given(window_links())
def test_the_page_writes_the_programs_of_any_window(run: Run, link: str):
    trace = compute_nearest(link)
    assume(trace is not None)
    assert trace is not None
    assert_same_programs(run, trace)


@settings(max_examples=40)
@given(small_scenes())
def test_the_page_writes_the_programs_of_any_chain(run: Run, scene):
    trace = lab(multiply_adds=10_000, trace_bytes=20_000).compute(scene, (), repair=True).trace
    assert trace is not None
    assert_same_programs(run, trace, 'urlopen("http://a.server/api/trace")')


def test_few_numbers_are_written_out_and_many_are_read_from_the_trace(run: Run):
    trace = compute("image=face&size=8&layers=conv:random*8@3x3")
    made = [one for one in assert_same_programs(run, trace) if one["library"] == "numpy" and not one["isChain"]]
    written, read = made[0], made[-1]
    assert trace.stages[0].output.size == 64
    assert (written["program"]["reads"], read["program"]["reads"]) == (False, True)
    assert read["query"] == "only=0,1&stages=0"
    text = "\n".join(read["program"]["lines"])
    assert 'weight = figure["1.weight"]  # 8 × 1 × 3 × 3: filters, channels, rows, columns' in text
    assert "bias = np.array([0., 0., 0., 0., 0., 0., 0., 0.])" in text


def test_a_chain_asks_for_the_picture_and_the_weights_of_every_stage(run: Run):
    trace = compute("image=face&size=16&layers=conv:random*8@3x3~relu~conv:random*2@3x3~maxpool:2")
    made = [one for one in assert_same_programs(run, trace) if one["isChain"]]
    assert {one["query"] for one in made} == {"only=0,1,3&stages=0"}


def test_a_turned_filter_is_written_as_it_was_drawn(run: Run):
    made = assert_same_programs(run, compute(f"{NINE}&layers=conv:(1,2;3,4),flip=1"))
    (program,) = [
        one["program"]
        for one in made
        if one["library"] == "torch" and not one["isChain"] and one["place"]["beat"] == "products"
    ]
    assert program["lines"][6:8] == [
        "weight = torch.tensor([[[[1., 2.],",
        "                         [3., 4.]]]]).flip(2, 3)"
        "  # 1 × 1 × 2 × 2: filters, channels, rows, columns; turned by 180°",
    ]


def test_python_reads_back_the_numbers_that_a_program_has_written(run: Run):
    bits = np.random.default_rng(9).integers(0, 2**32, 4000, dtype=np.uint32).view(np.float32)
    values = np.concatenate([bits[np.isfinite(bits)], np.array([0.1, 1e-5, 1e21, 2**24, 2**24 + 2, 1e20, -0.25, 3])])
    numbers = values.astype(np.float32)
    script = """const M = await import("convoscope/pure/tabs/code/number-list.js");
      return M.formatNumbers(Float32Array.from(given), [1, given.length], 0);"""
    text = run(script, numbers.tolist())
    read = ast.literal_eval(text)[0]
    assert all(isinstance(value, float) for value in read)
    assert np.array_equal(np.array(read, np.float32), numbers)


def test_the_page_and_the_core_write_the_same_numbers(run: Run):
    bits = np.random.default_rng(3).integers(0, 2**32, 4000, dtype=np.uint32).view(np.float32)
    ties = [262144.125, 262144.375, -262144.125, 1e-6, 9.5e-7, 1e-7, 123456792.0, 1e20, 1e21, -0.0, 2.0**-149]
    numbers = np.concatenate([bits[np.isfinite(bits)], np.array(ties)]).astype(np.float32)
    script = """const M = await import("convoscope/pure/tabs/code/number-list.js");
      return M.formatNumbers(Float32Array.from(given), [1, given.length], 0);"""
    assert run(script, numbers.tolist()) == write_numbers(numbers, (1, numbers.size), 0)
