"""HTTP errors and their replies in `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...core.problems import Problem
from ..http_messages import get_status_title
from .ready_response import Reply, encode_json

PROBLEM_JSON = "application/problem+json"


class HTTPError(Exception):
    """A response with a status of 400 or more; `detail` is the sentence that the user reads."""

    def __init__(
        self,
        status: int,
        detail: str,
        problems: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.problems = tuple(problems)
        self.headers = dict(headers or {})

    @classmethod
    def from_problems(cls, problems: Sequence[Problem], status: int = 422) -> HTTPError:
        """The error for some problems, with the sentence of the first one that is an error."""
        errors = [problem for problem in problems if problem.severity == "error"]
        return cls(status, (errors or list(problems))[0].message, problems)

    @classmethod
    def for_value(cls, field: str, value: object, allowed: str, message: str) -> HTTPError:
        """The error (422) for one value."""
        return cls.from_problems([Problem(field, str(value)[:200], allowed, message)])


def busy_error(
    sentence: str, seconds: int = 5, status: int = 503, headers: Mapping[str, str] | None = None
) -> HTTPError:
    """An error after which the client may try again in so many seconds."""
    return HTTPError(status, sentence, headers={"Retry-After": str(seconds), **(headers or {})})


def make_problem_reply(error: HTTPError) -> Reply:
    """The reply to an error as JSON: field, value and allowed values of the first problem, then all problems."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": get_status_title(error.status),
        "status": error.status,
        "detail": error.detail,
    }
    errors = [problem for problem in error.problems if problem.severity == "error"]
    if errors:
        body |= {"field": errors[0].field, "value": errors[0].value, "allowed": errors[0].allowed}
    body["problems"] = [problem.to_json() for problem in error.problems]
    headers = {"Cache-Control": "no-store", **error.headers}
    return Reply(encode_json(body), PROBLEM_JSON, error.status, headers).with_gzip()
