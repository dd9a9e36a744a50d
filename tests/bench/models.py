"""Whole models beside PyTorch and onnxruntime on the same weights: `python -m tests.bench.models`.

All on one thread, taking turns in one run, each in its best turn. The others compute the network alone, from the
picture as it is prepared for it. Ours is measured three times: the arithmetic of the same layers; the Trace, which
keeps every stage and says of each where its telling places are; and the whole answer to a query string, from its first
letter to the last byte but without HTTP. Then what the models that ship weigh and how good they are. Targets are in
brackets.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import math
import time
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.number_text import format_percent
from app.core.trace.execute import apply_layer
from app.core.trace.plan import Plan, plan_layers
from app.core.trace.trace import Trace, compute_trace
from app.core.trace.wire import trace_to_bytes
from app.images.samples import load_samples
from app.lab import Lab
from app.lab.inputs import InputResolver
from app.models.library import Models, load_models
from app.resources import find_resource
from app.training.filter_structure import measure_structure
from tests.bench.engine import Run, turn

QUERIES = {
    "model:cifar10": "image=chelsea&size=32&channels=rgb&layers=model:cifar10",
    "model:lenet5": "image=chelsea&size=32&layers=model:lenet5",
    "conv:photos/conv1 at 227": "image=chelsea&size=227&channels=rgb&layers=conv:photos/conv1",
    "prepare~conv at 227": "image=chelsea&size=227&channels=rgb&layers=prepare:photos~conv:photos/conv1",
}
OURS = ("arithmetic", "trace", "answer")
TWICE = 2
SHIPPED = 8_000_000
WHITE = 255.0


class Case:
    """One figure: its picture, and the plans of what a network does after the preparation."""

    def __init__(self, query: str, models: Models) -> None:
        samples, self.models = load_samples(find_resource("sample_images")), models
        self.query, self.lab = query, Lab(samples, None, Limits(), models)
        self.scene = parse_link(query, Limits()).scene
        self.source = InputResolver(samples, None, 10**9).resolve(self.scene).make_input(self.scene.size)
        plans: list[Plan] = []
        for index, layer in enumerate(self.scene.layers):
            plans += plan_layers(layer, index, plans[-1].shape if plans else self.source.values.shape, models)
        self.plans = tuple(plans)
        self.network = tuple(plan for plan in plans if not plan.preprocessing)
        self.banks = tuple(plan.bank.make() if plan.bank else None for plan in self.network)
        prepared = plans[0].preprocessing
        x = self.source.values
        self.input = prepared.apply(x, WHITE, prepared.should_invert(x, WHITE)) if prepared else x

    def arithmetic(self) -> np.ndarray[Any, Any]:
        """The network's layers one after the other, and nothing said of them."""
        x = self.input
        for plan, bank in zip(self.network, self.banks, strict=True):
            x, _, _ = apply_layer(plan, bank, x, WHITE)
        return x

    def trace(self) -> Trace:
        """Every stage, with all that is said of it."""
        return compute_trace(self.scene, self.source, self.plans)

    def answer(self) -> bytes:
        """From the query string to the bytes of the reply."""
        link = parse_link(self.query, Limits())
        answer = self.lab.compute(link.scene, link.problems)
        assert answer.trace
        return trace_to_bytes(answer.trace, answer.header())

    def arrays(self, place: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Weight and bias of a layer of the network."""
        plan, bank = self.network[place], self.banks[place]
        if plan.linear:
            return plan.linear.weight, plan.linear.bias
        assert bank
        return bank.weight, bank.bias.astype(np.float32)


def with_torch(torch: ModuleType, case: Case) -> Run:
    """PyTorch's modules in a row, without gradients."""
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    network = torch.nn.Sequential(*(_module(torch, case, place) for place in range(len(case.network)))).eval()
    x = torch.from_numpy(case.input[None].copy())
    return lambda: network(x)


def _module(torch: ModuleType, case: Case, place: int) -> Any:
    nn, plan = torch.nn, case.network[place]
    match plan.op.name:
        case "conv":
            assert plan.conv
            assert plan.bank
            padding = plan.conv.padding[::2]
            made = nn.Conv2d(plan.in_shape[0], plan.bank.maps, plan.bank.kernel_size, plan.conv.stride, padding)
        case "linear":
            made = nn.Linear(plan.in_shape[0], plan.shape[0])
        case "maxpool":
            assert plan.pool
            return nn.MaxPool2d(plan.pool.kernel_size, plan.pool.stride)
        case name:
            return {"relu": nn.ReLU(), "flatten": nn.Flatten(), "softmax": nn.Softmax(1)}[name]
    for parameter, values in zip((made.weight, made.bias), case.arrays(place), strict=True):
        parameter.data = torch.from_numpy(values.copy())
    return made


def with_onnxruntime(onnxruntime: ModuleType, case: Case) -> Run:
    """onnxruntime on the same network, written with the onnx package."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(onnx_model(case), options, providers=["CPUExecutionProvider"])
    feed = {"x0": np.ascontiguousarray(case.input[None])}
    return lambda: session.run(None, feed)[0]


def onnx_model(case: Case) -> bytes:
    """The network as an ONNX file."""
    onnx = importlib.import_module("onnx")
    nodes, weights, last = [], [], len(case.network)
    for place, plan in enumerate(case.network):
        names, (op, options) = [f"x{place}"], _node(plan)
        if plan.op.name in ("conv", "linear"):
            names += [f"w{place}", f"b{place}"]
            weights += map(onnx.numpy_helper.from_array, map(np.ascontiguousarray, case.arrays(place)), names[1:])
        nodes.append(onnx.helper.make_node(op, names, [f"x{place + 1}"], **options))
    kind = onnx.TensorProto.FLOAT
    ends = [onnx.helper.make_tensor_value_info("x0", kind, (1, *case.input.shape))]
    ends.append(onnx.helper.make_tensor_value_info(f"x{last}", kind, None))
    graph = onnx.helper.make_graph(nodes, "network", ends[:1], ends[1:], weights)
    opset = [onnx.helper.make_opsetid("", 17)]
    made: bytes = onnx.helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()
    return made


def _node(plan: Plan) -> tuple[str, Mapping[str, Any]]:
    match plan.op.name:
        case "conv":
            assert plan.conv
            top, bottom, left, right = plan.conv.padding
            return "Conv", {"strides": plan.conv.stride, "pads": [top, left, bottom, right]}
        case "linear":
            return "Gemm", {"transB": 1}
        case "maxpool":
            assert plan.pool
            return "MaxPool", {"kernel_shape": plan.pool.kernel_size, "strides": plan.pool.stride}
        case name:
            return {"relu": "Relu", "flatten": "Flatten", "softmax": "Softmax"}[name], {}


OTHERS = {"torch": with_torch, "onnxruntime": with_onnxruntime}


def measure(case: Case, modules: Mapping[str, ModuleType], seconds: float) -> dict[str, float]:
    """Seconds of a call in the best turn of each; the results are compared first."""
    runs: dict[str, Run] = {name: getattr(case, name) for name in OURS}
    runs |= {name: OTHERS[name](module, case) for name, module in modules.items()}
    expected = case.arithmetic().ravel()
    for name in modules:
        if not np.allclose(np.asarray(runs[name]()).ravel(), expected, rtol=1e-3, atol=1e-3 * np.abs(expected).max()):
            raise SystemExit(f"{name} disagrees on {case.query}")
    best = dict.fromkeys(runs, math.inf)
    calls = {name: max(1, int(0.005 / turn(one, 2))) for name, one in runs.items()}
    end, rounds = time.perf_counter() + seconds, 0
    while rounds < 3 or time.perf_counter() < end:
        for name, one in runs.items():
            best[name] = min(best[name], turn(one, calls[name]))
        rounds += 1
    return best


def speed(models: Models, seconds: float) -> None:
    """A line a figure: milliseconds, and each of ours over the slower and the faster of the others."""
    modules = {}
    for name in OTHERS:
        try:
            modules[name] = importlib.import_module(name)
        except ImportError:
            print(f"{name} is not installed: left out")
    if "onnxruntime" in modules and importlib.util.find_spec("onnx") is None:
        print("onnx is not installed: onnxruntime is left out")
        del modules["onnxruntime"]
    print(f"milliseconds{'':14}" + "".join(f"{name:>13}" for name in (*modules, *OURS)))
    for title, query in QUERIES.items():
        best = measure(Case(query, models), modules, seconds)
        print(f"  {title:<24}" + "".join(f"{best[name] * 1e3:>13.3f}" for name in (*modules, *OURS)), flush=True)
        for other in modules:
            ratios = "".join(f"{best[name] / best[other]:>12.2f}×" for name in OURS)
            print(f"{'':26}{'… times ' + other:<{13 * len(modules)}}{ratios}  [trace ≤ {TWICE}]")


def models_report(models: Models, folder: Path) -> None:
    """How good each model is, how much of its first layer has structure, and what all of it weighs."""
    print("\nmodel      accuracy  with structure  dead  orientations, 15° each from vertical stripes on")
    for name, model in models.items():
        bank = model.bank(model.first_layer)
        found = measure_structure(bank.weight)  # type: ignore[union-attr]
        share = format_percent(model.header["card"]["accuracy"])
        print(f"{name:<10}{share:>9}{found.clear:>15.0%}{found.dead:>7}  {' '.join(map(str, found.angles))}")
    sizes = [file.stat().st_size for file in folder.glob("*.safetensors")]
    print(f"{sum(sizes):,} bytes in {len(sizes)} files, {sum(sizes) / SHIPPED:.2f} of {SHIPPED:,}  [≤ 1]")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0, help="time for each figure (default 5)")
    folder = find_resource("models/data")
    models = load_models(folder)
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # as in the server
    speed(models, parser.parse_args().seconds)
    models_report(models, folder)


if __name__ == "__main__":
    main()
