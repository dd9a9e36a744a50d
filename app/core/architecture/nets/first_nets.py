"""LeNet-5, AlexNet and ZFNet in their versions, VGG, and two small networks for CIFAR-10."""

from __future__ import annotations

from collections.abc import Sequence

from .net_definition import NetDefinition, NetPart

LENET_PAPER = "LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, 1998"
ALEXNET_PAPER = "Krizhevsky, Sutskever, Hinton: ImageNet classification with deep convolutional neural networks, 2012"
ONE_COLUMN_PAPER = "Krizhevsky: One weird trick for parallelizing convolutional neural networks, 2014; torchvision"
ZFNET_PAPER = "Zeiler, Fergus: Visualizing and understanding convolutional networks, 2013"
VGG_PAPER = "Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition, 2014"

CLASSIFIER = (
    NetPart("fc6", "dropout:0.5~flatten~linear:4096~relu"),
    NetPart("fc7", "dropout:0.5~linear:4096~relu"),
    NetPart("fc8", "linear:1000~softmax"),
)
"""The three fully connected layers of AlexNet, ZFNet and VGG."""
NORMALIZE = "lrn:5,alpha=0.0005,k=2"
"""As published: 2 + 0.0001 · the sum of five squares. PyTorch divides alpha by the 5."""


def _make_alexnet_parts(groups: int) -> tuple[NetPart, ...]:
    split = f",groups={groups}" if groups > 1 else ""
    return (
        NetPart("conv1", f"conv:96@11x11,stride=4~relu~{NORMALIZE}"),
        NetPart("pool1", "maxpool:3,stride=2"),
        NetPart("conv2", f"conv:256@5x5,padding=2{split}~relu~{NORMALIZE}"),
        NetPart("pool2", "maxpool:3,stride=2"),
        NetPart("conv3", "conv:384@3x3,padding=1~relu"),
        NetPart("conv4", f"conv:384@3x3,padding=1{split}~relu"),
        NetPart("conv5", f"conv:256@3x3,padding=1{split}~relu"),
        NetPart("pool5", "maxpool:3,stride=2"),
        *CLASSIFIER,
    )


def _make_zfnet_parts(maps: Sequence[int]) -> tuple[NetPart, ...]:
    third, fourth, fifth = maps
    return (
        NetPart("conv1", "conv:96@7x7,stride=2,padding=1~relu"),
        NetPart("pool1", f"maxpool:3,stride=2,padding=1~{NORMALIZE}"),
        NetPart("conv2", "conv:256@5x5,stride=2~relu"),
        NetPart("pool2", f"maxpool:3,stride=2,padding=1~{NORMALIZE}"),
        NetPart("conv3", f"conv:{third}@3x3,padding=1~relu"),
        NetPart("conv4", f"conv:{fourth}@3x3,padding=1~relu"),
        NetPart("conv5", f"conv:{fifth}@3x3,padding=1~relu"),
        NetPart("pool5", "maxpool:3,stride=2"),
        *CLASSIFIER,
    )


def _make_vgg_parts(repeats: Sequence[int]) -> tuple[NetPart, ...]:
    blocks = []
    for number, (maps, count) in enumerate(zip((64, 128, 256, 512, 512), repeats, strict=True), 1):
        blocks.append(NetPart(f"conv{number}", f"[conv:{maps}@3x3,padding=1~relu]*{count}"))
        blocks.append(NetPart(f"pool{number}", "maxpool:2"))
    return (*blocks, *CLASSIFIER)


FIRST_NETS = (
    NetDefinition(
        "lenet-5",
        "LeNet-5",
        "as it is built today: every map reads all maps before it, ReLU, max pooling, ten scores",
        LENET_PAPER,
        (1, 32, 32),
        (
            NetPart("conv1", "conv:6@5x5~relu"),
            NetPart("pool1", "maxpool:2"),
            NetPart("conv2", "conv:16@5x5~relu"),
            NetPart("pool2", "maxpool:2"),
            NetPart("fc1", "flatten~linear:120~relu"),
            NetPart("fc2", "linear:84~relu"),
            NetPart("fc3", "linear:10~softmax"),
        ),
    ),
    NetDefinition(
        "lenet-5-1998",
        "LeNet-5",
        "as published: C3 connects 60 of 96 pairs of maps, S2 and S4 have a factor and a bias for each map, and the "
        "ten outputs compare F6 with fixed patterns, which are not trained",
        LENET_PAPER,
        (1, 32, 32),
        (
            NetPart("C1", "conv:6@5x5~tanh"),
            NetPart("S2", "avgpool:2~conv:6@1x1,groups=6~sigmoid"),
            NetPart("C3", "conv:16@5x5~tanh", pairs=60),
            NetPart("S4", "avgpool:2~conv:16@1x1,groups=16~sigmoid"),
            NetPart("C5", "conv:120@5x5~tanh"),
            NetPart("F6", "flatten~linear:84~tanh"),
        ),
    ),
    NetDefinition(
        "alexnet",
        "AlexNet",
        "in one column: every filter reads all maps, as lectures draw it",
        ALEXNET_PAPER,
        (3, 227, 227),
        _make_alexnet_parts(1),
    ),
    NetDefinition(
        "alexnet-grouped",
        "AlexNet",
        "as published, on two graphics cards: conv2, conv4 and conv5 in two groups",
        ALEXNET_PAPER,
        (3, 227, 227),
        _make_alexnet_parts(2),
    ),
    NetDefinition(
        "alexnet-torchvision",
        "AlexNet",
        "as in torchvision: one column with fewer filters, without local response normalization",
        ONE_COLUMN_PAPER,
        (3, 224, 224),
        (
            NetPart("conv1", "conv:64@11x11,stride=4,padding=2~relu"),
            NetPart("pool1", "maxpool:3,stride=2"),
            NetPart("conv2", "conv:192@5x5,padding=2~relu"),
            NetPart("pool2", "maxpool:3,stride=2"),
            NetPart("conv3", "conv:384@3x3,padding=1~relu"),
            NetPart("conv4", "conv:256@3x3,padding=1~relu"),
            NetPart("conv5", "conv:256@3x3,padding=1~relu"),
            NetPart("pool5", "maxpool:3,stride=2"),
            *CLASSIFIER,
        ),
    ),
    NetDefinition(
        "zfnet",
        "ZFNet",
        "384, 384 and 256 filters in conv3 to conv5",
        ZFNET_PAPER,
        (3, 224, 224),
        _make_zfnet_parts((384, 384, 256)),
    ),
    NetDefinition(
        "zfnet-512",
        "ZFNet",
        "the wider variant: 512, 1024 and 512 filters in conv3 to conv5",
        ZFNET_PAPER,
        (3, 224, 224),
        _make_zfnet_parts((512, 1024, 512)),
    ),
    NetDefinition("vgg-16", "VGG-16", "configuration D", VGG_PAPER, (3, 224, 224), _make_vgg_parts((2, 2, 3, 3, 3))),
    NetDefinition("vgg-19", "VGG-19", "configuration E", VGG_PAPER, (3, 224, 224), _make_vgg_parts((2, 2, 4, 4, 4))),
    NetDefinition(
        "convnetjs-cifar",
        "ConvNetJS, CIFAR-10",
        "the network of its demonstration",
        "Karpathy: ConvNetJS, CIFAR-10 demo, 2014",
        (3, 32, 32),
        (
            NetPart("conv1", "conv:16@5x5,padding=2~relu"),
            NetPart("pool1", "maxpool:2"),
            NetPart("conv2", "conv:20@5x5,padding=2~relu"),
            NetPart("pool2", "maxpool:2"),
            NetPart("conv3", "conv:20@5x5,padding=2~relu"),
            NetPart("pool3", "maxpool:2"),
            NetPart("fc", "flatten~linear:10~softmax"),
        ),
    ),
    NetDefinition(
        "cifar10",
        "Three convolutions, CIFAR-10",
        "the network model:cifar10 of this program, without its preprocessing",
        "Convoscope",
        (3, 32, 32),
        (
            NetPart("conv1", "conv:32@5x5,padding=2~relu"),
            NetPart("pool1", "maxpool:2"),
            NetPart("conv2", "conv:64@5x5,padding=2~relu"),
            NetPart("pool2", "maxpool:2"),
            NetPart("conv3", "conv:64@5x5,padding=2~relu"),
            NetPart("pool3", "maxpool:2"),
            NetPart("fc1", "flatten~linear:10~softmax"),
        ),
    ),
)
