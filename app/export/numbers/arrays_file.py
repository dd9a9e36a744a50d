"""Writes all stages of a figure as arrays: NPZ, safetensors and JSON."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.trace.stage_json import stage_to_json
from ...core.trace.wire import make_header, pack, trace_to_json
from ..exported_figure import ExportedFigure

ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def write_npz(figure: ExportedFigure) -> bytes:
    """Write `k_output`, and `k_weight` and `k_bias` of layers that have them, with the facts of all as JSON in `facts`.

    Law: each array is that of the figure, to the bit; the same figure gives the same bytes.
    """
    file = io.BytesIO()
    facts = np.array(json.dumps(_list_facts(figure), ensure_ascii=False))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in {**_list_arrays(figure, "_"), "facts": facts}.items():
            data = io.BytesIO()
            np.save(data, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", ZIP_DATE), data.getvalue(), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def write_safetensors(figure: ExportedFigure) -> bytes:
    """Write `k.output`, `k.weight` and `k.bias` as a safetensors file; its metadata has the facts of all stages."""
    return pack(_list_arrays(figure, "."), {"facts": json.dumps(_list_facts(figure), ensure_ascii=False)})


def write_json(figure: ExportedFigure) -> bytes:
    """Write all stages with their values as JSON, like `/api/trace.json`."""
    made = trace_to_json(figure.trace, make_header(figure.trace, figure.address, ()))
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def _list_arrays(figure: ExportedFigure, between: str) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    for index, stage in enumerate(figure.trace.stages):
        for name in ("output", "weight", "bias"):
            if (array := getattr(stage, name)) is not None:
                arrays[f"{index}{between}{name}"] = array
    return arrays


def _list_facts(figure: ExportedFigure) -> dict[str, Any]:
    return {"link": figure.address, "stages": [stage_to_json(stage) for stage in figure.trace.stages]}
