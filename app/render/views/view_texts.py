"""The catalogue of what the views write in the picture of a figure.

The live page writes the same: they belong to FIELD, CURVE, SWEEP and FILTER_TABLE in
`static/pure/strings/tab-strings.js` and are repeated here; tests/render/test_figure_texts.py holds each of them to its
owner, word for word.
"""

from __future__ import annotations

from ...core.texts import Text, add_catalogue, make_text, write_message

VIEW_TEXTS = add_catalogue(
    {
        "field_question": "Which part of the picture can influence row {row}, column {column} of “{title}”?",
        "field_question_of_value": "Which part of the picture can influence this value of “{title}”?",
        "field_at_most": "at most {size}",
        "field_whole": "all {size}",
        "field_all": "all",
        "field_window": "One layer back: its window in “{title}”, {size} cells.",
        "field_further": "One more: {size} cells of “{title}”.",
        "field_in_picture": "Its receptive field in the picture: {size} px.",
        "field_whole_picture": "It can see the whole picture.",
        "field_apart": "Neighbors’ windows lie {down} px apart.",
        "field_apart_unlike": "Neighbors’ windows lie {down} px apart down, {across} px across.",
        "field_rows": "Rows: {formula}",
        "field_columns": "Columns: {formula}",
        "field_sum": "1 + Σ (F − 1)·jump = {sum}",
        "field_union": "Paths of several lengths lead back: the box lies around all of them.",
        "response_of": "{name}, row {row}, column {column}",
        "response_cells": "{count} cells",
        "response_ends": "Largest {most} at {at}, smallest {least} at {there}.",
        "response_now": "Now at {value}: {response}.",
        "equation_others": "{count} others",
        "equation_rounded": "rounded: {missing}",
        "filters_drawn": "{shown} of {all} filters drawn.",
        "equation_place": "{letter}: row {row}, column {column}",
        "equation_zeros": "{zeros} of {all} products are 0 and not written.",
        "equation_one_zero": "1 of {all} products is 0 and not written.",
        "equation_all_zero": "All {all} products are 0.",
        "equation_only_zero": "The only product is 0.",
        "equation_none_zero": "None of {all} products is 0.",
        "equation_only_not_zero": "The only product is not 0.",
        "equation_many": "the sum of {count} products that are not 0",
        "curve_none": "none",
        "curve_become_zero": "{share} become 0",
        "curve_are_below": "{share} are below 0",
        "curve_become": "{share} become {value}",
        "curve_of_cell": "Of the 1 cell of this map {sentences}.",
        "curve_of_cells": "Of the {count} cells of this map {sentences}.",
    }
)


def write_view_text(code: str, /, **params: Text | str | int) -> str:
    """Write a text of a view; whole numbers without separators. Raises KeyError for a code that is not there."""
    written = {key: str(part) if isinstance(part, int) else part for key, part in params.items()}
    return write_message(make_text(code, **written))
