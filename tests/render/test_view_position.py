"""A view fitted to its trace: the map and the cell that are shown first."""

from __future__ import annotations

from app.core.scene import View
from app.render.view_position import fit_view
from tests.figures import answer

SHARES = "image=(1,3;0,2)&layers=flatten~softmax"


def fit(query: str, view: View):
    trace = answer(query).trace
    assert trace is not None
    return fit_view(trace, view)


def test_shares_open_on_the_winner():
    position = fit(SHARES, View(stage=2))
    assert (position.map, position.notes) == (1, ())
    assert position.linked_view.map is None


def test_the_map_of_a_link_wins_and_stays_in_its_link():
    for map, linked in ((0, 0), (3, 3), (1, None)):
        position = fit(SHARES, View(stage=2, map=map))
        assert (position.map, position.linked_view.map) == (map, linked)


def test_other_stages_open_on_their_first_map():
    position = fit("size=8&layers=conv:random*3@3x3", View())
    assert (position.map, position.linked_view.map) == (0, None)


def test_the_winner_of_several_places_is_the_map_with_the_largest_share():
    assert fit("image=(1,2;0,1)(0,9;1,1)&layers=softmax", View()).map == 1


def test_a_second_place_outside_the_map_is_moved_to_its_edge_with_a_note():
    link = "image=(1,2;3,4;5,6)&layers=conv:(1)"
    position = fit(link, View(second=(9, 1)))
    assert position.view.second == (2, 1)
    assert [note.message for note in position.notes] == ["second is 9,1, but the map has 3 × 2 cells: 2,1 is shown."]
    assert fit(link, View(second=(2, 1))).notes == ()
