"""Volumes are drawn twice, by the page and in the picture of a figure: both have the same texts, colors and order."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.lab import Lab
from app.render.figure import lay_out_figure
from app.render.figure.primitives import DisplayList, Rect, TextLine
from tests.browser.lab.test_volumes import DEMO
from tests.browser.pure.test_sharing_twins import pack
from tests.browser.pure_page import Run
from tests.golden.make_figures import make_lab, open_figure

SIX = "image=coffee&channels=rgb&layers=conv:random*6@5x5,groups=1,bias=(1,2,3,4,5,6)&at=10,10"
LINKS = [
    *(f"{DEMO}&at=1,1&map=0&beat={beat}" for beat in ("window", "channel-1", "sum", "bias", "write")),
    f"{DEMO}&at=2,0&map=1&beat=channel-0",
    f"{DEMO}&at=2,2&map=1&beat=write&ghost=1",
    f"{SIX}&map=3&beat=write",
    f"{SIX}&map=0&beat=products",
    "image=coffee&channels=rgb&layers=conv:random*64@5x5,groups=1,seed=2&map=40&at=3,20&beat=sum",
    "image=coffee&channels=rgb&layers=&stage=0&at=10,12",
    "image=(1,2,3;4,5,6)(7,8,9;0,1,2)&layers=&stage=0&at=1,1",
    "image=coffee&channels=rgb&size=20&layers=conv:random*24@1x1,groups=1~conv:random*9@1x1,groups=1&stage=2&at=2,2",
    "image=coffee&channels=rgb&layers=conv:random*2@3x3,groups=1,seed=3,bias=(10,-20)~relu&stage=1&map=1&at=9,9&beat=write",
    "image=(1,-2,3;4,5,-6;7,8,9)&layers=conv:(1,0;0,-1);(0.5,1;-1,0.25),bias=(-1,1/3)~relu&stage=1&map=0&at=1,0&beat=bias",
    "image=(1,-2,3;4,5,-6;7,8,9)&layers=conv:(1,0;0,-1);(2,1;-1,0),bias=(-1,0)~relu&stage=2&map=1&at=1,0",
    "image=coffee&channels=rgb&layers=conv:sobel-x,groups=3,padding=1,padding_mode=reflect&map=1&at=0,5",
    "image=face&layers=conv:random*8@7x7,padding=3,seed=1~maxpool:2&stage=2&map=2&at=3,2",
    "image=face&layers=conv:gaussian;box-blur,dilation=2,padding=2&map=1&at=4,4&beat=write",
    "image=random*8@7x7,seed=1&layers=conv:random*4@3x3,groups=2,seed=4&map=2&at=1,1&beat=write",
    "image=(1,2;3,4)&layers=convtranspose:(1,2,1;2,4,2;1,2,1)/4,stride=2,padding=1&at=1,1&beat=write",
    "image=digit-3&size=28&layers=model:lenet5&stage=5&map=4&at=2,3&beat=write",
    "image=cat&channels=rgb&layers=model:linear10&stage=2&map=1300",
    "image=(1,2,3;4,5,6)(7,8,9;0,1,2)&layers=flatten&map=5",
    "image=random*20@4x4,seed=1&layers=flatten&map=315",
]
SCRIPT = """
  const {volumeView} = await import("convoscope/pure/tabs/volume/volume-view.js");
  const trace = W.readTrace(buffer(given.trace));
  const frame = F.frameAt(trace, given.view);
  const found = {texts: [], fills: [], says: []};
  const read = (one, inside) => {
    if (typeof one === "string") return void (one && inside && found[inside].push(one));
    if (!Array.isArray(one)) return;
    const [tag, ...rest] = one;
    const attributes = rest.length && !Array.isArray(rest[0]) && typeof rest[0] === "object" ? rest.shift() : {};
    if (tag === "rect" && attributes?.style?.fill) found.fills.push(attributes.style.fill);
    const isSaid = tag === "p" || tag === "td" || tag === "th";
    for (const child of rest) read(child, isSaid ? "says" : tag === "text" ? "texts" : inside);
  };
  read(volumeView(trace, frame, {view: given.view, size: {width: 1112, height: 488, text: 12}}), null);
  return found;
"""


@pytest.fixture(scope="module")
def lab() -> Lab:
    return make_lab()


def list_fills(figure: DisplayList) -> list[str]:
    """The colors of cells with numbers, as the page has them by day."""
    parts = ("volume-input", "volume-filter", "volume-output", "volume-pooling", "volume-number", "volume-pixel")
    plain = {"#ffffff", "#efefea"}
    return [one.fill for one in figure.select(Rect, *parts) if one.fill and one.fill not in plain]


def by_day(color: str) -> str:
    """The color of a light page: one alone, or the first of light-dark(…)."""
    return re.findall(r"#[0-9a-f]{6}", color)[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("link", LINKS)
def test_the_page_and_the_picture_draw_the_same_volume(run: Run, lab: Lab, link: str) -> None:
    trace, position = open_figure(lab, f"{link}&volume=1")
    view: dict[str, Any] = {
        "stage": position.stage.info.index,
        "map": position.map,
        "at": list(position.cell),
        "beat": position.view.beat,
        "ghost": position.view.ghost,
        "isWhole": False,
        "story": None,
        "colors": position.view.colors,
        "scope": position.view.scope,
        "volume": True,
        "stops": [],
    }
    page = run(SCRIPT, {"trace": pack(trace, link), "view": view})
    figure = lay_out_figure(trace, position)
    texts = [one.text for one in figure.select(TextLine) if one.part.startswith("volume-") and one.text]
    assert page["texts"] == texts
    said = " ".join(one.text for one in figure.select(TextLine) if one.part in ("view-says", "view-dot"))
    assert sorted(" ".join(page["says"]).split()) == sorted(said.split())
    plain = {"#ffffff", "#efefea"}
    assert [one for one in map(by_day, page["fills"]) if one not in plain] == list_fills(figure)
