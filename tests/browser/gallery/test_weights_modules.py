"""Files of weights read in parts by the browser, compared with Python's readers."""

from __future__ import annotations

import base64
import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from playwright.sync_api import Browser

from app.core.trace.wire import pack
from app.models.formats import MemorySource, list_layers, read_layer
from app.models.formats.partial_file import open_partial_file
from tests.browser.pure_page import SITE, answer
from tests.mutations import good_files, mutated, npz, pt, safetensors, state, zipped

ONE = np.linspace(-1, 1, 4 * 3 * 3 * 3, dtype=np.float32).reshape(4, 3, 3, 3)
TWO = np.linspace(0, 1, 6 * 3 * 5 * 5, dtype=np.float32).reshape(6, 3, 5, 5)
REST = np.zeros(200_000, np.float32)
ARRAYS = {
    "one.weight": ONE,
    "one.bias": np.arange(4, dtype=np.float32),
    "rest": REST,
    "two.weight": TWO,
    "two.bias": np.arange(6, dtype=np.float32),
}
FILES = {
    "safetensors": safetensors(ARRAYS),
    "pt": pt(state(ARRAYS), ARRAYS),
    "npz": npz(ARRAYS),
    "npz deflated": npz(ARRAYS, compressed=True),
}
# A file from its bytes, and bytes from a file.
PRELUDE = """
  const [Z, A, D, C] = await Promise.all(
    [
      "pure/files/zip-format",
      "features/upload/weights/zip-archive",
      "features/upload/weights/weights-file",
      "pure/files/crc32",
    ].map((name) => import(`convoscope/${name}.js`)));
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const letters = (buffer) => Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  const text = async (blob) => btoa(letters(await blob.arrayBuffer()));
  const known = async (blob) => D.describeWeights(blob).catch((problem) => {
    if (!(problem instanceof RangeError)) throw problem;
    return null;
  });
"""

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def run(browser: Browser) -> Iterator[Run]:
    """run(script, argument) evaluates a script in a page with nothing but an import map."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route(f"{SITE}/**", answer)
        page.goto(f"{SITE}/")

        def evaluate(script: str, argument: object = None) -> Any:
            return page.evaluate(f"async (given) => {{ {PRELUDE} {script} }}", argument)

        yield evaluate


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def description(run: Run, data: bytes) -> bytes | None:
    """The description of a file; None where the browser cannot read its parts."""
    script = "const found = await known(new Blob([bytes(given)])); return found && text(found.description);"
    said = run(script, coded(data))
    return None if said is None else base64.b64decode(said)


def sent(run: Run, data: bytes, name: str) -> bytes:
    """The part of a file that is uploaded for a layer."""
    layer = next(one for one in list_layers(MemorySource(data)) if one.name == name)
    row = {"name": layer.name, "shape": list(layer.shape), "array": layer.array, "parts": list(layer.parts)}
    script = "return text(await (await D.describeWeights(new Blob([bytes(given.file)]))).extractLayer(given.layer));"
    return base64.b64decode(run(script, {"file": coded(data), "layer": row}))


def without_limits(monkeypatch: pytest.MonkeyPatch, data: bytes) -> bytes:
    """The archive rewritten as ZIP64, as for a file of more than 4 GB."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        made = zipped({name: archive.read(name) for name in archive.namelist()})
    monkeypatch.undo()
    assert b"PK\x06\x06" in made
    return made


@pytest.mark.parametrize("kind", FILES)
def test_only_the_numbers_of_one_layer_are_sent_unchanged(run: Run, kind: str):
    data = FILES[kind]
    for name, filters in (("one", ONE), ("two", TWO)):
        part = sent(run, data, name)
        assert len(part) < 4_000 + filters.nbytes
        assert list_layers(open_partial_file(part)) == list_layers(MemorySource(data))
        found = read_layer(open_partial_file(part), layer=name)
        assert np.array_equal(found.weight, filters)
        assert np.array_equal(found.bias, np.arange(len(filters)))


@pytest.mark.parametrize("kind", ["pt", "npz", "npz deflated"])
def test_the_description_of_an_archive_names_the_layers_of_all_of_it(run: Run, kind: str):
    found = description(run, FILES[kind])
    assert found is not None
    assert len(found) < 4_000
    assert list_layers(MemorySource(found)) == list_layers(MemorySource(FILES[kind]))


def test_an_extracted_layer_keeps_the_header_of_all_arrays(run: Run):
    whole = pack(ARRAYS, {"format": "pt"})
    header = [json.loads(part[8 : 8 + int.from_bytes(part[:8], "little")]) for part in (whole, sent(run, whole, "two"))]
    assert [*header[0]] == [*header[1]]
    assert header[1]["__metadata__"] == {"format": "pt"}
    assert header[1]["two.weight"]["data_offsets"] == [0, TWO.nbytes]
    assert {row["shape"] == header[0][name]["shape"] for name, row in header[1].items() if "shape" in row} == {True}


def test_the_description_of_a_safetensors_file_ends_where_its_numbers_begin(run: Run):
    data = FILES["safetensors"]
    assert description(run, data) == data[: 8 + int.from_bytes(data[:8], "little")]


@pytest.mark.parametrize("kind", ["pt", "npz", "npz deflated"])
def test_zip64_archives_are_read(run: Run, kind: str, monkeypatch: pytest.MonkeyPatch):
    large = without_limits(monkeypatch, FILES[kind])
    assert np.array_equal(read_layer(MemorySource(sent(run, large, "two")), layer="two").weight, TWO)


@pytest.mark.parametrize("around", ["comment", "prefix"])
def test_bytes_before_and_after_an_archive_are_ignored(run: Run, around: str):
    data = FILES["pt"]
    if around == "comment":
        with zipfile.ZipFile(file := io.BytesIO(data), "a") as archive:
            archive.comment = b"PK\x05 a comment of " + b"x" * 60_000
        data = file.getvalue()
        assert np.array_equal(read_layer(MemorySource(sent(run, data, "two")), layer="two").weight, TWO)
    else:
        script = "return [...(await A.listMembers(new Blob(['#!/bin/sh', bytes(given)]))).values()]"
        whole = run("return [...(await A.listMembers(new Blob([bytes(given)]))).values()]", coded(data))
        assert [row["offset"] - 9 for row in run(script, coded(data))] == [row["offset"] for row in whole]


def test_names_of_any_script_stay_as_they_are(run: Run):
    with zipfile.ZipFile(io.BytesIO(FILES["pt"])) as archive:
        data = zipped({name.replace("archive", "modèle-雪"): archive.read(name) for name in archive.namelist()})
    assert read_layer(MemorySource(sent(run, data, "two")), layer="two").name == "two"


def test_code_inside_a_file_is_listed_and_not_sent(run: Run):
    code = b"def forward(self): ..." * 1_000
    program = zipped({"net/data.pkl": state(ARRAYS), "net/code/__torch__.py": code, "net/data/0": bytes(90_000)})
    found = description(run, program)
    assert found is not None
    with zipfile.ZipFile(io.BytesIO(found)) as archive:
        assert archive.read("net/code/__torch__.py") == b""
        assert "net/data/0" not in archive.namelist()


@pytest.mark.parametrize("kind", ["pt", "npz", "npz deflated"])
@pytest.mark.parametrize("left", [0.999, 0.9, 0.5, 0.01])
def test_a_truncated_archive_is_rejected(run: Run, kind: str, left: float):
    data = FILES[kind]
    assert description(run, data[: int(left * len(data))]) is None


def test_an_archive_with_an_oversized_directory_is_rejected(run: Run):
    end = FILES["pt"].rindex(b"PK\x05\x06")
    for place, number in ((10, 0xFFFF), (12, 0xFFFFFFF0), (16, 0xFFFFFFF0), (12, 0)):
        damaged = bytearray(FILES["pt"])
        struct.pack_into("<H" if place == 10 else "<I", damaged, end + place, number)
        assert description(run, bytes(damaged)) is None


def test_damaged_files_are_read_or_rejected(run: Run):
    files = [*(data for _, data in mutated(8, 300)), *good_files().values()]
    files += [b"", b"PK", b"PK\x05\x06" + bytes(18)]
    script = """
      const parts = ["archive/data/0", "conv1.weight.npy"];
      const layer = { name: "conv1", shape: [4, 3, 3, 3], array: "conv1.weight", parts };
      let apart = 0;
      for (const file of given.map((one) => new Blob([bytes(one)]))) {
        const found = await known(file);
        if (!found) continue;
        apart++;
        await found.extractLayer(layer).catch((problem) => { if (!(problem instanceof RangeError)) throw problem; });
      }
      return apart;
    """
    assert 50 < run(script, [coded(data) for data in files]) < len(files)


def test_the_checksum_is_crc_32(run: Run):
    for data in (b"", b"a", bytes(range(256)) * 5):
        assert run("return C.crc32(bytes(given));", coded(data)) == crc32(data)
