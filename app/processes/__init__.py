"""Worker processes that can be killed: they read untrusted files, or compute for long.

Each kind of work is a Task, defined by its caller.
"""

from .process_messages import PROCESS_MESSAGES

__all__ = ["PROCESS_MESSAGES"]
