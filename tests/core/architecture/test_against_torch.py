"""Known networks and random chains, run by PyTorch without numbers: the same shapes, parameters and multiply-adds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.architecture.architecture import Architecture, price_net
from app.core.architecture.nets.net_table import NETS
from app.core.architecture.priced_stage import PricedStage
from app.core.weights.pretrained import NoTrainedModels

torch = pytest.importorskip("torch", reason="PyTorch is not installed here")
IN_PLACE = {"relu", "relu6", "tanh", "sigmoid", "softmax", "dropout", "lrn"}


def read_pair(text: str) -> tuple[int, int]:
    rows, _, columns = text.partition("x")
    return int(rows), int(columns or rows)


def read_layer(text: str) -> tuple[str, str, dict[str, str]]:
    """(operation, head, options) of a layer without lists."""
    first, *options = re.split(r",(?![^()]*\))", text)
    name, _, head = first.partition(":")
    return name, head, dict(option.split("=") for option in options)


def make_module(stage: PricedStage, shape: tuple[int, ...]) -> torch.nn.Module:
    """The layer as PyTorch builds it, on an input of `shape` (C, H, W)."""
    name, head, options = read_layer(stage.layer)
    stride = read_pair(options["stride"]) if "stride" in options else None
    padding = read_pair(options.get("padding", "0"))
    if name == "conv":
        count, kernel = head.split("@")
        groups, has_bias = int(options.get("groups", 1)), stage.biases > 0
        settled = {"stride": stride or 1, "padding": padding, "groups": groups, "bias": has_bias}
        return torch.nn.Conv2d(shape[0], int(count), read_pair(kernel), device="meta", **settled)
    if name == "linear":
        size = shape[0] * shape[1] * shape[2]
        flat = torch.nn.Linear(size, int(head), bias=stage.biases > 0, device="meta")
        return torch.nn.Sequential(torch.nn.Flatten(0), flat, torch.nn.Unflatten(0, (-1, 1, 1)))
    if name in ("maxpool", "avgpool"):
        kind = torch.nn.MaxPool2d if name == "maxpool" else torch.nn.AvgPool2d
        return kind(read_pair(head or "2"), stride, padding, ceil_mode=options.get("ceil_mode") == "1")
    if name == "batchnorm":
        return torch.nn.Sequential(torch.nn.BatchNorm2d(shape[0], device="meta").eval())
    if name == "globalavgpool":
        return torch.nn.AdaptiveAvgPool2d(1)
    if name == "flatten":
        return torch.nn.Sequential(torch.nn.Flatten(0), torch.nn.Unflatten(0, (-1, 1, 1)))
    assert name in IN_PLACE, name
    return torch.nn.Identity()


def count_multiply_adds(module: torch.nn.Module, made: torch.Tensor) -> int:
    if isinstance(module, torch.nn.Conv2d):
        return made.numel() * module.weight[0].numel()
    return sum(one.weight.numel() for one in module.modules() if isinstance(one, torch.nn.Linear))


def check_with_torch(found: Architecture) -> None:
    outputs = [torch.empty(found.input, device="meta")]
    for stage in found.stages[1:]:
        inputs = [outputs[index] for index in stage.reads]
        if stage.op in ("add", "concat"):
            made = torch.cat(inputs) if stage.op == "concat" else sum(inputs[1:], inputs[0])
            expected = (0, 0)
        else:
            module = make_module(stage, tuple(inputs[0].shape))
            is_batched = isinstance(module, torch.nn.Sequential) and isinstance(module[0], torch.nn.BatchNorm2d)
            made = module(inputs[0][None])[0] if is_batched else module(inputs[0])
            expected = sum(one.numel() for one in module.parameters()), count_multiply_adds(module, made)
        assert tuple(made.shape) == stage.shape, stage
        assert (stage.parameters, stage.multiply_adds) == expected, stage
        outputs.append(made)


@pytest.mark.parametrize("net", [name for name in NETS if name != "lenet-5-1998"])
def test_a_known_network_has_the_sizes_of_pytorch(net: str):
    check_with_torch(price_net(net, "", NoTrainedModels()))


windows = st.builds(
    "{}:{},stride={},padding={},ceil_mode={}".format,
    st.sampled_from(["maxpool", "avgpool"]),
    st.just("3x2"),
    st.integers(1, 4),
    st.integers(0, 1),
    st.integers(0, 1),
)
convs = st.builds(
    "conv:{}@{}x{},stride={}x{},padding={}x{},groups={},bias={}".format,
    st.sampled_from([6, 12]),
    *[st.integers(1, 4)] * 2,
    *[st.integers(1, 3)] * 2,
    *[st.integers(0, 3)] * 2,
    st.sampled_from([1, 2, 3]),
    st.sampled_from(["none", "0"]),
)
blocks = st.lists(st.one_of(convs, windows, st.just("relu"), st.just("batchnorm")), min_size=1, max_size=4)


@settings(max_examples=60)
@given(blocks, st.integers(1, 2), st.integers(24, 40), st.integers(24, 40))
def test_a_chain_has_the_sizes_of_pytorch(block: list[str], times: int, rows: int, columns: int):
    try:
        found = price_net(f"[{'~'.join(block)}]*{times}~linear:10", f"6x{rows}x{columns}", NoTrainedModels())
    except ValueError as error:
        assert "has only" in str(error) or "at most" in str(error)  # noqa: PT017
    else:
        check_with_torch(found)
