"""GoogLeNet and SqueezeNet, whose modules put the maps of several branches one behind the other; MobileNetV2."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .conv_pattern import write_conv, write_normalized_conv
from .net_definition import NetDefinition, NetPart

GOOGLENET_PAPER = "Szegedy et al.: Going deeper with convolutions, 2014"
SQUEEZENET_PAPER = "Iandola et al.: SqueezeNet: AlexNet-level accuracy with 50x fewer parameters, 2016"
MOBILENET_PAPER = "Sandler et al.: MobileNetV2: Inverted residuals and linear bottlenecks, 2018"

INCEPTION: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "3a": (64, 96, 128, 16, 32, 32),
        "3b": (128, 128, 192, 32, 96, 64),
        "4a": (192, 96, 208, 16, 48, 64),
        "4b": (160, 112, 224, 24, 64, 64),
        "4c": (128, 128, 256, 24, 64, 64),
        "4d": (112, 144, 288, 32, 64, 64),
        "4e": (256, 160, 320, 32, 128, 128),
        "5a": (256, 160, 320, 32, 128, 128),
        "5b": (384, 192, 384, 48, 128, 128),
    }
)
"""Maps of the 1×1 branch, of the 3×3 branch before and after, of the third branch before and after, behind the pool."""
FIRES = ((16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256))
"""Of each SqueezeNet module: maps of its first convolution, and of each of the two beside each other."""
BOTTLENECKS = (
    *((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2)),
    *((6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)),
)
"""Of each stage of MobileNetV2: how many times wider inside, maps, blocks, stride of the first block."""


def _make_googlenet_conv(maps: int, side: int, is_normalized: bool, stride: int = 1, reads: str = "") -> str:
    """A convolution and its activation: with biases as published, or with a normalization as in torchvision."""
    write = write_normalized_conv if is_normalized else write_conv
    return f"{write(maps, side, stride, reads=reads)}~relu"


def _make_inception(maps: tuple[int, ...], is_normalized: bool) -> str:
    """Four branches that read the same stage; each convolution is `step` layers."""
    single, before_3, after_3, before_5, after_5, behind_pool = maps
    step, third = (3, 3) if is_normalized else (2, 5)

    def conv(count: int, side: int, reads: str = "") -> str:
        return _make_googlenet_conv(count, side, is_normalized, reads=reads)

    return "~".join(
        (
            conv(single, 1),
            conv(before_3, 1, f"from=-{step + 1}"),
            conv(after_3, 3),
            conv(before_5, 1, f"from=-{3 * step + 1}"),
            conv(after_5, third),
            f"maxpool:3,stride=1,padding=1,from=-{5 * step + 1}",
            conv(behind_pool, 1),
            f"concat:(-{3 * step + 2},-{step + 2},-1),from=-{5 * step + 2}",
        )
    )


def _make_googlenet_parts(is_normalized: bool) -> tuple[NetPart, ...]:
    def conv(count: int, side: int, stride: int = 1) -> str:
        return _make_googlenet_conv(count, side, is_normalized, stride)

    normalize = "" if is_normalized else "~lrn:5"
    pool = "maxpool:3,stride=2,ceil_mode=1"
    modules = {
        name: NetPart(f"inception_{name}", _make_inception(maps, is_normalized)) for name, maps in INCEPTION.items()
    }
    last_pool = "maxpool:2,ceil_mode=1" if is_normalized else pool
    return (
        NetPart("conv1", conv(64, 7, 2)),
        NetPart("pool1", f"{pool}{normalize}"),
        NetPart("conv2", f"{conv(64, 1)}~{conv(192, 3)}{normalize}"),
        NetPart("pool2", pool),
        *(modules[name] for name in ("3a", "3b")),
        NetPart("pool3", pool),
        *(modules[name] for name in ("4a", "4b", "4c", "4d", "4e")),
        NetPart("pool4", last_pool),
        *(modules[name] for name in ("5a", "5b")),
        NetPart("avgpool", "globalavgpool"),
        NetPart("fc", f"dropout:{'0.2' if is_normalized else '0.4'}~flatten~linear:1000~softmax"),
    )


def _make_fire(squeeze: int, expand: int) -> str:
    """A 1×1 convolution to few maps, then 1×1 and 3×3 convolutions of them side by side."""
    branches = f"conv:{expand}@1x1~relu~conv:{expand}@3x3,padding=1,from=-3~relu~concat:-1,from=-3"
    return f"conv:{squeeze}@1x1~relu~{branches}"


def _make_squeezenet_parts(first: str, pooled: tuple[int, ...]) -> tuple[NetPart, ...]:
    """The first convolution, then the modules fire2 to fire9, with a pool after those that are `pooled`."""
    pool = "maxpool:3,stride=2,ceil_mode=1"
    parts = [NetPart("conv1", f"{first}~relu"), NetPart("pool1", pool)]
    for number, (squeeze, expand) in enumerate(FIRES, 2):
        parts.append(NetPart(f"fire{number}", _make_fire(squeeze, expand)))
        if number in pooled:
            parts.append(NetPart(f"pool{number}", pool))
    return (
        *parts,
        NetPart("conv10", "dropout:0.5~conv:1000@1x1~relu"),
        NetPart("avgpool", "globalavgpool~softmax"),
    )


def _make_inverted_residual(channels: int, maps: int, stride: int, wider: int) -> str:
    """To `wider` times as many maps, each filtered alone, and back to few without an activation."""
    inside = channels * wider
    widen = f"{write_normalized_conv(inside, 1)}~relu6~" if wider > 1 else ""
    block = f"{widen}{write_normalized_conv(inside, 3, stride, inside)}~relu6~{write_normalized_conv(maps, 1)}"
    return f"{block}~add:-9" if stride == 1 and channels == maps else block


def _make_mobilenet_parts() -> tuple[NetPart, ...]:
    parts, channels = [NetPart("conv1", f"{write_normalized_conv(32, 3, 2)}~relu6")], 32
    for number, (wider, maps, count, stride) in enumerate(BOTTLENECKS, 1):
        blocks = [_make_inverted_residual(channels, maps, stride, wider)]
        if count > 1:
            blocks.append(f"[{_make_inverted_residual(maps, maps, 1, wider)}]*{count - 1}")
        parts.append(NetPart(f"bottleneck{number}", "~".join(blocks)))
        channels = maps
    return (
        *parts,
        NetPart("conv2", f"{write_normalized_conv(1280, 1)}~relu6"),
        NetPart("avgpool", "globalavgpool"),
        NetPart("fc", "dropout:0.2~flatten~linear:1000~softmax"),
    )


BRANCHING_NETS = (
    NetDefinition(
        "googlenet",
        "GoogLeNet",
        "as published: 5 × 5 convolutions and biases, without the two classifiers at its side",
        GOOGLENET_PAPER,
        (3, 224, 224),
        _make_googlenet_parts(False),
    ),
    NetDefinition(
        "googlenet-torchvision",
        "GoogLeNet",
        "as in torchvision: 3 × 3 in place of 5 × 5, batch normalization in place of biases",
        f"{GOOGLENET_PAPER}; torchvision",
        (3, 224, 224),
        _make_googlenet_parts(True),
    ),
    NetDefinition(
        "squeezenet-1.0",
        "SqueezeNet 1.0",
        "as published",
        SQUEEZENET_PAPER,
        (3, 224, 224),
        _make_squeezenet_parts("conv:96@7x7,stride=2", (4, 8)),
    ),
    NetDefinition(
        "squeezenet-1.1",
        "SqueezeNet 1.1",
        "the later version, which pools earlier",
        SQUEEZENET_PAPER,
        (3, 224, 224),
        _make_squeezenet_parts("conv:64@3x3,stride=2", (3, 5)),
    ),
    NetDefinition(
        "mobilenet-v2",
        "MobileNetV2",
        "width 1.0",
        MOBILENET_PAPER,
        (3, 224, 224),
        _make_mobilenet_parts(),
    ),
)
