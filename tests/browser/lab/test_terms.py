"""What is written out where single tables would be too many: softmax, and sums of very many terms."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.lab_page import Lab
from tests.number_scenes import read_text

SHARES = "Softmax, written out"


def rows(lab: Lab, name: str | re.Pattern[str]) -> list[list[str]]:
    """The table's texts, once it is there."""
    table = lab.page.get_by_role("table", name=name)
    expect(table).to_be_visible()
    lines: list[list[str]] = table.locator("tbody tr, tfoot tr").evaluate_all(
        "(all) => all.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    return lines


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("+", ""))


def share(text: str) -> float:
    """A share in percent; what is below a tenth counts as nothing."""
    return 0.0 if text == "< 0.1 %" else float(text.removesuffix(" %")) / 100


def test_softmax_shows_every_score_e_to_it_and_its_share_of_their_sum(lab: Lab) -> None:
    lab.open("image=(1,3;-2,2)&layers=flatten~softmax&stage=2&map=3&beat=write")
    *classes, total = rows(lab, SHARES)
    scores = np.array([1, 3, -2, 2])
    assert [number(line[1]) for line in classes] == scores.tolist()
    powers = np.exp(scores - 3.0)
    np.testing.assert_allclose([number(line[2]) for line in classes], powers, atol=5e-5)
    np.testing.assert_allclose([share(line[3]) for line in classes], powers / powers.sum(), atol=5e-4)
    assert number(total[2]) == pytest.approx(sum(number(line[2]) for line in classes), abs=1e-12)
    assert total[3] == "100 %"
    expect(lab.part("terms")).to_contain_text("3 is the largest score. It is subtracted from every score first")
    expect(lab.part("result-before")).to_have_text("0.3679 ÷ 1.5099, its share of the whole")
    expect(lab.part("result-value")).to_have_text(f"≈ {100 * math.exp(-1) / powers.sum():.1f} %")


def test_softmax_goes_from_scores_to_e_to_them_to_shares_a_beat_at_a_time(lab: Lab) -> None:
    lab.open("image=(1,3;-2,2)&layers=flatten~softmax&stage=2&map=1&beat=window")
    assert rows(lab, SHARES)[1] == ["1", "3", "?", "?"]
    lab.page.get_by_role("button", name="e^x").click()
    expect(lab.page.get_by_role("row", name="1 3 1 ?")).to_be_visible()
    lab.page.keyboard.press("Shift+ArrowRight")
    expect(lab.page.get_by_role("row", name="1 3 1 66.2 %")).to_be_visible()


def test_of_very_many_classes_the_highest_the_one_in_focus_and_the_rest_have_a_line(lab: Lab) -> None:
    lab.open("image=bars-45&size=7&range=unit&layers=flatten~softmax&stage=2&map=17&beat=write")
    lines = rows(lab, SHARES)
    rounded = [line for line in lines if line[0] == "rounded"]
    listed = [line for line in lines[:-1] if line not in rounded]
    assert len(listed) in (9, 10)
    assert "17" in [line[0] for line in listed]
    assert re.fullmatch(r"4[01] others", listed[-1][0])
    assert sum(share(line[3].replace("−", "-")) for line in [*listed, *rounded]) == pytest.approx(1, abs=1e-12)


def test_a_sum_of_thousands_shows_its_strongest_terms_and_adds_up_to_the_last_digit(lab: Lab) -> None:
    lab.open("image=ship&channels=rgb&layers=model:linear10&stage=3&map=8&beat=write")
    *terms, rest, total, bias = rows(lab, re.compile("strongest terms"))
    assert len(terms) == 6
    assert rest[0] == "3066 others, added up"
    assert total[0] == "sum of all 3072"
    products = [number(line[2]) for line in terms]
    assert products == sorted(products, key=abs, reverse=True)
    for _, factors, product in terms:
        value, weight = (number(part) for part in re.findall(r"[−\d.]+(?:e−\d+)?", factors))
        assert number(product) == pytest.approx(value * weight, abs=1e-3)
    assert sum(products) + number(rest[1]) == pytest.approx(number(total[1]), abs=1e-9)
    assert number(total[1]) + number(bias[1]) == pytest.approx(lab.result(), abs=1e-9)
    expect(lab.page.locator(".written-out canvas")).to_have_count(3)
    expect(lab.page.locator(".ringed i")).to_have_count(6)


def test_the_products_of_a_long_sum_wait_for_their_beat(lab: Lab) -> None:
    lab.open("image=digit-2&size=28&layers=model:lenet5&stage=9&beat=window")
    name = re.compile("strongest terms")
    assert {line[-1] for line in rows(lab, name)} == {"?"}
    lab.page.keyboard.press("Shift+ArrowRight")
    table = lab.page.get_by_role("table", name=name)
    expect(table.locator("tbody td:last-child").first).not_to_have_text("?")
    expect(table.locator("tfoot td").first).to_have_text("?")


def test_a_legend_says_where_cells_lie_beyond_its_ends(lab: Lab) -> None:
    """A sharpened picture keeps black and white of the input, and has values beyond both."""
    scene = "image=(9,0,0,0;0,9,0,0;0,0,0,0;0,0,0,1)&layers=conv:sharpen"
    lab.open(f"{scene}&at=0,1")
    expect(lab.part("output-legend")).to_have_text("09")  # nothing is said of cells to come
    lab.open(f"{scene}&at=1,1")
    expect(lab.part("output-legend")).to_have_text("≤ 0≥ 9")
    expect(lab.part("output-legend")).to_have_attribute("title", re.compile(r"the most extreme are −9 and 45\.$"))
    expect(lab.part("input-legend")).to_have_text("09")


def test_the_terms_of_a_filter_of_a_whole_picture_add_up_with_powers_of_ten(lab: Lab) -> None:
    large = "conv:(1000000),groups=3~conv:(1000000),groups=3~conv:linear10/fc1"
    lab.open(f"image=cat&channels=rgb&layers={large}&stage=3&map=3&beat=write")
    table = lab.page.locator(".terms-table")
    expect(table).to_be_visible()
    *terms, total, _bias = table.locator("td:last-child").all_inner_texts()
    assert total.endswith("e13")
    assert sum(map(read_text, terms)) == read_text(total)
