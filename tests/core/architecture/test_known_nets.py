"""The totals of known networks, as lectures, papers and torchvision give them."""

from __future__ import annotations

from functools import cache

import pytest

from app.core.architecture.architecture import Architecture, price_net
from app.core.architecture.nets.net_table import NETS
from app.core.architecture.priced_stage import PricedStage
from app.core.weights.pretrained import NoTrainedModels


@cache
def priced(net: str, shape: str = "") -> Architecture:
    return price_net(net, shape, NoTrainedModels())


def last_of(net: str, part: str) -> PricedStage:
    return [stage for stage in priced(net).stages if stage.part == part][-1]


@pytest.mark.parametrize(
    ("net", "parameters", "multiply_adds"),
    [
        ("lenet-5", 61_706, 416_520),
        ("lenet-5-1998", 60_000, 327_256),
        ("alexnet", 62_378_344, 1_135_256_096),
        ("alexnet-grouped", 60_965_224, 724_406_816),
        ("alexnet-torchvision", 61_100_840, 714_188_480),
        ("zfnet", 62_357_608, 1_168_032_896),
        ("zfnet-512", 107_627_624, 2_476_704_896),
        ("vgg-16", 138_357_544, 15_470_264_320),
        ("vgg-19", 143_667_240, 19_632_062_464),
        ("convnetjs-cifar", 22_466, 3_920_000),
        ("cifar10", 166_410, 22_128_640),
        ("googlenet", 6_998_552, 1_582_671_872),
        ("googlenet-torchvision", 6_624_904, 1_498_376_192),
        ("squeezenet-1.0", 1_248_424, 818_924_576),
        ("squeezenet-1.1", 1_235_496, 349_151_936),
        ("mobilenet-v2", 3_504_872, 300_774_272),
        ("resnet-18", 11_689_512, 1_814_073_344),
        ("resnet-34", 21_797_672, 3_663_761_408),
        ("resnet-50", 25_557_032, 4_089_184_256),
        ("resnet-50-paper", 25_557_032, 3_857_973_248),
        ("resnet-101", 44_549_160, 7_801_405_440),
        ("resnet-101-paper", 44_549_160, 7_570_194_432),
        ("resnet-152", 60_192_808, 11_513_626_624),
        ("resnet-152-paper", 60_192_808, 11_282_415_616),
        ("resnext-50-32x4d", 25_028_904, 4_230_479_872),
    ],
)
def test_a_known_network_has_its_parameters_and_multiply_adds(net, parameters, multiply_adds):
    totals = priced(net).totals
    assert (totals.parameters, totals.multiply_adds) == (parameters, multiply_adds)


def test_every_known_network_has_a_test_of_its_totals():
    marks = test_a_known_network_has_its_parameters_and_multiply_adds.pytestmark
    assert {row[0] for row in marks[0].args[1]} == set(NETS)


def test_weights_and_biases_are_counted_apart():
    totals = priced("vgg-19").totals
    assert (totals.weights, totals.biases) == (143_652_544, 14_696)


def test_a_normalization_counts_its_gains_and_shifts_or_is_folded():
    totals = priced("resnet-50").totals
    assert totals.folded == 25_530_472
    normalized = [stage for stage in priced("resnet-50").stages if stage.op == "batchnorm"]
    assert sum(stage.parameters for stage in normalized) == 2 * (25_557_032 - 25_530_472)
    assert all(stage.weights == stage.biases == stage.shape[0] and stage.folded == 0 for stage in normalized)
    assert priced("vgg-16").totals.folded == priced("vgg-16").totals.parameters


def test_vgg_16_keeps_15_million_numbers():
    totals = priced("vgg-16").totals
    assert totals.kept == 15_237_608
    assert totals.bytes == 60_950_432  # 61.0 MB
    assert round((totals.kept + totals.copied) / 1e6, 1) == 28.8
    assert (totals.pair, totals.pair_bytes) == (2 * 64 * 224 * 224, 25_690_112)


@pytest.mark.parametrize(
    ("net", "part", "field", "jump", "start"),
    [
        ("vgg-16", "pool5", 212, 32, -90),
        ("alexnet", "pool5", 195, 32, -64),
        ("resnet-18", "conv5_x", 435, 32, -217),
        ("resnet-50", "conv5_x", 427, 32, -213),
        ("resnet-50-paper", "conv5_x", 483, 32, -241),
        ("lenet-5", "pool2", 16, 4, 0),
        ("cifar10", "conv1", 5, 1, -2),
        ("cifar10", "pool1", 6, 2, -2),
        ("cifar10", "conv2", 14, 2, -6),
        ("cifar10", "pool2", 16, 4, -6),
        ("cifar10", "conv3", 32, 4, -14),
        ("cifar10", "pool3", 36, 8, -14),
    ],
)
def test_a_known_network_has_its_receptive_fields(net, part, field, jump, start):
    stage = last_of(net, part)
    assert stage.receptive_field == (field, field)
    assert (stage.jump, stage.start, stage.sees_all) == ((jump, jump), (start, start), False)


def test_behind_a_fully_connected_layer_every_cell_sees_the_whole_picture():
    stage = last_of("vgg-16", "fc6")
    assert stage.sees_all
    assert (stage.receptive_field, stage.start) == ((224, 224), (0, 0))


def test_googlenet_has_about_nine_times_fewer_parameters_than_alexnet():
    assert round(priced("alexnet").totals.parameters / priced("googlenet").totals.parameters) == 9


@pytest.mark.parametrize(
    ("net", "parts"),
    [
        ("alexnet", {"pool1": (96, 27, 27), "pool2": (256, 13, 13), "pool5": (256, 6, 6), "fc8": (1000, 1, 1)}),
        ("vgg-16", {"pool1": (64, 112, 112), "conv5": (512, 14, 14), "pool5": (512, 7, 7)}),
        ("zfnet", {"conv1": (96, 110, 110), "pool1": (96, 55, 55), "conv2": (256, 26, 26), "pool5": (256, 6, 6)}),
        ("googlenet", {"pool2": (192, 28, 28), "inception_3a": (256, 28, 28), "inception_4e": (832, 14, 14)}),
        ("googlenet-torchvision", {"inception_5b": (1024, 7, 7), "avgpool": (1024, 1, 1)}),
        ("resnet-50", {"conv2_x": (256, 56, 56), "conv5_x": (2048, 7, 7), "fc": (1000, 1, 1)}),
        ("squeezenet-1.0", {"fire2": (128, 54, 54), "fire9": (512, 13, 13), "conv10": (1000, 13, 13)}),
        ("mobilenet-v2", {"bottleneck1": (16, 112, 112), "bottleneck7": (320, 7, 7), "conv2": (1280, 7, 7)}),
        ("lenet-5-1998", {"C1": (6, 28, 28), "S4": (16, 5, 5), "C5": (120, 1, 1), "F6": (84, 1, 1)}),
    ],
)
def test_a_known_network_has_the_shapes_of_its_paper(net, parts):
    assert {part: last_of(net, part).shape for part in parts} == parts


def test_lenet_of_1998_has_the_parameters_of_its_paper_in_each_layer():
    found: dict[str, int] = {}
    for stage in priced("lenet-5-1998").stages:
        found[stage.part] = found.get(stage.part, 0) + stage.parameters
    assert found == {"": 0, "C1": 156, "S2": 12, "C3": 1_516, "S4": 32, "C5": 48_120, "F6": 10_164}


def test_the_sum_over_the_stages_is_the_total():
    for net in NETS:
        found = priced(net)
        assert sum(stage.parameters for stage in found.stages) == found.totals.parameters
        assert sum(stage.folded for stage in found.stages) == found.totals.folded
        assert sum(stage.kept for stage in found.stages) == found.totals.kept
        assert max(stage.pair for stage in found.stages) == found.totals.pair


def test_a_known_network_is_the_same_as_its_pattern_and_as_its_layers():
    for net in ("resnet-18", "googlenet", "lenet-5"):
        found, shape = priced(net), "x".join(map(str, NETS[net].shape))
        assert priced(found.pattern, shape).totals == found.totals
    found = priced("googlenet")
    unfolded = priced("~".join(found.layers))
    assert [stage.reads for stage in unfolded.stages] == [stage.reads for stage in found.stages]
    assert unfolded.totals == found.totals


def test_a_known_network_can_be_priced_on_another_picture():
    small, large = priced("resnet-18", "64"), priced("resnet-18", "3x448x448")
    assert small.totals.parameters == large.totals.parameters == 11_689_512
    assert large.totals.multiply_adds > 3.9 * priced("resnet-18").totals.multiply_adds
    assert priced("resnet-18", "224x448").stages[0].shape == (3, 224, 448)
