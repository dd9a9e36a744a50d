"""The one difference of figures side by side, named from their scenes alone.

Where the scenes differ in more than three parts, or their chains do not lie beside each other, they are “different
figures”.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from ..link.syntax import format_filter, format_value
from ..operation_table import Operation, find_operation
from ..options import Option
from ..scene import (
    Adjustments,
    Filter,
    Image,
    Layer,
    NamedFilter,
    OneHot,
    Pair,
    Planes,
    RandomMaps,
    RandomVectors,
    SampleName,
    Scene,
    UploadId,
    Vectors,
)
from ..texts import Text, make_text
from ..weights.kernels import KERNELS
from .difference_texts import join_with_and, name_operation
from .filter_sizes import list_filter_sizes, list_same_paddings

LONGEST_FILTER = 24
"""A typed filter of more characters is named by its size."""
MOST_DIFFERENCES = 3
_CHANGES = {
    "brightness": "compare_brightness",
    "contrast": "compare_contrast",
    "turn": "compare_turn",
    "noise": "compare_noise",
    "seed": "compare_seed",
}
_FLIPS = {
    "": "compare_not_flipped",
    "h": "compare_flipped_across",
    "v": "compare_flipped_down",
    "hv": "compare_flipped_twice",
}
_KERNEL_NAMES = frozenset(kernel.name for kernel in KERNELS)


@dataclass(frozen=True, slots=True)
class ComparedScene:
    """What a figure shows: its scene, and the stage and the map of its link, None where the link names none."""

    scene: Scene
    stage: int | None = None
    map: int | None = None


@dataclass(frozen=True, slots=True)
class PictureNames:
    """What is known of samples: their titles, and which of them are photos."""

    titles: Mapping[str, Text | str] = field(default_factory=dict)
    photos: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NamedDifference:
    """The title of figures side by side, and a name for each of them, which says what is special about it.

    `names` is empty where the scenes are the same or differ in too much to be said.
    """

    title: Text
    names: tuple[Text | str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShiftBetween:
    """Figure `after` is figure `before` shifted by `by` (rows down, columns to the right).

    `layer` is the index of the one layer more that shifts it; None where its picture is shifted.
    """

    before: int
    after: int
    layer: int | None
    by: Pair


@dataclass(frozen=True, slots=True)
class _Part:
    """One part in which scenes differ: its value in each, and the difference in words."""

    values: tuple[Text | str, ...]
    words: Text | str


def name_difference(figures: Sequence[ComparedScene], pictures: PictureNames | None = None) -> NamedDifference:
    """The title of two to four figures side by side: what they differ in, and on which picture if that is the same.

    Titles begin in lower case. Raises ValueError for no figure.
    """
    if not figures:
        raise ValueError("there is no figure to name")
    known = pictures or PictureNames()
    scenes = [figure.scene for figure in figures]
    layers = _compare_layers(scenes)
    if layers is None:
        return NamedDifference(_add_picture(make_text("compare_other"), scenes, known))
    parts = [*_compare_pictures(scenes, known), *layers]
    if not parts:
        parts = list(_compare_places(figures))
    if not parts:
        return NamedDifference(make_text("compare_same"))
    if len(parts) > MOST_DIFFERENCES:
        return NamedDifference(_add_picture(make_text("compare_other"), scenes, known))
    names = tuple(_list_names([part.values[i] for part in parts]) for i in range(len(figures)))
    return NamedDifference(_add_picture(_list_words([part.words for part in parts]), scenes, known), names)


def find_shift(scenes: Sequence[Scene]) -> ShiftBetween | None:
    """What shifts one of two figures and not the other: a layer, or a picture that is shifted further.

    None where they differ in anything else.
    """
    if len(scenes) != 2:
        return None
    one, other = ((scene.adjust or Adjustments()) for scene in scenes)
    if one.shift != other.shift and has_same_but_picture(scenes) and replace(one, shift=other.shift) == other:
        return ShiftBetween(0, 1, None, (other.shift[0] - one.shift[0], other.shift[1] - one.shift[1]))
    for before, after in ((0, 1), (1, 0)):
        index = _find_inserted(scenes[before].layers, scenes[after].layers)
        if index is not None and _compare_pictures(scenes, PictureNames()) == []:
            layer = scenes[after].layers[index]
            if layer.op == "shift":
                return ShiftBetween(before, after, index, _read_pair(layer.head, (0, 1)))
    return None


def has_same_but_picture(scenes: Sequence[Scene]) -> bool:
    """Whether scenes differ in nothing but what changes their picture on purpose."""
    return len({replace(scene, adjust=None) for scene in scenes}) == 1


def describe_shift(by: Pair) -> Text | str:
    """A shift in words: 2 rows down and 4 columns to the right."""
    rows, columns = by
    parts = [
        make_text(f"compare_1_{way}" if count == 1 else f"compare_{way}", count=count)
        for count, way in (
            (abs(rows), "down" if rows > 0 else "up"),
            (abs(columns), "right" if columns > 0 else "left"),
        )
        if count
    ]
    return join_with_and(parts) if parts else make_text("compare_nothing")


def _list_names(values: Sequence[Text | str]) -> Text | str:
    first, *rest = values
    for value in rest:
        first = make_text("compare_comma", first=first, last=value)
    return first


def _list_words(words: Sequence[Text | str]) -> Text | str:
    match words:
        case [one]:
            return one
        case [first, last]:
            return make_text("compare_two", first=first, last=last)
    return make_text("compare_three", first=words[0], second=words[1], last=words[2])


def _add_picture(difference: Text | str, scenes: Sequence[Scene], known: PictureNames) -> Text:
    """The difference, and that the picture is the same if it is."""
    if _compare_pictures(scenes, known):
        return difference if isinstance(difference, Text) else make_text("compare_with", names=difference, shared="")
    image = scenes[0].shown_image
    if isinstance(image, SampleName):
        kind = "photo" if image.name in known.photos else "picture"
    else:
        kind = "picture" if isinstance(image, UploadId) else "numbers"
    return make_text(f"compare_on_{kind}", difference=difference)


# --- the picture and the place ----------------------------------------------------------------------------------


def _compare_pictures(scenes: Sequence[Scene], known: PictureNames) -> list[_Part]:
    """The parts of the picture in which scenes differ; of numbers size and cut are without a meaning."""
    images = [replace(one, words=()) if isinstance(one := scene.shown_image, Vectors) else one for scene in scenes]
    parts = [
        _make_part([_name_image(image, known) for image in images], images),
        _make_part([_name_words(scene) for scene in scenes], [scene.rows for scene in scenes]),
    ]
    if all(isinstance(image, SampleName | UploadId) for image in images):
        sizes = [make_text("compare_size", rows=scene.size[0], columns=scene.size[1]) for scene in scenes]
        parts += [
            _make_part(sizes, [scene.size for scene in scenes]),
            _make_part([_name_cut(scene) for scene in scenes], [scene.crop for scene in scenes]),
            _make_part([make_text(f"compare_{scene.channels}") for scene in scenes]),
            _make_part([make_text(f"compare_{scene.range}") for scene in scenes]),
        ]
    changes = [scene.adjust or Adjustments() for scene in scenes]
    for option in fields(Adjustments):
        values = [getattr(change, option.name) for change in changes]
        parts.append(_make_part([_name_adjustment(option.name, value) for value in values], values))
    parts.append(_make_part([make_text("compare_version", number=scene.version) for scene in scenes]))
    return [part for part in parts if part]


def _compare_places(figures: Sequence[ComparedScene]) -> Iterator[_Part]:
    """The stage and the map in which figures of one scene differ."""
    for name in ("stage", "map"):
        numbers = [getattr(figure, name) for figure in figures]
        if len(set(numbers)) > 1:
            part = _make_part([make_text(f"compare_{name}", number=str(number or 0)) for number in numbers])
            if part:
                yield part


def _name_image(image: Image, known: PictureNames) -> Text | str:
    match image:
        case SampleName(name):
            return known.titles.get(name, name)
        case UploadId():
            return make_text("compare_upload")
        case RandomMaps():
            return make_text("compare_random")
        case OneHot():
            return make_text("compare_one_hot")
        case RandomVectors(_, size, seed):
            return make_text("compare_random_vectors", size=size, seed=str(seed))
    return make_text("compare_typed")


def _name_words(scene: Scene) -> Text:
    return make_text("compare_words", words=" ".join(scene.rows)) if scene.rows else make_text("compare_no_words")


def _name_cut(scene: Scene) -> Text:
    if scene.crop is None:
        return make_text("compare_whole")
    top, left, height, width = scene.crop
    return make_text("compare_cut", top=top, bottom=top + height - 1, left=left, right=left + width - 1)


def _name_adjustment(name: str, value: object) -> Text | str:
    """What changes a picture on purpose, in words: brightness 1.2, a turn by 15°, without a flip."""
    match name, value:
        case "shift", (int(down), int(right)):
            return make_text("compare_moved", by=describe_shift((down, right)))
        case "cover", (top, left, height, width):
            return make_text("compare_covered", top=top, left=left, rows=height, columns=width)
        case "cover", _:
            return make_text("compare_nothing_covered")
        case "flip", _:
            return make_text(_FLIPS[str(value)])
    return make_text(_CHANGES[name], value=str(value).replace("-", "−"))


def _make_part(values: Sequence[Text | str], keys: Sequence[object] | None = None) -> _Part | None:
    """The part with these values; None where all `keys`, or all values, are the same."""
    if len(set(values if keys is None else keys)) < 2:
        return None
    return _Part(tuple(values), join_with_and(list(values)))


# --- the layers -------------------------------------------------------------------------------------------------


def _compare_layers(scenes: Sequence[Scene]) -> list[_Part] | None:
    """The parts in which chains differ; None where that cannot be said."""
    chains = [scene.layers for scene in scenes]
    if len(set(chains)) < 2:
        return []
    if len(chains) == 2:
        part = _compare_order(*chains) or _compare_length(*chains)
        if part:
            return [part]
    if len({len(chain) for chain in chains}) > 1:
        return None
    return [part for index in range(len(chains[0])) for part in _compare_slot(chains, index)]


def _compare_order(one: Sequence[Layer], other: Sequence[Layer]) -> _Part | None:
    """Two neighboring layers that have changed places."""
    changed = [index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]]
    if len(one) != len(other) or len(changed) != 2 or changed[1] != changed[0] + 1:
        return None
    first, second = one[changed[0]], one[changed[1]]
    if (other[changed[0]], other[changed[1]]) != (second, first):
        return None
    texts = {"one": _describe_layer(first), "other": _describe_layer(second)}
    return _Part(
        (make_text("compare_first", **texts), make_text("compare_later", **texts)), make_text("compare_order", **texts)
    )


def _compare_length(one: Sequence[Layer], other: Sequence[Layer]) -> _Part | None:
    """One layer that only one of two chains has."""
    for without, with_it, is_turned in ((one, other, False), (other, one, True)):
        index = _find_inserted(without, with_it)
        if index is not None:
            layer = with_it[index]
            if layer.op == "shift":
                by = describe_shift(_read_pair(layer.head, (0, 1)))
                values = (make_text("compare_before_shift"), make_text("compare_after_shift"))
                words = make_text("compare_shift", by=by)
            else:
                name = _describe_layer(layer)
                values = (make_text("compare_without", layer=name), make_text("compare_after", layer=name))
                words = make_text("compare_remove" if is_turned else "compare_insert", layer=name)
            return _Part(values[::-1] if is_turned else values, words)
    return None


def _find_inserted(without: Sequence[Layer], with_it: Sequence[Layer]) -> int | None:
    """The index of the one layer that the second chain has and the first has not; None for any other difference."""
    if len(with_it) != len(without) + 1:
        return None
    index = next((i for i, layer in enumerate(without) if layer != with_it[i]), len(without))
    return index if tuple(without[index:]) == tuple(with_it[index + 1 :]) else None


def _compare_slot(chains: Sequence[Sequence[Layer]], index: int) -> list[_Part]:
    """The parts in which the layers at one place of the chains differ."""
    layers = [chain[index] for chain in chains]
    if len(set(layers)) < 2:
        return []
    operations = [find_operation(layer.op) for layer in layers]
    first = operations[0]
    if first and all(operation is first for operation in operations):
        parts = list(_compare_one_operation(first, layers))
        is_repeated = Counter(layer.op for layer in chains[0])[first.name] > 1
    else:
        parts, is_repeated = [_compare_operations(layers, operations)], False
    if not is_repeated:
        return parts
    return [
        _Part(part.values, make_text("compare_in_layer", names=part.words, number=str(index + 1))) for part in parts
    ]


def _compare_operations(layers: Sequence[Layer], operations: Sequence[Operation | None]) -> _Part:
    """Layers of several kinds; pools with one window have it once, at the end."""
    heads, options = {layer.head for layer in layers}, {layer.options for layer in layers}
    if len(heads) == len(options) == 1 and all(one and one.pool and one.function is None for one in operations):
        values = [name_operation(layer.op) for layer in layers]
        shared = _write_pair(_read_pair(layers[0].head, (2, 2)))
        return _Part(tuple(values), make_text("compare_with", names=join_with_and(values), shared=shared))
    described = [_describe_layer(layer) for layer in layers]
    return _Part(tuple(described), join_with_and(described))


def _compare_one_operation(operation: Operation, layers: Sequence[Layer]) -> Iterator[_Part]:
    """What differs in layers of one kind: filters, the value behind the name, options."""
    sizes = list_filter_sizes(layers)
    paddings = list_same_paddings(layers, sizes) if sizes else None
    found = [_compare_filters(layers, sizes, paddings)]
    if operation.head:
        found.append(_make_part([_describe_layer(layer) for layer in layers], [layer.head for layer in layers]))
    for option in operation.options:
        if paddings is None or option.name != "padding":
            found.append(_make_part([_name_option(operation, option, layer) for layer in layers]))
    yield from (part for part in found if part)


def _compare_filters(
    layers: Sequence[Layer], sizes: Sequence[Pair] | None, paddings: Sequence[int] | None
) -> _Part | None:
    """The filters that differ; where only their sizes do, these, with the padding that keeps the size of the map."""
    if not sizes:
        return _make_part([_name_filters(layer.filters) for layer in layers], [layer.filters for layer in layers])
    written = [_write_pair(size, single=True) for size in sizes]
    if paddings is None:
        return _Part(
            tuple(make_text("compare_filter_size", size=size) for size in written),
            make_text("compare_filter_size", size=join_with_and(written)),
        )
    pairs = zip(written, map(str, paddings), strict=True)
    return _Part(
        tuple(make_text("compare_padded", size=size, padding=padding) for size, padding in pairs),
        make_text(
            "compare_sizes_padded", sizes=join_with_and(written), paddings=join_with_and(list(map(str, paddings)))
        ),
    )


def _describe_layer(layer: Layer) -> Text | str:
    """A layer in words: max pool 2 × 2, leaky ReLU 0.1, Sobel x."""
    operation = find_operation(layer.op)
    if operation is None:
        return layer.op
    title = name_operation(layer.op)
    if layer.filters:
        return _name_filters(layer.filters)
    if operation.kind == "shift":
        return make_text("compare_layer", title=title, head=describe_shift(_read_pair(layer.head, (0, 1))))
    option = operation.head
    if option is None or (layer.head is None and option.default is None):
        return title
    head = option.default if layer.head is None else layer.head
    if option.kind == "pair":
        return make_text("compare_layer", title=title, head=_write_pair(_read_pair(head, (2, 2))))
    if isinstance(head, str | int | tuple):
        return make_text("compare_layer", title=title, head=format_value(option, head))
    return title


def _name_filters(filters: Sequence[Filter]) -> Text | str:
    names = [_name_filter(one) for one in filters]
    return join_with_and(names) if 0 < len(names) < 4 else make_text("compare_filters", count=len(names))


def _name_filter(given: Filter) -> Text | str:
    if isinstance(given, NamedFilter):
        return make_text(f"title_{given.name}") if given.name in _KERNEL_NAMES else given.name
    numbers = format_filter(given).replace("-", "−") if isinstance(given, Planes) else format_filter(given)
    if isinstance(given, Planes) and len(numbers) > LONGEST_FILTER:
        numbers = " × ".join(map(str, given.shape[1:]))
    return make_text("compare_own_filter", numbers=numbers) if isinstance(given, Planes) else numbers


def _name_option(operation: Operation, option: Option, layer: Layer) -> Text:
    """One option of a layer in words: stride 2, padding same, with ceil mode."""
    value = dict(layer.options).get(option.name, option.default)
    name = make_text(f"compare_label_{option.name}")
    write = _OPTION_WRITERS.get(option.name)
    if write:
        return write(value)
    if value is None and option.name == "stride" and operation.pool:
        return make_text("compare_own_stride")
    if value is None or option.kind == "flag":
        return make_text("compare_on" if value else "compare_off", name=name)
    if option.kind == "pair":
        return make_text("compare_option", name=name, value=_write_pair(_read_pair(value, (1, 1)), single=True))
    return make_text("compare_option", name=name, value=format_value(option, value).replace("-", "−"))


def _write_padding(value: object) -> Text:
    name = make_text("compare_label_padding")
    if value == "valid":
        value = (0, 0, 0, 0)
    match value:
        case (top, bottom, left, right) if (top, left) != (bottom, right):
            return make_text("compare_padding_sides", top=top, bottom=bottom, left=left, right=right)
        case (int(top), _, int(left), _):
            return make_text("compare_option", name=name, value=_write_pair((top, left), single=True))
    return make_text("compare_option", name=name, value=str(value))


def _write_flip(value: object) -> Text:
    return make_text("compare_convolution" if value else "compare_correlation")


_OPTION_WRITERS: Mapping[str, Callable[[object], Text]] = {"padding": _write_padding, "flip": _write_flip}


def _read_pair(value: object, default: Pair) -> Pair:
    match value:
        case (int(first), int(second)):
            return first, second
        case int(one):
            return one, one
    return default


def _write_pair(pair: Pair, single: bool | None = None) -> str:
    """2 × 3; a stride or a padding of one number alone: 2."""
    first, second = pair
    return str(first) if single and first == second else f"{first} × {second}"
