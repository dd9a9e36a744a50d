"""Writes the snapshot of all sentences of the server: python -m tests.golden.make_sentences."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import app
from app.core.texts import get_english_sentences
from app.images.samples import load_samples
from app.resources import find_resource

FILE = Path(__file__).with_name("sentences.json")
WITHOUT_SENTENCES = ("app.training", "app.__main__")


def read_sentences() -> dict[str, str]:
    """Every sentence of every catalogue by its code, in the order of the codes."""
    for module in walk_packages(app.__path__, "app."):
        if not module.name.startswith(WITHOUT_SENTENCES):
            import_module(module.name)
    load_samples(find_resource("sample_images"))
    return dict(sorted(get_english_sentences().items()))


if __name__ == "__main__":
    FILE.write_text(json.dumps(read_sentences(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
