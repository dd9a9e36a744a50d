"""Limits on HTTP connections: on their headers, on waiting for the client, and on how many there are.

uvicorn bounds none of these. What a body may cost is bounded where it is read, in `web.bodies`.
"""

from __future__ import annotations

from .connection import LimitedConfig, LimitedConnection
from .limits import ConnectionLimits

__all__ = ["ConnectionLimits", "LimitedConfig", "LimitedConnection"]
