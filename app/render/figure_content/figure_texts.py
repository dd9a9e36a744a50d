"""The catalogue of what is written in a figure: in the picture and in the first paint of a page.

Those that the live page writes, too, belong to PAGE and CAPTION in `static/pure/strings/strings.js` and are repeated
here, since the server runs no script; tests/render/test_figure_texts.py holds each of them to its owner, word for word.
"""

from __future__ import annotations

from ...core.texts import Text, add_catalogue, make_text, write_message

FIGURE_TEXTS = add_catalogue(
    {
        # headings of maps
        "map_input": "Input",
        "map_input_of": "Input, picture {number} of {count}",
        # the row of a stack of pictures
        "stack_picture": "{title}, picture {number} of {count}",
        "stack_count": "picture {number} of {count}",
        "stack_input": "{shape}: {count} pictures, all cut alike.",
        "stack_maps": "{shape}: one stack of maps for each picture.",
        "stack_weights": "{shape}: one stack of maps for each picture, the same weights. {parameters} parameters, as "
        "for one picture; {count} × {once} = {all} multiply-adds.",
        "map_features": "Feature map",
        "map_features_before": "Feature map, before {title}",
        "map_pooled": "Pooled map",
        "map_after": "After {title}",
        "map_to_come": "not computed yet",
        "map_value": "value {index}",
        "map_values": "{count} values",
        # the arithmetic of a step
        "step_window": "window",
        "step_filter": "filter",
        "step_filter_divided": "filter ÷ {divisor}",
        "step_turned": "{name}, turned by 180°",
        "step_shares": "share of each",
        "step_products": "products",
        "step_product_count": "{count} products",
        "step_one_product": "one product",
        "step_channel": "channel {index}",
        "step_more_channels": "{count} more channels",
        "step_more_terms": "{count} more",
        "step_sum": "their sum",
        "step_sum_alone": "sum of {channel} alone",
        "step_channel_sum": "sum of {count} channels",
        "step_channel_sum_is": "sum of {count} channels: {sum}",
        "step_plus_bias": " + bias {bias}",
        "step_minus_bias": " − bias {bias}",
        "step_rounded_bias": "{typed} (≈ {bias})",
        "step_rounded": "rounded: {rest}",
        "step_largest": "the largest of {cells}",
        "step_smallest": "the smallest of {cells}",
        "step_mean": "the mean",
        "step_squares": "root of the sum of squares",
        "step_share": "its share of the whole",
        "step_moved": "moved here from {place}",
        "step_from_outside": "from outside the picture",
        "step_term": "{value} of {title} ({stage})",
        "step_copy": "from {title} ({stage})",
        "step_copy_of_map": "channel {index} of {title} ({stage})",
        "compared_no_cell": "There is no row {row}, column {column} in this map, which is {rows} × {columns}.",
        "step_place": "row {row}, column {column}",
        # what the next layer does with a cell
        "next_keeps": "{title} keeps it",
        "next_makes": "{title} makes it {value}",
        "next_leaves_zero": "{title} leaves it 0",
        "next_wins": "wins its {size} window",
        "next_wins_some": "wins {won} of its {count} windows",
        "next_loses": "loses to {winner} in its {size} window",
        "next_ties": "is {winner} as well; of equal cells, the first counts in its {size} window",
        "next_loses_all": "loses in all its {count} windows",
        "next_joins": "goes into its {size} window",
        "next_reads_once": "the next {title} reads it once",
        "next_reads": "the next {title} reads it {count} times",
        "next_never_reads": "the next layer never reads it",
        "next_moves": "moves to {place}",
        "next_moves_out": "moves out of the picture",
        "next_becomes": "becomes number {index} of the column",
        "next_goes_into_stage": "goes into {title} ({stage})",
        "next_goes_into": "goes into all {count} sums",
        # the size of an output, and its parameters
        "size_along": "{axis}: {sentence}",
        "size_rows": "Rows",
        "size_columns": "Columns",
        "size_down": ", rounded down to {size}",
        "size_up": ", rounded up to {size}",
        "size_parameters": "{count} parameters",
        "size_one_parameter": "{count} parameter",
        # the strip of stages
        "card_label": "{title}, {maps} × {rows} × {columns}: maps × rows × columns",
        "card_from": "from {stages}",
        "answer_class": "class {index}",
        "answer_shares": "The network’s answer: {classes}. Shares, not chances of being right.",
        "answer_scores": "The network’s answer: {classes}. Scores: the largest wins.",
        # words beside the rows
        "word_padding": "(padding)",
        "word_gram": "{size}-gram “{words}”",
        "word_quoted": "“{words}”",
        "word_row": "row {row}",
        # around the figure
        "figure_credit": "Picture: {credit}",
        "figure_input": "The input: {shape} values.",
        "figure_no_occlusion": "The covered picture is not drawn here: open the link to drag the gray square.",
        "figure_stage": "{title} turns {before} into {after}.",
    }
)
COUNT_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def write_figure_text(code: str, /, **params: Text | str | int) -> str:
    """Write a text of a figure; whole numbers without separators. Raises KeyError for a code that is not there."""
    written = {key: str(part) if isinstance(part, int) else part for key, part in params.items()}
    return write_message(make_text(code, **written))
