"""Logs each message at most once a minute, so that clients cannot fill the disk."""

from __future__ import annotations

import logging
import time

SECONDS = 60.0


def limit_to_once_a_minute(logger: logging.Logger) -> logging.Logger:
    """The same logger with a filter: a message that is repeated within a minute is only counted."""
    if not any(isinstance(one, _RateLimitFilter) for one in logger.filters):
        logger.addFilter(_RateLimitFilter())
    return logger


class _RateLimitFilter(logging.Filter):
    """Passes one record of each message per minute, with the number of records suppressed before it."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}
        self._suppressed: dict[str, int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this record is written."""
        message, now = str(record.msg), time.monotonic()
        if now - self._last.get(message, -SECONDS) < SECONDS:
            self._suppressed[message] = self._suppressed.get(message, 0) + 1
            return False
        self._last[message] = now
        suppressed = self._suppressed.pop(message, 0)
        if suppressed:
            record.msg = f"{message} (and {suppressed} times more since the last such line)"
        return True
