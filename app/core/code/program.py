"""The programs of a stage: complete texts that compute the stage's output `y` from its input `x`."""

from __future__ import annotations

from dataclasses import dataclass

from ..trace.plan import Plan, read_shift, read_slope
from .coded_stage import NUMPY, TORCH, CodedStage, Dialect, DialectName, format_shape, write_array
from .literals import format_moved_slices
from .numpy_code import write_numpy_conv, write_numpy_linear, write_numpy_pool
from .preprocessing_code import write_preprocessing
from .torch_code import write_torch_conv, write_torch_pool

SOURCE = "{source}"
"""Stands in a program for what opens the Trace; `source` of the program has its stages."""
DIALECTS = (TORCH, NUMPY)


@dataclass(frozen=True, slots=True)
class Program:
    """A stage as a program in one dialect.

    `text` is complete but for SOURCE, which appears where arrays are read from the Trace: whoever shows the program
    puts an expression there that opens the bytes of /api/trace with `query`.
    """

    dialect: DialectName
    title: str
    text: str
    query: str = ""

    def to_json(self) -> dict[str, object]:
        """The program as an entry of a stage's `code`."""
        entry: dict[str, object] = {"dialect": self.dialect, "title": self.title, "text": self.text}
        return entry | ({"query": self.query} if self.query else {})


def write_programs(stage: CodedStage) -> tuple[Program, ...]:
    """The stage as a program in every dialect."""
    return tuple(_write_program(dialect, stage) for dialect in DIALECTS)


def _write_program(dialect: Dialect, stage: CodedStage) -> Program:
    body = _write_body(dialect, stage)
    arrays = _write_arrays(dialect, stage)
    code = "\n".join([*arrays, "", *body] if body else arrays)
    imports = [line for beginning, line in dialect.imports if beginning in code]
    if not stage.reads_trace:
        return Program(dialect.name, dialect.title, "\n".join([*imports, "", code]))
    loads = [f"from {dialect.loader} import load", "", f"figure = load({SOURCE}.read())"]
    text = "\n".join(["from urllib.request import urlopen", "", *imports, *loads, code])
    return Program(dialect.name, dialect.title, text, _make_query(stage))


def _make_query(stage: CodedStage) -> str:
    """The keys of /api/trace that send the arrays of a program, its input with every digit."""
    only = f"{stage.source}" if stage.weight is None else f"{stage.source},{stage.index}"
    return f"only={only}&stages={stage.source}"


def _write_arrays(dialect: Dialect, stage: CodedStage) -> list[str]:
    lines = [write_array(dialect, "x", stage.x, f"{stage.source}.output", "channels, rows, columns")]
    weight, bias, entry = stage.weight, stage.bias, f"{stage.index}.weight"
    if stage.plan is None or weight is None or bias is None:
        return lines
    conv = stage.plan.conv
    if conv is None:
        lines.append(write_array(dialect, "weight", weight, entry, "outputs, inputs"))
    else:
        axes = f"filters, channels{' of a group' if conv.groups > 1 else ''}, rows, columns"
        if conv.flip:
            drawn = weight[:, :, ::-1, ::-1]
            lines.append(write_array(dialect, "weight", drawn, entry, f"{axes}; turned by 180°", dialect.turned))
        else:
            lines.append(write_array(dialect, "weight", weight, entry, axes))
    return [*lines, write_array(dialect, "bias", bias, f"{stage.index}.bias", "")]


def _write_body(dialect: Dialect, stage: CodedStage) -> list[str]:
    """The lines from `x` to `y`; none for the input of the chain."""
    plan = stage.plan
    if plan is None:
        return []
    is_torch = dialect.name == "torch"
    if plan.conv and plan.geometry:
        if is_torch:
            return write_torch_conv(stage, plan.conv, plan.geometry, plan.shape)
        return write_numpy_conv(stage, plan.conv, plan.geometry, plan.in_shape[0], plan.shape)
    if plan.pool and plan.geometry:
        if is_torch:
            return write_torch_pool(plan.pool, plan.geometry, plan.shape)
        return write_numpy_pool(plan.pool, plan.geometry, plan.shape)
    if plan.preprocessing:
        return write_preprocessing(dialect.name, stage, plan.preprocessing)
    if plan.linear and not is_torch:
        return write_numpy_linear(*plan.linear.weight.shape)
    return _fill_template(plan, plan.op.code.torch if is_torch else plan.op.code.numpy)


def _fill_template(plan: Plan, template: str) -> list[str]:
    """The lines of the operation table, with the numbers of this layer, and the shape behind the last one."""
    moved = format_moved_slices(read_shift(plan.layer)) if plan.op.name == "shift" else ""
    slope = repr(read_slope(plan.layer)) if plan.op.name == "leaky_relu" else ""
    text = template.format(slope=slope, moved=moved) + format_shape(plan.shape)
    return text.splitlines()
