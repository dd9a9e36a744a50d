"""Texts about a stage for pages and PNGs: heading, shape, description, and the row of a stack of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..core.scene import View
from ..core.texts import Text, write_message
from ..core.trace.trace import Stage, Trace, find_readers, get_image
from ..core.trace.wire import list_thumbnails
from ..lab import LabResult
from .figure_content.figure_texts import write_figure_text
from .figure_content.stage_cards import write_shape
from .view_position import ViewPosition


def make_map_heading(trace: Trace, stage: Stage) -> str:
    """Make the heading of a stage's map, the same as in the browser."""
    title = write_message(stage.info.title)
    following = find_readers(trace, stage.info.index)
    match stage.info.family:
        case "input":
            return write_figure_text("map_input")
        case "convolution" if following and following[0].info.family == "activation":
            return write_figure_text("map_features_before", title=write_message(following[0].info.title))
        case "convolution":
            return write_figure_text("map_features")
        case "pooling":
            return write_figure_text("map_pooled")
        case "activation":
            return write_figure_text("map_after", title=title)
    return title


def make_picture_heading(trace: Trace, stage: Stage) -> str:
    """Make the heading above a map: of the input of a stack it says which picture that is."""
    scene = trace.scene
    if stage.info.index or not scene.batch:
        return make_map_heading(trace, stage)
    return write_figure_text("map_input_of", number=str(scene.item + 1), count=str(len(scene.stack)))


def make_map_size(stage: Stage, map: int | None = None, order: ShapeOrder | None = None) -> str:
    """Make the text beside a heading: the size of a map, with the class whose scores they are; of a vector the class of
    `map`, or how many values it has. With an `order` that has been chosen it is the shape of all maps.
    """
    maps, rows, columns = stage.output.shape
    if order and order.is_chosen:
        return order.write(stage.output.shape)
    classes, size = stage.info.classes, f"{rows} × {columns}"
    name = classes[map] if map is not None and map < len(classes) else ""
    if maps < 2 or rows * columns > 1:
        return f"{name}, {size}" if name else size
    return name or write_figure_text("map_values", count=maps)


@dataclass(frozen=True, slots=True)
class ShapeOrder:
    """How shapes are written: `chw`, `hwc`, or "" as there is room for; `count` pictures stand in front, of a stack."""

    name: str = ""
    count: int | None = None

    @property
    def is_chosen(self) -> bool:
        """Whether a link asks for an order."""
        return self.name != ""

    def write(self, shape: Sequence[int]) -> str:
        """Write a shape (channels, rows, columns): 6 × 28 × 28, 28 × 28 × 6 or, of a stack, 2 × 6 × 28 × 28."""
        return write_shape(shape, self.name or "chw", self.count)


def choose_shape_order(trace: Trace, view: View) -> ShapeOrder:
    """Choose how the shapes of a figure are written."""
    return ShapeOrder(view.shapes, len(trace.scene.stack) if trace.scene.batch else None)


def format_shape(shape: Sequence[int]) -> str:
    """Format a shape: 1 × 32 × 32."""
    return " × ".join(map(str, shape))


def describe_stage(stage: Stage, order: ShapeOrder | None = None) -> str:
    """Describe what a stage does in one line, for screen readers, search engines and the PNG."""
    order = order if order and order.is_chosen else ShapeOrder()
    shape = order.write(stage.output.shape)
    before = stage.info.input_shape
    if before is None:
        return write_figure_text("figure_input", shape=shape)
    title = write_message(stage.info.title)
    return write_figure_text("figure_stage", title=title, before=order.write(before), after=shape)


def make_title(trace: Trace) -> str:
    """Make a title for the figure: its image, then its first layers."""
    parts = [get_image(trace).title, *(stage.info.title for stage in trace.stages[1:])]
    return " → ".join(map(write_message, parts[:5]))


@dataclass(frozen=True, slots=True)
class StackItem:
    """A picture of the stack: `label` says which, `picture` is the path of its thumbnail, or the thumbnail itself."""

    title: str
    label: str
    picture: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class StackRow:
    """The pictures, "picture 2 of 3", and what the stack is at the stage."""

    items: tuple[StackItem, ...]
    count: str
    shape: str


def make_stack_row(
    trace: Trace, stage: Stage, shape: str, titles: Sequence[Text | str], pictures: Sequence[str]
) -> StackRow | None:
    """Make the row of a Trace; None for one picture. `shape` is that of the stage, with the pictures in front."""
    scene = trace.scene
    if not scene.batch:
        return None
    count, number = str(len(scene.stack)), str(scene.item + 1)
    names = [write_message(title) for title in titles]
    items = tuple(
        StackItem(
            name,
            write_figure_text("stack_picture", title=name, number=str(index + 1), count=count),
            picture,
            index == scene.item,
        )
        for index, (name, picture) in enumerate(zip(names, pictures, strict=True))
    )
    parameters, work = stage.info.parameters, stage.info.multiply_adds
    if not stage.info.index:
        said = write_figure_text("stack_input", shape=shape, count=count)
    elif not parameters:
        said = write_figure_text("stack_maps", shape=shape)
    else:
        counts = {"parameters": f"{parameters:,}", "once": f"{work:,}", "all": f"{len(items) * work:,}"}
        said = write_figure_text("stack_weights", shape=shape, count=count, **counts)
    return StackRow(items, write_figure_text("stack_count", number=number, count=count), said)


def make_linked_stack(
    answer: LabResult, position: ViewPosition, asks: bool, pictures: Sequence[str] | None = None
) -> StackRow | None:
    """Make the row of a page, None for one picture; `pictures` are the thumbnails where no server has them.

    A page that asks says no shape, which may be its answer.
    """
    trace = answer.trace
    if trace is None or not trace.scene.batch:
        return None
    order = choose_shape_order(trace, position.view)
    shape = order.write(position.stage.output.shape)
    row = make_stack_row(trace, position.stage, shape, answer.titles, pictures or list_thumbnails(trace.scene))
    return replace(row, shape="") if row and asks else row
