"""Scene and View: the figure of a link, and how it is shown.

Typed numbers keep their text (`"0.50"`, `"-1/3"`), so that a link shows what was typed and
`parse_link(format_link(scene)).scene == scene`; `parse_number` gives their exact value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from .words.vocabulary import list_vocabulary

Channels = Literal["gray", "rgb"]
Range = Literal["byte", "unit"]
Pair = tuple[int, int]
Sides = tuple[int, int, int, int]
OptionValue = str | int | bool | Pair | Sides | tuple[str, ...] | tuple[Pair, ...] | tuple[int, ...]


@lru_cache(1024)
def parse_number(text: str) -> Fraction:
    """The exact value of a number as it is written in a link: `-2`, `0.5`, `1/9`, `-0.5/3`."""
    top, _, bottom = text.partition("/")
    return Fraction(top) / (int(bottom) if bottom else 1)


@dataclass(frozen=True, slots=True)
class Planes:
    """Typed numbers: `planes[channel][row][column]`, each kept as written, all divided by `divisor`."""

    planes: tuple[tuple[tuple[str, ...], ...], ...]
    divisor: int = 1

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, rows, columns)."""
        return len(self.planes), len(self.planes[0]), len(self.planes[0][0])


@dataclass(frozen=True, slots=True)
class SampleName:
    """The name of a picture that comes with the program or that its operator added."""

    name: str


@dataclass(frozen=True, slots=True)
class UploadId:
    """The random id (`u-…`) of an uploaded picture."""

    id: str


@dataclass(frozen=True, slots=True)
class RandomMaps:
    """An input of `count` maps of random numbers, determined by `seed`: normal, mean 0, deviation 1, in hundredths."""

    count: int
    height: int
    width: int
    seed: int = 0

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, rows, columns)."""
        return self.count, self.height, self.width


@dataclass(frozen=True, slots=True)
class OneHot:
    """The one-hot vectors of the words of a Scene: a column for each different word."""

    words: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, rows, columns)."""
        return 1, len(self.words), len(list_vocabulary(self.words))


@dataclass(frozen=True, slots=True)
class RandomVectors:
    """Random vectors of `size` tenths for the words of a Scene, determined by word and `seed`."""

    words: tuple[str, ...]
    size: int
    seed: int = 0

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, rows, columns)."""
        return 1, len(self.words), self.size


OMITTED_UPLOAD = UploadId("u-in-this-file")
"""The id that replaces the upload's own in a downloaded file, so that the file does not reveal its address."""
Vectors = OneHot | RandomVectors
"""Vectors that words have by a rule; their `words` are the `rows` of the Scene."""
Numbers = Planes | RandomMaps | Vectors
"""An input that is no picture: it has a `shape` of its own, whatever size, crop and channels are."""
Image = SampleName | UploadId | Numbers


@dataclass(frozen=True, slots=True)
class NamedFilter:
    """The name of a classic filter in the table of kernels."""

    name: str


@dataclass(frozen=True, slots=True)
class LearnedFilters:
    """The filters of a trained layer: all, or the one at `index`; `moment` is a step of the training, None its end."""

    model: str
    layer: str
    index: int | None = None
    moment: int | None = None


@dataclass(frozen=True, slots=True)
class RandomFilters:
    """`count` random filters of whole numbers from -2 to 2, determined by the layer's `seed`."""

    count: int
    height: int
    width: int


@dataclass(frozen=True, slots=True)
class ShapeFilters:
    """The shape of `count` filters, all of a layer; He-scaled random numbers fill it, by the layer's `seed`."""

    count: int
    height: int
    width: int


Filter = Planes | NamedFilter | LearnedFilters | RandomFilters | ShapeFilters


@dataclass(frozen=True, slots=True)
class RandomRows:
    """`count` rows of whole numbers from -2 to 2, the weights of a fully connected layer, by the layer's `seed`."""

    count: int


@dataclass(frozen=True, slots=True)
class ShapeRows:
    """The number of outputs of a fully connected layer; He-scaled random numbers are its weights, by its `seed`."""

    count: int


Rows = Planes | RandomRows | ShapeRows
"""The weights of a fully connected layer of one's own; typed ones are one plane with a row for each output."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the chain.

    `op` is a name of the operation table. The head is the value behind the name: `filters` for `conv`, `head` for any
    other operation (a pool's window, the slope of leaky_relu, a shift, a model's name, the stages of a join, the
    weights of a fully connected layer), None where it is left out. `options` holds (name, value) in the order of the
    operation table, without defaults.
    """

    op: str
    filters: tuple[Filter, ...] = ()
    head: OptionValue | Rows | None = None
    options: tuple[tuple[str, OptionValue], ...] = ()

    def get(self, name: str) -> OptionValue | None:
        """The value given for an option, or None where the default holds."""
        return dict(self.options).get(name)


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What changes a cut picture on purpose, in the order of the fields; `core.ops.adjustment` has the laws.

    `brightness` and `contrast` are factors, `turn` is in degrees counterclockwise, `flip` is "", "h", "v" or "hv",
    `shift` is (rows down, columns right), `noise` a standard deviation whose numbers `seed` determines, `cover` the box
    (top, left, height, width) of cells that is covered. Numbers keep their text. A field that changes nothing has its
    default, `seed` too where there is no noise; where no field changes anything a Scene has None in place of this.
    """

    brightness: str = "1"
    contrast: str = "1"
    turn: str = "0"
    flip: str = ""
    shift: Pair = (0, 0)
    noise: str = "0"
    seed: int = 0
    cover: Sides | None = None


SCENE_VERSION = 2
"""The version of a Scene, raised when an older reader would misread a new one."""

OPENING_IMAGE = SampleName("chelsea")
OPENING_LAYERS = (Layer("conv", (NamedFilter("sobel-x"),)), Layer("relu"), Layer("maxpool", head=(2, 2)))


MOST_BATCH = 8
"""The most pictures that a Scene stacks behind its image."""


@dataclass(frozen=True, slots=True)
class Scene:
    """An image and a chain of layers: everything that determines the numbers of the figure.

    `size` is (rows, columns) of cells and `crop` is (top, left, height, width) in the stored picture's pixels; typed
    numbers ignore both and keep their own size. `adjust` changes the numbers of the input, whatever it is. In a Scene
    of `version` 1 a layer of classic filters on three channels that does not give `groups` reads each channel alone;
    since version 2 a filter reads all channels. `rows` are the words that stand at the rows of the input, one for each,
    () for none. With a `batch` the images are stacked, `image` first, and all are cut and changed alike; `item` counts
    from 0 which of them the figure shows. Its numbers are those of the Scene with that image alone.
    """

    image: Image = OPENING_IMAGE
    rows: tuple[str, ...] = ()
    batch: tuple[Image, ...] = ()
    item: int = 0
    size: Pair = (32, 32)
    crop: Sides | None = None
    channels: Channels = "gray"
    range: Range = "byte"
    adjust: Adjustments | None = None
    layers: tuple[Layer, ...] = OPENING_LAYERS
    version: int = SCENE_VERSION

    @property
    def stack(self) -> tuple[Image, ...]:
        """All images, in their order: one without a batch."""
        return (self.image, *self.batch)

    @property
    def shown_image(self) -> Image:
        """The image whose numbers the figure shows."""
        return self.stack[self.item]

    @property
    def upload_ids(self) -> tuple[str, ...]:
        """The ids of the uploaded images of the stack, each once."""
        return tuple(dict.fromkeys(image.id for image in self.stack if isinstance(image, UploadId)))


def hide_uploads(scene: Scene) -> Scene:
    """The Scene without the ids of its uploads, with which others could fetch whole images."""
    image, *batch = (OMITTED_UPLOAD if isinstance(image, UploadId) else image for image in scene.stack)
    return replace(scene, image=image, batch=tuple(batch))


def choose_item(scene: Scene, item: int) -> Scene:
    """The Scene of one image of the stack alone. Raises IndexError where the stack has no such image."""
    return replace(scene, image=scene.stack[item], batch=(), item=0)


@dataclass(frozen=True, slots=True)
class View:
    """How a Scene is shown. Changing it never recomputes a Trace.

    `stage` counts from 0, the input; None for the one that the figure opens on. A View of a chain with a network that
    names no place and no view opens the view of the network (`find_opening_tab`). `map` is None for the salient map.
    `at` is the (row, column) in focus, None for the salient place. `beat` is a part of the step: `window`, `products`,
    `channel-0`…, `sum`, `bias`, `write`. `story` is a press of the story of the stage, from 1 on, in place of map, `at`
    and `beat`. `tab` is the open view, `big` whether it takes the stage, `press` how far its explanation is, None for
    all of it; `paths` shades a receptive field by its paths. `sweep` draws the response of the cell while the picture
    turns or is shifted, `draw` opens the settings where a picture is drawn. `window` and `stride` are those of the gray
    square of an occlusion in cells of the picture, None for a quarter and an eighth of its shorter side, and `target`
    the name or number of the class, "" for the strongest. `matrix` and `neuron` choose a picture in these views,
    `detail` the form of an equation, `library` and `program` the code that is shown. `shapes` is the order in which
    shapes are written, "" for words: it changes no number and no place. `letters` shows letters in place of numbers,
    `volume` the slices of input, filters and output, `table` a table of the layer's filters, `weights` the weights in
    the cells of the window, `signal` a picture of one row as a line, whose names count from 1 with `index`. `second` is
    a (row, column) whose equation stands beside that of the cell in focus. `clicker` says who the keys of a clicker
    belong to in an embed. `stops` are the (row, column) that an author chose for the animation, and `notes` a line of
    words for each of them, in their order, "" for none. `marks` shows every position of the window, `ghost` the cells
    that are not computed yet.
    `predict` hides an answer until it is revealed: `cell`, `size`, `parameters`, `map`, `class`.
    """

    stage: int | None = None
    map: int | None = None
    at: Pair | None = None
    beat: str = "sum"
    story: int | None = None
    tab: str = ""
    big: bool = False
    matrix: str = "weights"
    neuron: str = "one"
    detail: str = "numbers"
    library: str = "torch"
    program: str = "stage"
    shapes: str = ""
    letters: bool = False
    press: int | None = None
    paths: bool = False
    sweep: str = ""
    draw: bool = False
    window: Pair | None = None
    stride: Pair | None = None
    target: str = ""
    volume: bool = False
    table: bool = False
    weights: bool = False
    second: Pair | None = None
    signal: bool = False
    index: bool = False
    colors: str = "auto"
    scope: str = "map"
    fit: bool = False
    marks: bool = False
    ghost: bool = False
    pin: Pair | None = None
    mode: str = "story"
    tempo: str = "1"
    play: bool = False
    loop: bool = False
    clicker: str = ""
    stops: tuple[Pair, ...] = ()
    notes: tuple[str, ...] = ()
    predict: str = ""
    theme: str = "auto"
    ui: str = "full"
    hide: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()
    title: str = ""
    transparent: bool = False
    dpr: str = "2"
    present: bool = False
