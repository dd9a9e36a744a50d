"""Which input channel stands beside a map in the browser, against what PyTorch found."""

from __future__ import annotations

import json

from app.core.operation_table import OPERATIONS
from tests.browser.pure_page import CHECKOUT, Run

GOLDEN = json.loads((CHECKOUT / "tests" / "golden" / "channels.json").read_text(encoding="utf-8"))
KINDS = json.dumps({row.name: row.kind for row in OPERATIONS})
IMPORT = 'const M = await import("convoscope/pure/maps/map-choice.js");'


def test_beside_a_map_stands_the_first_channel_that_it_reads(run: Run):
    chosen = run(
        f"""{IMPORT}
        const KINDS = {KINDS};
        return given.map(({{op, groups, input_shape, channels}}) => {{
          const stage = {{kind: KINDS[op], op, groups, shape: [channels.length, 1, 1], input_shape}};
          return channels.map((_, map) => M.inputChannel(stage, map, {{shape: input_shape}}));
        }});""",
        GOLDEN["channels"],
    )
    assert chosen == [case["channels"] for case in GOLDEN["channels"]]


def test_three_maps_of_a_photo_make_one_color_picture(run: Run):
    said = run(
        f"""{IMPORT}
        return given.map(({{maps, colors, look}}) =>
          M.isColorPicture({{shape: [maps, 4, 4], colors}}, {{colors: look}}));
        """,
        GOLDEN["pictures"],
    )
    assert said == [row["is_picture"] for row in GOLDEN["pictures"]]
