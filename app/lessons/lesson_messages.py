"""The catalogue of lessons: what is wrong in a file of a lesson, in sentences, and the few words that lessons add."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.texts import Text, add_catalogue, make_text, write_message

LESSON_MESSAGES = add_catalogue(
    {
        "lesson_at_line": "Line {line}: {sentence}",
        # the file
        "lesson_empty": "The file is empty; a lesson begins with a head between two lines ---.",
        "lesson_too_long": "The file has more than {most} bytes, the most that a lesson can have.",
        "lesson_name_taken": "{name} is the name of a built-in lesson, which stays; give the file another name.",
        "lesson_not_text": "The file is not text; a lesson is a Markdown file in UTF-8.",
        "lesson_not_utf8": "The character at byte {byte} is not UTF-8; save the file in UTF-8.",
        "lesson_name": "{value} cannot be the name of a lesson; it can have small letters, digits and single hyphens, "
        "at most {most} characters.",
        # its head
        "lesson_no_head": "The file begins with {value}; it must begin with a line --- and the head of the lesson.",
        "lesson_open_head": "The head has no end; a second line --- ends it.",
        "lesson_head_line": "{value} is no line of the head; write KEY: VALUE.",
        "lesson_head_key": "{value} is no key of the head; the keys are {allowed}.",
        "lesson_head_twice": "{value} stands twice in the head; leave one.",
        "lesson_head_missing": "The head lacks {value}; it needs {allowed}.",
        "lesson_minutes": "minutes is {value}; it can be a whole number from 1 to {most}.",
        "lesson_track": "{value} is no track; tracks can be {allowed}.",
        "lesson_no_lesson": "{key} names {value}, which is no lesson here; it can be {allowed}.",
        "lesson_itself": "{key} names this lesson itself.",
        # its parts
        "lesson_no_scenes": "The lesson has no scene; a scene begins with ## and a heading, with its figure's link "
        "below.",
        "lesson_outside": "{value} stands before the first scene; a scene begins with ## and a heading.",
        "lesson_heading": "{value} is no heading of a lesson; {allowed}.",
        "lesson_headings": "a scene begins with ## and its heading, a question with ### Question: KIND, its why with "
        "### Why?, and the teacher's part with # For teachers",
        "lesson_no_title": "The scene has no heading; write it behind ##.",
        "lesson_scene_link": "The scene begins with {value}; the first line below its heading must be "
        "[figure](/?image=…).",
        "lesson_link_twice": "There is a second {what} here; leave one.",
        "lesson_link": "{value} is no link of a figure; it can be {allowed}.",
        "lesson_links": "/?…, /compare?… or /filters?…, without the address of a server",
        "lesson_link_length": "The link is {count} characters long; it can have at most {most}.",
        "lesson_kind": "{value} is no kind of question; it can be {allowed}.",
        "lesson_second_question": "The scene has a second question; a scene can have one. Begin another scene with ##.",
        "lesson_why_alone": "### Why? stands without a question above it.",
        "lesson_second_why": "The question has a second ### Why?; leave one.",
        "lesson_answer": "{value} is no answer; write - [x] for the right one and - [ ] for a wrong one, and its text.",
        "lesson_behind_answers": "{value} stands behind the answers; only Line: … can stand there.",
        "lesson_teacher_part": "{value} is no part for teachers; the parts are {allowed}.",
        "lesson_teacher_text": "{value} stands before the first part for teachers; the parts are {allowed}.",
        "lesson_misconception": "{value} is no line of the misconceptions; write - and a sentence.",
        # what the figures and the questions say
        "lesson_scene_count": "There are {count} scenes; a lesson can have at most {most}.",
        "lesson_word_count": "The text of the scene has {count} words; it can have at most {most}.",
        "lesson_no_text": "The scene has neither text nor a question; write one of them.",
        "lesson_figure": "The figure of {link} does not open as it is written: {reason}",
        "lesson_upload": "The link names an uploaded picture, which others do not have; use a sample, typed numbers or "
        "a random input.",
        "lesson_value": "{value} is no computed value; it can be {allowed}.",
        "lesson_value_key": "{value} is no key of a figure; write KEY=VALUE, such as {example}.",
        "lesson_no_value": "The figure has no value for {value}.",
        "lesson_value_place": "{value} of a comparison or of filters cannot be computed; name the link of one figure "
        "in it.",
        "lesson_few_compared": "A comparison needs at least two figures, a=… and b=….",
        "lesson_no_figure": "It could not be computed.",
        "lesson_open_brace": "A brace is not closed: {value}. Two braces are written for one that is meant.",
        "lesson_part": "{value} is no part of a figure; a text can name {allowed}.",
        "lesson_part_missing": "The text names the part {value}, which the figure of this scene does not have; it has "
        "{allowed}.",
        "lesson_term": "{value} is no term of the glossary.",
        "lesson_near_term": "{value} is no term of the glossary; did you mean {used}?",
        "lesson_text_link": "A text links to {value}; it can link to {allowed}.",
        "lesson_text_links": "a part of the figure (#window), a term (glossary:stride) or a figure of this site (/?…)",
        "lesson_no_question": "The figure has no question of the kind {kind} with a wrong answer by the rules: choose "
        "another layer, other numbers or another kind.",
        "lesson_question_figure": "A question of the kind {kind} needs the link of one figure, /?…; only the kind "
        "sentence can be about others.",
        "lesson_no_sentence": "A question of the kind sentence needs its sentence above the answers.",
        "lesson_wrong_right": "The answer is typed as {value}, but the figure gives {answer}.",
        "lesson_many_right": "{count} answers are marked with [x]; one must be.",
        "lesson_few_answers": "The question has {count} answers; it needs at least 2.",
        "lesson_same_answer": "The wrong answer {value} is the right one, {answer}; change it or leave it out.",
        "lesson_answer_twice": "The answer {value} stands twice; leave one.",
        "lesson_answer_form": "{value} is no answer to a question of the kind {kind}; it can be {allowed}.",
        "lesson_number_form": "a number, such as 3 or −0.5",
        "lesson_size_form": "rows and columns, such as 30 × 28",
        "lesson_map_form": "left out, since the answers are pictures",
        "lesson_why_count": "### Why? has {count} answers; it must have exactly {most}.",
        "lesson_why": "Why?",
        "lesson_reason": "({reason})",
        "lesson_comparison": "Two figures side by side.",
        "lesson_cell_line": "Row {row}, column {column}: {line}.",
        "lesson_filters": "The filters that a network has learned.",
    }
)
MOST_QUOTED = 60
"""Characters of a user's text in a sentence."""


@dataclass(frozen=True, slots=True)
class LessonProblem:
    """One thing that is wrong in a lesson: a sentence, and its line in the file from 1 on, 0 where none is known."""

    line: int
    sentence: Text

    @property
    def text(self) -> Text:
        """The sentence with its line in front."""
        if not self.line:
            return self.sentence
        return make_text("lesson_at_line", line=str(self.line), sentence=self.sentence)


class LessonProblems(ValueError):
    """A text that is no lesson; the message says all that is wrong, a sentence in a line."""

    def __init__(self, problems: tuple[LessonProblem, ...]) -> None:
        super().__init__(problems)
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))

    def __str__(self) -> str:
        return "\n".join(write_message(problem.text) for problem in self.problems)

    @property
    def sentences(self) -> list[Text]:
        """All that is wrong, with lines."""
        return [problem.text for problem in self.problems]


def make_lesson_problem(line: int, code: str, /, **parts: object) -> LessonProblem:
    """A problem at a line, with the sentence of that code."""
    return LessonProblem(line, make_text(code, **parts))


def quote_shortened(text: str) -> str:
    """A user's text in quotation marks, without characters that would move others, cut where it is long."""
    clean = "".join(one if one.isprintable() else " " for one in text).strip()
    return f"“{clean if len(clean) <= MOST_QUOTED else clean[: MOST_QUOTED - 1] + '…'}”"
