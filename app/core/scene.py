"""Scene and View: all that a link can say about the figure, and how the figure is shown.

Numbers that a person typed are kept as they were written (`"0.50"`, `"-1/3"`), so that a link shows what was
typed and `parse(format(scene)) == scene` holds to the letter; `parse_number()` gives their exact value.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Channels = Literal["gray", "rgb"]
Range = Literal["byte", "unit"]
Pair = tuple[int, int]
Sides = tuple[int, int, int, int]
OptionValue = str | int | bool | Pair | Sides | tuple[str, ...] | tuple[Pair, ...]


def parse_number(text: str) -> Fraction:
    """The exact value of a number as it is written in a link: `-2`, `0.5`, `1/9`, `-0.5/3`."""
    top, _, bottom = text.partition("/")
    return Fraction(top) / (int(bottom) if bottom else 1)


@dataclass(frozen=True, slots=True)
class Planes:
    """Numbers typed in: `planes[channel][row][column]`, each kept as written, all divided by `divisor`."""

    planes: tuple[tuple[tuple[str, ...], ...], ...]
    divisor: int = 1

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, rows, columns)."""
        return len(self.planes), len(self.planes[0]), len(self.planes[0][0])


@dataclass(frozen=True, slots=True)
class SampleName:
    """A picture that comes with the program, or that its operator added, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class UploadId:
    """A picture that somebody brought, by its random id (`u-…`)."""

    id: str


OMITTED_UPLOAD = UploadId("u-in-this-file")
"""Stands, in a file that carries a figure, for somebody's picture: its address is nobody else's business."""
Image = SampleName | UploadId | Planes


@dataclass(frozen=True, slots=True)
class NamedFilter:
    """A classic kernel by its name in the table of kernels."""

    name: str


@dataclass(frozen=True, slots=True)
class LearnedFilters:
    """Filters of a trained model: a whole bank, or one of it; `moment` is a moment of its training."""

    model: str
    layer: str
    index: int | None = None
    moment: int | None = None


@dataclass(frozen=True, slots=True)
class RandomFilters:
    """`count` filters of whole numbers from -2 to 2, drawn from the layer's `seed` (the same everywhere)."""

    count: int
    height: int
    width: int


Filter = Planes | NamedFilter | LearnedFilters | RandomFilters


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the chain.

    `op` is a name of the operation table. `filters` is the head of `conv`; `head` is that of every other
    operation (a pool's window, the slope of leaky_relu, a shift, a model's name), None where it is left out.
    `options` holds (name, value) in the order of the operation table, defaults left out.
    """

    op: str
    filters: tuple[Filter, ...] = ()
    head: OptionValue | None = None
    options: tuple[tuple[str, OptionValue], ...] = ()

    def get(self, name: str) -> OptionValue | None:
        """The value given for an option, or None where the default holds."""
        return dict(self.options).get(name)


OPENING_LAYERS = (Layer("conv", (NamedFilter("sobel-x"),)), Layer("relu"), Layer("maxpool", head=(2, 2)))


@dataclass(frozen=True, slots=True)
class Scene:
    """An image and a chain of layers: everything that decides which numbers there are.

    `size` is (rows, columns) of cells and `crop` is (top, left, height, width) in the stored picture's pixels;
    both mean nothing for typed numbers, which keep their own size.
    """

    image: Image = SampleName("chelsea")
    size: Pair = (32, 32)
    crop: Sides | None = None
    channels: Channels = "gray"
    range: Range = "byte"
    layers: tuple[Layer, ...] = OPENING_LAYERS


@dataclass(frozen=True, slots=True)
class View:
    """How a Scene is shown. Changing it never recomputes a Trace.

    `stage` counts from 0, the input. `at` is the (row, column) in focus, None for the stage's telling place.
    `beat` is a step's part in time: `window`, `products`, `channel-0`…, `sum`, `bias`, `write`. `stops` are the
    (row, column) that an author chose to be walked; `marks` shows every place where the window stops.
    """

    stage: int = 1
    map: int = 0
    at: Pair | None = None
    beat: str = "sum"
    tab: str = ""
    colors: str = "auto"
    scope: str = "map"
    fit: bool = False
    marks: bool = False
    pin: Pair | None = None
    mode: str = "story"
    tempo: str = "1"
    play: bool = False
    loop: bool = False
    stops: tuple[Pair, ...] = ()
    theme: str = "auto"
    ui: str = "full"
    hide: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()
    title: str = ""
    transparent: bool = False
    dpr: str = "2"
    present: bool = False
