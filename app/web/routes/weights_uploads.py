"""Weights that people bring: the first layer of a file, kept for a while under a name that models have."""

from __future__ import annotations

from functools import partial
from urllib.parse import unquote

from fastapi import APIRouter, Request, Response

from ...core.problems import Problem
from ...models.formats import Candidate
from ..app_state import query_of, site_of
from ..http_messages import GONE_WEIGHTS
from ..openapi.openapi import BYTES, WEIGHTS_BODY, describe, json_of
from ..openapi.parameters import WeightsId, text
from ..openapi.response_schemas import Json
from ..requests.forwarded import outside_of
from ..requests.query_params import refuse_keys
from ..responses.http_errors import Refused
from ..responses.ready_response import Reply, Sent, json_reply
from .catalog import model_row
from .upload_lifetime import DELETION, MINUTES, counted, delete_brought, lease

TITLE = text("title", "What to call it: the name of the file.", "alexnet.safetensors")
LAYER = text("layer", "Which of the file's layers to show, by its name; without it the likeliest.", "features-0")

DESCRIPTION_BODY: Json = {
    **WEIGHTS_BODY,
    "description": "A file of weights as for /api/weights. Its numbers may be missing: of a zip archive the members "
    "that hold them, of each .npy all behind its description, of safetensors all behind the description.",
}
router = APIRouter(tags=["learned filters"])


@router.post(
    "/api/weights",
    status_code=201,
    openapi_extra=describe(
        TITLE, LAYER, answers=json_of("StoredWeights"), success=201, statuses=(422,), body=WEIGHTS_BODY
    ),
)
async def bring_weights(request: Request) -> Response:
    """Brings a file of weights, of which one convolution is kept for a while. Nothing in the file is executed."""
    site = site_of(request)
    with counted(site.metrics.weights):
        own = refuse_keys(query_of(request), ("title", "layer"))
        title, name = (unquote(own.get(key, "")) for key in ("title", "layer"))
        found = await site.uploads.receive_weights(request, title, name or None)
    stored, layer = found.stored, found.layer
    model = await site.uploads.threads.run(partial(site.models.find_uploaded, stored.id))
    told = {
        "weights": stored.id,
        "layer": layer.name,
        "shape": list(layer.weight.shape),
        "filters": f"{stored.id}/{layer.name}",
        "layers": [_row(one) for one in found.layers],
        "model": model_row(model) if model else None,
        **lease(stored),
    }
    where = f"{outside_of(request).prefix}/api/weights/{stored.id}.safetensors"
    return Sent(json_reply(told, 201, Location=where, Cache_Control="no-store"))


@router.post(
    "/api/weights/layers",
    openapi_extra=describe(answers=json_of("WeightsLayers"), statuses=(422,), body=DESCRIPTION_BODY),
)
async def list_layers(request: Request) -> Response:
    """Says which layers of a file of weights could be shown, the likeliest first. Nothing is kept of the file.

    Their numbers may be missing: for a zip archive, the members that are `parts` here; for safetensors, whose arrays
    they are, all behind the description.
    """
    refuse_keys(query_of(request))
    layers = await site_of(request).uploads.receive_layers(request)
    rows = [{**_row(one), "parts": list(one.parts)} for one in layers]
    return Sent(json_reply({"layers": rows}, Cache_Control="no-store"))


@router.get("/api/weights/{id}.safetensors", openapi_extra=describe(answers=BYTES, statuses=(410, 422, 503)))
async def get_weights(request: Request, id: WeightsId) -> Response:
    """The layer that was kept of brought weights, as safetensors."""
    site = site_of(request)
    refuse_keys(query_of(request))
    model = await site.uploads.threads.run(partial(site.models.find_uploaded, id))
    if model is None or model.data is None:
        raise gone(id)
    return Sent(Reply(model.data, "application/octet-stream", headers=MINUTES))


@router.delete("/api/weights/{id}.safetensors", status_code=204, openapi_extra=DELETION)
async def delete_weights(request: Request, id: WeightsId) -> Response:
    """Deletes brought weights at once, for whoever has their token."""
    return await delete_brought(request, id, gone)


def _row(layer: Candidate) -> dict[str, object]:
    """A layer that could be shown: its name, the shape (K, C, h, w), what the file calls its array, a word about it."""
    return {"name": layer.name, "shape": list(layer.shape), "array": layer.array, "remark": layer.remark}


def gone(id: str) -> Refused:
    """The refusal of weights that are no longer here."""
    return Refused.misfit([Problem("weights", id[:60], "weights brought in the last hours", GONE_WEIGHTS)], 410)
