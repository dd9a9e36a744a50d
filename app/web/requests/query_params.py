"""What a request asks for: the query string, read once and the same way for pages and for the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ...core.limits import Limits
from ...core.link.query_string import SCENE_KEYS, format_link, format_scene, parse_link
from ...core.link.scene_json import scene_from_json
from ...core.problems import Problem
from ...core.scene import Scene, UploadId, View
from ...models.custom_model import brought_in
from ..http_messages import NOT_A_LIST, NOT_ONE_OF, NOT_WHOLE, SCENE_TWICE, UNKNOWN_KEY
from ..responses.http_errors import Refused

OWN_TEXT = 20
"""A number in a key of an endpoint's own has no more characters than this."""


@dataclass(frozen=True)
class Asked:
    """A scene, a view, what was wrong with them, and the endpoint's own keys."""

    scene: Scene
    view: View
    problems: tuple[Problem, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    @cached_property
    def link(self) -> str:
        """The canonical query string of the scene alone."""
        return format_scene(self.scene)

    @property
    def full_link(self) -> str:
        """The canonical query string of scene and view."""
        return format_link(self.scene, self.view)

    @cached_property
    def brought(self) -> tuple[str, ...]:
        """The ids of what the scene reads out of the store: a picture, weights."""
        upload = (self.scene.image.id,) if isinstance(self.scene.image, UploadId) else ()
        return (*upload, *brought_in(self.scene))

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """One of the endpoint's own keys as a whole number. Raises Refused (422)."""
        text = self.own.get(name, str(default))
        value = _whole(text)
        if value is None or not least <= value <= most:
            raise _refused(name, text, f"{least} to {most}", NOT_WHOLE, least=least, most=most)
        return value

    def word(self, name: str, choices: tuple[str, ...]) -> str:
        """One of the endpoint's own keys as one of some words, the first being the default. Raises Refused."""
        return one_of(self.own, name, choices)

    def wholes(self, name: str, most: int) -> tuple[int, ...] | None:
        """One of the endpoint's own keys as whole numbers from 0 to `most`; None if not given. Raises Refused."""
        if name not in self.own:
            return None
        values = [_whole(text) for text in self.own[name].split(",")[: most + 2]]
        if any(value is None or value > most for value in values):
            raise _refused(name, self.own[name], f"0 to {most}, with commas", NOT_A_LIST, least=0, most=most)
        return tuple(sorted({value for value in values if value is not None}))

    def must_be_good(self) -> None:
        """Raises Refused (422) if anything asked for is an error."""
        if any(problem.severity == "error" for problem in self.problems):
            raise Refused.misfit(self.problems)


def ask_page(query: str, limits: Limits) -> Asked:
    """The request of a page: keys that nobody knows are dropped without a word, problems are shown."""
    return _asked(query, limits, tuple(_keys(query)))


def ask_api(query: str, limits: Limits, own: tuple[str, ...] = ()) -> Asked:
    """The request of an API call, which may have keys of its `own`. Raises Refused (422) for anything wrong."""
    asked = _asked(query, limits, own)
    asked.must_be_good()
    return asked


def ask_posted(query: str, data: object, limits: Limits, own: tuple[str, ...]) -> Asked:
    """The request of an API call whose scene is its body. Raises Refused (422)."""
    asked = ask_api(query, limits, own)
    parts = [key for key in (*SCENE_KEYS, "scene") if key in asked.given]
    if parts:
        words = SCENE_TWICE.format(keys=", ".join(parts))
        raise Refused.value(parts[0], "given", "the body alone", words)
    scene, problems = scene_from_json(data, limits)
    result = replace(asked, scene=scene, problems=(*asked.problems, *problems))
    result.must_be_good()
    return result


def refuse_keys(query: str, known: tuple[str, ...] = ()) -> dict[str, str]:
    """The keys of a call that has nothing to do with a scene. Raises Refused (422) for any but the `known`."""
    pairs = [part.partition("=") for part in query.split("&") if part]
    for key, _, _ in pairs:
        if key not in known:
            raise unknown_key(key, ", ".join(known) or "no keys at all")
    return {key: value for key, _, value in pairs}


def one_of(own: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """The value of a key as one of some words, the first being the default. Raises Refused (422)."""
    text = own.get(name, choices[0])
    if text not in choices:
        raise _refused(name, text, " or ".join(choices), NOT_ONE_OF)
    return text


def unknown_key(key: str, allowed: str) -> Refused:
    """The refusal of a key that the API does not know."""
    key = key[:60]
    return Refused.value(key, key, allowed, UNKNOWN_KEY.format(key=key, allowed=allowed))


def _asked(query: str, limits: Limits, own: tuple[str, ...]) -> Asked:
    link = parse_link(query, limits, own)
    extra = {key: value for key, value in link.extra if key in own}
    return Asked(link.scene, link.view, link.problems, extra, frozenset(_keys(query)))


def _keys(query: str) -> set[str]:
    return {part.partition("=")[0] for part in query.split("&")}


def _whole(text: str) -> int | None:
    return int(text) if len(text) <= OWN_TEXT and text.isascii() and text.isdigit() else None


def _refused(name: str, text: str, allowed: str, words: str, **values: object) -> Refused:
    return Refused.value(
        name, text, allowed, words.format(field=name, value=text[:60] or "empty", allowed=allowed, **values)
    )
