"""The view of a network is made twice, for the page and for a file: both have the same columns, maps and shares."""

from __future__ import annotations

import base64
import random
from typing import Any

import pytest

from app.core.trace import wire
from app.core.trace.trace import Trace
from app.core.views.channel_shares import list_shares
from app.core.views.network_columns import choose_maps, fold_columns, list_columns, order_scores
from tests.browser.pure_page import Run
from tests.number_scenes import make_random_query, make_trace

LINKS = [
    "image=cat&channels=rgb&layers=model:cifar10",
    "image=digit-3&size=28&layers=model:lenet5",
    "image=cat&channels=rgb&layers=model:mlp10",
    "image=cat&channels=rgb&layers=model:linear10",
    "image=coffee&channels=rgb&size=12&layers=conv:random*6@3x3,padding=1~relu~conv:random*6@3x3,padding=1~add:2~relu",
    "image=coffee&size=12&layers=conv:random*3@3x3,padding=1~conv:random*4@1x1,from=0~concat:1~maxpool:2~relu~softmax",
    "image=coffee&size=12&layers="
    + "~".join(["conv:random*12@3x3,padding=1~relu"] * 6)
    + "~globalavgpool~linear:random*5",
    "image=coffee&size=9&layers=conv:gaussian;box-blur,padding=1,padding_mode=circular~batchnorm~relu~flatten~softmax",
    "image=coffee&size=32&layers="
    + "~".join(["conv:random*6@3x3,padding=1~relu~maxpool:2"] * 3)
    + "~conv:random*8@3x3~flatten~linear:random*5",
    "image=(5,6;7,8)&layers=linear:(1,0,-1,2;2,1,0,3),bias=(1,2)",
    "image=(1,2;3,4)&layers=convtranspose:(1,2,1;2,4,2;1,2,1)/4,stride=2,padding=1,output_padding=1~step",
    *(make_random_query(seed) for seed in range(8)),
]
SCRIPT = """
  const {columnsOf, drawnMaps} = await import("convoscope/pure/tabs/network/network-columns.js");
  const {foldColumns} = await import("convoscope/pure/tabs/network/fold-columns.js");
  const {sharesOf} = await import("convoscope/pure/tabs/network/channel-shares.js");
  const {orderScores} = await import("convoscope/pure/tabs/network/score-order.js");
  const trace = W.readTrace(buffer(given.trace));
  const listed = (columns) => columns.map(({kind, stages, shown, depth, reads, template, repeats = 1}) =>
    [kind, stages, shown, depth, reads, template, repeats]);
  const columns = columnsOf(trace);
  return {
    columns: listed(columns),
    folded: listed(foldColumns(trace, columns, given.most)),
    drawn: given.rooms.map((room) => drawnMaps(trace, columns, columns.map(() => room), given.chosen)),
    scores: [null, 2].map((press) => orderScores(trace, {press}, null).order),
    shares: given.places.map(([stage, map, row, col]) => sharesOf(trace, trace.stages[stage], map, [row, col])
      .map(({channel, sum, share, isSilent}) => [channel, sum, share, isSilent])),
  };
"""


def make_places(trace: Trace, draw: random.Random) -> list[list[int]]:
    places = []
    for stage in trace.stages[1:]:
        maps, rows, columns = stage.output.shape
        places += [
            [stage.info.index, draw.randrange(maps), draw.randrange(rows), draw.randrange(columns)] for _ in range(3)
        ]
    return places


def as_lists(columns: Any) -> list[list[Any]]:
    return [
        [one.kind, list(one.stages), one.shown, one.depth, list(one.reads), one.template and list(one.template),
         one.repeats]
        for one in columns
    ]  # fmt: skip


@pytest.mark.parametrize("link", LINKS)
def test_page_and_picture_have_the_same_columns_maps_and_shares(run: Run, link: str) -> None:
    trace = make_trace(link)
    if trace is None:
        pytest.skip("the layers of this random link do not fit")
    draw = random.Random(link)
    places = make_places(trace, draw)
    chosen = draw.choice(places)[:2]
    rooms = [1, 3, 7, 100]
    said = run(
        SCRIPT,
        {
            "trace": base64.b64encode(wire.trace_to_bytes(trace, wire.make_header(trace, link, ()))).decode(),
            "places": places,
            "rooms": rooms,
            "most": 4,
            "chosen": {"stage": chosen[0], "map": chosen[1]},
        },
    )
    columns = list_columns(trace)
    assert said["columns"] == as_lists(columns)
    assert said["folded"] == as_lists(fold_columns(trace, columns, 4))
    if trace.stages[-1].output.shape[1:] == (1, 1):
        assert said["scores"] == [order_scores(trace, None), order_scores(trace, 2)]
    for room, drawn in zip(rooms, said["drawn"], strict=True):
        assert drawn == [
            list(one) for one in choose_maps(trace, columns, [room] * len(columns), (chosen[0], chosen[1]))
        ]
    for (stage, map_, row, column), shares in zip(places, said["shares"], strict=True):
        own = list_shares(trace, trace.stages[stage], map_, (row, column))
        assert [one[0] for one in shares] == [one.channel for one in own]
        assert [one[3] for one in shares] == [one.is_silent for one in own]
        for one, other in zip(shares, own, strict=True):
            assert one[1] == pytest.approx(other.sum, rel=1e-9, abs=1e-9)
            assert one[2] == pytest.approx(other.share, rel=1e-9, abs=1e-9)


def test_deep_networks_fold_repeated_layers_of_one_shape() -> None:
    trace = make_trace(LINKS[6])
    assert [one.repeats for one in fold_columns(trace, list_columns(trace), 4)] == [1, 6, 1, 1]


def test_scores_keep_their_places_while_a_picture_is_changed(run: Run) -> None:
    script = """
      const {orderScores} = await import("convoscope/pure/tabs/network/score-order.js");
      const stage = (values) => ({shape: [values.length, 1, 1], output: Float32Array.from(values), index: 1});
      const trace = (image, values) => ({scene: {image}, stages: [stage([0]), stage(values)]});
      const [cat, dog, drawn] = [{sample: "cat"}, {sample: "dog"}, {planes: [[["1"]]]}];
      const rest = {press: null};
      const first = orderScores(trace(cat, [1, 3, 2]), rest, null);
      const changed = orderScores(trace(cat, [3, 1, 2]), rest, first);
      const other = orderScores(trace(dog, [3, 1, 2]), rest, changed);
      const pressed = orderScores(trace(dog, [3, 1, 2]), {press: 1}, other);
      const after = orderScores(trace(dog, [1, 2, 3]), rest, pressed);
      const many = Array.from({length: 12}, (_, n) => n);
      return [first, changed, other, pressed, after, orderScores(trace(drawn, [0, 1]), rest, null),
        orderScores(trace(cat, many), {press: 1}, null)].map(({order}) => order);
    """
    assert run(script, {}) == [
        [1, 2, 0],
        [1, 2, 0],
        [0, 2, 1],
        [0, 1, 2],
        [0, 1, 2],
        [0, 1],
        list(range(11, -1, -1)),
    ]
