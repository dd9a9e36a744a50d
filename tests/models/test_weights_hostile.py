"""Hostile and damaged weights files: all get a sentence, and none costs much."""

from __future__ import annotations

import errno
import json
import pickle
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from app.cli import main
from app.models.custom_model import encode_model_file, read_uploaded_model
from app.models.formats import OPERATOR_LIMITS, Candidate, FirstLayer, MemorySource, UnreadableWeights, read_layer
from app.models.formats.read_limits import UPLOAD_LIMITS
from app.models.weights_tasks import (
    make_layers_task,
    make_lister,
    make_reader,
    make_weights_task,
    pack_candidates,
    pack_layer,
    unpack_candidates,
    unpack_layer,
)
from app.processes.file_errors import UnreadableFile
from app.processes.process_pool import ProcessPool
from app.processes.task import TaskResult
from tests import mutations as files
from tests import pictures
from tests.web_client import Client, running

PROTOCOL = b"\x80\x02"
HUGE = 10**400
LONG_NAME = "n" * 1_000_000


def words(*parts: bytes) -> bytes:
    """A pickle of these instructions."""
    return b"".join((PROTOCOL, *parts, b"."))


def pt(*parts: bytes) -> bytes:
    return files.pt(words(*parts))


def legacy(*pickles: bytes) -> bytes:
    """PyTorch's legacy format with these pickles as the last two, or fewer."""
    first = (files.LEGACY_MAGIC, files.LEGACY_VERSION, {"little_endian": True})
    return b"".join([*(pickle.dumps(value, 2) for value in first), *pickles])


def safetensors(**row: object) -> bytes:
    """One array with this header row, and 432 bytes of numbers."""
    said = {"dtype": "F32", "shape": [4, 3, 3, 3], "data_offsets": [0, 432], **row}
    return written(json.dumps({str(said.pop("name", "conv.weight")): said}).encode())


def written(text: bytes) -> bytes:
    return len(text).to_bytes(8, "little") + text + bytes(432)


def npz(description: bytes, members: int = 1, **options: int) -> bytes:
    head = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(description)) + description
    return files.zipped({f"a{index}.npy": head for index in range(members)}, **options)


def described(shape: object, kind: str = "'<f4'") -> bytes:
    return f"{{'descr': {kind}, 'fortran_order': False, 'shape': {shape}}}".encode()


def wide(number: int) -> bytes:
    """A whole number of any size in a pickle."""
    data = number.to_bytes((number.bit_length() + 8) // 8, "little")
    return b"\x8b" + struct.pack("<i", len(data)) + data


def storage(key: bytes) -> bytes:
    """A storage by its key."""
    return b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\n" + key + b"X\x03\x00\x00\x00cpuK\x05tQ"


# A tuple of two references to the tuple before it, and so on: as text it would be endless.
NESTED = b")" + b"q\x00h\x00h\x00\x86" * 60
THREE = b"J\x03\x00\x00\x00"
MANY_INSTRUCTIONS = pt(b"N" * UPLOAD_LIMITS.instructions)
MANY_MEMBERS = npz(described((3,)), UPLOAD_LIMITS.members + 1)

HOSTILE: dict[str, Callable[[], bytes]] = {
    "a million words in 1 kB": lambda: files.zipped(
        {"a/data.pkl": words(b"}q\x00", b"\x94" * 1_000_000)}, zipfile.ZIP_DEFLATED
    ),
    "too many words": lambda: MANY_INSTRUCTIONS,
    "too many words, older": lambda: legacy(words(b"N" * UPLOAD_LIMITS.instructions)),
    "too many members": lambda: MANY_MEMBERS,
    "a list made a dictionary again and again": lambda: pt(
        b"X\x01\x00\x00\x00aN\x86q\x01](", b"h\x01" * 9_000, b"eq\x00", b"ccollections\nOrderedDict\nh\x00\x85R" * 2_000
    ),
    "an endless name of a storage": lambda: pt(storage(NESTED)),
    "an endless name of a storage, older": lambda: legacy(words(storage(NESTED))),
    "an endless key, older": lambda: legacy(files.state(), words(b"](", NESTED, b"e")),
    "a huge side in a pickle": lambda: files.pt(files.state().replace(THREE, wide(HUGE))),
    "a huge side in a pickle, older": lambda: legacy(files.state().replace(THREE, wide(HUGE))),
    "a huge number as a name": lambda: pt(b"}", wide(10**9_000), b"N", b"s"),
    "a side that is a text": lambda: files.pt(files.state().replace(THREE, b"X\x01\x00\x00\x003")),
    "a text of 4 GB that is not there": lambda: legacy(words(b"X\xff\xff\xff\xffabc")),
    "bytes of 72 PB that are not there": lambda: legacy(words(b"\x8e" + b"\xff" * 7 + b"\x00abc")),
    "huge sides": lambda: safetensors(dtype="I64", shape=[HUGE, 3, 3, 3]),
    "a huge place": lambda: safetensors(data_offsets=[0, HUGE]),
    "a side without end": lambda: safetensors(shape=[float("inf"), 3, 3, 3]),
    "a side that is no number": lambda: safetensors(shape=[float("nan"), 3, 3, 3]),
    "a side that is a text, safetensors": lambda: safetensors(shape=["4", 3, 3, 3]),
    "a side with a fraction": lambda: safetensors(shape=[4.5, 3, 3, 3]),
    "a side below nothing": lambda: safetensors(shape=[-4, -3, 3, 3]),
    "a place below nothing": lambda: safetensors(data_offsets=[-432, 0]),
    "a shape that is a text": lambda: safetensors(shape="4333"),
    "a kind that is a list": lambda: safetensors(dtype=["F32"]),
    "a kind of 1 MB": lambda: safetensors(dtype=LONG_NAME),
    "a name of 1 MB": lambda: safetensors(name=LONG_NAME, data_offsets=[0, 4]),
    "half a sign as a name": lambda: safetensors(name="\ud800", dtype="I32"),
    "too many axes": lambda: safetensors(shape=[1] * 300_000),
    "brackets in brackets": lambda: written(b'{"a":' + b"[" * 500_000),
    "digits without end": lambda: written(b'{"a":' + b"9" * 5_000 + b"}"),
    "no table": lambda: written(b'{"a":[1]}'),
    "huge sides in an npz": lambda: npz(described((HUGE, 3, 3, 3))),
    "sides below nothing in an npz": lambda: npz(described((-4, 3, 3, 3))),
    "a structure of many parts": lambda: npz(
        described((3,), str([(f"{part:x}", "<f4") for part in range(500)])), 1_000, kind=zipfile.ZIP_DEFLATED
    ),
    "brackets in a description": lambda: npz(b"(" * 1_900),
    "minus after minus": lambda: npz(b"-" * 1_900 + b"1"),
    "an open quote": lambda: npz(b"{'descr': '<f4"),
    "packed with LZMA": lambda: files.zipped({"conv.npy": files.npy()}, zipfile.ZIP_LZMA),
    "packed with bzip2": lambda: files.zipped({"a/data.pkl": bytes(20_000_000)}, zipfile.ZIP_BZIP2),
    "a pickle of 20 MB in 20 kB": lambda: files.zipped({"a/data.pkl": bytes(20_000_000)}, zipfile.ZIP_DEFLATED),
    "locked with a password": lambda: npz(described((3,))).replace(b"PK\x01\x02\x14\x03\x14\x00\x00", LOCKED),
    "filters without end": lambda: files.safetensors({"conv.weight": np.ones((5_000, 1, 1, 1), np.float32)}),
}
HOSTILE |= {
    "a list in itself": lambda: pt(b"]q\x00h\x00a"),
    "lists that double": lambda: pt(b"]" + b"q\x00]h\x00ah\x00a" * 60),
    "objects made of objects": lambda: pt(b"cargparse\nNamespace\n" + b")R" * 5_000),
    "a text that becomes bytes again and again": lambda: pt(
        TEXT_OF_1_MB + b"q\x01X\x06\x00\x00\x00latin1q\x020](", b"c_codecs\nencode\nh\x01h\x02\x86R" * 2_000, b"e"
    ),
    "an array without a kind": lambda: pt(ARRAY, b"(K\x01(K\x04K\x03K\x03K\x03tN\x89C\x00tb"),
    "an array of huge sides": lambda: pt(ARRAY, b"(K\x01(", wide(HUGE), b"K\x03K\x03K\x03t", KIND, b"\x89C\x00tb"),
    "an array of fewer bytes": lambda: pt(ARRAY, b"(K\x01(K\x04K\x03K\x03K\x03t", KIND, b"\x89C\x01atb"),
    "scales that are a text": lambda: files.pt_quantized(files.quantized().replace(b"per_channel", b"per_tensor")),
    "a storage of another kind": lambda: files.pt_quantized(files.quantized().replace(b"QInt8", b"Float")),
    "a storage without a kind": lambda: files.pt(files.state().replace(b"FloatStorage", b"WideStorage")),
    "a gain of no length": lambda: files.safetensors({"c.weight_g": ZERO, "c.weight_v": np.zeros((4, 3, 3, 3), "f4")}),
    "a layer whose weights are an object": lambda: pt(
        b"}(X\x08\x00\x00\x00a.weightcmine\nTensor\n)R", files.state()[3:-1]
    ),
    "a page of half signs": lambda: b"<html><title>" + b"\xc3" * 10,
    "brackets without end": lambda: b"[" * 1_000_000,
}
ZERO = np.zeros((4, 1, 1, 1), np.float32)
TEXT_OF_1_MB = b"X" + struct.pack("<I", 1_000_000) + bytes(1_000_000)
ARRAY = b"cnumpy.core.multiarray\n_reconstruct\n)R"
KIND = b"cnumpy\ndtype\nX\x02\x00\x00\x00f4\x85R"
LOCKED = b"PK\x01\x02\x14\x03\x14\x00\x01"
each_hostile_file = pytest.mark.parametrize("kind", HOSTILE)


def sentence(reason: object) -> str:
    """The message, which has to be printable."""
    said = str(reason)
    assert said.isprintable()
    assert len(said) < 400
    assert said[:1].isprintable()
    assert said.endswith(".")
    return said


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("weights")) as client:
        yield client


def bring(site: Client, data: bytes):
    return site.ask("POST", "/api/weights", content=data, headers={"content-type": "application/octet-stream"})


# --- hostile files -----------------------------------------------------------------------------------------------


@each_hostile_file
def test_a_hostile_file_is_rejected_with_a_sentence_by_the_server(site: Client, kind: str):
    answer = bring(site, HOSTILE[kind]())
    assert answer.status_code == 422
    told = answer.json()
    said = sentence(told["detail"])
    assert "made the program" not in said  # its process is still there
    assert "could not be read as" not in said  # it was read by what knows its format
    assert "took longer" not in said
    assert told["allowed"] == "weights with a 2-D convolution"


@each_hostile_file
def test_a_hostile_file_is_rejected_with_a_sentence_on_the_command_line(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("CONVOSCOPE_MODELS", str(tmp_path / "models"))
    (tmp_path / "net.pt").write_bytes(HOSTILE[kind]())
    assert main(["models", "add", str(tmp_path / "net.pt")]) == 1
    sentence(capsys.readouterr().err.strip())
    assert not (tmp_path / "models").exists()


def test_too_many_instructions_or_members_get_a_sentence_with_the_limit(site: Client):
    assert "longer than 20,000 instructions" in bring(site, MANY_INSTRUCTIONS).json()["detail"]
    assert "has 2,001 members; the limit is 2,000" in bring(site, MANY_MEMBERS).json()["detail"]


def test_the_limits_can_be_set(tmp_path: Path):
    with running(tmp_path, weights_members=10, weights_instructions=1_000) as strict:
        assert "the limit is 10" in bring(strict, npz(described((3,)), 11)).json()["detail"]
        assert "longer than 1,000" in bring(strict, pt(b"N" * 1_000)).json()["detail"]
        assert bring(strict, files.pt(files.state())).status_code == 201


def test_an_operator_s_file_may_have_as_many_tensors_as_the_deepest_usual_network():
    deep = {"conv1.weight": files.FILTERS} | {f"layer{index}.weight": files.BIAS for index in range(1_000)}
    data = files.pt(files.state(deep), deep)
    assert read_layer(MemorySource(data), OPERATOR_LIMITS).name == "conv1"
    with pytest.raises(UnreadableWeights, match="instructions"):
        read_layer(MemorySource(data), UPLOAD_LIMITS)


def test_a_network_of_hundreds_of_tensors_can_be_uploaded(site: Client):
    arrays = {"conv1.weight": files.FILTERS} | {f"layer{index}.weight": files.BIAS for index in range(400)}
    assert bring(site, files.pt(files.state(arrays), arrays)).json()["layer"] == "conv1"


def test_a_long_name_becomes_a_short_one(site: Client):
    told = bring(site, files.safetensors({f"{LONG_NAME}.weight": files.FILTERS})).json()
    assert told["layer"] == "n" * 64


def test_weights_that_take_too_long_get_a_sentence_with_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    never = replace(make_weights_task(), reader=pictures.MISBEHAVES.reader, expected=pictures.MISBEHAVES.expected)
    monkeypatch.setattr("app.web.work.uploads.make_weights_task", lambda *asked: never)
    with running(tmp_path, decode_seconds=0.1) as hasty:
        answer = bring(hasty, b"never ends")
    assert answer.status_code == 422
    assert "longer than 0.1 s" in sentence(answer.json()["detail"])


def test_the_server_answers_while_weights_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The server itself reads nothing of a file."""
    monkeypatch.setattr("app.models.weights_tasks.read_layer", None)
    with running(tmp_path) as elsewhere:
        assert bring(elsewhere, files.npz()).status_code == 201


def test_a_worker_stopped_from_outside_is_not_blamed_on_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.web.work.uploads.make_picture_task", lambda *limits, **more: pictures.MISBEHAVES)
    with running(tmp_path) as client:
        once = client.ask("POST", "/api/images", files={"file": b"kSIGKILL " + bytes(tmp_path / "once")})
        assert once.status_code == 201
        twice = client.ask("POST", "/api/images", files={"file": b"kSIGKILL"})
    assert twice.status_code == 503
    assert twice.headers["retry-after"] == "60"
    assert "The file itself may be fine" in sentence(twice.json()["detail"])


@pytest.mark.parametrize("raised", [MemoryError, OverflowError, RecursionError, LookupError, OSError, AssertionError])
def test_every_exception_of_a_reader_becomes_a_sentence(raised: type[Exception], monkeypatch: pytest.MonkeyPatch):
    def entries(source: object) -> None:
        raise raised

    monkeypatch.setattr("app.models.formats.files.safetensors_file.read_contents", entries)
    with pytest.raises(UnreadableWeights) as refused:
        read_layer(MemorySource(safetensors()))
    sentence(refused.value)


def test_an_error_of_the_disk_is_not_blamed_on_the_file(monkeypatch: pytest.MonkeyPatch):
    def entries(source: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("app.models.formats.files.safetensors_file.read_contents", entries)
    with pytest.raises(OSError, match="Input/output"):
        read_layer(MemorySource(safetensors()))


# --- ONNX --------------------------------------------------------------------------------------------------------


def network(dims: tuple[int, ...] = (4, 3, 3, 3), numbers: bytes = bytes(432), **attributes: object) -> bytes:
    onnx = pytest.importorskip("onnx")
    tensor = onnx.TensorProto(name=f"{LONG_NAME}.weight", data_type=1, dims=dims, raw_data=numbers)
    node = onnx.helper.make_node("Conv", ["x", tensor.name], ["y"], **attributes)
    return onnx.helper.make_model(onnx.helper.make_graph([node], "g", [], [], [tensor])).SerializeToString()


@pytest.mark.parametrize(
    "said",
    [
        {"dims": (2**62, 2**62, 3, 3)},
        {"dims": (-4, -3, 3, 3)},
        {"dims": (0, 3, 3, 3)},
        {"dims": (1,) * 100_000},
        {"numbers": b"abc"},
        {"strides": [0, 0]},
        {"strides": [2**40, 1]},
        {"strides": [1]},
        {"strides": "ab"},
        {"strides": 1.5},
        {"pads": [1]},
        {"pads": [-1, 0, 0, 0]},
        {"dilations": [17, 17]},
    ],
    ids=str,
)
def test_an_onnx_file_with_impossible_options_is_rejected(said: dict):
    with pytest.raises(UnreadableWeights) as refused:
        read_layer(MemorySource(network(**said)))
    sentence(refused.value)


# --- results of worker processes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [None, (("stride", [2, 2]), ("padding", [1, 2, 3, 4]))])
@pytest.mark.parametrize("bias", [None, files.BIAS])
def test_a_layer_comes_back_from_its_process_as_it_was_read(options: tuple | None, bias: np.ndarray | None):
    layer = FirstLayer("conv1", files.FILTERS, bias, options, reordered=True, groups=2, notes=("Computed.",))
    back = sent(pack_layer(layer))
    assert (back.name, back.options, back.reordered) == ("conv1", options, True)
    assert (back.groups, back.notes) == (2, ("Computed.",))
    assert np.array_equal(back.weight, files.FILTERS)
    assert (back.bias is None) if bias is None else np.array_equal(back.bias, bias)


def sent(answer: TaskResult) -> FirstLayer:
    """The layer that the server unpacks from a result."""
    return unpack_layer(json.loads(json.dumps(dict(answer.head))), answer.body)


@pytest.mark.parametrize(
    "lie",
    [
        {"name": "../../etc"},
        {"name": "n" * 65},
        {"name": None},
        {"shape": [4, 3, 3]},
        {"shape": [4, 3, 3, 4]},
        {"shape": [-4, -3, 3, 3]},
        {"shape": [2**40, 2**40, 1, 1]},
        {"shape": [True, 3, 3, 3]},
        {"bias": True},
        {"reordered": "yes"},
        {"options": [["stride", [0, 0]]]},
        {"groups": 0},
        {"groups": 3},
        {"groups": "1"},
        {"notes": ["\x1b[2J"]},
        {"notes": ["n"] * 13},
        {"notes": [1]},
        {"notes": 1},
        {"options": [["stride", [1, 1, 1]]]},
        {"options": [["seed", [1, 1]]]},
        {"options": "stride"},
    ],
    ids=str,
)
def test_an_invalid_result_is_rejected(lie: dict):
    honest = pack_layer(FirstLayer("conv1", files.FILTERS))
    with pytest.raises((ValueError, TypeError, KeyError)):
        sent(TaskResult({**honest.head, **lie}, honest.body))


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_rejected(number: float):
    answer = pack_layer(FirstLayer("conv1", np.full_like(files.FILTERS, number)))
    with pytest.raises(ValueError):
        sent(answer)


def test_a_worker_process_reads_a_layer_by_name():
    data = files.safetensors({"a.weight": files.FILTERS, "b.weight": 2 * files.FILTERS})
    tasks = [make_weights_task(), make_layers_task()]
    with ProcessPool(tasks, workers=1) as decoder:
        assert [one.name for one in decoder.run_blocking(tasks[1], data)] == ["a", "b"]
        assert np.array_equal(decoder.run_blocking(make_weights_task(layer="b"), data).weight, 2 * files.FILTERS)
        assert decoder.run_blocking(tasks[0], data).name == "a"
        for name in ("c", "ü\n", "n" * 1_000_000):
            with pytest.raises(UnreadableFile) as refused:
                decoder.run_blocking(make_weights_task(layer=name), data)
            assert "there are a, b." in sentence(refused.value)


def test_many_layers_are_listed_up_to_a_limit():
    names = [f"{'n' * 70}{number}" for number in range(250)]
    data = files.safetensors({f"{name}.weight": files.FILTERS for name in names})
    with ProcessPool([make_layers_task()], workers=1) as decoder:
        listed = decoder.run_blocking(make_layers_task(), data)
    assert len(listed) == len({one.name for one in listed}) == 200


@pytest.mark.parametrize(
    "lie",
    [
        {"name": "../../etc"},
        {"name": None},
        {"shape": [4, 3, 3]},
        {"shape": [2**40, 1, 1, 1]},
        {"shape": [4, 3, 3, "3"]},
        {"array": "\x1b[2J"},
        {"remark": "n" * 201},
        {"parts": ["a"] * 17},
        {"parts": [1]},
        {"path": "/etc"},
    ],
    ids=str,
)
def test_an_invalid_list_is_rejected(lie: dict):
    honest = json.loads(pack_candidates((Candidate("a", (4, 3, 3, 3), "a.weight"),)).body)[0]
    assert unpack_candidates({}, json.dumps([honest]).encode())[0].array == "a.weight"
    for rows in ([{**honest, **lie}], [], {}, [honest] * 201, [1]):
        with pytest.raises((ValueError, TypeError, KeyError)):
            unpack_candidates({}, json.dumps(rows).encode())


def test_the_layers_of_damaged_files_are_listed_or_refused():
    task, read = make_layers_task(), make_lister(asdict(UPLOAD_LIMITS))
    for _, data in files.mutated(seed=4, count=90):
        try:
            answer = read(data)
        except UnreadableFile as refused:
            sentence(refused)
        else:
            assert len(answer.body) <= task.max_bytes
            for one in task.unpack({}, answer.body):
                with suppress(UnreadableWeights):
                    assert read_layer(MemorySource(data), UPLOAD_LIMITS, one.name).weight.shape == one.shape


# --- random damage -----------------------------------------------------------------------------------------------


def test_the_files_are_good_before_they_are_damaged():
    for kind, data in files.good_files().items():
        if kind != "pickle":
            assert np.array_equal(read_layer(MemorySource(data)).weight, files.FILTERS)


def test_damaged_files_become_a_model_or_a_sentence():
    read = make_reader(asdict(UPLOAD_LIMITS))
    for _, data in files.mutated(seed=1, count=72):
        end = ended(lambda data=data: sent(read(data)))
        if isinstance(end, UnreadableFile):
            assert end.status == 422
            sentence(end)
        else:
            model = read_uploaded_model("w-a", encode_model_file(end, "", "A"))
            assert json.dumps(model.to_json(), allow_nan=False)
            assert np.array_equal(model.bank(model.first_layer).weight, end.weight)


def ended(reading: Callable[[], FirstLayer]) -> FirstLayer | UnreadableFile:
    try:
        return reading()
    except UnreadableFile as refused:
        return refused


def test_damaged_files_get_a_response_from_the_server(site: Client):
    for name, data in files.mutated(seed=2, count=18):
        assert bring(site, data).status_code in (201, 422), name


@pytest.mark.long
def test_thousands_of_damaged_files_end_as_a_layer_or_a_sentence():
    task, refusals = make_weights_task(), 0
    with ProcessPool([task], workers=1) as decoder:
        for name, data in files.mutated(seed=3, count=2_000):
            end = ended(lambda data=data: decoder.run_blocking(task, data))
            if isinstance(end, UnreadableFile):
                refusals += 1
                assert end.status == 422, name
                said = sentence(end)
                assert "made the program" not in said, name
                assert "could not be read as" not in said, name
    assert 1_000 < refusals < 1_900
