"""The layers with numbers of their own, by the names of their operations, and the functions that plan them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..arrays import Shape
from ..scene import Layer
from .batch_norm import plan_batch_norm
from .centering import plan_centering
from .channel_mean import plan_channel_mean
from .dropout import plan_dropout
from .layer_law import LayerPlan
from .local_response import plan_local_response
from .padding import plan_padding
from .upsampling import plan_upsampling

PLANNERS: Mapping[str, Callable[[Layer, Shape], LayerPlan]] = {
    "batchnorm": plan_batch_norm,
    "lrn": plan_local_response,
    "dropout": plan_dropout,
    "upsample": plan_upsampling,
    "pad": plan_padding,
    "mean": plan_channel_mean,
    "center": plan_centering,
}
