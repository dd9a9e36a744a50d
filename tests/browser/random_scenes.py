"""Random scenes and views as links, the same for the same seed everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SAMPLES = ("chelsea", "coffee", "face", "flower", "digit-4", "circle", "hubble", "bars-45", "gradient", "cat")
KERNELS = ("sobel-x", "scharr-y", "laplacian", "box-blur", "sharpen", "prewitt-x", "emboss", "vertical-edge")
"""Filters of 3 × 3 cells."""
MOST_MAPS = 64
ACTIVATIONS = ("relu", "leaky_relu:0.1", "sigmoid", "tanh", "abs")
MODELS = ("lenet5", "cifar10", "linear10", "mlp10")
WHOLE_FILTERS = (
    "image=cat&channels=rgb&layers=prepare:linear10~conv:linear10/fc1&stage=2&map={map}",
    "image=horse&channels=rgb&layers=prepare:mlp10~conv:mlp10/fc1&stage=2&map={map}",
    "image=digit-7&layers=prepare:lenet5~conv:lenet5/conv1~avgpool:2&stage=2&map={map}",
    "image=flower&channels=rgb&size=64&layers=prepare:photos~conv:photos/conv1&stage=2&map={map}",
)
TABS = ("", "", "equation", "neuron", "matrix", "code")
BEATS = ("window", "products", "sum", "bias", "write", "channel-0")
TITLES = ("", "", "", "Edges", "What does a Sobel filter see where the picture gets brighter from left to right?")


@dataclass(frozen=True, slots=True)
class Shape:
    """Maps, rows and columns: what a layer reads."""

    maps: int
    rows: int
    columns: int


def make_random_link(seed: int) -> str:
    """The query of a random figure: an image, a chain of layers and a view of one of its stages."""
    random = Random(seed)
    if random.random() < 0.12:
        link = random.choice(WHOLE_FILTERS).format(map=random.randrange(4))
        return "&".join([link, *_view(random, Shape(1, 1, 1))])
    if random.random() < 0.12:
        link = f"image={random.choice(SAMPLES)}&layers=model:{random.choice(MODELS)}&stage={random.randrange(1, 8)}"
        return "&".join([link, *_view(random, Shape(1, 1, 1))])
    image, shape = _image(random)
    layers = []
    for _ in range(random.choice((1, 1, 2, 3))):
        layer, shape = _layer(random, shape)
        layers.append(layer)
    if random.random() < 0.2:
        layers.append("flatten~softmax" if random.random() < 0.5 else "softmax")
    stages = "~".join(layers).count("~") + 1
    stage = random.choice((0, *range(1, stages + 1), stages, stages))
    return "&".join([image, f"layers={'~'.join(layers)}", f"stage={stage}", *_view(random, shape)])


def _image(random: Random) -> tuple[str, Shape]:
    kind = random.choice(("sample", "sample", "sized", "typed", "typed", "narrow"))
    if kind == "typed":
        rows, columns, maps = random.randrange(1, 13), random.randrange(1, 13), random.choice((1, 1, 1, 3))
        return _typed(random, Shape(maps, rows, columns))
    if kind == "narrow":
        long = random.choice((12, 24, 40))
        return _typed(random, random.choice((Shape(1, 1, long), Shape(1, long, 1), Shape(1, 2, long))))
    maps = random.choice((1, 1, 3))
    rows, columns = (32, 32) if kind == "sample" else (random.randrange(4, 100), random.randrange(4, 100))
    more = [
        *([] if (rows, columns) == (32, 32) else [f"size={rows}x{columns}"]),
        *(["channels=rgb"] if maps == 3 else []),
        *(["range=unit"] if random.random() < 0.3 else []),
    ]
    return "&".join([f"image={random.choice(SAMPLES)}", *more]), Shape(maps, rows, columns)


def _typed(random: Random, shape: Shape) -> tuple[str, Shape]:
    number = random.choice(
        (
            lambda: str(random.randrange(-9, 10)),
            lambda: str(random.randrange(0, 256)),
            lambda: f"{random.uniform(-2, 2):.3f}",
            lambda: f"{random.randrange(-9, 10)}/7",
            lambda: str(random.randrange(-1_000_000, 1_000_000)),
        )
    )
    planes = [
        "(" + ";".join(",".join(number() for _ in range(shape.columns)) for _ in range(shape.rows)) + ")"
        for _ in range(shape.maps)
    ]
    return f"image={''.join(planes)}", shape


def _layer(random: Random, shape: Shape) -> tuple[str, Shape]:
    kind = random.choice(("conv", "conv", "conv", "pool", "activation"))
    if kind == "activation":
        return random.choice(ACTIVATIONS), shape
    if kind == "pool":
        side = min(random.choice((1, 2, 2, 3, 5)), shape.rows, shape.columns)
        name = random.choice(("maxpool", "avgpool", "minpool", "l2pool"))
        return f"{name}:{side}", Shape(shape.maps, shape.rows // side, shape.columns // side)
    return _convolution(random, shape)


def _convolution(random: Random, shape: Shape) -> tuple[str, Shape]:
    padding = random.choice((0, 0, 1, 2, "same", "full"))
    side = random.choice((1, 2, 3, 3, 3, 5, 7, 9, 11, 15))
    reach = {"same": 0, "full": 2 * side - 2}.get(str(padding), 2 * int(padding) if isinstance(padding, int) else 0)
    dilation = random.choice((1, 1, 1, 2)) if padding in (0, 1, 2) else 1
    rows = min(side, max(1, (shape.rows + reach - 1) // dilation + 1))
    columns = min(side, max(1, (shape.columns + reach - 1) // dilation + 1))
    if padding == "full":
        rows, columns = min(side, shape.rows), min(side, shape.columns)
    stride = random.choice((1, 1, 1, 2, 3))
    count = random.choice((1, 1, 1, 2, 4, 8, 16))
    name = f"random*{count}@{rows}x{columns},seed={random.randrange(100)}"
    if (rows, columns) == (3, 3) and random.random() < 0.5:
        name, count = random.choice(KERNELS), 1
    groups = random.choice((1, shape.maps)) if 1 < shape.maps * count <= MOST_MAPS else 1
    options = [
        *([f"stride={stride}"] if stride > 1 else []),
        *([f"padding={padding}"] if padding else []),
        *([f"dilation={dilation}"] if dilation > 1 else []),
        *([f"bias={random.choice(('1', '-3', '0.25', '1/3'))}"] if random.random() < 0.3 else []),
        *(["flip=1"] if random.random() < 0.1 else []),
        *([f"groups={groups}"] if shape.maps > 1 else []),
    ]
    return ",".join([f"conv:{name}", *options]), Shape(
        count * groups, *_sizes(shape, (rows, columns), padding, stride, dilation)
    )


def _sizes(shape: Shape, window: tuple[int, int], padding: int | str, stride: int, dilation: int) -> tuple[int, int]:
    sizes = []
    for cells, side in zip((shape.rows, shape.columns), window, strict=True):
        around = {"same": side - 1, "full": 2 * side - 2}.get(
            str(padding), 2 * padding if isinstance(padding, int) else 0
        )
        sizes.append(max(1, (cells + around - dilation * (side - 1) - 1) // stride + 1))
    return sizes[0], sizes[1]


def _view(random: Random, shape: Shape) -> list[str]:
    at = f"at={random.randrange(shape.rows)},{random.randrange(shape.columns)}"
    tab, title = random.choice(TABS), random.choice(TITLES)
    return [
        *([f"map={random.randrange(shape.maps)}"] if shape.maps > 1 and random.random() < 0.5 else []),
        *([at] if random.random() < 0.7 else []),
        f"beat={random.choice(BEATS)}",
        *([f"tab={tab}"] if tab else []),
        *([f"colors={random.choice(('signed', 'photo'))}"] if random.random() < 0.2 else []),
        *(["fit=1"] if random.random() < 0.2 else []),
        *(["marks=1"] if random.random() < 0.2 else []),
        *(
            [f"hide={random.choice(('legend', 'multiples', 'strip', 'formula,tabs', 'image'))}"]
            if random.random() < 0.2
            else []
        ),
        *([f"title={title}"] if title else []),
        *(["present=1"] if random.random() < 0.15 else []),
    ]
