"""Changing the picture on purpose, in the fold of the image's settings."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab_page import ImageLab, Lab, faults


@pytest.fixture
def lab(page: Page, base_url: str) -> Lab:
    """The Lab, opened at the settings of the image."""
    return ImageLab(page, base_url)


def open_fold(lab: Lab) -> None:
    lab.settings("image").key("adjust").click()
    expect(lab.part("cover")).to_be_visible()


def slider(lab: Lab, name: str):
    return lab.page.locator(f'[data-adjust="{name}"]')


def test_what_is_in_the_fold_is_loaded_when_it_is_opened(lab: Lab) -> None:
    asked: list[str] = []
    lab.page.on("request", lambda request: asked.append(request.url))
    lab.open("image=coffee&stage=0").rest()
    assert not [url for url in asked if "features/adjust" in url or "crop.css" in url]
    open_fold(lab)
    assert [url for url in asked if "features/adjust" in url]
    assert [url for url in asked if "crop.css" in url]


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("brightness", "1.2", "adjust=brightness:1.2"),
        ("contrast", "0.8", "adjust=contrast:0.8"),
        ("turn", "15", "adjust=turn:15"),
        ("shift-rows", "-3", "adjust=shift:-3x0"),
        ("shift-columns", "4", "adjust=shift:0x4"),
        ("noise", "10", "adjust=noise:10"),
    ],
)
def test_a_slider_changes_the_picture_and_back_takes_it_back(lab: Lab, name: str, value: str, written: str) -> None:
    lab.open("image=coffee&stage=0")
    open_fold(lab)
    slider(lab, name).fill(value)
    lab.says(written)
    assert "changed on purpose" in lab.part("figure").inner_text()
    lab.rest().page.go_back()
    lab.drops("adjust=")
    expect(slider(lab, name)).to_have_value("1" if name in ("brightness", "contrast") else "0")


def test_a_drag_of_a_slider_is_one_step_of_the_history(lab: Lab) -> None:
    lab.open("image=coffee&stage=0")
    open_fold(lab)
    before = lab.page.evaluate("history.length")
    box = slider(lab, "turn").bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    lab.page.mouse.move(box["x"] + box["width"] / 2, middle)
    lab.page.mouse.down()
    for part in (0.6, 0.7, 0.8, 0.9):
        lab.page.mouse.move(box["x"] + part * box["width"], middle)
        lab.says("adjust=turn:")
    lab.page.mouse.up()
    lab.until("history.state.scene.adjust.turn > 120")
    assert lab.page.evaluate("history.length") == before + 1


def test_a_number_can_be_typed_and_one_beyond_the_limit_is_not_used(lab: Lab) -> None:
    lab.open("image=coffee&stage=0")
    open_fold(lab)
    field = lab.page.locator('[data-adjust-field="brightness"]')
    field.fill("3.5")
    field.press("Enter")
    lab.says("brightness:3.5")
    expect(slider(lab, "brightness")).to_have_value("3.5")
    field.fill("7")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert lab.scene()["adjust"] == {"brightness": "3.5"}


def test_the_picture_is_mirrored_and_as_it_was(lab: Lab) -> None:
    lab.open("image=coffee&stage=0")
    open_fold(lab)
    lab.button("Mirror ↔: left and right change places").click()
    lab.says("adjust=flip:h")
    lab.button("Mirror ↕: top and bottom change places").click()
    lab.says("adjust=flip:hv")
    expect(lab.button("Mirror ↕: top and bottom change places")).to_have_attribute("aria-pressed", "true")
    lab.part("adjust-reset").click()
    lab.drops("adjust=")
    expect(lab.part("adjust-reset")).to_be_disabled()


def test_a_part_is_covered_with_the_mouse(lab: Lab) -> None:
    lab.open("image=coffee&size=16&stage=0")
    open_fold(lab)
    picture = lab.part("cover-picture").locator("canvas")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box
    cell = box["width"] / 16
    lab.page.mouse.move(box["x"] + 4 * cell, box["y"] + 2 * cell)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] + 9 * cell, box["y"] + 8 * cell, steps=4)
    lab.page.mouse.up()
    lab.says("adjust=cover:(2,4,6,5)")
    assert lab.text("cover-text") == "6 × 5 cells from row 2, column 4"


def test_a_part_is_covered_with_the_keys(lab: Lab) -> None:
    lab.open("image=coffee&size=16&stage=0")
    open_fold(lab)
    lab.part("cover").click()
    lab.says("adjust=cover:(4,4,8,8)")
    box = lab.part("crop-box")
    box.focus()
    box.press("ArrowRight")
    lab.says("cover:(4,5,8,8)")
    box.press("Shift+ArrowUp")
    lab.says("cover:(4,5,7,8)")
    lab.part("cover").click()
    lab.drops("adjust=")


def test_the_answers_of_a_network_stand_side_by_side_before_and_after(lab: Lab) -> None:
    query = "image=digit-3&size=28&layers=model:lenet5"
    Lab.open(lab, f"{query}&adjust=shift:0x6&stage=14")  # the page opens the tab of the image itself
    expect(lab.part("adjust-verdict")).to_be_in_viewport()
    shares = {}
    for name, adjust in (("before", ""), ("after", "&adjust=shift:0x6")):
        trace = lab.page.request.get(f"{lab.url}/api/trace.json?{query}{adjust}").json()
        shares[name] = [plane[0][0] for plane in trace["stages"][-1]["output"]]
    best = {name: values.index(max(values)) for name, values in shares.items()}
    verdict = lab.text("adjust-verdict")
    assert verdict.startswith(f"Before: {best['before']}, ")
    assert f"After: {best['after']}, {100 * max(shares['after']):.1f} %." in verdict
    rows = lab.part("adjust-answers").locator("tbody tr").all_inner_texts()
    assert [row.split("\t")[0] for row in rows][:2] == [str(best["before"]), str(best["after"])]
    slider(lab, "shift-columns").fill("0")
    expect(lab.part("adjust-answers")).to_be_hidden()


def test_a_picture_without_a_network_has_no_answers(lab: Lab) -> None:
    lab.open("image=coffee&adjust=turn:15").settings("image")
    expect(lab.part("cover")).to_be_visible()
    expect(lab.part("adjust-answers")).to_be_hidden()


def test_typed_numbers_that_are_changed_are_edited_where_they_were_typed(lab: Lab) -> None:
    lab.open("image=(1,2;3,4)&adjust=flip:h&layers=&stage=0")
    lab.settings("image")
    assert lab.page.locator('[data-key="image-0-0-0"], [data-part="image"] input').first.input_value() == "1"


def test_the_fold_is_accessible(lab: Lab) -> None:
    lab.open("image=coffee&adjust=shift:0x6,cover:(2,2,4,4)&layers=globalavgpool~linear:10~softmax").settings("image")
    lab.until("document.querySelector('[data-part=adjust-verdict]')")
    assert faults(lab.page) == []


BARS = "image=bars-45&layers=conv:gabor-45~relu~globalmaxpool"


def points_of(lab: Lab) -> list[tuple[float, float]]:
    text = lab.page.locator(".sweep-line").get_attribute("points") or ""
    return [tuple(map(float, pair.split(","))) for pair in text.split()]


def test_a_link_with_a_sweep_draws_the_curve_of_the_server_with_the_point_of_now(lab: Lab) -> None:
    Lab.open(lab, f"{BARS}&stage=2&at=15,16&sweep=turn&adjust=turn:20")  # which opens the tab of the image
    expect(lab.page.locator(".sweep-now")).to_be_in_viewport()
    found = lab.page.request.get(f"{lab.url}/api/sweep?{BARS}&stage=2&at=15,16&sweep=turn").json()
    points, largest = points_of(lab), max(found["responses"])
    assert len(points) == len(found["values"]) == 37
    bottom, top = max(y for _, y in points), min(y for _, y in points)
    for (_, y), response in zip(points, found["responses"], strict=True):
        assert bottom - y == pytest.approx(response / largest * (bottom - top), abs=0.2)
    now = found["responses"][found["values"].index(20)]
    assert lab.text("sweep-now") == f"Now at 20°: {now:.4g}."
    assert lab.text("sweep-ends").startswith("Largest 1264.8 at 0°, smallest 0 at ")


def test_a_turn_moves_the_point_and_asks_for_no_other_curve(lab: Lab) -> None:
    asked: list[str] = []
    lab.page.on("request", lambda request: asked.append(request.url) if "/api/sweep" in request.url else None)
    lab.open(f"{BARS}&stage=2&at=15,16&sweep=turn")
    expect(lab.page.locator(".sweep-line")).to_have_count(1)
    expect(lab.page.locator(".sweep-now")).to_be_visible()
    lab.page.locator('[data-adjust="turn"]').fill("10")
    lab.says("adjust=turn:10")
    lab.until("document.querySelector('[data-part=sweep-now]').textContent.includes('10°')")
    assert len(set(asked)) == 1


def test_the_curve_is_chosen_and_put_away_with_its_button(lab: Lab) -> None:
    lab.open(f"{BARS}&stage=3&sweep=right")
    expect(lab.page.locator(".sweep-line")).to_have_count(1)
    highs = {y for _, y in points_of(lab)}
    assert max(highs) - min(highs) < 12, "after the global maximum the place of the bars does not matter"
    lab.button("Down").click()
    lab.says("sweep=down")
    expect(lab.page.locator(".sweep-line")).to_have_count(1)
    lab.button("Down").click()
    lab.drops("sweep=")
    expect(lab.page.locator(".sweep-line")).to_have_count(0)


def test_the_curve_is_accessible(lab: Lab) -> None:
    lab.open(f"{BARS}&stage=2&at=15,16&sweep=turn")
    expect(lab.page.locator(".sweep-now")).to_be_visible()
    assert faults(lab.page) == []
