"""What the scripts of figures side by side read from their page: links, numbers, and where all of them open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...core.link.query_string import format_link
from ...core.scene import View
from ...core.trace.trace import has_own_laws
from ...lab import LabResult
from .compared_figures import ComparedPaint


def make_comparison_data(
    paint: ComparedPaint,
    answers: Mapping[str, LabResult],
    views: Mapping[str, View],
    own: Mapping[str, str],
    carry: Callable[[LabResult], Mapping[str, object]],
) -> dict[str, object]:
    """Make the data of a page; `carry` gives the fields with the numbers of a figure, if the page has them.

    `own` are the keys of the address that override those of the links. Every answer has a Trace.
    """
    figures: list[dict[str, object]] = []
    for letter, answer in answers.items():
        query = format_link(answer.scene, views[letter])
        figure: dict[str, object] = {"letter": letter, "link": answer.link, "query": query, **carry(answer)}
        if answer.trace and has_own_laws(answer.trace):
            figure["laws"] = True
        figures.append(figure)
    place = {"at": paint.place.at, "beat": paint.place.beat, "isWhole": paint.place.is_whole}
    return {"figures": figures, "place": place, "own": dict(own)}
