"""Why a stage has no code in a dialect, as a sentence that names what its library lacks."""

from __future__ import annotations

from ..texts import Text, make_text
from ..trace.plan import Plan
from ..trace.stage_info import StageInfo
from .dialects import Dialect

_OF_SCIPY = {
    "batchnorm": "code_scipy_batchnorm",
    "center": "code_scipy_prepare",
    "dropout": "code_scipy_dropout",
    "prepare": "code_scipy_prepare",
}
"""Operations that SciPy lacks, with their sentences."""


def explain_missing_code(dialect: Dialect, info: StageInfo, plan: Plan) -> Text:
    """Why a stage without lines in a dialect has none."""
    if dialect.name == "scipy" and info.op in _OF_SCIPY:
        return make_text(_OF_SCIPY[info.op])
    if dialect.name == "keras" and plan.pool:
        return make_text("code_keras_dilation")
    if dialect.name == "keras" and plan.transposed:
        return make_text("code_keras_groups")
    return make_text("code_missing", title=dialect.title, layer=info.title)
