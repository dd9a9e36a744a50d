"""Training: the data people have is read as it lies there, and a run can be interrupted."""

from __future__ import annotations

import base64
import gzip
import io
import json
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli.command import _decode_square, main
from app.core.trace.wire import unpack
from app.training.data.dataset_files import CIFAR_CLASSES, PictureShape, read_dataset
from app.training.data.labelled_pictures import Dataset, LabelledPictures
from app.training.filter_structure import compute_autocorrelation, compute_orientation, measure_structure
from app.training.model_cards import format_cards
from app.training.recipes import RECIPES
from app.training.schedule import choose_batch, choose_film_steps, compute_learning_rate, make_step_rng
from tests.serving import CHECKOUT

MODELS = CHECKOUT / "app" / "models" / "data"
SHIPPED = sorted(file.name.split(".")[0] for file in MODELS.glob("*.safetensors") if file.name.count(".") == 1)
DIGITS, COLOR = PictureShape(28, 1), PictureShape(32, 3)
make_rng = np.random.default_rng


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def bytes_of(*shape: int, seed: int = 0) -> np.ndarray:
    return make_rng(seed).integers(0, 256, shape).astype(np.uint8)


def labels_of(count: int, classes: int = 10) -> np.ndarray:
    return (np.arange(count) % classes).astype(np.uint8)


def jpeg(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=95)
    return file.getvalue()


@pytest.fixture
def cifar(tmp_path: Path) -> Path:
    """Files in the format of CIFAR-10, with sixty pictures."""
    folder = tmp_path / "cifar-10-batches-bin"
    folder.mkdir()
    for number, name in enumerate(["data_batch_1.bin", "data_batch_2.bin", "test_batch.bin"]):
        rows = np.concatenate([labels_of(20)[:, None], bytes_of(20, 3072, seed=number)], axis=1)
        (folder / name).write_bytes(rows.tobytes())
    return folder


# --- readers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "pack"), [("-idx3-ubyte", bytes), ("-idx3-ubyte.gz", gzip.compress), (".idx3-ubyte", bytes)]
)
def test_idx_files_are_read_gzipped_or_not_and_by_either_name(tmp_path: Path, ending: str, pack):
    for part, count in (("train", 20), ("t10k", 10)):
        (tmp_path / f"{part}-images{ending}").write_bytes(pack(idx(bytes_of(count, 28, 28))))
        (tmp_path / f"{part}-labels{ending.replace('3', '1')}").write_bytes(pack(idx(labels_of(count))))
    data = read_dataset(tmp_path, DIGITS, _decode_square)
    assert data.train.pixels.shape == (20, 1, 28, 28)
    assert (data.test.pixels[:, 0] == bytes_of(10, 28, 28)).all()
    assert data.test.labels.tolist() == list(range(10))
    assert data.classes == tuple("0123456789")


def test_cifar_files_are_read_plane_by_plane(cifar: Path):
    data = read_dataset(cifar, COLOR, _decode_square)
    assert len(data.train) == 40
    assert data.classes == CIFAR_CLASSES
    assert (data.train.pixels[0].ravel() == bytes_of(20, 3072)[0]).all()
    assert data.test.labels.tolist() == labels_of(20).tolist()


def test_a_folder_of_pictures_by_class_is_cropped_to_squares_and_a_tenth_is_held_out(tmp_path: Path):
    for color, name in (((200, 10, 10), "apples"), ((10, 10, 200), "plums")):
        (tmp_path / name).mkdir()
        for i in range(10):
            Image.new("RGB", (40 + i, 50), color).save(tmp_path / name / f"{i}.png")
    data = read_dataset(tmp_path, COLOR, _decode_square)
    assert data.classes == ("apples", "plums")
    assert (len(data.train), len(data.test)) == (18, 2)
    for part in (data.train, data.test):
        for pixels, label in zip(part.pixels, part.labels, strict=True):
            assert pixels[:, 5, 5].tolist() == [[200, 10, 10], [10, 10, 200]][label]


def test_a_picture_that_is_too_small_is_padded_with_its_mirror_image():
    pixels = np.zeros((20, 40, 3), np.uint8)
    pixels[0] = 200
    square = _decode_square(jpeg(pixels), 32)
    assert square.shape == (3, 32, 32)
    assert (square[:, 4:8] > 100).any(axis=1).all()
    assert square[:, 0].max() < 40


def test_a_folder_with_train_and_test_in_it_keeps_them_apart(tmp_path: Path):
    for part, count in (("train", 3), ("test", 1)):
        for name in ("cats", "dogs"):
            (tmp_path / part / name).mkdir(parents=True)
            for i in range(count):
                Image.new("L", (32, 32), 99).save(tmp_path / part / name / f"{i}.png")
    data = read_dataset(tmp_path, COLOR, _decode_square)
    assert (len(data.train), len(data.test)) == (6, 2)


@pytest.mark.parametrize(
    "names", [("images", "labels", "test_images", "test_labels"), ("x_train", "y_train", "x_test", "y_test")]
)
@pytest.mark.parametrize("shape", [(32, 32, 3), (3, 32, 32), (32, 32)])
def test_an_npz_of_arrays_is_read_with_its_channels_first_or_last(tmp_path: Path, names, shape):
    arrays = [bytes_of(12, *shape), labels_of(12, 3), bytes_of(6, *shape, seed=1), labels_of(6, 3)]
    np.savez(tmp_path / "data.npz", **dict(zip(names, arrays, strict=True)))
    data = read_dataset(tmp_path / "data.npz", COLOR, _decode_square)
    assert data.train.pixels.shape == (12, 3, 32, 32)
    red = arrays[2][..., 0] if shape == (32, 32, 3) else arrays[2][:, 0] if len(shape) == 3 else arrays[2]
    assert (data.test.pixels[:, 0] == red).all()


def test_an_npz_of_jpeg_files_is_decoded(tmp_path: Path):
    files = [jpeg(np.full((40, 60, 3), 20 * i, np.uint8)) for i in range(10)]
    np.savez(
        tmp_path / "photos.npz",
        jpeg=np.frombuffer(b"".join(files), np.uint8),
        offset=np.cumsum([0, *map(len, files)]),
        label=np.arange(10) % 2,
        class_names=np.array(["cup", "saw"]),
    )
    data = read_dataset(tmp_path / "photos.npz", COLOR, _decode_square)
    assert data.classes == ("cup", "saw")
    seen = sorted([*data.train.pixels.mean(axis=(1, 2, 3)), *data.test.pixels.mean(axis=(1, 2, 3))])
    assert np.allclose(seen, [20 * i for i in range(10)], atol=1)


def test_a_model_of_gray_pictures_can_be_trained_on_color_pictures(tmp_path: Path):
    images = np.zeros((4, 28, 28, 3), np.uint8) + np.array([255, 0, 0], np.uint8)
    np.savez(tmp_path / "red.npz", images=images, labels=labels_of(4, 2))
    assert read_dataset(tmp_path / "red.npz", DIGITS, _decode_square).train.pixels[0, 0, 0, 0] == 76


def test_data_of_another_size_is_refused_with_both_sizes(cifar: Path):
    with pytest.raises(ValueError, match="28 × 28 pixels; these have 32 × 32"):
        read_dataset(cifar, DIGITS, _decode_square)


def test_a_truncated_idx_file_is_refused(tmp_path: Path):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx(bytes_of(5, 28, 28))[:-1])
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx(labels_of(5)))
    with pytest.raises(ValueError, match=r"has the shape \(5, 28, 28\) in its header but 3919 bytes"):
        read_dataset(tmp_path, DIGITS, _decode_square)


def test_a_truncated_cifar_file_is_refused(cifar: Path):
    (cifar / "test_batch.bin").write_bytes(bytes(3072))
    with pytest.raises(ValueError, match="3072 bytes, which is not a whole number of rows of 3073"):
        read_dataset(cifar, COLOR, _decode_square)


def test_pictures_without_a_label_are_refused():
    with pytest.raises(ValueError, match="5 pictures and 4 labels"):
        LabelledPictures(bytes_of(5, 3, 8, 8), np.zeros(4, np.int64))


# --- schedule -----------------------------------------------------------------------------------------------


def test_film_frames_are_denser_early_and_include_the_first_and_the_last_step():
    film_steps = choose_film_steps(5000, 60)
    assert len(film_steps) == 60
    assert film_steps[:5] == [0, 1, 2, 3, 6]
    assert film_steps[-1] == 5000
    gaps = np.diff(film_steps)
    assert (gaps > 0).all()
    assert gaps[-1] > 100 * gaps[0]


@pytest.mark.parametrize("steps", [1, 2, 30, 59, 60, 61, 1200])
def test_a_film_has_no_more_frames_than_steps(steps: int):
    film_steps = choose_film_steps(steps, 60)
    assert len(film_steps) == min(60, steps + 1)
    assert sorted(set(film_steps)) == film_steps
    assert (film_steps[0], film_steps[-1]) == (0, steps)


def test_each_epoch_has_every_picture_once_in_another_order():
    recipe = replace(RECIPES["lenet5"], batch_size=10)
    epochs = [np.concatenate([choose_batch(recipe, step, 50) for step in range(5 * k, 5 * k + 5)]) for k in range(2)]
    assert sorted(epochs[0]) == sorted(epochs[1]) == list(range(50))
    assert epochs[0].tolist() != epochs[1].tolist()


def test_the_random_numbers_of_a_step_depend_only_on_seed_and_step():
    recipe = RECIPES["cifar10"]
    assert make_step_rng(recipe, 7).random(5).tolist() == make_step_rng(recipe, 7).random(5).tolist()
    assert make_step_rng(recipe, 7).random(5).tolist() != make_step_rng(replace(recipe, seed=1), 7).random(5).tolist()


def test_the_learning_rate_rises_once_and_falls_to_nothing():
    recipe = RECIPES["photos"]
    rates = [compute_learning_rate(recipe, step, 1000) for step in range(1001)]
    assert max(rates) == pytest.approx(recipe.learning_rate)
    assert np.argmax(rates) == 250
    assert rates[-1] == pytest.approx(0)


# --- structure ----------------------------------------------------------------------------------------------


def stripes(degrees: float, period: float = 8) -> np.ndarray:
    """Three channels of 11×11 with waves whose normal has this angle, counter-clockwise on the screen."""
    y, x = np.mgrid[:11, :11] - 5
    angle = np.deg2rad(degrees)
    return np.stack([np.sin((x * np.cos(angle) - y * np.sin(angle)) * 2 * np.pi / period)] * 3)


def test_noise_has_no_structure_and_waves_have():
    noise = make_rng(0).standard_normal((50, 3, 11, 11))
    assert np.abs(compute_autocorrelation(noise)).mean() < 0.05
    assert compute_autocorrelation(np.stack([stripes(a) for a in (0, 30, 90)])).min() > 0.7
    assert measure_structure(np.concatenate([noise[:3], [stripes(0)]])).clear == 0.25


@pytest.mark.parametrize("degrees", [0, 30, 45, 90, 135, 150])
def test_the_orientation_of_stripes_is_measured(degrees: int):
    angle, certainty = compute_orientation(stripes(degrees)[None])
    assert abs((angle[0] - degrees + 90) % 180 - 90) < 5
    assert certainty[0] > 0.5


def test_a_filter_of_zeros_is_dead():
    assert measure_structure(np.stack([stripes(0), stripes(45), 0 * stripes(0)])).dead == 1


# --- what ships ---------------------------------------------------------------------------------------------


def shipped(name: str) -> tuple[dict[str, np.ndarray], dict]:
    weights, metadata = unpack((MODELS / f"{name}.safetensors").read_bytes())
    return weights, json.loads(metadata["model"])


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_model_has_a_card_and_its_weights_fit_its_layers(name: str):
    weights, description = shipped(name)
    card = description["card"]
    assert all(card[key] for key in ("data", "data_licence", "data_source", "recipe", "accuracy", "date", "command"))
    assert card["parameters"] == sum(array.size for array in weights.values())
    weighted = [layer["name"] for layer in description["layers"] if layer["op"] in ("conv", "linear")]
    assert sorted(weights) == sorted(f"{layer}.{kind}" for layer in weighted for kind in ("weight", "bias"))
    assert description["layers"] == [layer.to_json() for layer in RECIPES[name].layers]
    assert len(weights[f"{weighted[-1]}.bias"]) == len(description["classes"])
    assert all(np.isfinite(array.astype(np.float32)).all() for array in weights.values())


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_film_begins_with_noise_and_ends_with_the_shipped_filters(name: str):
    tensors, metadata = unpack((MODELS / f"{name}.film.safetensors").read_bytes())
    weights, _ = shipped(name)
    layer = json.loads(metadata["film"])["layer"]
    frames, low, step = tensors["frames"], tensors["low"], tensors["step"]
    assert len(frames) == RECIPES[name].film_frames
    assert {len(tensors[key]) for key in ("low", "step", "bias", "moment", "loss", "accuracy")} == {len(frames)}
    last = low[-1] + step[-1] * frames[-1].astype(np.float32)
    bank = weights[f"{layer}.weight"].astype(np.float32)[tensors["map"]].reshape(last.shape)
    assert np.abs(last - bank).max() <= 0.51 * step[-1] + 1e-3 * np.abs(bank).max()
    assert compute_autocorrelation(frames[0]).mean() < 0.3 < 0.6 < compute_autocorrelation(frames[-1]).mean()
    assert tensors["accuracy"][-1] > tensors["accuracy"][0]


def test_the_page_of_cards_matches_the_models():
    assert (MODELS / "README.md").read_text(encoding="utf-8") == format_cards(MODELS)


def test_all_shipped_models_are_at_most_eight_megabytes():
    assert sum(file.stat().st_size for file in MODELS.iterdir()) <= 8_000_000


def test_the_first_filters_of_the_photographs_have_structure_and_none_is_dead():
    weights, _ = shipped("photos")
    found = measure_structure(weights["conv1.weight"])
    assert found.clear >= 0.9
    assert found.dead == 0
    assert min(found.angles) >= 1, "edges point every way"


@pytest.mark.parametrize(
    ("name", "accuracy"), [("lenet5", 0.99), ("cifar10", 0.8), ("linear10", 0.38), ("mlp10", 0.52)]
)
def test_a_shipped_model_reaches_its_required_accuracy(name: str, accuracy: float):
    assert shipped(name)[1]["card"]["accuracy"] >= accuracy


# --- with PyTorch -------------------------------------------------------------------------------------------


def tiny(name: str) -> tuple:
    """Return a recipe with a few steps, and a small data set."""
    recipe = replace(RECIPES[name], epochs=3, batch_size=8, side=32 if name != "lenet5" else 28, bfloat16=False)
    recipe = replace(recipe, window=min(recipe.window, recipe.side))
    pixels = bytes_of(40, recipe.preprocessing.channels, recipe.side, recipe.side)
    pictures = LabelledPictures(pixels, np.arange(40) % 4)
    return recipe, Dataset(pictures.take(slice(0, 32)), pictures.take(slice(32, 40)), ("a", "b", "c", "d"))


@pytest.mark.parametrize("name", ["lenet5", "cifar10", "mlp10", "photos"])
def test_a_resumed_run_gives_the_same_weights_as_an_uninterrupted_one(name: str, tmp_path: Path):
    pytest.importorskip("torch")
    from app.training.loop import Training
    from app.training.torch_network import fold_network

    recipe, data = tiny(name)
    whole = Training(recipe, data)
    whole.run(lambda *_: None, tmp_path / "whole")
    first = Training(recipe, data)
    first.run(lambda *_: None, tmp_path / "parts", until=5)
    second = Training(recipe, data)
    second.load(tmp_path / "parts")
    assert second.step == 5
    second.run(lambda *_: None, tmp_path / "parts")
    for key, array in fold_network(whole.network).items():
        assert np.array_equal(fold_network(second.network)[key], array), key
    assert [m.step for m in second.film] == [m.step for m in whole.film] == list(range(13))
    assert [m.loss for m in second.film] == [m.loss for m in whole.film]


def test_a_checkpoint_of_another_recipe_is_refused(tmp_path: Path):
    pytest.importorskip("torch")
    from app.training.loop import Training

    recipe, data = tiny("lenet5")
    Training(recipe, data).save(tmp_path / "kept")
    with pytest.raises(ValueError, match="another version of this recipe"):
        Training(replace(recipe, learning_rate=0.5), data).load(tmp_path / "kept")


@pytest.mark.parametrize("name", ["cifar10", "mlp10", "photos"])
def test_folding_the_batch_normalisation_changes_no_score(name: str, tmp_path: Path):
    torch = pytest.importorskip("torch")
    from app.training.loop import Training
    from app.training.torch_network import fold_network, load_network

    recipe, data = tiny(name)
    training = Training(recipe, data)
    training.run(lambda *_: None, tmp_path / "kept")
    x = training.standardization.apply(torch.from_numpy(data.test.pixels))
    with torch.no_grad():
        before = training.network.eval()(x)
        after = load_network(recipe, fold_network(training.network))(x)
    assert torch.allclose(before, after, atol=1e-4)


def test_the_smoothing_is_the_gradient_of_squared_differences():
    torch = pytest.importorskip("torch")
    from app.training.loop import Training

    recipe, data = tiny("cifar10")
    training = Training(replace(recipe, smoothness=0.3), data)
    weight = training.network.conv1.weight
    weight.grad = torch.zeros_like(weight)
    training._add_smoothness_gradient()
    other = weight.detach().clone().requires_grad_()
    (0.15 * sum(other.diff(dim=dim).square().sum() for dim in (2, 3))).backward()
    assert torch.allclose(weight.grad, other.grad, atol=1e-6)


def test_whitening_divides_by_a_power_of_the_variance():
    torch = pytest.importorskip("torch")
    from app.training.data.whitening import VARIANCE_FLOOR, compute_whitening

    torch.manual_seed(0)
    pictures = torch.randn(4000, 1, 4, 4) * torch.tensor([4.0, 1.0]).repeat(4, 2)
    variances = torch.tensor([16.0, 1.0, 16.0, 1.0]) / 8.5 + VARIANCE_FLOOR
    for power in (0.5, 1.0):
        assert torch.allclose(compute_whitening(pictures, 2, power), torch.diag(variances**-power), rtol=0.1, atol=0.05)
    assert torch.allclose(compute_whitening(pictures, 2, 0.0), torch.eye(4), atol=1e-5)


def test_a_share_of_the_pictures_becomes_gray():
    pytest.importorskip("torch")
    from app.training.data.batches import BatchSampler, Standardization

    recipe, data = tiny("cifar10")
    sampler = BatchSampler(data.train, replace(recipe, gray_share=0.5), Standardization.measure(data.train))
    pictures, _ = sampler.load_batch(np.arange(32), np.random.default_rng(0))
    spread = (pictures.amax(1) - pictures.amin(1)).amax((1, 2))
    assert 5 < int((spread == 0).sum()) < 27


def test_the_command_trains_and_writes_model_film_and_card(
    cifar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    pytest.importorskip("torch")
    small = replace(RECIPES["linear10"], epochs=2, batch_size=10)
    monkeypatch.setattr("app.training.train_command.RECIPES", {"linear10": small})
    assert main(["train", "linear10", "--data", str(cifar), "--out", str(tmp_path / "out")]) == 0
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == ["README.md", "linear10.film.safetensors", "linear10.safetensors"]
    weights, metadata = unpack((tmp_path / "out" / "linear10.safetensors").read_bytes())
    assert weights["fc1.weight"].shape == (10, 3072)
    assert json.loads(metadata["model"])["card"]["accuracy_on"] == "CIFAR-10 test set, 20 pictures"
    assert "8 of 8 steps" in capsys.readouterr().out


def test_a_folder_without_data_is_refused_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    pytest.importorskip("torch")
    assert main(["train", "lenet5", "--data", str(tmp_path)]) == 1
    assert "nor at least two folders with pictures, one per class.\n" in capsys.readouterr().err


def test_without_pytorch_the_command_says_how_to_install_it():
    script = (
        "import sys; sys.modules['torch'] = None; from app.cli import main; main(['train', 'lenet5', '--data', '.'])"
    )
    said = subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True).stderr
    assert said == "Training needs PyTorch, and torch is missing: pip install 'convoscope[train]'\n"


# --- the committed answers of PyTorch -----------------------------------------------------------------------


def golden() -> list[dict]:
    text = (CHECKOUT / "tests" / "golden" / "models.json").read_text(encoding="utf-8")
    return json.loads(text)["cases"]


def test_every_shipped_model_has_committed_answers_of_pytorch():
    assert {case["model"] for case in golden()} == set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_pytorch_still_answers_as_it_did_when_the_cases_were_written(name: str):
    torch = pytest.importorskip("torch")
    from tests.golden.make_models import outputs

    weights, description = shipped(name)
    for case in (case for case in golden() if case["model"] == name):
        pixels = np.frombuffer(base64.b64decode(case["pixels"]), np.uint8).reshape(case["shape"]).copy()
        with torch.no_grad():
            found = list(outputs(weights, description, pixels))
        for (layer, output), kept in zip(found, case["layers"], strict=True):
            assert (layer, list(output.shape)) == (kept["name"], kept["shape"])
            values = output.flatten().numpy()
            at = [i for i, _ in kept["values"]]
            assert values[at] == pytest.approx(
                [v for _, v in kept["values"]], rel=1e-4, abs=1e-4 * float(np.abs(values).max())
            )
