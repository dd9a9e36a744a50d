"""The view in a link is read and written as Python does."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.limits import Limits
from app.core.link.query_string import format_view, parse_link
from app.core.options import VIEW_OPTIONS
from tests.browser.pure_page import Run

TABLE = [option.to_json() for option in VIEW_OPTIONS]


QUERIES = [
    "",
    "?stage=2&map=3&at=16,20&beat=channel-1&tab=matrix&colors=photo&scope=layer&fit=1&marks=1&pin=0,0",
    "mode=row&tempo=0.5&play=1&theme=dark&hide=strip,image",
    "stage=1&beat=sum&tempo=1&fit=0&hide=&tab=&mode=story",
    "image=(1,2;3,4)&layers=conv:(1,0;0,1)~relu&stage=2",
    "at=1%2C2&stage=2&stage=3&tempo=1/2&beat=WRITE",
    "stage=-1&map=99999999999999999999&at=70000,2&stage=007",
    "stage=x&at=1&tempo=0&beat=!&fit=2&colors=green&hide=nothing,header&pin=1,2,3&theme&%zz=%&x=%ff",
    "tempo=16&fit=yes&play=off&hide=sums,sums",
    "tempo=17&tempo=1e3&at=,&pin=%",
    "stops=0,0;0,1;3,4&loop=1&ui=none&lock=figure,strip&title=a%20%26%20%C3%A9%20%E2%80%A6%20%F0%9F%99%82&transparent=1&dpr=3&present=1",
    "stops=1&title=%20two%0Alines%20&hide=modes,count",
    "stops=1;2,3;4&dpr=2&stops=5,6;x",
    "stops=0,0;0,1;3,4&notes=a%20;;%253B%20100%20%25%20%2525%253b%F0%9F%99%82%0A%20b;too%20many",
    f"stops=0,0;0,1&notes=;{'%F0%9F%99%82' * 161};;",
    "notes=without%20stops&title=x",
    "stops=1,1&notes=;;",
    "tab=neuron&neuron=map&letters=1&matrix=windows&big=1",
    "neuron=two&matrix=&letters=maybe",
    "volume=1&map=1&beat=write",
    "table=1&map=2",
    "weights=1&at=0,0",
    "story=3&stops=0,0;0,1&beat=window",
    "at=0,1&second=0,0&tab=equation",
    "signal=1&index=1&neuron=map&beat=write",
    "signal=maybe&index=2",
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_view_is_read_and_written_as_python_does(run: Run, query: str):
    view, text, again = run(
        """const view = V.parseView(given[0], given[1]), text = V.formatView(view, given[1]);
        return [view, text, V.parseView(text, given[1])];""",
        [query, TABLE],
    )
    assert view == again
    expected = parse_link(query.removeprefix("?"), Limits()).view
    if query not in BEST_EFFORT:
        assert text == format_view(expected)
        assert view == {name: listed(getattr(expected, name)) for name in view}


# Python also guesses at what was meant by words and by numbers written in other ways.
BEST_EFFORT = {QUERIES[7], QUERIES[9]}


def listed(value: Any) -> Any:
    return [listed(one) for one in value] if isinstance(value, tuple) else value


def test_a_link_is_the_servers_scene_and_the_view_without_its_defaults(run: Run):
    said = run(
        """const view = V.parseView("stage=2&at=3,4", given);
        const merge = (scene, view) => V.mergeQuery(scene, view, given);
        return [merge("image=coffee&layers=", view), merge("", view), merge("", V.parseView("", given))];""",
        TABLE,
    )
    assert said == ["image=coffee&layers=&stage=2&at=3,4", "stage=2&at=3,4", ""]


def test_a_link_leaves_out_the_map_that_it_opens_on(run: Run):
    links = run(
        """const trace = {scene: {layers: []}, stages: [{}, {salient_map: 3}]};
        const link = (map, of) => V.mergeQuery("", {...V.parseView("", given), map}, given, of);
        return [3, 0, null].map((map) => link(map, trace)).concat([link(0, null)]);""",
        TABLE,
    )
    assert links == ["", "map=0", "", "map=0"]


def test_a_link_leaves_out_the_stage_that_its_figure_opens_on(run: Run):
    links = run(
        """const stage = (index, kind) => ({index, kind, shape: [2, 1, 1], output: new Float32Array([2, 1])});
        const stages = [stage(0, "input"), stage(1, "conv"), stage(2, "softmax")];
        const trace = (op) => ({scene: {layers: [{op}]}, stages});
        const link = (stage, of) => V.mergeQuery("", {...V.parseView("", given), stage, map: 0}, given, of);
        return ["conv", "model"].map((op) => [0, 1, 2, null].map((stage) => link(stage, trace(op))));""",
        TABLE,
    )
    assert links == [["stage=0", "", "stage=2", ""], ["stage=0", "stage=1", "stage=2", ""]]


def test_a_network_s_figure_says_its_stage_and_its_views_leave_out_the_one_they_open_on(run: Run):
    links = run(
        """const stage = (index, kind) => ({index, kind, shape: [2, 1, 1], output: new Float32Array([2, 1])});
        const trace = {scene: {layers: [{op: "model"}]}, stages: [stage(0, "input"), stage(1, "softmax")]};
        const view = {...V.parseView("", given), stage: 1, map: 0};
        return ["", "network", "equation"].map((tab) => V.mergeQuery("", {...view, tab}, given, trace));""",
        TABLE,
    )
    assert links == ["stage=1", "tab=network", "tab=equation"]
