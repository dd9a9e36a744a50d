"""The address bar describes the figure: it reopens it, and back and forward undo and redo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.lab_page import Lab, paste

FIGURES = [
    "",
    "image=coffee&size=16&channels=rgb&layers=conv:sobel-x;edges,groups=1,stride=2~relu~avgpool:2&stage=1&map=1&at=3,2&beat=write",
    "image=(1,2,3;4,5,6;7,8,9)(9,8,7;6,5,4;3,2,1)/10&layers=conv:(0.5,1/3;-1,2)/3,padding=same,padding_mode=circular,bias=1/2&at=1,1",
    "size=24x16&range=unit&layers=shift:-1x2~conv:random*3@5x3,seed=7,dilation=2~l2pool:3x2,stride=1&stage=3&colors=signed&scope=layer",
    "layers=&stage=0&tab=code&theme=dark&tempo=2&mode=row",
]
READ_FIGURE = """() => ({
  shapes: [...document.querySelectorAll("[data-part=strip] small")].map((small) => small.textContent),
  count: document.querySelector("[data-part=count]").textContent,
  result: document.querySelector("[data-part=result]").textContent,
  tables: [...document.querySelectorAll("table.grid")].map((table) => table.textContent),
  picture: document.querySelector("[data-part=output-maps] canvas").toDataURL(),
})"""

PRESSED = "document.querySelector(`[data-kernel=${given}]`).getAttribute('aria-pressed') === 'true'"
HATCHED = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, i) => i % 4 === 3 && value > 0).length / (data.length / 4);
}"""


@pytest.mark.parametrize("query", FIGURES)
def test_the_address_bar_reopens_exactly_the_same_figure(lab: Lab, query: str) -> None:
    lab.open(query)
    before = lab.page.url
    lab.page.keyboard.press("ArrowRight")
    lab.until("location.href !== given", before)
    shown, scene = lab.page.evaluate(READ_FIGURE), lab.scene()
    address = lab.page.url
    lab.page.goto("about:blank")
    lab.page.goto(address)
    lab.ready()
    assert lab.scene() == scene
    assert lab.page.evaluate(READ_FIGURE) == shown
    assert lab.page.url == address


def test_back_and_forward_undo_and_redo_edits_but_not_steps(lab: Lab) -> None:
    lab.open()
    lab.button("Stride: more").click()
    lab.says("stride=2")
    lab.page.keyboard.press("ArrowRight")
    lab.says("at=")
    lab.page.locator("[data-part=tray] [data-kernel=edges]").click()
    lab.says("edges")
    lab.page.go_back()
    lab.until(PRESSED, "sobel-x")
    assert "conv:sobel-x,stride=2" in lab.link
    assert lab.table("Filter") == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    lab.page.go_back()
    expect(lab.part("output-shape")).to_have_text("30 × 30")
    expect(lab.key("stride")).to_have_value("1")
    assert lab.link == ""
    lab.page.go_forward()
    expect(lab.part("output-shape")).to_have_text("15 × 15")
    lab.page.go_forward()
    lab.until(PRESSED, "edges")
    assert "conv:edges,stride=2" in lab.link


def test_an_edit_after_going_back_starts_from_the_figure_shown(lab: Lab) -> None:
    lab.open()
    lab.button("Stride: more").click()
    lab.says("stride=2")
    lab.page.go_back()
    lab.drops("stride")
    expect(lab.key("stride")).to_have_value("1")
    lab.page.locator("[data-part=tray] [data-kernel=edges]").click()
    lab.says("conv:edges")
    assert "stride" not in lab.link


def test_defaults_are_left_out_of_the_address(lab: Lab) -> None:
    lab.open()
    lab.button("Stride: more").click()
    lab.says("stride=2")
    lab.button("Stride: less").click()
    lab.drops("stride")
    assert "layers" not in lab.link
    assert "image" not in lab.link


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        ("layers=conv:sobel-x,stride=0", ["stride"]),
        ("image=unicorn", ["unicorn"]),
        ("size=100000", ["512"]),
        ("layers=conv:nonsense", ["nonsense"]),
        ("stage=9&at=99,99", ["stage", "at"]),
        ("%ff&&==&layers=~~~((", ["layers"]),
    ],
)
def test_a_bad_link_shows_the_nearest_figure_and_lists_the_changes(lab: Lab, query: str, sentences: list[str]) -> None:
    lab.open(query)
    for sentence in sentences:
        expect(lab.part("problems")).to_contain_text(sentence)
    assert lab.text("result-value")
    count = lab.page.locator(".problem").count()
    lab.page.locator(".problem button").first.click()
    expect(lab.page.locator(".problem")).to_have_count(count - 1)


@pytest.mark.complains("410")
def test_an_unknown_upload_keeps_the_layers_and_asks_for_the_photo_again(lab: Lab) -> None:
    lab.open("image=u-0000000000000000000000&layers=conv:edges~relu")
    expect(lab.part("problems")).to_contain_text("Drop the photo here again")
    assert [layer["op"] for layer in lab.scene()["layers"]] == ["conv", "relu"]
    expect(lab.part("strip").get_by_role("button")).to_have_count(4)
    assert 0.02 < lab.part("input-maps").locator("canvas").first.evaluate(HATCHED) < 0.6, "lines, not a filled area"


def test_unknown_keys_of_a_link_are_dropped(lab: Lab) -> None:
    lab.open("image=coffee&utm_source=mail")
    lab.page.keyboard.press("ArrowRight")
    lab.says("at=", "image=coffee")
    assert "utm_source" not in lab.link


def block(text: Callable[[int], object]) -> str:
    """Sixty rows of sixty numbers, as a spreadsheet copies them."""
    return "\n".join("\t".join(str(text(row * 7 + col * 13)) for col in range(60)) for row in range(60))


def test_a_large_typed_picture_becomes_an_upload_with_a_notice(lab: Lab) -> None:
    lab.open("image=(1,2;3,4)&layers=conv:(1)&beat=write")
    paste(lab, "image-0-0-0", block(lambda n: n % 251))
    lab.says("image=u-")
    expect(lab.part("problems")).to_contain_text("too many numbers for a link")
    expect(lab.part("input-shape")).to_have_text("60 × 60")
    lab.page.keyboard.press("Home")
    lab.page.keyboard.press("ArrowDown")
    lab.part("beats").get_by_role("button", name="write").click()
    lab.says("at=1,0")
    assert lab.result() == 7, "the numbers themselves are the same"


def test_a_notice_tells_when_typed_numbers_are_too_long_for_a_link(lab: Lab) -> None:
    lab.open("image=(1,2;3,4)&layers=conv:(1)&beat=write")
    before = lab.page.url
    paste(lab, "image-0-0-0", block(lambda n: -n))
    expect(lab.part("problems")).to_contain_text("The address bar keeps the previous figure")
    expect(lab.part("input-shape")).to_have_text("60 × 60")
    assert lab.page.url == before
    lab.page.go_back()
    expect(lab.part("input-shape")).to_have_text("2 × 2")
    lab.page.go_forward()
    expect(lab.part("input-shape")).to_have_text("60 × 60")


def test_back_after_an_edit_returns_to_the_last_step_before_it(lab: Lab) -> None:
    lab.open("at=3,4")
    with lab.answers():
        lab.page.keyboard.press("ArrowRight")
        lab.page.evaluate("document.querySelector('[data-kernel=edges]').click()")
    lab.says("conv:edges")
    lab.page.go_back()
    lab.says("at=3,5")


def test_the_skip_link_does_not_change_the_figure(lab: Lab) -> None:
    lab.open()
    lab.button("Stride: more").click()
    lab.says("stride=2")
    lab.page.locator(".skip").focus()
    lab.page.keyboard.press("Enter")
    lab.until("location.hash === '#figure'")
    lab.page.keyboard.press("ArrowRight")
    lab.says("at=", "stride=2")
    expect(lab.part("output-shape")).to_have_text("15 × 15")
    assert lab.layer()["options"] == {"stride": [2, 2]}


def test_a_title_in_the_link_is_shown_above_the_figure(lab: Lab) -> None:
    lab.open("title=Where%20is%20the%20edge?")
    expect(lab.part("title")).to_have_text("Where is the edge?")
    lab.open()
    expect(lab.part("title")).to_be_hidden()
