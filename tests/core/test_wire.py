from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.texts import use_language
from app.core.trace.stage_json import stage_to_json
from app.core.trace.wire import pack, trace_to_bytes, trace_to_json, unpack
from tests.figures import answer

safetensors = pytest.importorskip("safetensors.numpy")


def sent(query: str, **options):
    said = answer(query)
    data = trace_to_bytes(said.trace, said.header(), **options)
    tensors, metadata = unpack(data)
    return said, tensors, json.loads(metadata["trace"]), data


def test_a_trace_is_read_by_safetensors_as_it_was_computed():
    said, _, header, data = sent("channels=rgb&layers=conv:random*4@3x3,bias=1/3~relu~maxpool:2")
    tensors = safetensors.load(data)
    assert sorted(tensors) == ["0.output", "1.bias", "1.output", "1.weight", "2.output", "3.output"]
    for k, stage in enumerate(said.trace.stages):
        assert tensors[f"{k}.output"].dtype == np.float32
        assert np.array_equal(tensors[f"{k}.output"], stage.output)
        assert header["stages"][k] == json.loads(json.dumps(stage_to_json(stage)))
    assert np.array_equal(tensors["1.weight"], said.trace.stages[1].weight)
    assert np.array_equal(tensors["1.bias"], said.trace.stages[1].bias)
    assert {key: header[key] for key in ("version", "link", "problems")} == {
        "version": 2,
        "link": said.link,
        "problems": [],
    }


EVERY_STAGE = {
    *("index", "op", "title", "family", "layer", "shape", "input_shape", "parameters", "multiply_adds"),
    *("receptive_field", "jump", "exact", "colors", "scale", "ranges", "telling", "notes", "code", "code_beats"),
    *("kind", "capabilities", "values", "formula", "sees_whole_input", "reads", "missing"),
    *("denominator", "never_negative", "picture_scale"),
}
FILTERS = {"groups", "padding_mode", "flip", "divisors", "scales", "bias_text", "labels"}
OWN_FIELDS = [
    ("layers=", {"image"}),
    ("layers=conv:sobel-x", {"rows", "columns"} | FILTERS),
    ("layers=avgpool:2", {"rows", "columns", "pool", "count_include_pad"}),
    ("layers=globalmaxpool", {"rows", "columns", "pool", "count_include_pad"}),
    ("layers=leaky_relu:0.2", {"rows", "columns", "slope"}),
    ("layers=shift:1x2", {"rows", "columns", "by"}),
    ("layers=softmax", {"rows", "columns", "salient_map"}),
    ("layers=relu~concat:0", {"rows", "columns", "starts"}),
    ("layers=maxpool:2~maxpool:4,stride=1,from=0~add:1", {"rows", "columns", "receptive_field_at_most"}),
]


@pytest.mark.parametrize(("query", "own"), OWN_FIELDS)
def test_a_stage_has_the_fields_that_scripts_read(query, own):
    """Fields may be added; none changes its name or goes."""
    stage = answer(f"size=6&{query}").trace.stages[-1]
    assert stage_to_json(stage).keys() == EVERY_STAGE | own


def test_titles_labels_and_notes_are_sent_as_sentences():
    said = answer("size=6&channels=rgb&layers=conv:(1);(1,2)~maxpool:2&crop=236,387,64,64")
    conv, pool = map(stage_to_json, said.trace.stages[1:])
    assert (conv["title"], pool["title"]) == ("Convolution", "Max pool 2 × 2")
    assert conv["labels"] == ["typed", "typed"]
    assert conv["notes"] == ["The filters have different sizes: each is centered in 1 × 2 cells, with zeros around it."]


QUERIES_WITH_THE_SAME_LAYERS = (
    "layers=conv:(1,2;3,4)~relu~maxpool:2",
    "layers=conv:(1,-2;3,4)~relu~maxpool:2",
    "layers=conv:(1,2;3,4)/9~relu~maxpool:2",
    "layers=conv:(1,2;3,4),bias=1/3~leaky_relu:0.5~maxpool:2",
    "layers=conv:(1,2;3,4);(1,2;3,4)~leaky_relu:0.25~maxpool:2",
    "image=coffee&layers=conv:(1,2;3,4)~relu~maxpool:2",
    "image=coffee&channels=rgb&layers=conv:(1,2;3,4)~relu~maxpool:2",
    "range=unit&layers=conv:(0.5,2;3,4)~shift:1x2~softmax",
    "layers=globalavgpool~conv:(2)~softmax",
)


@pytest.mark.parametrize("language", ["en", "pseudo"])
def test_layers_that_figures_share_are_described_for_each_figure(language):
    with use_language(language):
        for query in QUERIES_WITH_THE_SAME_LAYERS * 2:
            said, _, header, _ = sent(query)
            for entry, stage in zip(header["stages"], said.trace.stages, strict=True):
                expected = json.loads(json.dumps(stage_to_json(stage)))
                if stage.output.shape[1:] == (1, 1):
                    del expected["ranges"], expected["telling"]
                assert entry == expected


def test_maps_of_one_cell_come_without_redundant_metadata():
    said, tensors, header, _ = sent("image=(1,-2;3,4)&layers=flatten")
    flat, meta = header["stages"][1], stage_to_json(said.trace.stages[1])
    assert tensors["1.output"].ravel().tolist() == [1, -2, 3, 4]
    assert not {"ranges", "telling"} & flat.keys()
    assert meta["ranges"] == [[1, 1], [-2, -2], [3, 3], [4, 4]]
    assert meta["telling"] == [[0, 0]] * 4
    assert "ranges" in header["stages"][0]


def test_the_arrays_of_some_stages_alone_are_sent_where_they_are_enough():
    said, tensors, header, _ = sent("layers=conv:sobel-x~relu~flatten", only=(1,))
    assert sorted(tensors) == ["1.bias", "1.output", "1.weight"]
    assert header["stages"] == json.loads(json.dumps([stage_to_json(stage) for stage in said.trace.stages]))


def test_what_safetensors_writes_is_read_back():
    arrays = {"a": np.arange(6, dtype=np.float32).reshape(1, 2, 3), "b": np.arange(5, dtype=np.uint8)}
    tensors, metadata = unpack(safetensors.save(arrays, {"trace": "…"}))
    assert metadata == {"trace": "…"}
    assert all(np.array_equal(tensors[name], array) for name, array in arrays.items())


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8"), max_size=6).filter(lambda name: name != "__metadata__"),
        st.tuples(st.sampled_from([np.float32, np.uint8]), st.lists(st.integers(1, 4), max_size=4)),
        max_size=5,
    ),
    st.dictionaries(st.text(max_size=5), st.text(st.characters(codec="utf-8"), max_size=20), max_size=3),
)
def test_packing_and_unpacking_are_inverses_and_arrays_are_aligned(shapes, metadata):
    arrays = {
        name: np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(t) for name, (t, shape) in shapes.items()
    }
    data = pack(arrays, metadata)
    start = 8 + int.from_bytes(data[:8], "little")
    assert start % 8 == 0
    header = json.loads(data[8:start])
    for name, array in arrays.items():
        assert (start + header[name]["data_offsets"][0]) % array.itemsize == 0
    tensors, said = unpack(data)
    assert said == metadata
    assert tensors.keys() == arrays.keys()
    assert all(np.array_equal(tensors[name], array) for name, array in arrays.items())


def test_turned_weights_are_sent_in_their_own_order():
    _, tensors, _, _ = sent("image=(1,2;3,4)&layers=conv:(1,2;3,4),flip=1")
    assert tensors["1.weight"].tolist() == [[[[4, 3], [2, 1]]]]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 7,
        (100).to_bytes(8, "little") + b"{}",
        (2**63).to_bytes(8, "little") + b"{}",
        (61).to_bytes(8, "little") + b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}       ' + b"\x00" * 8,
        (61).to_bytes(8, "little") + b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}      ' + b"\x00" * 8,
    ],
)
def test_bytes_that_do_not_match_their_header_are_refused(data):
    with pytest.raises(ValueError, match=r"the header should be|does not fit its shape"):
        unpack(data)


# --- previews -----------------------------------------------------------------------------------------------------


def size_of(query: str) -> int:
    return sum(stage.output.nbytes for stage in answer(query).trace.stages)


def test_all_is_float32_up_to_the_limit_and_previews_above_it():
    query = "size=12&layers=conv:sobel-x~relu"
    whole = size_of(query)
    _, tensors, _, _ = sent(query, float_bytes=whole)
    assert not [name for name in tensors if name.endswith("preview")]
    _, tensors, header, _ = sent(query, float_bytes=whole - 1)
    assert sorted(tensors) == ["0.preview", "1.bias", "1.preview", "1.weight", "2.preview"]
    assert all(tensors[f"{k}.preview"].dtype == np.uint8 for k in range(3))
    assert all(len(entry["preview"]) == 2 for entry in header["stages"])


def test_the_requested_stages_are_float32():
    said, tensors, header, _ = sent("size=12&layers=conv:sobel-x~relu", full=(0, 2), float_bytes=0)
    assert sorted(tensors) == ["0.output", "1.bias", "1.preview", "1.weight", "2.output"]
    assert np.array_equal(tensors["2.output"], said.trace.stages[2].output)
    assert ["preview" in entry for entry in header["stages"]] == [False, True, False]
    assert sent("size=12&layers=relu", full=(0,), float_bytes=10**6)[1].keys() == {"0.output", "1.output"}


@pytest.mark.parametrize(
    "query",
    [
        "size=16&layers=conv:sobel-x~sigmoid",
        "size=9&range=unit&layers=conv:log",
        "image=(7,7;7,7)&layers=",
        "image=(999999,1000000;999999.5,1000000)&layers=",
        "image=(0.000001,0)&layers=conv:(0.000001)~conv:(0.000001)~conv:(0.000001)~conv:(0.000001)~conv:(0.000001)"
        "~conv:(0.000001)~conv:(0.000001)",
        "image=(1000000,-1000000)&layers=" + "~".join(["conv:(1000000)"] * 8),
    ],
)
def test_a_preview_is_off_by_no_more_than_half_a_step(query):
    said, tensors, header, _ = sent(query, float_bytes=0)
    for k, stage in enumerate(said.trace.stages):
        offset, step = header["stages"][k]["preview"]
        near = offset + step * tensors[f"{k}.preview"].astype(np.float64)
        spread = float(stage.output.max()) - float(stage.output.min())
        assert (
            np.abs(near - stage.output).max() <= 0.501 * max(spread, 1e-37) / 255 + 1e-6 * abs(offset) or spread < 1e-34
        )


def test_weights_are_never_previews():
    _, tensors, _, _ = sent("size=16&layers=conv:random*3@3x3", float_bytes=0)
    assert tensors["1.weight"].dtype == tensors["1.bias"].dtype == np.float32


def test_the_json_format_has_nested_lists():
    said = answer("image=(1,2;3,4)&layers=conv:(1,1)/2,bias=1~relu")
    entry = trace_to_json(said.trace, said.header())["stages"][1]
    assert entry["output"] == [[[2.5], [4.5]]]
    assert entry["weight"] == [[[[1, 1]]]]
    assert entry["bias"] == [1]
    assert entry["op"] == "conv"
