"""The engine beside PyTorch, onnxruntime and SciPy: `python -m tests.bench.engine`.

All of them on one thread, on ready float32 arrays, taking turns in one run so that a noisy machine is
noisy for everyone. A turn is a few calls in a row, so that each works with its own data in the cache.
The table gives the time of a call in each one's best turn, and ours divided by it.
"""

from __future__ import annotations

import argparse
import importlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from app.core.ops import Conv, Pool, conv2d, pool2d

Run = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the table: a convolution where there is a weight, otherwise a max pool."""

    name: str
    image: tuple[int, int, int]
    weight: tuple[int, int, int, int] | None = None
    stride: int = 1
    groups: int = 1
    pool: int = 0


CASES = (
    Case("1 → 1, 3×3 at 28", (1, 28, 28), (1, 1, 3, 3)),
    Case("1 → 1, 3×3 at 64", (1, 64, 64), (1, 1, 3, 3)),
    Case("1 → 1, 3×3 at 256", (1, 256, 256), (1, 1, 3, 3)),
    Case("1 → 1, 3×3 at 512", (1, 512, 512), (1, 1, 3, 3)),
    Case("3 → 8, 3×3 at 64", (3, 64, 64), (8, 3, 3, 3)),
    Case("3 → 8, 3×3 at 256", (3, 256, 256), (8, 3, 3, 3)),
    Case("3 → 10, 5×5 at 32", (3, 32, 32), (10, 3, 5, 5)),
    Case("3 → 64, 11×11 stride 4 at 256", (3, 256, 256), (64, 3, 11, 11), stride=4),
    Case("64 → 64, 3×3 at 112", (64, 112, 112), (64, 64, 3, 3)),
    Case("RGB, 3×3 each at 1080×1920", (3, 1080, 1920), (3, 1, 3, 3), groups=3),
    Case("max pool 2×2, 64 maps at 112", (64, 112, 112), pool=2, stride=2),
    Case("max pool 9×9, RGB at 1080×1920", (3, 1080, 1920), pool=9),
)


def ours(case: Case, x: np.ndarray, weight: np.ndarray) -> Run:
    """The engine under test."""
    stride = (case.stride, case.stride)
    if case.pool:
        pool = Pool("max", (case.pool, case.pool), stride)
        return lambda: pool2d(x, pool)
    conv = Conv(stride=stride, groups=case.groups)
    return lambda: conv2d(x, weight, None, conv)


def with_torch(torch: ModuleType, case: Case, x: np.ndarray, weight: np.ndarray) -> Run:
    """PyTorch without gradients, on tensors that share the arrays' memory."""
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    F = torch.nn.functional
    image, kernel = torch.from_numpy(x[None]), torch.from_numpy(weight)
    if case.pool:
        return lambda: F.max_pool2d(image, case.pool, case.stride)
    return lambda: F.conv2d(image, kernel, None, case.stride, 0, 1, case.groups)


def with_onnxruntime(onnxruntime: ModuleType, case: Case, x: np.ndarray, weight: np.ndarray) -> Run:
    """onnxruntime on a model of one node, built without the onnx package."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    model = onnx_model(case, weight)
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feed = {"x": x[None]}
    return lambda: session.run(None, feed)[0]


def with_scipy(scipy: ModuleType, case: Case, x: np.ndarray, weight: np.ndarray) -> Run | None:
    """scipy.ndimage, which works plane by plane at stride 1 and has no layers of many channels."""
    ndimage = importlib.import_module("scipy.ndimage")
    if case.pool and case.stride == 1:
        low, high = case.pool // 2, case.pool - 1 - case.pool // 2
        rows, cols = (slice(low, size - high) for size in case.image[1:])
        return lambda: ndimage.maximum_filter(x, (1, case.pool, case.pool))[:, rows, cols]
    if case.weight and case.weight[1] == 1 and case.stride == 1:
        kernels = weight[:, 0]
        return lambda: np.stack([ndimage.correlate(p, k)[1:-1, 1:-1] for p, k in zip(x, kernels, strict=True)])
    return None


def onnx_model(case: Case, weight: np.ndarray) -> bytes:
    """A ModelProto in protobuf's wire format, written by hand: the fields are those of onnx.proto."""
    pair = [case.stride, case.stride]
    if case.pool:
        attributes = {"kernel_shape": [case.pool, case.pool], "strides": pair}
        node = _node("MaxPool", ["x"], attributes)
    else:
        node = _node("Conv", ["x", "w"], {"strides": pair, "group": case.groups})
    graph = _field(1, node) + _field(2, b"g") + _field(11, _value("x", (1, *case.image)))
    graph += _field(12, _value("y", None))
    if not case.pool:
        tensor = b"".join(_number(1, size) for size in weight.shape) + _number(2, 1)
        graph += _field(5, tensor + _field(8, b"w") + _field(9, weight.tobytes()))
    return _number(1, 8) + _field(7, graph) + _field(8, _number(2, 17))


def _node(op: str, inputs: list[str], attributes: dict[str, Any]) -> bytes:
    node = b"".join(_field(1, name.encode()) for name in inputs) + _field(2, b"y") + _field(4, op.encode())
    for name, value in attributes.items():
        if isinstance(value, int):
            body = _number(3, value) + _number(20, 2)
        else:
            body = b"".join(_number(8, item) for item in value) + _number(20, 7)
        node += _field(5, _field(1, name.encode()) + body)
    return node


def _value(name: str, shape: tuple[int, ...] | None) -> bytes:
    sizes = shape or (None,) * 4
    dims = b"".join(_field(1, b"" if size is None else _number(1, size)) for size in sizes)
    return _field(1, name.encode()) + _field(2, _field(1, _number(1, 1) + _field(2, dims)))


def _number(tag: int, value: int) -> bytes:
    return _varint(tag << 3) + _varint(value)


def _field(tag: int, body: bytes) -> bytes:
    return _varint(tag << 3 | 2) + _varint(len(body)) + body


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


OTHERS: dict[str, Callable[..., Run | None]] = {
    "torch": with_torch,
    "onnxruntime": with_onnxruntime,
    "scipy": with_scipy,
}


def measure(case: Case, modules: dict[str, ModuleType], seconds: float) -> dict[str, float]:
    """Seconds of a call in each engine's best turn, until the time is used; results are checked first."""
    draw = np.random.default_rng(0)
    x = draw.random(case.image, dtype=np.float32)
    weight = draw.random(case.weight or (1, 1, 1, 1), dtype=np.float32) - np.float32(0.5)
    runs = {"convoscope": ours(case, x, weight)}
    for name, module in modules.items():
        if run := OTHERS[name](module, case, x, weight):
            runs[name] = run
    expected = runs["convoscope"]()
    for name, run in runs.items():
        if not np.allclose(np.asarray(run()), expected, rtol=1e-4, atol=1e-3):
            raise SystemExit(f"{name} disagrees on {case.name}")
    best = dict.fromkeys(runs, math.inf)
    calls = {name: max(1, int(0.003 / turn(run, 1))) for name, run in runs.items()}
    end, rounds = time.perf_counter() + seconds, 0
    while rounds < 3 or time.perf_counter() < end:
        for name, run in runs.items():
            best[name] = min(best[name], turn(run, calls[name]))
        rounds += 1
    return best


def turn(run: Run, calls: int) -> float:
    """Seconds of one call, over a few in a row."""
    start = time.perf_counter()
    for _ in range(calls):
        run()
    return (time.perf_counter() - start) / calls


def available() -> dict[str, ModuleType]:
    """The engines that are installed; a line says which are not."""
    found = {}
    for name in OTHERS:
        try:
            found[name] = importlib.import_module(name)
        except ImportError:
            print(f"{name} is not installed: left out")
    return found


def main() -> None:
    """Prints one line a case, then the geometric means and the worst case against the fastest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="time for each case (default 2)")
    parser.add_argument("--only", default="", help="cases whose name contains this")
    options = parser.parse_args()
    modules = available()
    ratios: dict[str, list[float]] = {name: [] for name in modules}
    print(f"{'':32}{'convoscope':>12}" + "".join(f"{name:>21}" for name in modules))
    for case in (case for case in CASES if options.only in case.name):
        best = measure(case, modules, options.seconds)
        line = f"{case.name:32}{best['convoscope'] * 1e3:9.3f} ms"
        for name in modules:
            if name in best:
                ratio = best["convoscope"] / best[name]
                ratios[name].append(ratio)
                line += f"{best[name] * 1e3:9.3f} ms {ratio:7.2f}×"
            else:
                line += f"{'–':>21}"
        fastest = best["convoscope"] / min(seconds for seconds in best.values())
        print(f"{line}   {fastest:5.2f}× the fastest", flush=True)
    for name, found in ratios.items():
        if found:
            print(f"geometric mean against {name}: {math.exp(sum(map(math.log, found)) / len(found)):.2f}")


if __name__ == "__main__":
    main()
