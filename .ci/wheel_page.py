"""The README as the page of the wheel, which lies beside no other files: hatchling calls this while it builds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

FENCE = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
PICTURE = re.compile(r"!\[([^\]]*)\]\((?!https?:)([^)]+)\)\n*")
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:)([^)]+)\)")
BRANCH = "main"


class CustomMetadataHook(MetadataHookInterface):
    """Gives the wheel its page. Where the repository can be read is `Source` in [project.urls]."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Sets the description; hatchling gives the [project] table."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        urls: Mapping[str, str] = metadata.get("urls", {})
        metadata["readme"] = {"content-type": "text/markdown", "text": page_of(text, urls.get("Source", ""))}


def page_of(readme: str, source: str) -> str:
    """The README with whole addresses, or without a `source` with the words of its links alone and no pictures."""
    parts = FENCE.split(readme)
    parts[::2] = [_linked(part, source.rstrip("/")) for part in parts[::2]]
    return "".join(parts)


def _linked(text: str, source: str) -> str:
    if not source:
        return LINK.sub(r"\1", PICTURE.sub("", text))
    pictures = PICTURE.sub(rf"![\1]({source}/raw/{BRANCH}/\2)\n\n", text)
    return LINK.sub(lambda found: f"[{found[1]}]({_whole(found[2], source)})", pictures)


def _whole(address: str, source: str) -> str:
    return f"{source}{address}" if address.startswith("#") else f"{source}/blob/{BRANCH}/{address}"
