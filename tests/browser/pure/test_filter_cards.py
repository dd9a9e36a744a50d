"""The table of filters is made twice, for the page and for a file: both write the same names, words and numbers."""

from __future__ import annotations

import base64

import pytest

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.trace import wire
from app.core.trace.trace import get_read
from app.render.views.filter_table.filter_cards import CardMatrix, list_filter_cards
from tests.browser.pure_page import Run
from tests.number_scenes import make_trace

LINKS = [
    "image=coffee&size=9&layers=conv:identity;edges-diagonal;laplacian;edges;sharpen;box-blur;gaussian",
    "image=coffee&size=12&layers=conv:gabor-0;box-blur;1x1",
    "image=coffee&size=9&channels=rgb&layers=conv:sharpen;sobel-x;box-blur,groups=3",
    "image=coffee&size=9&channels=rgb&layers=conv:random*4@3x3,seed=2",
    "image=coffee&size=9&channels=rgb&layers=conv:sobel-x;(1,0.5;-0.25,1/3);(1)(2)(3)",
    "image=coffee&size=9&layers=conv:sobel-x",
    "image=random*6@5x5,seed=1&layers=conv:4@3x3,groups=2,seed=4",
    "image=(1,2;3,4)(5,6;7,8)&layers=conv:(1,2;3,4)/9;(1,0.1;2,3)(1,1;1,1)",
    "image=(1,2;3,4)&layers=conv:(1,2;3,4),flip=1,bias=5",
]
SCRIPT = """
  const {cardsOf} = await import("convoscope/pure/tabs/filter-table/filter-cards.js");
  const trace = W.readTrace(buffer(given));
  return cardsOf(trace.stages[1], trace.stages[0]).map(({maps, name, words, planes}) =>
    [maps, name, words, planes.map(({name, matrix}) => [matrix.texts, matrix.factor, name])]);
"""


@pytest.mark.parametrize("link", LINKS)
def test_both_make_the_same_cards(run: Run, link: str):
    trace = make_trace(link)
    stage = trace.stages[1]
    expected = [
        [list(card.maps), card.name, card.words, [write_matrix(one) for one in card.matrices]]
        for card in list_filter_cards(stage, get_read(trace, stage))
    ]
    assert parse_link(link, Limits()).problems == ()
    packed = base64.b64encode(wire.trace_to_bytes(trace, wire.make_header(trace, link, ()))).decode()
    assert run(SCRIPT, packed) == expected


def write_matrix(matrix: CardMatrix) -> list[object]:
    return [[list(row) for row in matrix.texts], matrix.factor, matrix.plane]
