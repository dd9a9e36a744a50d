"""The sentences of the pages of lessons. Those for scripts have gaps such as {guess}, which the page fills in."""

from __future__ import annotations

from ....core.texts import add_catalogue, make_text, write_message
from ....render.figure_content.question_panel import write_guess_texts

LESSON_PAGE_TEXTS = add_catalogue(
    {
        "lesson_sentence_hit": "“{guess}” is right.",
        "lesson_sentence_miss": "“{guess}” is not it. The answer: “{answer}”.",
        "lesson_sentence_told": "The answer: “{answer}”.",
        "lesson_why_right": "Yes. {answer}",
        "lesson_why_wrong": "No. {reason} The reason: {answer}",
        "lesson_why_told": "The reason: {answer}",
        "lesson_scene_of": "{number} of {count}",
        "lesson_ask": "Question",
        "lesson_next": "Next",
        "lesson_end": "End",
        "lesson_no_scene": "The lesson has scenes 1 to {count}, and not {given}. This is scene {shown}.",
        "lesson_no_such": "There is no lesson called {name}. See /lessons for all of them.",
        "lessons_description": "Lessons on convolutional networks that ask before they show, for lectures and schools.",
        "make_lesson_description": "Make a lesson from figures: scenes, questions and notes, checked as you write.",
        "glossary_description": "The terms of convolutional networks, each in one sentence, with its other names.",
        "teacher_page_description": "For teachers: what to ask in the lesson “{title}”, and what wrong answers show.",
        "lesson_page_description": "A lesson in {count} scenes, {minutes} minutes: {aim}",
    }
)
SCRIPT_TEXTS = {
    "sentence_hit": "lesson_sentence_hit",
    "sentence_miss": "lesson_sentence_miss",
    "sentence_told": "lesson_sentence_told",
    "why_right": "lesson_why_right",
    "why_wrong": "lesson_why_wrong",
    "why_told": "lesson_why_told",
    "scene_of": "lesson_scene_of",
    "ask": "lesson_ask",
    "next": "lesson_next",
    "end": "lesson_end",
}
"""The names that the page's script has for its own sentences, and their codes."""


def write_script_texts() -> dict[str, str]:
    """The sentences for the page's script, with their gaps; of a guess it says what a link with `predict=` says."""
    gaps = {name: f"{{{name}}}" for name in ("guess", "reason", "answer", "number", "count")}
    own = {name: write_message(make_text(code, **gaps)) for name, code in SCRIPT_TEXTS.items()}
    return {**write_guess_texts(), **own}
