"""The text of an answer in a lesson's file: what is answered, and in parentheses behind it a reason."""

from __future__ import annotations

from ..lesson import LessonAnswer


def write_answer_text(answer: LessonAnswer) -> str:
    """The text of an answer with its reason behind it, as `split_reason` reads it."""
    has_reason = bool(answer.reason) or bool(split_reason(answer.text)[0] != answer.text)
    return f"{answer.text} ({answer.reason})" if has_reason else answer.text


def split_reason(text: str) -> tuple[str, str]:
    """The text of an answer, and what stands in parentheses behind it after a space, "" without."""
    if not text.endswith(")"):
        return text, ""
    depth = 0
    for index in range(len(text) - 1, 0, -1):
        depth += {")": 1, "(": -1}.get(text[index], 0)
        if depth == 0:
            is_reason = text[index - 1] == " " and bool(text[:index].strip())
            return (text[:index].strip(), text[index + 1 : -1].strip()) if is_reason else (text, "")
    return text, ""
