"""The code of stages for tests: figures in many situations, and what the code computes when it is run."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from app.core.code.dialects import DIALECTS
from app.core.code.stage_code import write_code
from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.trace.trace import Stage, Trace
from app.lab import Lab
from app.models.library import load_models
from tests.figures import lab, samples

os.environ["KERAS_BACKEND"] = "jax"  # is read when Keras is imported; it would take TensorFlow
MODELS = Path(__file__).resolve().parents[1] / "app" / "models" / "data"
NINE = "image=(1,2,3;4,5,6;7,8,9)"
FIVE = "image=(3,1,4,1,5;9,2,6,5,3;5,8,9,7,9;3,2,3,8,4;6,2,6,4,3)"
RGB = "image=face&size=6x7&channels=rgb"
SITUATIONS = (
    f"{NINE}&layers=conv:sobel-x",
    f"{NINE}&layers=conv:(1,2;3,4),bias=1",
    f"{FIVE}&layers=conv:(1,2;3,4),stride=2,padding=1",
    f"{FIVE}&layers=conv:(1,2,3;4,5,6),stride=1x2,padding=(0,2,1,0)",
    f"{NINE}&layers=conv:(1,2;3,4),padding=same",
    f"{FIVE}&layers=conv:sobel-y,padding=full",
    "image=(3,1,4,1,5,9)&layers=conv:(1,2,-1),padding=causal,dilation=2",
    f"{FIVE}&layers=conv:sobel-x,padding=(1,2,3,0),padding_mode=reflect",
    f"{FIVE}&layers=conv:sobel-x,padding=(1,2,3,0),padding_mode=replicate",
    f"{FIVE}&layers=conv:sobel-x,padding=(1,2,3,0),padding_mode=circular",
    f"{FIVE}&layers=conv:(1,2;3,-4),dilation=2x3,padding=1",
    f"{FIVE}&layers=conv:(1,2;3,-4),flip=1",
    f"{FIVE}&layers=conv:(1,2,0;3,-4,1)/9",
    f"{FIVE}&layers=conv:box-blur;gaussian;sobel-x,bias=(1,0.5,-1/3)",
    f"{FIVE}&layers=conv:(0.5,1/3;-0.25,1)/4,bias=0.1",
    f"{RGB}&layers=conv:sharpen,groups=3",
    f"{RGB}&layers=conv:sobel-x",
    f"{RGB}&layers=conv:random*2@3x3,groups=3,bias=(1,2,3,4,5,6)",
    f"{RGB}&layers=conv:random*4@3x2,groups=1,flip=1,padding=1",
    f"{RGB}&layers=conv:random*4@1x1,groups=1~conv:random*3@2x2,groups=2~conv:random*2@2x2,groups=3",
    f"{NINE}&layers=maxpool:2,stride=1~minpool:2,stride=1",
    "image=(1,2;3,4)&layers=maxpool:2,padding=(0,1,0,1),ceil_mode=1",
    f"{FIVE}&layers=maxpool:3,stride=2,padding=1~maxpool:2,ceil_mode=1",
    f"{NINE}&layers=minpool:2,stride=1,padding=same",
    f"{NINE}&layers=avgpool:2,stride=1,padding=same,count_include_pad=0",
    f"{NINE}&layers=avgpool:2,stride=1,padding=same",
    f"{NINE}&layers=avgpool:3x2,padding=(1,0,1,0),stride=2,ceil_mode=1",
    f"{NINE}&layers=avgpool:3x2,padding=(1,0,1,0),stride=2,ceil_mode=1,count_include_pad=0",
    f"{FIVE}&layers=avgpool:3,stride=2,padding=1,count_include_pad=0~avgpool:2,ceil_mode=1",
    f"{FIVE}&layers=l2pool:2~l2pool:2,padding=(1,0,0,1),stride=1",
    f"{FIVE}&layers=l2pool:3x2,stride=2,ceil_mode=1",
    f"{RGB}&layers=globalavgpool~abs",
    f"{RGB}&layers=globalmaxpool~flatten~softmax",
    f"{NINE}&layers=conv:sobel-x,padding=1~relu",
    f"{NINE}&layers=conv:sobel-x,padding=1~leaky_relu~leaky_relu:1/3",
    f"{FIVE}&range=unit&layers=conv:edges~sigmoid~tanh",
    f"{NINE}&layers=shift:1x-1~shift:0x2~shift:-9x1",
    f"{NINE}&layers=softmax",
    f"{NINE}&layers=conv:sobel-x,padding=1~relu6~step",
    f"{FIVE}&range=unit&layers=conv:edges~gelu~silu~hardswish",
    f"{RGB}&layers=batchnorm,mean=(99,1/3,5),var=(400,2,1),weight=2,bias=(0,1,-1)~batchnorm,train=1",
    f"{RGB}&range=unit&layers=lrn~lrn:2,alpha=1,beta=0.5,k=2",
    f"{RGB}&layers=dropout:0.3~dropout:0.25,train=1,seed=3~dropout:1,train=1",
    f"{FIVE}&layers=upsample~upsample:1x3,mode=bilinear",
    f"{FIVE}&layers=center:4,size=5x6~conv:sobel-x~center:2,size=3",
    f"{RGB}&layers=center:6,size=7",
    f"{FIVE}&layers=pad:1x0,value=-0.5~pad:(1,0,2,1),mode=reflect~pad:1,mode=replicate~pad:1,mode=circular",
    f"{RGB}&range=unit&layers=softmax:channels~mean",
    f"{FIVE}&layers=maxpool:2,dilation=2,stride=1,padding=1~minpool:2x1,dilation=2x1,padding=(1,0,0,0)",
    f"{FIVE}&layers=avgpool:2,dilation=3,stride=1,padding=1,ceil_mode=1",
    f"{FIVE}&layers=avgpool:2x3,dilation=2x1,stride=3,padding=(1,0,1,1),ceil_mode=1,count_include_pad=0",
    f"{FIVE}&layers=avgpool:2,divisor_override=3,padding=(0,1,1,0),ceil_mode=1~avgpool:1,divisor_override=7",
    f"{FIVE}&layers=avgpool:2,dilation=2,divisor_override=5,stride=2,padding=1,ceil_mode=1",
    f"{FIVE}&layers=l2pool:2,dilation=2,stride=2,padding=1,ceil_mode=1",
    f"{NINE}&layers=linear:(1,0,-1,2,0,-2,1,0,-1;1,1,1,1,1,1,1,1,1)/9,bias=(1,2)",
    f"{NINE}&layers=linear:(0.5,0,0,0,1/3,0,0,0,1)~linear:random*2,seed=3",
    f"{RGB}&layers=linear:3,seed=4,bias=0.5",
    f"{NINE}&layers=convtranspose:(1,2;3,4),stride=2,bias=1",
    f"{FIVE}&layers=convtranspose:(1,2,0;3,-4,1)/9;box-blur,stride=2x1,padding=1,output_padding=1x0,dilation=1x2",
    f"{RGB}&layers=convtranspose:6@3x2,groups=3,stride=2,seed=1",
    f"{FIVE}&layers=conv:sobel-x,padding=1~relu~add:0~conv:(0.5),from=1~mul:(2,3)~add:(1,4)",
    f"{RGB}&layers=conv:random*4@3x3,padding=1~concat:(0,1)~maxpool:2,from=1~globalavgpool,from=1~sigmoid~mul:1",
)
"""Links of figures whose stages are in every dialect; each says one more thing about a layer."""
MODEL_SITUATIONS = (
    "image=coffee&size=12&channels=rgb&layers=prepare:lenet5~conv:lenet5/conv1.0",
    "image=coffee&size=56&layers=prepare:lenet5",
    "image=coffee&size=40x28&layers=prepare:mlp10~flatten~linear:mlp10/fc1",
    "image=coffee&size=9&layers=prepare:photos",
    "image=coffee&size=64&channels=rgb&range=unit&layers=prepare:photos",
)
"""The same for trained models: preprocessing that crops, averages, enlarges, mixes, repeats, inverts and scales."""


@cache
def lab_with_models() -> Lab:
    return Lab(samples(), None, Limits(), load_models(MODELS))


def compute(query: str) -> Trace:
    """The Trace of a valid link, in a Lab with the models that come with the program."""
    answer = lab_with_models().compute(parse_link(query, Limits()).scene)
    assert answer.trace is not None, (query, answer.problems)
    return answer.trace


def stages_of(query: str) -> Iterator[tuple[Trace, Stage]]:
    """Every stage of a figure but the input."""
    trace = compute(query)
    for stage in trace.stages[1:]:
        yield trace, stage


def list_dialects(*names: str) -> list[object]:
    """Dialects as parameters of a test, all where none is named; those that compile each operation take long."""
    found = names or tuple(dialect.name for dialect in DIALECTS)
    return [pytest.param(name, marks=[pytest.mark.long] if name in ("keras", "jax") else []) for name in found]


def skip_without(dialect: str) -> None:
    """Skips a test where the library of a dialect is not installed."""
    if dialect == "keras":
        pytest.importorskip("jax", reason="JAX, on which Keras is run here, is not installed")
    pytest.importorskip(dialect)


def run_code(dialect: str, stage: Stage, trace: Trace) -> np.ndarray:
    """What the code of a stage computes from the arrays of the Trace."""
    return run_text(dialect, write_code(stage)[dialect], arrays_of(stage, trace))


def arrays_of(stage: Stage, trace: Trace) -> dict[str, np.ndarray]:
    """The arrays that the code of a stage reads."""
    names = ["x", "x2", "x3", "x4"]
    arrays = {name: trace.stages[read].output for name, read in zip(names, stage.info.reads, strict=False)}
    if stage.weight is not None and stage.bias is not None:
        arrays |= {"weight": stage.weight, "bias": stage.bias}
    return {name: np.array(values, np.float32) for name, values in arrays.items()}


def run_text(dialect: str, text: str, arrays: dict[str, np.ndarray]) -> np.ndarray:
    """What lines of code make of arrays: `y`."""
    names: dict[str, object] = {**name_modules(dialect), **convert_arrays(dialect, arrays)}
    with warnings.catch_warnings():
        # Keras finds shares of one channel odd, and so they are: all of them are 1.
        warnings.filterwarnings("ignore", "You are using a softmax over axis")
        with np.errstate(over="ignore", invalid="ignore"):  # as where the figure is computed
            exec(compile(text, "code", "exec"), names)
    return np.asarray(names["y"])


def name_modules(dialect: str) -> dict[str, object]:
    """What the lines of a dialect may name besides their arrays."""
    match dialect:
        case "torch":
            import torch

            return {"torch": torch, "F": torch.nn.functional, "np": np}
        case "keras":
            import keras

            return {"ops": keras.ops, "np": np}
        case "jax":
            import jax

            return {"jax": jax, "jnp": jax.numpy, "lax": jax.lax, "np": np}
        case "scipy":
            from scipy import ndimage, signal, special

            return {"signal": signal, "ndimage": ndimage, "special": special, "np": np}
    return {"math": math, "np": np}


def convert_arrays(dialect: str, arrays: dict[str, np.ndarray]) -> dict[str, object]:
    """The arrays as a program of that dialect reads them from a file."""
    match dialect:
        case "torch":
            import torch

            return {name: torch.from_numpy(values) for name, values in arrays.items()}
        case "jax":
            import jax

            return {name: jax.numpy.array(values) for name, values in arrays.items()}
    return dict(arrays)


def assert_code_is_close(dialect: str, query: str, atol: float) -> None:
    """The code of every stage of a figure computes its numbers, nearly."""
    skip_without(dialect)
    for trace, stage in stages_of(query):
        if dialect in write_code(stage).to_json():
            np.testing.assert_allclose(run_code(dialect, stage, trace), stage.output, rtol=1e-4, atol=atol)


def assert_computes_if_offered(dialect: str, stage: Stage, trace: Trace) -> None:
    """The code of a dialect computes the stage's numbers, where there is one."""
    if dialect in write_code(stage).to_json():
        assert_computes(dialect, stage, trace)


def assert_computes(dialect: str, stage: Stage, trace: Trace) -> None:
    """The code computes the stage's numbers: all of them where float32 holds every sum, else nearly."""
    y, expected = run_code(dialect, stage, trace), stage.output.astype(np.float64)
    text = write_code(stage)[dialect]
    assert y.shape == stage.output.shape, text
    is_whole = stage.info.exact and np.array_equal(expected, np.rint(expected))
    size = largest_sum(stage, trace)
    is_held = np.isfinite(y)
    assert is_held.all() or size > LARGEST_CUBED, text
    far = np.abs(y[is_held].astype(np.float64) - expected[is_held]).max(initial=0)
    assert far <= (0.0 if is_whole else 2e-6 * size), text


LARGEST_CUBED = float(np.finfo(np.float32).max) ** (1 / 3)
"""A larger number has powers that float32 does not hold."""


def largest_sum(stage: Stage, trace: Trace) -> float:
    """The largest that a sum of a stage can be: what float32 rounds is a share of it."""
    x = np.abs(np.concatenate([trace.stages[read].output.ravel() for read in stage.info.reads])).astype(np.float64)
    if stage.weight is None or stage.bias is None:
        return float(max(x.max(), np.abs(stage.output).max(), 1)) * (1 if stage.info.pool is None else 4)
    weights = np.abs(stage.weight.astype(np.float64)).reshape(len(stage.weight), -1).sum(axis=1)
    filters = stage.info.filters
    divisors = np.multiply(filters.divisors, filters.scales, dtype=float) if filters else 1.0
    return float((weights / divisors * x.max() + np.abs(stage.bias)).max())


@st.composite
def window_links(draw: st.DrawFn) -> str:
    """A link with typed numbers and one convolution or pool, with any of its options."""
    numbers = st.sampled_from(["0", "1", "2", "-3", "7", "0.5", "-1.25", "1/3", "40"])

    def plane(rows: int, columns: int) -> str:
        return ";".join(",".join(draw(numbers) for _ in range(columns)) for _ in range(rows))

    def pair(least: int, most: int) -> str:
        return f"{draw(st.integers(least, most))}x{draw(st.integers(least, most))}"

    channels, rows, columns = draw(st.tuples(st.integers(1, 4), st.integers(2, 7), st.integers(2, 7)))
    image = "".join(f"({plane(rows, columns)})" for _ in range(channels))
    sides = ",".join(str(draw(st.integers(0, 2))) for _ in range(4))
    padding = draw(st.sampled_from(["valid", "same", "1", f"({sides})"]))
    options = f",stride={pair(1, 3)},padding={padding}"
    op = draw(st.sampled_from(["conv", "conv", "maxpool", "minpool", "avgpool", "l2pool"]))
    if op != "conv":
        options += ",ceil_mode=1" if draw(st.booleans()) else ""
        options += ",count_include_pad=0" if op == "avgpool" and draw(st.booleans()) else ""
        return f"image={image}&layers={op}:{pair(1, 4)}{options}"
    count = draw(st.integers(1, 3))
    typed = [f"({plane(draw(st.integers(1, 3)), draw(st.integers(1, 3)))})" for _ in range(count)]
    filters = [f"{one}{draw(st.sampled_from(['', '/9', '/16']))}" for one in typed]
    bank = draw(st.sampled_from([";".join(filters), f"random*{count}@{pair(1, 3)}"]))
    groups = draw(st.sampled_from([number for number in (1, 2, 3, 4) if channels % number == 0]))
    mode = draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"]))
    bias = draw(st.sampled_from(["1", "-0.5", f"({','.join(draw(numbers) for _ in range(count * groups))})"]))
    options += f",bias={bias},padding_mode={mode},dilation={pair(1, 2)},groups={groups}"
    return f"image={image}&layers=conv:{bank}{options}" + (",flip=1" if draw(st.booleans()) else "")


@st.composite
def transposed_links(draw: st.DrawFn) -> str:
    """A link with random maps and one transposed convolution, with any of its options."""

    def pair(least: int, most: int) -> str:
        return f"{draw(st.integers(least, most))}x{draw(st.integers(least, most))}"

    channels = draw(st.integers(1, 4))
    groups = draw(st.sampled_from([number for number in (1, 2, 3, 4) if channels % number == 0]))
    maps = groups * draw(st.integers(1, 2))
    filters = draw(st.sampled_from([f"random*{maps}@{pair(1, 4)}", f"{maps}@{pair(1, 4)}", "(1,2;-3,4)/9;box-blur"]))
    options = f",stride={pair(1, 3)},padding={pair(0, 2)},output_padding={pair(0, 2)},dilation={pair(1, 3)}"
    if filters.startswith("("):
        groups = 1
    options += f",groups={groups},bias={draw(st.sampled_from(['0', '-0.5']))}"
    seed = draw(st.integers(0, 9))
    return f"image=random*{channels}@{pair(1, 6)},seed={seed}&layers=convtranspose:{filters}{options}"


def compute_nearest(link: str) -> Trace | None:
    """The Trace of a link, None where it does not fit."""
    return lab().compute(parse_link(link, Limits()).scene).trace
