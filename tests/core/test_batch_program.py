"""The programs of a stack of pictures: `x` has them all, and each library computes the numbers of each item."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.core.code.dialects import DIALECTS
from app.core.program.program import Program, ProgramPlace, find_missing, write_program
from app.core.trace.trace import Trace
from app.core.trace.wire import trace_to_bytes
from tests.stage_code import compute, list_dialects, skip_without

STACK = "image=(1,2,3;4,5,6;7,8,9)&batch=(2,0,1;1,3,1;0,2,2),(0,1,0;1,0,1;2,1,0)"
CHAINS = [
    "image=coffee&batch=chelsea,astronaut&size=10&channels=rgb&layers=conv:random*4@3x3,seed=3~relu~maxpool:2",
    "image=coffee&batch=chelsea&size=9&channels=rgb&layers=conv:sobel-x,groups=3~batchnorm,mean=3~avgpool:3,stride=2",
    f"{STACK}&layers=conv:(1,2;3,4)/4,padding=1,bias=2~relu~conv:(1,0;0,1),from=0,padding=1~add:2",
    f"{STACK}&layers=conv:(1,2;3,4),padding=(1,0,0,1)~leaky_relu:0.1~l2pool:2~flatten~linear:random*3~softmax",
    f"{STACK}&layers=convtranspose:random*2@2x2,stride=2~mean~abs~globalmaxpool",
    "image=digit-3&batch=digit-5,digit-0&size=28&layers=model:lenet5",
]


def traces_of(link: str) -> list[Trace]:
    count = len(compute(link).scene.stack)
    return [compute(f"{link}&item={item}" if item else link) for item in range(count)]


def program_of(link: str, library: str, stage: int, is_chain: bool, item: int = 0) -> Program | None:
    traces = traces_of(link)
    trace = traces[item]
    dialect = next(one for one in DIALECTS if one.name == library)
    if find_missing(trace, stage, library, is_chain) is not None:
        return None
    maps, rows, columns = trace.stages[stage].output.shape
    place = ProgramPlace(stage, maps - 1, rows - 1, columns - 1, "sum")
    sources = [f"Source({number})" for number in range(len(traces))]
    return write_program(trace, place, dialect, "Source()", is_chain, sources)


def run(text: str, traces: list[Trace], item: int) -> dict[str, Any]:
    data = [trace_to_bytes(trace, {}) for trace in traces]
    printed: list[object] = []

    class Opened:
        def __init__(self, number: int = item) -> None:
            self.number = number

        def read(self) -> bytes:
            return data[self.number]

    names: dict[str, Any] = {"Source": Opened, "print": printed.append}
    exec(compile(text, "program", "exec"), names)
    return names | {"printed": printed}


@pytest.fixture(scope="module", params=list_dialects("torch", "keras", "jax", "numpy", "scipy"))
def library(request: pytest.FixtureRequest) -> str:
    """Each library that is installed."""
    skip_without(request.param)
    return request.param


@pytest.mark.parametrize("link", CHAINS)
def test_the_chain_computes_all_pictures_together(link: str, library: str):
    traces = traces_of(link)
    last = len(traces[0].stages) - 1
    program = program_of(link, library, last, is_chain=True, item=1)
    if program is None:
        pytest.skip(f"{library} lacks a layer of this chain")
    names = run(program.text, traces, 1)
    assert tuple(names["x"].shape) == (len(traces), *traces[0].stages[0].output.shape)
    for index in range(1, last + 1):
        made = np.asarray(names[f"y{index}"], np.float64)
        expected = np.stack([trace.stages[index].output for trace in traces]).astype(np.float64)
        assert made.shape == expected.shape
        assert np.abs(made - expected).max() <= 1e-5 * max(1.0, float(np.abs(expected).max())), (index, program.text)
    assert np.asarray(names["printed"][0]) == np.asarray(names[f"y{last}"])[1, -1, -1, -1]


@pytest.mark.parametrize("link", CHAINS[:5])
def test_the_program_of_each_stage_does_so_too(link: str, library: str):
    traces = traces_of(link)
    for index in range(len(traces[0].stages)):
        program = program_of(link, library, index, is_chain=False, item=1)
        if program is None:
            continue
        made = np.asarray(run(program.text, traces, 1)["y" if index else "x"], np.float64)
        expected = np.stack([trace.stages[index].output for trace in traces]).astype(np.float64)
        assert made.shape == expected.shape
        assert np.abs(made - expected).max() <= 1e-5 * max(1.0, float(np.abs(expected).max())), (index, program.text)


def test_pytorch_calls_a_layer_once_for_the_batch():
    program = program_of(CHAINS[0], "torch", 3, is_chain=True, item=1)
    assert program.lines == (
        "import torch",
        "import torch.nn.functional as F",
        "from safetensors.torch import load",
        "",
        "figure = load(Source().read())",
        "pictures = [",
        "    load(Source(0).read()),",
        "    load(Source(1).read()),",
        "    load(Source(2).read()),",
        "]",
        'x = torch.stack([one["0.output"] for one in pictures])  # 3 × 3 × 10 × 10: pictures, channels, rows, columns',
        "",
        "# 1 Convolution: 3 × 4 × 8 × 8",
        'weight1 = figure["1.weight"]  # 4 × 3 × 3 × 3: filters, channels, rows, columns',
        "bias1 = torch.tensor([0., 0., 0., 0.])",
        "y1 = F.conv2d(x, weight1, bias1)  # 3 × 4 × 8 × 8",
        "",
        "# 2 ReLU: 3 × 4 × 8 × 8",
        "y2 = torch.relu(y1)  # 3 × 4 × 8 × 8",
        "",
        "# 3 Max pool 2 × 2: 3 × 4 × 4 × 4",
        "y3 = F.max_pool2d(y2, 2)  # 3 × 4 × 4 × 4",
        "",
        "print(y3[1, 3, 3, 3])",
    )


def test_other_code_is_a_function_that_each_picture_goes_through():
    program = program_of(CHAINS[2], "numpy", 4, is_chain=True)
    text = program.text
    assert "def layer4(x, x2):\n    y = x + x2  # 1 × 4 × 4\n    return y\n" in text
    assert "y4 = np.stack([layer4(*maps) for maps in zip(y3, y2)])  # 3 × 1 × 4 × 4" in text
    assert "figure = " not in text
    assert [program.lines[line].strip() for line in program.lit] == ["y = x + x2  # 1 × 4 × 4"]
