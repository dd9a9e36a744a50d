"""The sentences of exercises, and of what is wrong with the keys of a set of them."""

from __future__ import annotations

from ..core.texts import add_catalogue, make_text, write_message

EXERCISE_TEXTS = add_catalogue(
    {
        # kinds
        "exercise_kind_cell": "One cell of a map",
        "exercise_kind_map": "A whole map",
        "exercise_kind_size": "The size of a map",
        "exercise_kind_parameters": "The parameters of a layer",
        "exercise_kind_field": "The receptive field",
        "exercise_kind_filter": "Which filter made this map",
        "exercise_kind_mistake": "Find the mistake",
        # options
        "exercise_option_size": "Input side",
        "exercise_option_filter": "Filter side",
        "exercise_option_stride": "Stride",
        "exercise_option_padding": "Padding",
        "exercise_option_channels": "Channels",
        "exercise_option_points": "Points",
        # what an exercise says
        "exercise_window": "A filter of {filter} × {filter} with bias {bias} moves over the input with stride {stride} "
        "and padding {padding}. The filter is used as it stands; rows and columns count from 0.",
        "exercise_cell": "Which number is written at row {row}, column {column} of the map?",
        "exercise_map": "Which numbers are in the map? Write all {rows} × {columns} of them.",
        "exercise_size": "The input has {height} rows and {width} columns. A filter of {filter} × {filter} moves over "
        "it with stride {stride} and padding {padding}. How many rows and columns does the map have?",
        "exercise_parameters": "A convolution has {filters} filters of {filter} × {filter} over an input of {channels} "
        "channels of {size} × {size} cells. Each filter has one bias. How many parameters does the layer have?",
        "exercise_parameters_gray": "A convolution has {filters} filters of {filter} × {filter} over an input of one "
        "channel of {size} × {size} cells. Each filter has one bias. How many parameters does the layer have?",
        "exercise_field": "The layers of a network are: {layers}. How many rows of the input does one cell of the last "
        "map see, away from the edge? (Its receptive field has as many columns.)",
        "exercise_layer_conv": "convolution {window} × {window} with stride {stride}",
        "exercise_layer_pool": "max pool {window} × {window} with stride {stride}",
        "exercise_which_filter": "One of four filters of {filter} × {filter} made this map of the input, with stride "
        "{stride}, padding {padding} and bias 0. The filter is used as it stands. Which one was it?",
        "exercise_mistake": "Somebody has worked this map out, and one of its numbers is wrong. Which one?",
        "exercise_input": "Input",
        "exercise_input_channel": "Input, channel {channel}",
        "exercise_filter": "Filter",
        "exercise_filter_channel": "Filter, channel {channel}",
        "exercise_output": "Map",
        "exercise_worked": "Map with one mistake",
        "exercise_number": "Number",
        "exercise_rows": "Rows",
        "exercise_columns": "Columns",
        "exercise_place": "row {row}, column {column}",
        "exercise_option_number": "Filter {number}",
        "exercise_map_number": "Map {number}",
        # what a wrong answer says
        "exercise_would": "{guess} {reason}.",
        "exercise_map_would": "This map {reason}.",
        "exercise_filter_turned": "This is the filter turned by 180°. Here it is used as it stands.",
        "exercise_rows_and_columns": "Rows and columns of the filter are swapped.",
        "exercise_without_filter": "With this one every map would be the sums of the windows.",
        "exercise_cell_right": "This cell is right: {line}.",
        # how it is worked out
        "exercise_at": "row {row}, column {column}: {line}",
        "exercise_corrected": "row {row}, column {column}: {line}, not {wrong}. {wrong} {reason}.",
        "exercise_made_by": "Its first cell: {line}.",
        # feedback
        "exercise_right": "Right.",
        "exercise_again": "That is not it. Try again.",
        # what is wrong with a set
        "exercises_unknown_kind": "Exercise {number} is {value}; a kind of exercise is {allowed}.",
        "exercises_unknown_option": "Exercise {number} ({kind}) has the option {value}; it can have {allowed}.",
        "exercises_bad_option": "Exercise {number} ({kind}): {option} is {value}; it can be {allowed}.",
        "exercises_too_many": "There are {value} exercises; a set has {allowed}.",
        "exercises_empty": "There is no exercise. exercises= names at least one kind of {allowed}.",
        "exercises_file_too_large": "{specs} exercises with {variants} variants are {value} questions; a file has "
        "{allowed}. Make several files, each with another first seed.",
        "exercises_impossible": "Exercise {number} ({kind}): no exercise with these options has small numbers and "
        "three different wrong answers. Leave an option out, or take {allowed}.",
        "exercises_impossible_allowed": "a larger input or a smaller filter",
        "exercises_bad_tolerance": "tolerance is {value}; it can be {allowed}.",
        "exercises_tolerance_allowed": "0 or a decimal number below 1, such as 0.5",
        "exercises_bad_number": "{field} is {value}; it can be {allowed}.",
        "exercises_whole": "a whole number from {least} to {most}",
        "exercises_up_to": "1 to {most}",
        # files
        "exercises_description": "Exercises on convolution from a seed, for paper, Moodle and other courses.",
        "exercises_title": "Convoscope exercises",
        "exercises_question_name": "{number}. {title}, seed {seed}",
        "exercises_category": "{number}. {title}",
        "exercises_picture_alt": "The figure of this exercise, without the answer. Its numbers are in the tables.",
        "exercises_picture_alt_alone": "The figure of this exercise, without the answer.",
    }
)


def write_exercise_text(code: str, /, **parts: object) -> str:
    """A sentence of an exercise in the current language; numbers in it have no separators."""
    return write_message(make_text(code, **{key: str(part) if isinstance(part, int) else part
                                            for key, part in parts.items()}))  # fmt: skip
