"""The examples: each opens as its row says, and the numbers that its words name are those of its figure."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.core.limits import Limits
from app.core.link.query_string import format_link, parse_link
from app.examples import EXAMPLES, Example, read_examples
from app.local_lab import compute_figure
from app.render.view_position import fit_view
from app.resources import UnusableFile

ALL = [one for topic in EXAMPLES for one in topic.examples]
FIGURES = [one for one in ALL if not one.page]


def named(name: str) -> Example:
    (found,) = [one for one in ALL if one.name == name]
    return found


@pytest.mark.parametrize("example", FIGURES, ids=lambda one: one.name)
def test_an_example_opens_without_a_word_of_complaint(example: Example) -> None:
    figure = compute_figure(example.link)
    assert figure.answer.trace is not None
    assert figure.answer.problems == ()
    assert fit_view(figure.answer.trace, figure.view).notes == ()


def test_no_two_examples_are_the_same_figure() -> None:
    links = []
    for one in FIGURES:
        parsed = parse_link(one.link, Limits())
        links.append(format_link(parsed.scene, parsed.view))
    links += [f"{one.page}?{one.link}" for one in ALL if one.page]
    assert len(set(links)) == len(ALL)


@pytest.mark.parametrize("example", ALL, ids=lambda one: one.name)
def test_the_words_of_an_example_fit_its_card(example: Example) -> None:
    assert 3 <= len(example.title) <= 50
    assert 3 <= len(example.sentence) <= 80
    assert example.sentence[-1] in ".?!"


@pytest.mark.parametrize(
    ("name", "numbers"),
    [  # computed by hand, or from the lectures that the examples are taken from
        ("x-filter", [[4, 3, 4], [2, 4, 3], [2, 3, 4]]),
        ("curve-match", [[6600]]),
        ("curve-other", [[0]]),
        ("maxpool", [[6, 8], [3, 4]]),
        ("avgpool", [[3.25, 5.25], [2, 2]]),
        ("difference", [[3, 4, -3]]),
        ("line-full", [[0, 1, 2.5, 4, 1.5]]),
        ("letters", [[375, 475], [675, 775]]),
    ],
)
def test_worked_examples_have_the_numbers_that_a_lecturer_writes_on_the_board(
    name: str, numbers: list[list[float]]
) -> None:
    trace = compute_figure(named(name).link).answer.trace
    assert trace is not None
    assert trace.stages[1].output[0].tolist() == numbers


def test_single_numbers_that_the_words_name_are_right() -> None:
    def value(name: str, stage: int = 1) -> float:
        figure = compute_figure(named(name).link)
        assert figure.answer.trace is not None
        position = fit_view(figure.answer.trace, figure.view)
        return float(position.stage.output[(position.map, *position.cell)])

    assert value("vertical-edge-6-stride") == -15
    assert value("vertical-edge-6") == 6
    shares = compute_figure(named("softmax").link).answer.trace
    assert shares is not None
    assert np.round(shares.stages[1].output.ravel() * 100).tolist() == [82, 15, 2, 1]


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("stride-1", (1, 5, 5)),
        ("stride-2", (1, 3, 3)),
        ("stride-3", (1, 2, 2)),
        ("padding", (1, 7, 7)),
        ("padding-stride-3", (1, 3, 3)),
        ("shrink", (1, 24, 24)),
        ("six-maps", (6, 28, 28)),
        ("ten-filters", (10, 32, 32)),
        ("one-by-one", (32, 56, 56)),
        ("depthwise", (3, 30, 30)),
        ("two-filters-demo", (2, 3, 3)),
        ("alexnet-first", (64, 55, 55)),
        ("cifar-first", (32, 32, 32)),
        ("stretch", (3072, 1, 1)),
    ],
)
def test_sizes_that_the_words_name_are_right(name: str, shape: tuple[int, ...]) -> None:
    figure = compute_figure(named(name).link)
    assert figure.answer.trace is not None
    assert fit_view(figure.answer.trace, figure.view).stage.output.shape == shape


@pytest.mark.parametrize(
    ("name", "stage", "count"),
    [("mlp", 3, "100 templates"), ("cifar-first", 2, "32 maps"), ("lenet-conv2", 5, "16 filters")],
)
def test_counts_of_networks_that_the_words_name_are_right(name: str, stage: int, count: str) -> None:
    example = named(name)
    trace = compute_figure(example.link).answer.trace
    assert trace is not None
    assert count in example.sentence
    assert len(trace.stages[stage].output) == int(count.split()[0])


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"name": "A b", "title": "t", "sentence": "s.", "link": ""}, "is no name"),
        ({"name": "a", "title": "t", "sentence": "s."}, "link is missing"),
        ({"name": "a", "title": "t", "sentence": "s.", "link": "", "rows": 1}, "rows is no field"),
        (
            {"name": "a", "title": "t", "sentence": "s.", "link": "", "page": "docs"},
            "must be filters, compare or left",
        ),
        ({"name": "t", "title": "t", "sentence": "s.", "link": ""}, "the name of two rows"),
    ],
)
def test_a_row_that_is_wrong_is_named(tmp_path: Path, row: dict[str, object], fault: str) -> None:
    table = tmp_path / "examples.json"
    table.write_text(json.dumps({"topics": [{"name": "t", "title": "T", "sentence": "S.", "examples": [row]}]}))
    with pytest.raises(UnusableFile, match=fault):
        read_examples(table)


def test_a_table_that_is_no_json_is_named(tmp_path: Path) -> None:
    table = tmp_path / "examples.json"
    table.write_text("{")
    with pytest.raises(UnusableFile, match=r"examples\.json cannot be read"):
        read_examples(table)
