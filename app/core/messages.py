"""The catalogue of the core and the lab: every sentence by its code, with functions that make frequent texts."""

from __future__ import annotations

from collections.abc import Iterable

from .operation_table import OPERATIONS
from .options import Option
from .problems import Problem, remove_ending
from .texts import Text, add_catalogue, make_text
from .texts import write_message as write_message

REPAIR_CODES = frozenset(
    (
        *("part_dropped", "layer_dropped", "long_dropped", "rest_dropped", "filled", "cut"),
        *("words_dropped", "smaller", "fewer_maps", "shown_in_rgb", "shown_in_gray", "layers_dropped", "opening_shown"),
    )
)
"""Endings that say which figure is shown instead of the requested one."""
MESSAGES = add_catalogue(
    {
        # what is wrong
        "invalid_value": "{field} is {value}; it can be {allowed}.",
        "invalid_number": "A number in {field} is {value}; it can be {allowed}.",
        "unknown": "{value} is unknown; {field} can be {allowed}.",
        "unknown_key": "{value} is not a key here; the keys are {allowed}.",
        "unknown_option": "{op} has no option {value}; it has {allowed}.",
        "no_value": "{value} has no value; write {allowed}.",
        "no_head": "{op} does not take {value}; write {allowed}.",
        "no_filter": "A convolution needs a filter; it can be {allowed}.",
        "needs_head": "{op} needs {allowed}.",
        "ragged": "In {value} the rows or the planes differ in size; {allowed}.",
        "empty": "{value} contains no numbers; it can be {allowed}.",
        "too_many": "There are {value} {what}; there can be {allowed}.",
        "too_large": "{field} has {value} cells per plane; it can have {allowed}.",
        "too_many_lines": "{field} has {value} lines; it can have {allowed}.",
        "long_line": "Line {number} of {field} is {value} characters long; it can have {allowed}.",
        "too_long": "The link is {value} characters long; it can have {allowed}.",
        "not_json": "scene is not valid JSON; it can be {allowed}.",
        "wrong_type": "{field} is {value}; it must be {allowed}.",
        # what wrong guesses would be right for, after the guess
        "predict_would": "would be right {reason}",
        "predict_without_bias": "without the bias",
        "predict_first_channel": "with the first channel alone",
        "predict_filter_turned": "with the filter turned by 180°",
        "predict_rows_and_columns": "with rows and columns of the filter swapped",
        "predict_without_filter": "for the sum of the window, without the filter",
        "predict_without_padding": "without the padding",
        "predict_next_place": "one place further",
        "predict_other_rounding": "with the other rounding",
        "predict_without_first": "without the + 1: the first place counts, too",
        "predict_without_stride": "with a stride of 1",
        "predict_without_dilation": "without the dilation",
        "predict_same_size": "with padding that keeps the size",
        "predict_one_more": "with one place more than fits",
        "predict_one_channel": "with the channels forgotten",
        "predict_every_place": "if every place had weights of its own",
        "predict_one_filter": "for one filter",
        "predict_one_bias": "with one bias for all filters",
        "predict_without_groups": "without the groups",
        "predict_reads_all": "for a fully connected layer",
        "predict_field_without_stride": "with every stride 1",
        "predict_field_added": "with the windows added up, as if they did not overlap",
        "predict_field_last": "for the last layer alone",
        "predict_field_multiplied": "with the windows multiplied",
        "predict_field_windows_times_jump": "with F in place of F − 1",
        "predict_field_without_first": "without the 1 of the first cell",
        "predict_larger_stride": "with a stride larger by 1",
        "predict_smaller_window": "with a window smaller by 1",
        "predict_larger_window": "with a window larger by 1",
        "predict_larger_input": "with an input larger by 1",
        "predict_one_left": "if the last window ended one cell earlier",
        "predict_fits": "none",
        "predict_leaves": "rows: {rows}, columns: {columns}",
        "predict_is_filter_turned": "is the filter turned by 180°",
        "predict_is_rows_and_columns": "is the filter with rows and columns swapped",
        "predict_is_other_signs": "is the filter with other signs",
        "predict_is_without_filter": "adds up the window",
        "predict_is_filter": "is {filter}",
        "predict_other_filter": "is the map of {filter}",
        "predict_rank": "is number {rank}, with {value}",
        "no_question": "The figure has no answer to predict={value}, so nothing is hidden; it can be {allowed}.",
        "question_allowed": "what the stage has (cell, size, fit, parameters, map, filter) or class, of a network",
        # what is used or suggested instead
        "nearest": "The nearest valid value is {used}.",
        "default": "The default is {used}.",
        "near_name": "Did you mean {used}?",
        "and_more": "Also invalid: {count} more.",
        "part_dropped": "It is left out.",
        "layer_dropped": "The layer is left out.",
        "long_dropped": "Parts that do not fit are left out.",
        "rest_dropped": "The rest is left out.",
        "filled": "The missing cells are 0.",
        "cut": "The rest is cropped.",
        # notes, which stop nothing
        "repeated": "{value} appears more than once; the last one is used.",
        "no_filter_left": "No filter of this convolution could be used, so the layer is left out.",
        "scene_wins": "The link has both scene and {value}; scene is used.",
        "story_and_stops": "The link has both story and stops; the stops are used.",
        "groups_not_given": "One filter reads all {channels} channels and makes one map. For each channel alone, as in "
        "earlier versions, add groups={channels} to the layer.",
        "each_alone": "groups={channels} for each channel alone",
        # the stack of pictures
        "batch_many": "batch has {value} pictures; there can be {allowed} behind the image.",
        "item_alone": "item is {value}, but this figure has one picture: without batch, item can only be 0.",
        "item_of": "item is {value}; with {count} pictures in the stack it can be {allowed}.",
        "batch_unknown": "There is no picture called {value} here for the stack; it can be {allowed}.",
        "batch_gone": "Picture {number} of the stack, {value}, is no longer here: uploads are kept for a short time "
        "only.",
        "batch_numbers": "Picture {number} of the stack has {value} numbers, which are too many; "
        "it can have {allowed}.",
        "batch_alone": "This file has picture {number} of {count} of the stack alone.",
        "batch_alone_large": "This file has picture {number} of {count} of the stack alone: all of them have {size} MB "
        "of numbers, and a file holds at most {most} MB.",
        "batch_shape": "The pictures of a stack have one shape: {name} gives {value}, and {first} gives {shape} "
        "(channels × rows × columns).",
        # which layer it is
        "layer_place": "{title} (layer {number})",
        "layer_number": "Layer {number}",
        "in_layer": "{place}: {sentence}",
        # layers that do not fit what comes before them
        "groups": "The number of channels is {channels}, which cannot be split into {value} equal groups; "
        "groups can be {allowed}.",
        "filter_planes": "Filter {filter} has {value} planes; here it can have {allowed}.",
        "shape_groups": "The layer has {filters} filters, which cannot be split into {value} equal groups; their "
        "number can be {allowed}.",
        "random_numbers": "A random input of {value} numbers is too large; it can have {allowed}.",
        "learned_depth": "The filters of {value} read {given} channels each; here they would get {depth}.",
        "learned_other": "The filters of {value} read {given} channels each. A picture has 1 or 3, so it cannot feed "
        "them; here they would get {depth}. After a layer that makes {given} maps they fit.",
        "learned_gray": "The filters of {value} read 1 channel each; here they would get {depth}.",
        "channels_gray": "The filters of {name} read 1 channel each; here they would get {depth}.",
        "channels_rgb": "The filters of {name} read {given} channels each; here they would get {depth}.",
        "learned_index": "{name} has no filter {value}; it can be {allowed}.",
        "no_learned": "There are no trained filters called {value} here; it can be {allowed}.",
        "kept_weights": "weights uploaded in the last hours",
        "gone_weights": "These weights are no longer here: they are kept for a short time only. Open the file again.",
        "no_model": "There is no trained model called {value} here.",
        "no_model_of": "There is no trained model called {value} here; it can be {allowed}.",
        "no_layer": "{model} has no layer {value} with filters; it can be {allowed}.",
        "no_linear": "{model} has no fully connected layer {value}; it can be {allowed}.",
        "no_film": "The training of {name} was not recorded, so it has no moment {value}; it can be {allowed}.",
        "no_moment": "{name} was trained for {last} steps; its moment is {value} and can be {allowed}.",
        "film_filters": "The recorded training of {name} has {count} filters, and {value} is not among them; it can be "
        "{allowed}.",
        "linear_numbers": "{value} reads {given} numbers; here it would get {found}.",
        "linear_maps": "{value} reads {given} numbers; here it would get {channels} × {rows} × {columns} = {found}.",
        "prepare_channels": "{value} reads pictures with 1 or 3 channels; here it would get {channels}.",
        "channel_numbers": "{name} has {value} numbers, and the number of channels is {channels}; there can be "
        "{allowed}.",
        "negative_variance": "var is {value}; a variance can be {allowed}.",
        "batchnorm_single": "train is {value}, but each channel is a single number, whose variance is 0; train can be "
        "{allowed}.",
        "pad_value": "value is {value}, and mode={mode} copies cells of the picture; value needs {allowed}.",
        "windows_outside": "padding is {value}; with a window of {size} {cells} that lie {dilation} apart a window "
        "would lie in the padding alone. It can be {allowed}.",
        "biases": "There are {value} biases, and the number of maps is {maps}; there can be {allowed}.",
        "maps": "This layer would make {value} feature maps; it can make {allowed}.",
        "window": "The {what} spans {value} {cells}, but its input has only {padded} {padded_cells}{with_padding}.",
        "dilation": "With dilation {value} the filter spans {reach} {cells}, but its input has only "
        "{padded} {padded_cells}{with_padding}; dilation can be {allowed}.",
        "output_padding": "output_padding is {value} {cells}; with stride {stride} and dilation {dilation} it can be "
        "{allowed}.",
        "crop": "padding is {value}; it is cut off each side of an output of {full} {cells}, so it can be {allowed}.",
        "padding_mode": "padding is {value}; with {option}={mode} and {size} {cells} it can be {allowed}.",
        "causal": "padding is {value}, which pads a single row on its left, and the input has {rows} rows; it can be "
        "{allowed}.",
        "causal_allowed": "valid, same, full or numbers",
        "pool_padding": "padding is {value}; with a window of {size} {cells} it can be {allowed}, so that no window "
        "lies in the padding alone.",
        # the stages that a layer reads
        "join_shapes": "{op} cannot join stage {value}, which has {shape} cells, with stage {first}, which has "
        "{other}; the stages can be {allowed}.",
        "add_allowed": "those with {channels} × {rows} × {columns} cells",
        "concat_allowed": "those with maps of {rows} × {columns} cells",
        "mul_allowed": "those with {channels} × {rows} × {columns} cells, or with {channels} × 1 × 1",
        "mul_allowed_any": "those with {channels} maps",
        "mul_allowed_one": "those with 1 map",
        "no_stage": "{field} is {value}, and this is stage {number}; it can be {allowed}.",
        "lost_stage": "{field} is {value}, which counts past {lost}, a layer that is left out; it can be {allowed}.",
        "stage_replaced": "Stage {value} is left out; what read it reads stage {used} instead.",
        # the picture
        "gone": "This picture is no longer here: pictures are kept for a short time only.",
        "left_out": "The file does not contain the picture of this figure.",
        "drop_again": "Drop the photo here again.",
        "crop_outside": "The crop {value} lies outside the picture; it can be {allowed}.",
        # words at the rows of the input
        "empty_word": "Word {number} of {field} is empty; a word has {allowed}.",
        "long_word": "Word {number} of {field} has {length} characters; a word has {allowed}.",
        "unclean_word": "Word {number} of {field} is {value}; it can be {allowed}.",
        "no_words": "These vectors need words: {field} can be {allowed}.",
        "words_on_picture": "{field} is {value}, but the rows of a picture are no words. Words stand at the rows of "
        "{allowed}.",
        "words_count": "The number of words in {field} is {value}; it can be {allowed}.",
        "words_moved": "adjust={value} would move the rows away from their words; with rows it can be {allowed}.",
        "words_dropped": "The words are left out.",
        "words_or_batch": "A figure has words at its rows, or a stack of pictures: batch has {value} beside rows; it "
        "can be {allowed}.",
        "words_in_batch": "{value} is made of words, which stand in rows beside image; in {field} there "
        "can be {allowed}.",
        # a figure over a limit
        "multiply_adds": "This figure would need {value} multiplications and additions; it can need {allowed}.",
        "trace_bytes": "This figure would hold {value} bytes of numbers; it can hold {allowed}.",
        "room_bytes": "This figure would need {value} bytes of working memory; it can need {allowed}.",
        "network_work": "This network would need {value} multiplications and additions; it can need {allowed} "
        "(CONVOSCOPE_NETWORK_MULTIPLY_ADDS).",
        "network_trace": "This network would hold {value} bytes of numbers at once; it can hold {allowed} "
        "(CONVOSCOPE_NETWORK_TRACE_BYTES).",
        "network_answer": "The previews and maps that are asked for have {value} bytes; they can have {allowed} "
        "(CONVOSCOPE_NETWORK_ANSWER_BYTES). Smaller previews such as preview=8 have fewer, and so have fewer maps.",
        "network_stage": "{field} has {value}, and there is no such stage; it can be {allowed}.",
        "sweep_map": "map is {value}; of stage {stage} it can be {allowed}.",
        "sweep_cell": "at is {value}; of stage {stage} it can be {allowed}.",
        "sweep_cells": "row {rows} and column {columns}",
        "sweep_work": "This sweep would need {value} multiplications and additions; it can need {allowed}. Fewer "
        "values, fewer cells or an earlier stage need less.",
        "occlusion_scores": "An occlusion needs the scores of classes, and the layers end in {value}; they can be "
        "{allowed}.",
        "occlusion_chain": "a chain that ends in one number for each of two or more classes, such as model:cifar10",
        "occlusion_window": "window is {value}; it can be {allowed}, the input.",
        "occlusion_sizes": "at most {rows}x{columns}",
        "occlusion_place": "square is {value}; with this window it can be {allowed}.",
        "occlusion_places": "row,column up to {row},{column}",
        "occlusion_stops": "The square would stop at {value} places; it can stop at {allowed}. A larger stride has "
        "fewer.",
        "occlusion_work": "This occlusion would need {value} multiplications and additions; it can need {allowed}. A "
        "larger stride, fewer cells or a smaller network need less.",
        "peak_work": "To look at all samples this network would need {value} multiplications and additions; it can "
        "need {allowed}.",
        "class_or_name": "a whole number from {least} to {most} or a name: {names}",
        "class_or_such_name": "a whole number from {least} to {most} or a name, such as {names}",
        "network_maps": "maps is {value}; of stage {stage} it can be {allowed}.",
        "maps_allowed": "a:b with numbers from 0 to {most}, the first map and the one past the last",
        "network_expected": "a network",
        "most_maps": "This figure would have {value} maps in one stage; it can have {allowed}.",
        "smaller": "It is shown with {rows} × {columns} cells instead.",
        "fewer_maps": "It is shown with {count} maps instead.",
        "shown_in_rgb": "The picture is shown in color instead.",
        "shown_in_gray": "The picture is shown in gray instead.",
        "layers_dropped": "Left out: {names}.",
        "opening_shown": "{used} is shown instead.",
        "page_bytes": "This figure holds {size} MB of numbers; a page in one file can hold {most} MB. With fewer "
        "cells or fewer filters it fits.",
        "moved": "{field} is {value}, but {what}: {shown} is shown.",
        "last_stage": "the last stage is {last}",
        "last_map": "the last map of this stage is {last}",
        "last_press": "the last press of the story of this stage is {last}",
        "map_cells": "the map has {rows} × {columns} cells",
        # notes of a stage
        "centered": "The filters have different sizes: each is centered in {rows} × {columns} cells, with zeros "
        "around it.",
        "batchnorm_fresh": "Not given, and so as in PyTorch's fresh layer: {numbers}.",
        "batchnorm_unused": "train=1 uses the numbers of this picture, in place of {names}.",
        "batchnorm_measured": "Mean and variance are those of each channel of this picture.",
        "batchnorm_measured_as": "Mean and variance are those of each channel of this picture: mean {mean}; "
        "variance {var}.",
        "lrn_law": "As in PyTorch, alpha is divided by the size, {size}; in the paper of AlexNet it is not.",
        "dropout_off": "In prediction, as here, dropout changes nothing; train=1 shows what it does in training.",
        "dropout_on": "{dropped} of {count} values are dropped: those where numpy.random.default_rng({seed}) draws a "
        "number below {p}. PyTorch draws others.",
        "l2pool_ceil": "The windows at the end reach over the edge. Here their sum is that of the cells that exist; "
        "torch.nn.LPPool2d multiplies it by the cells of a whole window ÷ those that exist.",
        # what stands before the result of a step
        "dropout_kept": "{x} ÷ (1 − {p}), kept",
        "dropout_dropped": "{x} · 0, dropped",
        "dropout_unchanged": "{x}, unchanged",
        "copied_from": "copied from row {row}, column {column}",
        "padding_from": "padding, copied from row {row}, column {column}",
        "padding_value": "padding",
        "shares_of": "shares of {count} cells",
        "mean_of_channels": "the mean of {count} channels",
        "mean_of_sum": "the mean of the channels: {sum} ÷ {count}",
        "same_stride": "PyTorch refuses padding=same with a stride above 1; here it adds as many cells as at stride 1.",
        "nearest_moment": "The recorded training step nearest to step {asked} is step {shown}.",
        "he_weights": "The link gives the shape of the weights alone; their numbers are random: normal, with mean 0 "
        "and deviation √(2/{fan_in}) = {deviation} (He), seed {seed}.",
        "unreached": "No input cell reaches some cells of the output: these are the bias alone. In their step the "
        "nearest input cell stands with the weight 0.",
        "prepare_cut": "Only the middle {rows} × {columns} cells are read, in the proportions that the model reads.",
        "prepare_averaged": "Averaged from {rows} × {columns} to {high} × {wide} cells.",
        "prepare_enlarged": "Enlarged from {rows} × {columns} to {high} × {wide} cells, which adds no detail.",
        "prepare_gray": "Converted to gray: 0.299 red + 0.587 green + 0.114 blue.",
        "prepare_repeated": "The picture is gray: its one map stands for red, green and blue.",
        "prepare_inverted": "The edge of the picture is bright, and the model was trained on white on black: x is "
        "{white} minus the value.",
        "prepare_law": "Each value x becomes ({share} − mean)/deviation, with mean {mean} and deviation {deviation}.",
        "not_enlarged": "The crop has only {rows} × {columns} pixels; they are not enlarged.",
        "upload_cropped": "Only the middle {height} × {width} of the picture's {all_height} × {all_width} pixels are "
        "shown, so that the cells stay square. “Crop…” chooses another part.",
        "crop_cut": "Part of the crop lies outside the picture of {height} × {width} pixels; only the rest is shown.",
        "cut_off": "Some values exceed the range of float32; they are clipped at ±{most}.",
        "code_missing": "There is no code in {title} for this layer: {layer}.",
        "code_keras_dilation": "There is no code in Keras: its pools have no dilation.",
        "code_keras_groups": "There is no code in Keras: its transposed convolution has no groups.",
        "code_scipy_batchnorm": "There is no code in SciPy: it has no batch normalization. NumPy's lines are the "
        "formula.",
        "code_scipy_dropout": "There is no code in SciPy: it has no dropout. NumPy's lines draw the same values.",
        "center_box": "box is {value}; it can be {allowed}, the shorter side of the result.",
        "center_found": "The drawing lies in {height} × {width} cells from row {top}, column {left} on; its longer "
        "side becomes {box} cells, and its center of mass comes to the middle of {rows} × {columns}.",
        "center_empty": "There is no drawing: all cells are alike.",
        "code_scipy_prepare": "There is no code in SciPy: what it has for resizing reads between single cells and does "
        "not average all that a new cell covers. NumPy's lines do.",
        "code_cut_off": "There is no code for this stage: its values are clipped at ±{most}, which no library does.",
        # names of what is shown
        "input_title": "Input",
        "pool_title": "{title} {rows} × {columns}",
        "upload_title": "Your picture",
        "upload_alt": "Your uploaded picture.",
        "gone_alt": "A picture that is no longer here.",
        "numbers_title": "Your numbers",
        "numbers_alt": "Numbers typed in.",
        "random_input_title": "{count} random maps of {rows} × {columns}, seed {seed}",
        "random_input_one": "1 random map of {rows} × {columns}, seed {seed}",
        "random_input_alt": "Random numbers: normal, with mean 0 and deviation 1, rounded to hundredths.",
        "typed_row": "Each row of weights",
        "typed_label": "typed",
        "random_label": "random {index}",
        "learned_label": "filter {index}",
        "learned_then": "{label}, step {moment}",
        "unit_label": "unit {index}",
        "named_title": "{name} · {title}",
        "in_channel": "{label}, {channel}",
        "in_group": "{label}, group {group}",
        "red": "red",
        "green": "green",
        "blue": "blue",
        # what changed the picture on purpose
        "adjusted": "The picture was changed on purpose, in this order: {changes}.",
        "adjusted_clipped": "{count} of its {all} numbers would lie beyond black or white; they are clipped.",
        "cover_cut": "Part of the covered box lies outside the {rows} × {columns} cells; only the rest is covered.",
        "cover_outside": "The covered box lies outside the {rows} × {columns} cells; nothing is covered.",
        # words and their vectors
        "words_title": "Vectors of {count} words",
        "words_alt": "A row of numbers for each word: {words}.",
        "vectors_typed": "Vectors: typed.",
        "vectors_given": "Vectors: given.",
        "vectors_one_hot": "Vectors: one-hot. Each different word has a column: {words}. Capital and small letters are "
        "the same word.",
        "vectors_random": "Vectors: random numbers, seed {seed} — not learned. The same word always has the same "
        "vector; capital and small letters are the same word.",
        "vectors_random_rows": "Vectors: random numbers, seed {seed} — not learned. Each row has its own.",
        "padding_word": "(padding)",
        "words_beside": "{first} {second}",
        "words_apart": "{first} … {second}",
        "words_equal": "{first} = {second}",
        "words_tied": "{words}, a tie",
        "words_tied_more": "{words} and {count} more, a tie",
        "long_words": "{first} … {last} ({count} words)",
        "grams": "A filter of {size} rows reads {size} words in a row, a {size}-gram; {words} words have {count}: "
        "{words} − {size} + 1 = {count}.",
        "grams_one": "A filter of 1 row reads one word at a time (1-gram); {words} words have {words}.",
        "grams_moved": "A filter of {size} rows reads {size} words, a {size}-gram; here it has {count} places.",
        "quoted_word": "“{word}”",
        # what is allowed
        "words_list": "1 to {words} words with commas between them, such as the,cat,sat, each of at most {letters} "
        "characters",
        "word_length": "1 to {most} characters",
        "one_line": "words in one line, without control characters",
        "batch_of_pictures": "samples, uploads, typed and random numbers",
        "batch_empty": "left out",
        "words_allowed": "typed or random numbers, of image=one-hot and of image=random-vectors*5",
        "words_for_rows": "{count}, one for each row of the input",
        "words_kept": "brightness, contrast, noise, cover, flip:h and a shift of columns",
        "random_vectors": "random-vectors*5 with a seed such as ,seed=1: 1 to {most} numbers for each word",
        "words_name": "words",
        "zero_or_more": "0 or more",
        "one_number": "one number",
        "one_or_all_channels": "one number for all channels, or {channels}",
        "one_or_all": "one number for all maps, or {maps}",
        "multiple_of": "a multiple of {groups}",
        "random_maps": "random*256@13x13 with a seed such as ,seed=1: 1 to {maps} maps of 1x1 to {side}x{side} cells",
        "planes_one": "1 plane",
        "planes_each": "1 plane for all channels, or {depth}, one for each",
        "row_of_cells": "row",
        "column_of_cells": "column",
        "rows": "rows",
        "columns": "columns",
        "with_padding": ", padding included",
        "a_filter": "filter",
        "a_window": "window",
        "kept_upload": "a picture uploaded in the last hours",
        "kept_picture": "a sample, or a picture uploaded in the last hours",
        "no_model_yet": "a layer that needs no trained model",
        "no_moment_left": "left out",
        "one_or_three": "1 or 3 channels",
        "untrained": "a classic filter, typed numbers or random*4@3x3",
        "crop_start": "top from 0 to {bottom} and left from 0 to {right}",
        "a_number": "a number such as -2, 0.5 or 1/9, from {least} to {most}, of at most {characters} characters",
        "number": "a number from {least} to {most}",
        "number_above": "a number above {least}, up to {most}",
        "numbers": "one number for all maps such as 0.5, or up to {count} such as (0,1,-2), each from "
        "{least} to {most}",
        "range": "{least} to {most}",
        "only": "only {value}",
        "whole": "a whole number from {least} to {most}",
        "pair": "a whole number from {least} to {most}, or rows x columns such as 1x2",
        "shift": "rows x columns such as 0x1, each a whole number from {least} to {most}",
        "padding": "{names}, a whole number from {least} to {most}, rows x columns such as 1x2, or "
        "(top,bottom,left,right)",
        "flag": "0 or 1",
        "word": "{names}",
        "words": "any of {names}, with commas between them",
        "cells": "row,column with ; between, such as 0,0;3,5, at most 64",
        "line": "words in one line, at most {most} characters",
        "lines": "lines of words with ; between, each of at most {most} characters",
        "line_for_each": "one for each of the stops, which are {count}",
        "cell": "row,column such as 3,5, each a whole number from {least} to {most}",
        "box": "top,left,height,width in whole numbers up to {most}, such as 10,20,64,64",
        "text": "a name of lower-case letters, digits, _ and -",
        "stage": "the number of an earlier stage, where 0 is the input",
        "stages": "the number of an earlier stage, where 0 is the input, or several such as (0,2)",
        "weights": "rows of numbers such as (1,2;3,4), one for each output, random*10, the number 10 of outputs alone, "
        "or a trained layer such as model/name",
        "random_rows": "random*10: 1 to {most} outputs",
        "shape_rows": "10: 1 to {most} outputs",
        "path": "a name of lower-case letters, digits, _ and -, or two with a / between them",
        "image": "the name of a sample, the id of an upload such as u-a1b2c3, numbers such as (0,1;2,3), "
        "random*256@13x13, one-hot or random-vectors*5",
        "planes": "rows of numbers such as (0,1;2,3), one ( ) for each channel, and /9 at the end to divide by 9",
        "same_size": "every row has as many numbers as the first, every plane as many rows",
        "filter": "numbers such as (1,0,-1), a classic filter such as sobel-x, a trained one such as model/layer.3, "
        "random*4@3x3, or the shape 64@3x3",
        "random": "random*4@3x3: 1 to {filters} filters of 1x1 to {side}x{side} cells",
        "shape": "64@3x3: 1 to {filters} filters of 1x1 to {side}x{side} cells",
        "learned": "model/layer, then .3 for one filter and @2 for a step of the training",
        "rows_columns": "up to {side}x{side}",
        "at_most": "at most {most}",
        "filters_name": "filters",
        "rows_name": "rows",
        "planes_name": "planes",
        "layers_name": "layers",
        "key_value": "{key}=value",
        "name_value": "{name}:value",
        "nothing": "no options",
        "json_scene": "an object with image, rows, size, crop, channels, range, adjust and layers",
        "json_object": "an object with {names}",
        "json_list": "a list",
        "json_words": "a list of words",
        "json_image": "an object with sample (a name), upload (an id such as u-a1b2c3), planes (lists of numbers), "
        "random (maps, rows, columns), one_hot (true) or random_vectors (numbers for each word)",
        "json_layer": "an object with op, the name of an operation",
        "json_filter": "an object with kernel, planes, model and layer, random, or shape",
        "json_pair": "a whole number from {least} to {most}, or rows and columns such as [1, 2]",
        "json_shift": "rows and columns such as [0, 1], each a whole number from {least} to {most}",
        "json_padding": "{names}, a whole number from {least} to {most}, rows and columns such as [1, 2], or "
        "[top, bottom, left, right]",
        "json_numbers": "one number for all maps such as 0.5, or up to {count} such as [0, 1, -2], each from "
        "{least} to {most}",
        "json_box": "[top, left, height, width] in whole numbers up to {most}, such as [10, 20, 64, 64]",
        "json_flag": "true or false",
        "json_stages": "the number of an earlier stage, where 0 is the input, or several such as [0, 2]",
        "json_weights": "an object with rows, random or shape, or a trained layer such as model/name",
        "json_planes": "lists of rows of numbers such as [[[0, 1], [2, 3]]], one list for each channel",
        "json_random": "[count, rows, columns] such as [4, 3, 3]: 1 to {filters} filters of 1 × 1 to {side} × {side} "
        "cells",
        "json_shape": "[count, rows, columns] such as [64, 3, 3]: 1 to {filters} filters of 1 × 1 to {side} × {side} "
        "cells",
        "json_random_maps": "[maps, rows, columns] such as [256, 13, 13]: 1 to {maps} maps of 1 × 1 to {side} × {side} "
        "cells",
        "json_random_rows": "1 to {most} outputs",
        "json_random_vectors": "1 to {most} numbers for each word",
        "json_shape_rows": "1 to {most} outputs",
        "json_path": "In the JSON this is {path}.",
        "one_of": "{names} or {last}",
        "nothing_shown": "empty",
        "list_shown": "a list",
        "object_shown": "an object",
        # titles of layers
        **{f"title_{row.name}": row.title for row in OPERATIONS},
    }
)


def join_names(names: Iterable[str]) -> Text | str:
    """`a, b or c`, without empty names."""
    *first, last = [name for name in names if name] or [""]
    return make_text("one_of", names=", ".join(first), last=last) if first else last


def make_range(least: int | str, most: int | str) -> Text:
    """The numbers from `least` to `most`, as what is allowed; where there is one, it alone."""
    return make_text("only", value=least) if str(least) == str(most) else make_text("range", least=least, most=most)


def make_whole_range(least: int | str, most: int | str) -> Text:
    """The same in a sentence: a whole number from `least` to `most`."""
    return make_text("only", value=least) if str(least) == str(most) else make_text("whole", least=least, most=most)


def quote_text(text: str, most: int = 60) -> Text | str:
    """User text for a quotation: printable, on one line, at most `most` characters."""
    return quote_name(text, most) or make_text("nothing_shown")


def quote_name(text: str, most: int = 60) -> str:
    """As `quote_text`, but "" stays empty."""
    short = text if len(text) <= most else f"{text[: most - 1]}…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in short)


def describe_allowed(option: Option, filters: int = 64) -> Text:
    """The allowed values of an option, in words."""
    code = {"number": "number_above" if option.above else "number", "text": "path"}.get(option.kind, option.kind)
    names = join_names(option.choices)
    return make_text(code, least=option.least, most=option.most, names=names, count=filters)


def remove_repairs(problem: Problem) -> Problem:
    """The problem without the endings of REPAIR_CODES, for where no figure is shown instead."""
    return remove_ending(problem, *REPAIR_CODES)
