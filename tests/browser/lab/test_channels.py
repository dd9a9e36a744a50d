"""Filters over several channels: what the Lab says about them, and the choice beside K."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.lab_page import Lab

OLD = "channels=rgb&layers=conv:sobel-x"


def test_an_old_link_gets_a_note_that_says_what_to_add_and_that_can_be_closed(lab: Lab) -> None:
    lab.open(OLD)
    note = lab.part("problems").locator(".problem")
    expect(note).to_have_count(1)
    expect(note).to_contain_text("One filter reads all 3 channels and makes one map.")
    expect(note).to_contain_text("groups=3")
    expect(lab.part("output-multiples")).to_be_hidden()
    lab.button("Close this message").click()
    expect(note).to_have_count(0)
    lab.types("stride", "2")
    lab.says("stride=2,groups=1")
    expect(note).to_have_count(0)


def test_a_class_before_an_embed_is_not_told_of_versions(lab: Lab) -> None:
    lab.open(OLD, path="/embed")
    expect(lab.part("output-shape")).to_have_text("30 × 30")
    expect(lab.part("problems").locator(".problem")).to_have_count(0)
    expect(lab.part("output-multiples")).to_be_hidden()
