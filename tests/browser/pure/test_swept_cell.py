"""What is asked of the server for a response curve."""

from __future__ import annotations

from tests.browser.pure_page import Run

IMPORT = 'const M = await import("convoscope/pure/tabs/response/swept-cell.js");'


def test_all_turns_of_a_picture_ask_for_one_curve(run: Run):
    queries = run(
        f"""{IMPORT}
        const scene = {{version: 2, image: {{sample: "cat"}}, layers: []}};
        const turned = {{version: 2, image: {{sample: "cat"}}, adjust: {{turn: "10"}}, layers: []}};
        const still = {{version: 2, image: {{sample: "cat"}}, adjust: {{turn: "0"}}, layers: []}};
        const dim = {{version: 2, image: {{sample: "cat"}}, adjust: {{turn: "10", noise: "5"}}, layers: []}};
        const cell = {{kind: "turn", stage: {{index: 0}}, map: 0, at: [0, 0], now: 0}};
        return [scene, turned, still, dim].map((given) => M.sweepQuery(given, cell));
        """
    )
    assert len(set(queries[:3])) == 1
    assert "adjust" not in queries[0]
    assert "noise" in queries[3]
