"""A line in the log for each kind of event, at most once a minute: what strangers do must not fill a disk."""

from __future__ import annotations

import logging
import time

SECONDS = 60.0


def limit_to_once_a_minute(logger: logging.Logger) -> logging.Logger:
    """The same logger; a message that comes again within a minute is only counted."""
    if not any(isinstance(one, _RateLimitFilter) for one in logger.filters):
        logger.addFilter(_RateLimitFilter())
    return logger


class _RateLimitFilter(logging.Filter):
    """Lets through one record of each message in a minute, with how many were held back before it."""

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
            record.msg = f"{message} (and {suppressed} times more since this was last said)"
        return True
