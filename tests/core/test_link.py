"""Links: the grammar line by line, parsing and formatting as inverses, and any other text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.limits import Limits
from app.core.link.query_string import LINK_KEYS, Link, format_link, format_scene, format_view, parse_link
from app.core.link.syntax import MOST_NUMBER_CHARACTERS, format_layer
from app.core.operation_table import OPERATIONS
from app.core.scene import (
    OPENING_LAYERS,
    Layer,
    LearnedFilters,
    NamedFilter,
    Planes,
    RandomFilters,
    SampleName,
    Scene,
    UploadId,
    View,
)
from tests.strategies import layers, mutations, scenes, texts, views

LIMITS = Limits()
LONG = Limits(link_characters=10_000_000)


def read(query: str, limits: Limits = LIMITS) -> Link:
    return parse_link(query, limits)


def layer(text: str) -> Layer:
    link = read(f"layers={text}")
    assert not link.problems
    return link.scene.layers[0]


def only_problem(query: str):
    problems = read(query).problems
    assert len(problems) == 1, problems
    return problems[0]


EXAMPLES = [
    ("", Scene()),
    ("image=coffee", Scene(SampleName("coffee"))),
    ("image=u-Zk3_9-x", Scene(UploadId("u-Zk3_9-x"))),
    ("image=(0,1;2,3)", Scene(Planes(((("0", "1"), ("2", "3")),)))),
    ("image=(1)(2)(3)/2", Scene(Planes(((("1",),), (("2",),), (("3",),)), 2))),
    ("size=64", Scene(size=(64, 64))),
    ("size=12x16", Scene(size=(12, 16))),
    ("crop=10,20,64,80", Scene(crop=(10, 20, 64, 80))),
    ("channels=rgb", Scene(channels="rgb")),
    ("range=unit", Scene(range="unit")),
    ("layers=", Scene(layers=())),
    ("layers=relu", Scene(layers=(Layer("relu"),))),
]


@pytest.mark.parametrize(("query", "scene"), EXAMPLES, ids=[query for query, _ in EXAMPLES])
def test_each_key_of_a_link_is_parsed_and_formatted(query, scene):
    assert read(query) == Link(scene, View())
    assert format_scene(scene) == query


FILTERS = [
    ("sobel-x", NamedFilter("sobel-x")),
    ("(1,0,-1)", Planes(((("1", "0", "-1"),),))),
    ("(0.50,-1/3;-0,1.5/2)/9", Planes(((("0.50", "-1/3"), ("-0", "1.5/2")),), 9)),
    ("(1)(2)", Planes(((("1",),), (("2",),)))),
    ("lenet5/conv1", LearnedFilters("lenet5", "conv1")),
    ("lenet5/conv1.3", LearnedFilters("lenet5", "conv1", 3)),
    ("lenet5/conv1@7", LearnedFilters("lenet5", "conv1", None, 7)),
    ("lenet5/conv1.3@7", LearnedFilters("lenet5", "conv1", 3, 7)),
    ("random*4@3x5", RandomFilters(4, 3, 5)),
]


@pytest.mark.parametrize(("text", "one"), FILTERS, ids=[text for text, _ in FILTERS])
def test_each_kind_of_filter_is_parsed_and_formatted(text, one):
    assert layer(f"conv:{text}") == Layer("conv", (one,))
    assert format_layer(Layer("conv", (one, NamedFilter("log")))) == f"conv:{text};log"
    assert layer(f"conv:{text};log").filters == (one, NamedFilter("log"))


OPTIONS = [
    ("conv:1x1,stride=2", ("stride", (2, 2))),
    ("conv:1x1,stride=2x1", ("stride", (2, 1))),
    ("conv:1x1,padding=same", ("padding", "same")),
    ("conv:1x1,padding=full", ("padding", "full")),
    ("conv:1x1,padding=1", ("padding", (1, 1, 1, 1))),
    ("conv:1x1,padding=1x2", ("padding", (1, 1, 2, 2))),
    ("conv:1x1,padding=(0,1,2,3)", ("padding", (0, 1, 2, 3))),
    ("conv:1x1,bias=-1/2", ("bias", "-1/2")),
    ("conv:1x1,bias=(0,0.5,-2)", ("bias", ("0", "0.5", "-2"))),
    ("conv:1x1,padding_mode=circular", ("padding_mode", "circular")),
    ("conv:1x1,dilation=2x3", ("dilation", (2, 3))),
    ("conv:1x1,groups=1", ("groups", 1)),
    ("conv:1x1,flip=1", ("flip", True)),
    ("conv:random*1@2x2,seed=7", ("seed", 7)),
    ("maxpool:2,stride=1", ("stride", (1, 1))),
    ("avgpool:3,ceil_mode=1", ("ceil_mode", True)),
    ("avgpool:3,count_include_pad=0", ("count_include_pad", False)),
]


@pytest.mark.parametrize(("text", "option"), OPTIONS, ids=[text for text, _ in OPTIONS])
def test_each_option_of_a_layer_is_parsed_and_formatted(text, option):
    assert layer(text).options == (option,)
    assert format_layer(layer(text)) == text


HEADS = [
    ("maxpool", None),
    ("maxpool:2", (2, 2)),
    ("l2pool:2x3", (2, 3)),
    ("leaky_relu", None),
    ("leaky_relu:0.10", "0.10"),
    ("shift:-1x2", (-1, 2)),
    ("shift:-1", (-1, -1)),
    ("prepare:lenet5", "lenet5"),
    ("model:lenet5", "lenet5"),
    ("linear:lenet5/fc1", "lenet5/fc1"),
    ("flatten", None),
    ("globalavgpool", None),
    ("softmax", None),
]


@pytest.mark.parametrize(("text", "head"), HEADS)
def test_each_head_of_a_layer_is_parsed_and_formatted(text, head):
    assert layer(text) == Layer(text.partition(":")[0], (), head)
    assert format_layer(layer(text)) == text


VIEWS = [
    ("stage=0&map=3&at=16,20&beat=channel-0", View(0, 3, (16, 20), "channel-0")),
    ("tab=matrix&colors=photo&scope=layer", View(tab="matrix", colors="photo", scope="layer")),
    (
        "tab=matrix&matrix=windows&neuron=column&letters=1",
        View(tab="matrix", matrix="windows", neuron="column", letters=True),
    ),
    ("map=1&volume=1", View(map=1, volume=True)),
    ("table=1", View(table=True)),
    ("at=0,0&weights=1", View(at=(0, 0), weights=True)),
    ("at=0,1&tab=equation&second=0,0", View(at=(0, 1), tab="equation", second=(0, 0))),
    ("neuron=map&signal=1&index=1", View(neuron="map", signal=True, index=True)),
    ("fit=1&marks=1&pin=0,9&mode=row", View(fit=True, marks=True, pin=(0, 9), mode="row")),
    ("tempo=0.5&play=1&theme=dark&hide=image,tabs", View(tempo="0.5", play=True, theme="dark", hide=("image", "tabs"))),
    (
        "loop=1&stops=0,0;0,1;3,4&ui=min&lock=image",
        View(loop=True, stops=((0, 0), (0, 1), (3, 4)), ui="min", lock=("image",)),
    ),
    ("title=What%20%26%20why?&transparent=1", View(title="What & why?", transparent=True)),
    ("dpr=1.5&present=1", View(dpr="1.5", present=True)),
    (
        "stops=0,0;0,1;3,4&notes=Here%20it%20begins;;1%253B%202%20%25%20of%20%252525%20%26%203",
        View(stops=((0, 0), (0, 1), (3, 4)), notes=("Here it begins", "", "1; 2 % of %25 & 3")),
    ),
]


@pytest.mark.parametrize(("query", "view"), VIEWS, ids=[query for query, _ in VIEWS])
def test_each_key_of_a_view_is_parsed_and_formatted(query, view):
    assert read(query) == Link(Scene(), view)
    assert format_view(view) == query


def test_stops_as_a_flag_is_the_older_name_of_marks():
    assert read("stops=1") == Link(Scene(), View(marks=True))
    assert read("stops=1&marks=0").view == View()
    assert read("stops=0,1").view == View(stops=((0, 1),))


def test_words_at_stops_may_have_spaces_around_them_and_empty_ones_at_the_end_are_left_out():
    link = read("stops=0,0;0,1;3,4&notes=first%20;%20second;")
    assert link == Link(Scene(), View(stops=((0, 0), (0, 1), (3, 4)), notes=("first", "second")))
    assert read("stops=0,0&notes=").view.notes == ()


def test_more_lines_of_words_than_stops_and_too_long_ones_are_said_and_cut():
    problem = only_problem("stops=0,0;0,1&notes=a;b;c;d")
    assert problem.message == (
        "notes has 4 lines; it can have one for each of the stops, which are 2. The rest is left out."
    )
    assert read("stops=0,0;0,1&notes=a;b;c;d").view.notes == ("a", "b")
    assert only_problem("notes=a").field == "notes"
    assert read("notes=a").view.notes == ()
    problem = only_problem(f"stops=0,0;0,1&notes=a;{'b' * 161}")
    assert problem.message == ("Line 2 of notes is 161 characters long; it can have at most 160. The rest is left out.")
    assert read(f"stops=0,0;0,1&notes=a;{'b' * 161}").view.notes == ("a", "b" * 160)


def test_an_empty_query_is_the_default_scene_and_an_empty_chain_stays_empty():
    assert read("").scene.layers == OPENING_LAYERS == read("image=coffee").scene.layers
    assert read("layers=").scene.layers == ()
    assert format_link(Scene(), View()) == ""


def test_defaults_are_left_out_and_options_stand_in_the_order_of_the_table():
    said = (
        "image=chelsea&size=32&layers=conv:sobel-x,seed=0,dilation=2,padding=0,stride=1,groups=3,bias=0~relu&beat=sum"
    )
    link = read(said)
    assert link.problems == ()
    assert format_link(link.scene, link.view) == "layers=conv:sobel-x,dilation=2,groups=3~relu"


def test_a_link_is_decoded_once_and_a_plus_is_a_plus():
    assert read("layers=conv%3A%281%2C0%2C-1%29").scene == read("layers=conv:(1,0,-1)").scene
    assert read("%69mage=coffee").scene == Scene(SampleName("coffee"))
    assert read("image=cof%2566ee").problems[0].value == "cof%66ee"
    assert only_problem("layers=conv:(+5)").value == "+5"
    assert read("layers=conv:(+5)").scene.layers[0].filters == (Planes(((("5",),),)),)


def test_unprintable_characters_are_replaced_in_messages():
    assert only_problem("title=%20%E2%80%AE").message.isprintable()
    assert read("title=%20%F0%9F%99%82").view.title == "🙂"


def test_only_the_ampersand_separates_and_an_encoded_one_does_not():
    assert read("size=8;image=coffee").scene.image == SampleName("chelsea")
    assert read("image=a%26size=8").scene.size == (32, 32)
    assert read("&&size=8&").scene == Scene(size=(8, 8))
    assert read("&&size=8&").problems == ()


def test_the_last_value_of_a_repeated_key_is_used_with_a_note():
    link = read("size=8&size=16&layers=conv:1x1,stride=3,stride=2")
    assert link.scene.size == (16, 16)
    assert link.scene.layers[0].get("stride") == (2, 2)
    assert {(p.field, p.severity, p.layer) for p in link.problems} == {("size", "note", None), ("stride", "note", 0)}


def test_separators_inside_parentheses_belong_to_the_numbers():
    conv, relu = read("layers=conv:(1,2;3,4);(5,6;7,8),bias=(1,2)~relu").scene.layers
    assert len(conv.filters) == 2
    assert conv.get("bias") == ("1", "2")
    assert relu == Layer("relu")


def test_an_unknown_key_is_returned_and_reported_unless_the_caller_reads_it():
    link = read("format=json&utm=1&siz=8")
    assert link.extra == (("format", "json"), ("utm", "1"), ("siz", "8"))
    assert [p.field for p in link.problems] == ["format", "utm", "siz"]
    assert "Did you mean size?" in link.problems[2].message
    assert parse_link("format=json", LIMITS, own=("format",)).problems == ()
    assert parse_link("format=json", LIMITS, own=("format",)).extra == (("format", "json"),)


def test_a_scene_as_json_replaces_image_to_layers():
    link = read('scene={"size":[8,8],"layers":[{"op":"relu"}]}&stage=0&image=coffee')
    assert link.scene == Scene(size=(8, 8), layers=(Layer("relu"),))
    assert link.view == View(stage=0)
    assert [(p.field, p.severity) for p in link.problems] == [("image", "note")]
    assert read("scene={").scene == Scene()
    assert only_problem("scene={").field == "scene"
    assert only_problem("scene=" + "[" * 100_000).field == "scene"


BAD = [
    # what was said, the field it names, what it became
    ("size=0", "size", "size=1"),
    ("size=513", "size", "size=512"),
    ("size=-9223372036854775808", "size", "size=1"),
    ("size=9223372036854775808", "size", "size=512"),
    ("size=1e999", "size", "size=512"),
    ("size=NaN", "size", ""),
    ("size=8x", "size", ""),
    ("size=", "size", ""),
    ("size=٣", "size", "size=3"),
    ("size", "size", ""),
    ("crop=1,2,3", "crop", ""),
    ("crop=0,0,0,9", "crop", "crop=0,0,1,9"),
    ("channels=grey", "channels", ""),
    ("channels=RGB", "channels", "channels=rgb"),
    ("range=bytes", "range", ""),
    ("image=", "image", ""),
    ("image=Coffee", "image", "image=coffee"),
    ("image=u-", "image", ""),
    ("image=../etc/passwd", "image", ""),
    ("image=(1,2;3)", "image", "image=(1,2;3,0)"),
    ("image=(1,2)(3)", "image", "image=(1,2)(3,0)"),
    ("image=()", "image", ""),
    ("image=(1,2", "image", ""),
    ("image=(1)/0", "divisor", "image=(1)"),
    ("image=(1)/1.5", "divisor", "image=(1)/2"),
    ("image=(.5,1e3,−2)", "image", "image=(0.5,1000,-2)"),
    ("image=(NaN,inf,1e999)", "image", "image=(0,1000000,1000000)"),
    ("image=(1/0)", "image", "image=(0)"),
    ("image=(1000001)", "image", "image=(1000000)"),
    (f"image=({'9' * 400})", "image", "image=(1000000)"),
    (f"image=(0.{'3' * MOST_NUMBER_CHARACTERS})", "image", "image=(0.333333)"),
    ("layers=conv:soble-x", "filters", ""),
    ("layers=maxpol:3", "layers", "layers=maxpool:3"),
    ("layers=relu~nonsense~tanh", "layers", "layers=relu~tanh"),
    ("layers=relu~", "layers", "layers=relu"),
    ("layers=relu:2", "layers", "layers=relu"),
    ("layers=conv", "filters", "layers="),
    ("layers=conv:~relu", "filters", "layers=relu"),
    ("layers=conv:(1,2;3);1x1", "filters", "layers=conv:1x1"),
    ("layers=conv:;1x1", "filters", "layers=conv:1x1"),
    ("layers=conv:();1x1", "filters", "layers=conv:1x1"),
    ("layers=conv:(1;2;1x1", "filters", "layers=conv:1x1"),
    ("layers=conv:m/;1x1", "filters", "layers=conv:1x1"),
    ("layers=conv:m/l.x;1x1", "filters", "layers=conv:1x1"),
    ("layers=conv:random*0@3x3", "filters", "layers=conv:random*1@3x3"),
    ("layers=conv:random*4@3x99", "filters", "layers=conv:random*4@3x15"),
    ("layers=conv:random*65@1x1", "filters", "layers=conv:random*64@1x1"),
    ("layers=conv:random*4@3;1x1", "filters", "layers=conv:1x1"),
    (f"layers=conv:({','.join('1' * 16)})", "filters", f"layers=conv:({','.join('1' * 15)})"),
    ("layers=conv:1x1,stride=0", "stride", "layers=conv:1x1"),
    ("layers=conv:1x1,stride=9223372036854775808", "stride", "layers=conv:1x1,stride=64"),
    ("layers=conv:1x1,stride=2.4", "stride", "layers=conv:1x1,stride=2"),
    ("layers=conv:1x1,stride=2x2x2", "stride", "layers=conv:1x1"),
    ("layers=conv:1x1,stirde=2", "stirde", "layers=conv:1x1"),
    ("layers=conv:1x1,stride", "stride", "layers=conv:1x1"),
    ("layers=conv:1x1,padding=smae", "padding", "layers=conv:1x1,padding=same"),
    ("layers=conv:1x1,padding=-1", "padding", "layers=conv:1x1"),
    ("layers=conv:1x1,padding=(1,2,3)", "padding", "layers=conv:1x1"),
    ("layers=conv:1x1,bias=(1,x)", "bias", "layers=conv:1x1,bias=(1,0)"),
    ("layers=conv:1x1,bias=", "bias", "layers=conv:1x1"),
    ("layers=conv:1x1,flip=yes", "flip", "layers=conv:1x1,flip=1"),
    ("layers=maxpool:0", "kernel_size", "layers=maxpool:1"),
    ("layers=maxpool:", "kernel_size", "layers=maxpool:2"),
    ("layers=leaky_relu:-1", "negative_slope", "layers=leaky_relu:0"),
    ("layers=prepare", "name", "layers="),
    ("layers=prepare:a/b/c", "name", "layers="),
    ("stage=-1", "stage", "stage=0"),
    ("at=5", "at", ""),
    ("at=5,-1", "at", "at=5,0"),
    ("tempo=0", "tempo", ""),
    ("tempo=99", "tempo", "tempo=16"),
    ("theme=drak", "theme", "theme=dark"),
    ("hide=tabs,nonsense", "hide", "hide=tabs"),
    ("beat=Sum!", "beat", ""),
    ("play=maybe", "play", ""),
    ("\ud800=1", "?", ""),
    ("size=\x00", "size", ""),
]


@pytest.mark.parametrize(("query", "field", "used"), BAD, ids=[ascii(query)[:40] for query, _, _ in BAD])
def test_an_invalid_value_is_reported_and_the_nearest_valid_one_used(query, field, used):
    link = read(query)
    errors = [p for p in link.problems if p.severity == "error"]
    assert {p.field for p in errors} == {field}
    assert errors[0].allowed
    assert errors[0].message.endswith((".", "?"))
    if query != "layers=conv:soble-x":
        assert format_link(link.scene, link.view) == used
    else:
        assert link.scene.layers == (Layer("conv", (NamedFilter("sobel-x"),)),)


def test_a_problem_states_the_value_and_the_allowed_range():
    problem = only_problem("layers=relu~conv:1x1,stride=0")
    assert (problem.field, problem.value, problem.layer) == ("stride", "0", 1)
    assert problem.message == (
        "Convolution (layer 2): stride is 0; it can be a whole number from 1 to 64, or rows x columns such as 1x2. "
        "The nearest valid value is 1."
    )


def test_the_same_mistake_is_reported_in_every_link():
    first, second = (parse_link(f"layers=relu~maxpool:0~relu{more}", LIMITS) for more in ("", "~abs"))
    assert [problem.layer for problem in first.problems] == [problem.layer for problem in second.problems] == [1]


def test_an_invalid_part_does_not_affect_the_others():
    link = read("layers=conv:(1,2;3);sobel-x,stride=0,padding=1~nonsense~maxpool:3&size=x&channels=rgb&at=1,2")
    assert link.scene == Scene(
        channels="rgb",
        layers=(Layer("conv", (NamedFilter("sobel-x"),), None, (("padding", (1,) * 4),)), Layer("maxpool", (), (3, 3))),
    )
    assert link.view.at == (1, 2)
    assert {(p.field, p.layer) for p in link.problems} == {("size", None), ("filters", 0), ("stride", 0), ("layers", 1)}


def test_too_many_layers_filters_and_planes_are_left_out_with_a_message():
    assert len(read("layers=" + "~".join(["relu"] * 17)).scene.layers) == 16
    assert only_problem("layers=" + "~".join(["relu"] * 17)).message == (
        "There are 17 layers; there can be at most 16. The rest is left out."
    )
    assert len(read("layers=conv:" + ";".join(["1x1"] * 65)).scene.layers[0].filters) == 64
    assert read("layers=conv:random*60@1x1;random*9@2x2").scene.layers[0].filters == (
        RandomFilters(60, 1, 1),
        RandomFilters(4, 2, 2),
    )
    assert read("image=" + "(1)" * 65).scene.image.shape == (64, 1, 1)


def test_parts_beyond_the_longest_link_are_left_out_with_a_message():
    long = "image=(" + ",".join(["1"] * 4_000) + ")&size=8"
    link = read(long)
    assert link.scene == Scene(size=(8, 8))
    assert link.problems[0].message == (
        "The link is 8,014 characters long; it can have at most 6,000. Parts that do not fit are left out."
    )
    assert read("x" * 5_999 + "=").problems[0].field != "link"
    assert read("x" * 6_000 + "=").problems[0].field == "link"


def test_percent_escapes_do_not_count_towards_the_length():
    assert read("image=%28" + "%2C".join(["1"] * 500) + "%29").problems == ()


def test_very_long_and_deeply_nested_text_is_parsed():
    for text in ["&" * 1_000_000, "a&" * 100_000, "%" * 100_000, "image=" + "(" * 100_000, "layers=" + "~" * 5_000]:
        assert len(read(text).problems) <= 100
    digits = "9" * 5_000
    for key in LINK_KEYS:
        assert read(f"{key}={digits}").problems
        assert read(f"{key}=({digits};{digits})/{digits}", LONG).problems
    for text in [
        f"conv:m/l.{digits}@{digits}",
        f"conv:random*{digits}@{digits}x{digits}",
        f"shift:-{digits}x1/{digits}",
    ]:
        assert parse_link(f"layers={text}", LONG).problems


@pytest.mark.parametrize("row", OPERATIONS, ids=[row.name for row in OPERATIONS])
@settings(max_examples=8)
@given(data=st.data())
def test_every_operation_of_the_table_comes_back_from_its_link(row, data):
    scene = Scene(layers=(data.draw(layers(row)),))
    assert parse_link(format_scene(scene), LONG) == Link(scene, View())


@settings(max_examples=150)
@given(scenes(), views())
def test_a_link_gives_scene_and_view_back(scene, view):
    assert parse_link(format_link(scene, view), LONG) == Link(scene, view)
    assert parse_link(format_view(view), LIMITS) == Link(Scene(), view)
    assert "%" not in format_link(replace(scene, rows=()), replace(view, title="", notes=(), target=""))


def check_any_query(query: str) -> None:
    link = parse_link(query, LIMITS)
    printed = format_link(link.scene, link.view)
    assert parse_link(printed, LONG) == Link(link.scene, link.view)
    for problem in link.problems:
        assert problem.message.endswith((".", "?"))
        assert f"{problem.field}{problem.value}{problem.allowed}{problem.message}".isprintable()
        assert problem.message.encode()


@settings(max_examples=300)
@given(st.one_of(texts(), texts().map(lambda text: f"layers={text}"), texts().map(lambda text: f"image=({text})")))
def test_any_text_is_read_and_formats_canonically(text):
    check_any_query(text)


@settings(max_examples=100)
@given(st.binary(max_size=60))
def test_any_bytes_are_read(data):
    check_any_query(data.decode("latin-1"))
    check_any_query(data.decode("utf-8", "surrogateescape"))


@settings(max_examples=60)
@given(st.data())
def test_a_link_with_a_mistake_is_parsed(data):
    check_any_query(data.draw(mutations(format_link(data.draw(scenes()), data.draw(views())))))


@pytest.mark.long
@settings(max_examples=3_000)
@given(st.data())
def test_thousands_of_links_with_mistakes_are_read(data):
    check_any_query(data.draw(mutations(format_link(data.draw(scenes()), data.draw(views())))))


@pytest.mark.long
@settings(max_examples=10_000)
@given(texts())
def test_ten_thousand_texts_are_read(text):
    check_any_query(text)


LINKS = (Path(__file__).parents[2] / "docs" / "links.md").read_text("utf-8")
DOCUMENT = LINKS.partition("\n## The image\n")[2].partition("\n## The page of learned filters\n")[0]


@pytest.mark.parametrize("query", re.findall(r"^\| `([^`]*=[^`]*)` \|", DOCUMENT, re.MULTILINE))
def test_every_line_of_the_document_is_a_link_in_its_canonical_form(query):
    link = read(query)
    assert link.problems == ()
    assert format_link(link.scene, link.view) == query


def test_the_document_names_every_key_and_every_operation():
    assert [key for key in LINK_KEYS if f"{key}=" not in DOCUMENT] == []
    assert [row.name for row in OPERATIONS if row.name not in DOCUMENT] == []
    options = {option.name for row in OPERATIONS for option in row.options}
    assert [name for name in options if f"{name}=" not in DOCUMENT] == []


def test_stops_take_the_place_of_a_story_and_a_note_says_so():
    link = parse_link("story=3&stops=0,0;0,1", Limits())
    assert (link.view.story, link.view.stops) == (None, ((0, 0), (0, 1)))
    (note,) = link.problems
    assert (note.severity, note.message) == ("note", "The link has both story and stops; the stops are used.")
    assert parse_link("story=3", Limits()).view.story == 3
