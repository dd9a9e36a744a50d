"""The wire format of the Trace of a large network: previews of all maps, and some of them in full.

The file is one of safetensors, as that of a whole Trace, whose names and entries it has. `k.preview` are bytes: means
of square blocks of cells, with `preview` = [offset, step] and `preview_block`, the side of a block, in the stage's
entry; a mean is about offset + step · byte. `k.ranges` and `k.telling` hold what the lists of these names hold in the
entries of a whole Trace: the least and the largest value of each map, row and column of its salient cell. Maps of one
cell are sent whole, as `k.output`. `k.maps` are the maps that the request chose, float32, with `maps` = [first, one
past the last] in the entry; `k.weight` and `k.bias` are those of these maps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ..arrays import Maps
from ..ops.pooling import Pool, pool2d
from ..trace.stage_json import ENCODER, write_stage_json
from ..trace.trace import Stage
from ..trace.value_ranges import measure_maps
from ..trace.wire import Tensor, pack, quantize
from .network_parts import NetworkParts, find_block, is_sent_whole


def network_to_bytes(stages: Iterable[Stage], header: Mapping[str, object], parts: NetworkParts) -> bytes:
    """The file of a network's stages; each is removed from memory before the next one is computed."""
    entries: list[str] = []
    tensors: dict[str, Tensor] = {}
    for stage in stages:
        index = stage.info.index
        entry: dict[str, object] = {}
        if parts.has_preview(index):
            _add_preview(index, stage, parts.preview, entry, tensors)
        chosen = parts.find_maps(index)
        if chosen:
            _add_maps(index, stage, chosen, entry, tensors)
        facts = write_stage_json(stage, has_ranges=False)
        entries.append(f"{facts[:-1]},{ENCODER.encode(entry)[1:]}" if entry else facts)
        del stage  # or its maps would still be here while the next ones are computed
    start = ENCODER.encode({**header, "stages": []}).removesuffix("]}")
    return pack(tensors, {"trace": f"{start}{','.join(entries)}]}}"})


def reduce_maps(maps: Maps, longest: int) -> Maps:
    """The means of square blocks of cells, as many as leave no side above `longest`; blocks at the end are smaller."""
    block = find_block((maps.shape[1], maps.shape[2]), longest)
    if block == 1:
        return maps
    sides = min(block, maps.shape[1]), min(block, maps.shape[2])
    return pool2d(maps, Pool("avg", sides, sides, ceil_mode=True, count_include_pad=False))


def _add_preview(index: int, stage: Stage, longest: int, entry: dict[str, object], tensors: dict[str, Tensor]) -> None:
    if is_sent_whole(stage.info.shape):
        tensors[f"{index}.output"] = stage.output
        return
    tensors[f"{index}.ranges"], tensors[f"{index}.telling"] = _measure(stage)
    tensors[f"{index}.preview"], entry["preview"] = quantize(reduce_maps(stage.output, longest))
    entry["preview_block"] = find_block(stage.info.shape[1:], longest)


def _measure(stage: Stage) -> tuple[Maps, Tensor]:
    """The least and the largest value of each map, and row and column of its salient cell."""
    _, height, width = stage.output.shape
    inside = stage.interior or ((0, height), (0, width))
    least, most, places = measure_maps(stage.output, inside)
    (top, _), (left, right) = inside
    rows, columns = np.divmod(places, right - left)
    cells = np.stack((rows + top, columns + left), axis=1).astype(np.int32)
    return np.stack((least, most), axis=1), cells


def _add_maps(
    index: int, stage: Stage, chosen: tuple[int, int], entry: dict[str, object], tensors: dict[str, Tensor]
) -> None:
    """Copies, so that they do not keep the other maps in memory."""
    maps = slice(*chosen)
    entry["maps"] = list(chosen)
    tensors[f"{index}.maps"] = np.array(stage.output[maps])
    if stage.weight is not None and stage.bias is not None:
        tensors[f"{index}.weight"] = np.array(stage.weight[maps])
        tensors[f"{index}.bias"] = np.array(stage.bias[maps])
