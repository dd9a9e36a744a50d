"""Large networks with random weights beside PyTorch: `python -m tests.bench.networks`.

All on one thread, taking turns in one run, each in its best turn. PyTorch computes the network alone, from a ready
picture. Ours is measured twice: the arithmetic of the same layers, and the whole answer over HTTP with previews of
every map and eight maps of the first layer in full, from a process that the server keeps. The first answer starts that
process and reads the weights; it is printed, too. Then the memory of that process: what was planned, and the most that
it took, mapped weights included. Targets are in brackets.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import numpy as np

from app.core.layers.batch_norm import BatchNorm
from app.core.limits import Limits, NetworkLimits
from app.core.link.query_string import parse_link
from app.core.network.network_parts import NetworkParts
from app.core.trace.execute import apply_layer
from app.core.trace.plan import Plan
from app.core.trace.wire import read_header
from app.core.weights.bank import Bank
from app.images.samples import load_samples
from app.lab.networks import NetworkLab
from app.models.library import Models, load_models
from app.resources import find_resource
from tests.bench.engine import turn
from tests.serving import RunningServer

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
VGG16 = (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0)
"""The filters of each convolution; 0 is a pool."""
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
PARTS = "preview=32&maps=0:8&stages=2"
ARITHMETIC, ANSWER = 3, 4
WHITE = 255.0
Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Network:
    """A network by its title and its layers."""

    title: str
    layers: str

    @property
    def query(self) -> str:
        return f"image=chelsea&size=224&channels=rgb&layers={self.layers}"


def write_vgg16_layers() -> str:
    """VGG-16 as shapes alone."""
    layers: list[str] = []
    for filters in VGG16:
        layers += [f"conv:{filters}@3x3,padding=1", "relu"] if filters else ["maxpool:2"]
    return "~".join([*layers, "linear:4096", "relu", "linear:4096", "relu", "linear:1000", "softmax"])


def write_resnet18() -> str:
    """ResNet-18 as shapes alone."""
    layers = ["conv:64@7x7,stride=2,padding=3", "batchnorm", "relu", "maxpool:3,stride=2,padding=1"]
    for stride, filters in ((1, 64), (2, 128), (2, 256), (2, 512)):
        for first in (stride, 1):
            start = len(layers)
            layers += [f"conv:{filters}@3x3,stride={first},padding=1", "batchnorm", "relu"]
            layers += [f"conv:{filters}@3x3,padding=1", "batchnorm"]
            if first > 1:
                layers += [f"conv:{filters}@1x1,stride={first},from={start}", "batchnorm", f"add:{start + 5}"]
            else:
                layers.append(f"add:{start}")
            layers.append("relu")
    return "~".join([*layers, "globalavgpool", "linear:1000", "softmax"])


NETWORKS = (
    Network("VGG-16 from a file", "model:vgg16"),
    Network("VGG-16 as shapes", write_vgg16_layers()),
    Network("ResNet-18 as shapes", write_resnet18()),
)


def write_vgg16(file: Path) -> None:
    """VGG-16 with He-scaled random weights, array by array."""
    rows: list[dict[str, Any]] = []
    shapes: dict[str, tuple[int, ...]] = {}

    def add(op: str, shape: tuple[int, ...] = (), **more: Any) -> None:
        name = f"{op}{sum(row['op'] == op for row in rows) + 1}"
        rows.append({"name": name, "op": op, **more})
        if shape:
            shapes[f"{name}.weight"], shapes[f"{name}.bias"] = shape, shape[:1]

    before = 3
    for filters in VGG16:
        if filters:
            add("conv", (filters, before, 3, 3), options={"padding": [1, 1, 1, 1]})
            add("relu")
            before = filters
        else:
            add("maxpool", head=[2, 2])
    add("flatten")
    for place, (inputs, outputs) in enumerate(pairwise((512 * 7 * 7, 4096, 4096, 1000))):
        if place:
            add("relu")
        add("linear", (outputs, inputs))
    prepare = {"size": [224, 224], "channels": "rgb", "range": "unit", "invert": False, "mean": MEAN, "std": STD}
    card = {"parameters": sum(map(math.prod, shapes.values())), "notes": []}
    header = {"version": 1, "name": "vgg16", "title": "VGG-16", "card": card, "prepare": prepare, "layers": rows}
    _write_arrays(file, shapes, {**header, "classes": None})


def _write_arrays(file: Path, shapes: dict[str, tuple[int, ...]], header: dict[str, Any]) -> None:
    entries: dict[str, Any] = {"__metadata__": {"model": json.dumps(header)}}
    start = 0
    for name, shape in shapes.items():
        stop = start + 4 * math.prod(shape)
        entries[name] = {"dtype": "F32", "shape": shape, "data_offsets": (start, stop)}
        start = stop
    text = json.dumps(entries).encode()
    text += b" " * (-len(text) % 8)
    chance = np.random.default_rng(0)
    with file.open("wb") as stream:
        stream.write(len(text).to_bytes(8, "little") + text)
        for shape in shapes.values():
            values = chance.standard_normal(shape, np.float32)
            if len(shape) > 1:
                values *= np.float32(math.sqrt(2 / math.prod(shape[1:])))
            values.tofile(stream)


class Case:
    """A network that is planned: its picture, its plans after the preparation, and its weights."""

    def __init__(self, network: Network, models: Models) -> None:
        limits = NetworkLimits()
        lab = NetworkLab(load_samples(find_resource("sample_images")), None, Limits(), limits, models)
        scene = parse_link(network.query, limits.widen(Limits())).scene
        planned = lab.plan(scene, NetworkParts())
        assert not planned.problems, planned.problems
        self.plans = planned.plans
        self.first = 1 if self.plans[0].preprocessing else 0
        self.banks = [plan.bank.make() if plan.bank else None for plan in self.plans]
        self.input: Array = np.random.default_rng(1).standard_normal(self.plans[self.first].in_shape, np.float32)

    @property
    def multiply_adds(self) -> int:
        return sum(plan.multiply_adds for plan in self.plans)

    def arithmetic(self) -> Array:
        """The layers one after the other, and nothing said of them."""
        planned = zip(self.plans, self.banks, strict=True)
        return self._run([partial(_apply, plan, bank) for plan, bank in planned], self.input)

    def with_torch(self, torch: ModuleType) -> Any:
        """A function that runs the same layers in PyTorch."""
        torch.set_num_threads(1)
        torch.set_grad_enabled(False)
        layers = [_with_torch(torch, plan, bank) for plan, bank in zip(self.plans, self.banks, strict=True)]
        return partial(self._run, layers, torch.from_numpy(self.input[None].copy()))

    def _run(self, layers: Sequence[Any], x: Any) -> Any:
        made = [x] * (self.first + 1)
        for plan, layer in list(zip(self.plans, layers, strict=True))[self.first :]:
            made.append(layer(*(made[index] for index in plan.reads or (-1,))))
        return made[-1]


def _apply(plan: Plan, bank: Bank | None, x: Array, *joined: Array) -> Array:
    return apply_layer(plan, bank, x, WHITE, joined)[0]


def _with_torch(torch: ModuleType, plan: Plan, bank: Bank | None) -> Any:
    F = torch.nn.functional
    if bank:
        weight = torch.from_numpy(bank.weight.copy())
        bias, conv = torch.from_numpy(bank.bias.astype(np.float32)), plan.conv
        if conv is None:
            return lambda x: F.linear(x.flatten(1), weight.flatten(1), bias)
        return lambda x: F.conv2d(x, weight, bias, conv.stride, conv.padding[::2], conv.dilation, conv.groups)
    if plan.linear:
        weights = torch.from_numpy(plan.linear.weight.copy()), torch.from_numpy(plan.linear.bias.copy())
        return lambda x: F.linear(x.flatten(1), *weights)
    if plan.pool:
        pool = plan.pool
        return lambda x: F.max_pool2d(x, pool.kernel_size, pool.stride, pool.padding[::2])
    if isinstance(plan.law, BatchNorm):
        law = plan.law
        numbers = [torch.tensor(one) for one in (law.mean, law.var, law.weight, law.bias)]
        return lambda x: F.batch_norm(x, *numbers, eps=law.eps)
    return {
        "prepare": None,
        "relu": F.relu,
        "flatten": lambda x: x.flatten(1),
        "add": torch.add,
        "globalavgpool": lambda x: F.adaptive_avg_pool2d(x, 1),
        "softmax": lambda x: F.softmax(x, 1),
    }[plan.op.name]


def measure(network: Network, case: Case, site: RunningServer, torch: ModuleType | None, seconds: float) -> None:
    """One line of the table, and one of the memory."""
    address = f"{site.url}/api/trace?{network.query}&{PARTS}"
    client = httpx.Client(timeout=120)
    started = time.perf_counter()
    first = _ask(client, address)
    first_seconds = time.perf_counter() - started
    runs: dict[str, Any] = {"arithmetic": case.arithmetic, "answer": lambda: _ask(client, address)}
    if torch:
        runs["torch"] = case.with_torch(torch)
        expected, found = case.arithmetic().ravel(), np.asarray(runs["torch"]()).ravel()
        if not np.allclose(found, expected, rtol=1e-3, atol=1e-3 * np.abs(expected).max()):
            raise SystemExit(f"torch disagrees on {network.title}")
    best = dict.fromkeys(runs, math.inf)
    end, rounds = time.perf_counter() + seconds, 0
    while rounds < 3 or time.perf_counter() < end:
        for name, run in runs.items():
            best[name] = min(best[name], turn(run, 1))
        rounds += 1
    print(f"{network.title}: {case.multiply_adds / 1e9:.2f} · 10⁹ multiply-adds, best of {rounds} turns")
    for name in ("torch", "arithmetic", "answer"):
        if name in best:
            target = {"arithmetic": f"  [≤ {ARITHMETIC}]", "answer": f"  [≤ {ANSWER}]"}.get(name, "")
            ratio = f"{best[name] / best['torch']:>8.2f}×{target}" if "torch" in best and target else ""
            print(f"  {name:<12}{best[name] * 1e3:>9.1f} ms{ratio}")
    entries, metadata, _ = read_header(first)
    planned = json.loads(metadata["trace"])["peak_bytes"]
    print(f"  first answer{first_seconds * 1e3:>9.1f} ms; {len(first) / 1e6:.1f} MB in {len(entries)} arrays")
    print(f"  memory: {planned / 1e6:.0f} MB of arrays planned, {_read_peak(site) / 1e6:.0f} MB at most in the process")


def _ask(client: httpx.Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.content


def _read_peak(site: RunningServer) -> int:
    """The most memory that a process of the server has taken, in bytes; 0 where the system does not say."""
    assert site.process
    peaks = [_read_number(child, "VmHWM") for child in _list_descendants(site.process.pid)]
    return 1024 * max(peaks, default=0)


def _list_descendants(parent: int) -> Iterator[int]:
    for status in Path("/proc").glob("[0-9]*/status"):
        if _read_number(int(status.parent.name), "PPid") == parent:
            yield int(status.parent.name)
            yield from _list_descendants(int(status.parent.name))


def _read_number(process: int, name: str) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)


def main() -> None:
    """Prints a few lines for each network."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0, help="time for each network (default 20)")
    parser.add_argument("--only", default="", help="networks whose title contains this")
    options = parser.parse_args()
    if os.environ.get(ONE_THREAD[0]) != "1":  # is read when NumPy is loaded, which it is already
        os.execve(sys.executable, [sys.executable, "-m", __spec__.name, *sys.argv[1:]], _make_environment())
    torch = importlib.import_module("torch") if importlib.util.find_spec("torch") else None
    if torch is None:
        print("torch is not installed: left out")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "models"
        folder.mkdir()
        write_vgg16(folder / "vgg16.safetensors")
        models = load_models(find_resource("models/data"), folder)
        with RunningServer(Path(made)) as site:
            for network in NETWORKS:
                if options.only in network.title:
                    measure(network, Case(network, models), site, torch, options.seconds)


def _make_environment() -> dict[str, str]:
    return {**os.environ, **dict.fromkeys(ONE_THREAD, "1")}


if __name__ == "__main__":
    main()
