"""Which input channel stands beside a map, against what PyTorch found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.core.channel_choice import choose_input_channel, is_color_picture
from app.core.operation_table import find_operation

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "channels.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", GOLDEN["channels"], ids=lambda case: f"{case['op']}-{case['input_shape'][0]}")
def test_beside_a_map_stands_the_first_channel_that_it_reads(case):
    maps, shape = len(case["channels"]), tuple(case["input_shape"])
    kind = find_operation(case["op"]).kind
    chosen = [choose_input_channel(kind, map, maps, shape, case["groups"]) for map in range(maps)]
    assert chosen == case["channels"]


@pytest.mark.parametrize("row", GOLDEN["pictures"], ids=lambda row: f"{row['maps']} {row['colors']} {row['look']}")
def test_three_maps_of_a_photo_make_one_color_picture(row):
    assert is_color_picture(row["maps"], row["colors"], row["look"]) is row["is_picture"]
