"""Small weights files in every format, and damaged copies of them that depend on a seed."""

from __future__ import annotations

import io
import json
import pickle
import random
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from math import prod

import numpy as np

Arrays = Mapping[str, np.ndarray]
FILTERS = np.linspace(-1, 1, 4 * 3 * 3 * 3, dtype=np.float32).reshape(4, 3, 3, 3)
BIAS = np.linspace(0, 1, 4, dtype=np.float32)
NETWORK: Arrays = {"conv1.weight": FILTERS, "conv1.bias": BIAS, "fc.weight": np.eye(3, dtype=np.float32)}
LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_VERSION = 1001
NUMBERS = (0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 2**63 - 1, 2**64 - 1)
TEXTS = (b"-1", b"0", b"1e999", b"Infinity", b"NaN", b"null", b'"x"', b"[]", b"{}", b"9" * 30, b"9" * 400, b"9" * 5000)


# --- good files --------------------------------------------------------------------------------------------------


def safetensors(arrays: Arrays = NETWORK) -> bytes:
    """A safetensors file."""
    header, body = {}, b""
    for name, array in arrays.items():
        data = array.tobytes()
        header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


def npz(arrays: Arrays = NETWORK, compressed: bool = False) -> bytes:
    """An .npz file."""
    file = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(file, **arrays)
    return file.getvalue()


def npy(array: np.ndarray = FILTERS) -> bytes:
    """An .npy file."""
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def zipped(members: Mapping[str, bytes], kind: int = zipfile.ZIP_STORED) -> bytes:
    """A zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def state(arrays: Arrays = NETWORK) -> bytes:
    """The pickle of these tensors as PyTorch writes it, in protocol 2."""
    return b"\x80\x02}q\x00(" + b"".join(_tensor(*row) for row in enumerate(arrays.items())) + b"u."


def pt(pickled: bytes, arrays: Arrays = NETWORK) -> bytes:
    """PyTorch's archive with a pickle."""
    numbers = {f"archive/data/{index}": array.tobytes() for index, array in enumerate(arrays.values())}
    return zipped({"archive/data.pkl": pickled, "archive/byteorder": b"little", **numbers})


def training(arrays: Arrays = NETWORK) -> bytes:
    """The pickle of a checkpoint: settings, an object of a class, then the model's state."""
    settings = b"cargparse\nNamespace\n)\x81}" + _text("lr") + b"K\x01sb"
    return b"\x80\x02}(" + _text("args") + settings + _text("state_dict") + state(arrays)[2:-1] + b"u."


def quantized() -> bytes:
    """The pickle of one quantized tensor, whose scales and zeros are tensors too."""
    scheme = (
        b"(ctorch\nper_channel_affine\n" + _view("DoubleStorage", 1, (4,)) + _view("LongStorage", 2, (4,)) + b"K\x00t"
    )
    end = b"\x89ccollections\nOrderedDict\n)RtR"
    whole = b"ctorch._utils\n_rebuild_qtensor\n(" + _described("QInt8Storage", 0, FILTERS.shape) + scheme + end
    return b"\x80\x02}" + _text("conv1.weight") + whole + b"s."


def pt_quantized(pickled: bytes) -> bytes:
    """PyTorch's archive with such a pickle."""
    whole = np.arange(FILTERS.size, dtype=np.int8)
    return pt(pickled, {"whole": whole, "scales": np.full(4, 0.5), "zeros": np.zeros(4, np.int64)})


def legacy(arrays: Arrays = NETWORK) -> bytes:
    """PyTorch's format before 1.6: five pickles, then the numbers of every storage."""
    words = [pickle.dumps(value, 2) for value in (LEGACY_MAGIC, LEGACY_VERSION, {"little_endian": True})]
    keys = pickle.dumps([str(index) for index in range(len(arrays))], 2)
    storages = [struct.pack("<q", array.size) + array.tobytes() for array in arrays.values()]
    return b"".join([*words, state(arrays), keys, *storages])


def onnx_model(arrays: Arrays = NETWORK) -> bytes:
    """A network of one convolution, written by the package onnx."""
    import onnx

    tensors = [onnx.numpy_helper.from_array(array, name) for name, array in arrays.items()]
    node = onnx.helper.make_node("Conv", ["x", "conv1.weight", "conv1.bias"], ["y"], strides=[2, 2], pads=[1, 1, 1, 1])
    x, y = (onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in "xy")
    return onnx.helper.make_model(onnx.helper.make_graph([node], "g", [x], [y], tensors)).SerializeToString()


def _tensor(index: int, row: tuple[str, np.ndarray]) -> bytes:
    """`name: torch._utils._rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())` as instructions."""
    name, array = row
    return _text(name) + _view("FloatStorage", index, array.shape)


def _view(kind: str, index: int, shape: tuple[int, ...]) -> bytes:
    """A tensor that is a whole storage."""
    described = _described(kind, index, shape)
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + described + b"\x89ccollections\nOrderedDict\n)RtR"


def _described(kind: str, index: int, shape: tuple[int, ...]) -> bytes:
    """A storage, and the offset, shape and strides of a tensor in it."""
    size, strides = prod(shape), [prod(shape[axis + 1 :]) for axis in range(len(shape))]
    storage = b"(" + _text("storage") + f"ctorch\n{kind}\n".encode() + _text(str(index)) + _text("cpu") + _whole(size)
    sides = b"".join(map(_whole, shape)) + b"t(" + b"".join(map(_whole, strides)) + b"t"
    return storage + b"tQ" + _whole(0) + b"(" + sides


def _text(text: str) -> bytes:
    return b"X" + struct.pack("<I", len(text)) + text.encode()


def _whole(number: int) -> bytes:
    return b"J" + struct.pack("<i", number)


@cache
def good_files() -> Mapping[str, bytes]:
    """A small file of every format, by its name."""
    files = {
        "npz": npz(),
        "npz-deflated": npz(compressed=True),
        "pt": pt(state()),
        "pth": legacy(),
        "safetensors": safetensors(),
        "npy": npy(),
        "numpy-list": pickle.dumps([FILTERS, BIAS], 4),
        "pt-training": pt(training()),
        "pruned": safetensors({"c.weight_orig": FILTERS, "c.weight_mask": np.ones_like(FILTERS), "c.bias": BIAS}),
        "pickle": pickle.dumps({"a": (1, [2.0], "x" * 40)}, 4),
    }
    return files | ({"onnx": onnx_model()} if find_spec("onnx") else {})


# --- damaged files -----------------------------------------------------------------------------------------------


def mutated(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """`count` damaged files, each with a name that says how it was made.

    In some of them the archive is whole and what lies in it is not.
    """
    chance = random.Random(seed)
    files = [(kind, data, _as_it_is) for kind, data in sorted(good_files().items())]
    files += [("pt-inside", state(), pt), ("pt-training-inside", training(), pt)]
    files += [("pt-quantized-inside", quantized(), pt_quantized)]
    files += [("npz-inside", npy(), lambda data: zipped({"conv1.weight.npy": data}))]
    for number in range(count):
        kind, data, around = files[number % len(files)]
        change = chance.choice(CHANGES)
        for _ in range(chance.choice((1, 1, 2, 4))):
            data = change(chance, data)
        yield f"{number}-{kind}-{change.__name__.strip('_')}", around(data)


def _as_it_is(data: bytes) -> bytes:
    return data


def _flip(chance: random.Random, data: bytes) -> bytes:
    """Changes one bit."""
    at = _place(chance, data)
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :] if data else data


def _overwrite(chance: random.Random, data: bytes) -> bytes:
    """Changes a few bytes."""
    at = _place(chance, data)
    new = chance.randbytes(chance.randint(1, 8))
    return data[:at] + new + data[at + len(new) :]


def _truncate(chance: random.Random, data: bytes) -> bytes:
    """Removes the end."""
    return data[: _place(chance, data)]


def _cut(chance: random.Random, data: bytes) -> bytes:
    """Removes a piece in the middle."""
    at = _place(chance, data)
    return data[:at] + data[at + chance.randint(1, 64) :]


def _splice(chance: random.Random, data: bytes) -> bytes:
    """Inserts a piece of another file."""
    other = chance.choice(sorted(good_files().values()))
    start, at = _place(chance, other), _place(chance, data)
    return data[:at] + other[start : start + chance.randint(1, 200)] + data[at:]


def _repeat(chance: random.Random, data: bytes) -> bytes:
    """Repeats a piece."""
    at = _place(chance, data)
    return data[:at] + data[at : at + chance.randint(1, 60)] * chance.randint(2, 300) + data[at:]


def _number(chance: random.Random, data: bytes) -> bytes:
    """Sets a field of 1, 2, 4 or 8 bytes to a number at the end of its range, or an odd one."""
    width = chance.choice((1, 2, 4, 8))
    at = _place(chance, data)
    new = (chance.choice(NUMBERS) % (1 << 8 * width)).to_bytes(width, chance.choice(("little", "big")))
    return data[:at] + new + data[at + width :]


def _written_number(chance: random.Random, data: bytes) -> bytes:
    """Changes a number that is written in digits, also to one that is not a number."""
    places = [at for at in range(len(data)) if data[at : at + 1].isdigit() and not data[at - 1 : at].isdigit()]
    if not places:
        return data
    at = chance.choice(places)
    end = at
    while data[end : end + 1].isdigit():
        end += 1
    return data[:at] + chance.choice(TEXTS) + data[end:]


CHANGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _flip,
    _overwrite,
    _truncate,
    _cut,
    _splice,
    _repeat,
    _number,
    _written_number,
)


def _place(chance: random.Random, data: bytes) -> int:
    return chance.randrange(len(data)) if data else 0
