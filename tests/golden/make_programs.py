"""Runs the programs of PyTorch: `python -m tests.golden.make_programs` rewrites programs.json.

A text is written only after PyTorch has run it and found the numbers of the figure. Needs torch; the test that compares
the texts with programs.json does not.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch

from tests.programs import MODEL_SITUATIONS, SITUATIONS, assert_computes, program_of, stages_of

HERE = Path(__file__).parent


def main() -> None:
    """Write the texts of all situations."""
    cases = []
    for link in (*SITUATIONS, *MODEL_SITUATIONS):
        for trace, stage in stages_of(link):
            program = program_of(stage, "torch")
            assert_computes(program, stage, trace)
            cases.append({"link": link, "stage": stage.info.index, "text": program.text.splitlines()})
    made = {"torch": torch.__version__, "programs": cases}
    text = json.dumps(made, indent=1, ensure_ascii=False)
    (HERE / "programs.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
