"""The sentences that both the server and the browser write of a figure: word for word the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

from app.render.figure_content.figure_texts import COUNT_WORDS, FIGURE_TEXTS
from app.render.page_texts import PAGE_TEXTS
from app.render.views.sharing.sharing_texts import SHARING_TEXTS
from app.render.views.view_texts import VIEW_TEXTS

STRINGS = json.loads((Path(__file__).parents[1] / "golden" / "strings.json").read_text(encoding="utf-8"))
"""What the catalogues of the browser say; a text in ‹…› stands for what a sentence is given, 1 and 3 for numbers."""
FIGURE_ALONE = {"step_more_terms", "figure_input", "figure_no_occlusion", "figure_stage", "word_row"}
"""Sentences that only the picture and the page without scripts have."""
SAME_IN_THE_FIGURE = {
    "map_input": "CAPTION.input",
    "map_input_of": "STACK.input(3, 3)",
    "stack_picture": 'STACK.picture("‹title›", 3, 3)',
    "stack_count": "STACK.count(3, 3)",
    "stack_input": 'STACK.pictureShape("‹shape›", 3)',
    "stack_maps": 'STACK.maps("‹shape›")',
    "stack_weights": 'STACK.weights("‹shape›", "‹parameters›", 3, "‹once›", "‹all›")',
    "map_features": "CAPTION.featureMap",
    "map_features_before": 'CAPTION.before("‹label›", "‹title›")',
    "map_pooled": "CAPTION.pooledMap",
    "map_after": 'CAPTION.after("‹title›")',
    "map_to_come": "PAGE.notComputed",
    "map_values": "PAGE.values(3)",
    "map_value": "PAGE.scoreOf(3)",
    "step_window": "PAGE.window",
    "step_filter": "PAGE.filter",
    "step_filter_divided": 'PAGE.filterDivided("‹divisor›")',
    "step_turned": 'PAGE.filterTurned("‹name›")',
    "step_shares": "PAGE.shares",
    "step_products": 'PAGE.beat("products", "‹kind›", ["‹one›","‹two›"])',
    "step_product_count": "PAGE.products(3)",
    "step_one_product": "PAGE.products(1)",
    "step_channel": "PAGE.channel(3)",
    "step_more_channels": "PAGE.moreChannels(3)",
    "step_sum": "CAPTION.sum",
    "step_sum_alone": 'CAPTION.sumAlone("‹channel›")',
    "step_channel_sum": "CAPTION.channelSum(3)",
    "step_channel_sum_is": 'CAPTION.channelSumIs(3, "‹sum›")',
    "step_plus_bias": 'CAPTION.andBias("‹bias›")',
    "step_minus_bias": 'CAPTION.lessBias("‹bias›")',
    "step_rounded_bias": 'CAPTION.roundedBias("‹typed›", "‹bias›")',
    "step_rounded": 'CAPTION.rounded("‹rest›")',
    "step_largest": "CAPTION.largest(3)",
    "step_smallest": "CAPTION.smallest(3)",
    "step_mean": "CAPTION.mean",
    "step_squares": "CAPTION.squares",
    "step_share": "CAPTION.share",
    "step_moved": "CAPTION.moved",
    "step_from_outside": "CAPTION.fromOutside",
    "step_term": 'CAPTION.term("‹value›", "‹title›", 3)',
    "step_copy": 'CAPTION.copy("‹title›", 3)',
    "step_copy_of_map": 'CAPTION.copyOfMap("‹title›", 3, 3)',
    "step_place": "CAPTION.place(3, 3)",
    "compared_no_cell": "TOGETHER.noCell(3, 3, 3, 3)",
    "next_keeps": 'CAPTION.keeps("‹title›")',
    "next_makes": 'CAPTION.makes("‹title›", "‹value›")',
    "next_leaves_zero": 'CAPTION.leavesZero("‹title›")',
    "next_wins": 'CAPTION.wins("‹size›")',
    "next_wins_some": "CAPTION.winsSome(3, 3)",
    "next_loses": 'CAPTION.loses("‹size›", "‹winner›")',
    "next_ties": 'CAPTION.ties("‹size›", "‹winner›")',
    "next_loses_all": "CAPTION.losesAll(3)",
    "next_joins": 'CAPTION.joins("‹size›")',
    "next_reads_once": 'CAPTION.readBy("‹title›", 1)',
    "next_reads": 'CAPTION.readBy("‹title›", 3)',
    "next_never_reads": "CAPTION.unread",
    "next_moves": 'CAPTION.moves("‹place›")',
    "next_moves_out": "CAPTION.movesOut",
    "next_becomes": "CAPTION.becomes(3)",
    "next_goes_into_stage": 'CAPTION.goesIntoStage("‹title›", 3)',
    "next_goes_into": "CAPTION.goesInto(3)",
    "size_along": 'SIZE.along("‹axis›", "‹sentence›")',
    "size_rows": "SIZE.rows",
    "size_columns": "SIZE.columns",
    "size_down": "SIZE.down(3)",
    "size_up": "SIZE.up(3)",
    "size_parameters": 'SIZE.parameters("‹count›", false)',
    "size_one_parameter": 'SIZE.parameters("‹count›", true)',
    "card_label": 'PAGE.cardLabel("‹title›", 3, 3, 3)',
    "card_from": 'PAGE.cardFrom("‹stages›")',
    "answer_class": "PAGE.answerClass(3)",
    "answer_shares": 'PAGE.answerShares("‹classes›")',
    "answer_scores": 'PAGE.answerScores("‹classes›")',
    "word_padding": "ROW_WORDS.padding",
    "word_gram": 'ROW_WORDS.gram(3, "‹words›")',
    "word_quoted": 'ROW_WORDS.quoted("‹words›")',
    "figure_credit": 'CONTROLS.photoBy("‹credit›")',
}
SAME_IN_A_VIEW = {
    "response_cells": 'SWEEP.value("‹kind›", 3)',
    "response_ends": 'SWEEP.ends("‹most›", "‹at›", "‹least›", "‹there›")',
    "response_now": 'SWEEP.now("‹value›", "‹response›")',
    "equation_others": "EQUATION.others(3)",
    "equation_vector": "EQUATION.vectors(1)",
    "equation_vectors": "EQUATION.vectors(3)",
    "equation_too_long": "EQUATION.tooLong",
    "equation_rounded": 'EQUATION.rounded("‹missing›")',
    "equation_place": 'EQUATION.place("‹letter›", 3, 3)',
    "equation_zeros": "EQUATION.someZero(3, 3)",
    "equation_one_zero": "EQUATION.someZero(1, 3)",
    "equation_all_zero": "EQUATION.allZero(3)",
    "equation_only_zero": "EQUATION.allZero(1)",
    "equation_none_zero": "EQUATION.noneZero(3)",
    "equation_only_not_zero": "EQUATION.noneZero(1)",
    "equation_many": "EQUATION.manyProducts(3)",
    "field_question": 'FIELD.question("‹title›", 3, 3)',
    "field_question_of_value": 'FIELD.questionOfValue("‹title›")',
    "field_at_most": 'FIELD.atMost("‹size›")',
    "field_whole": 'FIELD.whole("‹size›")',
    "field_all": "FIELD.all",
    "field_window": 'FIELD.window("‹title›", "‹size›")',
    "field_further": 'FIELD.further("‹title›", "‹size›")',
    "field_in_picture": 'FIELD.inPicture("‹size›")',
    "field_whole_picture": "FIELD.wholePicture",
    "field_apart": "FIELD.apart(3, 3)",
    "field_rows": 'FIELD.alongRows("‹formula›")',
    "field_columns": 'FIELD.alongColumns("‹formula›")',
    "field_union": "FIELD.union",
    "filters_drawn": "FILTER_TABLE.drawn(3, 3)",
    "network_picture": "NETWORK.picture(false)",
    "network_picture_prepared": "NETWORK.picture(true)",
    "network_repeated": 'NETWORK.repeated("‹first›", "‹last›")',
    "network_flattened": "NETWORK.flattened(3)",
    "network_values": "NETWORK.values(3)",
    "network_scores": "NETWORK.classes(3)",
    "network_drawn": "NETWORK.drawn(3, 3)",
    "network_number": "NETWORK.number(3)",
    "network_others": "NETWORK.others(3)",
    "network_shares": "NETWORK.shares",
    "network_question": "NETWORK.question",
    "network_start": "NETWORK.start",
    "network_chosen_cell": 'NETWORK.chosenCell(3, 3, 3, "‹name›", "‹value›")',
    "network_chosen_map": 'NETWORK.chosenMap(3, "‹name›")',
    "network_chosen_value": 'NETWORK.chosenValue("‹who›", "‹name›", "‹value›")',
    "network_sees": "NETWORK.sees(3, 3)",
    "network_sees_all": "NETWORK.seesAll",
    "network_wires": "NETWORK.wires",
    "network_filter": "NETWORK.filter",
    "network_alone": "NETWORK.alone",
    "curve_none": "CURVE.none",
    "curve_become_zero": 'CURVE.becomeZero("‹share›")',
    "curve_are_below": 'CURVE.areBelow("‹share›")',
    "curve_become": 'CURVE.become("‹share›", "‹value›")',
    "curve_of_cell": 'CURVE.ofCells(1, "‹sentences›")',
    "curve_of_cells": 'CURVE.ofCells(3, "‹sentences›")',
}
SAME_IN_SHARING = {
    "sharing_neuron_one": "SHARING.neuronKinds.one",
    "sharing_neuron_map": "SHARING.neuronKinds.map",
    "sharing_neuron_full": "SHARING.neuronKinds.full",
    "sharing_neuron_column": "SHARING.neuronKinds.column",
    "sharing_letters": "SHARING.inLetters",
    "sharing_matrix_weights": "SHARING.matrixKinds.weights",
    "sharing_matrix_windows": "SHARING.matrixKinds.windows",
    "sharing_matrix_linear": "SHARING.weightsTable",
    "sharing_wires_drawn": "SHARING.wiresDrawn(1, 3)",
    "sharing_other_inputs": 'SHARING.otherInputs(3, "‹sum›")',
    "sharing_activation": "SHARING.activation",
    "sharing_of_this_cell": "SHARING.ofThisCell(1, 3)",
    "sharing_nothing_shared": "SHARING.nothingShared(1, 3)",
    "sharing_whole_map": "SHARING.wholeMap(3, 3)",
    "sharing_whole_map_of_one": "SHARING.wholeMap(1, 3)",
    "sharing_whole_map_one_weight": "SHARING.wholeMap(3, 1)",
    "sharing_whole_map_one_each": "SHARING.wholeMap(1, 1)",
    "sharing_row_of_map": "SHARING.rowOfMap(1, 3, 3)",
    "sharing_row_of_map_one_weight": "SHARING.rowOfMap(1, 3, 1)",
    "sharing_one_channel": "SHARING.oneChannel(3)",
    "sharing_counts": "SHARING.countsOf(stage)",
    "sharing_shared": "SHARING.sharing.shared",
    "sharing_own": "SHARING.sharing.own",
    "sharing_full": "SHARING.sharing.full",
    "sharing_thin_bars": "SHARING.thinBars",
    "sharing_same_window": "SHARING.sameWindow(3)",
    "sharing_same_window_of_one": "SHARING.sameWindow(1)",
    "sharing_column": "SHARING.columnLaw(3, 1, false)",
    "sharing_column_of_one": "SHARING.columnLaw(1, 3, false)",
    "sharing_column_of_group": "SHARING.columnLaw(3, 1, true)",
    "sharing_column_of_group_of_one": "SHARING.columnLaw(1, 3, true)",
    "sharing_neurons": "SHARING.neuronsLaw(3, 1)",
    "sharing_neurons_of_one": "SHARING.neuronsLaw(1, 3)",
    "sharing_neurons_in_all": 'SHARING.neuronsInAll("‹shape›", "‹count›")',
    "sharing_neuron_number": "SHARING.neuronNumber(3)",
    "sharing_whole_filter": "SHARING.wholeFilterLaw(3)",
    "sharing_neurons_drawn": "SHARING.neuronsDrawn(1, 3)",
    "sharing_letters_limit": "SHARING.lettersLimit",
    "sharing_lines_together": "SHARING.linesTogether",
    "sharing_window_of": 'SHARING.windowOfResult("‹name›")',
    "sharing_outside_wholly": "SHARING.outsideWholly",
    "sharing_rows_size": 'SHARING.rowsSize("‹line›")',
    "sharing_columns_size": 'SHARING.columnsSize("‹line›")',
    "sharing_matrix_shape": "SHARING.matrixShape(1, 3)",
    "sharing_matrix_of_map": "SHARING.matrixOfMap(1, 3)",
    "sharing_big_matrix": "SHARING.bigMatrixLaw(3, 1)",
    "sharing_big_matrix_one_wire": "SHARING.bigMatrixLaw(1, 3)",
    "sharing_linear": "SHARING.linearLaw(3)",
    "sharing_sums_divided": 'SHARING.sumsDivided("‹divisor›")',
    "sharing_no_wire": "SHARING.noWire",
    "sharing_equal_weights": "SHARING.equalWeights(3, 3)",
    "sharing_equal_weights_unlike": "SHARING.equalWeights(1, 3)",
    "sharing_equal_weight": "SHARING.equalWeights(1, 1)",
    "sharing_equal_weight_unlike": "SHARING.equalWeights(3, 1)",
    "sharing_each_its_own": "SHARING.eachItsOwn",
    "sharing_color": "SHARING.colorSaysWhich",
    "sharing_more_weights": "SHARING.moreWeights(3)",
    "sharing_column_head": "SHARING.columnOfMatrix",
    "sharing_row_head": "SHARING.rowHead",
    "sharing_row": "SHARING.rowOfMatrix(3)",
    "sharing_times_input": "SHARING.timesInput",
    "sharing_outside": "SHARING.outside",
    "sharing_row_sum": 'SHARING.rowSum("‹line›")',
    "sharing_row_sum_waiting": "SHARING.rowSumWaiting",
    "sharing_windows": "SHARING.windowsLaw(1, 3, 3, false)",
    "sharing_windows_of_group": "SHARING.windowsLaw(1, 3, 3, true)",
    "sharing_windows_of_one": "SHARING.windowsLaw(3, 1, 1, false)",
    "sharing_filter": "SHARING.filterNumber(3)",
    "sharing_times_filter": "SHARING.timesFilterNumber(3)",
    "sharing_map": "SHARING.mapNumber(3)",
    "sharing_columns_shown": "SHARING.columnsShown(1, 3)",
    "sharing_place": "TABS.place",
    "sharing_window_as_row": "TABS.windowAsRow",
}
SHARING_PARAMS = {
    "sharing_wires_drawn": {"drawn": 1, "count": 3},
    "sharing_other_inputs": {"count": 3, "sum": "‹sum›"},
    "sharing_of_this_cell": {"row": 1, "column": 3},
    "sharing_nothing_shared": {"maps": 1, "inputs": 3},
    "sharing_whole_map": {"neurons": 3, "weights": 3, "numbers": 4},
    "sharing_whole_map_of_one": {"weights": 3, "numbers": 4},
    "sharing_whole_map_one_weight": {"neurons": 3},
    "sharing_row_of_map": {"shown": 1, "neurons": 3, "weights": 3, "numbers": 4},
    "sharing_row_of_map_one_weight": {"shown": 1, "neurons": 3},
    "sharing_one_channel": {"channel": 3},
    "sharing_counts": {"before": "3 × 9 × 9", "shape": "2 × 5 × 5"},
    "sharing_same_window": {"size": 3},
    "sharing_column": {"maps": 3, "size": 1},
    "sharing_column_of_one": {"size": 3},
    "sharing_column_of_group": {"maps": 3, "size": 1},
    "sharing_column_of_group_of_one": {"size": 3},
    "sharing_neurons": {"neurons": 3, "size": 1},
    "sharing_neurons_of_one": {"size": 3},
    "sharing_neurons_in_all": {"shape": "‹shape›", "count": "‹count›"},
    "sharing_neuron_number": {"map": 3},
    "sharing_whole_filter": {"columns": 3},
    "sharing_neurons_drawn": {"shown": 1, "count": 3},
    "sharing_window_of": {"name": "‹name›"},
    "sharing_rows_size": {"line": "‹line›"},
    "sharing_columns_size": {"line": "‹line›"},
    "sharing_matrix_shape": {"rows": 1, "columns": 3},
    "sharing_matrix_of_map": {"map": 1, "maps": 3},
    "sharing_big_matrix": {"wired": 3, "columns": 1},
    "sharing_big_matrix_one_wire": {"columns": 3},
    "sharing_linear": {"columns": 3},
    "sharing_sums_divided": {"divisor": "‹divisor›"},
    "sharing_equal_weights": {"most": 3},
    "sharing_equal_weights_unlike": {"least": 1, "most": 3},
    "sharing_equal_weight_unlike": {"least": 3},
    "sharing_more_weights": {"count": 3},
    "sharing_row": {"row": 3},
    "sharing_row_sum": {"line": "‹line›"},
    "sharing_windows": {"rows": 1, "columns": 3, "maps": 3},
    "sharing_windows_of_group": {"rows": 1, "columns": 3, "maps": 3},
    "sharing_windows_of_one": {"rows": 3, "columns": 1},
    "sharing_filter": {"map": 3},
    "sharing_times_filter": {"map": 3},
    "sharing_map": {"map": 3},
    "sharing_columns_shown": {"shown": 1, "count": 3},
}
SAME_IN_THE_PAGE = {
    "page_tip": "PAGE.tip",
    "page_tip_for_touch": "PAGE.tipForTouch",
    "page_play": "PAGE.play",
    "page_products_table": "PAGE.productsTable",
    "page_filter_table": "PAGE.filterTable",
    "page_theme": 'PAGE.theme("‹theme›")',
}


def read_string(key: str) -> str:
    """A sentence of the browser with {} for each number and each text that it is given."""
    label = STRINGS["CAPTION.featureMap"]
    text = STRINGS[key].replace("‹label›", label)
    text = f"{text} {{}}" if key == "CAPTION.moved" else text
    return re.sub(rf"‹[^›]*›|\b3\b|\b{COUNT_WORDS[3]}\b", "{}", text)


def find_differences(catalogue: dict[str, str], same: dict[str, str]) -> dict[str, tuple[str, str]]:
    pairs = {code: (re.sub(r"\{\w+\}", "{}", catalogue[code]), read_string(key)) for code, key in same.items()}
    return {code: pair for code, pair in pairs.items() if pair[0] != pair[1]}


def test_the_picture_says_what_the_live_page_says():
    assert find_differences(FIGURE_TEXTS, SAME_IN_THE_FIGURE) == {}


def test_each_sentence_of_a_figure_is_that_of_the_live_page_or_stands_alone():
    assert FIGURE_TEXTS.keys() == SAME_IN_THE_FIGURE.keys() | FIGURE_ALONE


def test_the_picture_of_a_view_says_what_the_view_says():
    assert find_differences(VIEW_TEXTS, SAME_IN_A_VIEW) == {}
    unlike = VIEW_TEXTS["field_apart_unlike"].format(down=1, across=3)
    assert unlike == STRINGS["FIELD.apart(1, 3)"]
    assert VIEW_TEXTS["field_paths"].format(most=3, least=1) == STRINGS["FIELD.paths(3, 1)"]
    alone = {"field_apart_unlike", "field_paths", "field_sum", "response_of"}
    assert VIEW_TEXTS.keys() == SAME_IN_A_VIEW.keys() | alone
    cell = VIEW_TEXTS["response_of"].format(name="‹stage› · ‹map›", row=2, column=3)
    assert cell == STRINGS['SWEEP.of("‹stage›", "‹map›", [2,3,4,5])']


def test_the_pictures_of_sharing_say_what_the_views_say():
    assert SHARING_TEXTS.keys() == SAME_IN_SHARING.keys()
    said = {code: text.format(**SHARING_PARAMS.get(code, {})) for code, text in SHARING_TEXTS.items()}
    assert said == {code: STRINGS[key] for code, key in SAME_IN_SHARING.items()}


def test_the_page_says_the_same_before_and_after_its_scripts_run():
    assert find_differences(PAGE_TEXTS, SAME_IN_THE_PAGE) == {}


def test_small_counts_are_the_same_words():
    counted = {key: text for key, text in STRINGS.items() if key.startswith("CAPTION.count(")}
    assert counted == {f"CAPTION.count({index})": COUNT_WORDS[index] for index in (1, 3)}
