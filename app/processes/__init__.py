"""Worker processes that read untrusted files and can be killed. Each kind of work is a Task, defined by its caller."""

from .process_messages import PROCESS_MESSAGES

__all__ = ["PROCESS_MESSAGES"]
