"""Steps of numbers that are dragged, turned with the wheel or changed with the arrow keys."""

from __future__ import annotations

import pytest

from tests.browser.pure_page import Run

STEP = """
const { stepNumber, stepUnit } = await import("convoscope/pure/link/filter-numbers.js");
return stepNumber(given.text, given.by, stepUnit(given.text, given.all ?? [given.text]));
"""


@pytest.mark.parametrize(
    ("text", "by", "among", "after"),
    [
        ("-1", 1, ["-1", "0", "1"], "0"),
        ("-1", -10, ["-1", "0", "1"], "-11"),
        ("0", -1, ["0"], "-1"),
        ("1/9", 1, ["1/9"], "2/9"),
        ("-1/9", 1, ["-1/9"], "0/9"),
        ("0.5", 1, ["-1", "0.5", "2"], "0.6"),  # a tenth of the largest whole power of ten
        ("2", 1, ["-1", "0.5", "2"], "3"),
        ("0.02", -3, ["0.02", "0.5"], "-0.01"),
        ("0", 1, ["0", "0.5"], "0.01"),
        ("0.1", 2, ["0.1", "0.25"], "0.12"),
        ("12.5", 1, ["12.5"], "13.5"),
        ("1000000", 1, ["1000000"], "1000000"),
        ("-1000000", -10, ["-1000000"], "-1000000"),
        ("0.001", 1, ["0.001"], "0.0011"),
    ],
)
def test_a_step_keeps_the_notation_of_a_number_and_fits_its_size(
    run: Run, text: str, by: int, among: list[str], after: str
) -> None:
    assert run(STEP, {"text": text, "by": by, "all": among}) == after
