"""Reads the query string, in the same way for pages and for the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ...core.limits import Limits
from ...core.link.query_string import SCENE_KEYS, format_link, format_scene, parse_link
from ...core.link.scene_json import scene_from_json
from ...core.messages import join_names, make_range, make_whole_range, quote_text
from ...core.problems import Problem
from ...core.scene import Scene, View
from ...core.texts import Text, make_text
from ...models.custom_model import find_uploaded_models
from ..responses.http_errors import HTTPError

FIRST_LAYER = 1
MAX_NUMBER_LENGTH = 20
"""The longest number in an endpoint's own parameter, in characters."""


@dataclass(frozen=True)
class RequestParams:
    """The parameters of a request: a scene, a view, their problems, and the endpoint's own parameters."""

    scene: Scene
    view: View
    problems: tuple[Problem, ...] = ()
    own_params: Mapping[str, str] = field(default_factory=dict)
    given_keys: frozenset[str] = frozenset()

    @cached_property
    def link(self) -> str:
        """The canonical query string of the scene alone."""
        return format_scene(self.scene)

    @property
    def full_link(self) -> str:
        """The canonical query string of scene and view."""
        return format_link(self.scene, self.view)

    @cached_property
    def upload_ids(self) -> tuple[str, ...]:
        """The ids of the uploads that the scene uses: pictures, weights."""
        return (*self.scene.upload_ids, *find_uploaded_models(self.scene))

    def get_whole_number(self, name: str, default: int, least: int, most: int) -> int:
        """One of the endpoint's own parameters as a whole number. Raises HTTPError (422)."""
        text = self.own_params.get(name, str(default))
        value = _parse_whole_number(text)
        if value is None or not least <= value <= most:
            raise make_number_error(name, quote_text(text), least, most)
        return value

    def get_choice(self, name: str, choices: tuple[str, ...]) -> str:
        """One of the endpoint's own parameters as one of `choices`, by default the first. Raises HTTPError (422)."""
        return read_choice(self.own_params, name, choices)

    @property
    def stage(self) -> int:
        """The stage of a call, by default the first layer."""
        return FIRST_LAYER if self.view.stage is None else self.view.stage

    def get_whole_numbers(self, name: str, most: int) -> tuple[int, ...] | None:
        """One of the endpoint's own parameters as whole numbers up to `most`, None if missing. Raises HTTPError."""
        if name not in self.own_params:
            return None
        values = [_parse_whole_number(text) for text in self.own_params[name].split(",")[: most + 2]]
        if any(value is None or value > most for value in values):
            ends = {"least": "0", "most": str(most)}
            allowed = make_text("numbers_allowed", **ends)
            raise HTTPError.for_value("not_whole_numbers", name, quote_text(self.own_params[name]), allowed, **ends)
        return tuple(sorted({value for value in values if value is not None}))

    def raise_for_errors(self) -> None:
        """Raises HTTPError (422) if any problem is an error."""
        if any(problem.severity == "error" for problem in self.problems):
            raise HTTPError.from_problems(self.problems)


def read_page_params(query: str, limits: Limits) -> RequestParams:
    """The parameters of a page: unknown keys are ignored, problems are shown."""
    return _read_params(query, limits, tuple(_get_keys(query)))


def read_api_params(query: str, limits: Limits, own_keys: tuple[str, ...] = ()) -> RequestParams:
    """The parameters of an API call, which may have `own_keys`. Raises HTTPError (422) for any error."""
    params = _read_params(query, limits, own_keys)
    params.raise_for_errors()
    return params


def read_posted_params(query: str, data: object, limits: Limits, own_keys: tuple[str, ...]) -> RequestParams:
    """The parameters of an API call with the scene `data` from its body. Raises HTTPError (422)."""
    params = read_api_params(query, limits, own_keys)
    twice = [key for key in (*SCENE_KEYS, "scene") if key in params.given_keys]
    if twice:
        given, allowed = make_text("given_twice"), make_text("body_alone")
        raise HTTPError.for_value("two_scenes", twice[0], given, allowed, keys=", ".join(twice))
    scene, problems = scene_from_json(data, limits)
    result = replace(params, scene=scene, problems=(*params.problems, *problems))
    result.raise_for_errors()
    return result


def read_known_keys(query: str, known: tuple[str, ...] = ()) -> dict[str, str]:
    """The raw values of a query string without a scene. Raises HTTPError (422) for any key that is not `known`."""
    pairs = [part.partition("=") for part in query.split("&") if part]
    for key, _, _ in pairs:
        if key not in known:
            raise unknown_key_error(key, ", ".join(known) or make_text("no_keys"))
    return {key: value for key, _, value in pairs}


def read_choice(values: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """The value of a key as one of `choices`, by default the first. Raises HTTPError (422)."""
    text = values.get(name, choices[0])
    if text not in choices:
        raise HTTPError.for_value("not_one_of", name, quote_text(text), join_names(choices))
    return text


def unknown_key_error(key: str, allowed: Text | str) -> HTTPError:
    """The error (422) for an unknown key."""
    key = key[:60]
    return HTTPError.for_value("unknown_parameter", key, key, allowed, key=key)


def _read_params(query: str, limits: Limits, own_keys: tuple[str, ...]) -> RequestParams:
    link = parse_link(query, limits, own_keys)
    own_params = {key: value for key, value in link.extra if key in own_keys}
    return RequestParams(link.scene, link.view, link.problems, own_params, frozenset(_get_keys(query)))


def _get_keys(query: str) -> set[str]:
    return {part.partition("=")[0] for part in query.split("&")}


def _parse_whole_number(text: str) -> int | None:
    return int(text) if len(text) <= MAX_NUMBER_LENGTH and text.isascii() and text.isdigit() else None


def make_number_error(name: str, value: object, least: int, most: int) -> HTTPError:
    """The error (422) for a value that is no whole number from `least` to `most`."""
    ends = {"least": str(least), "most": str(most)}
    wanted = make_whole_range(least, most)
    return HTTPError.for_value("not_whole_number", name, value, make_range(least, most), wanted=wanted, **ends)
