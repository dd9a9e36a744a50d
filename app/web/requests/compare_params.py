"""The query string of figures side by side: up to four links of the Lab, and what overrides them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from ...core.limits import Limits
from ...core.link.query_string import parse_link
from ...core.link.syntax import split_query
from ...core.problems import Problem, make_problem
from ...core.scene import View
from ...core.texts import make_text
from .query_params import RequestParams, read_page_params

LETTERS = "abcd"
OVERRIDING = ("at", "beat", "theme", "play", "present", "mode", "tempo", "loop", "stops")
"""Keys beside the links that override those inside; `present` is the page's own."""
MOST_CHARACTERS = 24_000
"""Of all links together, decoded."""
UNREAD_LETTERS = "efgh"
"""Letters of links that somebody may have added to four."""
OPENING = {
    "a": "image=coffee&size=64&layers=maxpool:9",
    "b": "image=coffee&size=64&layers=avgpool:9",
}
"""The comparison of an address without links."""
EXAMPLE = "b=layers%3Dconv:sobel-y"


@dataclass(frozen=True, slots=True)
class CompareParams:
    """The figures by their letters, the View of what overrides them, and what was wrong around them.

    `own` holds the overriding keys that the address has, as they were written, and `extra` all other keys.
    """

    figures: Mapping[str, RequestParams]
    own: Mapping[str, str]
    view: View
    problems: tuple[Problem, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The canonical query string."""
        links = [(letter, params.full_link) for letter, params in self.figures.items()]
        return "&".join(f"{key}={quote(value, safe='')}" for key, value in [*links, *self.own.items()])


def read_compare_params(query: str, limits: Limits) -> CompareParams:
    """The figures of an address; unknown keys are ignored, and problems are shown. Never raises."""
    given = {key: value or "" for key, value in split_query(query)}
    links = {letter: given[letter] for letter in LETTERS if letter in given}
    problems = [
        make_problem("compare_at_most_four", letter, letter, letter=letter)
        for letter in UNREAD_LETTERS
        if letter in given
    ]
    kept = dict[str, str]()
    for letter, link in (links or OPENING).items():
        total = sum(map(len, kept.values())) + len(link)
        if total > MOST_CHARACTERS:
            allowed = make_text("at_most", most=MOST_CHARACTERS)
            problems.append(make_problem("compare_too_long", letter, f"{total:,}", allowed, letter=letter))
        else:
            kept[letter] = link
    if len(kept) < 2 and not problems:
        problems.append(make_problem("compare_needs_two", "links", str(len(kept)), example=EXAMPLE, severity="note"))
    own = {key: given[key] for key in OVERRIDING if key in given}
    outside = parse_link("&".join(f"{key}={quote(value)}" for key, value in own.items()), limits)
    own = {key: value for key, value in own.items() if key not in {problem.field for problem in outside.problems}}
    changes = {key: getattr(outside.view, key) for key in own}
    figures = {letter: _read_figure(link, changes, limits) for letter, link in kept.items()}
    extra = {key: value for key, value in given.items() if key not in LETTERS and key not in OVERRIDING}
    return CompareParams(figures, own, outside.view, (*problems, *outside.problems), extra)


def names_figures(query: str) -> bool:
    """Whether a query has the link of a figure among others."""
    return any(key in LETTERS for key, _ in split_query(query) if key)


def place_in_figure(problem: Problem, letter: str) -> Problem:
    """The problem as that of one figure: “Figure b: …”, “Figure b, Max pool (layer 2): …”."""
    place = problem.place
    return replace(
        problem,
        place=make_text("compare_part", letter=letter, place=place)
        if place
        else make_text("compare_figure", letter=letter),
    )


def _read_figure(link: str, changes: Mapping[str, object], limits: Limits) -> RequestParams:
    params = read_page_params(link.removeprefix("?"), limits)
    return replace(params, view=replace(params.view, predict="", **changes))  # type: ignore[arg-type]
