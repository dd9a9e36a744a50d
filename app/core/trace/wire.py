"""The wire format of a Trace: a safetensors file for programs, plain JSON for people.

A safetensors file (https://github.com/huggingface/safetensors) is a little-endian u64 with the header's length, the
header as JSON, then the raw little-endian arrays. Names: `0.output` (the input), `1.weight`, `1.bias`, `1.output`, …,
maps as (C, H, W). The scene and every stage's metadata are JSON text under `__metadata__`.trace. Maps of one cell, of
which there may be a thousand, come without `ranges` and `telling`: both ends of such a range are the value.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import Maps
from ..link.query_string import format_image, format_scene
from ..link.scene_json import scene_to_json
from ..problems import Problem
from ..scene import SCENE_VERSION, Scene, choose_item
from ..texts import Text, write_message
from .stage_json import ENCODER, stage_to_json, write_stage_json
from .trace import Stage, Trace

Tensor = npt.NDArray[Any]
DTYPES: dict[str, np.dtype[Any]] = {
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "I32": np.dtype("<i4"),
    "U8": np.dtype("u1"),
}
MOST_THUMBNAIL = 64
"""The longest side of a picture of the stack as a thumbnail, in cells."""
SMALLEST_STEP = 1e-37
"""float32 divides by this and anything larger without losing precision."""
DTYPE_CODES = {dtype: code for code, dtype in DTYPES.items()}


def make_header(
    trace: Trace, link: str, problems: Sequence[Problem], titles: Sequence[Text | str] = ()
) -> dict[str, object]:
    """The content of `__metadata__`.trace, without the stages; `titles` are those of the pictures of a stack.

    `batch` counts the pictures of the stack, where there is one, and says which of them the Trace is of, from 0.
    """
    scene = trace.scene
    batch = {
        "count": len(scene.stack),
        "item": scene.item,
        "names": [format_image(image) for image in scene.stack],
        "thumbnails": list_thumbnails(scene),
        **({"titles": [write_message(title) for title in titles]} if titles else {}),
    }
    return {
        "version": trace.version,
        "scene": scene_to_json(scene),
        **({"batch": batch} if scene.batch else {}),
        "link": link,
        "problems": [problem.to_json() for problem in problems],
    }


def list_thumbnails(scene: Scene) -> list[str]:
    """The paths of small pictures of the inputs of a stack, on the server that has them."""
    rows, columns = scene.size
    shrink = min(1.0, MOST_THUMBNAIL / max(scene.size)) if scene.adjust is None else 1.0
    size = max(1, round(rows * shrink)), max(1, round(columns * shrink))
    alone = (
        replace(choose_item(scene, item), layers=(), size=size, version=SCENE_VERSION)
        for item in range(len(scene.stack))
    )
    return [f"/api/picture.png?{format_scene(one)}&stage=0&scale=1" for one in alone]


def trace_to_bytes(
    trace: Trace,
    header: Mapping[str, object],
    full: Collection[int] | None = None,
    float_bytes: int = 4_000_000,
    only: Collection[int] | None = None,
) -> bytes:
    """The Trace as one safetensors file.

    All maps are float32 if they fit into `float_bytes`; otherwise only those of the stages in `full`. The others are
    uint8 arrays `k.preview`, with `preview` = [offset, step] in the stage's entry: value ≈ offset + step · byte.
    With `only`, the arrays of those stages alone are sent and counted.
    """
    sent = range(len(trace.stages)) if only is None else only
    fits = sum(trace.stages[k].output.nbytes for k in sent) <= float_bytes
    entries: list[str] = []
    tensors: dict[str, Tensor] = {}
    for k, stage in enumerate(trace.stages):
        if k not in sent:
            entries.append(write_stage_json(stage))
            continue
        if fits or (full is not None and k in full):
            tensors[f"{k}.output"] = stage.output
            entries.append(write_stage_json(stage, stage.output.shape[1:] != (1, 1)))
        else:
            tensors[f"{k}.preview"], preview = quantize(stage.output)
            entries.append(ENCODER.encode({**stage_to_json(stage), "preview": preview}))
        if stage.weight is not None and stage.bias is not None:
            tensors[f"{k}.weight"], tensors[f"{k}.bias"] = stage.weight, stage.bias
    start = ENCODER.encode({**header, "stages": []}).removesuffix("]}")
    return pack(tensors, {"trace": f"{start}{','.join(entries)}]}}"})


def quantize(maps: Maps) -> tuple[Tensor, list[float]]:
    """(bytes, [offset, step]): a value is about offset + step · byte."""
    low, high = float(maps.min()), float(maps.max())
    step = (high - low) / 255
    if step < SMALLEST_STEP:
        step = 1.0
    return np.rint((maps - low) / step).astype(np.uint8), [low, step]


def pack(tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> bytes:
    """A safetensors file of named arrays (of a dtype in `DTYPES`) and texts; the arrays start at a multiple of 8."""
    header: dict[str, object] = {"__metadata__": dict(metadata)}
    parts: list[bytes] = []
    start = 0
    for name, array in sorted(tensors.items(), key=lambda item: item[1].dtype.itemsize, reverse=True):
        little = array if array.dtype in DTYPE_CODES else array.astype(array.dtype.newbyteorder("<"))
        stop = start + little.nbytes
        header[name] = {"dtype": DTYPE_CODES[little.dtype], "shape": array.shape, "data_offsets": (start, stop)}
        parts.append(little.tobytes())
        start = stop
    text = ENCODER.encode(header).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([len(text).to_bytes(8, "little"), text, *parts])


def unpack(data: bytes | memoryview) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The inverse of `pack`. Raises ValueError for a header that does not match the bytes."""
    entries, metadata, start = read_header(data)
    body = memoryview(data)[start:]
    return {name: _read_tensor(name, entry, body) for name, entry in entries.items()}, metadata


def read_header(data: bytes | memoryview) -> tuple[dict[str, Any], dict[str, str], int]:
    """(entries of the arrays, texts, offset of the first array) from the start of a safetensors file.

    Raises ValueError where `data` does not contain the whole header.
    """
    size = int.from_bytes(data[:8], "little")
    if len(data) < 8 or size > len(data) - 8:
        raise ValueError(f"the header should be {size} bytes long; {max(len(data) - 8, 0)} bytes follow")
    entries = json.loads(bytes(data[8 : 8 + size]))
    return entries, entries.pop("__metadata__", {}), 8 + size


def _read_tensor(name: str, entry: Mapping[str, Any], body: memoryview) -> Tensor:
    start, stop = entry["data_offsets"]
    dtype = DTYPES[entry["dtype"]]
    cells = int(np.prod(entry["shape"], dtype=np.int64))
    if not 0 <= start <= stop <= len(body) or stop - start != cells * dtype.itemsize:
        raise ValueError(f"{name} lies at {start}…{stop}, which does not fit its shape or the file")
    return np.frombuffer(body[start:stop], dtype).reshape(entry["shape"])


def trace_to_json(
    trace: Trace, header: Mapping[str, object], shown: Collection[int] | None = None
) -> dict[str, object]:
    """The Trace as JSON: the same entries, with the values of the stages `shown`, all of them for None, as lists."""
    stages = [
        _add_values(stage) if shown is None or k in shown else stage_to_json(stage)
        for k, stage in enumerate(trace.stages)
    ]
    return {**header, "stages": stages}


def _add_values(stage: Stage) -> dict[str, object]:
    entry: dict[str, object] = {**stage_to_json(stage), "output": stage.output.tolist()}
    if stage.weight is not None and stage.bias is not None:
        entry |= {"weight": stage.weight.tolist(), "bias": stage.bias.tolist()}
    return entry
