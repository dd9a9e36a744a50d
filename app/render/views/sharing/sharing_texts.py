"""The catalogue of what the pictures of sharing write.

The live page writes the same: they belong to SHARING and TABS in `static/pure/strings/tab-strings.js` and are repeated
here; tests/render/test_figure_texts.py holds each of them to its owner, word for word.
"""

from __future__ import annotations

from ....core.texts import Text, add_catalogue, make_text, write_message

SHARING_TEXTS = add_catalogue(
    {
        "sharing_neuron_one": "This neuron",
        "sharing_neuron_map": "The whole map",
        "sharing_neuron_full": "Counts",
        "sharing_neuron_column": "At one place",
        "sharing_letters": "In letters",
        "sharing_matrix_weights": "The filter as one matrix",
        "sharing_matrix_windows": "As computers do it (im2col)",
        "sharing_matrix_linear": "The matrix",
        "sharing_wires_drawn": "The largest products: {drawn} of {count} wires are drawn.",
        "sharing_other_inputs": "{count} others: {sum}",
        "sharing_activation": "activation",
        "sharing_of_this_cell": "cell {row}, {column}",
        "sharing_nothing_shared": "Nothing is shared here: each of the {maps} neurons has {inputs} weights of its own "
        "and reads every input.",
        "sharing_whole_map": "The map is {neurons} neurons with the same {numbers} numbers: {weights} weights and b.",
        "sharing_whole_map_of_one": "The map is 1 neuron with the same {numbers} numbers: {weights} weights and b.",
        "sharing_whole_map_one_weight": "The map is {neurons} neurons with the same 2 numbers: 1 weight and b.",
        "sharing_whole_map_one_each": "The map is 1 neuron with the same 2 numbers: 1 weight and b.",
        "sharing_row_of_map": "{shown} of {neurons} neurons, all with the same {numbers} numbers: {weights} weights "
        "and b.",
        "sharing_row_of_map_one_weight": "{shown} of {neurons} neurons, all with the same 2 numbers: 1 weight and b.",
        "sharing_one_channel": "Wires of channel {channel} alone are drawn.",
        "sharing_counts": "{before} → {shape}: weights and biases of this layer, counted three ways.",
        "sharing_shared": "shared: one filter for all places",
        "sharing_own": "each neuron its own window and weights",
        "sharing_full": "fully connected: each neuron reads everything",
        "sharing_thin_bars": "The bars are to scale; one that would be thinner than a pixel is drawn one pixel wide.",
        "sharing_same_window": "the same {size} numbers",
        "sharing_same_window_of_one": "the same 1 number",
        "sharing_column": "{maps} neurons at this place, one in each map: the same window of {size}, each with a "
        "filter and a bias of its own.",
        "sharing_column_of_one": "1 neuron at this place, one in each map: the same window of {size}, each with a "
        "filter and a bias of its own.",
        "sharing_column_of_group": "{maps} neurons at this place, one in each map of this group: the same window of "
        "{size}, each with a filter and a bias of its own.",
        "sharing_column_of_group_of_one": "1 neuron at this place, one in each map of this group: the same window of "
        "{size}, each with a filter and a bias of its own.",
        "sharing_neurons_drawn": "{shown} of {count} are drawn.",
        "sharing_letters_limit": "Letters name at most 12 inputs, 9 results and 9 weights of one channel; here values "
        "have the index of their row and column.",
        "sharing_lines_together": "The lines together",
        "sharing_window_of": "The window of {name}",
        "sharing_outside_wholly": "This window lies outside of the picture: every input is 0.",
        "sharing_rows_size": "rows: {line}",
        "sharing_columns_size": "columns: {line}",
        "sharing_matrix_shape": "{rows} × {columns}",
        "sharing_matrix_of_map": "the rows of filter {map}, of {maps} filters",
        "sharing_big_matrix": "a row for each cell of the map, a column for each of the {columns} input cells "
        "(channel, row, column); at most {wired} of a row are weights.",
        "sharing_big_matrix_one_wire": "a row for each cell of the map, a column for each of the {columns} input "
        "cells (channel, row, column); at most 1 of a row is a weight.",
        "sharing_linear": "W x + b: a row for each output, a column for each of the {columns} inputs. Every entry is "
        "a weight of its own.",
        "sharing_sums_divided": "Each sum is divided by {divisor} before b is added.",
        "sharing_no_wire": "always 0: no wire",
        "sharing_equal_weights": "{most} equal weights, trained together",
        "sharing_equal_weights_unlike": "{least} to {most} equal weights, trained together",
        "sharing_equal_weight": "1 equal weight, trained together",
        "sharing_equal_weight_unlike": "{least} to 1 equal weight, trained together",
        "sharing_each_its_own": "Each entry is a weight of its own, trained by itself.",
        "sharing_color": "Color: which weight, not its value.",
        "sharing_more_weights": "and {count} more",
        "sharing_column_head": "column",
        "sharing_row_head": "row",
        "sharing_row": "row {row}",
        "sharing_times_input": "· input",
        "sharing_outside": "–",
        "sharing_row_sum": "The row times the column: {line}",
        "sharing_row_sum_waiting": "The row times the column, plus b, is this cell.",
        "sharing_windows": "Every position of the window is a row of {columns} numbers, each filter a column of "
        "{columns}: {rows} rows times {maps} columns give all maps at once.",
        "sharing_windows_of_group": "Every position of the window is a row of {columns} numbers, each filter a column "
        "of {columns}: {rows} rows times {maps} columns give all maps of this group at once.",
        "sharing_windows_of_one": "Every position of the window is a row of {columns} numbers, each filter a column "
        "of {columns}: {rows} rows times 1 column give the whole map at once.",
        "sharing_filter": "filter {map}",
        "sharing_times_filter": "· filter {map} + b",
        "sharing_map": "map {map}",
        "sharing_columns_shown": "{shown} of {count} shown",
        "sharing_place": "row, col",
        "sharing_window_as_row": "window, written as a row",
    }
)


def write_sharing_text(code: str, /, **params: Text | str | int) -> str:
    """Write a text of these pictures, whole numbers without separators. Raises KeyError for an unknown code."""
    written = {key: str(part) if isinstance(part, int) else part for key, part in params.items()}
    return write_message(make_text(code, **written))
