"""The numbers of a step as they are written: they add up, and what is exact is exact."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from app.core.explain import explain_step
from app.core.writing import StepTexts, write_step
from tests.number_scenes import find_fault, list_places, make_random_query, make_trace


def faults_of(seed: int, each: int = 4) -> list[str]:
    query = make_random_query(seed)
    trace = make_trace(query)
    found = []
    for place in list_places(trace, seed, each) if trace else []:
        step = explain_step(trace, *place)
        fault = find_fault(asdict(write_step(trace, step)), step)
        if fault:
            found.append(f"{query} at {place}: {fault}")
    return found


@pytest.mark.parametrize("seed", range(12))
def test_shown_terms_add_up_to_the_shown_result_or_the_rounding_is_said(seed):
    assert faults_of(seed) == []


@pytest.mark.long
def test_shown_terms_add_up_in_five_hundred_random_figures():
    assert [fault for seed in range(100, 600) for fault in faults_of(seed, 6)] == []


def texts_of(query: str, *place: int) -> StepTexts:
    trace = make_trace(query)
    assert trace is not None
    return write_step(trace, explain_step(trace, *place))


def test_typed_decimals_are_exact_so_that_they_add_up_to_zero():
    texts = texts_of("image=(0.7,0.4,0.3)&layers=conv:(1,-1,-1)", 1, 0, 0, 0)
    assert (texts.result, texts.is_result_exact) == ("0", True)
    assert texts.channels[0].products == (("+0.7", "−0.4", "−0.3"),)


@pytest.mark.parametrize(
    ("query", "stage", "result"),
    [
        ("image=(0.7,0.4,0.3)&layers=conv:(1,-1,-1)~relu~conv:(2),bias=0.1", 3, "0.1"),
        ("image=(0.7,0.4,0.3)&layers=conv:(0.1,-0.25,0.5)", 1, "0.12"),
        ("image=(1/3,1/3,1/3)&layers=conv:(1,1,-2)", 1, "0"),
        ("image=(0.1,0.2;0.3,0.25)&layers=maxpool:2", 1, "0.3"),
        ("image=(0.1,0.2;0.3,0.4)&layers=avgpool:2", 1, "0.25"),
        ("image=(-0.5,0.2;0.3,0.4)&layers=leaky_relu:0.1", 1, "−0.05"),
        ("image=(0.1,0.2,0.3)&layers=conv:(1,1,-1)/9,bias=-1.5", 1, "−1.5"),
        ("image=(3,4)&layers=l2pool:1x2", 1, "5"),
        ("image=(0.7,8)&layers=relu6", 1, "0.7"),
        ("image=(8.1,0.2)&layers=relu6", 1, "6"),
        ("image=(0.5,-1.5)&layers=step~avgpool:1x2", 2, "0.5"),
    ],
)
def test_exact_results_carry_no_sign_of_rounding(query: str, stage: int, result: str):
    texts = texts_of(query, stage, 0, 0, 0)
    assert (texts.result, texts.is_result_exact, texts.rounding) == (result, True, "")


@pytest.mark.parametrize(
    ("query", "place", "result", "sentence"),
    [
        ("image=(3,1;2,5)&layers=pad:1,value=-0.5", (1, 0, 0, 0), "−0.5", "−0.5 = −0.5"),
        ("image=(3,1;2,5)&layers=pad:1,value=-7.25", (1, 0, 3, 3), "−7.25", "−7.25 = −7.25"),
        ("image=(0.7,0.4)&layers=pad:0x1,value=0.125", (1, 0, 0, 0), "0.125", "0.125 = 0.125"),
        ("image=(3,1;2,5)&layers=pad:1,value=-0.5", (1, 0, 1, 1), "3", "3 = 3"),
        ("image=(3,1;2,5)&layers=pad:1", (1, 0, 0, 0), "0", "0 = 0"),
        ("image=(1/3,1)&layers=pad:1,value=2.5", (1, 0, 0, 0), "2.5", "2.5 = 2.5"),
    ],
)
def test_a_cell_of_a_pad_is_written_from_its_own_stage(
    query: str, place: tuple[int, ...], result: str, sentence: str
) -> None:
    """A value that the stage before cannot write, such as a half between whole numbers, is exact all the same."""
    texts = texts_of(query, *place)
    assert f"{texts.sum} = {texts.result}" == sentence
    assert (texts.result, texts.is_sum_exact, texts.is_result_exact, texts.rounding) == (result, True, True, "")
    assert texts.channels[0].values == ((result,),)


@pytest.mark.parametrize(
    ("query", "result"),
    [
        ("image=(1,1,1)&layers=conv:(1,1,-1)/3", "0.3333"),
        ("image=(0,1)&layers=sigmoid", "0.5"),
        ("image=(40)&layers=sigmoid", "1"),
        ("image=(-200)&layers=sigmoid", "1.384e−87"),
    ],
)
def test_rounded_results_say_so(query: str, result: str):
    texts = texts_of(query, 1, 0, 0, 0)
    assert texts.result == result
    assert texts.is_result_exact == (query == "image=(0,1)&layers=sigmoid")


def test_typed_weights_and_biases_keep_their_text():
    texts = texts_of("image=(1,2,3)&layers=conv:(0.1,0.25,-1.5),bias=0.05", 1, 0, 0, 0)
    assert texts.channels[0].weights == (("0.1", "0.25", "−1.5"),)
    assert (texts.divisor, texts.bias, texts.bias_written) == ("", "0.05", "")
    ninths = texts_of("image=(1,2,3)&layers=conv:(1/9,2/9,1/3),bias=1/7", 1, 0, 0, 0)
    assert ninths.channels[0].weights == (("1", "2", "3"),)
    assert (ninths.divisor, ninths.bias_written) == ("9", "1/7")


def test_products_of_a_weight_of_one_are_their_values():
    for column in range(30):
        texts = texts_of("image=chelsea&range=unit&layers=conv:sobel-x", 1, 0, 5, column)
        (channel,) = texts.channels
        pairs = zip(channel.values, channel.weights, channel.products, strict=True)
        for values, weights, products in pairs:
            for value, weight, product in zip(values, weights, products, strict=True):
                if weight in ("1", "−1"):
                    assert product.strip("+−") == value, column
