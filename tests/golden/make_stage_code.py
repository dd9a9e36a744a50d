"""Runs the code of stages: `python -m tests.golden.make_stage_code` rewrites the files in stage_code/.

There is one for each library but NumPy. A text is written only after its library has run it and found the numbers of
the figure; the tests that compare the texts with the files need none of the libraries. The file of a library that is
not installed stays as it is.
"""

from __future__ import annotations

import json
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from app.core.code.dialects import DIALECTS, DialectName
from app.core.code.stage_code import write_code
from tests.stage_code import MODEL_SITUATIONS, SITUATIONS, assert_computes, stages_of

FOLDER = Path(__file__).parent / "stage_code"


def run_situations(name: DialectName) -> list[dict[str, object]]:
    """The texts of all situations in one dialect, after its library has run them."""
    cases: list[dict[str, object]] = []
    for link in (*SITUATIONS, *MODEL_SITUATIONS):
        for trace, stage in stages_of(link):
            text = write_code(stage).to_json().get(name)
            if text is not None:
                assert_computes(name, stage, trace)
                cases.append({"link": link, "stage": stage.info.index, "text": text.splitlines()})
    return cases


def main() -> None:
    """Write the texts of every library that is installed."""
    for name in (dialect.name for dialect in DIALECTS if dialect.name != "numpy" and find_spec(dialect.name)):
        made = {name: metadata.version(name), "cases": run_situations(name)}
        text = json.dumps(made, indent=1, ensure_ascii=False)
        (FOLDER / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
