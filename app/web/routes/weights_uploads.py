"""Uploaded weights: one layer of a file, stored for a while as a model."""

from __future__ import annotations

from functools import partial
from urllib.parse import unquote

from fastapi import APIRouter, Request, Response

from ...core.problems import make_problem
from ...core.texts import make_text
from ...models.formats import Candidate
from ..app_state import get_app_state, get_query_string
from ..openapi.openapi import BINARY_FILE, WEIGHTS_BODY, describe_call, json_content
from ..openapi.parameters import WeightsIdParam, make_line
from ..openapi.schema_builders import Json
from ..requests.public_url import get_public_url
from ..requests.query_params import read_known_keys
from ..responses.http_errors import HTTPError
from ..responses.ready_response import BINARY_TYPE, Reply, ReplyResponse, make_json_reply
from .catalog import make_model_row
from .upload_lifetime import CACHE_TEN_MINUTES, DELETE_DESCRIPTION, count_uploads, delete_upload, make_lease_row

TITLE = make_line("title", "Its title: the name of the file.", "alexnet.safetensors")
LAYER = make_line("layer", "Which of the file's layers to show, by its name; without it the likeliest.", "features-0")

DESCRIPTION_BODY: Json = {
    **WEIGHTS_BODY,
    "description": "A file of weights as for /api/weights. Its numbers may be missing: of a zip archive the members "
    "that hold them, of each .npy all behind its description, of safetensors all behind the description.",
}
router = APIRouter(tags=["learned filters"])


@router.post(
    "/api/weights",
    status_code=201,
    name="bring_weights",  # the operationId, which generated clients use
    openapi_extra=describe_call(
        TITLE, LAYER, content=json_content("StoredWeights"), success=201, statuses=(422,), body=WEIGHTS_BODY
    ),
)
async def upload_weights(request: Request) -> Response:
    """Uploads a file of weights, of which one convolution is stored for a while. Nothing in the file is executed."""
    state = get_app_state(request)
    with count_uploads(state.metrics.weights):
        own = read_known_keys(get_query_string(request), ("title", "layer"))
        title, name = (unquote(own.get(key, "")) for key in ("title", "layer"))
        uploaded = await state.uploads.receive_weights(request, title, name or None)
    stored, layer = uploaded.stored, uploaded.layer
    model = await state.uploads.threads.run(partial(state.models.find_uploaded, stored.id))
    stored_row = {
        "weights": stored.id,
        "layer": layer.name,
        "shape": list(layer.weight.shape),
        "filters": f"{stored.id}/{layer.name}",
        "layers": [_make_layer_row(one) for one in uploaded.layers],
        "model": make_model_row(model) if model else None,
        **make_lease_row(stored),
    }
    where = f"{get_public_url(request).prefix}/api/weights/{stored.id}.safetensors"
    return ReplyResponse(make_json_reply(stored_row, 201, Location=where, Cache_Control="no-store"))


@router.post(
    "/api/weights/layers",
    openapi_extra=describe_call(content=json_content("WeightsLayers"), statuses=(422,), body=DESCRIPTION_BODY),
)
async def list_layers(request: Request) -> Response:
    """Lists the layers of a file of weights that could be shown, the likeliest first. Nothing of the file is stored.

    Their numbers may be missing: for a zip archive, the members that are `parts` here; for safetensors, whose arrays
    they are, all behind the description.
    """
    read_known_keys(get_query_string(request))
    layers = await get_app_state(request).uploads.receive_layers(request)
    rows = [{**_make_layer_row(one), "parts": list(one.parts)} for one in layers]
    return ReplyResponse(make_json_reply({"layers": rows}, Cache_Control="no-store"))


@router.get("/api/weights/{id}.safetensors", openapi_extra=describe_call(content=BINARY_FILE, statuses=(410, 422, 503)))
async def get_weights(request: Request, id: WeightsIdParam) -> Response:
    """The stored layer of uploaded weights, as safetensors."""
    state = get_app_state(request)
    read_known_keys(get_query_string(request))
    model = await state.uploads.threads.run(partial(state.models.find_uploaded, id))
    if model is None or model.data is None:
        raise gone_weights_error(id)
    return ReplyResponse(Reply(model.data, BINARY_TYPE, headers=CACHE_TEN_MINUTES))


@router.delete("/api/weights/{id}.safetensors", status_code=204, openapi_extra=DELETE_DESCRIPTION)
async def delete_weights(request: Request, id: WeightsIdParam) -> Response:
    """Deletes uploaded weights at once; needs their token."""
    return await delete_upload(request, id, gone_weights_error)


def _make_layer_row(layer: Candidate) -> dict[str, object]:
    """A layer that could be shown: its name, the shape (K, C, h, w), its array's name in the file, a remark."""
    return {"name": layer.name, "shape": list(layer.shape), "array": layer.array, "remark": layer.remark}


def gone_weights_error(id: str) -> HTTPError:
    """The error (410) for weights that are no longer stored."""
    return HTTPError.from_problems([make_problem("gone_weights", "weights", id[:60], make_text("kept_weights"))], 410)
