"""The beats of a step: the parts in which it is shown, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from ..trace.trace import Stage

MOST_CHANNEL_BEATS = 8
"""With more channels a step shows all products in one beat."""
KNOWN_BEATS = ("sum", "bias", "write")
"""The beats at which the result of a step is known."""


def list_beats(stage: Stage) -> Sequence[str]:
    """List the beats of each step of a stage, in order, as `beatsOf` in `static/pure/frame/stage.js`."""
    match stage.info.operation.kind:
        case "input":
            return ("write",)
        case "linear":
            return ("window", "products", "sum", "bias", "write")
        case "softmax":
            return ("window", "products", "sum", "write")
        case "conv":
            channels = stage.weight.shape[1] if stage.weight is not None else 1
            if channels == 1:
                return ("window", "products", "sum", "write")
            is_listed = channels <= MOST_CHANNEL_BEATS
            terms = [f"channel-{index}" for index in range(channels)] if is_listed else ["products"]
            return ("window", *terms, "sum", "bias", "write")
    return ("window", "sum", "write")


def fit_beat(stage: Stage, beat: str) -> str:
    """Return the beat; one that the steps of a stage do not have becomes their sum, or their last."""
    beats = list_beats(stage)
    return beat if beat in beats else "sum" if "sum" in beats else beats[-1]
