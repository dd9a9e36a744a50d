"""The chips of the beats of a step in the first paint; `showBeats` of the scripts makes the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .page_texts import write_page_text

RESULT_TEXTS = {
    "pool": "page_beat_result",
    "pointwise": "page_beat_result",
    "prepare": "page_beat_result",
    "softmax": "page_beat_result",
    "shift": "page_beat_move",
    "flatten": "page_beat_move",
}
"""The texts of the beat "sum" in kinds of steps that have no sum."""


@dataclass(frozen=True, slots=True)
class BeatChip:
    """One beat: its name in links, its name for screen readers, what its chip shows, and whether it is shown now."""

    name: str
    label: str
    short: str
    is_current: bool


def make_beat_chips(beats: Sequence[str], kind: str, current: str) -> tuple[BeatChip, ...]:
    """Make the chips of all beats of a step of that kind."""
    return tuple(_make_chip(beat, kind, beat == current) for beat in beats)


def _make_chip(beat: str, kind: str, is_current: bool) -> BeatChip:
    if beat.startswith("channel-"):
        channel = beat.removeprefix("channel-")
        label = write_page_text("page_beat_channel", channel=channel)
        return BeatChip(beat, label, label if channel == "0" else channel, is_current)
    if beat == "products" and kind == "softmax":
        return BeatChip(beat, "e^x", "e^x", is_current)
    code = RESULT_TEXTS.get(kind, "page_beat_sum") if beat == "sum" else f"page_beat_{beat}"
    label = write_page_text(code)
    return BeatChip(beat, label, label, is_current)
