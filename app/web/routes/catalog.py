"""What can be chosen, from the tables that make the pages too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from importlib.util import find_spec

from fastapi import APIRouter, Request, Response

from ...core.operation_table import OPERATIONS
from ...core.options import SIZES, VIEW_OPTIONS, make_kernel_size_option
from ...core.scene import Planes, Scene
from ...core.scene import SampleName as ByName
from ...core.weights.kernels import KERNELS, Kernel
from ...images.crop import cells
from ...images.samples import Sample
from ...models.model import Model
from ...render.color import Colors
from ...render.png import png
from ..app_state import Site, query_of, site_of
from ..http_messages import NO_SAMPLE
from ..openapi.openapi import PICTURE, describe, json_list_of
from ..openapi.parameters import SampleName
from ..requests.forwarded import outside_of, place_of
from ..requests.query_params import refuse_keys
from ..responses.http_errors import Refused
from ..responses.ready_response import Reply, Sent, json_reply, tag
from ..static_files import FOREVER
from ..work.fair_queue import Work
from ..work.work_executor import PICTURE_COST

THUMBNAIL = 56
"""Pixels per side of a sample's thumbnail."""

router = APIRouter(tags=["menus"])


@router.get("/api/samples", openapi_extra=describe(answers=json_list_of("Sample")))
async def list_samples(request: Request) -> Response:
    """All samples, with their credits and the addresses of pixels and thumbnails."""
    site, prefix = site_of(request), outside_of(request).prefix
    return _menu(request, [sample_row(site, sample, prefix) for sample in site.samples.values()])


@router.get("/api/kernels", openapi_extra=describe(answers=json_list_of("Kernel")))
async def list_kernels(request: Request) -> Response:
    """All classic filters, each with its whole numbers, a divisor, and one sentence."""
    return _menu(request, [kernel_row(kernel) for kernel in KERNELS])


@router.get("/api/models", openapi_extra=describe(answers=json_list_of("Model")))
async def list_models(request: Request) -> Response:
    """All trained models, with what they learned from and how well, their layers, and the moments that were kept."""
    site = site_of(request)
    return _menu(request, [model.to_json() for model in site.models.values()])


@router.get("/api/samples/{name}.png", openapi_extra=describe(answers=PICTURE, statuses=(404, 422, 429, 503)))
async def get_sample_picture(request: Request, name: SampleName) -> Response:
    """A sample's own pixels, which `crop` counts in, in PNG."""
    site = site_of(request)
    refuse_keys(query_of(request))
    _known(site, name)
    return await _picture(request, name, lambda: png(site.samples.picture(name).pixels, effort=6), False)


@router.get("/api/samples/{name}/thumbnail.png", openapi_extra=describe(answers=PICTURE, statuses=(404, 422, 429, 503)))
async def get_sample_thumbnail(request: Request, name: SampleName) -> Response:
    """A small square of a sample in PNG, cut around its focus."""
    site = site_of(request)
    versioned = refuse_keys(query_of(request), ("v",)).get("v") == site.salt
    _known(site, name)
    return await _picture(request, f"{name} small", partial(_thumbnail, site, name), versioned)


def page_tables(site: Site) -> dict[str, object]:
    """All that the controls of a page are made of."""
    return {
        "operations": [operation.to_json() for operation in OPERATIONS],
        "view": [option.to_json() for option in VIEW_OPTIONS],
        "kernel_size": make_kernel_size_option(site.limits).to_json(),
        "kernels": [kernel_row(kernel) for kernel in KERNELS],
        "samples": [_on_a_button(sample_row(site, sample)) for sample in site.samples.values()],
        "networks": [_network_row(model) for model in site.models.values() if model.classes],
        "sizes": [size for size in SIZES if size <= site.limits.side],
        "limits": {**asdict(site.limits), "upload_bytes": site.settings.upload_bytes},
        "has_heic": find_spec("pillow_heif") is not None,
    }


def sample_row(site: Site, sample: Sample, prefix: str = "") -> dict[str, object]:
    """A sample as menus show it; its addresses begin with `prefix`, without one for pages, which know their own."""
    return {
        "name": sample.name,
        "title": sample.title,
        "kind": sample.kind,
        "alt": sample.alt,
        "credit": f"{sample.author}, {sample.licence}",
        "source": sample.source,
        "focus": list(sample.focus),
        "picture": f"{prefix}/api/samples/{sample.name}.png",
        "thumbnail": f"{prefix}/api/samples/{sample.name}/thumbnail.png?v={site.salt}",
    }


def _on_a_button(row: dict[str, object]) -> dict[str, object]:
    """What a page shows of a sample before it is chosen: the rest comes with the figure."""
    return {key: row[key] for key in ("name", "title", "kind", "credit", "picture", "thumbnail")}


def model_row(model: Model) -> dict[str, object]:
    """A trained model as menus show it: without the curves of its training, which are long."""
    row = model.to_json()
    if row["film"]:
        row["film"] = {name: row["film"][name] for name in ("layer", "moments")}
    return row


def _network_row(model: Model) -> dict[str, object]:
    """A whole network as the Lab's menu of layers shows it: what it is called, and whether it reads colors."""
    row = model.to_json()
    return {"name": model.name, "title": model.title, "classes": len(model.classes), "rgb": row["shape"][0] == 3}


def kernel_row(kernel: Kernel) -> dict[str, object]:
    """A classic filter as menus show it."""
    planes: Planes = kernel.planes
    return {
        "name": kernel.name,
        "title": kernel.title,
        "family": kernel.family,
        "sentence": kernel.sentence,
        "planes": planes.planes,
        "divisor": planes.divisor,
        "show": kernel.show,
    }


def _menu(request: Request, rows: list[dict[str, object]]) -> Sent:
    refuse_keys(query_of(request))
    return Sent(_tagged(json_reply(rows)))


def _tagged(reply: Reply) -> Reply:
    return Reply(reply.body, reply.kind, reply.status, {"Cache-Control": "no-cache"}, tag(reply.body), reply.zipped)


def _known(site: Site, name: str) -> None:
    if name not in site.samples:
        raise Refused(404, NO_SAMPLE.format(name=name[:60]))


async def _picture(request: Request, key: str, make: Callable[[], bytes], forever: bool) -> Sent:
    site = site_of(request)
    kept = site.replies.get(("sample", key, forever))
    if kept is None:
        body = await site.work.run(make, Work(place_of(request), PICTURE_COST))
        headers = FOREVER if forever else {"Cache-Control": "no-cache"}
        kept = Reply(body, "image/png", headers=headers, etag=tag(site.salt, key))
        site.replies.put(("sample", key, forever), kept)
    return Sent(kept)


def _thumbnail(site: Site, name: str) -> bytes:
    scene = Scene(ByName(name))
    small = cells(site.samples.picture(name), (THUMBNAIL, THUMBNAIL), scene.crop, "rgb", "byte")
    colors: Colors = small.transpose(1, 2, 0).astype("uint8")
    return png(colors, effort=9)
