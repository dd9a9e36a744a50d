"""Lists of samples, classic filters and models, for the API and for the controls of pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from importlib.util import find_spec

from fastapi import APIRouter, Request, Response

from ...core.operation_table import OPERATIONS
from ...core.ops.adjust_options import ADJUST_OPTIONS
from ...core.options import SIZES, VIEW_OPTIONS, Option, make_kernel_size_option
from ...core.scene import Planes, SampleName, Scene
from ...core.texts import make_text, write_message
from ...core.weights.kernels import KERNELS, Kernel
from ...images.crop import crop_to_cells
from ...images.samples import Sample
from ...models.model import Model
from ...render.color import Colors
from ...render.png import encode_png
from ..app_state import AppState, get_app_state, get_query_string
from ..openapi.openapi import PNG_FILE, describe_call, json_list_content
from ..openapi.parameters import SampleNameParam
from ..requests.public_url import get_client_network, get_public_url
from ..requests.query_params import read_known_keys
from ..responses.http_errors import HTTPError
from ..responses.ready_response import NO_CACHE, PNG_TYPE, Reply, ReplyResponse, make_etag, make_json_reply
from ..static_files import CACHE_FOREVER
from ..table_texts import TABLE_TEXTS
from ..work.fair_queue import Work
from ..work.work_executor import PNG_MS

THUMBNAIL_SIDE = 56
"""Pixels per side of a sample's thumbnail."""

VIEW_FIELDS = ("name", "kind", "default", "least", "most", "choices", "above")
"""What a page needs of an option of the view to read and to write links; its texts come with the controls."""

router = APIRouter(tags=["menus"])


@router.get("/api/samples", openapi_extra=describe_call(content=json_list_content("Sample")))
async def list_samples(request: Request) -> Response:
    """All samples, with their credits and the addresses of pixels and thumbnails."""
    state, prefix = get_app_state(request), get_public_url(request).prefix
    return _send_rows(request, [make_sample_row(state, sample, prefix) for sample in state.samples.values()])


@router.get("/api/kernels", openapi_extra=describe_call(content=json_list_content("Kernel")))
async def list_kernels(request: Request) -> Response:
    """All classic filters, each with its whole numbers, a divisor, and one sentence."""
    return _send_rows(request, [make_kernel_row(kernel) for kernel in KERNELS])


@router.get("/api/models", openapi_extra=describe_call(content=json_list_content("Model")))
async def list_models(request: Request) -> Response:
    """All trained models, with their training data, accuracy, layers, and recorded training steps."""
    state = get_app_state(request)
    return _send_rows(request, [model.to_json() for model in state.models.values()])


@router.get("/api/samples/{name}.png", openapi_extra=describe_call(content=PNG_FILE, statuses=(404, 422, 429, 503)))
async def get_sample_picture(request: Request, name: SampleNameParam) -> Response:
    """A sample's own pixels, which `crop` counts in, in PNG."""
    state = get_app_state(request)
    read_known_keys(get_query_string(request))
    _check_sample(state, name)
    return await _send_png(request, name, lambda: encode_png(state.samples.picture(name).pixels, effort=6), False)


@router.get(
    "/api/samples/{name}/thumbnail.png", openapi_extra=describe_call(content=PNG_FILE, statuses=(404, 422, 429, 503))
)
async def get_sample_thumbnail(request: Request, name: SampleNameParam) -> Response:
    """A small square of a sample in PNG, cropped around its focus."""
    state = get_app_state(request)
    is_versioned = read_known_keys(get_query_string(request), ("v",)).get("v") == state.content_hash
    _check_sample(state, name)
    return await _send_png(request, f"{name} small", partial(_make_thumbnail, state, name), is_versioned)


def make_page_tables(state: AppState) -> dict[str, object]:
    """The tables that a page needs for its first figure."""
    return {
        "view": [_describe_view_option(option) for option in VIEW_OPTIONS],
        "limits": {**asdict(state.limits), "upload_bytes": state.settings.upload_bytes},
        "has_heic": find_spec("pillow_heif") is not None,
    }


def _describe_view_option(option: Option) -> dict[str, object]:
    """What a page needs to read and to write an option of the view; limits only where its values have some."""
    row, has_limits = option.to_json(), option.kind not in ("flag", "word", "words", "text")
    return {
        key: row[key]
        for key in VIEW_FIELDS
        if key == "default" or (row[key] is not False and row[key] != [])
        if has_limits or key not in ("least", "most")
    }


def make_control_tables(state: AppState) -> dict[str, object]:
    """The other tables from which a page makes its controls."""
    view_rows = [TABLE_TEXTS.write_row(option.to_json()) for option in VIEW_OPTIONS]
    return {
        "view_texts": {str(row["name"]): {key: row[key] for key in ("label", "help")} for row in view_rows},
        "operations": [TABLE_TEXTS.write_row(operation.to_json()) for operation in OPERATIONS],
        "adjust": [TABLE_TEXTS.write_row(option.to_json()) for option in ADJUST_OPTIONS],
        "kernel_size": TABLE_TEXTS.write_row(make_kernel_size_option(state.limits).to_json()),
        "kernels": [make_kernel_row(kernel) for kernel in KERNELS],
        "samples": [_make_button_row(make_sample_row(state, sample)) for sample in state.samples.values()],
        "networks": [_make_network_row(model) for model in state.models.values() if model.classes],
        "sizes": [size for size in SIZES if size <= state.limits.side],
    }


def make_sample_row(state: AppState, sample: Sample, prefix: str = "") -> dict[str, object]:
    """A sample in a menu; its addresses begin with `prefix`, which pages add themselves."""
    return {
        "name": sample.name,
        "title": write_message(sample.title_text),
        "kind": sample.kind,
        "alt": write_message(sample.alt_text),
        "credit": f"{sample.author}, {sample.licence}",
        "source": sample.source,
        "focus": list(sample.focus),
        "picture": f"{prefix}/api/samples/{sample.name}.png",
        "thumbnail": f"{prefix}/api/samples/{sample.name}/thumbnail.png?v={state.content_hash}",
    }


def _make_button_row(row: dict[str, object]) -> dict[str, object]:
    """The part of a sample's row that a page shows before it is chosen; the rest comes with the figure."""
    return {key: row[key] for key in ("name", "title", "kind", "credit", "picture", "thumbnail")}


def make_model_row(model: Model) -> dict[str, object]:
    """A trained model in a menu: without the curves of its training, which are long."""
    row = model.to_json()
    if row["film"]:
        row["film"] = {name: row["film"][name] for name in ("layer", "moments")}
    return row


def _make_network_row(model: Model) -> dict[str, object]:
    """A whole network in the Lab's menu of layers: its names, its classes, and whether it reads colors."""
    row = model.to_json()
    return {
        "name": model.name,
        "title": model.title,
        "classes": len(model.classes),
        "names": list(model.classes),
        "rgb": row["shape"][0] == 3,
    }


def make_kernel_row(kernel: Kernel) -> dict[str, object]:
    """A classic filter in a menu."""
    planes: Planes = kernel.planes
    row = {
        "name": kernel.name,
        "title": kernel.title,
        "family": kernel.family,
        "sentence": kernel.sentence,
        "planes": planes.planes,
        "divisor": planes.divisor,
        "show": kernel.show,
    }
    return TABLE_TEXTS.write_row(row)


def _send_rows(request: Request, rows: list[dict[str, object]]) -> ReplyResponse:
    read_known_keys(get_query_string(request))
    return ReplyResponse(_add_etag(make_json_reply(rows)))


def _add_etag(reply: Reply) -> Reply:
    return Reply(reply.body, reply.media_type, reply.status, NO_CACHE, make_etag(reply.body), reply.gzipped)


def _check_sample(state: AppState, name: str) -> None:
    if name not in state.samples:
        raise HTTPError(404, make_text("no_sample", name=name[:60]))


async def _send_png(request: Request, key: str, make: Callable[[], bytes], is_immutable: bool) -> ReplyResponse:
    state = get_app_state(request)
    reply = state.replies.get(("sample", key, is_immutable))
    if reply is None:
        body = await state.executor.run(make, Work(get_client_network(request), PNG_MS))
        headers = CACHE_FOREVER if is_immutable else NO_CACHE
        reply = Reply(body, PNG_TYPE, headers=headers, etag=make_etag(state.content_hash, key))
        state.replies.put(("sample", key, is_immutable), reply)
    return ReplyResponse(reply)


def _make_thumbnail(state: AppState, name: str) -> bytes:
    scene = Scene(SampleName(name))
    pixels = crop_to_cells(state.samples.picture(name), (THUMBNAIL_SIDE, THUMBNAIL_SIDE), scene.crop, "rgb", "byte")
    colors: Colors = pixels.transpose(1, 2, 0).astype("uint8")
    return encode_png(colors, effort=9)
