"""ResNets and ResNeXt: blocks whose output is added to their input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from .conv_pattern import write_normalized_conv
from .net_definition import NetDefinition, NetPart

RESNET_PAPER = "He, Zhang, Ren, Sun: Deep residual learning for image recognition, 2015"
RESNEXT_PAPER = "Xie, Girshick, Dollár, Tu, He: Aggregated residual transformations for deep neural networks, 2016"
StridePlace = Literal["1x1", "3x3"]
"""The convolution of a bottleneck that halves the maps: the 1×1 as published, or the 3×3 as in later programs."""

STEM = (
    NetPart("conv1", "conv:64@7x7,stride=2,padding=3,bias=none~batchnorm~relu"),
    NetPart("pool1", "maxpool:3,stride=2,padding=1"),
)
HEAD = (NetPart("avgpool", "globalavgpool"), NetPart("fc", "flatten~linear:1000~softmax"))
WIDTHS = (64, 128, 256, 512)
EXPANSION = 4
"""The maps of a bottleneck's output for each map inside."""


def _make_basic_block(maps: int, stride: int, has_projection: bool) -> str:
    """Two 3×3 convolutions; five layers before the shortcut."""
    inside = f"{write_normalized_conv(maps, 3, stride)}~relu~{write_normalized_conv(maps, 3)}"
    return f"{inside}~{_make_shortcut(maps, stride, 5, has_projection)}"


def _make_bottleneck(
    width: int, maps: int, stride: int, has_projection: bool, groups: int = 1, place: StridePlace = "3x3"
) -> str:
    """1×1, 3×3 and 1×1 convolutions; eight layers before the shortcut."""
    first, second = (stride, 1) if place == "1x1" else (1, stride)
    narrow, filtered = write_normalized_conv(width, 1, first), write_normalized_conv(width, 3, second, groups)
    inside = f"{narrow}~relu~{filtered}~relu~{write_normalized_conv(maps, 1)}"
    return f"{inside}~{_make_shortcut(maps, stride, 8, has_projection)}"


def _make_shortcut(maps: int, stride: int, inside: int, has_projection: bool) -> str:
    """The sum of a block of `inside` layers and its input, which a projection brings to the same shape."""
    if not has_projection:
        return f"add:-{inside + 1}~relu"
    return f"{write_normalized_conv(maps, 1, stride, reads=f'from=-{inside + 1}')}~add:-3~relu"


def _make_basic_parts(repeats: Sequence[int]) -> tuple[NetPart, ...]:
    stages = []
    for number, (maps, count) in enumerate(zip(WIDTHS, repeats, strict=True), 2):
        first = _make_basic_block(maps, 1 if number == 2 else 2, number > 2)
        stages.append(NetPart(f"conv{number}_x", _repeat_block(first, _make_basic_block(maps, 1, False), count)))
    return (*STEM, *stages, *HEAD)


def _make_bottleneck_parts(
    repeats: Sequence[int], place: StridePlace = "3x3", groups: int = 1, wider: int = 1
) -> tuple[NetPart, ...]:
    """`wider` times as many maps inside a bottleneck."""
    stages = []
    for number, (width, count) in enumerate(zip(WIDTHS, repeats, strict=True), 2):
        sizes = width * wider, width * EXPANSION
        first = _make_bottleneck(*sizes, 1 if number == 2 else 2, True, groups, place)
        next_ones = _make_bottleneck(*sizes, 1, False, groups)
        stages.append(NetPart(f"conv{number}_x", _repeat_block(first, next_ones, count)))
    return (*STEM, *stages, *HEAD)


def _repeat_block(first: str, next_ones: str, count: int) -> str:
    if first == next_ones:
        return f"[{first}]*{count}"
    return f"{first}~[{next_ones}]*{count - 1}"


def _list_resnets() -> tuple[NetDefinition, ...]:
    found = []
    for depth, repeats in ((18, (2, 2, 2, 2)), (34, (3, 4, 6, 3))):
        version, parts = "with 1 × 1 projections where the shape changes", _make_basic_parts(repeats)
        found.append(NetDefinition(f"resnet-{depth}", f"ResNet-{depth}", version, RESNET_PAPER, (3, 224, 224), parts))
    for depth, repeats in ((50, (3, 4, 6, 3)), (101, (3, 4, 23, 3)), (152, (3, 8, 36, 3))):
        name, title = f"resnet-{depth}", f"ResNet-{depth}"
        later = "stride in the 3 × 3 convolutions, as in torchvision"
        found.append(NetDefinition(name, title, later, RESNET_PAPER, (3, 224, 224), _make_bottleneck_parts(repeats)))
        paper = "as published: stride in the first 1 × 1 convolutions"
        parts = _make_bottleneck_parts(repeats, "1x1")
        found.append(NetDefinition(f"{name}-paper", title, paper, RESNET_PAPER, (3, 224, 224), parts))
    return tuple(found)


RESIDUAL_NETS = (
    *_list_resnets(),
    NetDefinition(
        "resnext-50-32x4d",
        "ResNeXt-50",
        "32 groups of 4 maps, as in torchvision",
        RESNEXT_PAPER,
        (3, 224, 224),
        _make_bottleneck_parts((3, 4, 6, 3), groups=32, wider=2),
    ),
)
