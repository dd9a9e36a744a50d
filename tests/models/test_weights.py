"""Weights files made here: the layers that are found, and the sentences for bad files."""

from __future__ import annotations

import io
import json
import pickle
import re
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from app.cli import main
from app.core.scene import LearnedFilters
from app.images.store.store import Store
from app.models.custom_model import add_model, encode_model_file, make_model_name, read_uploaded_model
from app.models.formats import DiskSource, FirstLayer, MemorySource, UnreadableWeights, read_layer
from app.models.formats.entries import MAX_BYTES
from app.models.formats.read_limits import UPLOAD_LIMITS
from app.models.library import load_models
from app.models.remote_file import RemoteFile
from tests.web_client import Client, page_data, running

NUMBERS = np.random.default_rng(3)
FILTERS = NUMBERS.normal(size=(8, 3, 5, 5)).astype(np.float32)
BIAS = NUMBERS.normal(size=8).astype(np.float32)
DEEPER = np.zeros((4, 8, 3, 3), np.float32)
LINEAR = np.zeros((10, 64), np.float32)


def safetensors(arrays: dict, dtype: str = "F32", **changes) -> bytes:
    """A file as the format's specification says, written without a library."""
    header, body = {}, b""
    for name, array in arrays.items():
        data = array if isinstance(array, bytes) else array.tobytes()
        shape = changes.get("shape") or list(array.shape)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    return changes.get("length", len(text)).to_bytes(8, "little") + text + body


def npz(**arrays) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def saved(state: object, **options) -> bytes:
    torch = pytest.importorskip("torch")
    file = io.BytesIO()
    torch.save(state, file, **options)
    return file.getvalue()


def read(data: bytes) -> FirstLayer:
    return read_layer(MemorySource(data))


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableWeights) as refusal:
        read(data)
    return str(refusal.value)


# --- found layers ------------------------------------------------------------------------------------------------


def test_the_first_convolution_and_its_bias_are_found_in_safetensors():
    found = read(safetensors({"classifier.weight": LINEAR, "features.0.weight": FILTERS, "features.0.bias": BIAS}))
    assert found.name == "features-0"
    assert np.array_equal(found.weight, FILTERS)
    assert np.array_equal(found.bias, BIAS)


def test_a_depthwise_layer_of_a_deeper_block_is_not_the_first_layer():
    depthwise = np.zeros((32, 1, 3, 3), np.float32)
    assert read(safetensors({"blocks.0.dw.weight": depthwise, "stem.weight": FILTERS})).name == "stem"


@pytest.mark.parametrize("channels", [1, 3])
def test_filters_in_tensorflow_s_order_are_reordered_with_a_note(channels: int):
    filters = NUMBERS.normal(size=(6, channels, 3, 3)).astype(np.float32)
    keras = np.ascontiguousarray(filters.transpose(2, 3, 1, 0))
    later = np.zeros((3, 3, 6, 8), np.float32)
    bias = np.arange(6, dtype=np.float32)
    for data in (
        safetensors({"conv2d/kernel": keras, "conv2d/bias": bias, "conv2d_1/kernel": later}),
        npz(**{"conv2d/kernel": keras, "conv2d/bias": bias, "conv2d_1/kernel": later}),
    ):
        found = read(data)
        assert (found.name, found.reordered) == ("conv2d", True)
        assert np.array_equal(found.weight, filters)
        assert np.array_equal(found.bias, bias)
        notes = read_uploaded_model("w-a", encode_model_file(found, "", "A")).header["card"]["notes"]
        assert any("TensorFlow" in note for note in notes)
    assert not read(safetensors({"conv.weight": FILTERS})).reordered


def test_if_no_layer_reads_a_picture_the_first_convolution_is_read():
    assert read(safetensors({"deep.weight": DEEPER})).weight.shape == (4, 8, 3, 3)


@pytest.mark.parametrize(("dtype", "kind", "near"), [("F16", "<f2", 1e-2), ("F64", "<f8", 1e-6)])
def test_halves_and_doubles_become_float32(dtype: str, kind: str, near: float):
    found = read(safetensors({"conv.weight": FILTERS.astype(kind)}, dtype))
    assert found.weight.dtype == np.float32
    assert np.allclose(found.weight, FILTERS, atol=near)


def test_bfloat16_is_the_upper_half_of_a_float32():
    halves = (FILTERS.view(np.uint32) >> 16).astype("<u2").tobytes()
    found = read(safetensors({"conv.weight": halves}, "BF16", shape=list(FILTERS.shape)))
    assert np.array_equal(found.weight.view(np.uint32) >> 16, FILTERS.view(np.uint32) >> 16)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("kind", ["<f4", ">f4", "<f8"])
def test_an_npz_is_read_in_either_order(order: str, kind: str):
    found = read(npz(fc=LINEAR, **{"conv1/W": np.asarray(FILTERS, kind, order=order), "conv1/b": BIAS}))
    assert found.name == "conv1"
    assert np.allclose(found.weight, FILTERS)
    assert np.array_equal(found.bias, BIAS)


def test_a_compressed_npz_is_read_too():
    file = io.BytesIO()
    np.savez_compressed(file, conv=FILTERS)
    assert np.array_equal(read(file.getvalue()).weight, FILTERS)


def alexnet(torch):
    nn = torch.nn
    features = nn.Sequential(
        nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(64, 192, 5, padding=2)
    )
    return nn.ModuleDict({"features": features, "classifier": nn.Sequential(nn.Dropout(), nn.Linear(192, 1000))})


def vgg(torch):
    nn = torch.nn
    return nn.ModuleDict({"features": nn.Sequential(nn.Conv2d(3, 64, 3, padding=1), nn.Conv2d(64, 64, 3))})


def resnet(torch):
    nn = torch.nn
    first = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
    return nn.ModuleDict({"conv1": first, "bn1": nn.BatchNorm2d(64), "layer1": nn.Conv2d(64, 64, 3, bias=False)})


LAYOUTS = [(alexnet, "features.0"), (vgg, "features.0"), (resnet, "conv1")]


@pytest.mark.parametrize("zipped", [True, False], ids=["new form", "old form"])
@pytest.mark.parametrize(("layout", "layer"), LAYOUTS)
def test_the_first_layer_of_usual_pytorch_networks_is_found(layout, layer: str, zipped: bool):
    torch = pytest.importorskip("torch")
    state = layout(torch).state_dict()
    found = read(saved(state, _use_new_zipfile_serialization=zipped))
    assert found.name == layer.replace(".", "-")
    assert np.array_equal(found.weight, state[f"{layer}.weight"].numpy())
    if f"{layer}.bias" in state:
        assert np.array_equal(found.bias, state[f"{layer}.bias"].numpy())
    else:
        assert found.bias is None


def test_a_state_inside_a_checkpoint_half_and_with_channels_last_is_read():
    torch = pytest.importorskip("torch")
    weight = torch.tensor(FILTERS).to(memory_format=torch.channels_last)
    state = OrderedDict({"stem.weight": torch.nn.Parameter(weight), "stem.bias": torch.tensor(BIAS)})
    found = read(saved({"epoch": 3, "state_dict": state, "optimizer": {"state": {0: {"step": 1}}}}))
    assert found.name == "stem"
    assert np.array_equal(found.weight, FILTERS)
    half = read(saved({"conv.weight": torch.tensor(FILTERS).bfloat16()}))
    assert np.allclose(half.weight, FILTERS, atol=0.05)


def test_onnx_gives_the_options_of_a_layer():
    onnx = pytest.importorskip("onnx")
    tensors = [onnx.numpy_helper.from_array(array, name) for name, array in (("c.weight", FILTERS), ("c.bias", BIAS))]
    node = onnx.helper.make_node("Conv", ["x", "c.weight", "c.bias"], ["y"], strides=[2, 2], pads=[1, 1, 1, 1])
    x, y = (onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, None, None, None]) for name in "xy")
    model = onnx.helper.make_model(onnx.helper.make_graph([node], "g", [x], [y], tensors))
    found = read(model.SerializeToString())
    assert np.array_equal(found.weight, FILTERS)
    assert np.array_equal(found.bias, BIAS)
    assert dict(found.options) == {"stride": [2, 2], "padding": [1, 1, 1, 1]}


# --- rejected files ----------------------------------------------------------------------------------------------


class RunsCode:
    """A pickle of this would write a file when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


class Evaluates:
    def __reduce__(self):
        return eval, ("1/0",)


def zipped(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_that_runs_code_is_rejected_without_running_it(protocol: int, tmp_path: Path):
    mark = tmp_path / "run"
    bad = pickle.dumps({"conv.weight": RunsCode(mark)}, protocol)
    for data in (bad, zipped("archive/data.pkl", bad)):
        if protocol >= 2 or data is not bad:
            assert "would run" in refused(data) or "wants" in refused(data)
        else:
            refused(data)
    assert not mark.exists()


def test_the_message_names_what_a_pickle_would_run():
    assert "builtins.eval" in refused(zipped("archive/data.pkl", pickle.dumps([Evaluates()], 4)))


def test_a_pickle_that_builds_huge_objects_is_read_quickly():
    nested = b"\x80\x02)" + b"q\x00h\x00h\x00\x86" * 60 + b"K\x01s."
    assert refused(zipped("archive/data.pkl", nested))
    assert "instructions" in refused(zipped("archive/data.pkl", b"\x80\x02" + b"N" * (UPLOAD_LIMITS.instructions + 1)))
    marks = b"\x80\x02" + b"(" * 9_000 + b"t" * 9_000 + b"."
    assert "no arrays" in refused(zipped("archive/data.pkl", marks))
    memory = b"\x80\x02}r\xff\xff\xff\x7f."
    assert "no arrays" in refused(zipped("archive/data.pkl", memory))


def test_a_pickled_model_is_rejected_with_advice():
    torch = pytest.importorskip("torch")
    said = refused(saved(torch.nn.Conv2d(3, 8, 3)))
    assert "torch.nn" in said
    assert "state_dict()" in said


def test_a_damaged_file_of_the_legacy_format_is_rejected():
    torch = pytest.importorskip("torch")
    data = saved({"conv.weight": torch.tensor(FILTERS)}, _use_new_zipfile_serialization=False)
    for at in (20, 200, len(data) - 10):
        assert refused(data[:at])


def test_bad_files_get_a_sentence():
    good = safetensors({"conv.weight": FILTERS})
    assert "not a weights file" in refused(b"GIF89a, no weights at all")
    assert "not a weights file" in refused(b"")
    assert "not a weights file" in refused(zipped("readme.txt", b"hello"))
    assert "no convolution" in refused(safetensors({"fc.weight": LINEAR}))
    assert "3-D" in refused(safetensors({"conv.weight": FILTERS[..., None]}))
    assert "not finite numbers" in refused(safetensors({"conv.weight": np.full_like(FILTERS, np.nan)}))
    assert "I32" in refused(safetensors({"conv.weight": FILTERS}, "I32"))
    assert "only" in refused(safetensors({"conv.weight": FILTERS}, length=2**60))
    assert "does not fit" in refused(good[:-4])
    assert "does not fit" in refused(safetensors({"conv.weight": FILTERS}, shape=[8, 3, 5, 6]))
    assert "cannot be read" in refused((2).to_bytes(8, "little") + b"{!")
    assert "damaged" in refused(npz(conv=FILTERS)[:-30])
    assert "no readable convolution" in refused(npz(conv=np.array([[[[{}]]]], object)[..., 0]))
    most = MAX_BYTES // (4 * 3 * 25) + 1
    assert "the limit for a layer is 2 MB" in refused(
        safetensors({"conv.weight": np.zeros((most, 3, 5, 5), np.float32)})
    )


def test_objects_in_an_npz_are_never_read():
    assert "has the type object" in refused(npz(conv=np.full((4, 3, 3, 3), None)))


def test_any_piece_of_a_file_and_any_changed_byte_is_read_or_refused():
    files = [safetensors({"conv.weight": FILTERS[:1]}), npz(conv=FILTERS[:1])]
    files.append(zipped("a/data.pkl", pickle.dumps({"a": (1, [2.0], "x" * 40)}, 2)))
    for data in files:
        for at in range(0, min(len(data), 400), 3):
            for changed in (data[:at], data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]):
                with suppress(UnreadableWeights):
                    read(changed)


# --- added weights -----------------------------------------------------------------------------------------------


def test_added_weights_are_a_model_like_any_other(tmp_path: Path):
    file = tmp_path / "net.safetensors"
    file.write_bytes(safetensors({"features.0.weight": FILTERS, "features.0.bias": BIAS}))
    add_model(tmp_path / "models", DiskSource(file), "net")
    models = load_models(tmp_path / "models")
    bank = models.bank(LearnedFilters("net", "features-0"))
    assert np.array_equal(bank.weight, FILTERS)
    assert np.array_equal(bank.bias, BIAS)
    assert models["net"].to_json()["prepare"]["channels"] == "rgb"


def test_large_filters_get_a_usual_stride_with_a_note():
    layer = FirstLayer("conv1", np.ones((4, 3, 11, 11), np.float32))
    model = read_uploaded_model("w-x", encode_model_file(layer, "", "Mine"))
    assert model.bank("conv1").options == (("stride", (4, 4)),)
    assert model.name == "w-x"
    assert "does not give the stride; shown with stride 4" in model.header["card"]["notes"][1]


@pytest.mark.parametrize(
    ("file", "name"),
    [("AlexNet.owt.pth", "alexnet-owt"), ("https://x.example/a/vgg16.pth?download=1", "vgg16"), (".pth", "pth")],
)
def test_a_name_is_made_from_the_file_name(file: str, name: str):
    assert make_model_name(file) == name


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONVOSCOPE_MODELS", str(tmp_path / "mine"))
    return tmp_path / "mine"


def test_the_command_adds_a_file_and_says_the_link(mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "net.npz").write_bytes(npz(conv1=FILTERS))
    assert main(["models", "add", str(tmp_path / "net.npz"), "--name", "ours"]) == 0
    assert "/filters?model=ours" in capsys.readouterr().out
    assert np.array_equal(load_models(mine).bank(LearnedFilters("ours", "conv1")).weight, FILTERS)


@pytest.mark.parametrize("name", ["lenet5", "w-mine", "Ö"])
def test_the_command_rejects_names_that_are_taken_or_that_no_link_can_contain(
    name: str, mine: Path, tmp_path: Path, capsys
):
    (tmp_path / "net.npz").write_bytes(npz(conv1=FILTERS))
    assert main(["models", "add", str(tmp_path / "net.npz"), "--name", name]) == 1
    assert name in capsys.readouterr().err
    assert not mine.exists()


def test_the_command_rejects_a_missing_file_with_a_sentence(mine: Path, tmp_path: Path, capsys):
    assert main(["models", "add", str(tmp_path / "none.pt")]) == 1
    assert "No such file" in capsys.readouterr().err


def test_the_command_lists_the_other_layers_and_adds_the_one_that_is_named(mine: Path, tmp_path: Path, capsys):
    file = tmp_path / "net.npz"
    file.write_bytes(npz(conv1=FILTERS, conv2=DEEPER + 1))
    assert main(["models", "add", str(file)]) == 0
    said = capsys.readouterr().out
    assert "conv1, 8 × 3 × 5 × 5: net is among" in said
    assert "Other layers of this file, for --layer:\n  conv2, 4 × 8 × 3 × 3\n" in said
    assert main(["models", "add", str(file), "--layer", "conv2", "--replace"]) == 0
    assert "Other layers" not in capsys.readouterr().out
    assert np.array_equal(load_models(mine).bank(LearnedFilters("net", "conv2")).weight, DEEPER + 1)
    assert main(["models", "add", str(file), "--layer", "conv3", "--replace"]) == 1
    assert "There is no layer conv3 in this file; there are conv1, conv2." in capsys.readouterr().err


def test_the_command_says_what_it_computed(mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "net.npz").write_bytes(npz(**{"c.weight_orig": FILTERS, "c.weight_mask": FILTERS > 0}))
    assert main(["models", "add", str(tmp_path / "net.npz")]) == 0
    assert "of 600 weights to 0." in capsys.readouterr().out
    assert any("pruning mask" in note for note in load_models(mine)["net"].header["card"]["notes"])


# --- remote files ------------------------------------------------------------------------------------------------


@contextmanager
def served(data: bytes, parts: bool = True) -> Iterator[tuple[str, list[int]]]:
    """The URL of a server with these bytes, and the sizes of its responses so far."""
    sent: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/none":
                self.send_error(404)
                return
            first, _, last = self.headers.get("Range", "").removeprefix("bytes=").partition("-")
            body = data[int(first) : int(last) + 1] if parts and first else data
            self.send_response(206 if parts and first else 200)
            if parts and first:
                self.send_header("Content-Range", f"bytes {first}-{int(first) + len(body) - 1}/{len(data)}")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            sent.append(len(body))
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/net", sent
        finally:
            server.shutdown()
            thread.join()


LARGE = np.zeros(5_000_000, np.float32)


def test_only_header_and_first_layer_of_a_large_safetensors_file_are_fetched():
    with served(safetensors({"conv.weight": FILTERS, "rest": LARGE})) as (url, sent):
        remote = RemoteFile(url, 10**6)
        assert np.array_equal(read_layer(remote).weight, FILTERS)
        assert sum(sent) == remote.fetched < 10_000 + FILTERS.nbytes < remote.size // 500


def test_only_directory_and_first_layer_of_a_large_npz_are_fetched():
    with served(npz(conv=FILTERS, rest=LARGE)) as (url, sent):
        assert np.array_equal(read_layer(RemoteFile(url, 10**6)).weight, FILTERS)
        assert sum(sent) < 40_000 + FILTERS.nbytes


@pytest.mark.parametrize("zipped", [True, False], ids=["new form", "old form"])
@pytest.mark.parametrize(("layout", "layer"), LAYOUTS)
def test_only_directory_and_first_layer_of_a_pytorch_file_are_fetched(layout, layer: str, zipped: bool):
    torch = pytest.importorskip("torch")
    state = layout(torch).state_dict()
    state["rest"] = torch.zeros(5_000_000)
    with served(saved(state, _use_new_zipfile_serialization=zipped)) as (url, sent):
        found = read_layer(RemoteFile(url, 10**6))
        assert np.array_equal(found.weight, state[f"{layer}.weight"].numpy())
        assert sum(sent) < 60_000 + found.weight.nbytes


def test_a_server_without_range_requests_is_read_whole_up_to_a_limit():
    data = npz(conv=FILTERS)
    with served(data, parts=False) as (url, sent):
        assert np.array_equal(read_layer(RemoteFile(url, 10**6)).weight, FILTERS)
        assert sent == [len(data)]
        with pytest.raises(UnreadableWeights, match="only whole files"):
            RemoteFile(url, 1000)


def test_the_command_fetches_a_url_and_prints_how_many_bytes(mine: Path, capsys: pytest.CaptureFixture[str]):
    with served(safetensors({"conv.weight": FILTERS, "rest": LARGE})) as (url, _):
        assert main(["models", "add", url]) == 0
        assert "bytes were downloaded" in capsys.readouterr().out
        assert main(["models", "add", url.replace("/net", "/none")]) == 1
        assert "404" in capsys.readouterr().err
    assert main(["models", "add", url]) == 1
    assert "could not be fetched" in capsys.readouterr().err
    assert main(["models", "add", "ftp://x.example/net.pt"]) == 1
    assert list(load_models(mine)) == ["net"]


# --- uploaded weights --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("weights")) as client:
        yield client


GOOD = safetensors({"conv.1.weight": FILTERS, "conv.1.bias": BIAS})


def bring(site: Client, data: bytes = GOOD, **headers: str):
    headers = {"content-type": "application/octet-stream", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return site.ask("POST", "/api/weights", content=data, headers=headers)


def test_uploaded_weights_can_be_used_like_a_model(site: Client):
    answer = bring(site)
    told = answer.json()
    assert answer.status_code == 201
    assert re.fullmatch(r"w-[a-z0-9]{20}", told["weights"])
    assert told["shape"] == list(FILTERS.shape)
    assert told["filters"] == f"{told['weights']}/conv-1"
    assert answer.headers["cache-control"] == "no-store"
    link = f"image=coffee&size=16&channels=rgb&range=unit&layers=conv:{told['filters']}"
    figure = site.get(f"/api/trace?{link}&format=json")
    assert figure.headers["cache-control"].startswith("private")
    stages = figure.json()["stages"]
    window = np.array(stages[0]["output"])[:, 2:7, 3:8]
    assert np.isclose(stages[1]["output"][5][2][3], (window * FILTERS[5]).sum() + BIAS[5], atol=1e-4)
    chain = f"size=16&channels=rgb&layers=prepare:{told['weights']}~conv:{told['filters']}"
    assert len(site.get(f"/api/trace?{chain}&format=json").json()["stages"]) == 3
    assert site.get(f"/?{link}").status_code == 200


def test_filters_that_read_a_color_each_are_applied_so(site: Client):
    filters = NUMBERS.normal(size=(3, 1, 5, 5)).astype(np.float32)
    data = safetensors({"dw.weight": filters, "pw.weight": np.ones((8, 3, 1, 1), np.float32)})
    told = bring(site, data).json()
    link = f"image=coffee&size=16&channels=rgb&range=unit&layers=conv:{told['filters']}&format=json"
    first, second = site.get(f"/api/trace?{link}").json()["stages"]
    assert second["shape"] == [3, 12, 12]
    window = np.array(first["output"])[1, 2:7, 3:8]
    assert np.isclose(second["output"][1][2][3], (window * filters[1, 0]).sum(), atol=1e-4)


def test_uploaded_weights_are_shown_on_the_page_of_filters(site: Client):
    name = bring(site).json()["weights"]
    page = page_data(site.get(f"/filters?model={name}").text)
    assert page["models"][-1]["name"] == name
    assert page["problems"] == []
    assert len(site.get(f"/api/portraits?model={name}").json()["filters"]) == 8
    assert name not in [row["name"] for row in site.get("/api/models").json()]


def test_uploaded_weights_keep_the_name_of_their_file(site: Client):
    headers = {"content-type": "application/octet-stream"}
    for said, kept in (
        ("my%20net.npz", "my net.npz"),
        ("C:%5Ca%0Ab%2F%3Cnet%3E.pt", "<net>.pt"),
        ("", "Uploaded weights"),
    ):
        told = site.ask("POST", f"/api/weights?title={said}", content=GOOD, headers=headers).json()
        assert told["model"]["title"] == kept
        assert page_data(site.get(f"/filters?model={told['weights']}").text)["models"][-1]["title"] == kept
    assert "The file does not give the stride; shown with stride 1" in told["model"]["card"]["notes"][1]


def test_a_stride_in_the_link_overrides_that_of_uploaded_filters(site: Client):
    told = bring(site).json()
    link = f"size=17&channels=rgb&layers=conv:{told['filters']},stride=3,padding=1&format=json"
    assert site.get(f"/api/trace?{link}").json()["stages"][1]["shape"] == [8, 5, 5]


def test_filters_that_no_picture_can_feed_say_what_they_need(site: Client):
    told = bring(site, safetensors({"conv.weight": np.ones((5, 4, 3, 3), np.float32)})).json()
    refusal = site.get(f"/api/trace?size=8&channels=rgb&layers=conv:{told['filters']}").json()
    assert "read 4 channels each. A picture has 1 or 3, so it cannot feed them" in refusal["detail"]
    fed = f"size=8&layers=conv:random*4@3x3~conv:{told['filters']}&format=json"
    assert site.get(f"/api/trace?{fed}").json()["stages"][2]["shape"] == [5, 4, 4]
    assert len(site.get(f"/api/portraits?model={told['weights']}").json()["filters"]) == 5


def test_uploaded_weights_are_counted(site: Client):
    bring(site)
    bring(site, b"GIF89a")
    counted = site.get("/metrics").text
    assert re.search(r'convoscope_weights_total{status="201"} [1-9]', counted)
    assert re.search(r'convoscope_weights_total{status="422"} [1-9]', counted)


def test_a_form_is_accepted_too_and_the_layer_can_be_fetched(site: Client):
    told = site.ask("POST", "/api/weights", files={"file": ("a.npz", npz(conv1=FILTERS), "application/zip")}).json()
    assert told["layer"] == "conv1"
    kept = site.get(f"/api/weights/{told['weights']}.safetensors")
    assert np.array_equal(read(kept.content).weight, FILTERS)


def test_expired_weights_get_a_sentence(site: Client):
    told = bring(site).json()
    name, link = told["weights"], f"/api/trace?size=8&channels=rgb&layers=conv:{told['filters']}"
    address = f"/api/weights/{name}.safetensors"
    assert site.get(link).status_code == 200
    assert site.ask("DELETE", address).status_code == 403
    assert site.ask("DELETE", address, headers={"x-delete-token": told["delete_token"]}).status_code == 204
    for asked in (link, address, f"/api/portraits?model={name}"):
        answer = site.get(asked)
        assert answer.status_code == 410
        assert "no longer here" in answer.json()["detail"]
    assert "no longer here" in page_data(site.get(f"/filters?model={name}").text)["problems"][0]["message"]
    assert "no longer here" in page_data(site.get(link.replace("/api/trace", "/")).text)["problems"][0]["message"]
    assert site.get(f"/api/images/{name}.png").status_code == 410


def test_bad_weights_get_a_sentence_and_a_status(site: Client):
    assert bring(site, b"GIF89a").status_code == 422
    assert "not a weights file" in bring(site, b"GIF89a").json()["detail"]
    assert bring(site, bytes(2_000_001)).status_code == 413
    assert bring(site, GOOD, content_type="multipart/form-data").status_code == 422
    assert bring(site, GOOD, origin="https://elsewhere.example").status_code == 403
    run = bring(site, pickle.dumps(Evaluates()))
    assert "eval" in run.json()["detail"]


def test_weights_expire_like_pictures(tmp_path: Path):
    now = [1000.0]
    store = Store(tmp_path, seconds=60, clock=lambda: now[0])
    stored = store.put_file(b"weights")
    assert store.get_file(stored.id) == b"weights"
    assert store.get(stored.id) is None
    now[0] += 61
    assert store.get_file(stored.id) is None
    store.purge()
    assert list(tmp_path.iterdir()) == []
