"""Edits of a chain in the browser, held to the same cases as those of Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.link.scene_json import scene_to_json
from tests.browser.pure_page import Run

CASES = json.loads((Path(__file__).parents[2] / "golden" / "rewire.json").read_text(encoding="utf-8"))


def layers_of(texts: list[str]) -> list[dict[str, Any]]:
    return scene_to_json(parse_link(f"layers={'~'.join(texts)}", Limits()).scene)["layers"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_an_edit_renumbers_every_reference_as_in_python(run: Run, case):
    edit = dict(case["edit"])
    if "layer" in edit:
        edit["layer"] = layers_of([edit["layer"]])[0]
    given = {"layers": layers_of(case["layers"]), "edit": edit, "counts": case.get("counts")}
    made = run(
        """const {rewire} = await import("convoscope/pure/link/rewire.js");
        return rewire(given.layers, given.edit, given.counts ?? given.layers.map(() => 1));""",
        given,
    )
    assert made["layers"] == layers_of(case["after"])
    assert [[one["layer"], one["stage"], one["used"]] for one in made["replaced"]] == case["replaced"]


def test_removing_and_moving_layers_of_a_scene_keeps_its_branches(run: Run):
    scene = scene_to_json(parse_link("layers=relu~abs~tanh,from=1~add:2", Limits()).scene)
    made = run(
        """const {addLayer, moveLayer, removeLayer} = await import("convoscope/pure/scene-edits.js");
        const edits = [removeLayer(1), moveLayer(0, 1), addLayer({op: "abs", options: {}}, 0)];
        return edits.map((edit) => edit(given).layers);""",
        scene,
    )
    assert made == [
        layers_of(["relu", "tanh", "add:1"]),
        layers_of(["abs", "relu", "tanh", "add:1"]),
        layers_of(["abs", "relu", "abs", "tanh,from=2", "add:3"]),
    ]
