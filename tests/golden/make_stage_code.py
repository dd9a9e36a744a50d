"""Runs the code of PyTorch: `python -m tests.golden.make_stage_code` rewrites stage_code.json.

A text is written only after PyTorch has run it and found the numbers of the figure. Needs torch; the test that compares
the texts with stage_code.json does not.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch

from app.core.code.stage_code import write_code
from tests.stage_code import MODEL_SITUATIONS, SITUATIONS, assert_computes, stages_of

HERE = Path(__file__).parent


def main() -> None:
    """Write the texts of all situations."""
    cases = []
    for link in (*SITUATIONS, *MODEL_SITUATIONS):
        for trace, stage in stages_of(link):
            assert_computes("torch", stage, trace)
            cases.append({"link": link, "stage": stage.info.index, "text": write_code(stage).torch.splitlines()})
    made = {"torch": torch.__version__, "cases": cases}
    text = json.dumps(made, indent=1, ensure_ascii=False)
    (HERE / "stage_code.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
