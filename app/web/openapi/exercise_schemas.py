"""The JSON schemas of exercises."""

from __future__ import annotations

from .schema_builders import TEXT, WHOLE, list_of, object_of, ref, with_description

GRID = list_of(WHOLE, depth=2)
WRONG_NUMBER = object_of("A wrong number, and the mistake that leads to it.", {"number": WHOLE, "sentence": TEXT})
EXERCISE = object_of(
    "An exercise with its answers.",
    {
        "kind": TEXT,
        "seed": WHOLE,
        "points": WHOLE,
        "title": TEXT,
        "sentence": TEXT,
        "link": with_description(TEXT, "The query string of the figure with the answer."),
        "tables": list_of(object_of("Numbers that are given.", {"title": TEXT, "rows": GRID})),
        "fields": list_of(
            object_of(
                "A number to type.",
                {"label": TEXT, "right": WHOLE, "wrong": list_of(WRONG_NUMBER)},
            )
        ),
        "offered": list_of(
            object_of(
                "An answer to choose: a text or a grid; `sentence` is empty for the right one.",
                {"text": TEXT, "grid": GRID, "sentence": TEXT},
            )
        ),
        "right": with_description(WHOLE, "The index of the right one of `offered`."),
        "lines": with_description(list_of(TEXT), "How the answer is worked out."),
    },
)
EXERCISES = object_of(
    "A set of exercises with all its variants.",
    {
        "link": with_description(TEXT, "The query string of the set."),
        "exercises": list_of(TEXT),
        "seed": WHOLE,
        "tries": WHOLE,
        "tolerance": TEXT,
        "variants": list_of(
            object_of("The exercises of a seed.", {"seed": WHOLE, "exercises": list_of(ref("Exercise"))})
        ),
    },
)
