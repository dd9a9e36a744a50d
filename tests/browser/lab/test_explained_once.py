"""A step by hand computes its numbers once, however many parts of the page show them."""

from __future__ import annotations

import pytest

from tests.browser.lab_page import Lab

# A second viewer on the page counts how often the divisors of its stage are read: once for each computed step.
COUNT = """async () => {
  const { createViewer } = await import("convoscope/ui/viewer/viewer.js");
  const { decodeBase64, readTrace } = await import("convoscope/pure/protocol/wire.js");
  const { parseView } = await import("convoscope/pure/link/view.js");
  const root = document.querySelector("[data-part=page]");
  const tables = JSON.parse(document.querySelector("[data-part=tables]").textContent);
  const trace = readTrace(decodeBase64(tables.trace));
  const view = parseView(tables.query, tables.view);
  const events = { onView() {}, onEdit() {}, onNumbersNeeded() {}, onHelp() {}, onStep() {}, acceptsKey: () => false };
  const viewer = createViewer(root, view, tables, events);
  viewer.show(trace);
  let count = 0;
  const stage = trace.stages[1];
  const { bias } = stage;
  Object.defineProperty(stage, "bias", { get: () => { count += 1; return bias; } });
  viewer.act(ACTION);
  return count;
}"""


@pytest.mark.parametrize("action", ["next", "down", "beat"])
def test_a_step_by_hand_explains_itself_once(lab: Lab, action: str) -> None:
    lab.open("image=coffee&channels=rgb&layers=conv:random*2@3x3~relu&beat=products&at=3,3")
    assert lab.page.evaluate(COUNT.replace("ACTION", f"'{action}'")) == 1
