"""HTTP errors and their replies in `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...core.messages import remove_repairs
from ...core.problems import Problem, make_problem
from ...core.texts import Text, make_text, write_message
from ..http_messages import get_status_title
from .ready_response import Reply, encode_json

PROBLEM_JSON = "application/problem+json"


class HTTPError(Exception):
    """A response with a status of 400 or more; `text` is the sentence that the user reads, with its `endings`.

    `place` names the layer that it is about.
    """

    def __init__(
        self,
        status: int,
        text: Text,
        problems: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
        endings: Sequence[Text] = (),
        place: Text | None = None,
    ) -> None:
        super().__init__(text.code)
        self.status = status
        self.text = text
        self.problems = tuple(problems)
        self.headers = dict(headers or {})
        self.endings = tuple(endings)
        self.place = place

    def __str__(self) -> str:
        return self.detail

    @property
    def detail(self) -> str:
        """All sentences, in the current language."""
        first = make_text("in_layer", place=self.place, sentence=self.text) if self.place else self.text
        return " ".join(map(write_message, (first, *self.endings)))

    @classmethod
    def from_problems(cls, problems: Sequence[Problem], status: int = 422) -> HTTPError:
        """The error for some problems, with the sentence of the first one that is an error.

        No problem says what is shown instead, since a refusal shows nothing.
        """
        refused = [remove_repairs(problem) for problem in problems]
        first = next((problem for problem in refused if problem.severity == "error"), refused[0])
        return cls(status, first.text, refused, endings=first.endings, place=first.place)

    @classmethod
    def for_value(
        cls, code: str, field: str, value: object, allowed: Text | str, *endings: Text, **parts: Any
    ) -> HTTPError:
        """The error (422) for one value, with the sentence of that code."""
        short = value if isinstance(value, Text) else str(value)[:200]
        return cls.from_problems([make_problem(code, field, short, allowed, *endings, **parts)])


def busy_error(text: Text, seconds: int = 5, status: int = 503, headers: Mapping[str, str] | None = None) -> HTTPError:
    """An error after which the client may try again in so many seconds."""
    return HTTPError(status, text, headers={"Retry-After": str(seconds), **(headers or {})})


def make_coded_error(status: int, code: str, headers: Mapping[str, str], **parts: object) -> HTTPError:
    """The error with the sentence of that code."""
    return HTTPError(status, make_text(code, **parts), headers=headers)


def make_problem_reply(error: HTTPError) -> Reply:
    """The reply to an error as JSON: field, value and allowed values of the first problem, then all problems."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": write_message(get_status_title(error.status)),
        "status": error.status,
        "detail": error.detail,
        **error.text.to_json(),
    }
    errors = [problem for problem in error.problems if problem.severity == "error"]
    if errors:
        first = errors[0].to_json()
        body |= {name: first[name] for name in ("field", "value", "allowed")}
    body["problems"] = [problem.to_json() for problem in error.problems]
    headers = {"Cache-Control": "no-store", **error.headers}
    return Reply(encode_json(body), PROBLEM_JSON, error.status, headers).with_gzip()
