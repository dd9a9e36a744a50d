"""The chips of the beats of a step in the first paint; `showBeats` of the scripts makes the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..page_texts import write_page_text
from .step_numbers import Step, StepNumbers

RESULT_TEXTS = {
    "conv": "page_beat_sum",
    "linear": "page_beat_sum",
    "lrn": "page_beat_sum",
    "mean": "page_beat_sum",
    "upsample": "page_beat_sum",
    "center": "page_beat_sum",
    "shift": "page_beat_move",
    "flatten": "page_beat_move",
    "pad": "page_beat_move",
}
"""The texts of the beat "sum", where it is not the result."""


@dataclass(frozen=True, slots=True)
class BeatChip:
    """One beat: its name in links, its name for screen readers, what its chip shows, and whether it is shown now."""

    name: str
    label: str
    short: str
    is_current: bool


def make_beat_chips(beats: Sequence[str], step: Step, numbers: StepNumbers) -> tuple[BeatChip, ...]:
    """Make the chips of all beats of a step."""
    return tuple(_make_chip(beat, step, numbers) for beat in beats)


def _make_chip(beat: str, step: Step, numbers: StepNumbers) -> BeatChip:
    """Make one chip. The first channel is named in full, the others by their number or letter alone."""
    kind, is_current = step["kind"], beat == numbers.beat
    if beat.startswith("channel-"):
        index = int(beat.removeprefix("channel-"))
        name = numbers.channel_names[index]
        is_short = index == 0 or len(name) == 1
        return BeatChip(beat, name, name if is_short else str(step["channels"][index]["channel"]), is_current)
    label = name_beat(beat, kind)
    return BeatChip(beat, label, label, is_current)


def name_beat(beat: str, kind: str) -> str:
    """Name a beat of a kind of layer, as its chip does; a channel is called products."""
    if beat.startswith("channel-"):
        beat = "products"
    if beat == "products" and kind == "softmax":
        return "e^x"
    return write_page_text(RESULT_TEXTS.get(kind, "page_beat_result") if beat == "sum" else f"page_beat_{beat}")
