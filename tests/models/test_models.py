"""The built-in models: their numbers compared with PyTorch's, their names in links, their sentences."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from app.core.explain import explain_step
from app.core.limits import Limits
from app.core.link.query_string import format_scene, parse_link
from app.core.ops.preprocessing import Preprocessing, Resampling, plan_preprocessing
from app.core.problems import Problem
from app.core.scene import Layer, LearnedFilters, Scene
from app.core.trace.plan import plan_layers
from app.core.trace.stage_info import ImageInfo
from app.core.trace.stage_json import stage_to_json
from app.core.trace.trace import Trace, TraceInput, compute_trace
from app.core.trace.wire import pack, unpack
from app.core.weights.bank import LearnedBank
from app.lab import Lab, LabResult
from app.models.library import Models, load_models
from tests.figures import samples
from tests.web_client import page_data, running

FOLDER = Path(__file__).resolve().parents[2] / "app" / "models" / "data"
GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "models.json").read_text(encoding="utf-8"))
CASES = [pytest.param(case, id=f"{case['model']}-{i % 2}") for i, case in enumerate(GOLDEN["cases"])]


@cache
def models() -> Models:
    return load_models(FOLDER)


def answer(query: str, repair: bool = False) -> LabResult:
    link = parse_link(query, Limits())
    assert link.problems == ()
    return Lab(samples(), None, Limits(), models()).compute(link.scene, (), repair)


def stages(query: str):
    said = answer(query)
    assert said.trace is not None, said.problems
    return said.trace.stages


def refusal(query: str) -> str:
    said = answer(query)
    assert said.trace is None
    return said.problems[0].message


def computed(layers: str, pixels: np.ndarray, invert: object = "auto") -> Trace:
    """A chain on given pixels, without the Lab; `invert` False leaves black on white as it is."""
    scene = parse_link(f"layers={layers}", Limits()).scene
    plans, shape = [], pixels.shape
    for index, layer in enumerate(scene.layers):
        plans += plan_layers(layer, index, shape, models())
        shape = plans[-1].shape
    for place, plan in enumerate(plans):
        if plan.preprocessing and not invert:
            prepare = replace(plan.preprocessing.preprocessing, invert=False)
            plans[place] = replace(plan, preprocessing=replace(plan.preprocessing, preprocessing=prepare))
    return compute_trace(scene, TraceInput(pixels.astype(np.float32), ImageInfo("sample"), (0.0, 255.0)), plans)


# --- the numbers -------------------------------------------------------------------------------------------------


def test_every_built_in_model_has_reference_cases():
    assert {case["model"] for case in GOLDEN["cases"]} == set(models())


@pytest.mark.parametrize("case", CASES)
def test_every_layer_gives_what_pytorch_gives_for_the_same_weights(case):
    pixels = np.frombuffer(base64.b64decode(case["pixels"]), np.uint8).reshape(case["shape"])
    stages = computed(f"model:{case['model']}", pixels, invert=False).stages[2:]  # after the input and its preparation
    assert len(stages) == len(case["layers"])
    for stage, expected in zip(stages, case["layers"], strict=True):
        assert list(stage.output.shape) == expected["shape"]
        size = max(abs(expected["least"]), abs(expected["most"]))
        values = stage.output.ravel()
        for index, value in expected["values"]:
            assert values[index] == pytest.approx(value, rel=2e-5, abs=2e-5 * size), (expected["name"], index)
        assert values.mean() == pytest.approx(expected["mean"], rel=1e-4, abs=1e-5 * size)
        assert values.std() == pytest.approx(expected["deviation"], rel=1e-4, abs=1e-5 * size)
        assert [values.min(), values.max()] == pytest.approx([expected["least"], expected["most"]], abs=2e-5 * size)


@pytest.mark.parametrize("name", sorted(models()))
def test_every_layer_gives_what_pytorch_gives_here(name):
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    model = models()[name]
    size = model.prepare.size or (60, 53)
    pixels = np.random.default_rng(5).integers(0, 256, (model.prepare.channels, *size)).astype(np.uint8)
    stages = computed(f"model:{name}", pixels, invert=False).stages[1:]
    mean, std = (torch.tensor(values).reshape(-1, 1, 1) for values in (model.prepare.mean, model.prepare.std))
    x = (torch.from_numpy(pixels).float() / 255 - mean) / std
    expected = [x]
    for row in model.header["layers"]:
        weight, bias = (torch.tensor(model.weights.get(f"{row['name']}.{kind}", ())) for kind in ("weight", "bias"))
        options = row.get("options") or {}
        match row["op"]:
            case "conv":
                top, _, left, _ = options["padding"]
                x = functional.conv2d(x[None], weight, bias, options["stride"], (top, left))[0]
            case "linear":
                x = functional.linear(x.flatten(), weight, bias).reshape(-1, 1, 1)
            case "maxpool":
                x = functional.max_pool2d(x[None], row["head"], options.get("stride"))[0]
            case "globalavgpool":
                x = x.mean(dim=(1, 2), keepdim=True)
            case "flatten":
                x = x.reshape(-1, 1, 1)
            case "relu":
                x = x.relu()
            case "softmax":
                x = x.flatten().softmax(0).reshape(-1, 1, 1)
        expected.append(x)
    for stage, wanted in zip(stages, expected, strict=True):
        assert stage.output.shape == tuple(wanted.shape)
        assert np.allclose(stage.output, wanted.numpy(), rtol=2e-5, atol=2e-5 * float(wanted.abs().max()))


@pytest.mark.parametrize(
    "layers", ["prepare:lenet5", "prepare:photos", "prepare:mlp10", "model:lenet5", "prepare:photos~conv:photos/conv1"]
)
@pytest.mark.parametrize("shape", [(1, 31, 20), (3, 40, 29)])
def test_explained_steps_add_up_to_the_value_in_the_map(layers, shape):
    trace = computed(layers, np.random.default_rng(2).integers(0, 256, shape))
    draw = np.random.default_rng(3)
    for index, stage in enumerate(trace.stages):
        for _ in range(8):
            place = [int(draw.integers(side)) for side in stage.output.shape]
            said = explain_step(trace, index, *place)
            value = float(stage.output[tuple(place)])
            assert said["result"] == pytest.approx(value, rel=1e-5, abs=1e-5 * float(np.abs(stage.output).max()))


# --- preprocessing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parts", range(1, 20))
def test_each_span_of_an_axis_is_divided_without_losing_a_cell(parts):
    span = Resampling(13, 2, 9, parts)
    matrix = span.matrix()
    assert matrix.sum(axis=1) == pytest.approx(np.ones(parts))
    assert matrix.sum(axis=0) == pytest.approx([0, 0, *[parts / 9] * 9, 0, 0])
    for part in range(parts):
        first, shares = span.cell_shares(part)
        assert matrix[part, first : first + len(shares)].tolist() == list(shares)
        assert min(shares) > 0
    assert span.most_cells == max(len(span.cell_shares(part)[1]) for part in range(parts))


def test_an_area_average_by_a_whole_number_is_an_average_pool():
    x = np.random.default_rng(1).integers(0, 256, (1, 12, 18)).astype(np.float32)
    made = plan_preprocessing(Preprocessing("some", (4, 6), (0.25,), (0.5,)), x.shape)
    mean = x.reshape(1, 4, 3, 6, 3).mean(axis=(2, 4))
    assert made.apply(x, 255.0, False) == pytest.approx((mean / 255 - 0.25) / 0.5, abs=1e-6)
    assert made.apply(x, 255.0, True) == pytest.approx((1 - mean / 255 - 0.25) / 0.5, abs=1e-6)


def test_a_picture_of_other_proportions_is_cropped_to_its_middle():
    made = plan_preprocessing(Preprocessing("some", (8, 8), (0.0,), (1.0,)), (1, 8, 20))
    x = np.tile(np.arange(20, dtype=np.float32), (1, 8, 1))
    assert made.apply(x, 1.0, False)[0, 0].tolist() == list(range(6, 14))


def test_preprocessed_values_are_signed_and_the_stage_has_notes():
    stage = stages("size=40x60&channels=rgb&layers=prepare:lenet5")[1]
    assert stage.output.shape == (1, 28, 28)
    assert (stage.info.colors, stage.info.exact, stage.info.parameters) == ("signed", False, 0)
    assert stage_to_json(stage)["notes"] == [
        "Only the middle 40 × 40 cells are read, in the proportions that the model reads.",
        "Averaged from 40 × 40 to 28 × 28 cells.",
        "Converted to gray: 0.299 red + 0.587 green + 0.114 blue.",
        "Each value x becomes (x/255 − mean)/deviation, with mean 0.1307 and deviation 0.3081.",
    ]


def test_both_ranges_are_preprocessed_alike():
    for name in ("lenet5", "mlp10"):
        byte, unit = (stages(f"size=32&range={scale}&layers=prepare:{name}")[1] for scale in ("byte", "unit"))
        assert byte.output == pytest.approx(unit.output, abs=1e-5)
        assert stage_to_json(byte)["prepare"]["white"] == 255 * stage_to_json(unit)["prepare"]["white"] == 255


def test_black_on_white_is_inverted_for_models_of_digits():
    paper, board = np.full((1, 28, 28), 250), np.zeros((1, 28, 28))
    paper[0, 8:20, 13:15] = 20
    board[0, 8:20, 13:15] = 230
    dark, light = (computed("prepare:lenet5", pixels).stages[1] for pixels in (paper, board))
    assert (stage_to_json(dark)["prepare"]["inverted"], stage_to_json(light)["prepare"]["inverted"]) == (True, False)
    assert "white on black" in stage_to_json(dark)["notes"][0]
    assert dark.output[0, 10, 13] == pytest.approx(((255 - 20) / 255 - 0.1307) / 0.3081, rel=1e-6)
    assert explain_step(Trace(Scene(), (light, dark)), 1, 0, 0, 0)["divisor"] < 0


def test_a_gray_picture_stands_for_three_colors():
    stage = stages("size=32&layers=prepare:photos")[1]
    mean, std = (np.array(models()["photos"].header["prepare"][name]) for name in ("mean", "std"))
    assert stage.output[:, 3, 4] * std + mean == pytest.approx([stage.output[0, 3, 4] * std[0] + mean[0]] * 3, abs=1e-6)


# --- names in links ----------------------------------------------------------------------------------------------


def test_a_whole_first_layer_keeps_its_own_stride_padding_and_bias():
    maps = stages("size=64&channels=rgb&layers=prepare:photos~conv:photos/conv1")[2]
    model = models()["photos"]
    assert maps.output.shape[0] == len(stage_to_json(maps)["labels"]) == 64
    assert (stage_to_json(maps)["rows"]["kernel"], stage_to_json(maps)["rows"]["stride"]) == (11, 4)
    assert np.array_equal(maps.weight, model.weights["conv1.weight"])
    assert np.array_equal(maps.bias, model.weights["conv1.bias"])
    assert maps.info.colors == "signed"
    said = stages("size=64&channels=rgb&layers=prepare:photos~conv:photos/conv1,stride=1,padding=0,bias=0")[2]
    assert said.output.shape == (64, 54, 54)
    assert not said.bias.any()
    query = "channels=rgb&layers=conv:photos/conv1,stride=1,padding=valid,bias=0"
    assert format_scene(parse_link(query, Limits()).scene) == query
    gone = answer("channels=rgb&layers=conv:sobel-x;photos/conv9,stride=1", repair=True)
    assert gone.scene == parse_link(gone.link, Limits()).scene
    assert gone.link == "channels=rgb&layers=conv:sobel-x"


def test_one_filter_of_a_layer_is_the_same_map_alone():
    whole = stages("size=64&channels=rgb&layers=conv:photos/conv1")[1]
    one = stages("size=64&channels=rgb&layers=conv:photos/conv1.11")[1]
    assert stage_to_json(one)["labels"] == ["filter 11"]
    assert one.output[0] == pytest.approx(whole.output[11], rel=1e-4, abs=1e-2)


def test_a_moment_of_training_is_the_nearest_frame_of_the_film():
    film = models()["photos"].film
    stage = stages("size=32&channels=rgb&layers=conv:photos/conv1.3@7")[1]
    shown = int(film.moment[film.find_nearest_frame(7)])
    assert abs(shown - 7) == min(abs(int(step) - 7) for step in film.moment)
    assert np.array_equal(stage.weight[0], film.decode_weight(film.find_nearest_frame(7))[3])
    assert stage.bias[0] == film.bias[film.find_nearest_frame(7), 3]
    assert stage_to_json(stage)["labels"] == [f"filter 3, step {shown}"]
    told = [f"The recorded training step nearest to step 7 is step {shown}."]
    assert stage_to_json(stage)["notes"] == ([] if shown == 7 else told)


@pytest.mark.parametrize("name", sorted(models()))
def test_a_film_ends_with_the_trained_filters(name):
    """Within a step of its bytes: a film is coarser than the weights."""
    model = models()[name]
    film, bank = model.film, model.bank(model.first_layer)
    last, step_ = model.bank(model.first_layer, model.film.last_step), float(film.step[-1])
    assert isinstance(bank, LearnedBank)
    assert isinstance(last, LearnedBank)
    assert last.moment == film.last_step
    assert list(film.moment) == sorted(set(film.moment.tolist()))
    assert np.abs(last.weight - bank.weight[list(last.filter_indices)]).max() <= 0.51 * step_ + 2e-3
    assert np.abs(last.bias - bank.bias[list(last.filter_indices)]).max() <= 5e-3


def test_a_model_is_its_preprocessing_and_all_its_layers():
    said = answer("size=28&layers=model:lenet5~relu")
    assert said.link == "size=28&layers=model:lenet5~relu"
    metas = [stage_to_json(stage) for stage in said.trace.stages]
    assert [meta["title"] for meta in metas[1:6]] == [
        "Prepare",
        "conv1 · Convolution",
        "relu1 · ReLU",
        "pool1 · Max pool 2 × 2",
        "conv2 · Convolution",
    ]
    assert [meta["layer"] for meta in metas] == [None, *[0] * 14, 1]
    assert sum(meta["parameters"] for meta in metas) == 61_706
    assert metas[13]["classes"] == metas[14]["classes"] == metas[13]["labels"] == list("0123456789")
    assert "classes" not in metas[11]
    assert [meta["receptive_field"] for meta in metas[-4:]] == [[28, 28]] * 4
    assert [meta["sees_whole_input"] for meta in metas] == [False] * 9 + [True] * 7
    assert [metas[8]["title"], metas[14]["title"]] == ["Flatten", "Softmax"]
    assert metas[9]["labels"][3] == "unit 3"
    assert said.trace.stages[14].output.sum() == pytest.approx(1, abs=1e-6)


def test_templates_are_filters_as_large_as_the_picture_and_give_the_same_scores():
    score = stages("channels=rgb&layers=prepare:linear10~flatten~linear:linear10/fc1")[3]
    template = stages("channels=rgb&layers=prepare:linear10~conv:linear10/fc1")[2]
    assert template.weight.shape == (10, 3, 32, 32)
    assert template.output == pytest.approx(score.output, rel=1e-4, abs=1e-4)
    assert score.weight.shape == (10, 3072)
    names = list(models()["linear10"].classes)
    assert stage_to_json(score)["labels"] == stage_to_json(template)["labels"] == names
    assert stage_to_json(score)["classes"] == stage_to_json(template)["classes"] == names
    moment = stages("channels=rgb&layers=conv:linear10/fc1.2@0")[1]
    assert stage_to_json(moment)["labels"] == ["bird, step 0"]
    assert (score.info.parameters, score.info.multiply_adds) == (30_730, 30_720)
    assert stage_to_json(score)["receptive_field"] == [32, 32]


def test_a_trained_layer_may_have_more_filters_than_a_link_may_list():
    assert stages("channels=rgb&layers=conv:mlp10/fc1")[1].output.shape == (100, 1, 1)


# --- unknown names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ("conv:lenet6/conv1", "There is no trained model called lenet6 here; it can be "),
        ("conv:lenet6/conv1", " Did you mean lenet5?"),
        ("conv:lenet5/conv7", "lenet5 has no layer conv7 with filters; it can be conv1 or conv2. Did you mean conv"),
        ("conv:lenet5/fc1", "lenet5 has no layer fc1 with filters; it can be conv1 or conv2."),
        ("conv:lenet5/conv1.6", "lenet5/conv1 has no filter 6; it can be a whole number from 0 to 5."),
        ("conv:lenet5/conv2@3", "The training of lenet5/conv2 was not recorded, so it has no moment 3; it can be left"),
        ("conv:lenet5/conv1@999999", "; its moment is 999,999 and can be a whole number from 0 to "),
        ("conv:photos/conv1", "The filters of photos/conv1 read 3 channels each; here they would get 1."),
        ("model:lenet", " Did you mean lenet5?"),
        ("prepare:vgg", "There is no trained model called vgg here; it can be "),
        ("linear:lenet5/fc4", "lenet5 has no fully connected layer fc4; it can be fc1, fc2 or fc3."),
        ("linear:lenet5", "lenet5 has no fully connected layer "),
        ("linear:linear10/fc1", "linear10/fc1 reads 3,072 numbers; here it would get 1 × 16 × 16 = 256."),
        ("flatten~linear:linear10/fc1", "linear10/fc1 reads 3,072 numbers; here it would get 256."),
        ("conv:random*2@1x1~model:lenet5", "lenet5 reads pictures with 1 or 3 channels; here it would get 2."),
    ],
)
def test_unknown_names_get_a_sentence_with_the_allowed_ones(layers, words):
    assert words in refusal(f"size=16&layers={layers}")
    shown = answer(f"size=16&layers={layers}", repair=True)
    assert words in shown.problems[0].message or " is shown instead." in shown.problems[0].message
    assert shown.trace is not None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("model:lennet5", "model:lenet5"),
        ("conv:photo/conv1.3", "conv:photos/conv1.3"),
        ("prepare:linear1~flatten~linear:linear10/fc", "prepare:linear10~flatten~linear:linear10/fc1"),
    ],
)
def test_a_page_corrects_a_misspelled_name_with_a_note(written, meant):
    shown = answer(f"size=64&channels=rgb&layers={written}", repair=True)
    assert shown.link.endswith(f"layers={meant}")
    assert shown.problems[0].message.endswith(" is shown instead.")
    assert " Did you mean " in refusal(f"size=64&channels=rgb&layers={written}"), "the API refuses it"


def test_a_name_that_could_be_two_others_is_left_out():
    shown = answer("layers=relu~conv:lenet5/conv", repair=True)
    assert shown.link.endswith("layers=relu")
    assert "it can be conv1 or conv2." in shown.problems[0].message


def test_a_film_of_some_filters_names_them():
    film = models()["mlp10"].film
    missing = next(index for index in range(100) if index not in film.map)
    assert f"The recorded training of mlp10/fc1 has 24 filters, and {missing} is not among them; it can be " in refusal(
        f"size=32&channels=rgb&layers=conv:mlp10/fc1.{missing}@0"
    )
    kept = int(film.map[5])
    stage = stages(f"size=32&channels=rgb&layers=conv:mlp10/fc1.{kept}@0")[1]
    assert np.array_equal(stage.weight[0], film.decode_weight(0)[5])


@pytest.mark.parametrize(
    ("query", "channels", "words"),
    [
        ("layers=conv:photos/conv1.3", "rgb", "here they would get 1. The picture is shown in color instead."),
        ("channels=rgb&layers=relu~conv:lenet5/conv1", "gray", "1 channel each; here they would get 3. The picture is"),
    ],
)
def test_a_page_shows_the_picture_in_the_channels_that_filters_read(query, channels, words):
    shown = answer(query, repair=True)
    assert shown.scene.channels == channels
    assert words in shown.problems[0].message
    assert len(shown.problems) == 1
    assert len(shown.trace.stages) == len(shown.scene.layers) + 1


def test_dots_in_the_names_of_layers_become_dashes(tmp_path):
    weight = np.arange(2 * 3 * 3, dtype=np.float32).reshape(2, 1, 3, 3)
    about = {
        "version": 1,
        "name": "mine",
        "title": "Mine",
        "card": {},
        "prepare": {"size": None, "channels": "gray", "mean": [0], "std": [1]},
        "classes": None,
        "layers": [{"name": "features.0", "op": "conv"}],
    }
    (tmp_path / "mine.safetensors").write_bytes(pack({"features.0.weight": weight}, {"model": json.dumps(about)}))
    mine = load_models(tmp_path, tmp_path / "none")
    bank = mine.bank(LearnedFilters("mine", "features-0"))
    assert np.array_equal(bank.weight, weight)
    assert bank.bias.tolist() == [0, 0]
    assert isinstance(mine.bank(LearnedFilters("mine", "features-0", None, 3)), Problem)
    assert mine["mine"].to_json()["film"] is None
    assert mine.layers("mine")[1].layer == Layer("conv", (LearnedFilters("mine", "features-0"),))


def test_an_added_model_cannot_replace_a_built_in_one_and_an_invalid_file_is_named(tmp_path):
    (tmp_path / "lenet5.safetensors").write_bytes((FOLDER / "linear10.safetensors").read_bytes())
    assert load_models(FOLDER, tmp_path)["linear10"].file.parent == FOLDER
    (tmp_path / "bad.safetensors").write_bytes(b"nothing")
    with pytest.raises(ValueError, match=r"bad\.safetensors is not a readable model"):
        load_models(tmp_path)


# --- page and API ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("models")) as client:
        yield client


def test_the_api_returns_a_whole_model_and_its_steps(site):
    figure = site.get("/api/trace?size=28&layers=model:lenet5&format=json&stages=14").json()
    assert len(figure["stages"][14]["output"]) == 10
    assert figure["stages"][14]["classes"] == list("0123456789")
    steps = site.get("/api/steps?size=28&layers=model:lenet5&stage=13&map=3").json()["steps"]
    assert steps[0]["kind"] == "linear"
    assert len(steps[0]["channels"]) == 84
    arrays, _ = unpack(site.get("/api/trace?size=28&layers=model:lenet5").content)
    assert arrays["9.weight"].shape == (120, 400)
    refused = site.get("/api/trace?layers=conv:lenet9/conv1")
    assert (refused.status_code, refused.json()["field"]) == (422, "filters")


def test_every_map_of_a_learned_layer_is_a_picture(site):
    said = site.get("/api/picture.png?size=64&channels=rgb&layers=prepare:photos~conv:photos/conv1&stage=2&map=63")
    assert (said.status_code, said.headers["content-type"]) == (200, "image/png")


@pytest.mark.parametrize(
    "query", ["layers=conv:photos/conv1.11", "layers=model:lenet5&stage=14", "layers=model:mlp10&stage=3"]
)
def test_a_page_opens_with_learned_filters(site, query):
    page = site.get(f"/?size=32&{query}")
    assert page.status_code == 200
    assert page_data(page.text)["scene"]["layers"], "the trained layers are kept"
    assert 'href="./filters' in page.text


def test_the_menu_of_models_matches_the_files(site):
    for row in site.get("/api/models").json():
        model = models()[row["name"]]
        assert row["card"] == model.header["card"]
        assert sum(layer["parameters"] for layer in row["layers"]) == row["card"]["parameters"]
        assert row["film"]["moments"] == model.film.moment.tolist()


def test_all_built_in_files_are_small():
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= 8_000_000
