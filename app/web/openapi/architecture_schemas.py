"""The JSON schemas of architectures."""

from __future__ import annotations

from collections.abc import Mapping

from .schema_builders import FLAG, NUMBER, TEXT, WHOLE, Json, list_of, object_of, ref, with_description

SHAPE = with_description(list_of(WHOLE, 3), "Channels, rows and columns.")
PAIR = list_of(WHOLE, 2)
COUNTS: Mapping[str, Json] = {
    "weights": with_description(WHOLE, "Of a batch normalization its gains."),
    "biases": with_description(WHOLE, "Of a batch normalization its shifts."),
    "parameters": with_description(WHOLE, "Weights and biases; running statistics are none."),
    "folded_parameters": with_description(WHOLE, "The parameters with each normalization in the layer before it."),
    "activations": with_description(WHOLE, "Numbers that are stored; 0 where a layer works in place."),
    "activation_bytes": with_description(WHOLE, "At 4 bytes a number."),
    "copied_activations": with_description(WHOLE, "Numbers of activations, where they are stored beside their input."),
    "pair": with_description(WHOLE, "Numbers of a stage and of all that it reads; in total the largest of them."),
    "multiply_adds": with_description(WHOLE, "Of convolutions and fully connected layers, without biases."),
}
TOTALS = object_of(
    "The sums over all stages. Whole numbers may exceed 2^53.",
    {**COUNTS, "pair_bytes": with_description(WHOLE, "Of the largest pair, at 4 bytes a number.")},
)
PRICED_STAGE = object_of(
    "What one stage costs.",
    {
        "stage": with_description(WHOLE, "Its number; 0 is the input."),
        "part": with_description(TEXT, "The part of a known network that it belongs to."),
        "layer": with_description(TEXT, "The layer in the words of links."),
        **dict.fromkeys(("op", "title"), TEXT),
        "reads": with_description(list_of(WHOLE), "The stages that it reads."),
        "shape": SHAPE,
        **COUNTS,
        "unshared_parameters": with_description(WHOLE, "Of a convolution with filters of its own at every place."),
        "dense_parameters": with_description(WHOLE, "Of a fully connected layer with the outputs of a convolution."),
        "receptive_field": with_description(PAIR, "Rows and columns of the input that a cell can depend on."),
        "jump": with_description(
            list_of(NUMBER, 2), "Rows and columns from the field of a cell to that of its neighbor."
        ),
        "start": with_description(PAIR, "First row and column of the field of cell (0, 0), below 0 in the padding."),
        "receptive_field_at_most": with_description(
            FLAG, "Whether the field is a bound: paths to the stage differ in jump or center."
        ),
        "sees_whole_input": with_description(FLAG, "Whether every cell depends on the whole input."),
    },
)
NET: Mapping[str, Json] = {
    "name": with_description(TEXT, "What net= calls it; empty for a pattern."),
    "title": TEXT,
    "version": with_description(TEXT, "Which of its versions it is."),
    "source": with_description(TEXT, "Who described it, and where."),
    "input": SHAPE,
    "pattern": with_description(TEXT, "Its layers, with groups that are repeated."),
    "totals": ref("ArchitectureTotals"),
}
KNOWN_NET = object_of("A known network.", NET)
ARCHITECTURE = object_of(
    "What a network costs, planned without weights.",
    {
        **NET,
        "output": SHAPE,
        "layers": with_description(TEXT, "Its layers in the words of links, unfolded."),
        "stages": list_of(ref("PricedStage")),
    },
)
