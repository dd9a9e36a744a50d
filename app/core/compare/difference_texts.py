"""The sentences of figures side by side: the title that names their difference, and the name of each figure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from ..operation_table import OPERATIONS
from ..texts import Text, add_catalogue, make_text
from ..weights.kernels import KERNELS


def write_small(title: str) -> str:
    """A title within a sentence: Max pool → max pool, while ReLU, GELU and L2 pool stay."""
    first = title.partition(" ")[0]
    return title[0].lower() + title[1:] if first[1:] == first[1:].lower() and first[1:].isalpha() else title


DIFFERENCE_TEXTS = add_catalogue(
    {
        "compare_same": "the same figure",
        "compare_other": "different figures",
        "compare_and": "{first} and {last}",
        "compare_comma": "{first}, {last}",
        "compare_two": "two differences: {first}; {last}",
        "compare_three": "three differences: {first}; {second}; {last}",
        "compare_with": "{names}, {shared}",
        "compare_in_layer": "{names}, in layer {number}",
        # what they have in common
        "compare_on_photo": "{difference}, on the same photo",
        "compare_on_picture": "{difference}, on the same picture",
        "compare_on_numbers": "{difference}, on the same numbers",
        # the picture
        "compare_size": "{rows} × {columns} cells",
        "compare_gray": "gray",
        "compare_rgb": "color",
        "compare_byte": "values 0 to 255",
        "compare_unit": "values 0 to 1",
        "compare_cut": "rows {top} to {bottom}, columns {left} to {right} of the picture",
        "compare_whole": "the middle of the picture",
        "compare_upload": "an uploaded picture",
        "compare_typed": "typed numbers",
        "compare_random": "random numbers",
        "compare_one_hot": "one-hot vectors",
        "compare_random_vectors": "random vectors of {size} numbers, seed {seed}",
        "compare_words": "“{words}”",
        "compare_no_words": "no words",
        # what changes the picture
        "compare_brightness": "brightness {value}",
        "compare_contrast": "contrast {value}",
        "compare_turn": "turned by {value}°",
        "compare_not_flipped": "not mirrored",
        "compare_flipped_across": "left and right mirrored",
        "compare_flipped_down": "top and bottom mirrored",
        "compare_flipped_twice": "both sides mirrored",
        "compare_moved": "moved by {by}",
        "compare_noise": "noise {value}",
        "compare_seed": "noise of seed {value}",
        "compare_nothing_covered": "nothing covered",
        "compare_covered": "{rows} × {columns} cells covered from row {top}, column {left} on",
        # the stage
        "compare_stage": "stage {number}",
        "compare_map": "map {number}",
        "compare_version": "version {number}",
        # a layer more
        "compare_without": "without {layer}",
        "compare_after": "with {layer}",
        "compare_before_shift": "before the shift",
        "compare_after_shift": "after the shift",
        "compare_shift": "before and after a shift by {by}",
        "compare_insert": "without and with {layer}",
        "compare_remove": "with and without {layer}",
        "compare_first": "{one} before {other}",
        "compare_later": "{one} after {other}",
        "compare_order": "{one} before and after {other}",
        # shifts
        "compare_nothing": "0 cells",
        "compare_1_right": "1 column to the right",
        "compare_1_left": "1 column to the left",
        "compare_1_down": "1 row down",
        "compare_1_up": "1 row up",
        "compare_right": "{count} columns to the right",
        "compare_left": "{count} columns to the left",
        "compare_down": "{count} rows down",
        "compare_up": "{count} rows up",
        # options of a layer
        "compare_option": "{name} {value}",
        "compare_padding_sides": "padding {top} above, {bottom} below, {left} left, {right} right",
        "compare_filter_size": "filter size {size}",
        "compare_sizes_padded": "filter size {sizes} with padding {paddings}",
        "compare_padded": "F = {size}, P = (F − 1)/2 = {padding}",
        "compare_correlation": "correlation",
        "compare_convolution": "convolution",
        "compare_own_stride": "stride as long as the window",
        "compare_on": "with {name}",
        "compare_off": "without {name}",
        "compare_filters": "{count} filters",
        "compare_own_filter": "the filter {numbers}",
        "compare_layer": "{title} {head}",
        # all maps are the same
        "compare_equal": "All figures show the same numbers.",
        # a picture that was changed
        "compare_changed": "{unlike} of {count} cells have other numbers.",
        "compare_one_changed": "1 of {count} cells has another number.",
        # after, moved back
        "compare_moved_back": "After, moved back by {by}",
        "compare_alike": "All {compared} cells that are in both maps are alike.",
        "compare_unlike": "{unlike} of {compared} cells that are in both maps are unlike.",
        "compare_one_unlike": "1 of {compared} cells that are in both maps is unlike.",
        "compare_left_map": "{count} more moved out of the map.",
        "compare_one_left_map": "1 more moved out of the map.",
        "compare_part_of_cell": "The shift is {rows} × {columns} cells of this map, not a whole number of them, so it "
        "cannot be moved back.",
        # what is wrong with the links
        "compare_figure": "Figure {letter}",
        "compare_part": "Figure {letter}, {place}",
        "compare_needs_two": "There is one figure, and a comparison needs two to four: add a link, such as {example}.",
        "compare_at_most_four": "At most four figures, a to d, stand side by side; {letter} is left out.",
        "compare_too_long": "Together the links have {value} characters and can have {allowed}; {letter} is left out.",
        **{f"compare_op_{row.name}": write_small(row.title) for row in OPERATIONS},
        **{f"title_{kernel.name}": kernel.title for kernel in KERNELS},
        **{
            f"compare_label_{option.name}": write_small(option.label)
            for row in OPERATIONS
            for option in (*((row.head,) if row.head else ()), *row.options)
        },
    }
)


def name_operation(op: str) -> Text:
    """An operation within a sentence: max pool."""
    return make_text(f"compare_op_{op}")


def join_with_and(parts: Sequence[Text | str]) -> Text | str:
    """`a, b and c`."""
    *first, last = parts
    if not first:
        return last
    return make_text(
        "compare_and", first=reduce(lambda one, two: make_text("compare_comma", first=one, last=two), first), last=last
    )
