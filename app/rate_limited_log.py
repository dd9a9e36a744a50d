"""A line in the log for each kind of event, at most once a minute: what strangers do must not fill a disk."""

from __future__ import annotations

import logging
import time

SECONDS = 60.0


def limit_to_once_a_minute(logger: logging.Logger) -> logging.Logger:
    """The same logger; a message that comes again within a minute is only counted."""
    if not any(isinstance(one, _Rarely) for one in logger.filters):
        logger.addFilter(_Rarely())
    return logger


class _Rarely(logging.Filter):
    """Lets through one record of each message in a minute, with how many were held back before it."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}
        self._held_back: dict[str, int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this record is written."""
        message, now = str(record.msg), time.monotonic()
        if now - self._last.get(message, -SECONDS) < SECONDS:
            self._held_back[message] = self._held_back.get(message, 0) + 1
            return False
        self._last[message] = now
        more = self._held_back.pop(message, 0)
        if more:
            record.msg = f"{message} (and {more} times more since this was last said)"
        return True
